/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/window_clock.h"

#include <limits.h>

#include "base/stamp.h"

/* A window is closed that much after its end: stamps are rounded down to the
 * second, and lines are on their way for a moment. */
enum { GRACE_US = 2000000 };

void window_clock_note(struct window_clock *clock,
		       const struct pipeline *pipeline)
{
	int64_t latest_us;
	int64_t left_us;

	if (!pipeline_window(pipeline, &latest_us, &left_us) ||
	    latest_us == clock->latest_us)
		return;
	clock->latest_us = latest_us;
	clock->since_us = stamp_monotonic_us();
}

int window_clock_close(const struct window_clock *clock,
		       struct pipeline *pipeline)
{
	int64_t latest_us;
	int64_t left_us;

	if (!pipeline_window(pipeline, &latest_us, &left_us))
		return -1;
	left_us += clock->since_us + GRACE_US - stamp_monotonic_us();
	if (left_us <= 0) {
		pipeline_close_window(pipeline);
		return -1;
	}
	return left_us / 1000 < INT_MAX ? (int)(left_us / 1000) + 1 : INT_MAX;
}
