/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdlib.h>

#include "parse/csv.h"

enum { MOST = 4 };

static const struct {
	const char *line;
	size_t count; /* 0: it is none */
	const char *fields[MOST];
} lines[] = {
	{ "a,b,c", 3, { "a", "b", "c" } },
	{ "a", 1, { "a" } },
	{ ",", 2, { "", "" } },
	{ ",,,", 4, { "", "", "", "" } },
	{ "a,", 2, { "a", "" } },
	{ "\"a,b\",c", 2, { "a,b", "c" } },
	{ "\"\",c", 2, { "", "c" } },
	{ "\"\"\"\"", 1, { "\"" } },
	{ "\"a\"\"b\",\"\"\"c\"\"\"", 2, { "a\"b", "\"c\"" } },
	{ "\"a,\"\",b\",c", 2, { "a,\",b", "c" } },
	{ "\"a\"\"\"\"b\"", 1, { "a\"\"b" } },
	{ "c,\"a\"", 2, { "c", "a" } },
	/* Quotes only count at the start. */
	{ "a\"b,c\"", 2, { "a\"b", "c\"" } },
	{ " \"a\",b", 2, { " \"a\"", "b" } },
	/* More than asked for are counted. */
	{ "a,b,c,d,e,\"f,g\"", 6, { "a", "b", "c", "d" } },
	/* Broken. */
	{ "", 0, { 0 } },
	{ "\"", 0, { 0 } },
	{ "a,\"", 0, { 0 } },
	{ "a,\"b", 0, { 0 } },
	{ "a,\"b\"\"", 0, { 0 } },
	{ "\"a\"b,c", 0, { 0 } },
	{ "\"a\" ,c", 0, { 0 } },
	{ "a,b,c,d,e,\"f", 0, { 0 } },
};

static void splits_lines(void **state)
{
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct slice fields[MOST] = { 0 };

		print_message("case: %s\n", lines[i].line);
		buf_reset(&buf);
		assert_int_equal(csv_split(slice_from(lines[i].line), &buf,
					   fields, MOST),
				 lines[i].count);
		for (size_t k = 0; k < MOST; k++) {
			const char *expected = lines[i].fields[k];

			assert_true(slice_equal(
				fields[k],
				slice_from(expected ? expected : "")));
		}
	}
	buf_clear(&buf);
}

/* Whatever comes: fields lie in the line or in the buffer, which does not move,
 * and hold no more bytes than the line. */
static void survives_anything(void **state)
{
	static const char alphabet[] = "\"\"\",,a'\0\n";
	struct buf buf = { 0 };
	unsigned seed = 1;

	(void)state;
	for (size_t round = 0; round < 20000; round++) {
		struct slice fields[MOST] = { 0 };
		char text[24];
		size_t len = round % sizeof(text);
		struct slice line = { text, len };
		size_t sum = 0;
		size_t count;
		const char *at;

		for (size_t i = 0; i < len; i++) {
			seed = seed * 1103515245U + 12345U;
			text[i] =
				alphabet[(seed >> 16) % (sizeof(alphabet) - 1)];
		}
		buf_reset(&buf);
		buf_reserve(&buf, len);
		at = buf.at;
		count = csv_split(line, &buf, fields, MOST);
		assert_ptr_equal(buf.at, at);
		assert_true(count <= len + 1);
		for (size_t i = 0; i < MOST; i++)
			sum += fields[i].len;
		assert_true(sum <= len);
		assert_true(buf.len <= len);
	}
	buf_clear(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits_lines),
		cmocka_unit_test(survives_anything),
	};

	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
