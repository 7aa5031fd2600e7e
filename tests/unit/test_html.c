/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "out/html.h"

static const struct {
	const char *text;
	const char *html;
} cases[] = {
	{ "", "" },
	{ "plain \xc3\xa4", "plain \xc3\xa4" },
	{ "<b> & \"x\" 'y'", "&lt;b&gt; &amp; &#34;x&#34; &#39;y&#39;" },
	{ "&lt;", "&amp;lt;" },
	{ "<", "&lt;" },
	{ "a\033[1m\x7f", "a?[1m?" },
	{ "bad \xff\xc3", "bad \xef\xbf\xbd\xef\xbf\xbd" },
};

static void escapes_what_is_markup(void **state)
{
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		buf_reset(&buf);
		html_element(&buf, SLICE("<p>"), slice_from(cases[i].text),
			     SLICE("</p>"));
		buf_add_char(&buf, '\0');
		print_message("case: %s\n", cases[i].text);
		assert_int_equal(buf.len, strlen(cases[i].html) + 8);
		assert_memory_equal(buf.at + 3, cases[i].html,
				    strlen(cases[i].html));
	}
	buf_clear(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes_what_is_markup),
	};

	return cmocka_run_group_tests_name("html", tests, NULL, NULL);
}
