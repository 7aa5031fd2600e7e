/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "parse/exim_text.h"

#define AFTER "SMTP error from remote mail server after "

static const struct {
	const char *text;
	enum text_form form;
	enum stage stage;
	const char *answer;
	const char *host; /* in the text; NULL: none */
	const char *ip;
} cases[] = {
	{ AFTER "initial connection: 421 busy", TEXT_ANSWER, STAGE_BANNER,
	  "421 busy", NULL, NULL },
	{ AFTER "EHLO a.example: 550 no", TEXT_ANSWER, STAGE_EHLO, "550 no",
	  NULL, NULL },
	{ AFTER "HELO a.example: 550 no", TEXT_ANSWER, STAGE_EHLO, "550 no",
	  NULL, NULL },
	{ AFTER "STARTTLS: 454 no", TEXT_ANSWER, STAGE_STARTTLS, "454 no", NULL,
	  NULL },
	{ AFTER "AUTH: 535 no", TEXT_ANSWER, STAGE_AUTH, "535 no", NULL, NULL },
	{ AFTER "MAIL FROM:<a@b> SIZE=9: 550 no", TEXT_ANSWER, STAGE_MAIL,
	  "550 no", NULL, NULL },
	{ AFTER "pipelined MAIL FROM:<>: 550 no", TEXT_ANSWER, STAGE_MAIL,
	  "550 no", NULL, NULL },
	{ AFTER "RCPT TO:<a@b>: 550 no", TEXT_ANSWER, STAGE_RCPT, "550 no",
	  NULL, NULL },
	{ AFTER "pipelined RCPT TO:<\"a>: 250 x\"@b>: 550 no", TEXT_ANSWER,
	  STAGE_RCPT, "550 no", NULL, NULL },
	/* Somebody took the address away. */
	{ AFTER "RCPT TO: 550 no", TEXT_ANSWER, STAGE_RCPT, "550 no", NULL,
	  NULL },
	{ AFTER "pipelined DATA: 550 no", TEXT_ANSWER, STAGE_DATA, "550 no",
	  NULL, NULL },
	{ AFTER "end of data: 550 " AFTER "RCPT TO:<a@b>: 250 ok", TEXT_ANSWER,
	  STAGE_EOM, "550 " AFTER "RCPT TO:<a@b>: 250 ok", NULL, NULL },
	{ AFTER "end of data: host mx.b [192.0.2.1]: 550 no", TEXT_ANSWER,
	  STAGE_EOM, "550 no", "mx.b", "192.0.2.1" },
	{ AFTER "end of data: host of many: 550 no", TEXT_ANSWER, STAGE_EOM,
	  "host of many: 550 no", NULL, NULL },
	{ "SMTP error from remote mailer after RCPT TO:<a@b>: host mx.b "
	  "[192.0.2.1]: 550 no",
	  TEXT_ANSWER, STAGE_RCPT, "550 no", "mx.b", "192.0.2.1" },
	{ "LMTP error after RCPT TO:<a@b>: 550 no", TEXT_ANSWER, STAGE_RCPT,
	  "550 no", NULL, NULL },
	{ "Malformed SMTP reply in response to RCPT TO:<a@b>: 550\tno",
	  TEXT_ANSWER, STAGE_RCPT, "550 no", NULL, NULL },
	{ "Malformed SMTP reply in response to RCPT TO:<a@b>: "
	  "550#011\\303\\244",
	  TEXT_ANSWER, STAGE_RCPT, "550 \xc3\xa4", NULL, NULL },
	{ "Malformed SMTP reply in response to initial connection: hello",
	  TEXT_OWN, STAGE_BANNER,
	  "Malformed SMTP reply in response to initial connection: hello", NULL,
	  NULL },
	{ "Remote host closed connection in response to end of data", TEXT_OWN,
	  STAGE_EOM, "Remote host closed connection in response to end of data",
	  NULL, NULL },
	{ "Remote host mx.b [192.0.2.1] closed connection in response to DATA",
	  TEXT_OWN, STAGE_DATA,
	  "Remote host mx.b [192.0.2.1] closed connection in response to DATA",
	  "mx.b", "192.0.2.1" },
	{ "Connection timed out: SMTP timeout after initial connection",
	  TEXT_OWN, STAGE_CONNECT,
	  "Connection timed out: SMTP timeout after initial connection", NULL,
	  NULL },
	{ "Connection timed out: SMTP timeout while connected to mx.b "
	  "[192.0.2.1] after RCPT TO:<a@b>",
	  TEXT_OWN, STAGE_RCPT,
	  "Connection timed out: SMTP timeout while connected to mx.b "
	  "[192.0.2.1] after RCPT TO:<a@b>",
	  "mx.b", "192.0.2.1" },
	{ "Connection refused", TEXT_OWN, STAGE_CONNECT, "Connection refused",
	  NULL, NULL },
	{ "TLS session: (x): y", TEXT_OWN, STAGE_STARTTLS,
	  "TLS session: (x): y", NULL, NULL },
	{ "mailbox is full", TEXT_OWN, STAGE_LOCAL, "mailbox is full", NULL,
	  NULL },
	/* Not at the start: anybody's words. */
	{ "x " AFTER "DATA: 550 no", TEXT_OWN, STAGE_LOCAL,
	  "x " AFTER "DATA: 550 no", NULL, NULL },
	/* Cut before the answer. */
	{ AFTER "RCPT TO:<a@b", TEXT_OWN, STAGE_LOCAL, AFTER "RCPT TO:<a@b",
	  NULL, NULL },
	{ AFTER "end of data", TEXT_OWN, STAGE_LOCAL, AFTER "end of data", NULL,
	  NULL },
	{ "", TEXT_OWN, STAGE_LOCAL, "", NULL, NULL },
};

static void assert_slice(struct slice got, const char *want)
{
	if (!want)
		want = "";
	if (!slice_equal(got, slice_from(want)))
		fail_msg("\"%.*s\" is not \"%s\"", (int)got.len,
			 got.len ? got.at : "", want);
}

static void tells_who_speaks_and_when(void **state)
{
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct delivery delivery = { 0 };

		print_message("%s\n", cases[i].text);
		buf_reset(&buf);
		buf_reserve(&buf, 2 * strlen(cases[i].text) + 64);
		exim_text_read(slice_from(cases[i].text), &buf, &delivery);
		assert_int_equal(delivery.form, cases[i].form);
		assert_int_equal(delivery.stage, cases[i].stage);
		assert_slice(delivery.text, cases[i].answer);
		assert_slice(delivery.relay_host, cases[i].host);
		assert_slice(delivery.relay_ip, cases[i].ip);
	}
	buf_clear(&buf);
}

/* The fields named a relay already. */
static void keeps_the_relay_that_is_known(void **state)
{
	struct delivery delivery = { .relay_host = SLICE("mx.known"),
				     .relay_ip = SLICE("192.0.2.2") };
	struct buf buf = { 0 };

	(void)state;
	buf_reserve(&buf, 256);
	exim_text_read(
		SLICE(AFTER "end of data: host mx.b [192.0.2.1]: 550 no"), &buf,
		&delivery);
	assert_slice(delivery.relay_host, "mx.known");
	assert_slice(delivery.relay_ip, "192.0.2.2");
	buf_clear(&buf);
}

static const struct {
	const char *text;
	const char *plain;
} escapes[] = {
	{ "", "" },
	{ "550 no", "550 no" },
	{ "550-a\\n550 b", "550-a 550 b" },
	{ "550-\\n550-a\\n550", "550- 550-a 550" },
	{ "550 a\\nb \\n55 \\n999 \\n", "550 a\\nb \\n55 \\n999 \\n" },
	{ "J\\303\\274rgen", "J\xc3\xbcrgen" },
	{ "\\344\\007\\033\\177", "\xe4\x07\x1b\x7f" },
	/* Exim would not have escaped these. */
	{ "\\101 \\400 \\8 \\38 \\", "\\101 \\400 \\8 \\38 \\" },
	{ "\\\\", "\\\\" },
};

static void undoes_what_exim_escaped(void **state)
{
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(escapes); i++) {
		buf_reset(&buf);
		buf_reserve(&buf, 128);
		assert_slice(exim_text_plain(slice_from(escapes[i].text), &buf),
			     escapes[i].plain);
	}
	assert_slice(exim_text_confirmation(
			     SLICE("250-a\\\\n250 \\\"\\\\303\\\\274\\\" \\\\"),
			     &buf),
		     "250-a 250 \"\xc3\xbc\" \\");
	assert_slice(exim_text_confirmation(SLICE("250 ok\\"), &buf),
		     "250 ok\\");
	buf_clear(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_who_speaks_and_when),
		cmocka_unit_test(keeps_the_relay_that_is_known),
		cmocka_unit_test(undoes_what_exim_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
