/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/utf8.h"

#define BAD "\xef\xbf\xbd"

/* The borders of the table in RFC 3629, 4, and what lies beyond them. */
static const struct {
	struct slice text;
	size_t len;
} sequences[] = {
	{ { NULL, 0 }, 0 },
	{ SLICE("a"), 1 },
	{ SLICE("\0"), 1 },
	{ SLICE("\x7f"), 1 },
	{ SLICE("\x80"), 0 },
	{ SLICE("\xbf"), 0 },
	{ SLICE("\xc0\x80"), 0 }, /* overlong */
	{ SLICE("\xc1\xbf"), 0 },
	{ SLICE("\xc2\x80"), 2 },
	{ SLICE("\xdf\xbf"), 2 },
	{ SLICE("\xc2"), 0 },
	{ SLICE("\xc2\x7f"), 0 },
	{ SLICE("\xc2\xc0"), 0 },
	{ SLICE("\xe0\x9f\xbf"), 0 }, /* overlong */
	{ SLICE("\xe0\xa0\x80"), 3 },
	{ SLICE("\xe1\x80\x80"), 3 },
	{ SLICE("\xe2\x82\xac and more"), 3 },
	{ SLICE("\xe2\x82"), 0 },
	{ SLICE("\xe2\x82\x28"), 0 },
	{ SLICE("\xed\x9f\xbf"), 3 },
	{ SLICE("\xed\xa0\x80"), 0 }, /* a surrogate */
	{ SLICE("\xed\xbf\xbf"), 0 },
	{ SLICE("\xee\x80\x80"), 3 },
	{ SLICE("\xef\xbf\xbf"), 3 },
	{ SLICE("\xf0\x8f\xbf\xbf"), 0 }, /* overlong */
	{ SLICE("\xf0\x90\x80\x80"), 4 },
	{ SLICE("\xf0\x9f\x98\x80"), 4 },
	{ SLICE("\xf0\x9f\x98"), 0 },
	{ SLICE("\xf4\x8f\xbf\xbf"), 4 }, /* U+10FFFF */
	{ SLICE("\xf4\x90\x80\x80"), 0 },
	{ SLICE("\xf5\x80\x80\x80"), 0 },
	{ SLICE("\xff\xff\xff\xff"), 0 },
};

static void knows_the_sequences_of_rfc_3629(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(sequences); i++) {
		print_message("case %zu\n", i);
		assert_int_equal(utf8_sequence(sequences[i].text),
				 sequences[i].len);
	}
}

static size_t encode(uint32_t point, char *into)
{
	if (point < 0x80) {
		into[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		into[0] = (char)(0xc0 | point >> 6);
		into[1] = (char)(0x80 | (point & 63));
		return 2;
	}
	if (point < 0x10000) {
		into[0] = (char)(0xe0 | point >> 12);
		into[1] = (char)(0x80 | (point >> 6 & 63));
		into[2] = (char)(0x80 | (point & 63));
		return 3;
	}
	into[0] = (char)(0xf0 | point >> 18);
	into[1] = (char)(0x80 | (point >> 12 & 63));
	into[2] = (char)(0x80 | (point >> 6 & 63));
	into[3] = (char)(0x80 | (point & 63));
	return 4;
}

static void takes_every_code_point_but_surrogates(void **state)
{
	(void)state;
	for (uint32_t point = 0; point <= 0x110fff; point++) {
		char bytes[4];
		size_t len = encode(point, bytes);
		bool good = point <= 0x10ffff &&
			    (point < 0xd800 || point > 0xdfff);
		size_t got = utf8_sequence((struct slice){ bytes, len });

		if (got != (good ? len : 0))
			fail_msg("U+%04X: %zu", point, got);
	}
}

static const struct {
	struct slice text;
	const char *shown;
	size_t count;
} texts[] = {
	{ { NULL, 0 }, "", 0 },
	{ SLICE("Postfach voll"), "Postfach voll", 13 },
	{ SLICE("f\xc3\xbcr 5 \xe2\x82\xac \xf0\x9f\x98\x80"),
	  "f\xc3\xbcr 5 \xe2\x82\xac \xf0\x9f\x98\x80", 9 },
	{ SLICE("a\033[31mb"), "a?[31mb", 7 },
	{ SLICE("a\0b\tc\nd\re"), "a?b?c?d?e", 9 },
	{ SLICE("\x1f \x7f ~"), "? ? ~", 5 },
	/* C1: U+009B is ESC [ in one character. U+00A0 is none. */
	{ SLICE("\xc2\x80 \xc2\x9b\x33mx \xc2\x9f \xc2\xa0"),
	  "? ?3mx ? \xc2\xa0", 10 },
	{ SLICE("\x9b"), BAD, 1 },
	/* U+202E turns "gpj.exe" round; U+2066 opens an isolate. */
	{ SLICE("a\xe2\x80\xae\x67pj.exe\xe2\x80\xac"), "a?gpj.exe?", 10 },
	{ SLICE("\xe2\x80\xaa\xe2\x80\xab\xe2\x80\xad"), "???", 3 },
	{ SLICE("\xe2\x81\xa6\xe2\x81\xa7\xe2\x81\xa8\xe2\x81\xa9"), "????",
	  4 },
	/* Their neighbours change nothing, nor do marks of Arabic text. */
	{ SLICE("\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa\xe2\x80\x8f"),
	  "\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa\xe2\x80\x8f", 4 },
	{ SLICE("\xc3\xa4\xc3"), "\xc3\xa4" BAD, 2 },
	{ SLICE("\xe2\x82"), BAD BAD, 2 },
	{ SLICE("\xc0\xafx"), BAD BAD "x", 3 },
};

static void shows_texts_without_control_characters(void **state)
{
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		print_message("case %zu\n", i);
		buf_reset(&buf);
		utf8_add_shown(&buf, texts[i].text);
		assert_true(slice_equal(buf_slice(&buf),
					slice_from(texts[i].shown)));
		assert_int_equal(utf8_count(texts[i].text), texts[i].count);
	}
	buf_clear(&buf);
}

static void adds_behind_what_is_there(void **state)
{
	struct buf buf = { 0 };

	(void)state;
	buf_add(&buf, SLICE("x: "));
	utf8_add_shown(&buf, SLICE("\xff"));
	assert_true(slice_equal(buf_slice(&buf), SLICE("x: " BAD)));
	assert_true(slice_equal(UTF8_REPLACEMENT, SLICE(BAD)));
	buf_clear(&buf);
}

static void writes_characters_by_number(void **state)
{
	struct buf buf = { 0 };

	(void)state;
	for (uint32_t number = 0; number < 0x110010; number++) {
		bool bad = number > 0x10ffff ||
			   (number >= 0xd800 && number < 0xe000);

		buf_reset(&buf);
		utf8_add_character(&buf, number);
		assert_int_equal(utf8_sequence(buf_slice(&buf)), buf.len);
		assert_int_equal(slice_equal(buf_slice(&buf), UTF8_REPLACEMENT),
				 bad || number == 0xfffd);
	}
	buf_reset(&buf);
	utf8_add_character(&buf, 'a');
	utf8_add_character(&buf, 0xe4);
	utf8_add_character(&buf, 0x20ac);
	utf8_add_character(&buf, 0x1f600);
	assert_true(
		slice_equal(buf_slice(&buf),
			    SLICE("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80")));
	buf_clear(&buf);
}

static void counts_columns_of_a_terminal(void **state)
{
	static const struct {
		struct slice text;
		size_t columns;
	} widths[] = {
		{ { NULL, 0 }, 0 },
		{ SLICE("f\xc3\xbcr 5 \xe2\x82\xac"), 7 },
		{ SLICE("\xe3\x83\xaa\xe3\x82\xb9 \xe6\xbc\xa2"), 7 },
		{ SLICE("\xea\xb0\x80\xef\xbc\xa1"), 4 },
		{ SLICE("\xf0\x9f\x98\x80"), 2 },
		{ SLICE("\xff\x1b"), 2 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(widths); i++)
		assert_int_equal(utf8_columns(widths[i].text),
				 widths[i].columns);
}

static void cuts_between_characters(void **state)
{
	static const struct slice text = SLICE("a\xe2\x82\xac\xc3\xa4");
	static const size_t lengths[] = { 0, 1, 1, 1, 4, 4, 6, 6 };

	(void)state;
	for (size_t size = 0; size < COUNT(lengths); size++)
		assert_int_equal(utf8_head(text, size).len, lengths[size]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_the_sequences_of_rfc_3629),
		cmocka_unit_test(takes_every_code_point_but_surrogates),
		cmocka_unit_test(shows_texts_without_control_characters),
		cmocka_unit_test(adds_behind_what_is_there),
		cmocka_unit_test(writes_characters_by_number),
		cmocka_unit_test(counts_columns_of_a_terminal),
		cmocka_unit_test(cuts_between_characters),
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
