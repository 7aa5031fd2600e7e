/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "parse/reply.h"

/* What Postfix writes behind "status=X (", without the last parenthesis; seen
 * with Postfix 3.7 unless said otherwise. */
static const struct {
	const char *text;
	const char *host;
	const char *ip;
	enum stage stage;
	uint16_t code;
	struct enhanced enhanced;
	const char *said; /* NULL: the text as it is */
} cases[] = {
	{ "host mx.example[192.0.2.1] said: 550 5.1.1 <a@b.example>: no (in "
	  "reply to RCPT TO command)",
	  "mx.example",
	  "192.0.2.1",
	  STAGE_RCPT,
	  550,
	  { 5, 1, 1 },
	  "550 5.1.1 <a@b.example>: no" },
	{ "host mx.example[2001:db8::1] said: 552 too big (in reply to end of "
	  "DATA command)",
	  "mx.example",
	  "2001:db8::1",
	  STAGE_EOM,
	  552,
	  { 0 },
	  "552 too big" },
	/* Several lines, joined by one blank, each with its codes. */
	{ "host g[192.0.2.2] said: 550-5.1.1 The account does not exist. "
	  "Please 550-5.1.1 check it 550 5.1.1 gsmtp (in reply to RCPT TO "
	  "command)",
	  "g",
	  "192.0.2.2",
	  STAGE_RCPT,
	  550,
	  { 5, 1, 1 },
	  "550 5.1.1 The account does not exist. Please check it gsmtp" },
	{ "host h[192.0.2.3] said: 550-Requested action not taken: mailbox "
	  "unavailable 550 For explanation visit x (in reply to RCPT TO "
	  "command)",
	  "h",
	  "192.0.2.3",
	  STAGE_RCPT,
	  550,
	  { 0 },
	  "550 Requested action not taken: mailbox unavailable For "
	  "explanation visit x" },
	/* laposte.net: the last line's code counts. */
	{ "host l[192.0.2.4] refused to talk to me: 220-laposte 421 4.2.1 "
	  "Service refused",
	  "l",
	  "192.0.2.4",
	  STAGE_BANNER,
	  421,
	  { 4, 2, 1 },
	  "421 4.2.1 laposte Service refused" },
	{ "host h[192.0.2.5] refused to talk to me: 554 5.7.1 blocked",
	  "h",
	  "192.0.2.5",
	  STAGE_BANNER,
	  554,
	  { 5, 7, 1 },
	  "554 5.7.1 blocked" },
	/* A bare code, as some gateways send. */
	{ "host h[192.0.2.5] said: 550 (in reply to RCPT TO command)",
	  "h",
	  "192.0.2.5",
	  STAGE_RCPT,
	  550,
	  { 0 },
	  "550" },
	/* Enhanced codes at odd places. */
	{ "host h[192.0.2.6] said: 553 sorry (#5.7.1) (in reply to MAIL FROM "
	  "command)",
	  "h",
	  "192.0.2.6",
	  STAGE_MAIL,
	  553,
	  { 5, 7, 1 },
	  "553 sorry (#5.7.1)" },
	{ "host h[192.0.2.6] said: 550 #5.1.0 Address rejected (in reply to "
	  "RCPT TO command)",
	  "h",
	  "192.0.2.6",
	  STAGE_RCPT,
	  550,
	  { 5, 1, 0 },
	  "550 #5.1.0 Address rejected" },
	{ "host h[192.0.2.6] said: 550\t5.1.1 tab (in reply to RCPT TO "
	  "command)",
	  "h",
	  "192.0.2.6",
	  STAGE_RCPT,
	  550,
	  { 5, 1, 1 },
	  "550\t5.1.1 tab" },
	/* The server writes Postfix's words: only the last ones are real. */
	{ "host h[192.0.2.7] said: 550 x (in reply to MAIL FROM command) (in "
	  "reply to RCPT TO command)",
	  "h",
	  "192.0.2.7",
	  STAGE_RCPT,
	  550,
	  { 0 },
	  "550 x (in reply to MAIL FROM command)" },
	{ "host h[192.0.2.7] said: 250 2.0.0 ok), status=sent (250 2.0.0 ok "
	  "(in reply to end of DATA command)",
	  "h",
	  "192.0.2.7",
	  STAGE_EOM,
	  250,
	  { 2, 0, 0 },
	  "250 2.0.0 ok), status=sent (250 2.0.0 ok" },
	/* Words of the server that only begin as Postfix's do. */
	{ "host h[192.0.2.7] said: 550 x (in reply to RCPT TO command) of "
	  "yours (see command)",
	  "h",
	  "192.0.2.7",
	  STAGE_NONE,
	  550,
	  { 0 },
	  "550 x (in reply to RCPT TO command) of yours (see command)" },
	{ "host h[192.0.2.7] said: 550 x (in reply to your mail) (thanks)",
	  "h",
	  "192.0.2.7",
	  STAGE_NONE,
	  550,
	  { 0 },
	  "550 x (in reply to your mail) (thanks)" },
	/* Cut at 2000 bytes: nothing behind. */
	{ "host h[192.0.2.7] said: 550 5.7.1 long tex",
	  "h",
	  "192.0.2.7",
	  STAGE_NONE,
	  550,
	  { 5, 7, 1 },
	  "550 5.7.1 long tex" },
	{ "host h[192.0.2.7] said: 550-5.7.1 cut af",
	  "h",
	  "192.0.2.7",
	  STAGE_NONE,
	  550,
	  { 5, 7, 1 },
	  "550 5.7.1 cut af" },
	{ "connect to h[192.0.2.8]:25: Connection timed out",
	  "h",
	  "192.0.2.8",
	  STAGE_CONNECT,
	  0,
	  { 0 },
	  NULL },
	{ "lost connection with h[192.0.2.9] while sending RCPT TO",
	  "h",
	  "192.0.2.9",
	  STAGE_RCPT,
	  0,
	  { 0 },
	  NULL },
	{ "lost connection with h[192.0.2.9] while receiving the initial "
	  "server greeting",
	  "h",
	  "192.0.2.9",
	  STAGE_BANNER,
	  0,
	  { 0 },
	  NULL },
	{ "conversation with h[192.0.2.9] timed out while sending end of data "
	  "-- message may be sent more than once",
	  "h",
	  "192.0.2.9",
	  STAGE_EOM,
	  0,
	  { 0 },
	  NULL },
	{ "Host or domain name not found. Name service error for "
	  "name=x.example type=MX: Host not found, try again",
	  "",
	  "",
	  STAGE_CONNECT,
	  0,
	  { 0 },
	  NULL },
	{ "TLS is required, but was not offered by host h[192.0.2.1]",
	  "",
	  "",
	  STAGE_STARTTLS,
	  0,
	  { 0 },
	  NULL },
	{ "Server certificate not trusted",
	  "",
	  "",
	  STAGE_STARTTLS,
	  0,
	  { 0 },
	  NULL },
	{ "SASL authentication failed; server h[192.0.2.1] said: 535 5.7.8 "
	  "Error: authentication failed?",
	  "h",
	  "192.0.2.1",
	  STAGE_AUTH,
	  535,
	  { 5, 7, 8 },
	  "535 5.7.8 Error: authentication failed" },
	/* error(8) repeats an older failure. */
	{ "delivery temporarily suspended: host h[192.0.2.1] refused to talk "
	  "to me: 421 4.7.0 later",
	  "h",
	  "192.0.2.1",
	  STAGE_BANNER,
	  421,
	  { 4, 7, 0 },
	  "421 4.7.0 later" },
	{ "delivery temporarily suspended: connect to h[192.0.2.1]:25: "
	  "Connection refused",
	  "h",
	  "192.0.2.1",
	  STAGE_CONNECT,
	  0,
	  { 0 },
	  "connect to h[192.0.2.1]:25: Connection refused" },
	{ "unverified address: delivery temporarily suspended: lost "
	  "connection with h[192.0.2.1] while sending MAIL FROM",
	  "h",
	  "192.0.2.1",
	  STAGE_MAIL,
	  0,
	  { 0 },
	  "lost connection with h[192.0.2.1] while sending MAIL FROM" },
	/* M is no SMTP code. */
	{ "message size 600 exceeds size limit 550 of server h[192.0.2.1]",
	  "",
	  "",
	  STAGE_MAIL,
	  0,
	  { 0 },
	  NULL },
	{ "host h[private/dovecot-lmtp] said: 552 5.2.2 full (in reply to "
	  "end of DATA command)",
	  "h",
	  "",
	  STAGE_EOM,
	  552,
	  { 5, 2, 2 },
	  "552 5.2.2 full" },
	/* "250 messages" inside a line begins none. */
	{ "host h[192.0.2.1] said: 452-4.2.2 You have 250 messages 452 4.2.2 "
	  "full (in reply to RCPT TO command)",
	  "h",
	  "192.0.2.1",
	  STAGE_RCPT,
	  452,
	  { 4, 2, 2 },
	  "452 4.2.2 You have 250 messages full" },
	{ "", "", "", STAGE_LOCAL, 0, { 0 }, "" },
};

static void assert_slice(struct slice got, const char *wanted)
{
	struct slice expected = slice_from(wanted);

	if (!slice_equal(got, expected))
		print_message("got \"%.*s\", wanted \"%s\"\n", (int)got.len,
			      got.at ? got.at : "", wanted);
	assert_true(slice_equal(got, expected));
}

static void assert_enhanced(struct enhanced got, struct enhanced wanted)
{
	assert_int_equal(got.class, wanted.class);
	assert_int_equal(got.subject, wanted.subject);
	assert_int_equal(got.detail, wanted.detail);
}

static void reads_what_was_said_by_whom(void **state)
{
	struct buf scratch = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct delivery delivery = {
			.status = STATUS_BOUNCED,
			.service = SLICE("smtp"),
			.text = slice_from(cases[i].text),
		};
		struct reply reply;

		print_message("case: %s\n", cases[i].text);
		reply_parse(&delivery, &scratch, &reply);
		assert_slice(reply.host, cases[i].host);
		assert_slice(reply.ip, cases[i].ip);
		assert_int_equal(reply.stage, cases[i].stage);
		assert_int_equal(reply.code, cases[i].code);
		assert_enhanced(reply.enhanced, cases[i].enhanced);
		assert_slice(reply.text,
			     cases[i].said ? cases[i].said : cases[i].text);
	}
	buf_clear(&scratch);
}

static void takes_local_agents_as_local(void **state)
{
	struct buf scratch = { 0 };
	struct delivery delivery = {
		.status = STATUS_BOUNCED,
		.service = SLICE("local"),
		.text = SLICE("unknown user: \"x\""),
	};
	struct reply reply;

	(void)state;
	reply_parse(&delivery, &scratch, &reply);
	assert_int_equal(reply.stage, STAGE_LOCAL);
	assert_int_equal(reply.code, 0);
	buf_clear(&scratch);
}

static void keeps_a_rejects_own_code_and_explains_the_inner_text(void **state)
{
	struct buf scratch = { 0 };
	struct delivery delivery = {
		.status = STATUS_REJECTED,
		.stage = STAGE_RCPT,
		.text = SLICE("450 4.1.1 <a@b.example>: Recipient address "
			      "rejected: unverified address: host "
			      "m[192.0.2.1] said: 550 5.1.1 unknown (in reply "
			      "to RCPT TO command)"),
	};
	struct reply reply;

	(void)state;
	reply_parse(&delivery, &scratch, &reply);
	assert_int_equal(reply.code, 450);
	assert_int_equal(reply.stage, STAGE_RCPT);
	assert_enhanced(reply.enhanced, (struct enhanced){ 4, 1, 1 });
	assert_slice(reply.text, "550 5.1.1 unknown");
	assert_slice(reply.host, "m");
	buf_clear(&scratch);
}

static const struct {
	const char *text;
	uint16_t code;
	struct enhanced enhanced;
	enum stage stage;
	const char *said; /* NULL: the text as it is */
} bare[] = {
	{ "550", 550, { 0 }, STAGE_NONE, NULL },
	{ "5.7.1", 0, { 5, 7, 1 }, STAGE_NONE, NULL },
	{ " 554 5.7.1 ", 554, { 5, 7, 1 }, STAGE_NONE, "554 5.7.1" },
	{ "554 5.7.1 no", 554, { 5, 7, 1 }, STAGE_NONE, NULL },
	{ "101", 101, { 0 }, STAGE_NONE, NULL },
	{ "605 Not delivering", 605, { 0 }, STAGE_NONE, NULL },
	{ "550-5.1.1 a 550 5.1.1 b",
	  550,
	  { 5, 1, 1 },
	  STAGE_NONE,
	  "550 5.1.1 a b" },
	{ "Relay access denied", 0, { 0 }, STAGE_NONE, NULL },
	{ "host m[192.0.2.1] said: 550 5.1.1 x (in reply to RCPT TO command)",
	  550,
	  { 5, 1, 1 },
	  STAGE_RCPT,
	  "550 5.1.1 x" },
	/* The end of what Postfix writes into a bounce, without its start. */
	{ "550 5.1.1 x (in reply to RCPT TO command)",
	  550,
	  { 5, 1, 1 },
	  STAGE_RCPT,
	  "550 5.1.1 x" },
	{ "550-5.1.1 a 550 5.1.1 b (in reply to end of DATA command)",
	  550,
	  { 5, 1, 1 },
	  STAGE_EOM,
	  "550 5.1.1 a b" },
	/* Yahoo. A number and a time are no codes. */
	{ "551: 5.1.6 <a@b.example>: moved",
	  551,
	  { 5, 1, 6 },
	  STAGE_NONE,
	  NULL },
	{ "554: delivery error: dd no account (#5.1.1)",
	  554,
	  { 5, 1, 1 },
	  STAGE_NONE,
	  NULL },
	{ "550:", 550, { 0 }, STAGE_NONE, NULL },
	{ "500:10 o'clock", 0, { 0 }, STAGE_NONE, NULL },
	{ "5500: x", 0, { 0 }, STAGE_NONE, NULL },
	{ "", 0, { 0 }, STAGE_NONE, NULL },
	{ "1234", 0, { 0 }, STAGE_NONE, NULL },
	{ "055 later", 0, { 0 }, STAGE_NONE, NULL },
	{ "99", 0, { 0 }, STAGE_NONE, NULL },
};

static void reads_what_a_person_types(void **state)
{
	struct buf scratch = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(bare); i++) {
		struct reply reply;

		print_message("case: %s\n", bare[i].text);
		reply_parse_bare(slice_from(bare[i].text), &scratch, &reply);
		assert_int_equal(reply.code, bare[i].code);
		assert_enhanced(reply.enhanced, bare[i].enhanced);
		assert_int_equal(reply.stage, bare[i].stage);
		assert_slice(reply.text,
			     bare[i].said ? bare[i].said : bare[i].text);
	}
	buf_clear(&scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_was_said_by_whom),
		cmocka_unit_test(takes_local_agents_as_local),
		cmocka_unit_test(
			keeps_a_rejects_own_code_and_explains_the_inner_text),
		cmocka_unit_test(reads_what_a_person_types),
	};

	return cmocka_run_group_tests_name("reply", tests, NULL, NULL);
}
