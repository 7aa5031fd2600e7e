/* SPDX-License-Identifier: Apache-2.0 */
#include "base/intern.h"

#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/memory.h"

enum { FIRST_SLOTS = 64 };

/* The hash stands beside the number, so that a miss touches no text and
 * growing touches none at all. */
struct slot {
	uint32_t hash;
	uint32_t number; /* INTERN_NONE: free */
};

struct intern {
	struct slot *slots;
	size_t slot_count; /* a power of two */
	struct slice *texts;
	size_t text_size; /* texts there is room for */
	uint32_t count;
	uint64_t seed;
	struct arena arena;
};

static struct slot *slots_new(size_t count)
{
	struct slot *slots = memory_new(count, sizeof(*slots));

	memset(slots, 0xff, count * sizeof(*slots));
	return slots;
}

struct intern *intern_new(void)
{
	struct intern *intern = memory_new(1, sizeof(*intern));

	intern->slot_count = FIRST_SLOTS;
	intern->slots = slots_new(FIRST_SLOTS);
	intern->seed = hash_seed();
	return intern;
}

void intern_free(struct intern *intern)
{
	if (!intern)
		return;
	arena_clear(&intern->arena);
	free(intern->texts);
	free(intern->slots);
	free(intern);
}

void intern_reset(struct intern *intern)
{
	if (intern->count == 0)
		return;
	arena_clear(&intern->arena);
	memset(intern->slots, 0xff, intern->slot_count * sizeof(struct slot));
	intern->count = 0;
}

static uint64_t word_at(const char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/* As slice_equal(). Names are short and mostly equal here: comparing words in
 * place takes half the time of the call of memcmp(). */
static bool is_same(struct slice a, struct slice b)
{
	if (a.len != b.len)
		return false;
	if (a.len < 8)
		return slice_equal(a, b);
	for (size_t at = 0; at + 8 < a.len; at += 8)
		if (word_at(a.at + at) != word_at(b.at + at))
			return false;
	return word_at(a.at + a.len - 8) == word_at(b.at + b.len - 8);
}

/* The slot that holds `text`, or the free one where it belongs. */
static struct slot *slot_of(const struct intern *intern, struct slice text,
			    uint32_t hash)
{
	size_t mask = intern->slot_count - 1;

	for (size_t at = hash & mask;; at = (at + 1) & mask) {
		struct slot *slot = &intern->slots[at];

		if (slot->number == INTERN_NONE)
			return slot;
		if (slot->hash == hash &&
		    is_same(intern->texts[slot->number], text))
			return slot;
	}
}

/* `numbers` are the new ones, by the old; NULL: as they are. */
static void move_slots(struct intern *intern, size_t count,
		       const uint32_t *numbers)
{
	struct slot *slots = slots_new(count);

	for (size_t i = 0; i < intern->slot_count; i++) {
		struct slot slot = intern->slots[i];
		size_t at = slot.hash & (count - 1);

		if (numbers && slot.number != INTERN_NONE)
			slot.number = numbers[slot.number];
		if (slot.number == INTERN_NONE)
			continue;
		while (slots[at].number != INTERN_NONE)
			at = (at + 1) & (count - 1);
		slots[at] = slot;
	}
	free(intern->slots);
	intern->slots = slots;
	intern->slot_count = count;
}

static uint32_t keep(struct intern *intern, struct slice text)
{
	assert(intern->count < INTERN_NONE - 1);
	if (intern->count == intern->text_size) {
		size_t size = intern->text_size + intern->text_size / 2 + 16;

		intern->texts = memory_resize(intern->texts, size,
					      sizeof(*intern->texts));
		intern->text_size = size;
	}
	intern->texts[intern->count] = arena_keep(&intern->arena, text);
	return intern->count++;
}

uint32_t intern_add(struct intern *intern, struct slice text)
{
	uint32_t hash = (uint32_t)hash_slice(text, intern->seed);
	struct slot *slot = slot_of(intern, text, hash);

	if (slot->number != INTERN_NONE)
		return slot->number;
	/* Three quarters full at most: probes stay short, an end is found. */
	if (intern->count >= intern->slot_count / 4 * 3) {
		move_slots(intern, intern->slot_count * 2, NULL);
		slot = slot_of(intern, text, hash);
	}
	*slot = (struct slot){ .hash = hash, .number = keep(intern, text) };
	return slot->number;
}

void intern_sweep(struct intern *intern, uint32_t *numbers)
{
	size_t slot_count = FIRST_SLOTS;
	uint32_t count = 0;

	for (uint32_t i = 0; i < intern->count; i++) {
		bool kept = numbers[i] != 0;

		numbers[i] = kept ? count : INTERN_NONE;
		if (kept)
			intern->texts[count++] = intern->texts[i];
	}
	intern->count = count;
	arena_squeeze(&intern->arena, intern->texts, count);
	intern->text_size = count + 16;
	intern->texts = memory_resize(intern->texts, intern->text_size,
				      sizeof(*intern->texts));
	while (count >= slot_count / 4 * 3)
		slot_count *= 2;
	move_slots(intern, slot_count, numbers);
}

uint32_t intern_find(const struct intern *intern, struct slice text)
{
	uint32_t hash = (uint32_t)hash_slice(text, intern->seed);

	return slot_of(intern, text, hash)->number;
}

struct slice intern_text(const struct intern *intern, uint32_t number)
{
	assert(number < intern->count);
	return intern->texts[number];
}

uint32_t intern_count(const struct intern *intern)
{
	return intern->count;
}

size_t intern_bytes(const struct intern *intern)
{
	return sizeof(*intern) + intern->arena.bytes +
	       intern->slot_count * sizeof(*intern->slots) +
	       intern->text_size * sizeof(*intern->texts);
}
