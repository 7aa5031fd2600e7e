/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/buf.h"
#include "count/coverage.h"

static const struct {
	enum basis basis;
	uint16_t code;
	const char *reply;
} added[] = {
	{ BASIS_CODE, 550, "550 b" },   { BASIS_CLASS, 0, "what" },
	{ BASIS_CODE, 550, "550 b" },   { BASIS_TEXT, 550, "550 known" },
	{ BASIS_CLASS, 499, "499 z" },  { BASIS_CODE, 550, "550 a" },
	{ BASIS_LOCAL, 0, "lost" },     { BASIS_PROVIDER, 421, "421 p" },
	{ BASIS_ENHANCED, 550, "5.1" }, { BASIS_CODE, 554, "" },
};

static void list(const struct coverage_reply *reply, void *context)
{
	struct buf *buf = context;

	buf_add_number(buf, reply->count);
	buf_add_char(buf, '/');
	buf_add_number(buf, reply->smtp_code);
	buf_add_char(buf, '/');
	buf_add(buf, reply->text);
	buf_add_char(buf, '\n');
}

static void assert_list(const struct coverage *coverage, const char *expected)
{
	struct buf buf = { 0 };

	coverage_each(coverage, list, &buf);
	buf_add_char(&buf, '\0');
	assert_string_equal(buf.at, expected);
	buf_clear(&buf);
}

static void fill(struct coverage *coverage)
{
	for (size_t i = 0; i < COUNT(added); i++)
		coverage_add(coverage, added[i].basis, added[i].code,
			     slice_from(added[i].reply));
}

static void lists_what_only_a_code_explains(void **state)
{
	static const uint64_t bases[BASIS_COUNT] = {
		[BASIS_CLASS] = 2, [BASIS_CODE] = 4,     [BASIS_ENHANCED] = 1,
		[BASIS_TEXT] = 1,  [BASIS_PROVIDER] = 1, [BASIS_LOCAL] = 1,
	};
	struct coverage *coverage = coverage_new(COVERAGE_LIMIT);

	(void)state;
	assert_list(coverage, "");
	fill(coverage);
	for (enum basis i = 0; i < BASIS_COUNT; i++)
		assert_int_equal(coverage_basis(coverage, i), bases[i]);
	assert_int_equal(coverage_count(coverage), 5);
	assert_int_equal(coverage_other(coverage), 0);
	assert_list(coverage, "2/550/550 b\n"
			      "1/499/499 z\n"
			      "1/550/550 a\n"
			      "1/554/\n"
			      "1/0/what\n");
	coverage_reset(coverage);
	assert_list(coverage, "");
	assert_int_equal(coverage_basis(coverage, BASIS_CODE), 0);
	fill(coverage);
	assert_int_equal(coverage_count(coverage), 5);
	coverage_free(coverage);
}

static void counts_the_rest_when_there_is_no_room(void **state)
{
	struct coverage *coverage = coverage_new(2);

	(void)state;
	fill(coverage);
	fill(coverage);
	assert_int_equal(coverage_count(coverage), 2);
	assert_int_equal(coverage_other(coverage), 6);
	assert_list(coverage, "4/550/550 b\n"
			      "2/0/what\n");
	coverage_reset(coverage);
	assert_int_equal(coverage_other(coverage), 0);
	coverage_free(coverage);
}

static void keeps_the_start_of_a_long_reply(void **state)
{
	struct coverage *coverage = coverage_new(COVERAGE_LIMIT);
	struct buf reply = { 0 };

	(void)state;
	while (reply.len < COVERAGE_BYTES)
		buf_add_char(&reply, 'x');
	for (char c = 'a'; c <= 'c'; c++) {
		buf_add_char(&reply, c);
		coverage_add(coverage, BASIS_CODE, 550, buf_slice(&reply));
	}
	/* A code that is none. */
	coverage_add(coverage, BASIS_CODE, 1000, SLICE("y"));
	assert_int_equal(coverage_count(coverage), 2);
	coverage_free(coverage);
	buf_clear(&reply);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_what_only_a_code_explains),
		cmocka_unit_test(counts_the_rest_when_there_is_no_room),
		cmocka_unit_test(keeps_the_start_of_a_long_reply),
	};

	return cmocka_run_group_tests_name("coverage", tests, NULL, NULL);
}
