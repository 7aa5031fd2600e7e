/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "why/reason.h"

static const struct slice actors[] = {
	SLICE("sender"),          SLICE("sender_admin"), SLICE("recipient"),
	SLICE("recipient_admin"), SLICE("nobody"),
};

static const struct slice retries[] = {
	SLICE("never"),
	SLICE("after_fix"),
	SLICE("later"),
	SLICE("soon"),
};

static bool is_one_of(struct slice word, const struct slice *words,
		      size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal(words[i], word))
			return true;
	return false;
}

static void every_reason_has_a_word_an_actor_and_a_retry(void **state)
{
	(void)state;
	for (enum reason i = 0; i < REASON_COUNT; i++) {
		struct slice word = reason_word(i);

		print_message("case %d: %.*s\n", (int)i, (int)word.len,
			      word.len ? word.at : "");
		assert_true(word.len > 0);
		for (size_t k = 0; k < word.len; k++)
			assert_true(word.at[k] == '_' ||
				    (word.at[k] >= 'a' && word.at[k] <= 'z'));
		assert_true(is_one_of(reason_actor(i), actors, COUNT(actors)));
		assert_true(
			is_one_of(reason_retry(i), retries, COUNT(retries)));
	}
}

/* Two reasons of one word would show as the first of them. */
static void every_word_leads_back_to_its_reason(void **state)
{
	(void)state;
	for (enum reason i = 0; i < REASON_COUNT; i++) {
		enum reason found = REASON_COUNT;

		assert_true(reason_from_word(reason_word(i), &found));
		assert_int_equal(found, i);
	}
}

static const struct slice strangers[] = {
	SLICE(""),        SLICE("Other"),
	SLICE("mailbox"), SLICE("mailbox_full "),
	SLICE("unknown"), { NULL, 0 },
};

static void takes_no_other_word(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(strangers); i++) {
		enum reason found = REASON_COUNT;

		print_message("case %zu\n", i);
		assert_false(reason_from_word(strangers[i], &found));
		assert_int_equal(found, REASON_OTHER);
	}
}

/* What the events promise, for some that are easily mixed up. */
static const struct {
	enum reason reason;
	struct slice word;
	struct slice actor;
	struct slice retry;
} samples[] = {
	{ REASON_OTHER, SLICE("other"), SLICE("sender_admin"), SLICE("later") },
	{ REASON_BAD_MAILBOX, SLICE("bad_mailbox"), SLICE("sender"),
	  SLICE("never") },
	{ REASON_MAILBOX_FULL, SLICE("mailbox_full"), SLICE("recipient"),
	  SLICE("later") },
	{ REASON_IP_BLOCKLISTED, SLICE("ip_blocklisted"), SLICE("sender_admin"),
	  SLICE("after_fix") },
	{ REASON_IP_REPUTATION, SLICE("ip_reputation"), SLICE("sender_admin"),
	  SLICE("later") },
	{ REASON_GREYLISTED, SLICE("greylisted"), SLICE("nobody"),
	  SLICE("soon") },
	{ REASON_ROUTING, SLICE("routing"), SLICE("recipient_admin"),
	  SLICE("after_fix") },
	{ REASON_SENDING_QUOTA, SLICE("sending_quota"), SLICE("sender_admin"),
	  SLICE("later") },
};

static void says_whose_move_it_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(samples); i++) {
		enum reason reason = samples[i].reason;

		print_message("case: %s\n", samples[i].word.at);
		assert_true(slice_equal(reason_word(reason), samples[i].word));
		assert_true(
			slice_equal(reason_actor(reason), samples[i].actor));
		assert_true(
			slice_equal(reason_retry(reason), samples[i].retry));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_reason_has_a_word_an_actor_and_a_retry),
		cmocka_unit_test(every_word_leads_back_to_its_reason),
		cmocka_unit_test(takes_no_other_word),
		cmocka_unit_test(says_whose_move_it_is),
	};

	return cmocka_run_group_tests_name("reason", tests, NULL, NULL);
}
