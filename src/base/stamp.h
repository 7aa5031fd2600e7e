/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Points in time: microseconds since the epoch, and how they were written.
 * RFC 3339 stamps carry their zone; RFC 3164 stamps have neither zone nor year
 * and are completed by a calendar, which follows one input from stamp to stamp.
 * The local zone is the process's (TZ); cmd/ sets it once at the start.
 */
#ifndef MAILWHY_BASE_STAMP_H
#define MAILWHY_BASE_STAMP_H

#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

struct stamp {
	int64_t us;       /* since 1970-01-01T00:00:00Z */
	int32_t offset_s; /* east of UTC, of the zone it was written in */
	uint8_t digits;   /* of the fraction as it was written, 0 to 6 */
	bool known;       /* false: no stamp at all */
};

/*
 * What completes RFC 3164 stamps of one input. Start with calendar_init(); all
 * of it is its own. Times named _local_s are seconds of local time, that is as
 * if the local clock were UTC.
 *
 * But `witness` is the caller's, set for the lines that it is about: the stamp
 * of somebody who had the line as it was written, as Docker has. A line's stamp
 * that is, in some zone, that of the witness or up to two minutes before it
 * gets zone and year from it; others are not touched by it.
 */
struct calendar {
	int first_year;         /* as the user said; 0: to be inferred */
	int64_t limit_local_s;  /* no stamp is later; INT64_MAX: no limit */
	int64_t latest_local_s; /* the latest stamp so far */
	int latest_year;        /* its year; 0: no stamp yet */
	struct stamp last;      /* the stamp before; not known: none yet */
	struct stamp witness;   /* not known: none */
	int64_t cached_quarter; /* quarter hours of local time since 1970 */
	int32_t cached_before_s;
	int32_t cached_after_s;
	bool cached;
};

/*
 * `reference_us` is when the input was last written (a file's mtime, or now
 * for a stream); `year` is what the user said, 0 if nothing. Without a year
 * the first stamp gets the latest year that does not put it more than a day
 * after the reference; each further stamp gets the year that puts it nearest
 * to the latest one so far, under the same limit: a clock that jumps back by
 * months and returns does not move the year. With a year the first stamp gets
 * that year, and the limit does not apply. 29 February gets the nearest leap
 * year, the earlier of two, whatever the user said.
 */
void calendar_init(struct calendar *calendar, int64_t reference_us, int year);

/*
 * The input was written to at `reference_us`: moves the limit on, never back.
 * Whoever reads an input that grows calls it for each block, or the stamps of
 * next January get this year.
 */
void calendar_reach(struct calendar *calendar, int64_t reference_us);

/*
 * Reads "Nov 23 10:11:12", also "Nov  3", "Nov 03", "Nov 3" and a fraction
 * ".123456" after the seconds, at the start of `text`. Returns the length; 0,
 * and *stamp zeroed, if there is none. A local time that occurs twice (end of
 * daylight saving) is the first one that is not more than 5 minutes before the
 * stamp before; one that does not exist (start) is moved forward, as a clock
 * is: 02:30 is 03:30. Second 60 is the second after 59.
 */
size_t stamp_parse_rfc3164(struct slice text, struct calendar *calendar,
			   struct stamp *stamp);

/*
 * Reads "2026-11-23T10:11:12.123456+01:00" at the start of `text`: "T" may be
 * a blank, the zone "Z", "+01:00" or "+0100" (journalctl); more than 6 digits
 * of the fraction are cut. Returns the length; 0, and *stamp zeroed, if there
 * is none.
 */
size_t stamp_parse_rfc3339(struct slice text, struct stamp *stamp);

/*
 * Reads "@4000000065a1b2c3075bcd15" (TAI64N, as daemontools' multilog writes
 * it) or "1795477808.237823" (seconds since the epoch, as qmail does) at the
 * start of `text`; to microseconds, in the local zone. Returns the length; 0,
 * and *stamp zeroed, if there is none.
 */
size_t stamp_parse_counted(struct slice text, struct stamp *stamp);

/*
 * Reads "2026-11-23 10:11:12" at the start of `text`, with a fraction and with
 * a zone behind a blank (" +0100"), if it has them, as Exim writes it in its
 * own log. Without a zone it is of the local one, as stamp_parse_rfc3164()
 * says. Returns the length; 0, and *stamp zeroed, if there is none.
 */
size_t stamp_parse_plain(struct slice text, struct calendar *calendar,
			 struct stamp *stamp);

/*
 * Reads "Mon 2026-11-23 10:11:12 CET" (journalctl -o short-full) at the start
 * of `text`, a fraction allowed. A zone of letters that is not UTC or GMT is
 * taken for the local one. Returns the length; 0, and *stamp zeroed, if there
 * is none.
 */
size_t stamp_parse_full(struct slice text, struct calendar *calendar,
			struct stamp *stamp);

/*
 * Reads the time since 1970 as a number at the start of `text`: "1795424400",
 * "1795424400.123456", "1.7954244e9"; by their size also milliseconds,
 * microseconds and nanoseconds. Numbers that would lie before March 1973 are
 * none. The stamp is of the local zone. Returns the length; 0, and *stamp
 * zeroed, if there is none.
 */
size_t stamp_parse_unix(struct slice text, struct stamp *stamp);

/*
 * Adds the stamp as RFC 3339, with as many digits as it was written with. The
 * offset is rounded to minutes, which is all that RFC 3339 can say, and the
 * year to 0000 or 9999; what stamp_parse_...() returns needs neither, except
 * for local mean time of long ago.
 */
void stamp_write(struct buf *buf, struct stamp stamp);

/* A stamp of this instant in the local zone, without a fraction. */
struct stamp stamp_local(int64_t us);

/*
 * The stamp of a local time, which is given as if the local clock were UTC. Of
 * a time that occurs twice it is the first; one that does not exist is moved
 * forward.
 */
struct stamp stamp_at_local(int64_t local_us);

/* Microseconds since the epoch, by the system's clock. */
int64_t stamp_now_us(void);

/* Microseconds of a clock that nobody sets, for measuring time; its zero means
 * nothing. */
int64_t stamp_monotonic_us(void);

#endif
