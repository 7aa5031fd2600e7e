/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "parse/reply.h"
#include "why/bounce.h"

#define HEAD                                               \
	"Return-Path: <>\nFrom: MAILER-DAEMON@a.example\n" \
	"To: alice@a.example\nSubject: Undelivered Mail\nMIME-Version: 1.0\n"
#define REPORT                                                               \
	HEAD "Content-Type: multipart/report; report-type=delivery-status; " \
	     "boundary=\"B\"\n\n"
#define ORIGINAL                                                              \
	"--B\nContent-Type: message/rfc822\n\nFrom: alice@a.example\n"        \
	"To: mallory@d.example\nSubject: Delivery Status Notification\n\n"    \
	"<mallory@d.example>: host x.example[192.0.2.9] said: 550 5.7.1 no\n" \
	"--B--\n"
#define FIELDS                                                            \
	"Reporting-MTA: dns; mail.a.example\n"                            \
	"X-Postfix-Sender: rfc822; alice@a.example\n\n"                   \
	"Final-Recipient: rfc822; bob@b.example\n"                        \
	"Original-Recipient: rfc822;team+2Bx@a.example\nAction: failed\n" \
	"Status: 5.1.1\nRemote-MTA: dns; mx.b.example\n"                  \
	"Diagnostic-Code: smtp; 550 5.1.1 no such\n    user here\n"

/* Written for this test. What is found is written as "recipient|status|text"
 * and "; " between. */
static const struct {
	const char *name;
	const char *mail;
	const char *found;
} cases[] = {
	{ "RFC 3464",
	  REPORT "--B\nContent-Type: text/plain\n\nIt failed.\n"
		 "--B\nContent-Type: message/delivery-status\n\n" FIELDS
		 "\nFinal-Recipient: rfc822; <eve@c.example>\nAction: delayed\n"
		 "Status: 4.4.1\nDiagnostic-Code: X-Postfix; connect to "
		 "c.example[192.0.2.3]:25: Connection timed out\n"
		 "\nFinal-Recipient: rfc822; joe@c.example\nAction: relayed\n"
		 "Status: 2.0.0\n\n" ORIGINAL,
	  "bob@b.example|bounced|550 5.1.1 no such user here; "
	  "eve@c.example|deferred|connect to c.example[192.0.2.3]:25: "
	  "Connection timed out; joe@c.example|sent|" },
	{ "an mbox line, CR LF",
	  "From MAILER-DAEMON Mon Nov 23 10:11:12 2026\r\n"
	  "From: MAILER-DAEMON@a.example\r\nSubject: x\r\n"
	  "Content-Type: multipart/report; boundary=B\r\n\r\n--B\r\n"
	  "Content-Type: message/delivery-status\r\n\r\n"
	  "Reporting-MTA: dns;a\r\n\r\nFinal-Recipient: rfc822;b@b.example\r\n"
	  "Action: failed\r\nDiagnostic-Code: smtp;550 a\r\n "
	  "b\r\n\r\n--B--\r\n",
	  "b@b.example|bounced|550 a b" },
	{ "base64",
	  REPORT "--B\nContent-Type: message/delivery-status\n"
		 "Content-Transfer-Encoding: base64\n\n"
		 "RmluYWwtUmVjaXBpZW50OiByZmM4MjI7IGJvYkBiLmV4YW1wbGUKQWN0aW9u"
		 "OiBmYWlsZWQKRGlhZ25v\nc3RpYy1Db2RlOiBzbXRwOyA1NTAgNS4xLjEg"
		 "bm8K\n--B--\n",
	  "bob@b.example|bounced|550 5.1.1 no" },
	{ "quoted-printable",
	  REPORT "--B\nContent-Type: message/delivery-status\n"
		 "Content-Transfer-Encoding: quoted-printable\n\n"
		 "Final-Recipient: rfc822; bob=40b.example\nAction: failed\n"
		 "Diagnostic-Code: smtp; 550 5.1=\n.1 no\n--B--\n",
	  "bob@b.example|bounced|550 5.1.1 no" },
	{ "RFC 6533",
	  REPORT "--B\nContent-Type: message/global-delivery-status\n"
		 "Content-Transfer-Encoding: 8bit\n\n"
		 "Final-Recipient: utf-8; j\xc3\xb6rg@b.example\n"
		 "Action: failed\nDiagnostic-Code: smtp; 550 5.1.1 na\xc3\xafn"
		 "\n\nFinal-Recipient: utf-8; j\\x{F6}rg@c.example\n"
		 "Action: failed\nDiagnostic-Code: smtp; 550 5.1.1 no\n"
		 "--B--\n",
	  "j\xc3\xb6rg@b.example|bounced|550 5.1.1 na\xc3\xafn; "
	  "j\xc3\xb6rg@c.example|bounced|550 5.1.1 no" },
	{ "as text/plain by mistake",
	  REPORT "--B\nContent-Type: text/plain\n\nIt failed.\n"
		 "--B\nContent-Type: text/plain\n\n" FIELDS "\n" ORIGINAL,
	  "bob@b.example|bounced|550 5.1.1 no such user here" },
	{ "forwarded as an attachment",
	  "From: alice@a.example\nTo: help@a.example\nSubject: Fwd: help\n"
	  "Content-Type: multipart/mixed; boundary=F\n\n"
	  "--F\n\nWhat is this?\n--F\nContent-Type: message/rfc822\n\n" REPORT
	  "--B\nContent-Type: message/delivery-status\n\n" FIELDS "\n" ORIGINAL
	  "--F--\n",
	  "bob@b.example|bounced|550 5.1.1 no such user here" },
	{ "forwarded twice",
	  "From: help@a.example\nSubject: WG: Fwd: help\n"
	  "Content-Type: message/rfc822\n\n"
	  "From: alice@a.example\nSubject: Fwd: help\n"
	  "Content-Type: message/rfc822\n\n" REPORT
	  "--B\nContent-Type: message/delivery-status\n\n" FIELDS "\n" ORIGINAL,
	  "bob@b.example|bounced|550 5.1.1 no such user here" },
	{ "fields in quoted text, folds lost",
	  "From: alice@a.example\nTo: help@a.example\nSubject: help\n\n"
	  "Please help.\n\n"
	  "> Reporting-MTA: dns; mail.a.example\n>\n"
	  "> Final-Recipient: rfc822; bob@b.example\n> Action: failed\n"
	  "> Status: 5.1.1\n> Diagnostic-Code: smtp; 550 5.1.1 no such\n"
	  "> user here\n",
	  "bob@b.example|bounced|550 5.1.1 no such user here" },
	{ "no diagnosis in the fields",
	  REPORT "--B\n\nThis is the mail system at host mail.a.example.\n\n"
		 "<bob@b.example>: mail for b.example loops back to myself\n\n"
		 "<eve@c.example>: host mx.c.example[192.0.2.3] said: 550 no\n"
		 "--B\nContent-Type: message/delivery-status\n\n"
		 "Final-Recipient: rfc822; bob@b.example\nAction: failed\n"
		 "Status: 5.4.6\n\n"
		 "Final-Recipient: rfc822; EVE@c.example\nAction: failed\n"
		 "Status: 5.0.0\nDiagnostic-Code: smtp; 5.0.0\n\n" ORIGINAL,
	  "bob@b.example|bounced|mail for b.example loops back to myself; "
	  "EVE@c.example|bounced|host mx.c.example[192.0.2.3] said: 550 no" },
	{ "expired",
	  REPORT "--B\nContent-Type: message/delivery-status\n\n"
		 "Final-Recipient: rfc822; bob@b.example\nAction: failed\n"
		 "Status: 4.4.7\nDiagnostic-Code: x-unix; message expired\n"
		 "--B--\n",
	  "bob@b.example|bounced|message expired" },
	{ "a notice; its original is a mail",
	  HEAD "Content-Type: multipart/mixed; boundary=B\n\n--B\n\n"
	       "Delivery failed.\n\n" ORIGINAL,
	  "" },
	{ "a notice in one text",
	  HEAD "\nHi. This is the qmail-send program at a.example.\n\n"
	       "<bob@b.example>:\nno mailbox here by that name. (#5.1.1)\n\n"
	       "--- Below this line is a copy of the message.\n\n"
	       "Final-Recipient: rfc822; mallory@d.example\nAction: failed\n",
	  "bob@b.example|bounced|no mailbox here by that name. (#5.1.1)" },
	{ "recipients in the header",
	  HEAD "X-Failed-Recipients: bob@b.example\n\n"
	       "Delivery failed: 550 5.1.1 unknown\n",
	  "bob@b.example|bounced|550 5.1.1 unknown" },
	{ "HTML alone",
	  HEAD "Content-Type: text/html; charset=iso-8859-1\n\n"
	       "<html><head><style>p { x: y }</style></head><body>"
	       "<p>Delivery has failed to these recipients or groups:</p>"
	       "<p><a href=\"mailto:bob@b.example\">bob@b.example</a><br>"
	       "Das Postfach f\xfcr Bob existiert nicht.</p>"
	       "<p>Diagnostic information:</p>"
	       "<p>bob@b.example<br>#550 5.1.1 &lt;n&#xf6;&gt; ##</p>",
	  "bob@b.example|bounced|550 5.1.1 <n\xc3\xb6>" },
	{ "alternatives: the first text",
	  HEAD "Content-Type: multipart/alternative; boundary=B\n\n"
	       "--B\n\n<bob@b.example>: 550 5.1.1 plain\n"
	       "--B\nContent-Type: text/html\n\n"
	       "&lt;eve@b.example&gt;: 550 5.1.1 html\n--B--\n",
	  "bob@b.example|bounced|550 5.1.1 plain" },
	{ "other character sets",
	  HEAD "Content-Type: text/plain; charset=utf-16be\n"
	       "Content-Transfer-Encoding: base64\n\n"
	       "AGIAbwBiAEAAYgAuAGUAeAAKADUANQAwACAANQAuADEALgAxACAA5A==\n",
	  "bob@b.ex|bounced|550 5.1.1 \xc3\xa4" },
	{ "encoded words, bad bytes, control characters",
	  REPORT "--B\nContent-Type: message/delivery-status\n\n"
		 "Final-Recipient: rfc822; bob@b.example\nAction: failed\n"
		 "Diagnostic-Code: smtp; 550 =?iso-8859-1?q?M=FCll?=\n\n"
		 "Final-Recipient: rfc822; eve@b.example\nAction: failed\n"
		 "Diagnostic-Code: smtp; 550 \x1b[31mred\x07  \t\xfc\n--B--\n",
	  "bob@b.example|bounced|550 M\xc3\xbcll; "
	  "eve@b.example|bounced|550 [31mred \xc3\xbc" },
	{ "a subaddress that looks encoded",
	  REPORT "--B\nContent-Type: message/delivery-status\n\n"
		 "Final-Recipient: rfc822; bob+20@b.example\nAction: failed\n\n"
		 "Final-Recipient: rfc822;+3Ceve+3E@b.example\n"
		 "Action: failed\n--B--\n",
	  "bob+20@b.example|bounced|; <eve>@b.example|bounced|" },
	{ "a boundary that never comes",
	  HEAD "Content-Type: multipart/report; boundary=other\n\n--B\n\n"
	       "<bob@b.example>: 550 5.1.1 no\n--B\n"
	       "Content-Type: message/delivery-status\n\n" FIELDS,
	  "bob@b.example|bounced|550 5.1.1 no such user here" },
	{ "no boundary at all",
	  HEAD "Content-Type: multipart/report\n\n--B\n\n"
	       "<bob@b.example>: 550 5.1.1 no\n",
	  "bob@b.example|bounced|550 5.1.1 no" },
	{ "no end of the header", HEAD "X-A: b\n<bob@b.example>: 550 5.1.1 no",
	  "bob@b.example|bounced|550 5.1.1 no" },
	{ "pasted, without a header",
	  "<bob@b.example>: host mx.b.example[192.0.2.2] said: 550 5.1.1 no\n"
	  "    (in reply to RCPT TO command)\n",
	  "bob@b.example|bounced|host mx.b.example[192.0.2.2] said: 550 5.1.1 "
	  "no (in reply to RCPT TO command)" },
	{ "who was reached gets no answer of the notice",
	  REPORT "--B\n\n<bob@b.example>: 550 5.2.1 disabled\n"
		 "<eve@b.example>: 250 successfully delivered, no failure\n"
		 "550 5.1.1 User unknown\n"
		 "--B\nContent-Type: message/delivery-status\n\n"
		 "Final-Recipient: rfc822; bob@b.example\nAction: failed\n\n"
		 "Final-Recipient: rfc822; eve@b.example\n"
		 "Action: delivered\nStatus: 2.1.5\n--B--\n",
	  "bob@b.example|bounced|550 5.2.1 disabled; eve@b.example|sent|" },
	{ "somebody is away",
	  "Return-Path: <>\nFrom: eve@b.example\nTo: alice@a.example\n"
	  "Subject: Re: Offer\nAuto-Submitted: auto-replied\n\n"
	  "I am not in and cannot read mail. Write to carol@b.example.\n",
	  "" },
	{ "somebody is away, from a postmaster",
	  "Return-Path: <>\nFrom: postmaster@b.example\n"
	  "To: alice@a.example\nSubject: Out of office: Offer\n\n"
	  "I am away and cannot read mail. Write to carol@b.example.\n",
	  "" },
	{ "from nobody, but it tells of failure",
	  "Return-Path: <>\nFrom: system@b.example\nTo: alice@a.example\n"
	  "Subject: Offer\n\nYour mail to eve@b.example was refused:\n"
	  "550 5.1.1 no such user\n",
	  "eve@b.example|bounced|550 5.1.1 no such user" },
	{ "a receipt",
	  "Return-Path: <>\nFrom: eve@b.example\nTo: alice@a.example\n"
	  "Subject: Read: Offer\nContent-Type: multipart/report; "
	  "report-type=disposition-notification; boundary=B\n\n--B\n\n"
	  "Your mail to eve@b.example cannot be unread.\n"
	  "--B\nContent-Type: message/disposition-notification\n\n"
	  "Final-Recipient: rfc822;eve@b.example\n"
	  "Disposition: manual-action/MDN-sent-manually; "
	  "displayed\n\n" ORIGINAL,
	  "" },
	{ "a program forwards a bounce",
	  "From: tickets@a.example\nTo: help@a.example\nSubject: [#17] new\n"
	  "Auto-Submitted: auto-generated\n"
	  "Content-Type: message/rfc822\n\n" REPORT
	  "--B\nContent-Type: message/delivery-status\n\n" FIELDS "\n" ORIGINAL,
	  "bob@b.example|bounced|550 5.1.1 no such user here" },
	{ "attachments stay closed",
	  HEAD "Content-Type: multipart/mixed; boundary=B\n\n"
	       "--B\nContent-Type: application/octet-stream\n\n"
	       "<bob@b.example>: 550 5.1.1 no\n--B\n"
	       "Content-Type: text/rfc822-headers\n\n"
	       "<eve@b.example>: 550 5.1.1 no\n--B--\n",
	  "" },
	{ "no bounce",
	  "From: alice@a.example\nTo: bob@b.example\nSubject: Lunch\n\n"
	  "At 12? carol@c.example cannot come.\n",
	  "" },
	{ "empty", "", "" },
};

/* The mail as if all of it had been read already. */
static struct bounce *read_slice(struct slice mail)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct bounce *bounce = NULL;
	struct fault fault;

	assert_true(fd >= 0);
	assert_int_equal(bounce_read(fd, mail, "test", &bounce, &fault), 0);
	assert_non_null(bounce);
	(void)close(fd);
	return bounce;
}

static void assert_line(struct slice text)
{
	assert_true(text.len <= BOUNCE_TEXT_LIMIT);
	while (text.len) {
		size_t len = utf8_sequence(text);

		assert_true(len > 0);
		assert_true((unsigned char)text.at[0] >= ' ');
		text = slice_after(text, len);
	}
}

static void write_found(const struct bounce *bounce, struct buf *found)
{
	for (size_t i = 0; i < bounce_count(bounce); i++) {
		const struct delivery *delivery = bounce_delivery(bounce, i);

		if (i)
			buf_add(found, SLICE("; "));
		buf_add(found, delivery->recipient);
		buf_add_char(found, '|');
		buf_add(found, status_word(delivery->status));
		buf_add_char(found, '|');
		buf_add(found, delivery->text);
		assert_line(delivery->recipient);
		assert_line(delivery->text);
	}
}

static void assert_slice(struct slice got, const char *wanted)
{
	if (!slice_equal(got, slice_from(wanted)))
		print_message("got    %.*s\nwanted %s\n", (int)got.len,
			      got.at ? got.at : "", wanted);
	assert_true(slice_equal(got, slice_from(wanted)));
}

static void reads_mails(void **state)
{
	struct buf found = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bounce *bounce = read_slice(slice_from(cases[i].mail));

		print_message("case: %s\n", cases[i].name);
		buf_reset(&found);
		write_found(bounce, &found);
		assert_slice(buf_slice(&found), cases[i].found);
		assert_false(bounce_is_cut(bounce));
		bounce_free(bounce);
	}
	buf_clear(&found);
}

static void fills_the_delivery(void **state)
{
	struct bounce *bounce = read_slice(
		SLICE(REPORT "--B\nContent-Type: message/delivery-status\n\n"
			     "Reporting-MTA: dns; mail.a.example\n\n"
			     "Original-Recipient: rfc822;team+2Bx@a.example\n"
			     "Final-Recipient: rfc822; bob@b.example\n"
			     "Action: failed\nStatus: 5.1.10 (no)\n"
			     "Remote-MTA: dns; mx.b.example. (192.0.2.2, the "
			     "server for b.example.)\n"
			     "Diagnostic-Code: smtp; 550-5.1.1 a 550 5.1.1 b\n"
			     "--B--\n"));
	const struct delivery *delivery = bounce_delivery(bounce, 0);
	struct buf scratch = { 0 };
	struct reply reply;

	(void)state;
	assert_int_equal(bounce_count(bounce), 1);
	assert_slice(delivery->host, "mail.a.example");
	assert_slice(delivery->orig_to, "team+x@a.example");
	assert_slice(delivery->relay_host, "mx.b.example");
	assert_slice(delivery->relay_ip, "192.0.2.2");
	assert_int_equal(delivery->dsn.class, 5);
	assert_int_equal(delivery->dsn.subject, 1);
	assert_int_equal(delivery->dsn.detail, 10);
	reply_parse(delivery, &scratch, &reply);
	assert_int_equal(reply.code, 550);
	assert_slice(reply.text, "550 5.1.1 a b");
	buf_clear(&scratch);
	bounce_free(bounce);
}

static void tells_mails_from_logs_and_replies(void **state)
{
	static const struct {
		const char *head;
		bool mail;
	} heads[] = {
		{ "From: a\nTo: b\n\n", true },
		{ "Return-Path: <>\r\nReceived: from a\r\n by b\r\n", true },
		{ "From a@b Mon Nov 23 10:11:12 2026\nX-A: b\nDate: c\n",
		  true },
		{ "\xef\xbb\xbf\nDate: c\nX-A: b\n", true },
		{ "Nov 23 10:11:12 mx postfix/smtp[1]: A: to=<b>, x\n", false },
		{ "2026-11-23T10:11:12Z mx postfix/smtp[1]: A: to=<b>\n",
		  false },
		{ "550 5.1.1 <a@b.example>: no\n", false },
		{ "{\"From\":\"a\",\n\"To\":\"b\"}\n", false },
		{ "Error: mailbox full\nSee: http://x\n", false },
		{ "From: alone\n", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(heads); i++) {
		print_message("case: %s\n", heads[i].head);
		assert_int_equal(bounce_is_mail(slice_from(heads[i].head)),
				 heads[i].mail);
	}
}

static void reads_from_a_pipe(void **state)
{
	static const char mail[] = HEAD "\n<bob@b.example>: 550 5.1.1 no\n";
	struct bounce *bounce = NULL;
	struct fault fault;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], mail + 20, sizeof(mail) - 21),
			 sizeof(mail) - 21);
	(void)close(ends[1]);
	assert_int_equal(bounce_read(ends[0], (struct slice){ mail, 20 },
				     "test", &bounce, &fault),
			 0);
	(void)close(ends[0]);
	assert_int_equal(bounce_count(bounce), 1);
	bounce_free(bounce);
	assert_int_equal(bounce_read(ends[0], (struct slice){ 0 }, "the name",
				     &bounce, &fault),
			 -1);
	assert_null(bounce);
	assert_non_null(strstr(fault.text, "the name: "));
	bounce_free(NULL);
}

static void add_times(struct buf *buf, size_t count, struct slice text)
{
	while (count--)
		buf_add(buf, text);
}

/* Only the outermost parts are looked at; nothing recurses without end. */
static void bounds_the_nesting(void **state)
{
	static const size_t depths[] = { 3, 1000, 100000 };
	static const struct slice part = SLICE(
		"Content-Type: multipart/mixed; boundary=B\n\n--B\n");
	static const struct slice message = SLICE(
		"Content-Type: message/rfc822\n\n");

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(depths); i++) {
		struct buf mail = { 0 };
		struct bounce *bounce;

		buf_add(&mail, SLICE("From: a\nTo: b\n"));
		add_times(&mail, depths[i / 2], i % 2 ? message : part);
		buf_add(&mail,
			SLICE("\n<bob@b.example>: host x said: 550 5.1.1 "
			      "no\n"));
		bounce = read_slice(buf_slice(&mail));
		assert_int_equal(bounce_count(bounce), depths[i / 2] == 3);
		bounce_free(bounce);
		buf_clear(&mail);
	}
}

/* 70 MB, or many of one thing, behind what matters. */
static void reads_the_front_of_a_big_mail(void **state)
{
	static const struct {
		struct slice text;
		size_t size;
	} fillers[] = {
		{ SLICE("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=\n"), 70000000 },
		{ SLICE("X: y\n"), 1000000 },
		{ SLICE("--B\n"), 1000000 },
		{ SLICE("a@b.example\n"), 1000000 },
		{ SLICE("\n"), 1000000 },
		{ SLICE("long lines have no end, in this mail not one; "),
		  1000000 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(fillers); i++) {
		struct buf mail = { 0 };
		struct bounce *bounce;

		print_message("filler: %s\n", fillers[i].text.at);
		buf_add(&mail,
			SLICE(REPORT
			      "--B\nContent-Type: "
			      "message/delivery-status\n\n" FIELDS
			      "\n--B\nContent-Type: message/rfc822\n\n"));
		add_times(&mail, fillers[i].size / fillers[i].text.len,
			  fillers[i].text);
		bounce = read_slice(buf_slice(&mail));
		assert_int_equal(bounce_count(bounce), 1);
		assert_slice(bounce_delivery(bounce, 0)->text,
			     "550 5.1.1 no such user here");
		bounce_free(bounce);
		buf_clear(&mail);
	}
}

static void bounds_headers(void **state)
{
	static const struct slice fillers[] = {
		SLICE("To: a@a.example\n"),
		SLICE("a,"),
		SLICE(" x\n"),
		SLICE("a=b;"),
		SLICE("=?utf-8?q?=C3=A4?= "),
	};
	static const struct slice starts[] = { SLICE("To: x,"),
					       SLICE("Content-Type: a/b; "),
					       SLICE("Subject: ") };

	(void)state;
	for (size_t i = 0; i < COUNT(fillers) * COUNT(starts); i++) {
		struct slice filler = fillers[i % COUNT(fillers)];
		struct buf mail = { 0 };
		struct bounce *bounce;

		buf_add(&mail, SLICE("From: MAILER-DAEMON\n"));
		buf_add(&mail, starts[i / COUNT(fillers)]);
		add_times(&mail, 500000 / filler.len, filler);
		buf_add(&mail, SLICE("\n\n<bob@b.example>: 550 5.1.1 no\n"));
		bounce = read_slice(buf_slice(&mail));
		assert_true(bounce_count(bounce) <= 1);
		bounce_free(bounce);
		buf_clear(&mail);
	}
}

static void bounds_the_recipients(void **state)
{
	struct buf mail = { 0 };
	struct bounce *bounce;

	(void)state;
	buf_add(&mail,
		SLICE(REPORT "--B\nContent-Type: message/delivery-status\n"));
	for (unsigned i = 0; i < 1000000; i++) {
		buf_add(&mail, SLICE("\nFinal-Recipient: rfc822; a"));
		buf_add_number(&mail, i);
		buf_add(&mail, SLICE("@b.example\nAction: failed\n"));
	}
	bounce = read_slice(buf_slice(&mail));
	assert_int_equal(bounce_count(bounce), BOUNCE_LIMIT);
	assert_slice(bounce_delivery(bounce, BOUNCE_LIMIT - 1)->recipient,
		     "a9999@b.example");
	assert_true(bounce_is_cut(bounce));
	bounce_free(bounce);
	buf_clear(&mail);
}

/* Many recipients share one long text. */
static void bounds_the_texts(void **state)
{
	struct buf mail = { 0 };
	struct bounce *bounce;

	(void)state;
	buf_add(&mail, SLICE(HEAD "\n"));
	for (unsigned i = 0; i < BOUNCE_LIMIT; i++) {
		buf_add_char(&mail, 'a');
		buf_add_number(&mail, i);
		buf_add(&mail, SLICE("@b.example\n"));
	}
	buf_add(&mail, SLICE("550 5.1.1 no\n"));
	add_times(&mail, 100000, SLICE("\xc3\xa4\xc3\xa4\xc3\xa4 \n"));
	bounce = read_slice(buf_slice(&mail));
	assert_int_equal(bounce_count(bounce), BOUNCE_LIMIT);
	for (size_t i = 0; i < BOUNCE_LIMIT; i++) {
		const struct delivery *delivery = bounce_delivery(bounce, i);

		assert_true(delivery->text.len > 60000);
		assert_true(delivery->text.at ==
			    bounce_delivery(bounce, 0)->text.at);
	}
	assert_line(bounce_delivery(bounce, 0)->text);
	bounce_free(bounce);
	buf_clear(&mail);
}

static void survives_any_bytes(void **state)
{
	struct buf mail = { 0 };
	struct buf found = { 0 };
	uint32_t random = 1;

	(void)state;
	buf_add(&mail, SLICE(HEAD "\n"));
	for (unsigned i = 0; i < 1000000; i++) {
		random = random * 1664525 + 1013904223;
		buf_add_char(&mail, (char)(random >> 24));
	}
	add_times(&mail, 1000, (struct slice){ "\0\0\0\n", 4 });
	buf_add(&mail, SLICE("\n<bob@b.example>: 550 5.1.1 a"));
	buf_add_char(&mail, '\0');
	buf_add(&mail, SLICE("b\n"));
	for (unsigned i = 0; i < 2; i++) {
		/* As a mail, then as text without a header. */
		struct bounce *bounce = read_slice(
			slice_after(buf_slice(&mail), i ? 300 : 0));

		buf_reset(&found);
		write_found(bounce, &found);
		bounce_free(bounce);
	}
	buf_clear(&found);
	buf_clear(&mail);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_mails),
		cmocka_unit_test(fills_the_delivery),
		cmocka_unit_test(tells_mails_from_logs_and_replies),
		cmocka_unit_test(reads_from_a_pipe),
		cmocka_unit_test(bounds_the_nesting),
		cmocka_unit_test(reads_the_front_of_a_big_mail),
		cmocka_unit_test(bounds_headers),
		cmocka_unit_test(bounds_the_recipients),
		cmocka_unit_test(bounds_the_texts),
		cmocka_unit_test(survives_any_bytes),
	};

	return cmocka_run_group_tests_name("bounce", tests, NULL, NULL);
}
