/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/slice.h"

#define NONE SIZE_MAX

static void assert_slice(struct slice got, const char *wanted)
{
	if (!slice_equal(got, slice_from(wanted)))
		print_message("got \"%.*s\", wanted \"%s\"\n", (int)got.len,
			      got.at ? got.at : "", wanted);
	assert_true(slice_equal(got, slice_from(wanted)));
}

static const struct {
	struct slice a;
	struct slice b;
	int order; /* of a and b: -1, 0, 1 */
	bool nocase;
	bool starts; /* a with b */
	bool ends;
} pairs[] = {
	{ SLICE(""), SLICE(""), 0, true, true, true },
	{ { NULL, 0 }, { NULL, 0 }, 0, true, true, true },
	{ { NULL, 0 }, SLICE("a"), -1, false, false, false },
	{ SLICE("a"), { NULL, 0 }, 1, false, true, true },
	{ SLICE("abc"), SLICE("abc"), 0, true, true, true },
	{ SLICE("ABC"), SLICE("abc"), -1, true, false, false },
	{ SLICE("abc"), SLICE("ab"), 1, false, true, false },
	{ SLICE("abc"), SLICE("bc"), -1, false, false, true },
	{ SLICE("ab"), SLICE("abc"), -1, false, false, false },
	{ SLICE("b"), SLICE("abc"), 1, false, false, false },
	/* Bytes, not characters: 0xff is after all, NUL is one of them. */
	{ SLICE("\xff"), SLICE("a"), 1, false, false, false },
	{ SLICE("a\0b"), SLICE("a\0c"), -1, false, false, false },
	{ SLICE("a\0b"), SLICE("a\0B"), 1, true, false, false },
	/* No umlauts: ASCII alone has two cases. */
	{ SLICE("\xc3\xa4"), SLICE("\xc3\x84"), 1, false, false, false },
	{ SLICE("@"), SLICE("`"), -1, false, false, false },
};

static int sign(int number)
{
	return (number > 0) - (number < 0);
}

static void compares_bytes_and_knows_ends(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct slice a = pairs[i].a;
		struct slice b = pairs[i].b;

		print_message("case %zu\n", i);
		assert_int_equal(sign(slice_compare(a, b)), pairs[i].order);
		assert_int_equal(sign(slice_compare(b, a)), -pairs[i].order);
		assert_int_equal(slice_equal(a, b), pairs[i].order == 0);
		assert_int_equal(slice_equal_nocase(a, b), pairs[i].nocase);
		assert_int_equal(slice_starts(a, b), pairs[i].starts);
		assert_int_equal(slice_ends(a, b), pairs[i].ends);
	}
}

static const struct {
	const char *text;
	const char *stop;
	size_t at; /* NONE: it is not there */
	const char *head;
	const char *rest;
} cuts[] = {
	{ "a,b,c", ",", 1, "a", "b,c" },
	{ ",b", ",", 0, "", "b" },
	{ "a,", ",", 1, "a", "" },
	{ ",", ",", 0, "", "" },
	{ "abc", ",", NONE, NULL, NULL },
	{ "", ",", NONE, NULL, NULL },
	{ "a said: b", " said: ", 1, "a", "b" },
	{ "a said:", " said: ", NONE, NULL, NULL },
	{ "aab", "ab", 1, "a", "" },
	{ "ab", "abc", NONE, NULL, NULL },
	{ "abc", "", 0, "", "abc" },
};

static void cuts_at_the_first_stop(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cuts); i++) {
		struct slice text = slice_from(cuts[i].text);
		struct slice stop = slice_from(cuts[i].stop);
		struct slice rest = text;
		struct slice head = SLICE("untouched");
		bool found = cuts[i].at != NONE;

		print_message("case: %s at %s\n", cuts[i].text, cuts[i].stop);
		assert_int_equal(slice_find(text, stop), cuts[i].at);
		assert_int_equal(slice_cut_at(&rest, stop, &head), found);
		assert_slice(head, found ? cuts[i].head : "untouched");
		assert_slice(rest, found ? cuts[i].rest : cuts[i].text);
		if (stop.len != 1)
			continue;
		rest = text;
		head = SLICE("untouched");
		assert_int_equal(slice_cut(&rest, stop.at[0], &head), found);
		assert_slice(head, found ? cuts[i].head : "untouched");
		assert_slice(rest, found ? cuts[i].rest : cuts[i].text);
	}
}

static void finds_and_cuts_behind_a_nul(void **state)
{
	struct slice rest = SLICE("a\0b,c");
	struct slice head;

	(void)state;
	assert_int_equal(slice_find(rest, SLICE("\0b")), 1);
	assert_true(slice_cut(&rest, ',', &head));
	assert_true(slice_equal(head, SLICE("a\0b")));
	assert_slice(rest, "c");
}

static const struct {
	const char *text;
	size_t count;
	const char *head;
	const char *after;
} parts[] = {
	{ "abc", 0, "", "abc" }, { "abc", 1, "a", "bc" },
	{ "abc", 3, "abc", "" }, { "abc", 4, "abc", "" },
	{ "", 0, "", "" },       { "", SIZE_MAX, "", "" },
};

static void splits_at_a_count(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(parts); i++) {
		struct slice text = slice_from(parts[i].text);

		print_message("case: %s\n", parts[i].text);
		assert_slice(slice_head(text, parts[i].count), parts[i].head);
		assert_slice(slice_after(text, parts[i].count), parts[i].after);
	}
}

static const struct {
	const char *text;
	const char *head;
	const char *rest; /* NULL: it does not begin so */
} skips[] = {
	{ "to=<a>", "to=", "<a>" }, { "to=", "to=", "" }, { "to", "to=", NULL },
	{ "To=<a>", "to=", NULL },  { "abc", "", "abc" }, { "", "", "" },
};

static void skips_what_it_begins_with(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(skips); i++) {
		struct slice rest = slice_from(skips[i].text);

		print_message("case: %s\n", skips[i].text);
		assert_int_equal(slice_skip(&rest, slice_from(skips[i].head)),
				 skips[i].rest != NULL);
		assert_slice(rest,
			     skips[i].rest ? skips[i].rest : skips[i].text);
	}
}

static const struct {
	const char *text;
	const char *trimmed;
} trims[] = {
	{ "", "" },           { " \t ", "" },
	{ "a", "a" },         { " \ta b\t ", "a b" },
	{ "a ", "a" },        { " a", "a" },
	{ "\na\n", "\na\n" }, { "\r a", "\r a" },
};

static void trims_blanks_and_tabs_only(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(trims); i++) {
		print_message("case %zu\n", i);
		assert_slice(slice_trim(slice_from(trims[i].text)),
			     trims[i].trimmed);
	}
}

static const struct {
	const char *text;
	bool good;
	uint64_t number;
} numbers[] = {
	{ "0", true, 0 },
	{ "007", true, 7 },
	{ "554", true, 554 },
	{ "18446744073709551615", true, UINT64_MAX },
	{ "18446744073709551616", false, 0 },
	{ "99999999999999999999", false, 0 },
	{ "184467440737095516150", false, 0 },
	{ "", false, 0 },
	{ "-1", false, 0 },
	{ "+1", false, 0 },
	{ " 1", false, 0 },
	{ "1 ", false, 0 },
	{ "1.5", false, 0 },
	{ "0x1", false, 0 },
	{ "1/", false, 0 },
	{ "1:", false, 0 },
};

static void reads_a_number_that_is_all_digits_and_fits(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(numbers); i++) {
		uint64_t number = 99;

		print_message("case: %s\n", numbers[i].text);
		assert_int_equal(
			slice_number(slice_from(numbers[i].text), &number),
			numbers[i].good);
		assert_true(number == numbers[i].number);
	}
}

static void ignores_the_case_of_ascii_letters(void **state)
{
	struct slice text = SLICE("Ab\0aBC\xc3\x84");

	(void)state;
	assert_true(slice_starts_nocase(text, SLICE("aB")));
	assert_true(slice_starts_nocase(text, SLICE("")));
	assert_false(slice_starts_nocase(text, SLICE("b")));
	assert_false(slice_starts_nocase(SLICE("a"), SLICE("ab")));
	assert_int_equal(slice_find_nocase(text, SLICE("abc")), 3);
	assert_int_equal(slice_find_nocase(text, SLICE("\xc3\x84")), 6);
	assert_true(slice_find_nocase(text, SLICE("\xc3\xa4")) == SIZE_MAX);
	assert_true(slice_find_nocase(SLICE(""), SLICE("a")) == SIZE_MAX);
}

static void knows_what_is_blank(void **state)
{
	(void)state;
	assert_true(slice_is_blank(SLICE("")));
	assert_true(slice_is_blank(SLICE(" \t\r\n")));
	assert_false(slice_is_blank(SLICE(" x ")));
	assert_false(slice_is_blank(SLICE("\0")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_what_is_blank),
		cmocka_unit_test(compares_bytes_and_knows_ends),
		cmocka_unit_test(cuts_at_the_first_stop),
		cmocka_unit_test(finds_and_cuts_behind_a_nul),
		cmocka_unit_test(splits_at_a_count),
		cmocka_unit_test(skips_what_it_begins_with),
		cmocka_unit_test(trims_blanks_and_tabs_only),
		cmocka_unit_test(reads_a_number_that_is_all_digits_and_fits),
		cmocka_unit_test(ignores_the_case_of_ascii_letters),
	};

	return cmocka_run_group_tests_name("slice", tests, NULL, NULL);
}
