/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How well the catalogue covers what servers say: how many failures were
 * explained by what, and which replies were explained by no more than a code
 * or its class, so that an entry can be written for them. Owns all it keeps.
 * Its memory is bounded: of COVERAGE_LIMIT different replies each is counted,
 * what comes after them is counted in one number. Not locked.
 */
#ifndef MAILWHY_COUNT_COVERAGE_H
#define MAILWHY_COUNT_COVERAGE_H

#include <stdint.h>

#include "base/slice.h"
#include "why/explain.h"

enum { COVERAGE_LIMIT = 100000, COVERAGE_BYTES = 500 };

struct coverage;

/* A kind of reply that only a code explains. */
struct coverage_reply {
	uint16_t smtp_code; /* 0: none */
	uint64_t count;
	struct slice text; /* masked, at most COVERAGE_BYTES */
};

/* Never NULL. `limit`: so many different replies, COVERAGE_LIMIT but for
 * tests. */
struct coverage *coverage_new(size_t limit);
void coverage_free(struct coverage *coverage); /* NULL is allowed */

/* Back to nothing counted. */
void coverage_reset(struct coverage *coverage);

/* A failure or a reject that `basis` explains; `masked` is its reply as
 * mask_reply() makes it, of which the start is kept. */
void coverage_add(struct coverage *coverage, enum basis basis,
		  uint16_t smtp_code, struct slice masked);

/* How many that basis explains. */
uint64_t coverage_basis(const struct coverage *coverage, enum basis basis);

/* Replies that found no room. */
uint64_t coverage_other(const struct coverage *coverage);

size_t coverage_count(const struct coverage *coverage);

/* Calls `visit` for each kind of reply, the most frequent first, then by code,
 * then by text. What the visitor sees is borrowed for the visit. */
void coverage_each(const struct coverage *coverage,
		   void (*visit)(const struct coverage_reply *reply,
				 void *context),
		   void *context);

#endif
