/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "why/pattern.h"

static const struct {
	struct slice text;
	struct slice folded;
} folds[] = {
	{ { NULL, 0 }, SLICE("") },
	{ SLICE("Mailbox FULL"), SLICE("mailbox full") },
	{ SLICE("  a \t\r\n\v\f b  "), SLICE("a b") },
	{ SLICE(" \n "), SLICE("") },
	{ SLICE("@AZ[`az{"), SLICE("@az['az{") },
	{ SLICE("recipient\xe2\x80\x99s"), SLICE("recipient's") },
	{ SLICE("\xe2\x80\x98x\xe2\x80\x99"), SLICE("'x'") },
	{ SLICE("it\xc2\xb4s it`s it's"), SLICE("it's it's it's") },
	{ SLICE("a \xe2\x80\x99 b"), SLICE("a ' b") },
	/* Others that begin with the same bytes stay. */
	{ SLICE("\xe2\x80\x9c\xc2\xa0\xe2\x80"),
	  SLICE("\xe2\x80\x9c\xc2\xa0\xe2\x80") },
	{ SLICE("\xc3\x84\xff\0x\xc3"), SLICE("\xc3\xa4\xff\0x\xc3") },
	/* Capitals beyond ASCII; the sign of multiplication is none. */
	{ SLICE("\xc3\x96\xc3\x97\xc3\x9e\xc3\x9f"),
	  SLICE("\xc3\xb6\xc3\x97\xc3\xbe\xc3\x9f") },
	{ SLICE("\xc5\x81\xc5\x82\xc5\x9a\xc5\xbb\xc4\x8c"),
	  SLICE("\xc5\x82\xc5\x82\xc5\x9b\xc5\xbc\xc4\x8d") },
	{ SLICE("\xce\xa9\xce\xa3"), SLICE("\xcf\x89\xcf\x83") },
	{ SLICE("\xd0\x94\xd0\x9e\xd0\xa0\xd0\x81\xd1\x8f"),
	  SLICE("\xd0\xb4\xd0\xbe\xd1\x80\xd1\x91\xd1\x8f") },
};

static void folds_case_blanks_and_apostrophes(void **state)
{
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(folds); i++) {
		print_message("case %zu\n", i);
		pattern_fold(folds[i].text, &buf);
		assert_true(slice_equal(buf_slice(&buf), folds[i].folded));
	}
	buf_clear(&buf);
}

/* Which patterns were found, and the largest weight of each. */
struct found {
	struct slice folded;
	size_t longest[8];
	bool seen[8];
};

static void note(const struct pattern_match *match, void *context)
{
	struct found *found = context;
	size_t len = match->weight;

	assert_true(match->number < 8);
	assert_true(match->start <= match->end);
	assert_true(match->end <= found->folded.len);
	found->seen[match->number] = true;
	if (len > found->longest[match->number])
		found->longest[match->number] = len;
}

enum { FULL = 1, USERS, OCTETS, LISTED, COUNTED };

static struct pattern_set *make_set(void)
{
	struct pattern_set *set = pattern_set_new();
	struct fault fault = { "" };

	pattern_add_literal(set, SLICE("Mailbox  Full"), FULL);
	pattern_add_literal(set, SLICE("recipient\xe2\x80\x99s box"), USERS);
	pattern_add_literal(set, SLICE("a.c(\xc3\xa4"), OCTETS);
	pattern_add_regex(set, SLICE("listed (at|by) [a-z.]+"), LISTED);
	pattern_add_regex(set, SLICE("\\d+ OF \\d+ bytes"), COUNTED);
	assert_int_equal(pattern_compile(set, NULL, &fault), 0);
	return set;
}

static const struct {
	const char *text;
	uint32_t number; /* 0: nothing is found */
	size_t len;      /* or, of an expression, the least it matches */
} scans[] = {
	{ "the MAILBOX\t\n full", FULL, 12 },
	{ "mailbox full", FULL, 12 },
	{ "mailboxfull", 0, 0 },
	{ "the Recipient`s Box", USERS, 15 },
	/* In a literal nothing is special. */
	{ "x a.c(\xc3\xa4 x", OCTETS, 6 },
	{ "x abc(\xc3\xa4 x", 0, 0 },
	{ "you are LISTED by zen.example", LISTED, 11 },
	{ "listed in zen.example", 0, 0 },
	{ "12 of 34 Bytes", COUNTED, 12 },
	{ "", 0, 0 },
	{ " \n", 0, 0 },
};

static void finds_each_in_folded_text(void **state)
{
	struct pattern_set *set = make_set();
	struct pattern_scanner *scanner = pattern_scanner_new(set);
	struct buf folded = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(scans); i++) {
		struct found found = { 0 };

		print_message("case: %s\n", scans[i].text);
		pattern_fold(slice_from(scans[i].text), &folded);
		found.folded = buf_slice(&folded);
		pattern_scan(scanner, found.folded, note, &found);
		for (uint32_t k = 0; k < 8; k++)
			assert_int_equal(found.seen[k],
					 k && k == scans[i].number);
		assert_int_equal(found.longest[scans[i].number], scans[i].len);
	}
	buf_clear(&folded);
	pattern_scanner_free(scanner);
	pattern_set_free(set);
}

static void finds_several_in_one_pass(void **state)
{
	struct pattern_set *set = make_set();
	struct pattern_scanner *scanner = pattern_scanner_new(set);
	struct found found = { .folded = SLICE("mailbox full, listed by x") };

	(void)state;
	pattern_scan(scanner, found.folded, note, &found);
	assert_true(found.seen[FULL]);
	assert_true(found.seen[LISTED]);
	assert_false(found.seen[USERS]);
	pattern_scanner_free(scanner);
	pattern_set_free(set);
}

static const struct {
	const char *regex;
	bool good;
} regexes[] = {
	{ "blocked using [a-z0-9.-]+", true },
	{ "(a|b)c?d{2,4}", true },
	{ "(unclosed", false },
	{ "a(?=b)", false }, /* no look-around */
	{ "(a)\\1", false }, /* no back-reference */
	{ "[z-a]", false },
	/* It would match everywhere. */
	{ "x*", false },
};

/* One that is taken works: a set of those alone can be made ready. */
static void refuses_regular_expressions_it_cannot_use(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(regexes); i++) {
		struct pattern_set *set = pattern_set_new();
		struct slice regex = slice_from(regexes[i].regex);
		struct fault fault = { "" };
		int result = pattern_check_regex(regex, &fault);

		print_message("case: %s: %s\n", regexes[i].regex, fault.text);
		assert_int_equal(result, regexes[i].good ? 0 : -1);
		assert_int_equal(fault.text[0] == '\0', regexes[i].good);
		if (!regexes[i].good)
			assert_non_null(strstr(fault.text, regexes[i].regex));
		pattern_add_regex(set, regex, 1);
		assert_int_equal(pattern_compile(set, NULL, &fault), result);
		pattern_set_free(set);
	}
}

static void an_empty_set_finds_nothing(void **state)
{
	struct pattern_set *set = pattern_set_new();
	struct pattern_scanner *scanner;
	struct fault fault = { "" };
	struct found found = { .folded = SLICE("mailbox full") };

	(void)state;
	assert_int_equal(pattern_compile(set, NULL, &fault), 0);
	scanner = pattern_scanner_new(set);
	pattern_scan(scanner, found.folded, note, &found);
	for (size_t k = 0; k < 8; k++)
		assert_false(found.seen[k]);
	pattern_scanner_free(scanner);
	pattern_set_free(set);
	pattern_scanner_free(NULL);
	pattern_set_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folds_case_blanks_and_apostrophes),
		cmocka_unit_test(finds_each_in_folded_text),
		cmocka_unit_test(finds_several_in_one_pass),
		cmocka_unit_test(refuses_regular_expressions_it_cannot_use),
		cmocka_unit_test(an_empty_set_finds_nothing),
	};

	return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
