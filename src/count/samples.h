/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first few lines that looked like a delivery attempt and matched no rule,
 * so that somebody can see what is missing. Owns its copies.
 */
#ifndef MAILWHY_COUNT_SAMPLES_H
#define MAILWHY_COUNT_SAMPLES_H

#include "base/arena.h"
#include "base/slice.h"

enum { SAMPLES_LIMIT = 10, SAMPLE_BYTES = 1000 };

struct samples {
	struct arena arena;
	struct slice lines[SAMPLES_LIMIT];
	size_t count;
};

/* Keeps the start of `line` if there is room. */
void samples_add(struct samples *samples, struct slice line);
void samples_clear(struct samples *samples);

#endif
