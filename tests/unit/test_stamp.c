/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdlib.h>
#include <time.h>

#include "base/stamp.h"

#define SECOND_US INT64_C(1000000)

static void use_zone(const char *zone)
{
	assert_int_equal(setenv("TZ", zone, 1), 0);
	tzset();
}

static int64_t instant(const char *text)
{
	struct stamp stamp;

	assert_int_equal(stamp_parse_rfc3339(slice_from(text), &stamp),
			 strlen(text));
	return stamp.us;
}

static void assert_written(struct stamp stamp, const char *expected)
{
	struct buf buf = { 0 };

	stamp_write(&buf, stamp);
	buf_add_char(&buf, '\0');
	assert_string_equal(buf.at, expected);
	buf_clear(&buf);
}

static void assert_no_stamp(struct stamp stamp)
{
	assert_false(stamp.known);
	assert_int_equal(stamp.us, 0);
	assert_int_equal(stamp.offset_s, 0);
	assert_int_equal(stamp.digits, 0);
}

/* A text that ends at an unmapped byte for the sanitizer: no NUL behind it. */
static char *copy_bytes(const char *text)
{
	size_t len = strlen(text);
	char *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	memcpy(copy, text, len);
	return copy;
}

static const struct {
	const char *text;
	size_t len;          /* 0: is no stamp */
	const char *written; /* NULL: as read */
	int64_t us;
} rfc3339_cases[] = {
	{ "1970-01-01T00:00:00+00:00", 25, NULL, 0 },
	{ "2026-11-23T10:11:12.123456+01:00", 32, NULL, 1795425072123456 },
	{ "2026-11-23 10:11:12+01:00", 25, "2026-11-23T10:11:12+01:00",
	  1795425072000000 },
	/* journalctl -o short-iso-precise */
	{ "2026-11-23T10:11:12.123456+0100", 31,
	  "2026-11-23T10:11:12.123456+01:00", 1795425072123456 },
	{ "2026-11-23T09:11:12Z", 20, "2026-11-23T09:11:12+00:00",
	  1795425072000000 },
	{ "2026-11-23T04:11:12-05:00", 25, NULL, 1795425072000000 },
	{ "2026-11-23T08:41:12-00:30", 25, NULL, 1795425072000000 },
	{ "2026-11-23T14:56:12+05:45", 25, NULL, 1795425072000000 },
	{ "2026-11-23T09:11:12.5Z", 22, "2026-11-23T09:11:12.5+00:00",
	  1795425072500000 },
	{ "2026-11-23T09:11:12.05Z", 23, "2026-11-23T09:11:12.05+00:00",
	  1795425072050000 },
	{ "2026-11-23T09:11:12.000Z", 24, "2026-11-23T09:11:12.000+00:00",
	  1795425072000000 },
	{ "2026-11-23T09:11:12.1234Z", 25, "2026-11-23T09:11:12.1234+00:00",
	  1795425072123400 },
	{ "2026-11-23T09:11:12.12345Z", 26, "2026-11-23T09:11:12.12345+00:00",
	  1795425072123450 },
	{ "2026-11-23T09:11:12.1234567Z", 28,
	  "2026-11-23T09:11:12.123456+00:00", 1795425072123456 },
	{ "2026-11-23T09:11:12.12345678Z", 29,
	  "2026-11-23T09:11:12.123456+00:00", 1795425072123456 },
	{ "2026-11-23T09:11:12.123456999Z", 30,
	  "2026-11-23T09:11:12.123456+00:00", 1795425072123456 },
	{ "1969-12-31T23:59:59.999999+00:00", 32, NULL, -1 },
	{ "2024-02-29T00:00:00+00:00", 25, NULL, 1709164800000000 },
	{ "2000-02-29T00:00:00+00:00", 25, NULL, 951782400000000 },
	{ "2016-12-31T23:59:60Z", 20, "2017-01-01T00:00:00+00:00",
	  1483228800000000 },
	{ "0000-01-01T00:00:00+00:00", 25, NULL, -62167219200000000 },
	{ "9999-12-31T23:59:59.999999+00:00", 32, NULL, 253402300799999999 },
	{ "9999-12-31T23:59:59-23:59", 25, NULL, 253402387139000000 },
	{ "2026-11-23T09:11:12Zx", 20, "2026-11-23T09:11:12+00:00",
	  1795425072000000 },
	{ "", 0, NULL, 0 },
	{ "2", 0, NULL, 0 },
	{ "2026-11-23", 0, NULL, 0 },
	{ "2026-11-23T09:11:12", 0, NULL, 0 }, /* no zone */
	{ "2026-11-23T09:11:12.", 0, NULL, 0 },
	{ "2026-11-23T09:11:12.Z", 0, NULL, 0 },
	{ "2026-11-23T09:11:12+", 0, NULL, 0 },
	{ "2026-11-23T09:11:12+01", 0, NULL, 0 },
	{ "2026-11-23T09:11:12+01:", 0, NULL, 0 },
	{ "2026-11-23T09:11:12+01:6", 0, NULL, 0 },
	{ "2026-11-23T09:11:12+01:60", 0, NULL, 0 },
	{ "2026-11-23T09:11:12+24:00", 0, NULL, 0 },
	{ "2026-11-23T09:11:12+99:99", 0, NULL, 0 },
	{ "2026-11-23T09:11:12z", 0, NULL, 0 },
	{ "2026-11-23t09:11:12Z", 0, NULL, 0 },
	{ "2026-11-23T24:00:00Z", 0, NULL, 0 },
	{ "2026-11-23T23:60:00Z", 0, NULL, 0 },
	{ "2026-11-23T23:59:61Z", 0, NULL, 0 },
	{ "2026-11-31T00:00:00Z", 0, NULL, 0 },
	{ "2026-11-00T00:00:00Z", 0, NULL, 0 },
	{ "2026-00-10T00:00:00Z", 0, NULL, 0 },
	{ "2026-13-10T00:00:00Z", 0, NULL, 0 },
	{ "2026-02-29T00:00:00Z", 0, NULL, 0 },
	{ "2024-02-30T00:00:00Z", 0, NULL, 0 },
	{ "1900-02-29T00:00:00Z", 0, NULL, 0 },
	{ "20266-11-23T09:11:12Z", 0, NULL, 0 },
	{ "-026-11-23T09:11:12Z", 0, NULL, 0 },
	{ "2026-1-23T09:11:12Z", 0, NULL, 0 },
	{ " 2026-11-23T09:11:12Z", 0, NULL, 0 },
};

static void reads_and_writes_stamps_with_a_zone(void **state)
{
	(void)state;
	use_zone("America/New_York"); /* has no part in it */
	for (size_t i = 0; i < COUNT(rfc3339_cases); i++) {
		const char *text = rfc3339_cases[i].text;
		const char *written = rfc3339_cases[i].written;
		char *copy = copy_bytes(text);
		struct stamp stamp = { 9, 9, 9, true };

		print_message("case: %s\n", text);
		assert_int_equal(
			stamp_parse_rfc3339(
				(struct slice){ copy, strlen(text) }, &stamp),
			rfc3339_cases[i].len);
		assert_int_equal(stamp.us, rfc3339_cases[i].us);
		if (rfc3339_cases[i].len)
			assert_written(stamp, written ? written : text);
		else
			assert_no_stamp(stamp);
		free(copy);
	}
}

static const struct {
	const char *text;
	size_t len;
	const char *written;
} counted_cases[] = {
	{ "@400000000000000a00000000", 25, "1970-01-01T01:00:00.000000+01:00" },
	{ "@40000000419f13a508f3214c x", 25,
	  "2004-11-20T10:51:23.150151+01:00" },
	{ "@400000005a497a0a3b9ac9ff", 25, "2018-01-01T01:00:00.999999+01:00" },
	{ "1795477808.237823 x", 17, "2026-11-24T00:50:08.237823+01:00" },
	{ "977359048.466280500 x", 19, "2000-12-21T01:37:28.466280+01:00" },
	{ "99999999999.000000", 18, "5138-11-16T10:46:39.000000+01:00" },
	/* More than a second, before 1970, too short, no hexadecimal digits. */
	{ "@400000005a497a0a3b9aca00", 0, NULL },
	{ "@400000000000000900000000", 0, NULL },
	{ "@4000003b0000000a00000000", 0, NULL },
	{ "@ffffffffffffffff00000000", 0, NULL },
	{ "@400000005a497a0a0000000", 0, NULL },
	{ "@400000005A497A0A00000000", 0, NULL },
	{ "@", 0, NULL },
	{ "", 0, NULL },
	{ "12345678.123456", 0, NULL },
	{ "123456789012.123456", 0, NULL },
	{ "1795477808.23782", 0, NULL },
	{ "1795477808", 0, NULL },
	{ "1795477808:237823", 0, NULL },
	{ "-795477808.237823", 0, NULL },
};

static void reads_stamps_that_count(void **state)
{
	(void)state;
	use_zone("CET-1");
	for (size_t i = 0; i < COUNT(counted_cases); i++) {
		const char *text = counted_cases[i].text;
		char *copy = copy_bytes(text);
		struct stamp stamp = { 9, 9, 9, true };

		print_message("case: %s\n", text);
		assert_int_equal(
			stamp_parse_counted(
				(struct slice){ copy, strlen(text) }, &stamp),
			counted_cases[i].len);
		if (counted_cases[i].len)
			assert_written(stamp, counted_cases[i].written);
		else
			assert_no_stamp(stamp);
		free(copy);
	}
}

/* No byte of the stamp can be left out: each shorter text is read safely. */
static void needs_every_byte_of_a_stamp(void **state)
{
	static const char with_zone[] = "2026-11-23T10:11:12.1+01:00";
	static const char without[] = "Nov 23 10:11:12";
	struct calendar calendar;
	struct stamp stamp;

	(void)state;
	use_zone("UTC");
	calendar_init(&calendar, instant("2026-11-23T10:11:12Z"), 0);
	for (size_t len = 0; len < sizeof(with_zone) - 1; len++) {
		struct slice text = { with_zone, len };

		assert_int_equal(stamp_parse_rfc3339(text, &stamp), 0);
		assert_no_stamp(stamp);
	}
	for (size_t len = 0; len < sizeof(without) - 1; len++) {
		struct slice text = { without, len };

		assert_int_equal(stamp_parse_rfc3164(text, &calendar, &stamp),
				 0);
		assert_no_stamp(stamp);
	}
}

static const struct {
	const char *text;
	size_t len; /* 0: is no stamp */
	const char *written;
} rfc3164_cases[] = {
	{ "Nov 23 10:11:12", 15, "2026-11-23T10:11:12+00:00" },
	{ "Nov  3 10:11:12", 15, "2026-11-03T10:11:12+00:00" },
	{ "Nov 03 10:11:12", 15, "2026-11-03T10:11:12+00:00" },
	{ "Nov 3 10:11:12", 14, "2026-11-03T10:11:12+00:00" },
	{ "Nov 23 10:11:12.5 mx1", 17, "2026-11-23T10:11:12.5+00:00" },
	{ "Nov 23 10:11:12.123456789", 25, "2026-11-23T10:11:12.123456+00:00" },
	{ "Nov 23 10:11:12. mx1", 15, "2026-11-23T10:11:12+00:00" },
	{ "Nov 23 10:11:60", 15, "2026-11-23T10:12:00+00:00" },
	{ "Jan  1 00:00:00", 15, "2026-01-01T00:00:00+00:00" },
	{ "Feb  1 00:00:00", 15, "2026-02-01T00:00:00+00:00" },
	{ "Mar  1 00:00:00", 15, "2026-03-01T00:00:00+00:00" },
	{ "Apr  1 00:00:00", 15, "2026-04-01T00:00:00+00:00" },
	{ "May  1 00:00:00", 15, "2026-05-01T00:00:00+00:00" },
	{ "Jun  1 00:00:00", 15, "2026-06-01T00:00:00+00:00" },
	{ "Jul  1 00:00:00", 15, "2026-07-01T00:00:00+00:00" },
	{ "Aug  1 00:00:00", 15, "2026-08-01T00:00:00+00:00" },
	{ "Sep  1 00:00:00", 15, "2026-09-01T00:00:00+00:00" },
	{ "Oct  1 00:00:00", 15, "2026-10-01T00:00:00+00:00" },
	{ "Dec 31 23:59:59", 15, "2025-12-31T23:59:59+00:00" },
	{ "", 0, NULL },
	{ "nov 23 10:11:12", 0, NULL },
	{ "NOV 23 10:11:12", 0, NULL },
	{ "Foo 23 10:11:12", 0, NULL },
	{ "anF 23 10:11:12", 0, NULL }, /* across two names */
	{ "Jan: 1 00:00:00", 0, NULL }, /* postfix_exporter's mail.log */
	{ "Nov 23  10:11:12", 0, NULL },
	{ "Nov   3 10:11:12", 0, NULL },
	{ "Nov 0 10:11:12", 0, NULL },
	{ "Nov 00 10:11:12", 0, NULL },
	{ "Nov 31 10:11:12", 0, NULL },
	{ "Feb 30 10:11:12", 0, NULL },
	{ "Nov 123 10:11:12", 0, NULL },
	{ "Nov 23 24:00:00", 0, NULL },
	{ "Nov 23 10:60:00", 0, NULL },
	{ "Nov 23 10:11:61", 0, NULL },
	{ "Nov 23 1:11:12", 0, NULL },
	{ "Nov 23 2026 10:11:12", 0, NULL },
};

static void reads_stamps_without_a_year(void **state)
{
	(void)state;
	use_zone("UTC");
	for (size_t i = 0; i < COUNT(rfc3164_cases); i++) {
		const char *text = rfc3164_cases[i].text;
		char *copy = copy_bytes(text);
		struct calendar calendar;
		struct stamp stamp = { 9, 9, 9, true };

		print_message("case: %s\n", text);
		calendar_init(&calendar, instant("2026-11-23T12:00:00Z"), 0);
		assert_int_equal(stamp_parse_rfc3164(
					 (struct slice){ copy, strlen(text) },
					 &calendar, &stamp),
				 rfc3164_cases[i].len);
		if (rfc3164_cases[i].len)
			assert_written(stamp, rfc3164_cases[i].written);
		else
			assert_no_stamp(stamp);
		assert_int_equal(calendar.last.known, stamp.known);
		free(copy);
	}
}

/* One input: its stamps in order, and what they are. */
static const struct {
	const char *name;
	const char *zone;
	const char *reference;
	int year;
	struct {
		const char *text;
		const char *written;
	} lines[8];
} inputs[] = {
	{ "the turn of the year, read in January",
	  "Europe/Berlin",
	  "2027-01-02T03:00:00Z",
	  0,
	  { { "Dec 31 23:59:59", "2026-12-31T23:59:59+01:00" },
	    { "Jan  1 00:00:00", "2027-01-01T00:00:00+01:00" },
	    { "Dec 31 23:59:59", "2026-12-31T23:59:59+01:00" },
	    { "Jan  1 00:00:01", "2027-01-01T00:00:01+01:00" } } },
	{ "last December, read in November",
	  "Europe/Berlin",
	  "2026-11-23T10:00:00Z",
	  0,
	  { { "Dec 24 10:00:00", "2025-12-24T10:00:00+01:00" },
	    { "Dec 31 23:59:59", "2025-12-31T23:59:59+01:00" },
	    { "Jan  1 00:00:00", "2026-01-01T00:00:00+01:00" },
	    { "Jun 15 11:00:00", "2026-06-15T11:00:00+02:00" },
	    { "Nov 23 11:00:00", "2026-11-23T11:00:00+01:00" } } },
	{ "a file last written in another year",
	  "UTC",
	  "2019-06-30T00:00:00Z",
	  0,
	  { { "Jun 28 10:00:00", "2019-06-28T10:00:00+00:00" },
	    { "Jun 30 00:00:00", "2019-06-30T00:00:00+00:00" } } },
	{ "a year is what lies up to a day after the reference",
	  "UTC",
	  "2026-11-23T10:00:00Z",
	  0,
	  { { "Nov 24 10:00:00", "2026-11-24T10:00:00+00:00" } } },
	{ "and not more than a day",
	  "UTC",
	  "2026-11-23T10:00:00Z",
	  0,
	  { { "Nov 24 10:00:01", "2025-11-24T10:00:01+00:00" } } },
	{ "the day is one of the local zone",
	  "Pacific/Kiritimati",
	  "2026-11-23T10:00:00Z",
	  0,
	  { { "Nov 25 00:00:00", "2026-11-25T00:00:00+14:00" } } },
	{ "several years in one input",
	  "UTC",
	  "2026-11-23T10:00:00Z",
	  0,
	  { { "Dec 31 00:00:00", "2025-12-31T00:00:00+00:00" },
	    { "May  1 00:00:00", "2026-05-01T00:00:00+00:00" },
	    { "Oct  1 00:00:00", "2026-10-01T00:00:00+00:00" } } },
	{ "a year that was said holds for the first stamp, without a limit",
	  "UTC",
	  "2026-11-23T10:00:00Z",
	  2027,
	  { { "Jun  1 00:00:00", "2027-06-01T00:00:00+00:00" },
	    { "Nov  1 00:00:00", "2027-11-01T00:00:00+00:00" },
	    { "Jan  1 00:00:00", "2028-01-01T00:00:00+00:00" } } },
	{ "a year before the epoch",
	  "UTC",
	  "2026-11-23T10:00:00Z",
	  1969,
	  { { "Dec 31 23:59:59.5", "1969-12-31T23:59:59.5+00:00" },
	    { "Jan  1 00:00:00", "1970-01-01T00:00:00+00:00" } } },
	{ "the last year there is",
	  "UTC",
	  "2026-11-23T10:00:00Z",
	  9999,
	  { { "Dec 31 23:59:59", "9999-12-31T23:59:59+00:00" },
	    { "Jan  1 00:00:00", "9999-01-01T00:00:00+00:00" },
	    { "Dec 31 23:59:59", "9999-12-31T23:59:59+00:00" } } },
	{ "a leap day first, read in a year without one",
	  "UTC",
	  "2026-11-23T10:00:00Z",
	  0,
	  { { "Feb 29 10:00:00", "2024-02-29T10:00:00+00:00" },
	    { "Mar  1 10:00:00", "2024-03-01T10:00:00+00:00" } } },
	{ "a leap day first, read on the day before the next",
	  "UTC",
	  "2028-02-27T10:00:00Z",
	  0,
	  { { "Feb 29 10:00:00", "2024-02-29T10:00:00+00:00" } } },
	{ "a leap day within a stream",
	  "UTC",
	  "2024-11-23T10:00:00Z",
	  0,
	  { { "Feb 28 23:59:59", "2024-02-28T23:59:59+00:00" },
	    { "Feb 29 00:00:00", "2024-02-29T00:00:00+00:00" },
	    { "Mar  1 00:00:00", "2024-03-01T00:00:00+00:00" } } },
	{ "a leap day in a year without one, within a stream",
	  "UTC",
	  "2026-11-23T10:00:00Z",
	  0,
	  { { "Feb 28 10:00:00", "2026-02-28T10:00:00+00:00" },
	    { "Feb 29 10:00:00", "2024-02-29T10:00:00+00:00" },
	    { "Mar  1 10:00:00", "2026-03-01T10:00:00+00:00" } } },
	{ "a leap day in a year that was said and has none",
	  "UTC",
	  "2026-11-23T10:00:00Z",
	  2026,
	  { { "Feb 29 10:00:00", "2024-02-29T10:00:00+00:00" } } },
	{ "8 years between two leap days",
	  "UTC",
	  "2104-02-01T10:00:00Z",
	  0,
	  { { "Feb 29 10:00:00", "2096-02-29T10:00:00+00:00" } } },
	{ "a boot without a clock in a file",
	  "UTC",
	  "2026-11-23T12:00:00Z",
	  0,
	  { { "Nov 23 10:00:00", "2026-11-23T10:00:00+00:00" },
	    { "Jan  1 00:00:05", "2026-01-01T00:00:05+00:00" },
	    { "Jan  1 00:00:09", "2026-01-01T00:00:09+00:00" },
	    { "Nov 23 10:01:00", "2026-11-23T10:01:00+00:00" },
	    { "Jan  1 00:00:05", "2026-01-01T00:00:05+00:00" },
	    { "Nov 23 10:02:00", "2026-11-23T10:02:00+00:00" } } },
	{ "a boot without a clock and without a limit",
	  "UTC",
	  "2026-11-23T12:00:00Z",
	  2026,
	  { { "Nov 23 10:00:00", "2026-11-23T10:00:00+00:00" },
	    { "Jan  1 00:00:05", "2027-01-01T00:00:05+00:00" },
	    { "Nov 23 10:01:00", "2026-11-23T10:01:00+00:00" },
	    { "Jan  1 00:00:05", "2027-01-01T00:00:05+00:00" },
	    { "Nov 23 10:02:00", "2026-11-23T10:02:00+00:00" },
	    { "Dec 24 10:02:00", "2026-12-24T10:02:00+00:00" },
	    { "Jan  1 00:00:00", "2027-01-01T00:00:00+00:00" } } },
	{ "a boot without a clock in early summer",
	  "UTC",
	  "2026-06-01T12:00:00Z",
	  0,
	  { { "Jun  1 10:00:00", "2026-06-01T10:00:00+00:00" },
	    { "Jan  1 00:00:05", "2026-01-01T00:00:05+00:00" },
	    { "Jun  1 10:01:00", "2026-06-01T10:01:00+00:00" } } },
	{ "an hour left out, Berlin",
	  "Europe/Berlin",
	  "2026-11-23T10:00:00Z",
	  0,
	  { { "Mar 29 01:59:59", "2026-03-29T01:59:59+01:00" },
	    { "Mar 29 02:00:00", "2026-03-29T03:00:00+02:00" },
	    { "Mar 29 02:30:00.5", "2026-03-29T03:30:00.5+02:00" },
	    { "Mar 29 02:59:59", "2026-03-29T03:59:59+02:00" },
	    { "Mar 29 03:00:00", "2026-03-29T03:00:00+02:00" } } },
	{ "an hour twice, Berlin, as a stream",
	  "Europe/Berlin",
	  "2026-11-23T10:00:00Z",
	  0,
	  { { "Oct 25 01:59:59", "2026-10-25T01:59:59+02:00" },
	    { "Oct 25 02:00:00", "2026-10-25T02:00:00+02:00" },
	    { "Oct 25 02:59:59", "2026-10-25T02:59:59+02:00" },
	    { "Oct 25 02:00:00", "2026-10-25T02:00:00+01:00" },
	    { "Oct 25 02:30:00", "2026-10-25T02:30:00+01:00" },
	    { "Oct 25 02:59:59", "2026-10-25T02:59:59+01:00" },
	    { "Oct 25 03:00:00", "2026-10-25T03:00:00+01:00" } } },
	{ "an hour twice, with no stamp before",
	  "Europe/Berlin",
	  "2026-11-23T10:00:00Z",
	  0,
	  { { "Oct 25 02:30:00", "2026-10-25T02:30:00+02:00" } } },
	{ "an hour twice, after the change",
	  "Europe/Berlin",
	  "2026-11-23T10:00:00Z",
	  0,
	  { { "Oct 25 03:00:00", "2026-10-25T03:00:00+01:00" },
	    { "Oct 25 02:59:59", "2026-10-25T02:59:59+01:00" } } },
	{ "lines 5 minutes out of order are of the same hour",
	  "Europe/Berlin",
	  "2026-11-23T10:00:00Z",
	  0,
	  { { "Oct 25 02:30:00.5", "2026-10-25T02:30:00.5+02:00" },
	    { "Oct 25 02:25:00.5", "2026-10-25T02:25:00.5+02:00" } } },
	{ "lines further out of order are of the second hour",
	  "Europe/Berlin",
	  "2026-11-23T10:00:00Z",
	  0,
	  { { "Oct 25 02:30:00.5", "2026-10-25T02:30:00.5+02:00" },
	    { "Oct 25 02:25:00.4", "2026-10-25T02:25:00.4+01:00" } } },
	{ "an hour left out, New York",
	  "America/New_York",
	  "2026-11-23T10:00:00Z",
	  0,
	  { { "Mar  8 01:59:59", "2026-03-08T01:59:59-05:00" },
	    { "Mar  8 02:30:00", "2026-03-08T03:30:00-04:00" },
	    { "Mar  8 03:00:00", "2026-03-08T03:00:00-04:00" } } },
	{ "an hour twice, New York",
	  "America/New_York",
	  "2026-11-23T10:00:00Z",
	  0,
	  { { "Nov  1 00:59:59", "2026-11-01T00:59:59-04:00" },
	    { "Nov  1 01:59:59", "2026-11-01T01:59:59-04:00" },
	    { "Nov  1 01:00:00", "2026-11-01T01:00:00-05:00" },
	    { "Nov  1 02:00:00", "2026-11-01T02:00:00-05:00" } } },
	{ "half an hour left out, Lord Howe",
	  "Australia/Lord_Howe",
	  "2026-11-23T10:00:00Z",
	  0,
	  { { "Oct  4 01:59:59", "2026-10-04T01:59:59+10:30" },
	    { "Oct  4 02:15:00", "2026-10-04T02:45:00+11:00" },
	    { "Oct  4 02:29:59", "2026-10-04T02:59:59+11:00" },
	    { "Oct  4 02:30:00", "2026-10-04T02:30:00+11:00" } } },
	{ "half an hour twice, Lord Howe",
	  "Australia/Lord_Howe",
	  "2026-11-23T10:00:00Z",
	  0,
	  { { "Apr  5 01:29:59", "2026-04-05T01:29:59+11:00" },
	    { "Apr  5 01:30:00", "2026-04-05T01:30:00+11:00" },
	    { "Apr  5 01:59:59", "2026-04-05T01:59:59+11:00" },
	    { "Apr  5 01:30:00", "2026-04-05T01:30:00+10:30" },
	    { "Apr  5 01:45:00", "2026-04-05T01:45:00+10:30" },
	    { "Apr  5 01:59:59", "2026-04-05T01:59:59+10:30" },
	    { "Apr  5 02:00:00", "2026-04-05T02:00:00+10:30" } } },
	{ "an offset of 45 minutes, changed at 2:45",
	  "Pacific/Chatham",
	  "2026-11-23T10:00:00Z",
	  0,
	  { { "Sep 27 02:44:59", "2026-09-27T02:44:59+12:45" },
	    { "Sep 27 02:45:00", "2026-09-27T03:45:00+13:45" },
	    { "Sep 27 03:45:00", "2026-09-27T03:45:00+13:45" } } },
	{ "a day left out, Samoa",
	  "Pacific/Apia",
	  "2012-06-01T00:00:00Z",
	  0,
	  { { "Dec 29 12:00:00", "2011-12-29T12:00:00-10:00" },
	    { "Dec 30 12:00:00", "2011-12-31T12:00:00+14:00" },
	    { "Dec 31 12:00:00", "2011-12-31T12:00:00+14:00" } } },
	/* +00:53:28 until April 1893; the instant stays, to the second. */
	{ "local mean time",
	  "Europe/Berlin",
	  "2026-11-23T10:00:00Z",
	  1890,
	  { { "Jan  1 00:00:00", "1889-12-31T23:59:32+00:53" } } },
};

static void completes_the_stamps_of_an_input(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(inputs); i++) {
		struct calendar calendar;

		print_message("input: %s\n", inputs[i].name);
		use_zone(inputs[i].zone);
		calendar_init(&calendar, instant(inputs[i].reference),
			      inputs[i].year);
		assert_non_null(inputs[i].lines[0].text);
		for (size_t line = 0; line < COUNT(inputs[i].lines) &&
				      inputs[i].lines[line].text;
		     line++) {
			struct slice text = slice_from(
				inputs[i].lines[line].text);
			struct stamp stamp;

			assert_int_equal(
				stamp_parse_rfc3164(text, &calendar, &stamp),
				text.len);
			assert_written(stamp, inputs[i].lines[line].written);
		}
	}
}

static void assert_next(struct calendar *calendar, const char *text,
			const char *written)
{
	struct stamp stamp;

	assert_int_equal(
		stamp_parse_rfc3164(slice_from(text), calendar, &stamp),
		strlen(text));
	assert_written(stamp, written);
}

static void follows_a_stream_into_the_next_years(void **state)
{
	struct calendar calendar;

	(void)state;
	use_zone("UTC");
	calendar_init(&calendar, instant("2026-12-30T00:00:00Z"), 0);
	assert_next(&calendar, "Dec 30 00:00:00", "2026-12-30T00:00:00+00:00");
	calendar_reach(&calendar, instant("2027-01-01T00:00:00Z"));
	assert_next(&calendar, "Jan  1 00:00:00", "2027-01-01T00:00:00+00:00");
	calendar_reach(&calendar, instant("2027-06-01T00:00:00Z"));
	assert_next(&calendar, "Jun  1 00:00:00", "2027-06-01T00:00:00+00:00");
	calendar_reach(&calendar, instant("2026-01-01T00:00:00Z"));
	assert_next(&calendar, "Jun  2 00:00:00", "2027-06-02T00:00:00+00:00");
	calendar_reach(&calendar, instant("2027-11-01T00:00:00Z"));
	assert_next(&calendar, "Nov  1 00:00:00", "2027-11-01T00:00:00+00:00");
	calendar_reach(&calendar, instant("2028-01-01T00:00:00Z"));
	assert_next(&calendar, "Jan  1 00:00:00", "2028-01-01T00:00:00+00:00");
}

static void a_new_limit_does_not_touch_a_year_that_was_said(void **state)
{
	struct calendar calendar;

	(void)state;
	use_zone("UTC");
	calendar_init(&calendar, 0, 2027);
	calendar_reach(&calendar, instant("2026-01-01T00:00:00Z"));
	assert_next(&calendar, "Jun  1 00:00:00", "2027-06-01T00:00:00+00:00");
}

static void survives_absurd_references(void **state)
{
	static const int64_t references[] = { INT64_MIN, -1, 0, INT64_MAX };

	(void)state;
	use_zone("UTC");
	for (size_t i = 0; i < COUNT(references); i++) {
		struct slice text = SLICE("Nov 23 10:11:12");
		struct calendar calendar;
		struct stamp stamp;

		calendar_init(&calendar, references[i], 0);
		assert_int_equal(stamp_parse_rfc3164(text, &calendar, &stamp),
				 text.len);
		assert_true(stamp.known);
	}
}

/*
 * The cache must not show: each local time of the days around a change is read
 * by a calendar that has seen the quarter before, and by a fresh one.
 */
static void gives_the_same_with_and_without_the_cache(void **state)
{
	static const struct {
		const char *zone;
		const char *start; /* local time, as if it were UTC */
	} changes[] = {
		{ "Europe/Berlin", "2026-03-28T00:00:00Z" },
		{ "Europe/Berlin", "2026-10-24T00:00:00Z" },
		{ "America/New_York", "2026-03-07T00:00:00Z" },
		{ "Australia/Lord_Howe", "2026-10-03T00:00:00Z" },
		{ "Australia/Lord_Howe", "2026-04-04T00:00:00Z" },
		{ "Asia/Kathmandu", "1985-12-31T00:00:00Z" },
		{ "Africa/Monrovia", "1972-01-06T00:00:00Z" }, /* 44:30 */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(changes); i++) {
		int64_t start = instant(changes[i].start) / SECOND_US;
		struct calendar kept;

		print_message("zone: %s\n", changes[i].zone);
		use_zone(changes[i].zone);
		calendar_init(&kept, (start + 86400 * 9) * SECOND_US, 0);
		for (int64_t s = start; s < start + 259200; s += 20) {
			time_t time = (time_t)s;
			struct calendar fresh = kept;
			struct stamp a;
			struct stamp b;
			struct tm parts;
			char text[32];
			size_t len;

			assert_non_null(gmtime_r(&time, &parts));
			len = strftime(text, sizeof(text), "%b %e %H:%M:%S",
				       &parts);
			fresh.cached = false;
			assert_int_equal(
				stamp_parse_rfc3164((struct slice){ text, len },
						    &kept, &a),
				len);
			assert_int_equal(
				stamp_parse_rfc3164((struct slice){ text, len },
						    &fresh, &b),
				len);
			assert_int_equal(a.us, b.us);
			assert_int_equal(a.offset_s, b.offset_s);
		}
	}
}

/*
 * Each quarter hour of 400 days, to local time and back, those that occur twice
 * too: a stamp before tells them apart.
 */
static void agrees_with_the_system_on_every_quarter(void **state)
{
	static const char *const zones[] = {
		"UTC",
		"Europe/Berlin",
		"America/New_York",
		"America/St_Johns",
		"Asia/Kathmandu",
		"Australia/Lord_Howe",
		"Pacific/Chatham",
		"Africa/Casablanca",
		"Pacific/Apia",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(zones); i++) {
		struct calendar calendar;
		int64_t start;

		print_message("zone: %s\n", zones[i]);
		use_zone(zones[i]);
		start = instant("2026-01-01T12:00:00Z") / SECOND_US;
		calendar_init(&calendar, start * SECOND_US, 0);
		for (int64_t s = start; s < start + 400 * 86400; s += 900) {
			time_t time = (time_t)s;
			struct stamp stamp;
			struct tm parts;
			char text[32];
			size_t len;

			assert_non_null(localtime_r(&time, &parts));
			len = strftime(text, sizeof(text), "%b %e %H:%M:%S",
				       &parts);
			calendar_reach(&calendar, s * SECOND_US);
			assert_int_equal(
				stamp_parse_rfc3164((struct slice){ text, len },
						    &calendar, &stamp),
				len);
			assert_int_equal(stamp.us, s * SECOND_US);
			assert_int_equal(stamp.offset_s, parts.tm_gmtoff);
		}
	}
}

static void writes_instants_of_the_local_zone(void **state)
{
	(void)state;
	use_zone("Europe/Berlin");
	assert_written(stamp_local(0), "1970-01-01T01:00:00+01:00");
	assert_written(stamp_local(instant("2026-07-01T00:00:00Z")),
		       "2026-07-01T02:00:00+02:00");
	/* The last second of winter, and half of it before the epoch. */
	assert_written(stamp_local(instant("2026-03-29T00:59:59.9Z")),
		       "2026-03-29T01:59:59+01:00");
	assert_written(stamp_local(-500000), "1970-01-01T00:59:59+01:00");
	assert_true(stamp_local(0).known);
	assert_int_equal(stamp_local(0).digits, 0);
}

/* As a journal may give them. */
static void writes_four_digits_of_any_year(void **state)
{
	struct stamp odd = { INT64_MAX, INT32_MAX, 6, true };
	struct buf buf = { 0 };

	(void)state;
	use_zone("UTC");
	assert_written(stamp_local(INT64_MAX), "9999-12-31T23:59:59+00:00");
	assert_written(stamp_local(INT64_MIN), "0000-01-01T00:00:00+00:00");
	stamp_write(&buf, odd);
	assert_int_equal(buf.at[4], '-');
	buf_clear(&buf);
}

static void the_clock_is_in_microseconds(void **state)
{
	int64_t before = (int64_t)time(NULL);
	int64_t now = stamp_now_us();

	(void)state;
	assert_in_range(now / SECOND_US, before - 1, before + 60);
}

static const struct {
	const char *text;
	size_t len;          /* 0: is no stamp */
	const char *written; /* in New York */
} unix_cases[] = {
	{ "1795428001", 10, "2026-11-23T05:00:01-05:00" },
	{ "1795428001.5", 12, "2026-11-23T05:00:01.5-05:00" },
	{ "1795428001.123456", 17, "2026-11-23T05:00:01.123456-05:00" },
	/* Fluent Bit's doubles have more digits than they know. */
	{ "1795428001.123456001", 20, "2026-11-23T05:00:01.123456-05:00" },
	{ "1795428001.12345678901234567890", 31,
	  "2026-11-23T05:00:01.123456-05:00" },
	{ "1795428001123", 13, "2026-11-23T05:00:01.123-05:00" },
	{ "1795428001123456", 16, "2026-11-23T05:00:01.123456-05:00" },
	{ "1795428001123456789", 19, "2026-11-23T05:00:01.123456-05:00" },
	{ "1.795428001e9", 13, "2026-11-23T05:00:01-05:00" },
	{ "1.795428001123456e+09", 21, "2026-11-23T05:00:01.123456-05:00" },
	{ "1.795428001123E+12", 18, "2026-11-23T05:00:01.123-05:00" },
	{ "17954280011234.56e-04", 21, "2026-11-23T05:00:01.123456-05:00" },
	{ "1795428001 mx1", 10, "2026-11-23T05:00:01-05:00" },
	{ "1795428001.", 11, "2026-11-23T05:00:01-05:00" },
	{ "100000000", 9, "1973-03-03T04:46:40-05:00" },
	{ "99999999", 0, NULL },
	{ "0", 0, NULL },
	{ "01795428001", 0, NULL },
	{ "-1795428001", 0, NULL },
	{ ".1795428001", 0, NULL },
	{ "17954280011234567890", 0, NULL },
	{ "1795428001e", 0, NULL },
	{ "1795428001e99", 0, NULL },
	{ "1795428001e-9", 0, NULL },
	{ "1e30", 0, NULL },
	{ "x", 0, NULL },
	{ "", 0, NULL },
};

static void reads_times_since_1970(void **state)
{
	(void)state;
	use_zone("America/New_York");
	for (size_t i = 0; i < COUNT(unix_cases); i++) {
		char *copy = copy_bytes(unix_cases[i].text);
		struct slice text = { copy, strlen(unix_cases[i].text) };
		struct stamp stamp;

		print_message("text: %s\n", unix_cases[i].text);
		assert_int_equal(stamp_parse_unix(text, &stamp),
				 unix_cases[i].len);
		if (unix_cases[i].len)
			assert_written(stamp, unix_cases[i].written);
		else
			assert_no_stamp(stamp);
		free(copy);
	}
}

/* Of what is too long, nothing overflows: the undefined behaviour sanitizer
 * looks on. */
static void takes_numbers_of_any_length(void **state)
{
	char text[400];

	(void)state;
	for (size_t len = 1; len < sizeof(text); len++) {
		struct stamp stamp;

		memset(text, '9', sizeof(text));
		text[len / 2] = len % 3 ? '.' : 'e';
		(void)stamp_parse_unix((struct slice){ text, len }, &stamp);
		assert_true(stamp.us >= 0);
	}
}

/* Whoever was there when the line was written knows zone and year. */
static void believes_a_witness_that_fits(void **state)
{
	static const struct {
		const char *text;
		const char *witness;
		const char *written; /* in Berlin, of 2026 */
	} cases[] = {
		{ "Nov 23 10:00:00", "2026-11-23T10:00:00Z",
		  "2026-11-23T10:00:00+00:00" },
		{ "Nov 23 10:00:00", "2024-11-23T10:02:00Z",
		  "2024-11-23T10:00:00+00:00" },
		{ "Nov 23 10:00:02", "2024-11-23T10:00:00.9Z",
		  "2024-11-23T10:00:02+00:00" },
		{ "Nov 23 10:00:00", "2026-11-23T04:15:59.9Z",
		  "2026-11-23T10:00:00+05:45" },
		{ "Nov 23 10:00:00", "2026-11-22T20:00:00Z",
		  "2026-11-23T10:00:00+14:00" },
		{ "Nov 23 10:00:00", "2026-11-24T00:00:00Z",
		  "2026-11-23T10:00:00-14:00" },
		{ "Feb 29 23:59:59", "2024-03-01T00:00:00Z",
		  "2024-02-29T23:59:59+00:00" },
		{ "Dec 31 23:59:59.25", "2026-01-01T00:00:01Z",
		  "2025-12-31T23:59:59.25+00:00" },
		{ "Jan  1 01:00:00", "2025-12-31T23:00:00Z",
		  "2026-01-01T01:00:00+02:00" },
		/* These do not fit. */
		{ "Nov 23 10:00:00", "2026-11-23T10:02:01Z",
		  "2026-11-23T10:00:00+01:00" },
		{ "Nov 23 10:00:03", "2026-11-23T10:00:00Z",
		  "2026-11-23T10:00:03+01:00" },
		{ "Nov 23 10:00:00", "2026-11-22T19:45:00Z",
		  "2026-11-23T10:00:00+01:00" },
		{ "Feb 29 10:00:00", "2025-02-28T10:00:00Z",
		  "2024-02-29T10:00:00+01:00" },
	};

	(void)state;
	use_zone("Europe/Berlin");
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct calendar calendar;
		struct stamp stamp;

		print_message("case %zu\n", i);
		calendar_init(&calendar, instant("2026-11-24T00:00:00Z"), 0);
		assert_true(stamp_parse_rfc3339(slice_from(cases[i].witness),
						&calendar.witness));
		assert_int_equal(stamp_parse_rfc3164(slice_from(cases[i].text),
						     &calendar, &stamp),
				 strlen(cases[i].text));
		assert_written(stamp, cases[i].written);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_and_writes_stamps_with_a_zone),
		cmocka_unit_test(reads_stamps_that_count),
		cmocka_unit_test(needs_every_byte_of_a_stamp),
		cmocka_unit_test(reads_stamps_without_a_year),
		cmocka_unit_test(completes_the_stamps_of_an_input),
		cmocka_unit_test(follows_a_stream_into_the_next_years),
		cmocka_unit_test(
			a_new_limit_does_not_touch_a_year_that_was_said),
		cmocka_unit_test(survives_absurd_references),
		cmocka_unit_test(gives_the_same_with_and_without_the_cache),
		cmocka_unit_test(agrees_with_the_system_on_every_quarter),
		cmocka_unit_test(writes_instants_of_the_local_zone),
		cmocka_unit_test(writes_four_digits_of_any_year),
		cmocka_unit_test(reads_times_since_1970),
		cmocka_unit_test(takes_numbers_of_any_length),
		cmocka_unit_test(believes_a_witness_that_fits),
		cmocka_unit_test(the_clock_is_in_microseconds),
	};

	return cmocka_run_group_tests_name("stamp", tests, NULL, NULL);
}
