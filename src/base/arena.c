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

void arena_clear(struct arena *arena)
{
	while (arena->newest) {
		struct arena_block *older = arena->newest->older;

		free(arena->newest);
		arena->newest = older;
	}
	arena->bytes = 0;
}
