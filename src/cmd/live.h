/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Input that goes on while it is read: waiting for more of it, and closing the
 * window of --tally when its time has passed without a line. As much time
 * passes as is left in the log, whose clock may be another one.
 */
#ifndef MAILWHY_CMD_LIVE_H
#define MAILWHY_CMD_LIVE_H

#include "cmd/pipeline.h"

/* Zeroed before use. */
struct live {
	int64_t latest_us; /* of the open window, the latest delivery */
	int64_t since_us;  /* the steady clock then */
};

/* After each block: remembers when the latest delivery came. */
void live_note(struct live *live, const struct pipeline *pipeline);

/*
 * Waits until `fd` (-1: none) can be read, `timeout_ms` have passed (-1: for
 * ever), a signal comes or a window is to be closed. Nothing is held back
 * meanwhile, and a reader of the output that goes away is noticed. 1: there may
 * be more to read; 0: nobody reads the output any more; -1 and a fault: it
 * cannot be written.
 */
int live_wait(const struct live *live, struct pipeline *pipeline, int fd,
	      int timeout_ms, struct fault *fault);

#endif
