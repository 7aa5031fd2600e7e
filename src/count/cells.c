/* SPDX-License-Identifier: Apache-2.0 */
#include "count/cells.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"

enum { FIRST_SLOTS = 64 }; /* a power of two, as all later sizes */

/* The hash stands beside the place, so that a probe which misses touches no
 * cell: in a large table each would be a cache miss. */
struct cell_slot {
	uint32_t hash;
	uint32_t place; /* in the array, + 1; 0: free */
};

void cells_init(struct cells *cells)
{
	*cells = (struct cells){
		.slots = memory_new(FIRST_SLOTS, sizeof(*cells->slots)),
		.slot_count = FIRST_SLOTS,
		.seed = hash_seed(),
	};
}

void cells_clear(struct cells *cells)
{
	free(cells->at);
	free(cells->slots);
	*cells = (struct cells){ 0 };
}

void cells_reset(struct cells *cells)
{
	cells->count = 0;
	memset(cells->slots, 0, cells->slot_count * sizeof(*cells->slots));
}

static uint32_t hash_of(const struct cell *cell, uint64_t seed)
{
	uint64_t place = (uint64_t)cell->row << 32 | cell->entry;
	uint64_t kind = (uint64_t)cell->code << 8 | cell->reason;
	uint64_t hash = hash_mix(place ^ seed, 0x9e3779b97f4a7c15u);

	return (uint32_t)hash_mix(hash ^ kind ^ seed, 0xd6e8feb86659fd93u);
}

static bool is_same(const struct cell *a, const struct cell *b)
{
	return a->row == b->row && a->entry == b->entry && a->code == b->code &&
	       a->reason == b->reason;
}

/* The slot of `key`, or the free one where it belongs. */
static struct cell_slot *slot_of(const struct cells *cells,
				 const struct cell *key, uint32_t hash)
{
	size_t mask = cells->slot_count - 1;

	for (size_t at = hash & mask;; at = (at + 1) & mask) {
		struct cell_slot *slot = &cells->slots[at];

		if (!slot->place)
			return slot;
		if (slot->hash == hash &&
		    is_same(&cells->at[slot->place - 1], key))
			return slot;
	}
}

struct cell *cells_find(const struct cells *cells, const struct cell *key)
{
	uint32_t place = slot_of(cells, key, hash_of(key, cells->seed))->place;

	return place ? &cells->at[place - 1] : NULL;
}

static void grow_slots(struct cells *cells)
{
	size_t count = cells->slot_count * 2;
	struct cell_slot *slots = memory_new(count, sizeof(*slots));

	for (size_t i = 0; i < cells->slot_count; i++) {
		struct cell_slot slot = cells->slots[i];
		size_t at = slot.hash & (count - 1);

		if (!slot.place)
			continue;
		while (slots[at].place)
			at = (at + 1) & (count - 1);
		slots[at] = slot;
	}
	free(cells->slots);
	cells->slots = slots;
	cells->slot_count = count;
}

struct cell *cells_add(struct cells *cells, const struct cell *key)
{
	uint32_t hash = hash_of(key, cells->seed);
	struct cell_slot *slot = slot_of(cells, key, hash);
	struct cell *cell;

	if (slot->place)
		return &cells->at[slot->place - 1];
	assert(cells->count < UINT32_MAX - 1);
	/* Three quarters full at most: probes stay short, an end is found. */
	if (cells->count >= cells->slot_count / 4 * 3) {
		grow_slots(cells);
		slot = slot_of(cells, key, hash);
	}
	if (cells->count == cells->size) {
		cells->size += cells->size / 2 + 16;
		cells->at = memory_resize(cells->at, cells->size,
					  sizeof(*cells->at));
	}
	cell = &cells->at[cells->count++];
	*cell = *key;
	cell->permanent = 0;
	cell->temporary = 0;
	*slot = (struct cell_slot){ hash, (uint32_t)cells->count };
	return cell;
}

size_t cells_bytes(const struct cells *cells)
{
	return cells->size * sizeof(*cells->at) +
	       cells->slot_count * sizeof(*cells->slots);
}
