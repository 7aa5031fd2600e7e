/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "cmd/seek.h"
#include "parse/header.h"

#define S INT64_C(1000000)

/* The log begins at 2026-11-23T00:00:00Z and has a line every 3 seconds. Lines
 * are long, so that five minutes are more than is read at once. */
#define START_US (INT64_C(1795392000) * S)

enum { LINES = 10000, STEP_S = 3, PADDING = 2000, LINE_MOST = 2200 };

static void add_line(struct buf *buf, int64_t us, bool rfc3164)
{
	struct stamp stamp = stamp_local(us);
	size_t from = buf->len;

	if (!rfc3164) {
		stamp_write(buf, stamp);
	} else {
		static const char months[] = "OctNovDecJanFebMar";
		time_t time = (time_t)(us / S);
		struct tm parts;
		char text[32];

		(void)localtime_r(&time, &parts);
		(void)snprintf(text, sizeof(text), "%.3s %2d %02d:%02d:%02d",
			       months + 3 * ((parts.tm_mon + 3) % 12),
			       parts.tm_mday, parts.tm_hour, parts.tm_min,
			       parts.tm_sec);
		buf_add(buf, slice_from(text));
	}
	buf_add(buf, SLICE(" mx1 postfix/smtp[101]: "));
	/* Lengths differ. */
	for (size_t i = from; i < from + PADDING + (size_t)(us / S) % 90; i++)
		buf_add_char(buf, 'x');
	buf_add_char(buf, '\n');
}

static int file_with(struct slice bytes)
{
	char path[] = "/tmp/test_seek.XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(fd_write(fd, bytes.at, bytes.len), 0);
	return fd;
}

static struct slice kept_of(struct slice text, const struct period *period,
			    const struct calendar *calendar, struct buf *kept)
{
	struct period_filter filter = { .kept = *kept };
	struct slice found;

	period_begin(&filter, period, calendar);
	found = period_keep(&filter, text);
	*kept = filter.kept;
	envelope_free(filter.envelope);
	return found;
}

static struct calendar calendar_until(int64_t us, int year)
{
	struct calendar calendar;

	calendar_init(&calendar, us, year);
	return calendar;
}

/* The range holds all lines of the period, and little else. */
static void check_range(int fd, struct slice text, const struct period *period,
			struct calendar calendar)
{
	struct seek_range range;
	struct buf kept = { 0 };
	struct buf kept_of_range = { 0 };
	struct slice wanted;
	struct slice part = text;

	assert_true(seek_period(fd, text.len, period, &calendar, &range));
	if (range.to < text.len)
		part.len = (size_t)range.to;
	part = slice_after(part, (size_t)range.from);
	if (range.from)
		assert_int_equal(text.at[range.from - 1], '\n');
	wanted = kept_of(text, period, &calendar, &kept);
	assert_true(slice_equal(
		kept_of(part, period, &range.calendar, &kept_of_range),
		wanted));
	/* 5 minutes, which are 100 lines, and 64 KiB at each end. */
	assert_true(part.len < wanted.len + 2 * (100 * LINE_MOST + 70000));
	buf_clear(&kept);
	buf_clear(&kept_of_range);
}

/* Seconds since the log's beginning; -1: not known. */
static const struct {
	int since_s;
	int until_s;
} periods[] = {
	{ 15000, 15010 },
	{ 15001, 15002 },
	{ 0, 10 },
	{ -1, 10 },
	{ LINES * STEP_S - 10, -1 },
	{ LINES * STEP_S - 10, LINES *STEP_S + 100000 },
	{ 7500, -1 },
	{ -1, 7500 },
	/* Nothing is there. */
	{ LINES * STEP_S + 10000, -1 },
	{ LINES * STEP_S + 10000, LINES *STEP_S + 10001 },
	{ -1, -10000 },
	{ -20000, -10000 },
};

static struct period period_at(size_t row, int64_t start_us)
{
	struct period period = { 0 };

	if (periods[row].since_s != -1) {
		period.since.us = start_us + periods[row].since_s * S;
		period.since.known = true;
	}
	if (periods[row].until_s != -1) {
		period.until.us = start_us + periods[row].until_s * S;
		period.until.known = true;
	}
	return period;
}

static void fill(struct buf *buf, int64_t start_us, bool rfc3164)
{
	for (int i = 0; i < LINES; i++) {
		/* Out of order by four minutes, now and then. */
		int64_t back_us = i % 50 == 49 ? 240 * S : 0;

		add_line(buf, start_us + i * STEP_S * S - back_us, rfc3164);
		if (i % 50 == 49)
			buf_add(buf, SLICE("  goes on\n"));
	}
}

static void finds_a_period_in_a_log(void **state)
{
	struct buf log = { 0 };
	int fd;

	(void)state;
	fill(&log, START_US, false);
	fd = file_with(buf_slice(&log));
	for (size_t i = 0; i < COUNT(periods); i++) {
		struct period period = period_at(i, START_US);

		check_range(fd, buf_slice(&log), &period,
			    calendar_until(START_US, 0));
	}
	close(fd);
	buf_clear(&log);
}

/* The log begins on New Year's Eve, four hours before midnight. */
static void finds_a_period_where_stamps_have_no_year(void **state)
{
	int64_t start_us = INT64_C(1798747200) * S;
	struct buf log = { 0 };
	int fd;

	(void)state;
	fill(&log, start_us, true);
	fd = file_with(buf_slice(&log));
	for (size_t i = 0; i < COUNT(periods); i++) {
		struct period period = period_at(i, start_us);

		check_range(fd, buf_slice(&log), &period,
			    calendar_until(start_us + LINES * STEP_S * S, 0));
		check_range(fd, buf_slice(&log), &period,
			    calendar_until(0, 2026));
	}
	close(fd);
	buf_clear(&log);
}

/* Over the night in which 02:00 to 03:00 comes twice, a day before and eight
 * after: samples are more than an hour apart. */
static void finds_an_hour_that_comes_twice(void **state)
{
	enum { APART_S = 45, BEFORE_S = 86400 };
	int64_t start_us = INT64_C(1792796400) * S; /* 2026-10-24T01:00+02:00 */
	struct buf log = { 0 };
	int fd;

	(void)state;
	assert_int_equal(setenv("TZ", "Europe/Berlin", 1), 0);
	tzset();
	for (int i = 0; i < 2 * LINES; i++)
		add_line(&log, start_us + i * APART_S * S, true);
	fd = file_with(buf_slice(&log));
	for (int minutes = 30; minutes < 200; minutes += 5) {
		int64_t since_us = start_us + (BEFORE_S + minutes * 60) * S;
		struct period period = {
			.since = stamp_local(since_us),
			.until = stamp_local(since_us + 300 * S),
		};
		struct calendar calendar = calendar_until(
			start_us + 2 * LINES * APART_S * S, 0);
		struct slice part = buf_slice(&log);
		struct seek_range range;
		struct buf one = { 0 };
		struct buf other = { 0 };

		assert_true(
			seek_period(fd, log.len, &period, &calendar, &range));
		part.len = range.to < part.len ? (size_t)range.to : part.len;
		part = slice_after(part, (size_t)range.from);
		assert_true(slice_equal(
			kept_of(part, &period, &range.calendar, &one),
			kept_of(buf_slice(&log), &period, &calendar, &other)));
		buf_clear(&one);
		buf_clear(&other);
	}
	close(fd);
	buf_clear(&log);
	assert_int_equal(setenv("TZ", "UTC", 1), 0);
	tzset();
}

static void check_refused(struct slice text, size_t size)
{
	struct period period = period_at(0, START_US);
	struct calendar calendar = calendar_until(START_US, 0);
	struct seek_range range;
	int fd = file_with(text);

	assert_false(seek_period(fd, size, &period, &calendar, &range));
	assert_true(range.from == 0 && range.to == UINT64_MAX);
	assert_int_equal(range.calendar.latest_year, 0);
	close(fd);
}

static void refuses_what_is_not_in_order(void **state)
{
	struct buf log = { 0 };

	(void)state;
	/* Two logs, one behind the other. */
	fill(&log, START_US, false);
	fill(&log, START_US, false);
	check_refused(buf_slice(&log), log.len);
	buf_reset(&log);
	for (int i = LINES; i > 0; i--)
		add_line(&log, START_US + i * STEP_S * S, false);
	check_refused(buf_slice(&log), log.len);
	buf_clear(&log);
}

static void refuses_what_has_no_stamps(void **state)
{
	struct buf log = { 0 };

	(void)state;
	for (size_t i = 0; i < 5000000; i++)
		buf_add_char(&log, i % 100 ? (char)(i * 7) : '\n');
	check_refused(buf_slice(&log), log.len);
	/* One endless line. */
	buf_reset(&log);
	add_line(&log, START_US, false);
	for (size_t i = 0; i < 5000000; i++)
		buf_add_char(&log, 'x');
	check_refused(buf_slice(&log), log.len);
	/* It was truncated just now. */
	check_refused(SLICE(""), 5000000);
	buf_clear(&log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_a_period_in_a_log),
		cmocka_unit_test(finds_a_period_where_stamps_have_no_year),
		cmocka_unit_test(finds_an_hour_that_comes_twice),
		cmocka_unit_test(refuses_what_is_not_in_order),
		cmocka_unit_test(refuses_what_has_no_stamps),
	};

	(void)setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
