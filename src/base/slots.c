/* SPDX-License-Identifier: Apache-2.0 */
#include "base/slots.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { FIRST_SIZE = 64 };

/* Three quarters full at most: probes stay short, an end is found. */
static size_t size_for(size_t count)
{
	size_t size = FIRST_SIZE;

	while (count > size / 4 * 3)
		size *= 2;
	return size;
}

static void put(struct slots *slots, uint32_t number)
{
	uint64_t at = slots->hash(slots->owner, number);

	while (slots->at[at & (slots->size - 1)] != SLOTS_NONE)
		at++;
	slots->at[at & (slots->size - 1)] = number;
}

static void allot(struct slots *slots, size_t size)
{
	slots->at = memory_resize(NULL, size, sizeof(*slots->at));
	memset(slots->at, 0xff, size * sizeof(*slots->at));
	slots->size = size;
}

static void grow(struct slots *slots)
{
	uint32_t *old = slots->at;
	size_t old_size = slots->size;

	allot(slots, size_for(slots->used + 1));
	for (size_t i = 0; i < old_size; i++)
		if (old[i] != SLOTS_NONE)
			put(slots, old[i]);
	free(old);
}

void slots_add(struct slots *slots, uint32_t number)
{
	if (slots->used + 1 > slots->size / 4 * 3)
		grow(slots);
	put(slots, number);
	slots->used++;
}

/* Those behind the gap that would have stood in it move up, so that no probe
 * ends too early. */
static void close_gap(struct slots *slots, size_t gap)
{
	size_t mask = slots->size - 1;

	for (size_t at = (gap + 1) & mask; slots->at[at] != SLOTS_NONE;
	     at = (at + 1) & mask) {
		size_t home = (size_t)slots->hash(slots->owner, slots->at[at]) &
			      mask;

		if (((at - home) & mask) < ((at - gap) & mask))
			continue;
		slots->at[gap] = slots->at[at];
		gap = at;
	}
	slots->at[gap] = SLOTS_NONE;
}

void slots_remove(struct slots *slots, uint32_t number)
{
	size_t mask = slots->size - 1;
	size_t at = (size_t)slots->hash(slots->owner, number) & mask;

	while (slots->at[at] != number) {
		assert(slots->at[at] != SLOTS_NONE);
		at = (at + 1) & mask;
	}
	close_gap(slots, at);
	slots->used--;
}

void slots_reset(struct slots *slots, size_t count)
{
	free(slots->at);
	allot(slots, size_for(count));
	slots->used = 0;
}

void slots_clear(struct slots *slots)
{
	free(slots->at);
	slots->at = NULL;
	slots->size = 0;
	slots->used = 0;
}

size_t slots_bytes(const struct slots *slots)
{
	return slots->size * sizeof(*slots->at);
}
