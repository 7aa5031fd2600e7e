/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/buf.h"
#include "why/pattern.h"
#include "why/phrase.h"

static const struct {
	const char *phrase;
	const char *reply;
	bool found;
	size_t weight;
} cases[] = {
	{ "mailbox full", "550 Mailbox  FULL", true, 12 },
	{ "mailbox full", "550 mailboxfull", false, 0 },
	/* One of the words of each part, in this order. */
	{ "mailbox|account ... full|over quota", "the account is full", true,
	  11 },
	{ "mailbox|account ... full|over quota", "a mailbox over quota", true,
	  17 },
	{ "mailbox|account ... full|over quota", "full is the account", false,
	  0 },
	{ "mailbox|account ... full|over quota", "the mail is full", false, 0 },
	/* Whole words, if no star opens an end. */
	{ "user ... unknown", "users unknown", false, 0 },
	{ "user* ... unknown", "users unknown", true, 11 },
	{ "user ... *known", "the user is unknown", true, 9 },
	{ "user ... unknown", "<user@b.example> unknown", true, 11 },
	{ "voll",
	  "postfach \xc3\xbc"
	  "bervoll",
	  false, 0 },
	/* Not further apart than that. */
	{ "user ... unknown",
	  "user 12345678901234567890123456789012345678901234567890123456"
	  " unknown",
	  true, 11 },
	{ "user ... unknown",
	  "user 123456789012345678901234567890123456789012345678901234567890"
	  " unknown",
	  false, 0 },
	{ "bad .. user", "a bad local user", true, 7 },
	{ "bad .. user", "bad 12345678901234567890 user", false, 0 },
	/* The nearest one counts. */
	{ "user ... unknown",
	  "user 123456789012345678901234567890123456789012345678901234567890"
	  " user unknown",
	  true, 11 },
	{ "a1 ... b1 ... c1", "a1 b1 c1", true, 6 },
	{ "a1 ... b1 ... c1", "b1 a1 c1", false, 0 },
	{ "a1 ... b1 ... c1", "a1 b1 b1 c1", true, 6 },
};

struct found {
	size_t count;
	size_t weight;
	struct slice folded;
};

static void visit(const struct phrase_match *match, void *context)
{
	struct found *found = context;

	assert_int_equal(match->number, 7);
	assert_true(match->start < match->end);
	assert_true(match->end <= found->folded.len);
	found->count++;
	found->weight = match->weight;
}

/* The words as the scanner would find them, in no good order. */
static void note_all(const struct phrase_set *set, struct phrase_finder *finder,
		     struct slice folded)
{
	for (size_t word = 0; word < phrase_word_count(set); word++) {
		struct slice text = phrase_word(set, word);

		for (size_t at = folded.len; at >= text.len && at > 0; at--)
			if (slice_ends(slice_head(folded, at), text))
				phrase_note(finder, folded, (uint32_t)word,
					    at - text.len, at);
	}
}

static void finds_words_in_their_order(void **state)
{
	struct buf folded = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct phrase_set *set = phrase_set_new();
		struct phrase_finder *finder;
		struct found found = { 0 };
		struct fault fault;

		print_message("case: %s: %s\n", cases[i].phrase,
			      cases[i].reply);
		assert_int_equal(
			phrase_check(slice_from(cases[i].phrase), &fault), 0);
		phrase_add(set, slice_from(cases[i].phrase), 7);
		finder = phrase_finder_new(set);
		pattern_fold(slice_from(cases[i].reply), &folded);
		found.folded = buf_slice(&folded);
		note_all(set, finder, found.folded);
		phrase_find(finder, visit, &found);
		assert_int_equal(found.count > 0, cases[i].found);
		assert_int_equal(found.weight, cases[i].weight);
		/* Nothing is left over for the next reply. */
		found.count = 0;
		phrase_find(finder, visit, &found);
		assert_int_equal(found.count, 0);
		phrase_finder_free(finder);
		phrase_set_free(set);
	}
	buf_clear(&folded);
}

static void refuses_phrases_that_say_nothing(void **state)
{
	static const char *const bad[] = { "",
					   "a",
					   "user ...",
					   "... full",
					   "a|full",
					   "fu*ll",
					   "user | ",
					   "aa ... bb ... cc ... "
					   "dd ... ee" };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct fault fault = { "" };

		print_message("case: %s\n", bad[i]);
		assert_int_equal(phrase_check(slice_from(bad[i]), &fault), -1);
		assert_true(fault.text[0] != '\0');
	}
}

/* More words than are noted do no harm. */
static void bounds_what_it_notes(void **state)
{
	struct phrase_set *set = phrase_set_new();
	struct phrase_finder *finder;
	struct found found = { .folded = SLICE("user unknown") };

	(void)state;
	phrase_add(set, SLICE("user ... unknown"), 7);
	finder = phrase_finder_new(set);
	for (size_t i = 0; i < 100000; i++)
		phrase_note(finder, found.folded, 0, 0, 4);
	phrase_find(finder, visit, &found);
	assert_int_equal(found.count, 0);
	phrase_finder_free(finder);
	phrase_finder_free(NULL);
	phrase_set_free(set);
	phrase_set_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_words_in_their_order),
		cmocka_unit_test(refuses_phrases_that_say_nothing),
		cmocka_unit_test(bounds_what_it_notes),
	};

	return cmocka_run_group_tests_name("phrase", tests, NULL, NULL);
}
