/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/utf8.h"
#include "out/layout.h"

#define BAD "\xef\xbf\xbd"

static void assert_shown(struct buf *buf, const char *wanted)
{
	struct slice got = buf_slice(buf);

	if (!slice_equal(got, slice_from(wanted)))
		print_message("got:\n%.*s\nwanted:\n%s\n", (int)got.len,
			      got.len ? got.at : "", wanted);
	assert_true(slice_equal(got, slice_from(wanted)));
	buf_reset(buf);
}

static const struct {
	size_t width;
	size_t indent;
	const char *head;
	const char *text;
	const char *shown;
} paragraphs[] = {
	{ 20, 0, "", "", "\n" },
	{ 20, 2, "", "short", "  short\n" },
	{ 20, 2, "Head:", "short", "  Head: short\n" },
	{ 20, 2, "Head:", "", "  Head:\n" },
	/* Exactly the width, and one more. */
	{ 11, 0, "", "aaaaa bbbbb ccc", "aaaaa bbbbb\nccc\n" },
	{ 10, 0, "", "aaaaa bbbbb ccc", "aaaaa\nbbbbb ccc\n" },
	{ 12, 2, "H:", "aaa bbb ccc ddd", "  H: aaa bbb\n  ccc ddd\n" },
	/* A word that fits nowhere stands alone, whole. */
	{ 8, 2, "", "a https://b.example/c d",
	  "  a\n  https://b.example/c\n  d\n" },
	{ 8, 2, "", "https://b.example/c", "  https://b.example/c\n" },
	{ 20, 0, "", "  a \t  b\tc  ", "a b?c\n" },
	/* Characters count, not bytes. */
	{ 5, 0, "", "\xc3\xa4\xc3\xb6 \xc3\xbc\xc3\x9f x",
	  "\xc3\xa4\xc3\xb6 \xc3\xbc\xc3\x9f\nx\n" },
	{ 7, 0, "\xc3\xa4\xc3\xb6\xc3\xbc:", "ab c",
	  "\xc3\xa4\xc3\xb6\xc3\xbc: ab\nc\n" },
	/* Nothing reaches the terminal but text. */
	{ 40, 0, "\033[2J", "a\033]0;x\007 \xc2\x9b\x33m \x9b \nb",
	  "?[2J a?]0;x? ?3m " BAD " ?b\n" },
};

static void wraps_paragraphs(void **state)
{
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(paragraphs); i++) {
		struct layout layout = { .buf = &buf,
					 .width = paragraphs[i].width };

		print_message("case %zu\n", i);
		layout_paragraph(&layout, paragraphs[i].indent,
				 slice_from(paragraphs[i].head),
				 slice_from(paragraphs[i].text));
		assert_shown(&buf, paragraphs[i].shown);
	}
	buf_clear(&buf);
}

static void breaks_words_where_it_has_to(void **state)
{
	struct buf buf = { 0 };
	struct layout layout = { .buf = &buf, .width = 8, .breaks = true };
	struct slice none = { 0 };

	(void)state;
	layout_paragraph(&layout, 2, none, SLICE("a https://b.example/c d"));
	assert_shown(&buf, "  a\n  https:\n  //b.ex\n  ample/\n  c d\n");
	layout_paragraph(&layout, 0, none, SLICE("12345678 1\xc3\xa4\xff"));
	assert_shown(&buf, "12345678\n1\xc3\xa4" BAD "\n");
	/* Two columns a character. */
	layout.width = 5;
	layout_paragraph(&layout, 0, none,
			 SLICE("\xe3\x83\xaa\xe3\x82\xb9\xe3\x83\x88"));
	assert_shown(&buf, "\xe3\x83\xaa\xe3\x82\xb9\n\xe3\x83\x88\n");
	layout.width = 0;
	layout_paragraph(&layout, 0, none, SLICE("ab"));
	assert_shown(&buf, "a\nb\n");
	buf_clear(&buf);
}

/* However wide: all words in their order, no line too long that could be
 * shorter, each with its indent. */
static void keeps_all_words_at_any_width(void **state)
{
	static const struct slice text = SLICE(
		"one two three four five six seven eight nine ten");
	struct buf buf = { 0 };
	struct buf words = { 0 };

	(void)state;
	for (size_t width = 0; width < 60; width++) {
		struct layout layout = { .buf = &buf, .width = width };
		struct slice rest;
		struct slice line;

		buf_reset(&buf);
		buf_reset(&words);
		layout_paragraph(&layout, 3, (struct slice){ 0 }, text);
		rest = buf_slice(&buf);
		while (slice_cut(&rest, '\n', &line)) {
			bool one = slice_find(slice_after(line, 3),
					      SLICE(" ")) == SIZE_MAX;

			assert_true(slice_starts(line, SLICE("   ")));
			assert_true(one || line.len <= width);
			if (words.len)
				buf_add_char(&words, ' ');
			buf_add(&words, slice_after(line, 3));
		}
		assert_int_equal(rest.len, 0);
		assert_true(slice_equal(buf_slice(&words), text));
	}
	buf_clear(&buf);
	buf_clear(&words);
}

static const struct {
	size_t columns;
	bool right;
	const char *text;
	const char *shown;
} cells[] = {
	{ 6, false, "ab", "ab    " },
	{ 6, true, "ab", "    ab" },
	{ 2, false, "ab", "ab " },
	{ 2, true, "ab", "ab" },
	{ 1, false, "abc", "abc " },
	{ 1, true, "abc", "abc" },
	{ 3, false, "", "   " },
	{ 0, false, "", " " },
	{ 3, false, "\xc3\xa4", "\xc3\xa4  " },
	{ 3, true, "\xff", "  " BAD },
	{ 4, false, "\033[m", "?[m " },
};

static void fills_columns(void **state)
{
	struct buf buf = { 0 };
	struct layout layout = { .buf = &buf, .width = 80 };

	(void)state;
	for (size_t i = 0; i < COUNT(cells); i++) {
		print_message("case %zu\n", i);
		layout_cell(&layout, cells[i].columns, cells[i].right,
			    slice_from(cells[i].text));
		assert_shown(&buf, cells[i].shown);
	}
	buf_clear(&buf);
}

static const struct {
	size_t columns;
	uint64_t number;
	const char *shown;
} numbers[] = {
	{ 0, 0, "0" },
	{ 4, 7, "   7" },
	{ 4, 999, " 999" },
	{ 0, 1000, "1 000" },
	{ 8, 12345, "  12 345" },
	{ 0, 1234567, "1 234 567" },
	{ 0, UINT64_MAX, "18 446 744 073 709 551 615" },
};

static void groups_digits_in_threes(void **state)
{
	struct buf buf = { 0 };
	struct layout layout = { .buf = &buf, .width = 80 };

	(void)state;
	for (size_t i = 0; i < COUNT(numbers); i++) {
		layout_number(&layout, numbers[i].columns, numbers[i].number);
		assert_shown(&buf, numbers[i].shown);
	}
	buf_clear(&buf);
}

static const struct {
	enum style style;
	bool colour;
	const char *shown;
} styles[] = {
	{ STYLE_PLAIN, false, "a?b" },
	{ STYLE_PLAIN, true, "a?b" },
	{ STYLE_BOLD, false, "a?b" },
	{ STYLE_BOLD, true, "\033[1ma?b\033[0m" },
	{ STYLE_ALARM, false, "a?b" },
	{ STYLE_ALARM, true, "\033[1;31ma?b\033[0m" },
	{ STYLE_FAINT, true, "\033[2ma?b\033[0m" },
};

static void colours_only_where_asked_for(void **state)
{
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(styles); i++) {
		struct layout layout = { .buf = &buf,
					 .width = 80,
					 .colour = styles[i].colour };

		print_message("case %zu\n", i);
		layout_add(&layout, styles[i].style, SLICE("a\033b"));
		assert_shown(&buf, styles[i].shown);
	}
	buf_clear(&buf);
}

/* All that goes through, byte by byte: valid, and no control but newlines. */
static void lets_no_control_character_pass(void **state)
{
	struct buf buf = { 0 };
	struct layout layout = { .buf = &buf, .width = 10 };

	(void)state;
	for (unsigned pair = 0; pair < 0x10000; pair++) {
		const char bytes[2] = { (char)(pair >> 8), (char)pair };
		struct slice text = { bytes, 2 };
		struct slice rest;

		buf_reset(&buf);
		layout_add(&layout, STYLE_BOLD, text);
		layout_cell(&layout, 3, true, text);
		layout_paragraph(&layout, 1, text, text);
		rest = slice_head(buf_slice(&buf), buf.len - 1);
		while (rest.len) {
			size_t len = utf8_sequence(rest);
			unsigned char c = (unsigned char)rest.at[0];

			if (len == 0 || (c < 0x20 && c != '\n') || c == 0x7f ||
			    (c == 0xc2 && (unsigned char)rest.at[1] < 0xa0))
				fail_msg("bytes %02x %02x", pair >> 8,
					 pair & 255);
			rest = slice_after(rest, len);
		}
	}
	buf_clear(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wraps_paragraphs),
		cmocka_unit_test(breaks_words_where_it_has_to),
		cmocka_unit_test(keeps_all_words_at_any_width),
		cmocka_unit_test(fills_columns),
		cmocka_unit_test(groups_digits_in_threes),
		cmocka_unit_test(colours_only_where_asked_for),
		cmocka_unit_test(lets_no_control_character_pass),
	};

	return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
