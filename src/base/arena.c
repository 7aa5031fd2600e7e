/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdlib.h>

#include "base/memory.h"

enum { BLOCK_SIZE = 64 * 1024 };

struct arena_block {
	struct arena_block *older;
	size_t used;
	size_t size;
	char bytes[];
};

static void add_block(struct arena *arena, size_t size)
{
	struct arena_block *block = memory_new(1, sizeof(*block) + size);

	block->older = arena->newest;
	block->size = size;
	arena->newest = block;
	arena->bytes += sizeof(*block) + size;
}

struct slice arena_keep(struct arena *arena, struct slice text)
{
	struct arena_block *block = arena->newest;
	size_t need = text.len + 1;
	char *copy;

	if (!block || block->size - block->used < need) {
		add_block(arena, need > BLOCK_SIZE ? need : BLOCK_SIZE);
		block = arena->newest;
	}
	copy = block->bytes + block->used;
	block->used += need;
	if (text.len)
		memcpy(copy, text.at, text.len);
	copy[text.len] = '\0';
	return (struct slice){ copy, text.len };
}

static void free_blocks(struct arena *arena, struct arena_block *block)
{
	while (block) {
		struct arena_block *older = block->older;

		arena->bytes -= sizeof(*block) + block->size;
		free(block);
		block = older;
	}
}

/* The blocks turned round: the first is the oldest. */
static struct arena_block *reverse(struct arena_block *newest)
{
	struct arena_block *oldest = NULL;

	while (newest) {
		struct arena_block *next = newest->older;

		newest->older = oldest;
		oldest = newest;
		newest = next;
	}
	return oldest;
}

/*
 * A text never moves behind its old place: each block that it could not go into
 * was too full for it before, too. So nothing is written over that is still to
 * be read, and no other memory is needed.
 */
void arena_squeeze(struct arena *arena, struct slice *texts, size_t count)
{
	struct arena_block *oldest = reverse(arena->newest);
	struct arena_block *block = oldest;
	struct arena_block *rest = oldest;

	if (block)
		block->used = 0;
	for (size_t i = 0; i < count; i++) {
		size_t need = texts[i].len + 1;

		while (block->size - block->used < need) {
			block = block->older;
			block->used = 0;
		}
		memmove(block->bytes + block->used, texts[i].at, need);
		texts[i].at = block->bytes + block->used;
		block->used += need;
	}
	arena->newest = NULL;
	if (count) {
		rest = block->older;
		block->older = NULL;
		arena->newest = reverse(oldest);
	}
	free_blocks(arena, rest);
}

void arena_clear(struct arena *arena)
{
	free_blocks(arena, arena->newest);
	arena->newest = NULL;
}
