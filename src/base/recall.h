/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is kept from line to line, by key: a table of fixed size. Where it is
 * full, what was put longest ago makes room, so that no input makes it grow and
 * the same input always forgets the same. Texts are copied; one that is too
 * long is not kept at all.
 */
#ifndef MAILWHY_BASE_RECALL_H
#define MAILWHY_BASE_RECALL_H

#include <stdint.h>

#include "base/slice.h"

struct recall;

/* Both texts of an entry together have at most so many bytes. */
enum { RECALL_TEXT_MAX = 1024 };

struct recalled {
	struct slice first;
	struct slice second;
	int64_t at_us; /* when, as the caller says */
};

/* For `size` entries, at least 1. Never NULL. */
struct recall *recall_new(uint32_t size);
void recall_free(struct recall *recall); /* NULL is allowed */

/* The key made of these parts, in this order; seeded by the table. */
uint64_t recall_key(const struct recall *recall, const struct slice *parts,
		    size_t count);

/* Keeps what stands in *entry under `key`, instead of what stood there. */
void recall_put(struct recall *recall, uint64_t key,
		const struct recalled *entry);

/*
 * False, and *entry zeroed, if there is nothing under `key`. The texts are the
 * table's, until the next recall_put(). recall_take() also forgets it.
 */
bool recall_find(const struct recall *recall, uint64_t key,
		 struct recalled *entry);
bool recall_take(struct recall *recall, uint64_t key, struct recalled *entry);

#endif
