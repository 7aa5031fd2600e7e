/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdlib.h>
#include <time.h>

#include "base/when.h"

/* 2026-11-23T10:11:12.5+01:00, a Monday in Berlin. */
#define NOW_US INT64_C(1795425072500000)

static void set_zone(const char *zone)
{
	assert_int_equal(setenv("TZ", zone, 1), 0);
	tzset();
}

/* What `words` mean, as RFC 3339 to the second; "" if nothing. */
static struct slice read_words(const char *words, int64_t now_us,
			       struct buf *out)
{
	struct stamp stamp;

	buf_reset(out);
	if (!when_parse(slice_from(words), now_us, 0, &stamp)) {
		assert_false(stamp.known);
		return (struct slice){ 0 };
	}
	assert_true(stamp.known);
	stamp.digits = 0;
	stamp_write(out, stamp);
	return buf_slice(out);
}

static const struct {
	const char *words;
	const char *means;
} rows[] = {
	{ "2026-11-20T08:09:10Z", "2026-11-20T08:09:10+00:00" },
	{ "2026-11-20T08:09:10.25-05:00", "2026-11-20T08:09:10-05:00" },
	{ "2026-11-20 08:09:10+0200", "2026-11-20T08:09:10+02:00" },
	{ "2026-11-20T08:09Z", "2026-11-20T08:09:00+00:00" },
	{ "2026-11-20T08:09:10", "2026-11-20T08:09:10+01:00" },
	{ "2026-11-20 08:09", "2026-11-20T08:09:00+01:00" },
	{ "2026-11-20", "2026-11-20T00:00:00+01:00" },
	{ "2026-07-20", "2026-07-20T00:00:00+02:00" },
	{ "Nov 20 08:09:10", "2026-11-20T08:09:10+01:00" },
	{ "Dec 24 08:09:10", "2025-12-24T08:09:10+01:00" },
	{ "now", "2026-11-23T10:11:12+01:00" },
	{ " now ", "2026-11-23T10:11:12+01:00" },
	{ "today", "2026-11-23T00:00:00+01:00" },
	{ "yesterday", "2026-11-22T00:00:00+01:00" },
	{ "yesterday 17:30", "2026-11-22T17:30:00+01:00" },
	{ "today 08:00:30", "2026-11-23T08:00:30+01:00" },
	{ "08:30", "2026-11-23T08:30:00+01:00" },
	{ "23:59:59", "2026-11-23T23:59:59+01:00" },
	{ "30 min ago", "2026-11-23T09:41:12+01:00" },
	{ "2 hours ago", "2026-11-23T08:11:12+01:00" },
	{ "1 hour ago", "2026-11-23T09:11:12+01:00" },
	{ "2h ago", "2026-11-23T08:11:12+01:00" },
	{ "90 seconds ago", "2026-11-23T10:09:42+01:00" },
	{ "3 days ago", "2026-11-20T10:11:12+01:00" },
	{ "1 week ago", "2026-11-16T10:11:12+01:00" },
	/* Over the change of the clocks it stays the same time of day. */
	{ "30 days ago", "2026-10-24T10:11:12+02:00" },
	{ "1000 weeks ago", "2007-09-24T10:11:12+02:00" },
	{ "", "" },
	{ " ", "" },
	{ "tomorrow", "" },
	{ "ago", "" },
	{ "2 ago", "" },
	{ "2 hours", "" },
	{ "-2 hours ago", "" },
	{ "2 ms ago", "" },
	{ "2 hours agony", "" },
	{ "31557600001 s ago", "" },
	{ "100000000 weeks ago", "" },
	{ "99999999999999999999 s ago", "" },
	{ "8:30", "" },
	{ "24:00", "" },
	{ "08:60", "" },
	{ "08:30Z", "" },
	{ "today08:00", "" },
	{ "yesterday Z", "" },
	{ "2026-02-29", "" },
	{ "2026-13-01", "" },
	{ "2026-11-20T", "" },
	{ "2026-11-20T08", "" },
	{ "2026-11-20X08:09", "" },
	{ "2026-11-20T08:09:10Zulu", "" },
	{ "2026-11-20T08:09:10.000000000000000000000000000000000000000000001Z",
	  "" },
	{ "Nov 20", "" },
	{ "Nov 20 08:09:10 mx1", "" },
};

static void reads_times_as_people_write_them(void **state)
{
	struct buf out = { 0 };

	(void)state;
	set_zone("Europe/Berlin");
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct slice got = read_words(rows[i].words, NOW_US, &out);

		if (!slice_equal(got, slice_from(rows[i].means)))
			fail_msg("\"%s\" is \"%.*s\", not \"%s\"",
				 rows[i].words, (int)got.len,
				 got.len ? got.at : "", rows[i].means);
	}
	buf_clear(&out);
}

static void finds_the_day_where_the_clocks_are_changed(void **state)
{
	/* 2026-03-29T03:30:00+02:00, half an hour after the change. */
	int64_t now_us = INT64_C(1774747800000000);
	struct buf out = { 0 };

	(void)state;
	set_zone("Europe/Berlin");
	assert_true(slice_equal(read_words("today", now_us, &out),
				SLICE("2026-03-29T00:00:00+01:00")));
	assert_true(slice_equal(read_words("1 hour ago", now_us, &out),
				SLICE("2026-03-29T01:30:00+01:00")));
	/* 02:30 does not exist and is moved forward. */
	assert_true(slice_equal(read_words("02:30", now_us, &out),
				SLICE("2026-03-29T03:30:00+02:00")));
	buf_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_times_as_people_write_them),
		cmocka_unit_test(finds_the_day_where_the_clocks_are_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
