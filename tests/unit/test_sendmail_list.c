/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "parse/sendmail_list.h"

static const struct {
	const char *line;
	const char *text;
} escapes[] = {
	{ "plain", "plain" },
	{ "", "" },
	{ "Empf\\344nger", "Empf\344nger" },
	{ "\\303\\274\\\\n", "\303\274\\n" },
	{ "a\\tb\\nc", "a\tb\nc" },
	{ "\"a\\\\\\\\\"", "\"a\\\\\"" },
	{ "NUL \\000", "NUL ?" },
	/* None: older versions write such bytes as they are. */
	{ "\\", "\\" },
	{ "C:\\d \\34", "C:\\d \\34" },
	{ "\\444 \\19x", "\\444 \\19x" },
};

static void undoes_escapes(void **state)
{
	struct buf text = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(escapes); i++) {
		print_message("case: %s\n", escapes[i].line);
		buf_reset(&text);
		buf_add(&text, slice_from(escapes[i].line));
		sendmail_unescape(&text);
		assert_true(slice_equal(buf_slice(&text),
					slice_from(escapes[i].text)));
	}
	buf_clear(&text);
}

static const struct {
	const char *text;
	size_t length; /* of the list; SIZE_MAX: it has no end */
	bool is_odd;
	const char *plain;
} lists[] = {
	{ "<a@x>, delay=", 5, false, "<a@x>," },
	{ "a@x, delay=", 3, false, "<a@x>," },
	{ "<a@x>,<b@y>, delay=", 11, false, "<a@x>,<b@y>," },
	{ "<\"a, b\"@x>,<c@x>, delay=", 16, true, "<\"a, b\"@x>,<c@x>," },
	{ "<\"a\\\", b\"@x>, delay=", 12, true, "<\"a\\\", b\"@x>," },
	{ "<a\\,b@x>, delay=", 8, true, "<a\\,b@x>," },
	{ "\"|/bin/sh -c 'a, b'\", c", 20, true, "<\"|/bin/sh -c 'a, b'\">," },
	{ "John Doe <j@x>, delay=", 14, true, "<j@x>," },
	{ "\"Doe, John\" <j@x>,<k@x>, d", 23, true, "<j@x>,<k@x>," },
	{ "[M1]<j@x>, d", 9, true, "<j@x>," },
	{ "<a@x>(, delay=1, (b), stat=Sent), d", 32, true, "<a@x>," },
	{ "a@x (a, b), d", 10, true, "<a@x>," },
	{ "<a@x>,<b@x>, [more], delay=", 19, true, "<a@x>,<b@x>," },
	{ "\\jl, delay=", 3, true, "<\\jl>," },
	{ "<@r:a@x>, d", 8, false, "<@r:a@x>," },
	{ "<a@x>", SIZE_MAX, false, "" },
	{ "<\"a@x>, delay=", SIZE_MAX, true, "" },
	{ "a@x (b, delay=", SIZE_MAX, true, "" },
	{ "", SIZE_MAX, false, "" },
	{ "\\", SIZE_MAX, true, "" },
	{ ", delay=", 0, false, "" },
};

static void reads_lists(void **state)
{
	struct buf plain = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(lists); i++) {
		struct slice text = slice_from(lists[i].text);
		bool is_odd;
		size_t length = sendmail_list_length(text, SLICE(", "),
						     &is_odd);

		print_message("case: %s\n", lists[i].text);
		assert_int_equal(length, lists[i].length);
		assert_int_equal(is_odd, lists[i].is_odd);
		if (length == SIZE_MAX)
			continue;
		buf_reset(&plain);
		sendmail_list_add(slice_head(text, length), &plain);
		assert_true(slice_equal(buf_slice(&plain),
					slice_from(lists[i].plain)));
	}
	buf_clear(&plain);
}

static void ends_at_another_stop(void **state)
{
	struct slice text = SLICE("<\"no... x\"@y>... User unknown");
	bool is_odd;

	(void)state;
	assert_int_equal(sendmail_list_length(text, SLICE("... "), &is_odd),
			 13);
	assert_true(is_odd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(undoes_escapes),
		cmocka_unit_test(reads_lists),
		cmocka_unit_test(ends_at_another_stop),
	};

	return cmocka_run_group_tests_name("sendmail_list", tests, NULL, NULL);
}
