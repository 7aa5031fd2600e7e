/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "parse/enhanced.h"

static const struct {
	const char *text;
	size_t len; /* 0: is no code */
	struct enhanced code;
} cases[] = {
	{ "5.7.1 blocked", 5, { 5, 7, 1 } }, /* the common one */
	{ "4.7.500", 7, { 4, 7, 500 } },     /* Microsoft */
	{ "", 0, { 0 } },
	{ "5.7", 0, { 0 } },
	{ "5.7.1x", 0, { 0 } },
	{ "5.7.1000", 0, { 0 } },
	{ "3.0.0", 0, { 0 } },
	{ "05.7.1", 0, { 0 } },
};

static void reads_a_code_at_the_start(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct slice text = slice_from(cases[i].text);
		struct enhanced code = { 9, 9, 9 };

		print_message("case: %s\n", cases[i].text);
		assert_int_equal(enhanced_parse(text, &code), cases[i].len);
		assert_int_equal(code.class, cases[i].code.class);
		assert_int_equal(code.subject, cases[i].code.subject);
		assert_int_equal(code.detail, cases[i].code.detail);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_code_at_the_start),
	};

	return cmocka_run_group_tests_name("enhanced", tests, NULL, NULL);
}
