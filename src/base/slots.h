/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the numbers of things by their hash: open addressing, four bytes a
 * place. The things, and what their hashes are, stay the owner's; a number may
 * be given up. A zeroed struct is empty.
 */
#ifndef MAILWHY_BASE_SLOTS_H
#define MAILWHY_BASE_SLOTS_H

#include <stddef.h>
#include <stdint.h>

#define SLOTS_NONE UINT32_MAX

/* The hash of the thing of that number. */
typedef uint64_t slots_hash(const void *owner, uint32_t number);

struct slots {
	uint32_t *at;
	size_t size; /* places: a power of two, or 0 */
	size_t used;
	slots_hash *hash;
	const void *owner;
};

/*
 * One after the other the numbers that may have a hash, which *at is set to
 * before the first call; SLOTS_NONE when there are no more.
 */
static inline uint32_t slots_next(const struct slots *slots, uint64_t *at)
{
	if (!slots->size)
		return SLOTS_NONE;
	return slots->at[(*at)++ & (slots->size - 1)];
}

/* Adds a number that is not there. */
void slots_add(struct slots *slots, uint32_t number);

/* Takes out a number that is there. */
void slots_remove(struct slots *slots, uint32_t number);

/* Empty, with room for `count` numbers. */
void slots_reset(struct slots *slots, size_t count);

void slots_clear(struct slots *slots); /* frees; hash and owner stay */

size_t slots_bytes(const struct slots *slots);

#endif
