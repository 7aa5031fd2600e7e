/* SPDX-License-Identifier: Apache-2.0 */
#include "read/partial.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/stamp.h"
#include "read/line.h"

static const struct slice streams[] = { SLICE("stdout "), SLICE("stderr ") };
static const struct slice marks[] = { SLICE(" stdout P"), SLICE(" stderr P") };

enum { STREAMS = 2 };

struct partial {
	struct buf waiting[STREAMS]; /* messages so far */
	struct buf heads[STREAMS];   /* "STAMP stdout F " of the last part */
	struct buf joined;           /* what is given out */
	uint64_t cut;
};

/* A line taken apart. */
struct part {
	size_t stream;
	bool last; /* "F" */
	struct slice stamp;
	struct slice message;
};

struct partial *partial_new(void)
{
	return memory_new(1, sizeof(struct partial));
}

void partial_free(struct partial *partial)
{
	if (!partial)
		return;
	for (size_t i = 0; i < STREAMS; i++) {
		buf_clear(&partial->waiting[i]);
		buf_clear(&partial->heads[i]);
	}
	buf_clear(&partial->joined);
	free(partial);
}

uint64_t partial_cut(const struct partial *partial)
{
	return partial->cut;
}

/* Tags other than the first one, behind colons, mean nothing yet. */
static bool take_apart(struct slice line, struct part *part)
{
	struct stamp stamp;
	struct slice rest = line;
	struct slice tags;

	*part = (struct part){ 0 };
	if (!slice_cut(&rest, ' ', &part->stamp) ||
	    stamp_parse_rfc3339(part->stamp, &stamp) != part->stamp.len)
		return false;
	while (!slice_skip(&rest, streams[part->stream]))
		if (++part->stream == STREAMS)
			return false;
	if (!slice_cut(&rest, ' ', &tags) || !tags.len ||
	    (tags.len > 1 && tags.at[1] != ':'))
		return false;
	part->last = tags.at[0] == 'F';
	part->message = rest;
	if (!part->last && slice_ends(rest, SLICE("\r")))
		part->message.len--;
	return part->last || tags.at[0] == 'P';
}

bool partial_begins(struct slice head)
{
	struct slice line = head;
	struct part part;

	(void)slice_cut(&head, '\n', &line);
	return take_apart(line, &part);
}

static void note_head(struct partial *partial, const struct part *part)
{
	struct buf *head = &partial->heads[part->stream];

	buf_reset(head);
	buf_add(head, part->stamp);
	buf_add_char(head, ' ');
	buf_add(head, streams[part->stream]);
	buf_add(head, SLICE("F "));
}

/* One byte more than there may be tells that it is too long. */
static void add_message(struct partial *partial, const struct part *part)
{
	struct buf *waiting = &partial->waiting[part->stream];

	buf_add(waiting,
		slice_head(part->message, LINE_LIMIT + 1 - waiting->len));
}

static void give(struct partial *partial, size_t stream)
{
	struct slice message = buf_slice(&partial->waiting[stream]);

	partial->cut += message.len > LINE_LIMIT;
	buf_add(&partial->joined, buf_slice(&partial->heads[stream]));
	buf_add(&partial->joined, slice_head(message, LINE_LIMIT));
	buf_add_char(&partial->joined, '\n');
	buf_reset(&partial->waiting[stream]);
	buf_reset(&partial->heads[stream]);
}

static void take_line(struct partial *partial, struct slice line)
{
	struct part part;
	bool known = take_apart(line, &part);
	bool begun = known && partial->heads[part.stream].len;

	if (!known || (part.last && !begun)) {
		buf_add(&partial->joined, line);
		buf_add_char(&partial->joined, '\n');
		return;
	}
	if (begun)
		buf_add_char(&partial->joined, '\n');
	note_head(partial, &part);
	add_message(partial, &part);
	if (part.last)
		give(partial, part.stream);
}

struct slice partial_join(struct partial *partial, struct slice block)
{
	bool has_parts = false;
	struct slice line;

	for (size_t i = 0; i < STREAMS; i++)
		has_parts = has_parts || partial->heads[i].len ||
			    slice_find(block, marks[i]) != SIZE_MAX;
	if (!has_parts)
		return block;
	buf_reset(&partial->joined);
	while (slice_cut(&block, '\n', &line))
		take_line(partial, line);
	if (block.len)
		take_line(partial, block);
	return buf_slice(&partial->joined);
}

struct slice partial_end(struct partial *partial, struct slice block)
{
	struct slice lines = partial_join(partial, block);

	for (size_t i = 0; i < STREAMS; i++) {
		if (partial->heads[i].len) {
			give(partial, i);
			lines = buf_slice(&partial->joined);
		}
	}
	return lines;
}
