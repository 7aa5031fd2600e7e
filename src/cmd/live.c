/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/live.h"

#include <limits.h>

#include "base/stamp.h"
#include "cmd/signals.h"

/* A window is closed that much after its end: stamps are rounded down to the
 * second, and lines are on their way for a moment. */
enum { GRACE_US = 2000000 };

void live_note(struct live *live, const struct pipeline *pipeline)
{
	int64_t latest_us;
	int64_t left_us;

	if (!pipeline_window(pipeline, &latest_us, &left_us) ||
	    latest_us == live->latest_us)
		return;
	live->latest_us = latest_us;
	live->since_us = stamp_monotonic_us();
}

/* Closes the window if its time has passed. Returns how long to wait for that
 * in milliseconds, -1: no window is open. */
static int close_window(const struct live *live, struct pipeline *pipeline)
{
	int64_t latest_us;
	int64_t left_us;

	if (!pipeline_window(pipeline, &latest_us, &left_us))
		return -1;
	left_us += live->since_us + GRACE_US - stamp_monotonic_us();
	if (left_us <= 0) {
		pipeline_close_window(pipeline);
		return -1;
	}
	return left_us / 1000 < INT_MAX ? (int)(left_us / 1000) + 1 : INT_MAX;
}

int live_wait(const struct live *live, struct pipeline *pipeline, int fd,
	      int timeout_ms, struct fault *fault)
{
	struct pollfd fds[SIGNALS_FDS] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = pipeline_sink(pipeline)->fd },
	};
	int window_ms = close_window(live, pipeline);

	if (pipeline_flush(pipeline, fault) < 0)
		return -1;
	if (timeout_ms < 0 || (window_ms >= 0 && window_ms < timeout_ms))
		timeout_ms = window_ms;
	return !signals_wait(fds, SIGNALS_FDS, timeout_ms) ||
	       !(fds[1].revents & (POLLERR | POLLHUP | POLLNVAL));
}
