/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Windows of log time: which window a stamp belongs to, and when the one that
 * is open has to be closed. A window of `seconds` begins at a multiple of
 * `seconds` since the epoch; with seconds 0 there is one window for all input,
 * from the first stamp to the last. A stamp before the open window (a late
 * line) belongs to the open window: nothing is counted in two windows, and no
 * closed window opens again. A stamp that is not known changes nothing.
 * Whoever knows otherwise that the time is over may close the window: then a
 * late line belongs to the next one.
 *
 * The ends of a timed window are written in the zone of the stamp that opened
 * it, without a fraction; those of the one window for all are the stamps
 * themselves.
 */
#ifndef MAILWHY_COUNT_WINDOW_H
#define MAILWHY_COUNT_WINDOW_H

#include <stdint.h>

#include "base/stamp.h"

struct window {
	int64_t seconds;    /* 0: one window for all */
	struct stamp start; /* not known: nothing seen yet */
	struct stamp end;   /* exclusive in timed windows, else the last */
	struct stamp shut;  /* no window begins before; not known: any may */
};

/* `seconds` is 0 or more, and at most 100 years. */
void window_init(struct window *window, int64_t seconds);

/*
 * True if the window must be closed before something at `stamp` is counted:
 * write out what was counted, then call window_open(). False while nothing is
 * open, and for stamps that are not known.
 */
bool window_passed(const struct window *window, struct stamp stamp);

/* Opens the window that `stamp` lies in. */
void window_open(struct window *window, struct stamp stamp);

/* Closes a timed window: none is open then. */
void window_close(struct window *window);

/* Takes note of a stamp in the open window; opens one if none is. Without
 * seconds it widens the window. */
void window_note(struct window *window, struct stamp stamp);

#endif
