/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/csv.h"

/* The field in quotes at the start of *rest, and what ends it, off the front.
 * False if it does not end. */
static bool take_quoted(struct slice *rest, struct buf *buf,
			struct slice *field)
{
	struct slice text = slice_after(*rest, 1);
	size_t start = buf->len;
	struct slice part;

	if (!slice_cut(&text, '"', &part))
		return false;
	*field = part;
	while (slice_starts(text, SLICE("\""))) {
		buf_add(buf, part);
		text = slice_after(text, 1);
		buf_add_char(buf, '"');
		if (!slice_cut(&text, '"', &part))
			return false;
		*field = (struct slice){ 0 };
	}
	if (buf->len > start) {
		buf_add(buf, part);
		*field = slice_after(buf_slice(buf), start);
	}
	*rest = text;
	return true;
}

/* One field off the front, its comma stays. */
static bool take_field(struct slice *rest, struct buf *buf, struct slice *field)
{
	struct slice text = *rest;

	if (slice_starts(text, SLICE("\"")))
		return take_quoted(rest, buf, field);
	if (!slice_cut(&text, ',', field))
		*field = *rest;
	*rest = slice_after(*rest, field->len);
	return true;
}

size_t csv_split(struct slice line, struct buf *buf, struct slice *fields,
		 size_t most)
{
	size_t count = 0;

	if (!line.len)
		return 0;
	buf_reserve(buf, line.len);
	do {
		struct slice field;

		if (!take_field(&line, buf, &field))
			break;
		if (count < most)
			fields[count] = field;
		count++;
		if (!line.len)
			return count;
	} while (slice_skip(&line, SLICE(",")));
	for (size_t i = 0; i < count && i < most; i++)
		fields[i] = (struct slice){ 0 };
	return 0;
}
