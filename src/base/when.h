/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Points in time as people write them: RFC 3339, with or without zone, time or
 * seconds ("2026-11-23T10:11:12Z", "2026-11-23 10:11", "2026-11-23"); a stamp
 * as RFC 3164 logs have it ("Nov 23 10:11:12"); "now"; "today" and "yesterday",
 * also with a time behind; a time of today ("10:11"); "30 min ago", "2 hours
 * ago", "3 days ago", "1 week ago". Without a zone the local one is meant, a
 * date alone is its beginning, and days and weeks ago end at the same time of
 * the day.
 */
#ifndef MAILWHY_BASE_WHEN_H
#define MAILWHY_BASE_WHEN_H

#include "base/stamp.h"

/* False, and *when zeroed, if `words` are none of that. `year` is for stamps
 * that have none; 0: the latest that is not in the future. */
bool when_parse(struct slice words, int64_t now_us, int year,
		struct stamp *when);

#endif
