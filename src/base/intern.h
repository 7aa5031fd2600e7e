/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gives each different text a small number, 0, 1, 2 ... in the order of their
 * first appearance, and keeps a copy. Open addressing with a seeded hash, so
 * that nobody outside can make it slow. Numbers and copies stay until
 * intern_reset() or intern_free().
 */
#ifndef MAILWHY_BASE_INTERN_H
#define MAILWHY_BASE_INTERN_H

#include <stdint.h>

#include "base/slice.h"

struct intern;

#define INTERN_NONE UINT32_MAX

struct intern *intern_new(void);
void intern_free(struct intern *intern); /* NULL is allowed */

/* Forgets all texts, keeps the memory of the tables for the next ones. */
void intern_reset(struct intern *intern);

/*
 * Keeps only the texts whose place in `numbers`, of intern_count() places, is
 * not 0, and numbers them anew, in their order: each place is set to the new
 * number, or to INTERN_NONE. Gives memory back.
 */
void intern_sweep(struct intern *intern, uint32_t *numbers);

/* The number of `text`, a new one if it was not there. */
uint32_t intern_add(struct intern *intern, struct slice text);

/* The number of `text`, INTERN_NONE if it is not there. */
uint32_t intern_find(const struct intern *intern, struct slice text);

/* The kept copy, a NUL after it; `number` must be one that was given. */
struct slice intern_text(const struct intern *intern, uint32_t number);

uint32_t intern_count(const struct intern *intern);

/* Bytes of memory in use. */
size_t intern_bytes(const struct intern *intern);

#endif
