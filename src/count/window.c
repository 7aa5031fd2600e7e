/* SPDX-License-Identifier: Apache-2.0 */
#include "count/window.h"

enum { US_PER_S = 1000000 };

void window_init(struct window *window, int64_t seconds)
{
	*window = (struct window){ .seconds = seconds };
}

bool window_passed(const struct window *window, struct stamp stamp)
{
	return window->seconds && window->start.known && stamp.known &&
	       stamp.us >= window->end.us;
}

/* The multiple of `width` at or before `us`: the remainder of a time before
 * 1970 is negative, and C would round towards 1970. */
static int64_t floor_to(int64_t us, int64_t width)
{
	int64_t over = us % width;

	return us - (over < 0 ? over + width : over);
}

void window_open(struct window *window, struct stamp stamp)
{
	int64_t width = window->seconds * US_PER_S;

	if (!stamp.known)
		return;
	if (window->shut.known && stamp.us < window->shut.us)
		stamp.us = window->shut.us;
	window->start = stamp;
	window->end = stamp;
	if (window->seconds == 0)
		return;
	/* Years have four digits: nothing here comes near the limits. */
	window->start.us = floor_to(stamp.us, width);
	window->start.digits = 0;
	window->end.us = window->start.us + width;
	window->end.digits = 0;
}

void window_close(struct window *window)
{
	window->shut = window->end;
	window->start = (struct stamp){ 0 };
	window->end = window->start;
}

void window_note(struct window *window, struct stamp stamp)
{
	if (!stamp.known)
		return;
	if (!window->start.known) {
		window_open(window, stamp);
		return;
	}
	if (window->seconds)
		return;
	if (stamp.us < window->start.us)
		window->start = stamp;
	if (stamp.us > window->end.us)
		window->end = stamp;
}
