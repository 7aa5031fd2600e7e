/* SPDX-License-Identifier: Apache-2.0 */
#include "why/mail_guard.h"

/* Far more than any bounce has: 10,000 recipients need 60,000 fields. */
enum {
	FIELD_LIMIT = 100 * 1000,
	BOUNDARY_LIMIT = 10 * 1000,
	FIELD_SIZE = 70 * 1024, /* a diagnosis of 64 KiB and its name */
	FIELD_ITEMS = 256,      /* what commas and semicolons divide */
};

struct guard {
	size_t fields;
	size_t boundaries;
	size_t size;  /* of the field so far */
	size_t items; /* in it */
	bool in_field;
};

/* "Name:", blanks before the colon tolerated. */
static bool begins_field(struct slice line)
{
	size_t at = 0;

	while (at < line.len && line.at[at] > ' ' && line.at[at] < 0x7f &&
	       line.at[at] != ':')
		at++;
	if (at == 0)
		return false;
	while (at < line.len && (line.at[at] == ' ' || line.at[at] == '\t'))
		at++;
	return at < line.len && line.at[at] == ':';
}

static bool is_fold(struct slice line)
{
	return line.len && (line.at[0] == ' ' || line.at[0] == '\t');
}

/* How much of the line of a field stays. */
static size_t bounded_length(struct guard *guard, struct slice line)
{
	for (size_t i = 0; i < line.len; i++) {
		if (line.at[i] == ',' || line.at[i] == ';')
			guard->items++;
		if (guard->items > FIELD_ITEMS || ++guard->size > FIELD_SIZE)
			return i;
	}
	return line.len;
}

/* False: the mail ends before this line. */
static bool take_line(struct guard *guard, struct slice *line)
{
	bool field = begins_field(*line);

	if (slice_starts(*line, SLICE("--")) &&
	    ++guard->boundaries > BOUNDARY_LIMIT)
		return false;
	if (field && ++guard->fields > FIELD_LIMIT)
		return false;
	if (field) {
		guard->size = 0;
		guard->items = 0;
	}
	guard->in_field = field || (guard->in_field && is_fold(*line));
	if (guard->in_field)
		line->len = bounded_length(guard, *line);
	return true;
}

bool mail_guard_bound(struct buf *mail)
{
	struct slice rest = buf_slice(mail);
	struct guard guard = { 0 };
	size_t kept = 0;

	while (rest.len) {
		struct slice line = rest;
		bool ended = slice_cut(&rest, '\n', &line);

		if (!ended)
			rest = (struct slice){ 0 };
		if (!take_line(&guard, &line)) {
			mail->len = kept;
			return true;
		}
		if (line.len)
			memmove(mail->at + kept, line.at, line.len);
		kept += line.len;
		if (ended)
			mail->at[kept++] = '\n';
	}
	mail->len = kept;
	return false;
}
