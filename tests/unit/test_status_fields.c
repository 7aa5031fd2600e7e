/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/buf.h"
#include "why/status_fields.h"

/* What is found is written as
 * "recipient|orig_to|status|dsn|relay_host|relay_ip|host|text" in lines. */
static const struct {
	const char *text;
	const char *found;
} cases[] = {
	{ "Reporting-MTA: dns; a.example\nArrival-Date: x\n\n"
	  "Final-Recipient: rfc822; b@b.example\nAction: failed\n"
	  "Status: 5.1.1\nRemote-MTA: dns; mx.b.example\n"
	  "Diagnostic-Code: smtp; 550 no\nLast-Attempt-Date: x\n\n"
	  "Final-Recipient: rfc822; c@c.example\nAction: delivered\n",
	  "b@b.example||bounced|5.1.1|mx.b.example||a.example|550 no\n"
	  "c@c.example||sent||||a.example|\n" },
	/* Order, case, blanks and ends of lines do not matter. */
	{ "STATUS: 4.2.2 (full)\r\naction:Delayed\r\n"
	  "final-recipient : RFC822;<b@b.example>\r\n",
	  "b@b.example||deferred|4.2.2||||\n" },
	/* No blank line between. */
	{ "Final-Recipient: rfc822;a@a.example\nAction: expanded\n"
	  "Final-Recipient: rfc822;b@b.example\nStatus: 2.1.5\n",
	  "a@a.example||sent|||||\nb@b.example||sent|2.1.5||||\n" },
	{ "Original-Recipient: rfc822;a+3Db@a.example\n"
	  "Final-Recipient: rfc822;b@b.example\nAction: failed\n\n"
	  "Original-Recipient: rfc822;B@b.example\n"
	  "Final-Recipient: rfc822;b@b.example\nAction: failed\n\n"
	  "Original-Recipient: rfc822;only@b.example\nAction: failed\n",
	  "b@b.example|a=b@a.example|bounced|||||\n"
	  "b@b.example||bounced|||||\nonly@b.example||bounced|||||\n" },
	/* Types of diagnosis; a semicolon inside stays. */
	{ "Final-Recipient: LOCAL; b\nDiagnostic-Code: x-unix; a; b\n\n"
	  "Final-Recipient: b\nDiagnostic-Code: no type; b\n\n"
	  "Final-Recipient: b\nDiagnostic-Code: X-Exim ; 550 x\n",
	  "b||bounced|||||a; b\nb||bounced|||||no type; b\n"
	  "b||bounced|||||550 x\n" },
	{ "Final-Recipient: utf-8; j\\x{F6}rg@b.example\nStatus: 5.0.0\n"
	  "Remote-MTA: dns; [2001:db8::1]\n\n"
	  "Final-Recipient: \"a b\"@b.example\nStatus: 5.0.0\n"
	  "Remote-MTA: dns; mx.b.example (192.0.2.1, the server)\n",
	  "jörg@b.example||bounced|5.0.0||2001:db8::1||\n"
	  "\"a b\"@b.example||bounced|5.0.0|mx.b.example|192.0.2.1||\n" },
	/* Subaddresses and what is no encoding stay. */
	{ "Final-Recipient: rfc822;a+20+ab+2@b.example\nAction: failed\n",
	  "a+20+ab+2@b.example||bounced|||||\n" },
	/* Pasted: quoted, indented, folds without indent. */
	{ "> > Final-Recipient: rfc822; b@b.example\n> > Action: failed\n"
	  "> > Diagnostic-Code: smtp; 550 a\n> > http://x.example: b\n",
	  "b@b.example||bounced|||||550 a http://x.example: b\n" },
	{ "  Final-Recipient: rfc822; b@b.example\n  Action: failed\n"
	  "  Diagnostic-Code: smtp; 550 a\n    Note: b\n  X-Other: c\n d\n",
	  "b@b.example||bounced|||||550 a Note: b\n" },
	/* Nothing said of a recipient, or of none. */
	{ "Final-Recipient: rfc822; b@b.example\n", "" },
	{ "Action: failed\nStatus: 5.1.1\n", "" },
	{ "Reporting-MTA: dns; a\n\nStatus: fine\n", "" },
	{ "Final-Recipient: rfc822;\nAction: failed\n", "" },
	{ "", "" },
};

static bool write_delivery(void *context, const struct delivery *delivery)
{
	struct buf *found = context;
	const struct slice rest[] = { delivery->relay_host, delivery->relay_ip,
				      delivery->host, delivery->text };

	buf_add(found, delivery->recipient);
	buf_add_char(found, '|');
	buf_add(found, delivery->orig_to);
	buf_add_char(found, '|');
	buf_add(found, status_word(delivery->status));
	buf_add_char(found, '|');
	if (delivery->dsn.class)
		enhanced_write(found, delivery->dsn);
	for (size_t i = 0; i < COUNT(rest); i++) {
		buf_add_char(found, '|');
		buf_add(found, rest[i]);
	}
	buf_add_char(found, '\n');
	return true;
}

static void reads_groups_of_fields(void **state)
{
	struct buf found = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("case: %s\n", cases[i].text);
		buf_reset(&found);
		status_fields_each(slice_from(cases[i].text), write_delivery,
				   &found);
		if (!slice_equal(buf_slice(&found), slice_from(cases[i].found)))
			print_message("got:\n%.*s\n", (int)found.len,
				      found.at ? found.at : "");
		assert_true(slice_equal(buf_slice(&found),
					slice_from(cases[i].found)));
	}
	buf_clear(&found);
}

static bool refuse_second(void *context, const struct delivery *delivery)
{
	(void)delivery;
	return ++*(unsigned *)context < 2;
}

static void stops_when_told(void **state)
{
	unsigned count = 0;

	(void)state;
	status_fields_each(SLICE("Final-Recipient: a\nAction: failed\n\n"
				 "Final-Recipient: b\nAction: failed\n\n"
				 "Final-Recipient: c\nAction: failed\n"),
			   refuse_second, &count);
	assert_int_equal(count, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_groups_of_fields),
		cmocka_unit_test(stops_when_told),
	};

	return cmocka_run_group_tests_name("status_fields", tests, NULL, NULL);
}
