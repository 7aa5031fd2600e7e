/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds by bisection where a period lies in a large log whose stamps are in
 * order. Lines of several hosts or processes may be out of order by some
 * minutes: what is found is wider than the period by as much, and whoever
 * reads it looks at each line. That the stamps are in order is checked at
 * samples all over the file.
 */
#ifndef MAILWHY_CMD_SEEK_H
#define MAILWHY_CMD_SEEK_H

#include "parse/period.h"

struct seek_range {
	uint64_t from;            /* where a line begins */
	uint64_t to;              /* UINT64_MAX: the end, wherever it is then */
	struct calendar calendar; /* as if the lines before had been read */
};

/*
 * `calendar` is that of a file whose first line is not read yet. False: the
 * file has lines without stamps at its samples, or they are not in order, or
 * it cannot be read; then *range is all of it.
 */
bool seek_period(int fd, uint64_t size, const struct period *period,
		 const struct calendar *calendar, struct seek_range *range);

#endif
