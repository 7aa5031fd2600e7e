/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "parse/relayed.h"

static const struct {
	const char *text;
	const char *words; /* NULL: none of the forms */
	const char *host;
	const char *ip;
	enum stage stage;
} cases[] = {
	/* Exim 4, in its log and in its bounces. */
	{ "SMTP error from remote mail server after RCPT TO:<a@b.example>: "
	  "host mx.b.example [192.0.2.1]: 550 5.1.1 no such user",
	  "550 5.1.1 no such user", "mx.b.example", "192.0.2.1", STAGE_RCPT },
	{ "host mx.b.example [192.0.2.1] SMTP error from remote mail server "
	  "after end of data: 554 spam: see 5.7.1",
	  "554 spam: see 5.7.1", "mx.b.example", "192.0.2.1", STAGE_EOM },
	{ "SMTP error from remote mailer after initial connection: host "
	  "mx.b.example [2001:db8::1]: 421 busy",
	  "421 busy", "mx.b.example", "2001:db8::1", STAGE_BANNER },
	{ "SMTP error from remote mail server after pipelined MAIL "
	  "FROM:<a@c.example> SIZE=1: 550 rejected",
	  "550 rejected", "", "", STAGE_MAIL },
	/* IONOS, GMX and WEB.DE. */
	{ "SMTP error from remote server for RCPT TO command, host: "
	  "mx.b.example (192.0.2.1) reason: 552 5.2.2 mailbox full",
	  "552 5.2.2 mailbox full", "mx.b.example", "192.0.2.1", STAGE_RCPT },
	/* qmail. */
	{ "192.0.2.1 does not like recipient. Remote host said: 550 no mailbox "
	  "(#5.1.1) Giving up on 192.0.2.1.",
	  "550 no mailbox (#5.1.1)", "", "", STAGE_RCPT },
	{ "Connected to 192.0.2.1 but sender was rejected. Remote host said: "
	  "553 no",
	  "553 no", "", "", STAGE_MAIL },
	/* Exchange. */
	{ "mx.b.example Remote Server returned '550 5.4.1 Access denied'",
	  "550 5.4.1 Access denied", "", "", STAGE_NONE },
	/* Gmail, Sendmail, a Diagnostic-Code. */
	{ "The response from the remote server was: 550 5.1.1 unknown",
	  "550 5.1.1 unknown", "", "", STAGE_NONE },
	{ "... while talking to mx.b.example.: >>> DATA <<< 554 no", "554 no",
	  "", "", STAGE_NONE },
	{ "smtp; 550 5.1.1 unknown", "550 5.1.1 unknown", "", "", STAGE_NONE },
	/* Nothing behind the mark is nothing. */
	{ "Remote host said: ", NULL, "", "", STAGE_NONE },
	{ "SMTP error from remote mail server after RCPT TO", NULL, "", "",
	  STAGE_NONE },
	{ "550 5.1.1 no such user", NULL, "", "", STAGE_NONE },
	{ "", NULL, "", "", STAGE_NONE },
};

static void assert_slice(struct slice found, const char *wanted)
{
	assert_true(slice_equal(found, slice_from(wanted)));
}

static void finds_the_answer_in_the_words_of_others(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct relayed found = { .stage = STAGE_LOCAL };
		bool is = relayed_find(slice_from(cases[i].text), &found);

		print_message("case: %s: %.*s\n", cases[i].text,
			      (int)found.words.len,
			      found.words.len ? found.words.at : "");
		assert_int_equal(is, cases[i].words != NULL);
		assert_slice(found.words, cases[i].words ? cases[i].words : "");
		assert_slice(found.host, cases[i].host);
		assert_slice(found.ip, cases[i].ip);
		assert_int_equal(found.stage, cases[i].stage);
	}
}

static const struct {
	const char *text;
	size_t at;
} codes[] = {
	{ "550 5.1.1 x", 0 },
	{ "to a@b.example: 550 5.1.1 x", 16 },
	{ "(550-5.1.1 x", 1 },
	{ "'450 4.7.1'", 1 },
	/* Of another class, or part of something else. */
	{ "550 4.1.1 x", SIZE_MAX },
	{ "1550 5.1.1 x", SIZE_MAX },
	{ "192.0.2.550 5.1.1", SIZE_MAX },
	{ "550 5.1 x", SIZE_MAX },
	{ "550 5..1.1", SIZE_MAX },
	{ "550 no 5.1.1", SIZE_MAX },
	{ "", SIZE_MAX },
};

static void finds_codes_in_the_midst_of_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(codes); i++) {
		print_message("case: %s\n", codes[i].text);
		assert_int_equal(relayed_find_codes(slice_from(codes[i].text)),
				 codes[i].at);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_answer_in_the_words_of_others),
		cmocka_unit_test(finds_codes_in_the_midst_of_words),
	};

	return cmocka_run_group_tests_name("relayed", tests, NULL, NULL);
}
