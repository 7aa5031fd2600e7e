/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdlib.h>
#include <time.h>

#include "parse/period.h"

/* 2026-11-23T10:00:00Z and an hour later. */
#define TEN_US    INT64_C(1795428000000000)
#define ELEVEN_US INT64_C(1795431600000000)

static const struct period from_ten = { .since = { .us = TEN_US,
						   .known = true } };
static const struct period to_eleven = { .until = { .us = ELEVEN_US,
						    .known = true } };
static const struct period hour = { .since = { .us = TEN_US, .known = true },
				    .until = { .us = ELEVEN_US,
					       .known = true } };

static const struct {
	const char *input;
	const struct period *period;
	const char *kept;
} rows[] = {
	/* The beginning belongs to it, the end does not. */
	{ "2026-11-23T09:59:59.999999Z a\n2026-11-23T10:00:00Z b\n"
	  "2026-11-23T10:59:59.999999Z c\n2026-11-23T11:00:00Z d\n",
	  &hour, "2026-11-23T10:00:00Z b\n2026-11-23T10:59:59.999999Z c\n" },
	{ "Nov 23 09:59:59 a\nNov 23 10:00:00 b\nNov 23 11:00:00 c\n",
	  &from_ten, "Nov 23 10:00:00 b\nNov 23 11:00:00 c\n" },
	{ "Nov 23 09:59:59 a\nNov 23 10:00:00 b\nNov 23 11:00:00 c\n",
	  &to_eleven, "Nov 23 09:59:59 a\nNov 23 10:00:00 b\n" },
	/* Lines without a stamp belong to the line before. */
	{ "x\nNov 23 09:00:00 a\ny\nNov 23 10:00:00 b\nz\n\nNov 23 11:00:00\n",
	  &hour, "Nov 23 10:00:00 b\nz\n\nNov 23 11:00:00\n" },
	{ "x\nNov 23 12:00:00 a\n", &to_eleven, "x\n" },
	{ "x\nNov 23 12:00:00 a\n", &from_ten, "Nov 23 12:00:00 a\n" },
	/* Out of order. */
	{ "Nov 23 10:00:00 a\nNov 23 12:00:00 b\nNov 23 10:30:00 c\n", &hour,
	  "Nov 23 10:00:00 a\nNov 23 10:30:00 c\n" },
	/* Other headers. */
	{ "<22>Nov 23 10:00:00 a\n<22>1 2026-11-23T10:30:00+00:00 b\n"
	  "1 2026-11-23T10:30:00+01:00 c\n",
	  &hour, "<22>Nov 23 10:00:00 a\n<22>1 2026-11-23T10:30:00+00:00 b\n" },
	/* The last line may lack its newline. */
	{ "Nov 23 09:00:00 a\nNov 23 10:00:00 b", &hour, "Nov 23 10:00:00 b" },
	{ "Nov 23 09:00:00 a", &hour, "" },
	{ "", &hour, "" },
	{ "\n", &hour, "" },
	{ "\n", &to_eleven, "\n" },
};

/* In blocks of up to `lines` lines. */
static void keep_all(size_t row, size_t lines, struct buf *out)
{
	struct period_filter filter = { 0 };
	struct slice rest = slice_from(rows[row].input);
	struct calendar calendar;

	calendar_init(&calendar, ELEVEN_US, 0);
	period_begin(&filter, rows[row].period, &calendar);
	while (rest.len) {
		struct slice block = rest;

		for (size_t i = 0; i < lines && rest.len; i++) {
			struct slice line;

			if (!slice_cut(&rest, '\n', &line))
				rest = (struct slice){ 0 };
		}
		block.len -= rest.len;
		buf_add(out, period_keep(&filter, block));
	}
	period_end(&filter);
}

static void keeps_the_lines_of_the_period(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (size_t lines = 1; lines < 8; lines++) {
			struct buf out = { 0 };

			keep_all(i, lines, &out);
			if (!slice_equal(buf_slice(&out),
					 slice_from(rows[i].kept)))
				fail_msg("row %zu: \"%.*s\"", i, (int)out.len,
					 out.len ? out.at : "");
			buf_clear(&out);
		}
	}
}

static void does_not_copy_what_is_all_inside(void **state)
{
	struct slice block = SLICE("Nov 23 10:00:00 a\nNov 23 10:00:00 b\n");
	struct period_filter filter = { 0 };
	struct calendar calendar;

	(void)state;
	calendar_init(&calendar, ELEVEN_US, 0);
	period_begin(&filter, &hour, &calendar);
	assert_ptr_equal(period_keep(&filter, block).at, block.at);
	period_end(&filter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_the_lines_of_the_period),
		cmocka_unit_test(does_not_copy_what_is_all_inside),
	};

	(void)setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
