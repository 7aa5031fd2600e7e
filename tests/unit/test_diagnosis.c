/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "why/diagnosis.h"

static const struct {
	const char *paragraph;
	enum diagnosis_worth worth;
	const char *text; /* NULL: the paragraph */
	const char *host;
	struct enhanced code;
} cases[] = {
	{ "550 5.1.1 no", DIAGNOSIS_ANSWER, NULL, "", { 5, 1, 1 } },
	{ "550", DIAGNOSIS_ANSWER, NULL, "", { 0 } },
	{ "421-4.7.0 a 421 4.7.0 b", DIAGNOSIS_ANSWER, NULL, "", { 4, 7, 0 } },
	{ "(reason: 550 no such user (x))",
	  DIAGNOSIS_ANSWER,
	  "550 no such user (x)",
	  "",
	  { 0 } },
	{ "(550 5.1.1 unknown)",
	  DIAGNOSIS_ANSWER,
	  "550 5.1.1 unknown",
	  "",
	  { 5, 1, 1 } },
	{ "Remote Server returned '554 5.4.14 can't ATTR34 [x]'",
	  DIAGNOSIS_ANSWER,
	  "554 5.4.14 can't ATTR34 [x]",
	  "",
	  { 5, 4, 14 } },
	{ "#550 5.1.1 X; not found ##",
	  DIAGNOSIS_ANSWER,
	  "550 5.1.1 X; not found",
	  "",
	  { 5, 1, 1 } },
	{ "#< #5.1.1 smtp;550 5.1.1 <b@b.example> no> #SMTP#",
	  DIAGNOSIS_ANSWER,
	  "550 5.1.1 <b@b.example> no",
	  "",
	  { 5, 1, 1 } },
	/* Exchange tells what it was told. */
	{ "Remote Server returned '554 5.4.0 < #5.7.1 smtp; 550 5.7.1 no>'",
	  DIAGNOSIS_ANSWER,
	  "550 5.7.1 no>'",
	  "",
	  { 5, 7, 1 } },
	{ "SMTP error after RCPT TO:<b@b.example>: host mx.b.example "
	  "[192.0.2.1]: 550 no",
	  DIAGNOSIS_ANSWER,
	  "550 no",
	  "mx.b.example",
	  { 0 } },
	{ "rejected by mx.b.example. [192.0.2.1]. The answer was 550 5.1.1 no",
	  DIAGNOSIS_ANSWER,
	  "550 5.1.1 no",
	  "mx.b.example",
	  { 5, 1, 1 } },
	/* reply_parse() reads it whole. */
	{ "host mx.b.example[192.0.2.1] said: 550 no (in reply to RCPT TO "
	  "command)",
	  DIAGNOSIS_ANSWER,
	  NULL,
	  "mx.b.example",
	  { 0 } },
	{ "does not exist <mx.b.example #5.1.1>",
	  DIAGNOSIS_ENHANCED,
	  NULL,
	  "",
	  { 5, 1, 1 } },
	{ "couldn't find any host (#5.1.2).",
	  DIAGNOSIS_ENHANCED,
	  NULL,
	  "",
	  { 5, 1, 2 } },
	{ " Unrouteable address ",
	  DIAGNOSIS_WORDS,
	  "Unrouteable address",
	  "",
	  { 0 } },
	{ "Das Postfach IST VOLL", DIAGNOSIS_WORDS, NULL, "", { 0 } },
	{ "554: delivery error (#5.1.1)",
	  DIAGNOSIS_ANSWER,
	  NULL,
	  "",
	  { 5, 1, 1 } },
	/* "Not in the list of the directory." */
	{ "\xe3\x83\xaa\xe3\x82\xb9\xe3\x83\x88\xe3\x81\xab\xe3\x81\x82\xe3\x82"
	  "\x8a\xe3\x81\xbe\xe3\x81\x9b\xe3\x82\x93",
	  DIAGNOSIS_WORDS,
	  NULL,
	  "",
	  { 0 } },
	/* Numbers that are no codes. */
	{ "We sent 550 items to 192.0.2.5 in 450 days",
	  DIAGNOSIS_NOTHING,
	  NULL,
	  "",
	  { 0 } },
	{ "Exim 4.96, id 5501 4.2", DIAGNOSIS_NOTHING, NULL, "", { 0 } },
	{ "", DIAGNOSIS_NOTHING, NULL, "", { 0 } },
};

static void assert_slice(struct slice got, const char *wanted)
{
	if (!slice_equal(got, slice_from(wanted)))
		print_message("got \"%.*s\"\n", (int)got.len,
			      got.at ? got.at : "");
	assert_true(slice_equal(got, slice_from(wanted)));
}

static void finds_the_answer(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct diagnosis found;

		print_message("case: %s\n", cases[i].paragraph);
		diagnosis_parse(slice_from(cases[i].paragraph), &found);
		assert_slice(found.text, cases[i].text ? cases[i].text
						       : cases[i].paragraph);
		assert_int_equal(found.worth, cases[i].worth);
		assert_slice(found.host, cases[i].host);
		assert_int_equal(found.code.class, cases[i].code.class);
		assert_int_equal(found.code.subject, cases[i].code.subject);
		assert_int_equal(found.code.detail, cases[i].code.detail);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_answer),
	};

	return cmocka_run_group_tests_name("diagnosis", tests, NULL, NULL);
}
