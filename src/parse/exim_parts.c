/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/exim_parts.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/memory.h"

enum {
	WAITING_LIMIT = 16, /* messages that wait for more */
	SLOT_COUNT = WAITING_LIMIT + 2,
	PART_LIMIT = 99,
	TEXT_LIMIT = 64 * 1024
};

#define WAIT_US INT64_C(60000000)

/* A message of which some parts have come. */
struct slot {
	enum { SLOT_FREE, SLOT_WAITING, SLOT_LEFT } state;
	uint64_t number; /* of its first part; the least is the oldest */
	uint64_t next;
	uint64_t total;
	struct stamp time;
	size_t pid_len;
	size_t host_len;
	size_t program_len;
	struct buf text; /* pid, host, program, message */
};

struct exim_parts {
	uint64_t count;
	size_t waiting;
	size_t left;
	struct slot slots[SLOT_COUNT];
};

struct part {
	uint64_t index;
	uint64_t total;
	bool ends_line; /* with "\", or the last */
	struct slice text;
};

struct exim_parts *exim_parts_new(void)
{
	return memory_new(1, sizeof(struct exim_parts));
}

void exim_parts_free(struct exim_parts *parts)
{
	if (!parts)
		return;
	for (size_t i = 0; i < SLOT_COUNT; i++)
		buf_clear(&parts->slots[i].text);
	free(parts);
}

/* "[1/2] TEXT" or "[1\10] TEXT". */
static bool is_part(struct slice message, struct part *part)
{
	struct slice rest = message;
	struct slice numbers;
	struct slice index;
	bool newline;

	if (!slice_skip(&rest, SLICE("[")) || !slice_cut(&rest, ']', &numbers))
		return false;
	newline = slice_cut(&numbers, '\\', &index);
	if ((!newline && !slice_cut(&numbers, '/', &index)) ||
	    !slice_number(index, &part->index) ||
	    !slice_number(numbers, &part->total) || part->index == 0 ||
	    part->index > part->total || part->total > PART_LIMIT ||
	    !slice_skip(&rest, SLICE(" ")))
		return false;
	part->ends_line = newline || part->index == part->total;
	part->text = rest;
	return true;
}

static struct slice pid_of(const struct slot *slot)
{
	return slice_head(buf_slice(&slot->text), slot->pid_len);
}

static struct slot *find_waiting(struct exim_parts *parts, struct slice pid)
{
	for (size_t i = 0; parts->waiting && i < SLOT_COUNT; i++)
		if (parts->slots[i].state == SLOT_WAITING &&
		    slice_equal(pid_of(&parts->slots[i]), pid))
			return &parts->slots[i];
	return NULL;
}

static void give_up(struct exim_parts *parts, struct slot *slot)
{
	slot->state = SLOT_LEFT;
	parts->waiting--;
	parts->left++;
}

static void give_up_old(struct exim_parts *parts, struct stamp now)
{
	struct slot *oldest = NULL;

	for (size_t i = 0; parts->waiting && i < SLOT_COUNT; i++) {
		struct slot *slot = &parts->slots[i];

		if (slot->state != SLOT_WAITING)
			continue;
		if (now.us - slot->time.us > WAIT_US)
			give_up(parts, slot);
		else if (!oldest || slot->number < oldest->number)
			oldest = slot;
	}
	if (parts->waiting == WAITING_LIMIT)
		give_up(parts, oldest);
}

static void append(struct slot *slot, struct slice text)
{
	size_t size = TEXT_LIMIT - slot->text.len;

	buf_add(&slot->text, slice_head(text, size));
}

/* There is always one: the caller takes what is left after each line. */
static struct slot *free_slot(struct exim_parts *parts)
{
	size_t i = 0;

	while (i < SLOT_COUNT - 1 && parts->slots[i].state != SLOT_FREE)
		i++;
	return &parts->slots[i];
}

static void begin(struct exim_parts *parts, const struct header *header,
		  const struct part *part)
{
	struct slot *slot = free_slot(parts);

	if (slot->state == SLOT_LEFT)
		parts->left--;
	slot->state = SLOT_WAITING;
	slot->number = parts->count++;
	slot->next = 2;
	slot->total = part->total;
	slot->time = header->time;
	slot->pid_len = header->pid.len;
	slot->host_len = header->host.len;
	slot->program_len = header->program.len;
	buf_reset(&slot->text);
	buf_add(&slot->text, header->pid);
	buf_add(&slot->text, header->host);
	buf_add(&slot->text, header->program);
	append(slot, part->text);
	parts->waiting++;
}

/* The header that the first part had, with the message as far as it came. */
static void fill_header(const struct slot *slot, struct header *header)
{
	struct slice rest = buf_slice(&slot->text);

	*header = (struct header){ .time = slot->time };
	header->pid = slice_head(rest, slot->pid_len);
	rest = slice_after(rest, slot->pid_len);
	header->host = slice_head(rest, slot->host_len);
	rest = slice_after(rest, slot->host_len);
	header->program = slice_head(rest, slot->program_len);
	header->message = slice_after(rest, slot->program_len);
}

bool exim_parts_add(struct exim_parts *parts, struct header *header)
{
	struct part part;
	struct slot *slot;

	give_up_old(parts, header->time);
	slot = find_waiting(parts, header->pid);
	if (!is_part(header->message, &part)) {
		if (slot)
			give_up(parts, slot);
		return true;
	}
	if (slot && (part.index != slot->next || part.total != slot->total)) {
		give_up(parts, slot);
		slot = NULL;
	}
	if (part.index == 1 && part.ends_line) {
		header->message = part.text;
		return true;
	}
	if (part.index == 1) {
		begin(parts, header, &part);
		return false;
	}
	if (!slot)
		return false;
	append(slot, part.text);
	slot->next++;
	if (!part.ends_line)
		return false;
	fill_header(slot, header);
	slot->state = SLOT_FREE;
	parts->waiting--;
	return true;
}

bool exim_parts_left(struct exim_parts *parts, bool all, struct header *header)
{
	struct slot *found = NULL;

	if (!parts->left && !(all && parts->waiting))
		return false;
	for (size_t i = 0; i < SLOT_COUNT; i++) {
		struct slot *slot = &parts->slots[i];

		if (slot->state != SLOT_LEFT &&
		    !(all && slot->state == SLOT_WAITING))
			continue;
		if (!found || slot->number < found->number)
			found = slot;
	}
	if (!found)
		return false;
	if (found->state == SLOT_LEFT)
		parts->left--;
	else
		parts->waiting--;
	fill_header(found, header);
	found->state = SLOT_FREE;
	return true;
}
