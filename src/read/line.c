/* SPDX-License-Identifier: Apache-2.0 */
#include "read/line.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/memory.h"
#include "read/export.h"
#include "read/partial.h"

/* Large enough that reading costs little, small enough for the second-level
 * cache; at least twice the limit, so that a line that does not fit is cut. */
enum { BUFFER_SIZE = 4 * LINE_LIMIT };

struct line_reader {
	int fd;
	bool ended;   /* nothing more to give */
	bool drained; /* nothing more to read */
	bool filled;  /* was read and not looked at by line_reader_next() */
	bool limited; /* to so many bytes: */
	uint64_t left;
	bool skipping;  /* inside a line whose rest is thrown away */
	size_t start;   /* of what was not given out yet */
	size_t end;     /* of what was read */
	size_t scanned; /* no LF between start and here */
	uint64_t cut;
	bool begun;              /* what its format is, was seen */
	struct export *export;   /* NULL: it is another format */
	struct partial *partial; /* the same */
	struct buf lines;        /* of records of the export format */
	char bytes[BUFFER_SIZE];
};

struct line_reader *line_reader_new(int fd)
{
	struct line_reader *reader = memory_new(1, sizeof(*reader));

	reader->fd = fd;
	return reader;
}

void line_reader_free(struct line_reader *reader)
{
	if (!reader)
		return;
	export_free(reader->export);
	partial_free(reader->partial);
	buf_clear(&reader->lines);
	free(reader);
}

uint64_t line_reader_cut(const struct line_reader *reader)
{
	uint64_t cut = reader->cut;

	if (reader->export)
		cut += export_cut(reader->export);
	if (reader->partial)
		cut += partial_cut(reader->partial);
	return cut;
}

uint64_t line_reader_damaged(const struct line_reader *reader)
{
	return reader->export ? export_damaged(reader->export) : 0;
}

/* Cuts every line of bytes[from..*to) that is too long; all of them end there
 * with LF, but perhaps the last. A long line holds a whole 32 KiB step without
 * LF, so looking at the steps finds all. */
static void cut_long_lines(struct line_reader *reader, size_t from, size_t *to)
{
	while (from < *to) {
		char *line = reader->bytes + from;
		size_t left = *to - from;
		size_t window = left < LINE_LIMIT + 1 ? left : LINE_LIMIT + 1;
		const char *last = memrchr(line, '\n', window);
		const char *lf;

		if (last) {
			from += (size_t)(last - line) + 1;
			continue;
		}
		if (left <= LINE_LIMIT)
			return;
		lf = memchr(line + window, '\n', left - window);
		reader->cut++;
		if (!lf) {
			*to = from + LINE_LIMIT;
			return;
		}
		memmove(line + LINE_LIMIT, lf, left - (size_t)(lf - line));
		*to -= (size_t)(lf - line) - LINE_LIMIT;
		from += LINE_LIMIT + 1;
	}
}

/* Throws away the rest of a cut line, its LF included. */
static void skip_rest(struct line_reader *reader)
{
	char *from = reader->bytes + reader->start;
	char *lf = memchr(from, '\n', reader->end - reader->start);

	if (lf) {
		reader->start = (size_t)(lf - reader->bytes) + 1;
		reader->skipping = false;
	} else {
		reader->start = reader->end;
	}
	reader->scanned = reader->start;
}

static void make_room(struct line_reader *reader)
{
	size_t kept = reader->end - reader->start;

	if (reader->start == 0)
		return;
	memmove(reader->bytes, reader->bytes + reader->start, kept);
	reader->scanned -= reader->start;
	reader->start = 0;
	reader->end = kept;
}

static void give(struct line_reader *reader, size_t to, struct slice *block)
{
	size_t end = to;

	cut_long_lines(reader, reader->start, &end);
	*block = (struct slice){ reader->bytes + reader->start,
				 end - reader->start };
	reader->start = to;
	reader->scanned = to;
}

/* A block of what was read, if there is one to give. */
static bool take_block(struct line_reader *reader, struct slice *block)
{
	const char *lf;
	size_t fresh;

	if (reader->skipping)
		skip_rest(reader);
	fresh = reader->end - reader->scanned;
	lf = fresh ? memrchr(reader->bytes + reader->scanned, '\n', fresh)
		   : NULL;
	if (lf) {
		give(reader, (size_t)(lf - reader->bytes) + 1, block);
		return true;
	}
	reader->scanned = reader->end;
	if (reader->end - reader->start > LINE_LIMIT) {
		/* Too long and not at its end yet: the newline that the cut
		 * line needs takes the place of a byte that is thrown away. */
		reader->bytes[reader->start + LINE_LIMIT] = '\n';
		*block = (struct slice){ reader->bytes + reader->start,
					 LINE_LIMIT + 1 };
		reader->cut++;
		reader->start = reader->end;
		reader->scanned = reader->end;
		reader->skipping = true;
		return true;
	}
	return false;
}

/* What the input's format is, by its first line, as soon as that is there. */
static void look_at_start(struct line_reader *reader)
{
	struct slice head = { reader->bytes, reader->end };

	if (reader->begun ||
	    (head.len <= LINE_LIMIT && !memchr(head.at, '\n', head.len)))
		return;
	reader->begun = true;
	if (export_begins(head))
		reader->export = export_new();
	else if (partial_begins(head))
		reader->partial = partial_new();
}

/* All that was read, as records. */
static struct slice take_records(struct line_reader *reader)
{
	struct slice bytes = { reader->bytes + reader->start,
			       reader->end - reader->start };

	buf_reset(&reader->lines);
	export_take(reader->export, bytes, &reader->lines);
	reader->start = reader->end = reader->scanned = 0;
	return buf_slice(&reader->lines);
}

/* Reads once. -1 with errno. */
static int fill(struct line_reader *reader)
{
	size_t room;
	ssize_t got;

	make_room(reader);
	room = BUFFER_SIZE - reader->end;
	if (reader->limited && reader->left < room)
		room = (size_t)reader->left;
	got = fd_read(reader->fd, reader->bytes + reader->end, room);
	if (got < 0)
		return -1;
	reader->end += (size_t)got;
	reader->left -= reader->limited ? (uint64_t)got : 0;
	reader->drained = got == 0;
	reader->filled = true;
	return 0;
}

void line_reader_limit(struct line_reader *reader, uint64_t bytes)
{
	reader->limited = true;
	reader->left = bytes;
}

int line_reader_peek(struct line_reader *reader, struct slice *head)
{
	int result = fill(reader);

	*head = (struct slice){ reader->bytes + reader->start,
				reader->end - reader->start };
	return result < 0 ? -1 : !reader->drained;
}

int line_reader_more(struct line_reader *reader, struct slice *block)
{
	*block = (struct slice){ 0 };
	if (!reader->filled && fill(reader) < 0)
		return -1;
	reader->filled = false;
	if (reader->drained)
		return 0;
	look_at_start(reader);
	if (reader->export)
		*block = take_records(reader);
	else if (take_block(reader, block) && reader->partial)
		*block = partial_join(reader->partial, *block);
	return 1;
}

int line_reader_next(struct line_reader *reader, struct slice *block)
{
	int got;

	*block = (struct slice){ 0 };
	if (reader->ended)
		return 0;
	got = line_reader_more(reader, block);
	if (got != 0)
		return got;
	reader->ended = true;
	*block = line_reader_rest(reader);
	return block->len ? 1 : 0;
}

struct slice line_reader_rest(struct line_reader *reader)
{
	struct slice block = { 0 };

	if (reader->export) {
		buf_reset(&reader->lines);
		export_end(reader->export, &reader->lines);
		return buf_slice(&reader->lines);
	}
	if (reader->skipping)
		skip_rest(reader);
	reader->skipping = false;
	if (reader->start < reader->end)
		give(reader, reader->end, &block);
	if (reader->partial)
		block = partial_end(reader->partial, block);
	return block;
}
