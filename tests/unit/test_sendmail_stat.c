/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "parse/sendmail_stat.h"

/* What stands behind "dsn=...": "reply=" or not, and what is read from it. */
static const struct {
	struct enhanced dsn;
	const char *reply; /* with ", stat=" behind it; NULL: no such field */
	const char *stat;  /* without reply= */
	enum status status;
	enum text_form form;
	const char *text;
	bool keeps_dsn; /* it may be shown and asked */
	bool proves_nothing;
} cases[] = {
	/* The reply explains, not the class of errors. */
	{ { 5, 1, 1 },
	  "550 5.7.1 no, stat=User unknown",
	  NULL,
	  STATUS_BOUNCED,
	  TEXT_ANSWER,
	  .text = "550 5.7.1 no" },
	{ { 5, 0, 0 },
	  "554 no, stat=Service unavailable",
	  NULL,
	  STATUS_BOUNCED,
	  TEXT_ANSWER,
	  .text = "554 no" },
	{ { 5, 1, 1 },
	  "550, stat=User unknown",
	  NULL,
	  STATUS_BOUNCED,
	  TEXT_ANSWER,
	  .text = "550" },
	{ { 5, 1, 1 },
	  "550 , stat=User unknown",
	  NULL,
	  STATUS_BOUNCED,
	  TEXT_ANSWER,
	  .text = "550" },
	{ { 4, 2, 0 },
	  "450 4.2.0 l, stat=Deferred: 450 4.2.0 l",
	  NULL,
	  STATUS_DEFERRED,
	  TEXT_ANSWER,
	  .text = "450 4.2.0 l" },
	/* dsn= does not say whether it is tried again, stat= does. */
	{ { 5, 1, 1 },
	  "450 5.1.1 l, stat=Deferred: 450 5.1.1 l",
	  NULL,
	  STATUS_DEFERRED,
	  TEXT_ANSWER,
	  .text = "450 5.1.1 l" },
	{ { 5, 1, 1 },
	  NULL,
	  "Deferred: 450 5.1.1 l",
	  STATUS_DEFERRED,
	  TEXT_ANSWER,
	  .text = "450 5.1.1 l" },
	/* A reply of several lines; what is too long is shortened. */
	{ { 4, 7, 28 },
	  "421 4.7.28 a, stat=Deferred: 421-4.7.28 a",
	  NULL,
	  STATUS_DEFERRED,
	  TEXT_ANSWER,
	  .text = "421 4.7.28 a" },
	{ { 4, 7, 1 },
	  "451 4.7.1 a b c...x y, stat=Deferred: 451 4.7.1 a...y",
	  NULL,
	  STATUS_DEFERRED,
	  TEXT_ANSWER,
	  .text = "451 4.7.1 a b c...x y" },
	/* Servers that write fields. */
	{ { 5, 7, 1 },
	  "550 5.7.1 n, stat=Sent (ok), dsn=2.0.0, stat=User "
	  "unknown",
	  NULL,
	  STATUS_BOUNCED,
	  TEXT_ANSWER,
	  .text = "550 5.7.1 n, stat=Sent (ok), dsn=2.0.0" },
	{ { 5, 1, 1 },
	  "550 x, stat=Deferred: 450 y, stat=User unknown",
	  NULL,
	  STATUS_BOUNCED,
	  TEXT_ANSWER,
	  .text = "550 x, stat=Deferred: 450 y" },
	{ { 4, 2, 2 },
	  "450 f, stat=User unknown, stat=Deferred: 450 f, "
	  "stat=User unknown",
	  NULL,
	  STATUS_DEFERRED,
	  TEXT_ANSWER,
	  .text = "450 f, stat=User unknown" },
	{ { 5, 1, 1 },
	  "450 a, stat=Deferred: 450 a, stat=X, stat=Deferred: "
	  "450 a, stat=Deferred: 450 a, stat=X",
	  NULL,
	  STATUS_DEFERRED,
	  TEXT_ANSWER,
	  .text = "450 a, stat=Deferred: 450 a, stat=X" },
	/* An older reply; codes that are not the outcome's. */
	{ { 4, 0, 0 },
	  "554 5.5.1 none, stat=Deferred: 421 spam",
	  NULL,
	  STATUS_DEFERRED,
	  TEXT_ANSWER,
	  .text = "421 spam" },
	{ { 4, 2, 1 },
	  "550-5.1.1 closed, stat=Deferred",
	  NULL,
	  STATUS_DEFERRED,
	  TEXT_ANSWER,
	  .text = "closed",
	  .keeps_dsn = true },
	{ { 5, 6, 0 },
	  "451 4.3.0 busy, stat=Service unavailable",
	  NULL,
	  STATUS_BOUNCED,
	  TEXT_ANSWER,
	  .text = "busy",
	  .keeps_dsn = true },
	{ { 5, 1, 1 },
	  "999 5.1.1 odd, stat=Remote protocol error",
	  NULL,
	  STATUS_BOUNCED,
	  TEXT_ANSWER,
	  .text = "999 5.1.1 odd",
	  .keeps_dsn = true },
	{ { 5, 5, 0 },
	  "354 End data, stat=Remote protocol error",
	  NULL,
	  STATUS_BOUNCED,
	  TEXT_OWN,
	  .text = "Remote protocol error",
	  .keeps_dsn = true },
	/* Sendmail's own words. */
	{ { 4, 4, 2 },
	  "421 4.4.1 Connection reset by h., stat=Deferred",
	  NULL,
	  STATUS_DEFERRED,
	  TEXT_OWN,
	  .text = "Connection reset by h.",
	  .keeps_dsn = true },
	{ { 4, 4, 2 },
	  "451 4.4.1 reply: read error from h., stat=Deferred: "
	  "Connection reset by h.",
	  NULL,
	  STATUS_DEFERRED,
	  TEXT_OWN,
	  .text = "Connection reset by h.",
	  .keeps_dsn = true },
	{ { 4, 7, 0 },
	  NULL,
	  "Deferred: 403 4.7.0 TLS handshake failed.",
	  STATUS_DEFERRED,
	  TEXT_OWN,
	  .text = "TLS handshake failed.",
	  .keeps_dsn = true },
	{ { 4, 4, 1 },
	  NULL,
	  "Deferred: Connection refused by h.",
	  STATUS_DEFERRED,
	  TEXT_OWN,
	  .text = "Connection refused by h.",
	  .keeps_dsn = true },
	{ { 4, 4, 2 },
	  NULL,
	  "Deferred",
	  STATUS_DEFERRED,
	  TEXT_OWN,
	  .text = "Deferred",
	  .keeps_dsn = true },
	/* Before 8.16 the answer is lost. */
	{ { 5, 1, 1 },
	  NULL,
	  "User unknown",
	  STATUS_BOUNCED,
	  TEXT_ANSWER,
	  .text = "User unknown",
	  .keeps_dsn = true },
	{ { 5, 7, 1 },
	  NULL,
	  "User unknown",
	  STATUS_BOUNCED,
	  TEXT_ANSWER,
	  .text = "User unknown",
	  .keeps_dsn = true,
	  .proves_nothing = true },
	{ { 5, 0, 0 },
	  NULL,
	  "Service unavailable",
	  STATUS_BOUNCED,
	  TEXT_ANSWER,
	  .text = "Service unavailable",
	  .keeps_dsn = true,
	  .proves_nothing = true },
	/* 8.9 and before: no dsn=. */
	{ { 0 }, NULL, "Sent (Ok)", STATUS_SENT, TEXT_OWN, .text = "Ok" },
	{ { 0 },
	  NULL,
	  "Host unknown",
	  STATUS_BOUNCED,
	  TEXT_ANSWER,
	  .text = "Host unknown" },
	{ { 2, 0, 0 },
	  NULL,
	  "Sent",
	  STATUS_SENT,
	  TEXT_OWN,
	  .text = "",
	  .keeps_dsn = true },
	{ { 2, 0, 0 },
	  NULL,
	  "Sent (\n)",
	  STATUS_SENT,
	  TEXT_OWN,
	  .text = "",
	  .keeps_dsn = true },
	{ { 2, 0, 0 },
	  NULL,
	  "Sent (550 5.1.1 mails wait)",
	  STATUS_SENT,
	  TEXT_OWN,
	  .text = "550 5.1.1 mails wait",
	  .keeps_dsn = true },
	/* Not Sendmail's. */
	{ { 2, 0, 0 },
	  NULL,
	  "User unknown",
	  STATUS_NONE,
	  TEXT_OWN,
	  .text = "User unknown",
	  .keeps_dsn = true },
};

static void tells_what_became_of_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sendmail_stat stat = { .dsn = cases[i].dsn,
					      .relay = SENDMAIL_CONNECTED };
		struct delivery delivery = { 0 };

		if (cases[i].reply)
			stat.text = slice_from(cases[i].reply);
		else
			stat.status = slice_from(cases[i].stat);
		print_message("case: %s\n",
			      cases[i].reply ? cases[i].reply : cases[i].stat);
		assert_int_equal(sendmail_stat_read(&stat, &delivery),
				 cases[i].status != STATUS_NONE);
		assert_int_equal(delivery.status, cases[i].status);
		if (cases[i].status == STATUS_NONE)
			continue;
		assert_int_equal(delivery.form, cases[i].form);
		assert_true(
			slice_equal(delivery.text, slice_from(cases[i].text)));
		assert_int_equal(delivery.dsn.class,
				 cases[i].keeps_dsn ? cases[i].dsn.class : 0);
		assert_int_equal(delivery.sender_words,
				 cases[i].proves_nothing);
	}
}

/* Without a server nobody has answered, whatever it looks like. */
static void believes_no_answer_without_a_server(void **state)
{
	struct sendmail_stat stat = {
		.dsn = { 5, 1, 1 },
		.text = SLICE("550 5.1.1 User unknown, stat=User unknown"),
	};
	struct delivery delivery = { 0 };

	(void)state;
	assert_true(sendmail_stat_read(&stat, &delivery));
	assert_int_equal(delivery.form, TEXT_OWN);
	assert_int_equal(delivery.stage, STAGE_LOCAL);
	assert_true(slice_equal(delivery.text, SLICE("User unknown")));
	assert_int_equal(delivery.dsn.class, 5);
}

/* A line that was too long ends anywhere. */
static void reads_the_first_part_of_a_line(void **state)
{
	struct sendmail_stat stat = {
		.dsn = { 4, 7, 1 },
		.text = SLICE("450 4.7.1 a, stat=Sent, stat=Deferred: 450 4.7"),
		.cut = true,
		.relay = SENDMAIL_CONNECTED,
	};
	struct delivery delivery = { 0 };

	(void)state;
	assert_true(sendmail_stat_read(&stat, &delivery));
	assert_int_equal(delivery.status, STATUS_DEFERRED);
	assert_true(
		slice_equal(delivery.text, SLICE("450 4.7.1 a, stat=Sent")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_became_of_it),
		cmocka_unit_test(believes_no_answer_without_a_server),
		cmocka_unit_test(reads_the_first_part_of_a_line),
	};

	return cmocka_run_group_tests_name("sendmail_stat", tests, NULL, NULL);
}
