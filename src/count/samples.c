/* SPDX-License-Identifier: Apache-2.0 */
#include "count/samples.h"

void samples_add(struct samples *samples, struct slice line)
{
	if (samples->count == SAMPLES_LIMIT)
		return;
	samples->lines[samples->count++] = arena_keep(
		&samples->arena, slice_head(line, SAMPLE_BYTES));
}

void samples_clear(struct samples *samples)
{
	arena_clear(&samples->arena);
	samples->count = 0;
}
