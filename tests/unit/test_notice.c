/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/buf.h"
#include "why/notice.h"

/* Written for this test in the manner of the systems named. What is found is
 * written as "recipient|text" and "; " between, "(later) " before a delay. */
static const struct {
	const char *name;
	const char *text;
	const char *found;
	bool trusted;
} cases[] = {
	{ "qmail",
	  "Hi. This is the qmail-send program at out.example.\n"
	  "I'm afraid I wasn't able to deliver your message to the following "
	  "addresses.\nThis is a permanent error; I've given up.\n\n"
	  "<bob@b.example>:\n192.0.2.1 does not like recipient.\n"
	  "Remote host said: 550 5.1.1 <bob@b.example>: no such user\n"
	  "Giving up on 192.0.2.1.\n\n"
	  "<eve@c.example>:\nSorry, I couldn't find any host named "
	  "c.example. (#5.1.2)\n\n"
	  "--- Below this line is a copy of the message.\n\n"
	  "Received: from x\n\n<mallory@d.example>: 550 5.7.1 forged\n",
	  "bob@b.example|550 5.1.1 <bob@b.example>: no such user Giving up "
	  "on 192.0.2.1.; eve@c.example|Sorry, I couldn't find any host named "
	  "c.example. (#5.1.2)",
	  false },
	{ "Exim",
	  "This message was created automatically by mail delivery software."
	  "\n\nA message that you sent could not be delivered to one or more "
	  "of its\nrecipients. This is a permanent error. The following "
	  "address(es) failed:\n\n"
	  "  bob@b.example\n"
	  "    (generated from team@a.example)\n"
	  "    SMTP error from remote mail server after RCPT TO:"
	  "<bob@b.example>:\n"
	  "    host mx.b.example [192.0.2.2]: 550-5.2.2 The mailbox\n"
	  "    550 5.2.2 is full\n"
	  "  eve@c.example\n    Unrouteable address\n\n"
	  "------ This is a copy of the message, including all the headers. "
	  "------\n\nReturn-path: <alice@a.example>\n",
	  "bob@b.example|550-5.2.2 The mailbox 550 5.2.2 is full; "
	  "eve@c.example|Unrouteable address",
	  false },
	{ "Exim, a warning",
	  "This message was created automatically by mail delivery software."
	  "\nA message that you sent has not yet been delivered to one or more "
	  "of its\nrecipients after more than 24 hours on the queue.\n\n"
	  "The address to which the message has not yet been delivered is:\n\n"
	  "  bob@b.example\n"
	  "    host mx.b.example [192.0.2.2]\n"
	  "    Delay reason: SMTP error from remote mail server after initial "
	  "connection:\n    421 4.7.0 try later\n\n"
	  "No action is required on your part.\n",
	  "(later) bob@b.example|421 4.7.0 try later", false },
	{ "Exim, a list for one cause",
	  "This message was created automatically by mail delivery software."
	  "\n\n  a@b.example\n  c@b.example\n    retry timeout exceeded\n",
	  "a@b.example|retry timeout exceeded; "
	  "c@b.example|retry timeout exceeded",
	  false },
	{ "Sendmail, old",
	  "   ----- The following addresses had permanent fatal errors -----\n"
	  "<bob@b.example>\n<eve@b.example>\n\n"
	  "   ----- Transcript of session follows -----\n"
	  "... while talking to mx.b.example.:\n"
	  ">>> RCPT To:<bob@b.example>\n"
	  "<<< 550 5.1.1 <bob@b.example>... no\n"
	  "550 5.1.1 <bob@b.example>... User unknown\n"
	  ">>> RCPT To:<eve@b.example>\n"
	  "<<< 552-5.2.2 <eve@b.example>\n<<< 552 5.2.2 is full\n"
	  "<<< 503 5.0.0 Need RCPT (recipient)\n",
	  "bob@b.example|550 5.1.1 <bob@b.example>... no; "
	  "eve@b.example|552-5.2.2 <eve@b.example> 552 5.2.2 is full",
	  false },
	{ "Sendmail 8.10 and later",
	  "   ----- The following addresses had permanent fatal errors -----\n"
	  "<bob@b.example>\n"
	  "    (reason: 550 5.7.1 <bob@b.example>... Access denied)\n"
	  "    (expanded from: <team@a.example>)\n\n"
	  "   ----- Transcript of session follows -----\n"
	  "550 5.7.1 <bob@b.example>... Service unavailable\n",
	  "bob@b.example|550 5.7.1 <bob@b.example>... Access denied", false },
	{ "Sendmail, a warning",
	  "    **********************************************\n"
	  "    **      THIS IS A WARNING MESSAGE ONLY      **\n"
	  "    **********************************************\n\n"
	  "   ----- The following addresses had transient non-fatal errors "
	  "-----\n<bob@b.example>\n\n"
	  "   ----- Transcript of session follows -----\n"
	  "<bob@b.example>... Deferred: Connection timed out with "
	  "mx.b.example.\n",
	  "(later) bob@b.example|Deferred: Connection timed out with "
	  "mx.b.example.",
	  false },
	{ "Postfix",
	  "This is the mail system at host mail.a.example.\n\n"
	  "I'm sorry to have to inform you that your message could not\n"
	  "be delivered to one or more recipients.\n\n"
	  "For further assistance, please send mail to postmaster.\n\n"
	  "<bob@b.example>: host mx.b.example[192.0.2.2] said: 550 5.1.1\n"
	  "    <bob@b.example>: Recipient address rejected (in reply to RCPT "
	  "TO\n    command)\n\n"
	  "<eve@c.example>: Host or domain name not found. Name service "
	  "error for\n    name=c.example type=A: Host not found\n",
	  "bob@b.example|host mx.b.example[192.0.2.2] said: 550 5.1.1 "
	  "<bob@b.example>: Recipient address rejected (in reply to RCPT TO "
	  "command); eve@c.example|Host or domain name not found. Name "
	  "service error for name=c.example type=A: Host not found",
	  false },
	{ "Exchange 2003",
	  "Your message did not reach some or all of the intended recipients."
	  "\n\n      Subject:\tOffer\n      Sent:\t1/2/2003 10:00 AM\n\n"
	  "The following recipient(s) could not be reached:\n\n"
	  "      bob@b.example on 1/2/2003 10:00 AM\n"
	  "            The e-mail account does not exist at the organization "
	  "this message was sent to.\n"
	  "            <mail.b.example #5.1.1>\n",
	  "bob@b.example|The e-mail account does not exist at the "
	  "organization this message was sent to. <mail.b.example #5.1.1>",
	  false },
	{ "Exchange 2010",
	  "Delivery has failed to these recipients or groups:\n\n"
	  "Bob Builder (bob@b.example)<mailto:bob@b.example>\n"
	  "The e-mail address you entered couldn't be found.\n\n"
	  "Diagnostic information for administrators:\n\n"
	  "Generating server: ex1.a.example\n\n"
	  "bob@b.example\n"
	  "#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n\n"
	  "Original message headers:\n\n"
	  "Received: from x\nTo: <mallory@d.example>\n550 5.7.1 no\n",
	  "bob@b.example|550 5.1.1 RESOLVER.ADR.RecipNotFound; not found",
	  false },
	{ "Exchange 2007, what another server said",
	  "Diagnostic information for administrators:\n\n"
	  "bob@b.example\nmx.b.example #<mx.b.example #5.7.1 smtp; 550 5.7.1 "
	  "Relaying denied> #SMTP#\n",
	  "bob@b.example|550 5.7.1 Relaying denied", false },
	{ "Exchange 2016, German",
	  "Fehler bei der Nachrichten\xc3\xbc"
	  "bermittlung an folgende Empf\xc3\xa4nger oder Gruppen:\n\n"
	  "Bob (bob@b.example)\nDie eingegebene E-Mail-Adresse konnte nicht "
	  "gefunden werden.\n\n"
	  "Diagnoseinformationen f\xc3\xbcr Administratoren:\n\n"
	  "Generierender Server: ex1.a.example\n\nbob@b.example\n"
	  "Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; "
	  "Recipient not found by SMTP address lookup'\n\n"
	  "Urspr\xc3\xbcngliche Nachrichtenkopfzeilen:\n\n"
	  "Received: from x\n",
	  "bob@b.example|550 5.1.10 RESOLVER.ADR.RecipientNotFound; "
	  "Recipient not found by SMTP address lookup",
	  false },
	{ "Exchange Online",
	  "Your message to bob@b.example couldn't be delivered.\n\n"
	  "bob wasn't found at b.example.\n\n"
	  "Error Details\nReported error:\t550 5.4.1 [bob@b.example]: "
	  "Recipient address rejected: Access denied.\n\n"
	  "Reported by: mx.b.example\n",
	  "bob@b.example|550 5.4.1 [bob@b.example]: Recipient address "
	  "rejected: Access denied.",
	  false },
	{ "Gmail, old",
	  "Delivery to the following recipient failed permanently:\n\n"
	  "     bob@b.example\n\n"
	  "Technical details of permanent failure:\n"
	  "Google tried to deliver your message, but it was rejected by the "
	  "server for the recipient domain b.example by mx.b.example. "
	  "[192.0.2.2].\n\n"
	  "The error that the other server returned was:\n"
	  "550 5.1.1 <bob@b.example> User unknown\n\n"
	  "----- Original message -----\n\nX: y\n550 5.7.1 no\n",
	  "bob@b.example|550 5.1.1 <bob@b.example> User unknown", false },
	{ "Gmail",
	  "** Address not found **\n\n"
	  "Your message wasn't delivered to bob@b.example because the address "
	  "couldn't be found, or is unable to receive mail.\n\n"
	  "The response from the remote server was:\n"
	  "550 5.1.1 <bob@b.example>: no\n",
	  "bob@b.example|550 5.1.1 <bob@b.example>: no", false },
	{ "Yahoo",
	  "Sorry, we were unable to deliver your message to the following "
	  "address.\n\n<bob@yahoo.example>:\n"
	  "554: delivery error: dd This user doesn't have a account "
	  "(bob@yahoo.example) [-5] - mta1.example\n\n"
	  "--- Below this line is a copy of the message.\n",
	  "bob@yahoo.example|554: delivery error: dd This user doesn't have a "
	  "account (bob@yahoo.example) [-5] - mta1.example",
	  false },
	{ "GMX, IONOS",
	  "This message was created automatically by mail delivery software."
	  "\n\nA message that you sent could not be delivered to one or more "
	  "of\nits recipients. The following addresses failed:\n\n"
	  "<bob@b.example>\n\n"
	  "SMTP error from remote server for RCPT TO command, host: "
	  "mx.b.example (192.0.2.2) reason: 550 5.1.1 No such user here\n\n"
	  "--- The header of the original message is following. ---\n\n"
	  "Received: from x\n",
	  "bob@b.example|550 5.1.1 No such user here", false },
	{ "WEB.DE, German",
	  "Die folgende Nachricht konnte nicht zugestellt werden.\n\n"
	  "Empf\xc3\xa4nger: bob@b.example\n\nGrund: Postfach ist voll\n",
	  "bob@b.example|Grund: Postfach ist voll", false },
	{ "T-Online",
	  "|------------------------- Failed addresses follow: "
	  "---------------------|\n <bob@t.example> ... unknown user\n"
	  "|------------------------- Message text follows: "
	  "------------------------|\nReceived: by x\n",
	  "bob@t.example|unknown user", false },
	{ "Domino",
	  "Your message\n\n  Subject: Offer\n\nwas not delivered to:\n\n"
	  "  bob@b.example\n\nbecause:\n\n"
	  "  User bob (bob@b.example) not listed in public Name & Address "
	  "Book\n",
	  "bob@b.example|User bob (bob@b.example) not listed in public Name & "
	  "Address Book",
	  false },
	{ "Domino, one sentence",
	  "User bob (bob@b.example) not listed in Domino Directory\n",
	  "bob@b.example|User bob (bob@b.example) not listed in Domino "
	  "Directory",
	  true },
	{ "GroupWise",
	  "The message that you sent was undeliverable to the following:\n"
	  "\tbob@b.example (550 5.1.1 unknown)\n",
	  "bob@b.example|550 5.1.1 unknown", false },
	{ "Courier",
	  "This is a delivery status notification from out.example,\n\n"
	  "                         UNDELIVERABLE MAIL\n\n"
	  "Your message to the following recipients cannot be delivered:\n\n"
	  "<bob@b.example>:\n    mx.b.example [192.0.2.2]:\n"
	  ">>> RCPT TO:<bob@b.example>\n<<< 550 5.1.1 User unknown.\n\n"
	  "If your message was also sent to additional recipients,\n",
	  "bob@b.example|550 5.1.1 User unknown.", false },
	{ "IMail",
	  "User mailbox exceeds allowed size: bob@b.example\n\n"
	  "Original message follows.\n\nReceived: from x\n",
	  "bob@b.example|User mailbox exceeds allowed size: bob@b.example",
	  true },
	{ "Notes: the reason above its addresses",
	  "------- Failure Reasons  --------\n\n"
	  "User not listed in public Name & Address Book\n"
	  "bob@b.example\neve@b.example\n\n"
	  "No route found to domain (unknown)\ncarol@c.example\n\n"
	  "------- Returned Message --------\nReceived: from x\n",
	  "bob@b.example|User not listed in public Name & Address Book; "
	  "eve@b.example|User not listed in public Name & Address Book; "
	  "carol@c.example|No route found to domain (unknown)",
	  true },
	{ "MailEnable",
	  "The following recipient(s) could not be reached:\n\n"
	  "\t[SMTP:bob@b.example]: Remote SMTP Server Returned: 550 5.1.1 no\n"
	  "\t[SMTP:eve@c.example]: Remote SMTP Server Returned: 452 full\n",
	  "bob@b.example|550 5.1.1 no; eve@c.example|452 full", false },
	{ "MDaemon",
	  "MDaemon Message Delivery Failure\n\n"
	  "Failed address: bob@b.example\n\n"
	  "<-- 550 5.1.1 Recipient unknown\n",
	  "bob@b.example|550 5.1.1 Recipient unknown", true },
	{ "Amazon SES, Mailgun",
	  "An error occurred while trying to deliver the mail to the "
	  "following recipients:\nbob@b.example\n\n"
	  "The response was: 550 5.4.4 Invalid domain\n",
	  "bob@b.example|550 5.4.4 Invalid domain", true },
	{ "OpenSMTPD",
	  "Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this "
	  "email.\n\n    An error has occurred while attempting to deliver a "
	  "message for\n    the following list of recipients:\n\n"
	  "bob@b.example: 550 5.1.1 Invalid recipient\n\n"
	  "    Below is a copy of the original message:\n\nReceived: from x\n",
	  "bob@b.example|550 5.1.1 Invalid recipient", false },
	{ "Barracuda",
	  "Your message to bob@b.example was blocked by our Spam Firewall. "
	  "The email you sent with the following subject has NOT BEEN "
	  "DELIVERED:\n\nSubject: Offer\n",
	  "bob@b.example|Your message to bob@b.example was blocked by our "
	  "Spam Firewall. The email you sent with the following subject has "
	  "NOT BEEN DELIVERED:",
	  true },
	{ "a gateway of X.400",
	  "This report relates to a message you sent\n\n"
	  "Your message was not delivered to: bob@b.example\n"
	  "for the following reason:\nUnknown address\n",
	  "bob@b.example|Your message was not delivered to: bob@b.example for "
	  "the following reason: Unknown address",
	  false },
	{ "forwarded inline",
	  "Hello,\nwhat does this mean?\n\nAlice (alice@a.example)\n\n"
	  "-----Original Message-----\n"
	  "From: MAILER-DAEMON@a.example\nTo: alice@a.example\n"
	  "Subject: Undelivered Mail Returned to Sender\n\n"
	  "> This is the mail system at host mail.a.example.\n>\n"
	  "> <bob@b.example>: host mx.b.example[192.0.2.2] said: 550 5.1.1\n"
	  ">     no such user (in reply to RCPT TO command)\n",
	  "bob@b.example|host mx.b.example[192.0.2.2] said: 550 5.1.1 no such "
	  "user (in reply to RCPT TO command)",
	  false },
	{ "only the part that matters was pasted",
	  "<bob@b.example>: host mx.b.example[192.0.2.2] said: 550 5.1.1 no\n",
	  "bob@b.example|host mx.b.example[192.0.2.2] said: 550 5.1.1 no",
	  false },
	{ "the same recipient in another case",
	  "Bob@B.example\nunknown\n\nbob@b.example\n550 5.1.1 no\n",
	  "Bob@B.example|550 5.1.1 no", true },
	{ "no bounce",
	  "Dear Bob,\n\nbob@b.example is unknown to me; 550 items are on "
	  "stock.\ncarol@c.example\nI could not be there.\n",
	  "", false },
	{ "nothing is known", "<bob@b.example>\n", "bob@b.example|", true },
	{ "empty", "", "", true },
};

static bool write_found(void *context, const struct delivery *delivery)
{
	struct buf *found = context;

	if (found->len)
		buf_add(found, SLICE("; "));
	if (delivery->status == STATUS_DEFERRED)
		buf_add(found, SLICE("(later) "));
	else
		assert_int_equal(delivery->status, STATUS_BOUNCED);
	buf_add(found, delivery->recipient);
	buf_add_char(found, '|');
	buf_add(found, delivery->text);
	return true;
}

static void assert_found(const struct buf *found, const char *wanted)
{
	if (!slice_equal(buf_slice(found), slice_from(wanted)))
		print_message("got    %.*s\nwanted %s\n", (int)found->len,
			      found->at ? found->at : "", wanted);
	assert_true(slice_equal(buf_slice(found), slice_from(wanted)));
}

static void finds_recipients_and_diagnoses(void **state)
{
	struct buf found = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct notice notice = { .text = slice_from(cases[i].text),
					 .trusted = cases[i].trusted };

		print_message("case: %s\n", cases[i].name);
		buf_reset(&found);
		notice_each(&notice, write_found, &found);
		assert_found(&found, cases[i].found);
	}
	buf_clear(&found);
}

static void uses_what_the_header_knows(void **state)
{
	struct buf found = { 0 };
	struct notice notice = {
		.text = SLICE("The mail from alice@a.example\ncould not be "
			      "passed on: 550 5.1.1 no\n"),
		.failed = SLICE("bob@b.example, carol@c.example"),
		.own = SLICE("Alice <Alice@a.example>"),
		.trusted = true,
	};

	(void)state;
	notice_each(&notice, write_found, &found);
	assert_found(&found, "bob@b.example|550 5.1.1 no; "
			     "carol@c.example|550 5.1.1 no");
	buf_clear(&found);
}

static bool take_hosts(void *context, const struct delivery *delivery)
{
	struct buf *hosts = context;

	assert_int_equal(delivery->dsn.class, 5);
	buf_add(hosts, delivery->relay_host);
	buf_add_char(hosts, ' ');
	buf_add(hosts, delivery->host);
	return true;
}

static void finds_the_servers(void **state)
{
	static const struct {
		const char *text;
		const char *hosts;
	} servers[] = {
		{ "<b@b.example>\n\n... while talking to mx.b.example.:\n"
		  "<<< 550 5.1.1 no\n",
		  "mx.b.example " },
		{ "  b@b.example\n    SMTP error after RCPT TO:<b@b.example>:\n"
		  "    host mx.b.example [192.0.2.1]: 550 5.1.1 no\n",
		  "mx.b.example " },
		{ "Generating server: ex.a.example\n\nb@b.example\n"
		  "#550 5.1.1 no ##\n",
		  " ex.a.example" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(servers); i++) {
		struct buf hosts = { 0 };
		struct notice notice = { .text = slice_from(servers[i].text),
					 .trusted = true };

		notice_each(&notice, take_hosts, &hosts);
		assert_found(&hosts, servers[i].hosts);
		buf_clear(&hosts);
	}
}

static bool count_some(void *context, const struct delivery *delivery)
{
	(void)delivery;
	return ++*(size_t *)context < 100000;
}

static void bounds_the_recipients(void **state)
{
	struct buf text = { 0 };
	struct notice notice = { .trusted = true };
	size_t count = 0;

	(void)state;
	for (unsigned i = 0; i < NOTICE_LIMIT + 10; i++) {
		buf_add_char(&text, 'a');
		buf_add_number(&text, i);
		buf_add(&text, SLICE("@b.example\n"));
		if (i % 7 == 0)
			buf_add(&text, SLICE("550 5.1.1 no\n"));
	}
	notice.text = buf_slice(&text);
	notice_each(&notice, count_some, &count);
	assert_int_equal(count, NOTICE_LIMIT);
	buf_clear(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_recipients_and_diagnoses),
		cmocka_unit_test(uses_what_the_header_knows),
		cmocka_unit_test(finds_the_servers),
		cmocka_unit_test(bounds_the_recipients),
	};

	return cmocka_run_group_tests_name("notice", tests, NULL, NULL);
}
