/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many small copies that live and die together. A zeroed struct is an empty
 * arena. What was kept stays where it is until arena_clear().
 */
#ifndef MAILWHY_BASE_ARENA_H
#define MAILWHY_BASE_ARENA_H

#include "base/slice.h"

struct arena_block;

struct arena {
	struct arena_block *newest;
	size_t bytes; /* of all blocks, to keep bounds */
};

/* A copy owned by the arena; a NUL follows it, not counted in its length. */
struct slice arena_keep(struct arena *arena, struct slice text);

/*
 * Moves texts together: of all that was kept, `texts` are those to stay, in the
 * order in which they were kept. They are set to where they are now; the memory
 * of the others is freed.
 */
void arena_squeeze(struct arena *arena, struct slice *texts, size_t count);

void arena_clear(struct arena *arena);

#endif
