/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdlib.h>

#include "base/jsonin.h"

/* All members as "NAME=K:TEXT;", K the kind's letter; "!" if it is broken. */
static void list_members(struct slice text, struct buf *out)
{
	static const char letters[] = { [JSONIN_STRING] = 's',
					[JSONIN_NUMBER] = 'n',
					[JSONIN_OBJECT] = 'o',
					[JSONIN_ARRAY] = 'a',
					[JSONIN_WORD] = 'w' };
	struct slice name = { 0 };
	struct jsonin_value value;
	enum jsonin_step step;
	struct jsonin at;

	if (!jsonin_begin(text, &at)) {
		buf_add_char(out, '!');
		return;
	}
	while ((step = jsonin_member(&at, &name, &value)) == JSONIN_ITEM) {
		buf_add(out, name);
		buf_add_char(out, '=');
		buf_add_char(out, letters[value.kind]);
		buf_add_char(out, ':');
		buf_add(out, value.text);
		buf_add_char(out, ';');
	}
	if (step == JSONIN_BROKEN)
		buf_add_char(out, '!');
	else
		buf_add(out, at.rest);
}

static const struct {
	const char *text;
	const char *list;
} objects[] = {
	{ "{}", "" },
	{ " \t\r\n{ } behind", " behind" },
	{ "{\"a\":\"b\"}", "a=s:b;" },
	{ " { \"a\" : \"b\" , \"c\" : 1 } ", "a=s:b;c=n:1; " },
	{ "{\"a\":\"x\\\"y\\\\\",\"b\":\"\"}", "a=s:x\\\"y\\\\;b=s:;" },
	{ "{\"a\":-0.5e-10,\"b\":true,\"c\":false,\"d\":null}",
	  "a=n:-0.5e-10;b=w:true;c=w:false;d=w:null;" },
	{ "{\"a\":{\"b\":[1,{\"c\":\"}\"}]},\"d\":[ ]}",
	  "a=o:{\"b\":[1,{\"c\":\"}\"}]};d=a:[ ];" },
	{ "{\"a\":1,\"a\":2,\"\":3}", "a=n:1;a=n:2;=n:3;" },
	{ "{\"a\":\"\t\x1b\xff\"}", "a=s:\t\x1b\xff;" },
	{ "", "!" },
	{ "x", "!" },
	{ "{", "!" },
	{ "{,}", "!" },
	{ "{\"a\"}", "!" },
	{ "{\"a\":}", "!" },
	{ "{\"a\" 1}", "!" },
	{ "{a:1}", "!" },
	{ "{\"a\":1", "a=n:1;!" },
	{ "{\"a\":1,}", "a=n:1;!" },
	{ "{\"a\":1 \"b\":2}", "a=n:1;!" },
	{ "{\"a\":1]", "a=n:1;!" },
	{ "{\"a\":\"b}", "!" },
	{ "{\"a\":\"b\\\"}", "!" },
	{ "{\"a\":\"b\\", "!" },
	{ "{\"a\":[1,]}", "!" },
	{ "{\"a\":[1 2]}", "!" },
	{ "{\"a\":[}", "!" },
	{ "{\"a\":{]}", "!" },
	{ "{\"a\":{\"b\"}}", "!" },
	{ "{\"a\":-}", "!" },
	{ "{\"a\":1.}", "!" },
	{ "{\"a\":1e}", "!" },
	{ "{\"a\":.5}", "!" },
	{ "{\"a\":nul}", "!" },
	{ "{\"a\":nulll}", "a=w:null;!" },
	{ "{\"a\":'b'}", "!" },
};

/* Alone in memory, so that the sanitizer sees reading past the end. */
static void list_copy(struct slice text, struct buf *out)
{
	char *copy = malloc(text.len ? text.len : 1);

	assert_non_null(copy);
	if (text.len)
		memcpy(copy, text.at, text.len);
	list_members((struct slice){ copy, text.len }, out);
	free(copy);
}

static void reads_objects_member_by_member(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(objects); i++) {
		struct buf out = { 0 };

		print_message("text: %s\n", objects[i].text);
		list_copy(slice_from(objects[i].text), &out);
		assert_true(slice_equal(buf_slice(&out),
					slice_from(objects[i].list)));
		buf_clear(&out);
	}
}

static void finds_what_is_cut_broken(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(objects); i++) {
		struct slice text = slice_from(objects[i].text);
		const char *close = strrchr(objects[i].text, '}');

		if (slice_ends(slice_from(objects[i].list), SLICE("!")))
			continue;
		while (text.len) {
			struct buf out = { 0 };

			text.len--;
			list_copy(text, &out);
			if (text.at + text.len <= close)
				assert_true(slice_ends(buf_slice(&out),
						       SLICE("!")));
			buf_clear(&out);
		}
	}
}

static void reads_arrays(void **state)
{
	struct jsonin at;
	struct jsonin_value value;

	(void)state;
	assert_true(jsonin_begin(SLICE(" [1, \"a\\n\", [2]] x"), &at));
	assert_int_equal(jsonin_element(&at, &value), JSONIN_ITEM);
	assert_int_equal(value.kind, JSONIN_NUMBER);
	assert_int_equal(jsonin_element(&at, &value), JSONIN_ITEM);
	assert_int_equal(value.kind, JSONIN_STRING);
	assert_true(value.escaped);
	assert_int_equal(jsonin_element(&at, &value), JSONIN_ITEM);
	assert_int_equal(value.kind, JSONIN_ARRAY);
	assert_true(slice_equal(value.text, SLICE("[2]")));
	assert_int_equal(jsonin_element(&at, &value), JSONIN_END);
	assert_true(slice_equal(at.rest, SLICE(" x")));
}

static void refuses_what_is_nested_too_deep(void **state)
{
	(void)state;
	for (unsigned depth = 1; depth < 1000; depth++) {
		struct buf text = { 0 };
		struct buf out = { 0 };

		buf_add(&text, SLICE("{\"a\":"));
		for (unsigned i = 1; i < depth; i++)
			buf_add_char(&text, '[');
		buf_add_char(&text, '1');
		for (unsigned i = 1; i < depth; i++)
			buf_add_char(&text, ']');
		buf_add_char(&text, '}');
		list_members(buf_slice(&text), &out);
		assert_int_equal(slice_equal(buf_slice(&out), SLICE("!")),
				 depth > JSONIN_DEPTH);
		buf_clear(&text);
		buf_clear(&out);
	}
}

static const struct {
	struct slice text;
	struct slice undone;
} escapes[] = {
	{ SLICE(""), SLICE("") },
	{ SLICE("plain"), SLICE("plain") },
	{ SLICE("\\\"\\\\\\/\\b\\f\\n\\r\\t"), SLICE("\"\\/\b\f\n\r\t") },
	{ SLICE("a\\u0000b"), SLICE("a\0b") },
	{ SLICE("to=\\u003ca\\u003E\\u0026"), SLICE("to=<a>&") },
	{ SLICE("\\u00fc\\u20ac"), SLICE("\xc3\xbc\xe2\x82\xac") },
	{ SLICE("\\ud83d\\ude00"), SLICE("\xf0\x9f\x98\x80") },
	{ SLICE("\\ud83d"), SLICE("\xef\xbf\xbd") },
	{ SLICE("\\ude00x"), SLICE("\xef\xbf\xbdx") },
	{ SLICE("\\ud83d\\u0041"), SLICE("\xef\xbf\xbd"
					 "A") },
	{ SLICE("\\ud83d\\ud83d\\ude00"),
	  SLICE("\xef\xbf\xbd\xf0\x9f\x98\x80") },
	{ SLICE("\\u12"), SLICE("\\u12") },
	{ SLICE("\\u12g4\\q\\"), SLICE("\\u12g4\\q\\") },
	{ SLICE("\\ud83d\\u"), SLICE("\xef\xbf\xbd\\u") },
};

static void undoes_escapes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(escapes); i++) {
		struct buf out = { 0 };

		print_message("text: %.*s\n", (int)escapes[i].text.len,
			      escapes[i].text.at);
		jsonin_unescape(&out, escapes[i].text);
		assert_true(slice_equal(buf_slice(&out), escapes[i].undone));
		assert_true(out.len <= escapes[i].text.len);
		buf_clear(&out);
	}
}

/* Megabytes of one byte: what is not linear does not end. */
static void takes_long_texts(void **state)
{
	static const char bytes[] = "\\\"{[,: 1\xff";
	size_t len = 4 << 20;
	char *text = malloc(len);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i + 1 < sizeof(bytes); i++) {
		struct buf out = { 0 };

		memset(text, bytes[i], len);
		memcpy(text, "{\"a\":\"", 6);
		text[len - 1] = '"';
		list_members((struct slice){ text, len }, &out);
		buf_reset(&out);
		jsonin_unescape(&out, (struct slice){ text, len });
		assert_true(out.len <= len);
		buf_clear(&out);
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_objects_member_by_member),
		cmocka_unit_test(finds_what_is_cut_broken),
		cmocka_unit_test(reads_arrays),
		cmocka_unit_test(refuses_what_is_nested_too_deep),
		cmocka_unit_test(undoes_escapes),
		cmocka_unit_test(takes_long_texts),
	};

	return cmocka_run_group_tests_name("jsonin", tests, NULL, NULL);
}
