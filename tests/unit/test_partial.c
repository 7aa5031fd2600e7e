/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/buf.h"
#include "read/line.h"
#include "read/partial.h"

#define STAMP "2026-11-23T10:11:12.123456789+01:00 "

static const struct {
	const char *block;
	const char *lines;
} cases[] = {
	{ "", "" },
	{ STAMP "stdout F a\n" STAMP "stderr F b\n",
	  STAMP "stdout F a\n" STAMP "stderr F b\n" },
	{ STAMP "stdout P a\n" STAMP "stdout P b\n" STAMP "stdout F c\n",
	  "\n\n" STAMP "stdout F abc\n" },
	{ STAMP "stdout P a\r\n" STAMP "stdout F c\r\n",
	  "\n" STAMP "stdout F ac\r\n" },
	/* two streams, in turns; tags */
	{ STAMP "stdout P:x a\n" STAMP "stderr P 1\n" STAMP "stderr F 2\n" STAMP
		"stdout F:y:z b\n",
	  "\n" STAMP "stderr F 12\n\n" STAMP "stdout F ab\n" },
	/* the last part is empty, or never comes */
	{ STAMP "stdout P a\n" STAMP "stdout F \n", "\n" STAMP "stdout F a\n" },
	{ STAMP "stdout P a\n" STAMP "stderr P b\n",
	  STAMP "stdout F a\n" STAMP "stderr F b\n" },
	{ STAMP "stdout P a", STAMP "stdout F a\n" },
	/* what is of another form stays */
	{ STAMP "stdout P a\nNov 23 10:00:00 x stdout P: y\n" STAMP
		"stdout F b\n",
	  "Nov 23 10:00:00 x stdout P: y\n\n" STAMP "stdout F ab\n" },
	{ STAMP "stdout Px a\n" STAMP "stdout X a\nx stdout P a\n",
	  STAMP "stdout Px a\n" STAMP "stdout X a\nx stdout P a\n" },
};

/* Line by line, or all at once. */
static void join(struct slice text, bool each, struct buf *out)
{
	struct partial *partial = partial_new();
	struct slice line;

	if (each) {
		struct slice rest = text;

		while (slice_cut(&rest, '\n', &line)) {
			line.len++;
			buf_add(out, partial_join(partial, line));
		}
		text = rest;
	}
	buf_add(out, partial_end(partial, text));
	assert_int_equal(partial_cut(partial), 0);
	partial_free(partial);
}

static void puts_parts_together(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * COUNT(cases); i++) {
		struct buf out = { 0 };

		print_message("case %zu\n", i / 2);
		join(slice_from(cases[i / 2].block), i % 2, &out);
		assert_true(slice_equal(buf_slice(&out),
					slice_from(cases[i / 2].lines)));
		buf_clear(&out);
	}
}

/* Parts without end take no memory without end. */
static void cuts_what_becomes_too_long(void **state)
{
	struct partial *partial = partial_new();
	struct buf part = { 0 };
	struct slice line;

	(void)state;
	buf_add(&part, SLICE(STAMP "stdout P "));
	for (size_t i = 0; i < 1000; i++)
		buf_add_char(&part, 'x');
	buf_add_char(&part, '\n');
	for (size_t i = 0; i < 10000; i++)
		assert_int_equal(partial_join(partial, buf_slice(&part)).len,
				 i > 0);
	line = partial_join(partial, SLICE(STAMP "stdout F y\n"));
	assert_int_equal(line.len, sizeof("\n" STAMP "stdout F ") + LINE_LIMIT);
	assert_true(slice_ends(line, SLICE("x\n")));
	assert_int_equal(partial_cut(partial), 1);
	partial_free(partial);
	partial_free(NULL);
	buf_clear(&part);
}

static void knows_the_format_by_its_start(void **state)
{
	(void)state;
	assert_true(partial_begins(SLICE(STAMP "stdout F a\nb")));
	assert_true(partial_begins(SLICE(STAMP "stderr P ")));
	assert_false(partial_begins(SLICE(STAMP "stdout Q a\n")));
	assert_false(partial_begins(SLICE(STAMP "stdout\n")));
	assert_false(partial_begins(SLICE(STAMP "mx1 a: b\n")));
	assert_false(partial_begins(SLICE("2026 stdout F a\n")));
	assert_false(partial_begins(SLICE("\n" STAMP "stdout F a\n")));
	assert_false(partial_begins((struct slice){ 0 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(puts_parts_together),
		cmocka_unit_test(cuts_what_becomes_too_long),
		cmocka_unit_test(knows_the_format_by_its_start),
	};

	return cmocka_run_group_tests_name("partial", tests, NULL, NULL);
}
