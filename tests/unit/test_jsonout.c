/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <libfastjson/json.h>

#include "base/jsonout.h"
#include "base/utf8.h"

#define BAD "\xef\xbf\xbd"

static const struct {
	struct slice text;
	const char *json;
	struct slice read; /* what a reader gets; at NULL: the text itself */
} cases[] = {
	{ { NULL, 0 }, "\"\"", SLICE("") },
	{ SLICE("5.7.1 blocked"), "\"5.7.1 blocked\"", { 0 } },
	{ SLICE("\"}\n{\""), "\"\\\"}\\n{\\\"\"", { 0 } },
	{ SLICE("\\"), "\"\\\\\"", { 0 } },
	{ SLICE("\\u0041/"), "\"\\\\u0041/\"", { 0 } },
	{ SLICE("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"", { 0 } },
	{ SLICE("a\0b"), "\"a\\u0000b\"", { 0 } },
	{ SLICE("\033[31m\x1f\x7f"), "\"\\u001b[31m\\u001f\\u007f\"", { 0 } },
	/* C1 drives terminals too, in its UTF-8 form. */
	{ SLICE("\xc2\x80"), "\"\\u0080\"", { 0 } },
	{ SLICE("x\xc2\x9b\x33mx"), "\"x\\u009b3mx\"", { 0 } },
	{ SLICE("\xc2\x9f"), "\"\\u009f\"", { 0 } },
	{ SLICE("\xc2\xa0"), "\"\xc2\xa0\"", { 0 } },
	{ SLICE("\xc3\x9b"), "\"\xc3\x9b\"", { 0 } },
	{ SLICE("f\xc3\xbcr \xe2\x82\xac \xf0\x9f\x98\x80"),
	  "\"f\xc3\xbcr \xe2\x82\xac \xf0\x9f\x98\x80\"",
	  { 0 } },
	/* What is no UTF-8 becomes U+FFFD, a byte at a time. */
	{ SLICE("\x9b\xff"), "\"" BAD BAD "\"", SLICE(BAD BAD) },
	{ SLICE("\xc2"), "\"" BAD "\"", SLICE(BAD) },
	{ SLICE("\xc2\""), "\"" BAD "\\\"\"", SLICE(BAD "\"") },
	{ SLICE("\xed\xa0\x80"), "\"" BAD BAD BAD "\"", SLICE(BAD BAD BAD) },
	{ SLICE("\xc0\x80z"), "\"" BAD BAD "z\"", SLICE(BAD BAD "z") },
};

/* All of `json` as one value; NULL if it is none. */
static struct fjson_object *parse(struct slice json)
{
	struct fjson_tokener *tokener = fjson_tokener_new();
	struct fjson_object *value = fjson_tokener_parse_ex(tokener, json.at,
							    (int)json.len);

	if (value)
		assert_int_equal(tokener->char_offset, json.len);
	fjson_tokener_free(tokener);
	return value;
}

static struct slice string_of(struct fjson_object *value)
{
	assert_true(fjson_object_is_type(value, fjson_type_string));
	return (struct slice){ fjson_object_get_string(value),
			       (size_t)fjson_object_get_string_len(value) };
}

/* Valid UTF-8 and no byte that a terminal could take for more than text. */
static void assert_tame(struct slice json)
{
	while (json.len) {
		size_t len = utf8_sequence(json);
		unsigned char first = (unsigned char)json.at[0];

		assert_true(len > 0);
		assert_true(first >= 0x20 && first != 0x7f);
		assert_false(first == 0xc2 && (unsigned char)json.at[1] < 0xa0);
		json = slice_after(json, len);
	}
}

static void writes_strings_that_a_reader_gets_back(void **state)
{
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct fjson_object *array;
		struct slice read = cases[i].read.at ? cases[i].read
						     : cases[i].text;

		print_message("case %zu: %s\n", i, cases[i].json);
		buf_reset(&buf);
		jsonout_string(&buf, cases[i].text);
		assert_true(slice_equal(buf_slice(&buf),
					slice_from(cases[i].json)));
		assert_tame(buf_slice(&buf));
		buf_reset(&buf);
		buf_add_char(&buf, '[');
		jsonout_string(&buf, cases[i].text);
		buf_add_char(&buf, ']');
		array = parse(buf_slice(&buf));
		assert_true(slice_equal(
			string_of(fjson_object_array_get_idx(array, 0)), read));
		fjson_object_put(array);
	}
	buf_clear(&buf);
}

/* The reader gets the text with its bad bytes repaired, whatever it was. */
static void writes_every_pair_of_bytes_so_that_it_reads_back(void **state)
{
	struct buf buf = { 0 };
	struct buf wanted = { 0 };

	(void)state;
	for (unsigned pair = 0; pair < 0x10000; pair++) {
		const char bytes[3] = { (char)(pair >> 8), (char)pair, 'x' };
		struct slice rest = { bytes, sizeof(bytes) };
		struct fjson_object *array;

		buf_reset(&wanted);
		while (rest.len) {
			size_t len = utf8_sequence(rest);

			buf_add(&wanted,
				len ? slice_head(rest, len) : UTF8_REPLACEMENT);
			rest = slice_after(rest, len ? len : 1);
		}
		buf_reset(&buf);
		buf_add_char(&buf, '[');
		jsonout_string(&buf, (struct slice){ bytes, sizeof(bytes) });
		buf_add_char(&buf, ']');
		assert_tame(buf_slice(&buf));
		array = parse(buf_slice(&buf));
		if (!array || !slice_equal(string_of(fjson_object_array_get_idx(
						   array, 0)),
					   buf_slice(&wanted)))
			fail_msg("bytes %02x %02x", pair >> 8, pair & 255);
		fjson_object_put(array);
	}
	buf_clear(&buf);
	buf_clear(&wanted);
}

static void writes_members_of_an_object(void **state)
{
	struct buf buf = { 0 };
	struct fjson_object *object;
	struct fjson_object *value = NULL;

	(void)state;
	jsonout_first_key(&buf, SLICE("event"));
	jsonout_string(&buf, SLICE("failure"));
	jsonout_member(&buf, SLICE("reply"), SLICE("\"x\""));
	jsonout_count(&buf, SLICE("count"), UINT64_MAX);
	jsonout_count(&buf, SLICE("none"), 0);
	jsonout_key(&buf, SLICE("smtp_code"));
	buf_add(&buf, SLICE("null}"));
	assert_true(slice_equal(
		buf_slice(&buf),
		SLICE("{\"event\":\"failure\",\"reply\":\"\\\"x\\\"\",\"count\""
		      ":18446744073709551615,\"none\":0,\"smtp_code\":null}")));
	object = parse(buf_slice(&buf));
	assert_int_equal(fjson_object_object_length(object), 5);
	assert_true(fjson_object_object_get_ex(object, "reply", &value));
	assert_true(slice_equal(string_of(value), SLICE("\"x\"")));
	fjson_object_put(object);
	buf_clear(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_strings_that_a_reader_gets_back),
		cmocka_unit_test(
			writes_every_pair_of_bytes_so_that_it_reads_back),
		cmocka_unit_test(writes_members_of_an_object),
	};

	return cmocka_run_group_tests_name("jsonout", tests, NULL, NULL);
}
