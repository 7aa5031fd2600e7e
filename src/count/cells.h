/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The counters of a tally: one cell for each (row, entry, code, reason), all
 * in one array, found by a seeded hash, so that neither a domain with many
 * cells nor many domains with few make it slow or large. What rows and entries
 * mean is the tally's business.
 */
#ifndef MAILWHY_COUNT_CELLS_H
#define MAILWHY_COUNT_CELLS_H

#include <stddef.h>
#include <stdint.h>

struct cell {
	uint64_t permanent;
	uint64_t temporary;
	uint32_t row;   /* with the three below: what it is found by */
	uint32_t entry; /* number of the catalogue entry's id */
	uint16_t code;
	uint8_t reason;
};

struct cell_slot;

struct cells {
	struct cell *at; /* in the order of their first appearance */
	size_t count;
	size_t size; /* cells there is room for */
	struct cell_slot *slots;
	size_t slot_count;
	uint64_t seed;
};

void cells_init(struct cells *cells);
void cells_clear(struct cells *cells); /* frees; cells_init() comes next */
void cells_reset(struct cells *cells); /* no cells, the memory stays */

/* The cell that `key` names; NULL: absent. */
struct cell *cells_find(const struct cells *cells, const struct cell *key);

/* The cell that `key` names, one with the counts 0 if it was absent. It stays
 * where it is until the next cells_add(). */
struct cell *cells_add(struct cells *cells, const struct cell *key);

/* Bytes of memory in use. */
size_t cells_bytes(const struct cells *cells);

#endif
