/* SPDX-License-Identifier: Apache-2.0 */
#include "read/export.h"

#include <stdlib.h>

#include "base/memory.h"
#include "read/line.h"
#include "read/record.h"

/* Names of fields are at most so long. Longer values than systemd would import
 * itself are no lengths, but something else. */
enum { NAME_LIMIT = 64, SIZE_BYTES = 8 };
#define VALUE_LIMIT (UINT64_C(768) << 20)

/* What the next byte belongs to. */
enum state {
	STATE_NAME,
	STATE_TEXT,    /* of a value that ends with the line */
	STATE_SIZE,    /* the length of a value of any bytes */
	STATE_BYTES,   /* that value */
	STATE_NEWLINE, /* behind it */
	STATE_DAMAGED, /* up to a blank line, at the start of a line */
	STATE_DAMAGED_LINE,
};

struct export
{
	enum state state;
	bool keeps;    /* the value is wanted */
	bool overlong; /* a value of this record was cut */
	struct buf name;
	struct buf value;  /* also the bytes of its length */
	uint64_t left;     /* of a value of any bytes */
	struct buf fields; /* the record so far, as a line */
	struct record record;
	uint64_t cut;
	uint64_t damaged;
};

struct export *export_new(void)
{
	return memory_new(1, sizeof(struct export));
}

void export_free(struct export *export)
{
	if (!export)
		return;
	buf_clear(&export->name);
	buf_clear(&export->value);
	buf_clear(&export->fields);
	free(export);
}

uint64_t export_cut(const struct export *export)
{
	return export->cut;
}

uint64_t export_damaged(const struct export *export)
{
	return export->damaged;
}

/* Each record begins with where and when it was; which comes first has
 * changed. */
bool export_begins(struct slice head)
{
	return slice_starts(head, SLICE("__CURSOR=")) ||
	       slice_starts(head, SLICE("__REALTIME_TIMESTAMP="));
}

static bool is_name_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void need_record(struct export *export)
{
	if (!export->record.lines)
		record_begin(&export->record, &export->fields);
}

static void end_record(struct export *export, struct buf *lines)
{
	if (!export->record.lines)
		return;
	record_end(&export->record);
	export->cut += export->overlong;
	export->overlong = false;
	buf_add(lines, buf_slice(&export->fields));
	buf_reset(&export->fields);
}

/* What the record had is not to be trusted: only that there was one. */
static void mark_damaged(struct export *export)
{
	export->damaged++;
	buf_reset(&export->fields);
	record_begin(&export->record, &export->fields);
	buf_reset(&export->name);
	buf_reset(&export->value);
	export->overlong = false;
	export->state = STATE_DAMAGED_LINE;
}

static void end_value(struct export *export)
{
	if (export->keeps)
		record_add(&export->record, buf_slice(&export->name),
			   buf_slice(&export->value));
	buf_reset(&export->name);
	buf_reset(&export->value);
}

static void keep_value(struct export *export, struct slice part)
{
	size_t room = LINE_LIMIT - export->value.len;

	if (!export->keeps)
		return;
	export->overlong = export->overlong || part.len > room;
	buf_add(&export->value, slice_head(part, room));
}

/* Each of these takes what it can off *bytes, which is not empty. */

static void take_name(struct export *export, struct slice *bytes,
		      struct buf *lines)
{
	char c = bytes->at[0];

	*bytes = slice_after(*bytes, 1);
	if (c == '\n' && !export->name.len) {
		end_record(export, lines);
	} else if (c == '\n' || (c == '=' && export->name.len)) {
		need_record(export);
		export->keeps = record_wants(&export->record,
					     buf_slice(&export->name));
		export->state = c == '=' ? STATE_TEXT : STATE_SIZE;
	} else if (is_name_char(c) && export->name.len < NAME_LIMIT) {
		buf_add_char(&export->name, c);
	} else {
		mark_damaged(export);
		export->state = c == '\n' ? STATE_DAMAGED : STATE_DAMAGED_LINE;
	}
}

static void take_text(struct export *export, struct slice *bytes)
{
	struct slice part = *bytes;
	bool ends = slice_cut(bytes, '\n', &part);

	keep_value(export, part);
	if (!ends) {
		*bytes = (struct slice){ 0 };
		return;
	}
	end_value(export);
	export->state = STATE_NAME;
}

static void take_size(struct export *export, struct slice *bytes)
{
	uint64_t size = 0;

	buf_add_char(&export->value, bytes->at[0]);
	*bytes = slice_after(*bytes, 1);
	if (export->value.len < SIZE_BYTES)
		return;
	for (size_t i = SIZE_BYTES; i-- > 0;)
		size = size << 8 | (unsigned char)export->value.at[i];
	buf_reset(&export->value);
	export->left = size;
	export->state = size ? STATE_BYTES : STATE_NEWLINE;
	if (size > VALUE_LIMIT)
		mark_damaged(export);
}

static void take_bytes(struct export *export, struct slice *bytes)
{
	struct slice part = *bytes;

	if (part.len > export->left)
		part.len = (size_t) export->left;
	keep_value(export, part);
	*bytes = slice_after(*bytes, part.len);
	export->left -= part.len;
	if (!export->left)
		export->state = STATE_NEWLINE;
}

static void take_newline(struct export *export, struct slice *bytes)
{
	if (bytes->at[0] != '\n') {
		mark_damaged(export);
		return;
	}
	*bytes = slice_after(*bytes, 1);
	end_value(export);
	export->state = STATE_NAME;
}

static void take_damaged(struct export *export, struct slice *bytes,
			 struct buf *lines)
{
	struct slice line;

	if (export->state == STATE_DAMAGED && bytes->at[0] == '\n') {
		*bytes = slice_after(*bytes, 1);
		end_record(export, lines);
		export->state = STATE_NAME;
	} else if (slice_cut(bytes, '\n', &line)) {
		export->state = STATE_DAMAGED;
	} else {
		*bytes = (struct slice){ 0 };
		export->state = STATE_DAMAGED_LINE;
	}
}

void export_take(struct export *export, struct slice bytes, struct buf *lines)
{
	while (bytes.len) {
		switch (export->state) {
		case STATE_NAME:
			take_name(export, &bytes, lines);
			break;
		case STATE_TEXT:
			take_text(export, &bytes);
			break;
		case STATE_SIZE:
			take_size(export, &bytes);
			break;
		case STATE_BYTES:
			take_bytes(export, &bytes);
			break;
		case STATE_NEWLINE:
			take_newline(export, &bytes);
			break;
		case STATE_DAMAGED:
		case STATE_DAMAGED_LINE:
			take_damaged(export, &bytes, lines);
			break;
		}
	}
}

void export_end(struct export *export, struct buf *lines)
{
	/* A text may end with the input, as the last line of a log does. */
	if (export->state == STATE_TEXT || export->state == STATE_NEWLINE)
		end_value(export);
	else if (export->state == STATE_SIZE || export->state == STATE_BYTES)
		mark_damaged(export);
	end_record(export, lines);
	buf_reset(&export->name);
	buf_reset(&export->value);
	export->state = STATE_NAME;
}
