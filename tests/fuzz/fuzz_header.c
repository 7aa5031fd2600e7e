/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of any bytes, one input of them, so that the calendar goes from stamp
 * to stamp. The first byte chooses zone and year. Whatever the bytes are: the
 * fields lie inside the line, in order; true means a stamp and a program,
 * false a zeroed header; a stamp that is written reads back as itself.
 */
#include <stdlib.h>
#include <time.h>

#include "parse/header.h"

#define REFERENCE_US INT64_C(1795424400000000) /* 2026-11-23T09:00:00Z */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static bool is_digits(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
	return true;
}

/* Moves *from behind the field, which must not begin before it. */
static void check_field(struct slice field, const char **from, const char *end)
{
	if (field.len == 0)
		return;
	check(field.at >= *from && field.at <= end);
	check(field.len <= (size_t)(end - field.at));
	*from = field.at + field.len;
}

static void check_stamp(struct stamp stamp)
{
	struct buf text = { 0 };
	struct stamp back;

	check(stamp.known && stamp.digits <= 6);
	check(stamp.offset_s > -86400 && stamp.offset_s < 86400);
	stamp_write(&text, stamp);
	check(stamp_parse_rfc3339(buf_slice(&text), &back) == text.len);
	check(back.us == stamp.us && back.digits == stamp.digits);
	buf_clear(&text);
}

static void check_line(struct slice line, struct calendar *calendar)
{
	static const struct header none;
	const char *from = line.at;
	const char *end = line.len ? line.at + line.len : line.at;
	struct header header;

	memset(&header, 0xff, sizeof(header));
	if (!header_parse(line, calendar, &header)) {
		check(!memcmp(&header, &none, sizeof(none)));
		return;
	}
	check(header.program.len > 0);
	check(is_digits(header.pid));
	check_field(header.host, &from, end);
	check_field(header.program, &from, end);
	check_field(header.pid, &from, end);
	check_field(header.message, &from, end);
	if (header.message.len)
		check(from == end);
	check_stamp(header.time);
}

/* Each line alone in memory: reading past its end is seen. */
static void check_copy(struct slice line, struct calendar *calendar)
{
	char *copy = malloc(line.len ? line.len : 1);

	check(copy != NULL);
	if (line.len)
		memcpy(copy, line.at, line.len);
	check_line((struct slice){ copy, line.len }, calendar);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const zones[] = { "UTC", "Europe/Berlin",
					     "America/New_York",
					     "Australia/Lord_Howe" };
	static const int years[] = { 0, 2024, 2026, 9999 };
	struct slice rest = { (const char *)data, size };
	struct slice line;
	struct calendar calendar;

	if (size == 0)
		return 0;
	check(!setenv("TZ", zones[data[0] % 4], 1));
	tzset();
	calendar_init(&calendar, REFERENCE_US, years[data[0] / 4 % 4]);
	rest = slice_after(rest, 1);
	while (slice_cut(&rest, '\n', &line))
		check_copy(line, &calendar);
	check_copy(rest, &calendar);
	return 0;
}
