/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Closes the window of --tally where input is waited for: when its time has
 * passed without a line. As much time passes as is left in the log, whose clock
 * may be another one.
 */
#ifndef MAILWHY_CMD_WINDOW_CLOCK_H
#define MAILWHY_CMD_WINDOW_CLOCK_H

#include "cmd/pipeline.h"

/* Zeroed before use. */
struct window_clock {
	int64_t latest_us; /* of the open window, the latest delivery */
	int64_t since_us;  /* the steady clock then */
};

/* After each block: remembers when the latest delivery came. */
void window_clock_note(struct window_clock *clock,
		       const struct pipeline *pipeline);

/* Before waiting: closes the window if its time has passed. Returns how long to
 * wait for that in milliseconds, -1: no window is open. */
int window_clock_close(const struct window_clock *clock,
		       struct pipeline *pipeline);

#endif
