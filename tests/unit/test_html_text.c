/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/buf.h"
#include "why/html_text.h"

static const struct {
	const char *html;
	const char *text; /* without the newline at the end */
} cases[] = {
	{ "plain", "plain" },
	{ "a<br>b<BR/>c", "a\nb\nc" },
	{ "<p class=\"x\">a</p><b>b</b>", "\na\nb" },
	{ "a \n\t b", "a b" },
	{ "<tr><td>a</td><td>b</td></tr>", "\n a b\n" },
	{ "&lt;&amp;&gt;&quot;&nbsp;&auml;&#228;&#xE4;", "<&>\" äää" },
	{ "a & b &unknown; &#xzz; &#; &", "a & b &unknown; &#xzz; &#; &" },
	{ "&#0;&#10;&#xd800;&#x1f600;", "  \xef\xbf\xbd\xf0\x9f\x98\x80" },
	{ "<style>p { x }</style>a<script>1 < 2</script>b<!-- <p> -->c",
	  "abc" },
	{ "<title>no</title>yes<script>for ever", "yes" },
	/* Brackets that nobody escaped. */
	{ "<bob@b.example>: 1 < 2 > 1", "<bob@b.example>: 1 < 2 > 1" },
	{ "a<b", "a" },
	{ "a<!-- b", "a" },
	{ "", "" },
};

static void shows_what_a_person_reads(void **state)
{
	struct buf text = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("case: %s\n", cases[i].html);
		buf_reset(&text);
		html_text_add(&text, slice_from(cases[i].html));
		assert_true(text.len <= strlen(cases[i].html) + 1);
		assert_int_equal(text.at[--text.len], '\n');
		assert_true(slice_equal(buf_slice(&text),
					slice_from(cases[i].text)));
	}
	buf_clear(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_what_a_person_reads),
	};

	return cmocka_run_group_tests_name("html_text", tests, NULL, NULL);
}
