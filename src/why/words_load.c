/* SPDX-License-Identifier: Apache-2.0 */
#include "why/json_file.h"
#include "why/words.h"

/* "mailbox_full:-30" */
static bool add_weight(struct words *words, struct slice feature,
		       struct slice item)
{
	struct slice word;
	enum reason reason;
	uint64_t number = 0;
	bool minus;

	if (!slice_cut(&item, ':', &word) || !reason_from_word(word, &reason))
		return false;
	minus = slice_skip(&item, SLICE("-"));
	if (!slice_number(item, &number) || number > 10000)
		return false;
	words_add(words, feature, reason, minus ? -(int)number : (int)number);
	return true;
}

static bool add_line(struct words *words, struct slice line)
{
	struct slice feature;

	if (!line.len || line.at[0] == '#')
		return true;
	if (!slice_cut(&line, ' ', &feature) || !feature.len)
		return false;
	while (line.len) {
		struct slice item = line;

		if (!slice_cut(&line, ' ', &item))
			line = (struct slice){ 0 };
		if (!add_weight(words, feature, item))
			return false;
	}
	return true;
}

int words_load(struct words *words, const char *path, struct fault *fault)
{
	struct buf bytes = { 0 };
	struct slice rest;
	size_t number = 0;
	int result = json_file_bytes(path, true, &bytes, fault);

	rest = buf_slice(&bytes);
	while (result == 0 && rest.len) {
		struct slice line = rest;

		number++;
		if (!slice_cut(&rest, '\n', &line))
			rest = (struct slice){ 0 };
		if (!add_line(words, line))
			result = fault_set(fault,
					   "%s:%zu: not a word with weights "
					   "like \"quota mailbox_full:120\"",
					   path, number);
	}
	buf_clear(&bytes);
	return result;
}
