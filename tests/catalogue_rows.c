/* SPDX-License-Identifier: Apache-2.0 */
#include "catalogue_rows.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/memory.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { REASON, ALSO, HOST, REPLY, SOURCE, FIELD_COUNT };
_Static_assert(COUNT(((struct row *)0)->fields) == FIELD_COUNT,
	       "a field for each column");

static const struct slice header = SLICE("reason\talso\thost\treply\tsource");
static const struct slice nobody = SLICE("mx.nobody.example");

int rows_read_bytes(const char *path, struct buf *into, struct fault *fault)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return fault_set(fault, "%s: %s", path, strerror(errno));
	do {
		buf_reserve(into, 65536);
		got = fd_read(fd, into->at + into->len, 65536);
		if (got > 0)
			into->len += (size_t)got;
	} while (got > 0);
	if (got < 0)
		fault_set(fault, "%s: read: %s", path, strerror(errno));
	(void)close(fd);
	return got < 0 ? -1 : 0;
}

static void rows_add(struct rows *rows, struct slice line)
{
	struct row row = { .line = rows->count + 2 };
	struct slice field;

	while (slice_cut(&line, '\t', &field)) {
		if (row.field_count < FIELD_COUNT)
			row.fields[row.field_count] = field;
		row.field_count++;
	}
	if (row.field_count < FIELD_COUNT)
		row.fields[row.field_count] = line;
	row.field_count++;
	if (rows->count == rows->size) {
		rows->size = rows->size ? rows->size * 2 : 512;
		rows->items = memory_resize(rows->items, rows->size,
					    sizeof(rows->items[0]));
	}
	rows->items[rows->count++] = row;
}

int rows_read(const char *path, struct rows *rows, struct fault *fault)
{
	struct slice rest;
	struct slice line;

	if (rows_read_bytes(path, &rows->bytes, fault) < 0)
		return -1;
	rest = buf_slice(&rows->bytes);
	if (!slice_cut(&rest, '\n', &line) || !slice_equal(line, header))
		return fault_set(fault,
				 "%s:1: does not begin with the columns \"%s\"",
				 path, header.at);
	while (slice_cut(&rest, '\n', &line))
		rows_add(rows, line);
	if (rest.len)
		rows_add(rows, rest);
	return 0;
}

void rows_clear(struct rows *rows)
{
	free(rows->items);
	buf_clear(&rows->bytes);
	*rows = (struct rows){ 0 };
}

static bool is_given(struct slice field)
{
	return slice_trim(field).len && !slice_equal(field, SLICE("-"));
}

const char *row_check(struct row *row)
{
	const struct slice *fields = row->fields;

	if (row->field_count != FIELD_COUNT)
		return "has not five fields";
	if (!reason_from_word(fields[REASON], &row->reason))
		return "the reason is none";
	row->also = row->reason;
	if (!slice_equal(fields[ALSO], SLICE("-")) &&
	    !reason_from_word(fields[ALSO], &row->also))
		return "the second reason is none, nor \"-\"";
	if (!fields[HOST].len)
		return "has no host, nor \"-\"";
	if (!is_given(fields[REPLY]))
		return "has no reply";
	if (!is_given(fields[SOURCE]))
		return "has no source";
	row->host = fields[HOST];
	row->reply = fields[REPLY];
	return NULL;
}

void row_deliver(const struct row *row, struct buf *text,
		 struct delivery *delivery)
{
	bool temporary = slice_starts(row->reply, SLICE("4"));
	bool local = slice_equal(row->host, SLICE("local"));

	*delivery = (struct delivery){
		.mta = SLICE("postfix"),
		.service = SLICE("smtp"),
		.dsn = { .class = temporary ? 4 : 5 },
		.status = temporary ? STATUS_DEFERRED : STATUS_BOUNCED,
	};
	buf_reset(text);
	if (!local) {
		delivery->relay_host = is_given(row->host) ? row->host : nobody;
		delivery->relay_ip = SLICE("192.0.2.1");
		delivery->relay_port = SLICE("25");
		buf_add(text, SLICE("host "));
		buf_add(text, delivery->relay_host);
		buf_add(text, SLICE("[192.0.2.1] said: "));
	}
	buf_add(text, row->reply);
	delivery->text = buf_slice(text);
}
