/* SPDX-License-Identifier: Apache-2.0 */
#include "base/when.h"

#define SECOND_US INT64_C(1000000)
#define DAY_US    (86400 * SECOND_US)

/* A thousand years: enough for any log, and nothing can overflow. */
#define LONGEST_AGO_S INT64_C(31557600000)

enum { LONGEST = 64 };

/* A text that is put together to be parsed as RFC 3339. */
struct spelling {
	char at[LONGEST];
	size_t len;
};

static void spell(struct spelling *spelling, struct slice text)
{
	size_t room = sizeof(spelling->at) - spelling->len;
	struct slice fits = slice_head(text, room);

	if (fits.len)
		memcpy(spelling->at + spelling->len, fits.at, fits.len);
	spelling->len += fits.len;
}

static int64_t floor_rest(int64_t number, int64_t by)
{
	int64_t over = number % by;

	return over < 0 ? over + by : over;
}

/* Where the zone begins: "Z", or a sign behind the time. */
static size_t find_zone(struct slice time)
{
	for (size_t i = 0; i < time.len; i++)
		if (time.at[i] == 'Z' || time.at[i] == '+' || time.at[i] == '-')
			return i;
	return time.len;
}

/* A time, which may lack its seconds and its zone, of a date. Without a zone
 * the stamp is as if the local clock were UTC. */
static bool read_clock(struct slice date, struct slice time,
		       struct stamp *stamp, bool *zoned)
{
	struct spelling spelling = { .len = 0 };
	size_t end = find_zone(time);

	*zoned = end < time.len;
	spell(&spelling, date);
	spell(&spelling, SLICE("T"));
	spell(&spelling, slice_head(time, end));
	if (end == sizeof("10:11") - 1)
		spell(&spelling, SLICE(":00"));
	spell(&spelling, *zoned ? slice_after(time, end) : SLICE("Z"));
	return spelling.len < sizeof(spelling.at) &&
	       stamp_parse_rfc3339((struct slice){ spelling.at, spelling.len },
				   stamp) == spelling.len;
}

/* "2026-11-23", and a time behind it. */
static bool read_date(struct slice words, struct stamp *stamp)
{
	enum { DATE = sizeof("2026-11-23") - 1 };
	struct slice date = slice_head(words, DATE);
	struct slice time = slice_after(words, DATE);
	bool zoned;

	if (!time.len)
		time = SLICE("00:00");
	else if (!slice_skip(&time, SLICE("T")) &&
		 !slice_skip(&time, SLICE(" ")))
		return false;
	if (!read_clock(date, time, stamp, &zoned))
		return false;
	if (!zoned)
		*stamp = stamp_at_local(stamp->us);
	return true;
}

/* "today", "yesterday 10:11", "10:11"; `day_us` is today's beginning. */
static bool read_day(struct slice words, int64_t day_us, struct stamp *stamp)
{
	struct stamp time = { 0 };
	bool named = true;
	bool zoned = false;

	if (slice_skip(&words, SLICE("yesterday")))
		day_us -= DAY_US;
	else
		named = slice_skip(&words, SLICE("today"));
	if (named && words.len && !slice_skip(&words, SLICE(" ")))
		return false;
	if ((words.len || !named) &&
	    (!read_clock(SLICE("1970-01-01"), words, &time, &zoned) || zoned))
		return false;
	*stamp = stamp_at_local(day_us + time.us);
	return true;
}

/* The seconds of a unit, in the singular or plural; 0: there is none. */
static int64_t unit_seconds(struct slice unit)
{
	static const struct {
		struct slice name;
		int64_t seconds;
	} units[] = {
		{ SLICE("s"), 1 },         { SLICE("sec"), 1 },
		{ SLICE("second"), 1 },    { SLICE("m"), 60 },
		{ SLICE("min"), 60 },      { SLICE("minute"), 60 },
		{ SLICE("h"), 3600 },      { SLICE("hour"), 3600 },
		{ SLICE("d"), 86400 },     { SLICE("day"), 86400 },
		{ SLICE("w"), 7 * 86400 }, { SLICE("week"), 7 * 86400 },
	};

	/* "ms" is no plural. */
	if (unit.len > 3 && slice_ends(unit, SLICE("s")))
		unit.len--;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (slice_equal(unit, units[i].name))
			return units[i].seconds;
	return 0;
}

/* "2 hours ago", "2h ago". */
static bool read_ago(struct slice words, struct stamp now, struct stamp *stamp)
{
	size_t digits = 0;
	uint64_t count;
	int64_t seconds;
	int64_t back_us;

	while (digits < words.len && words.at[digits] >= '0' &&
	       words.at[digits] <= '9')
		digits++;
	if (!slice_number(slice_head(words, digits), &count) ||
	    !slice_ends(words, SLICE(" ago")))
		return false;
	words.len -= sizeof(" ago") - 1;
	seconds = unit_seconds(slice_trim(slice_after(words, digits)));
	if (!seconds || count > (uint64_t)(LONGEST_AGO_S / seconds))
		return false;
	back_us = (int64_t)count * seconds * SECOND_US;
	if (seconds < 86400)
		*stamp = stamp_local(now.us - back_us);
	else
		*stamp = stamp_at_local(now.us + now.offset_s * SECOND_US -
					back_us);
	return true;
}

static bool read_words(struct slice words, struct stamp now, int year,
		       struct stamp *stamp)
{
	int64_t local_us = now.us + now.offset_s * SECOND_US;
	struct calendar calendar;

	if (slice_equal(words, SLICE("now"))) {
		*stamp = now;
		return true;
	}
	calendar_init(&calendar, now.us, year);
	return words.len &&
	       (read_date(words, stamp) ||
		read_day(words, local_us - floor_rest(local_us, DAY_US),
			 stamp) ||
		read_ago(words, now, stamp) ||
		stamp_parse_rfc3164(words, &calendar, stamp) == words.len);
}

bool when_parse(struct slice words, int64_t now_us, int year,
		struct stamp *when)
{
	if (read_words(slice_trim(words), stamp_local(now_us), year, when))
		return true;
	*when = (struct stamp){ 0 };
	return false;
}
