/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "read/export.h"
#include "read/line.h"

/* What came out of one input. */
struct result {
	struct buf lines;
	uint64_t cut;
	uint64_t damaged;
};

/* In pieces of `step` bytes. */
static void convert(struct slice bytes, size_t step, struct result *result)
{
	struct export *export = export_new();

	*result = (struct result){ 0 };
	while (bytes.len) {
		export_take(export, slice_head(bytes, step), &result->lines);
		bytes = slice_after(bytes, step);
	}
	export_end(export, &result->lines);
	result->cut = export_cut(export);
	result->damaged = export_damaged(export);
	export_free(export);
}

static const struct {
	struct slice bytes;
	const char *lines;
	uint64_t damaged;
} cases[] = {
	{ SLICE(""), "", 0 },
	{ SLICE("\n\n\n"), "", 0 },
	{ SLICE("__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=1795428001000001\n"
		"_HOSTNAME=mx1\nSYSLOG_IDENTIFIER=postfix/smtp\nSYSLOG_PID=7\n"
		"PRIORITY=6\nMESSAGE=a=b \"c\"\n\n"),
	  "{\"__REALTIME_TIMESTAMP\":\"1795428001000001\","
	  "\"_HOSTNAME\":\"mx1\",\"SYSLOG_IDENTIFIER\":\"postfix/smtp\","
	  "\"SYSLOG_PID\":\"7\",\"MESSAGE\":\"a=b \\\"c\\\"\"}\n",
	  0 },
	{ SLICE("MESSAGE\n\x05\0\0\0\0\0\0\0a\n\n\0b\n\nMESSAGE=2\n\n"),
	  "{\"MESSAGE\":\"a\\n\\n\\u0000b\"}\n{\"MESSAGE\":\"2\"}\n", 0 },
	{ SLICE("MESSAGE\n\0\0\0\0\0\0\0\0\n_PID=1\n\n"),
	  "{\"MESSAGE\":\"\",\"_PID\":\"1\"}\n", 0 },
	/* Of what comes twice the first one counts. */
	{ SLICE("MESSAGE=1\nMESSAGE=2\n_PID=3\n_PID=4\n\n"),
	  "{\"MESSAGE\":\"1\",\"_PID\":\"3\"}\n", 0 },
	/* Binary values of other fields are passed over. */
	{ SLICE("COREDUMP\n\x04\0\0\0\0\0\0\0\n\nM=\nMESSAGE=1\n\n"),
	  "{\"MESSAGE\":\"1\"}\n", 0 },
	{ SLICE("UNKNOWN=1\n\nMESSAGE=1\n\n"), "{}\n{\"MESSAGE\":\"1\"}\n", 0 },
	/* The end of the input ends a record. */
	{ SLICE("MESSAGE=1"), "{\"MESSAGE\":\"1\"}\n", 0 },
	{ SLICE("MESSAGE=1\n"), "{\"MESSAGE\":\"1\"}\n", 0 },
	{ SLICE("MESSAGE\n\x01\0\0\0\0\0\0\0a"), "{\"MESSAGE\":\"a\"}\n", 0 },
	{ SLICE("MESSAGE=1\n_PI"), "{\"MESSAGE\":\"1\"}\n", 0 },
	{ SLICE("MESSAGE\n\x02\0\0\0\0\0\0\0a"), "{}\n", 1 },
	{ SLICE("MESSAGE\n\x02\0\0"), "{}\n", 1 },
	/* What is damaged costs no other. */
	{ SLICE("MESSAGE=1\nbad name=2\nMESSAGE=3\n\nMESSAGE=4\n\n"),
	  "{}\n{\"MESSAGE\":\"4\"}\n", 1 },
	{ SLICE("MESSAGE=1\n=2\n\nMESSAGE=4\n\n"), "{}\n{\"MESSAGE\":\"4\"}\n",
	  1 },
	{ SLICE("MESSAGE=1\nx\n\nMESSAGE=4\n\n"), "{}\n{\"MESSAGE\":\"4\"}\n",
	  1 },
	{ SLICE("MESSAGE\n\x01\0\0\0\0\0\0\0abc\n\nMESSAGE=4\n\n"),
	  "{}\n{\"MESSAGE\":\"4\"}\n", 1 },
	{ SLICE("MESSAGE\n\0\0\0\0\0\0\0\x7f"
		"abc\n\nMESSAGE=4\n\n"),
	  "{}\n{\"MESSAGE\":\"4\"}\n", 1 },
	{ SLICE("A0123456789012345678901234567890123456789012345678901234567890"
		"1234567=1\n\nMESSAGE=4\n\n"),
	  "{}\n{\"MESSAGE\":\"4\"}\n", 1 },
	{ SLICE("\xff\n\n\nMESSAGE=4\n\n\xff"), "{}\n{\"MESSAGE\":\"4\"}\n{}\n",
	  2 },
};

static void makes_a_line_of_each_record(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		for (size_t step = 1; step < 200; step++) {
			struct result result;

			convert(cases[i].bytes, step, &result);
			if (!slice_equal(buf_slice(&result.lines),
					 slice_from(cases[i].lines)))
				print_message("case %zu, step %zu: %.*s\n", i,
					      step, (int)result.lines.len,
					      result.lines.at);
			assert_true(slice_equal(buf_slice(&result.lines),
						slice_from(cases[i].lines)));
			assert_int_equal(result.damaged, cases[i].damaged);
			assert_int_equal(result.cut, 0);
			buf_clear(&result.lines);
		}
	}
}

static void add_message(struct buf *bytes, size_t len, bool binary)
{
	buf_add(bytes, binary ? SLICE("MESSAGE\n") : SLICE("MESSAGE="));
	for (size_t i = 0; binary && i < 8; i++)
		buf_add_char(bytes, (char)(len >> 8 * i));
	for (size_t i = 0; i < len; i++)
		buf_add_char(bytes, 'x');
	buf_add(bytes, SLICE("\n\n"));
}

static void cuts_values_that_are_too_long(void **state)
{
	static const size_t lens[] = { LINE_LIMIT, LINE_LIMIT + 1,
				       3 * LINE_LIMIT, 5000000 };

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(lens); i++) {
		struct buf bytes = { 0 };
		struct result result;

		add_message(&bytes, lens[i / 2], i % 2);
		add_message(&bytes, 1, i % 2);
		convert(buf_slice(&bytes), 50000, &result);
		assert_int_equal(result.lines.len,
				 sizeof("{\"MESSAGE\":\"\"}") * 2 + LINE_LIMIT +
					 1);
		assert_int_equal(result.cut, lens[i / 2] > LINE_LIMIT);
		assert_int_equal(result.damaged, 0);
		buf_clear(&bytes);
		buf_clear(&result.lines);
	}
}

/* A field that nobody wants may be of any size; nothing of it is kept. */
static void passes_over_large_fields(void **state)
{
	struct export *export = export_new();
	struct buf lines = { 0 };
	struct buf piece = { 0 };
	uint64_t size = UINT64_C(700) << 20;

	(void)state;
	buf_add(&piece, SLICE("COREDUMP\n"));
	for (size_t i = 0; i < 8; i++)
		buf_add_char(&piece, (char)(size >> 8 * i));
	export_take(export, buf_slice(&piece), &lines);
	buf_reset(&piece);
	for (size_t i = 0; i < 1 << 20; i++)
		buf_add_char(&piece, '\n');
	for (size_t i = 0; i < 700; i++)
		export_take(export, buf_slice(&piece), &lines);
	assert_int_equal(lines.len, 0);
	export_take(export, SLICE("\nMESSAGE=1\n\n"), &lines);
	assert_true(
		slice_equal(buf_slice(&lines), SLICE("{\"MESSAGE\":\"1\"}\n")));
	assert_int_equal(export_damaged(export), 0);
	export_free(export);
	export_free(NULL);
	buf_clear(&lines);
	buf_clear(&piece);
}

static void knows_the_format_by_its_start(void **state)
{
	(void)state;
	assert_true(export_begins(SLICE("__CURSOR=s=1\n")));
	assert_true(export_begins(SLICE("__REALTIME_TIMESTAMP=1\n")));
	assert_false(export_begins(SLICE("__CURSOR")));
	assert_false(export_begins(SLICE("MESSAGE=1\n")));
	assert_false(export_begins(SLICE("Nov 23 10:00:00 mx1 a: b\n")));
	assert_false(export_begins((struct slice){ 0 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_a_line_of_each_record),
		cmocka_unit_test(cuts_values_that_are_too_long),
		cmocka_unit_test(passes_over_large_fields),
		cmocka_unit_test(knows_the_format_by_its_start),
	};

	return cmocka_run_group_tests_name("export", tests, NULL, NULL);
}
