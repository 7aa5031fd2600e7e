/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What becomes of a delivery in the synthetic log, and the big providers that
 * most mail goes to. The wording follows what the servers are known to say;
 * every address is reserved (RFC 5737, RFC 3849, RFC 2544). The templates'
 * %-letters are explained at expand() in generate.c, the only user.
 *
 * Rows of one place stand together: generate.c looks up the first and the last.
 */
#ifndef MAILWHY_BENCH_REPLIES_H
#define MAILWHY_BENCH_REPLIES_H

/* Who answers. Recipients of the same place get answers of the same kind. */
enum place {
	PLACE_ANY,     /* a server of one's own: Postfix, Exim, an appliance */
	PLACE_NETWORK, /* nobody answered, or this server would not ask */
	PLACE_GOOGLE,
	PLACE_MICROSOFT, /* Exchange Online */
	PLACE_OUTLOOK,   /* outlook.com and its sisters */
	PLACE_YAHOO,
	PLACE_GMX,
	PLACE_TELEKOM,
	PLACE_APPLE,
	PLACE_ORANGE,
	PLACE_GATEWAY, /* a hosted filter before the real server */
	PLACE_LMTP,    /* from here on: mailboxes of this server */
	PLACE_LOCAL,
	PLACE_VIRTUAL,
	PLACE_PIPE,
	PLACE_COUNT,
};

enum status { SENT, BOUNCED, DEFERRED };

/* Which program logs the delivery, and what it writes behind relay=. */
enum route {
	ROUTE_SMTP,
	ROUTE_UNREACHED,
	ROUTE_SUSPENDED,
	ROUTE_LMTP,
	ROUTE_LMTP_DOWN,
	ROUTE_LOCAL,
	ROUTE_VIRTUAL,
	ROUTE_PIPE,
	ROUTE_COUNT,
};

static const struct {
	const char *program;
	const char *relay;
} routes[] = {
	[ROUTE_SMTP] = { "postfix/smtp", "%H[%A]:25" },
	[ROUTE_UNREACHED] = { "postfix/smtp", "none" },
	[ROUTE_SUSPENDED] = { "postfix/error", "none" },
	[ROUTE_LMTP] = { "postfix/lmtp",
			 "mx1.mail.example[private/dovecot-lmtp]" },
	[ROUTE_LMTP_DOWN] = { "postfix/lmtp", "none" },
	[ROUTE_LOCAL] = { "postfix/local", "local" },
	[ROUTE_VIRTUAL] = { "postfix/virtual", "virtual" },
	[ROUTE_PIPE] = { "postfix/pipe", "dovecot" },
};

struct outcome {
	enum place place;
	enum route route;
	enum status status;
	unsigned weight; /* among the rows of the same place */
	const char *dsn;
	const char *text;
};

#define RCPT " (in reply to RCPT TO command)"
#define MAIL " (in reply to MAIL FROM command)"
#define DATA " (in reply to DATA command)"
#define EOM  " (in reply to end of DATA command)"
#define SAID "host %H[%A] said: "

static const struct outcome sent_outcomes[] = {
	{ PLACE_ANY, ROUTE_SMTP, SENT, 12, "2.0.0",
	  "250 2.0.0 Ok: queued as %q" },
	{ PLACE_ANY, ROUTE_SMTP, SENT, 4, "2.0.0", "250 OK id=1t%z-00%x-0A" },
	{ PLACE_ANY, ROUTE_SMTP, SENT, 2, "2.0.0",
	  "250 2.0.0 4AN%zx%k Message accepted for delivery" },
	{ PLACE_ANY, ROUTE_SMTP, SENT, 1, "2.6.0",
	  "250 2.6.0 <%M> Queued mail for delivery" },
	{ PLACE_ANY, ROUTE_SMTP, SENT, 1, "2.1.5", "250 2.1.5 Ok" },
	{ PLACE_ANY, ROUTE_SMTP, SENT, 1, "2.0.0", "250 ok %k qp %k" },
	{ PLACE_GOOGLE, ROUTE_SMTP, SENT, 1, "2.0.0",
	  "250 2.0.0 OK  1767%k %z-%xsi%k.%n - gsmtp" },
	{ PLACE_MICROSOFT, ROUTE_SMTP, SENT, 1, "2.6.0",
	  "250 2.6.0 <%M> [InternalId=%k%k, "
	  "Hostname=AM9PR0%n.eurprd04.prod.outlook.com] %k bytes in 0.1%n, "
	  "%n.5 KB/sec Queued mail for delivery" },
	{ PLACE_OUTLOOK, ROUTE_SMTP, SENT, 1, "2.6.0",
	  "250 2.6.0 <%M> [InternalId=%k%k, "
	  "Hostname=DB8P1%n.EURP189.PROD.OUTLOOK.COM] %k bytes in 0.2%n, "
	  "%n.1 KB/sec Queued mail for delivery -> 250 2.1.5" },
	{ PLACE_YAHOO, ROUTE_SMTP, SENT, 1, "2.0.0", "250 ok dirdel" },
	{ PLACE_GMX, ROUTE_SMTP, SENT, 1, "2.0.0",
	  "250 Requested mail action okay, completed: id=1M%z-1t%x" },
	{ PLACE_TELEKOM, ROUTE_SMTP, SENT, 1, "2.0.0",
	  "250 2.0.0 1t%z-%x Message accepted." },
	{ PLACE_APPLE, ROUTE_SMTP, SENT, 1, "2.5.0", "250 2.5.0 Ok." },
	{ PLACE_ORANGE, ROUTE_SMTP, SENT, 1, "2.0.0",
	  "250 2.0.0 %z%x mail accepted for delivery" },
	{ PLACE_GATEWAY, ROUTE_SMTP, SENT, 1, "2.0.0",
	  "250 2.0.0 %z-1 Message accepted for delivery" },
	{ PLACE_LMTP, ROUTE_LMTP, SENT, 1, "2.0.0",
	  "250 2.0.0 <%R> %zAAAA%x Saved" },
	{ PLACE_LOCAL, ROUTE_LOCAL, SENT, 2, "2.0.0", "delivered to maildir" },
	{ PLACE_LOCAL, ROUTE_LOCAL, SENT, 1, "2.0.0", "delivered to mailbox" },
	{ PLACE_LOCAL, ROUTE_LOCAL, SENT, 1, "2.0.0", "forwarded as %q" },
	{ PLACE_LOCAL, ROUTE_LOCAL, SENT, 1, "2.0.0",
	  "delivered to command: /usr/bin/procmail -a \"$EXTENSION\"" },
	{ PLACE_VIRTUAL, ROUTE_VIRTUAL, SENT, 1, "2.0.0",
	  "delivered to maildir" },
	{ PLACE_PIPE, ROUTE_PIPE, SENT, 1, "2.0.0",
	  "delivered via dovecot service" },
};

static const struct outcome failed_outcomes[] = {
	/* User unknown, in the words of many servers. */
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 9, "5.1.1",
	  SAID "550 5.1.1 <%R>: Recipient address rejected: User unknown in "
	       "virtual mailbox table" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 6, "5.1.1",
	  SAID "550 5.1.1 <%R>: Recipient address rejected: User unknown in "
	       "local recipient table" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 4, "5.1.1",
	  SAID "550 5.1.1 <%R>... User unknown" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 4, "5.0.0",
	  SAID "550 No Such User Here" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 4, "5.0.0",
	  SAID "550 Unrouteable address" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 2, "5.0.0",
	  SAID "550-Callout verification failed: 550 5.1.1 <%R>: no mailbox "
	       "of this name" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 2, "5.1.0",
	  SAID "550 #5.1.0 Address rejected." RCPT },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 2, "5.1.10",
	  SAID "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient %R not "
	       "found by SMTP address lookup" EOM },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 2, "5.0.0",
	  SAID
	  "511 sorry, no mailbox here by that name (#5.1.1 - chkuser)" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 1, "5.0.0",
	  SAID "553 sorry, that domain isn't in my list of allowed rcpthosts "
	       "(#5.7.1)" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 1, "5.0.0", SAID "550" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 2, "5.2.1",
	  SAID "550 5.2.1 <%R>: Recipient address rejected: this mailbox has "
	       "been disabled" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 1, "5.1.6",
	  SAID "551 5.1.6 User has moved to a new address; please try "
	       "<%f.%l@%D>" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 1, "5.1.10",
	  SAID "556 5.1.10 Recipient address has null MX" RCPT },
	/* Mailbox full. */
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 3, "5.2.2",
	  SAID "552 5.2.2 <%R>: user is over quota" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, DEFERRED, 3, "4.2.2",
	  SAID "452 4.2.2 <%R> Mailbox is full / Blocks limit exceeded / "
	       "Inode limit exceeded" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 2, "5.7.1",
	  SAID
	  "554 5.7.1 <%R>: Recipient address rejected: mailbox full" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, DEFERRED, 2, "4.3.1",
	  SAID "452 4.3.1 Insufficient system storage" MAIL },
	/* Greylisting. */
	{ PLACE_ANY, ROUTE_SMTP, DEFERRED, 8, "4.2.0",
	  SAID "450 4.2.0 <%R>: Recipient address rejected: Greylisted, see "
	       "http://postgrey.schweikert.ch/help/%D.html" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, DEFERRED, 3, "4.7.1",
	  SAID "451 4.7.1 Greylisting in action, please come back in %n "
	       "seconds" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, DEFERRED, 2, "4.7.1",
	  SAID "450 4.7.1 <mx1.mail.example[192.0.2.25]>: Client host "
	       "rejected: Greylisting in effect, please come back later" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, DEFERRED, 1, "4.3.2",
	  SAID "450 4.3.2 Try again later (first contact)" DATA },
	/* Block lists and bad names. */
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 4, "5.7.1",
	  SAID "554 5.7.1 Service unavailable; Client host [192.0.2.25] "
	       "blocked using zen.spamhaus.org; "
	       "https://www.spamhaus.org/query/ip/192.0.2.25" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 2, "5.7.1",
	  SAID "550 5.7.1 Service unavailable; client [192.0.2.25] blocked "
	       "using bl.spamcop.net; Blocked - see "
	       "https://www.spamcop.net/bl.shtml?192.0.2.25" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 2, "5.1.1",
	  SAID "550 5.1.1 Mail from 192.0.2.25 refused by blackhole site "
	       "b.barracudacentral.org" MAIL },
	{ PLACE_ANY, ROUTE_SMTP, DEFERRED, 2, "4.7.1",
	  "host %H[%A] refused to talk to me: 554 5.7.1 192.0.2.25 is listed "
	  "at ix.dnsbl.manitu.net" },
	{ PLACE_ANY, ROUTE_SMTP, DEFERRED, 2, "4.0.0",
	  "host %H[%A] refused to talk to me: 554-%H 554 Your access to this "
	  "mail system has been rejected due to the sending MTA's poor "
	  "reputation. If you believe that this failure is in error, please "
	  "contact the intended recipient via alternate means." },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 1, "5.7.1",
	  SAID "554 5.7.1 Service unavailable; Sender address [%F] blocked "
	       "using dbl.spamhaus.org" RCPT },
	/* Content. */
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 3, "5.7.1",
	  SAID
	  "550 5.7.1 Message scored %n points and is considered spam" EOM },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 2, "5.7.0",
	  SAID "554 5.7.0 Reject, id=%k-%n - spam" EOM },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 1, "5.7.0",
	  SAID "554 5.7.0 Reject, id=%k-%n - INFECTED: "
	       "Win.Trojan.Agent-%k" EOM },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 1, "5.6.0",
	  SAID "550 5.6.0 Lone CR or LF in body" EOM },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 1, "5.7.1",
	  SAID "552 5.7.1 attachments of type .docm are not taken here" EOM },
	/* Size, rate, rights, names. */
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 2, "5.3.4",
	  "message size %k20 exceeds size limit 10485760 of server %H[%A]" },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 1, "5.3.4",
	  SAID "552 5.3.4 Message size exceeds fixed limit" MAIL },
	{ PLACE_ANY, ROUTE_SMTP, DEFERRED, 2, "4.7.0",
	  SAID
	  "421 4.7.0 Too many connections from your host, slow down" MAIL },
	{ PLACE_ANY, ROUTE_SMTP, DEFERRED, 1, "4.5.3",
	  SAID "452 4.5.3 Too many recipients" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 2, "5.7.1",
	  SAID "554 5.7.1 <%R>: Relay access denied" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 1, "5.7.0",
	  SAID "530 5.7.0 Authentication required" MAIL },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 2, "5.1.8",
	  SAID
	  "550 5.1.8 <%F>: Sender address rejected: Domain not found" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, DEFERRED, 1, "4.1.8",
	  SAID
	  "450 4.1.8 <%F>: Sender address rejected: Domain not found" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 1, "5.7.25",
	  SAID "550 5.7.25 The sending address 192.0.2.25 has no matching PTR "
	       "record" MAIL },
	{ PLACE_ANY, ROUTE_SMTP, DEFERRED, 1, "4.7.25",
	  SAID "450 4.7.25 Client host rejected: cannot find your hostname, "
	       "[192.0.2.25]" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 2, "5.7.23",
	  SAID
	  "550 5.7.23 <%R>: Recipient address rejected: Message rejected "
	  "due to: SPF fail - not authorized. Please see "
	  "http://www.openspf.net/Why?s=mfrom;id=%F;ip=192.0.2.25;r=%R" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 1, "5.7.1",
	  SAID "550 5.7.1 rejected by DMARC policy for %S" EOM },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 1, "5.4.6",
	  SAID "554 5.4.6 Too many hops" EOM },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 1, "5.5.2",
	  SAID "504 5.5.2 <mx1>: Helo command rejected: need fully-qualified "
	       "hostname" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, DEFERRED, 1, "4.3.0",
	  SAID "451 4.3.0 <%R>: Temporary lookup failure" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, DEFERRED, 1, "4.0.0",
	  SAID "451 Temporary local problem - please try later" RCPT },
	{ PLACE_ANY, ROUTE_SMTP, DEFERRED, 1, "4.7.1",
	  SAID "451 4.7.1 Service unavailable - try again later (milter "
	       "timed out)" EOM },
	{ PLACE_ANY, ROUTE_SMTP, BOUNCED, 1, "5.7.1",
	  SAID
	  "550 5.7.1 <%R>: Empfänger nimmt keine Mails von außen an" RCPT },

	/* Nobody answered, or this server would not go on. */
	{ PLACE_NETWORK, ROUTE_UNREACHED, DEFERRED, 8, "4.4.1",
	  "connect to %H[%A]:25: Connection timed out" },
	{ PLACE_NETWORK, ROUTE_UNREACHED, DEFERRED, 4, "4.4.1",
	  "connect to %H[%A]:25: Connection refused" },
	{ PLACE_NETWORK, ROUTE_UNREACHED, DEFERRED, 2, "4.4.1",
	  "connect to %H[%A]:25: No route to host" },
	{ PLACE_NETWORK, ROUTE_UNREACHED, DEFERRED, 1, "4.4.1",
	  "connect to %H[2001:db8:%n::25]:25: Network is unreachable" },
	{ PLACE_NETWORK, ROUTE_UNREACHED, BOUNCED, 6, "5.4.4",
	  "Host or domain name not found. Name service error for name=%D "
	  "type=MX: Host not found" },
	{ PLACE_NETWORK, ROUTE_UNREACHED, BOUNCED, 3, "5.4.4",
	  "Host or domain name not found. Name service error for name=%D "
	  "type=A: Host not found" },
	{ PLACE_NETWORK, ROUTE_UNREACHED, DEFERRED, 4, "4.4.3",
	  "Host or domain name not found. Name service error for name=%D "
	  "type=MX: Host not found, try again" },
	{ PLACE_NETWORK, ROUTE_UNREACHED, BOUNCED, 1, "5.1.0",
	  "Domain %D does not accept mail (nullMX)" },
	{ PLACE_NETWORK, ROUTE_UNREACHED, BOUNCED, 1, "5.4.6",
	  "mail for %D loops back to myself" },
	{ PLACE_NETWORK, ROUTE_SMTP, DEFERRED, 3, "4.4.2",
	  "lost connection with %H[%A] while receiving the initial server "
	  "greeting" },
	{ PLACE_NETWORK, ROUTE_SMTP, DEFERRED, 2, "4.4.2",
	  "lost connection with %H[%A] while sending RCPT TO" },
	{ PLACE_NETWORK, ROUTE_SMTP, DEFERRED, 2, "4.4.2",
	  "lost connection with %H[%A] while sending end of data -- message "
	  "may be sent more than once" },
	{ PLACE_NETWORK, ROUTE_SMTP, DEFERRED, 3, "4.4.2",
	  "conversation with %H[%A] timed out while receiving the initial "
	  "server greeting" },
	{ PLACE_NETWORK, ROUTE_SMTP, DEFERRED, 1, "4.4.2",
	  "conversation with %H[%A] timed out while sending message body" },
	{ PLACE_NETWORK, ROUTE_SMTP, DEFERRED, 2, "4.7.4",
	  "TLS is required, but was not offered by host %H[%A]" },
	{ PLACE_NETWORK, ROUTE_SMTP, DEFERRED, 2, "4.7.5",
	  "Cannot start TLS: handshake failure" },
	{ PLACE_NETWORK, ROUTE_SMTP, DEFERRED, 2, "4.7.5",
	  "Server certificate not trusted" },
	{ PLACE_NETWORK, ROUTE_SMTP, DEFERRED, 1, "4.7.5",
	  "Server certificate not verified" },
	{ PLACE_NETWORK, ROUTE_SMTP, DEFERRED, 1, "4.7.0",
	  SAID "454 4.7.0 TLS not available due to local problem "
	       "(in reply to STARTTLS command)" },
	{ PLACE_NETWORK, ROUTE_SMTP, DEFERRED, 1, "4.7.8",
	  "SASL authentication failed; server %H[%A] said: 535 5.7.8 Error: "
	  "authentication failed: UGFzc3dvcmQ6" },
	{ PLACE_NETWORK, ROUTE_SUSPENDED, DEFERRED, 5, "4.4.1",
	  "delivery temporarily suspended: connect to %H[%A]:25: Connection "
	  "timed out" },
	{ PLACE_NETWORK, ROUTE_SUSPENDED, DEFERRED, 2, "4.4.2",
	  "delivery temporarily suspended: conversation with %H[%A] timed out "
	  "while receiving the initial server greeting" },
	{ PLACE_NETWORK, ROUTE_SUSPENDED, DEFERRED, 2, "4.7.0",
	  "delivery temporarily suspended: host %H[%A] refused to talk to me: "
	  "421 4.7.0 %H Error: too many connections from 192.0.2.25" },
	{ PLACE_NETWORK, ROUTE_SUSPENDED, DEFERRED, 2, "4.4.3",
	  "delivery temporarily suspended: Host or domain name not found. "
	  "Name service error for name=%D type=MX: Host not found, try "
	  "again" },

	{ PLACE_GOOGLE, ROUTE_SMTP, BOUNCED, 8, "5.1.1",
	  SAID "550-5.1.1 The email account that you tried to reach does not "
	       "exist. Please try 550-5.1.1 double-checking the recipient's "
	       "email address for typos or 550-5.1.1 unnecessary spaces. For "
	       "more information, go to 550 5.1.1  "
	       "https://support.google.com/mail/?p=NoSuchUser %z-%xsi%k.%n - "
	       "gsmtp" RCPT },
	{ PLACE_GOOGLE, ROUTE_SMTP, BOUNCED, 2, "5.2.1",
	  SAID "550-5.2.1 The email account that you tried to reach is "
	       "inactive. For more 550-5.2.1 information, go to 550 5.2.1  "
	       "https://support.google.com/mail/?p=DisabledUser %z-%xsi%k.%n "
	       "- gsmtp" RCPT },
	{ PLACE_GOOGLE, ROUTE_SMTP, BOUNCED, 3, "5.2.2",
	  SAID "552-5.2.2 The recipient's inbox is out of storage space and "
	       "inactive. Please 552-5.2.2 direct the recipient to 552 5.2.2 "
	       " https://support.google.com/mail/?p=OverQuotaPerm "
	       "%z-%xsi%k.%n - gsmtp" RCPT },
	{ PLACE_GOOGLE, ROUTE_SMTP, DEFERRED, 2, "4.2.2",
	  SAID "452-4.2.2 The recipient's inbox is out of storage space. "
	       "Please direct the 452-4.2.2 recipient to 452 4.2.2  "
	       "https://support.google.com/mail/?p=OverQuotaTemp "
	       "%z-%xsi%k.%n - gsmtp" RCPT },
	{ PLACE_GOOGLE, ROUTE_SMTP, BOUNCED, 3, "5.7.1",
	  SAID "550-5.7.1 [192.0.2.25      %n] Gmail has detected that this "
	       "message is 550-5.7.1 likely unsolicited mail. To reduce the "
	       "amount of spam sent to Gmail, 550-5.7.1 this message has been "
	       "blocked. For more information, go to 550 5.7.1  "
	       "https://support.google.com/mail/?p=UnsolicitedMessageError "
	       "%z-%xsi%k.%n - gsmtp" EOM },
	{ PLACE_GOOGLE, ROUTE_SMTP, BOUNCED, 4, "5.7.26",
	  SAID "550-5.7.26 Your email has been blocked because the sender is "
	       "unauthenticated. 550-5.7.26 Gmail requires all senders to "
	       "authenticate with either SPF or DKIM. 550-5.7.26  550-5.7.26 "
	       " Authentication results: 550-5.7.26  DKIM = did not pass "
	       "550-5.7.26  SPF [%S] with ip: [192.0.2.25] = did not pass "
	       "550-5.7.26  550-5.7.26  For instructions on setting up "
	       "authentication, go to 550 5.7.26  "
	       "https://support.google.com/mail/answer/81126#authentication "
	       "%z-%xsi%k.%n - gsmtp" EOM },
	{ PLACE_GOOGLE, ROUTE_SMTP, DEFERRED, 3, "4.7.28",
	  SAID "421-4.7.28 Gmail has detected an unusual rate of unsolicited "
	       "mail originating 421-4.7.28 from your IP address. To protect "
	       "our users from spam, mail sent from 421-4.7.28 your IP "
	       "address has been temporarily rate limited. For more 421-4.7.28 "
	       "information, go to 421 4.7.28  "
	       "https://support.google.com/mail/?p=UnsolicitedRateLimitError "
	       "%z-%xsi%k.%n - gsmtp" EOM },
	{ PLACE_GOOGLE, ROUTE_SMTP, DEFERRED, 1, "4.2.1",
	  SAID "450-4.2.1 The user you are trying to contact is receiving "
	       "mail at a rate that 450-4.2.1 prevents additional messages "
	       "from being delivered. Please resend your 450-4.2.1 message at "
	       "a later time. For more information, go to 450 4.2.1  "
	       "https://support.google.com/mail/?p=ReceivingRate "
	       "%z-%xsi%k.%n - gsmtp" RCPT },
	{ PLACE_GOOGLE, ROUTE_SMTP, BOUNCED, 1, "5.7.25",
	  SAID "550-5.7.25 [192.0.2.25] The IP address sending this message "
	       "does not have a PTR 550-5.7.25 record setup, or the "
	       "corresponding forward DNS entry does not match 550-5.7.25 the "
	       "sending IP. For more information, go to 550 5.7.25  "
	       "https://support.google.com/mail/answer/81126#ip-practices "
	       "%z-%xsi%k.%n - gsmtp" EOM },
	{ PLACE_GOOGLE, ROUTE_SMTP, BOUNCED, 1, "5.7.0",
	  SAID "552-5.7.0 This message was blocked because its content "
	       "presents a potential 552-5.7.0 security issue. To review our "
	       "message content and attachment content 552-5.7.0 guidelines, "
	       "go to 552 5.7.0  "
	       "https://support.google.com/mail/?p=BlockedMessage "
	       "%z-%xsi%k.%n - gsmtp" EOM },
	{ PLACE_GOOGLE, ROUTE_SMTP, BOUNCED, 1, "5.3.4",
	  SAID "552-5.3.4 Your message exceeded Google's message size limits. "
	       "To view our 552-5.3.4 message size guidelines, go to 552 5.3.4 "
	       " https://support.google.com/mail/?p=MaxSizeError "
	       "%z-%xsi%k.%n - gsmtp" MAIL },
	{ PLACE_GOOGLE, ROUTE_SMTP, DEFERRED, 1, "4.3.0",
	  SAID "451-4.3.0 Mail server temporarily rejected message. For more "
	       "information, go to 451 4.3.0  "
	       "https://support.google.com/a/answer/3221692 %z-%xsi%k.%n - "
	       "gsmtp" EOM },

	{ PLACE_MICROSOFT, ROUTE_SMTP, BOUNCED, 6, "5.4.1",
	  SAID "550 5.4.1 Recipient address rejected: Access denied. For more "
	       "information see https://aka.ms/EXOSmtpErrors "
	       "[AM7EUR0%n.eop-EUR06.prod.protection.outlook.com "
	       "2026-01-05T10:11:12.131Z %x%x]" RCPT },
	{ PLACE_MICROSOFT, ROUTE_SMTP, BOUNCED, 2, "5.1.10",
	  SAID "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not "
	       "found by SMTP address lookup" RCPT },
	{ PLACE_MICROSOFT, ROUTE_SMTP, BOUNCED, 2, "5.7.606",
	  SAID "550 5.7.606 Access denied, banned sending IP [192.0.2.25]. To "
	       "request removal from this list please visit "
	       "https://sender.office.com/ and follow the directions. For more "
	       "information please go to "
	       "http://go.microsoft.com/fwlink/?LinkID=526655 AS(1430) "
	       "[DB8EUR0%n.prod.protection.outlook.com]" RCPT },
	{ PLACE_MICROSOFT, ROUTE_SMTP, DEFERRED, 3, "4.7.500",
	  SAID "451 4.7.500 Server busy. Please try again later from "
	       "[192.0.2.25]. (S77719) "
	       "[VI1EUR0%n.prod.protection.outlook.com]" MAIL },
	{ PLACE_MICROSOFT, ROUTE_SMTP, BOUNCED, 2, "5.7.509",
	  SAID "550 5.7.509 Access denied, sending domain %S does not pass "
	       "DMARC verification and has a DMARC policy of reject. "
	       "[%x.eurprd04.prod.outlook.com]" EOM },
	{ PLACE_MICROSOFT, ROUTE_SMTP, BOUNCED, 1, "5.7.133",
	  SAID "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; "
	       "authentication required; Delivery restriction check failed "
	       "because the sender was not authenticated when sending to this "
	       "group" EOM },
	{ PLACE_MICROSOFT, ROUTE_SMTP, BOUNCED, 1, "5.7.1",
	  SAID "550 5.7.1 Service unavailable, MailFrom domain is listed in "
	       "Spamhaus. To request removal from this list see "
	       "https://www.spamhaus.org/query/lookup/ (S8002)" RCPT },
	{ PLACE_MICROSOFT, ROUTE_SMTP, DEFERRED, 1, "4.4.62",
	  SAID "451 4.4.62 Mail sent to the wrong Office 365 region. "
	       "ATTR35" RCPT },
	{ PLACE_MICROSOFT, ROUTE_SMTP, BOUNCED, 1, "5.7.64",
	  SAID "550 5.7.64 TenantAttribution; Relay Access Denied "
	       "[HE1EUR0%n.prod.protection.outlook.com]" RCPT },
	{ PLACE_MICROSOFT, ROUTE_SMTP, BOUNCED, 1, "5.2.2",
	  SAID "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:"
	       "QuotaExceededException.MapiExceptionShutoffQuotaExceeded" EOM },

	{ PLACE_OUTLOOK, ROUTE_SMTP, BOUNCED, 5, "5.5.0",
	  SAID "550 5.5.0 Requested action not taken: mailbox unavailable "
	       "(S2017062302). [DB5EUR0%n.prod.protection.outlook.com]" RCPT },
	{ PLACE_OUTLOOK, ROUTE_SMTP, BOUNCED, 3, "5.7.1",
	  SAID "550 5.7.1 Unfortunately, messages from [192.0.2.25] weren't "
	       "sent. Please contact your Internet service provider since part "
	       "of their network is on our block list (S3140). You can also "
	       "refer your provider to "
	       "http://mail.live.com/mail/troubleshooting.aspx#errors. "
	       "[AM4PEPF%k.EURPRD83.prod.outlook.com]" MAIL },
	{ PLACE_OUTLOOK, ROUTE_SMTP, DEFERRED, 3, "4.7.650",
	  SAID "451 4.7.650 The mail server [192.0.2.25] has been temporarily "
	       "rate limited due to IP reputation. For e-mail delivery "
	       "information, see https://aka.ms/postmaster (S775) "
	       "[VI1EUR0%n.prod.protection.outlook.com]" MAIL },
	{ PLACE_OUTLOOK, ROUTE_SMTP, DEFERRED, 1, "4.2.2",
	  SAID "452 4.2.2 The email account that you tried to reach is over "
	       "quota" RCPT },
	{ PLACE_OUTLOOK, ROUTE_SMTP, BOUNCED, 2, "5.7.515",
	  SAID "550 5.7.515 Access denied, sending domain %S doesn't meet the "
	       "required authentication level. The sender's domain in the "
	       "5322.From address doesn't meet the authentication "
	       "requirements. Spf= Fail , Dkim= Fail , DMARC= Fail" EOM },

	{ PLACE_YAHOO, ROUTE_SMTP, DEFERRED, 6, "4.7.0",
	  SAID "421 4.7.0 [TSS04] Messages from 192.0.2.25 temporarily "
	       "deferred due to unexpected volume or user complaints - "
	       "4.16.55.1; see "
	       "https://postmaster.yahooinc.com/error-codes" MAIL },
	{ PLACE_YAHOO, ROUTE_SMTP, BOUNCED, 5, "5.0.0",
	  SAID "554 delivery error: dd This user doesn't have a yahoo.com "
	       "account (%R) [0] - mtaproxy%n.mail.ne1.yahoo.com" EOM },
	{ PLACE_YAHOO, ROUTE_SMTP, BOUNCED, 3, "5.0.0",
	  SAID "552 1 Requested mail action aborted, mailbox not found" EOM },
	{ PLACE_YAHOO, ROUTE_SMTP, BOUNCED, 2, "5.7.9",
	  SAID "554 5.7.9 Message not accepted for policy reasons. See "
	       "https://postmaster.yahooinc.com/error-codes" EOM },
	{ PLACE_YAHOO, ROUTE_SMTP, DEFERRED, 2, "4.7.1",
	  "host %H[%A] refused to talk to me: 553 5.7.1 [BL21] Connections "
	  "will not be accepted from 192.0.2.25, because the ip is in "
	  "Spamhaus's list; see https://postmaster.yahooinc.com/error-codes" },
	{ PLACE_YAHOO, ROUTE_SMTP, BOUNCED, 1, "5.2.2",
	  SAID "552 5.2.2 <%R>: mailbox is over quota" EOM },

	{ PLACE_GMX, ROUTE_SMTP, BOUNCED, 5, "5.0.0",
	  SAID "550 Requested action not taken: mailbox unavailable For "
	       "explanation visit "
	       "https://postmaster.gmx.net/en/error-messages?ip=192.0.2.25"
	       "&c=imap" RCPT },
	{ PLACE_GMX, ROUTE_SMTP, DEFERRED, 3, "4.0.0",
	  "host %H[%A] refused to talk to me: 554-gmx.net (mxgmx0%n) Nemesis "
	  "ESMTP Service not available 554-No SMTP service 554-IP address is "
	  "block listed. 554 For explanation visit "
	  "https://postmaster.gmx.net/en/error-messages?ip=192.0.2.25&c=bip" },
	{ PLACE_GMX, ROUTE_SMTP, BOUNCED, 2, "5.0.0",
	  SAID "552-Requested mail action aborted: exceeded storage "
	       "allocation 552-Quota exceeded. The recipient's mailbox is "
	       "full. 552 For explanation visit "
	       "https://postmaster.web.de/en/error-messages?c=quota" EOM },
	{ PLACE_GMX, ROUTE_SMTP, BOUNCED, 2, "5.0.0",
	  SAID "554-Transaction failed 554-Reject due to policy restrictions. "
	       "554 For explanation visit "
	       "https://postmaster.gmx.net/en/case?c=hi&i=ip&v=192.0.2.25"
	       "&r=%z" EOM },
	{ PLACE_GMX, ROUTE_SMTP, DEFERRED, 2, "4.0.0",
	  SAID "450-Requested mail action not taken: mailbox unavailable "
	       "450-Sender throttled. 450 For explanation visit "
	       "https://postmaster.web.de/en/error-messages?c=thr" MAIL },

	{ PLACE_TELEKOM, ROUTE_SMTP, DEFERRED, 4, "4.0.0",
	  "host %H[%A] refused to talk to me: 554 IP=192.0.2.25 - A problem "
	  "occurred. Ask your postmaster for help or to contact "
	  "tosa@rx.t-online.de to clarify. (BL)" },
	{ PLACE_TELEKOM, ROUTE_SMTP, BOUNCED, 4, "5.1.1",
	  SAID "550 5.1.1 User unknown (%k)" RCPT },
	{ PLACE_TELEKOM, ROUTE_SMTP, BOUNCED, 1, "5.2.2",
	  SAID "552 5.2.2 Quota exceeded. (%k)" RCPT },
	{ PLACE_TELEKOM, ROUTE_SMTP, BOUNCED, 1, "5.7.0",
	  SAID "550-5.7.0 Message considered as spam or virus, rejected "
	       "550 5.7.0 Nachricht als Spam oder Virus erkannt" EOM },

	{ PLACE_APPLE, ROUTE_SMTP, BOUNCED, 4, "5.1.1",
	  SAID "550 5.1.1 <%R>: user does not exist" RCPT },
	{ PLACE_APPLE, ROUTE_SMTP, BOUNCED, 2, "5.2.2",
	  SAID "552 5.2.2 <%R>: user is over quota (in reply to RCPT TO "
	       "command)" },
	{ PLACE_APPLE, ROUTE_SMTP, BOUNCED, 2, "5.7.1",
	  SAID "554 5.7.1 [CS01] Message rejected due to local policy. Please "
	       "visit https://support.apple.com/en-us/HT204137" EOM },
	{ PLACE_APPLE, ROUTE_SMTP, DEFERRED, 2, "4.7.0",
	  SAID "450 4.7.0 Blocked - see "
	       "https://support.proofpoint.com/"
	       "dnsbl-lookup.cgi?ip=192.0.2.25" MAIL },

	{ PLACE_ORANGE, ROUTE_SMTP, DEFERRED, 3, "4.0.0",
	  "host %H[%A] refused to talk to me: 421 opmta1mti0%nnd1 %z Service "
	  "refuse. Veuillez essayer plus tard. Service refused, please try "
	  "later. OFR_506 [506]" },
	{ PLACE_ORANGE, ROUTE_SMTP, BOUNCED, 3, "5.1.1",
	  SAID "550 5.1.1 Adresse d au moins un destinataire invalide. Invalid "
	       "recipient. OFR_416 [416]" RCPT },
	{ PLACE_ORANGE, ROUTE_SMTP, BOUNCED, 1, "5.2.0",
	  SAID "550 5.2.0 Mail rejete. Mail rejected. OFR_506 [506]" EOM },
	{ PLACE_ORANGE, ROUTE_SMTP, DEFERRED, 1, "4.4.2",
	  SAID "451 4.4.2 Boite du destinataire pleine. Recipient overquota. "
	       "OFR_417 [417]" RCPT },

	{ PLACE_GATEWAY, ROUTE_SMTP, BOUNCED, 4, "5.0.0",
	  SAID "550 Rejected by header based Anti-Spoofing policy: %F - "
	       "https://community.mimecast.com/docs/DOC-1369#550 [%z]" EOM },
	{ PLACE_GATEWAY, ROUTE_SMTP, BOUNCED, 4, "5.0.0",
	  SAID "550 Invalid Recipient - "
	       "https://community.mimecast.com/docs/DOC-1369#550 [%z]" RCPT },
	{ PLACE_GATEWAY, ROUTE_SMTP, DEFERRED, 3, "4.0.0",
	  SAID "451 Internal resource temporarily unavailable - "
	       "https://community.mimecast.com/docs/DOC-1369#451 [%z]" RCPT },
	{ PLACE_GATEWAY, ROUTE_SMTP, DEFERRED, 2, "4.0.0",
	  "host %H[%A] refused to talk to me: 554 Blocked - see "
	  "https://ipcheck.proofpoint.com/?ip=192.0.2.25" },
	{ PLACE_GATEWAY, ROUTE_SMTP, BOUNCED, 2, "5.7.1",
	  SAID "550 5.7.1 Message rejected due to content restrictions "
	       "(%x-%n)" EOM },

	/* Mailboxes of this server. */
	{ PLACE_LMTP, ROUTE_LMTP, BOUNCED, 3, "5.1.1",
	  "host mx1.mail.example[private/dovecot-lmtp] said: 550 5.1.1 <%R> "
	  "User doesn't exist: %R" RCPT },
	{ PLACE_LMTP, ROUTE_LMTP, DEFERRED, 3, "4.2.2",
	  "host mx1.mail.example[private/dovecot-lmtp] said: 452 4.2.2 <%R> "
	  "Quota exceeded (mailbox for user is full)" EOM },
	{ PLACE_LMTP, ROUTE_LMTP_DOWN, DEFERRED, 1, "4.4.1",
	  "connect to mx1.mail.example[private/dovecot-lmtp]: Connection "
	  "refused" },
	{ PLACE_LMTP, ROUTE_LMTP, DEFERRED, 1, "4.3.0",
	  "host mx1.mail.example[private/dovecot-lmtp] said: 451 4.3.0 <%R> "
	  "Temporary internal error" EOM },
	{ PLACE_LOCAL, ROUTE_LOCAL, BOUNCED, 4, "5.1.1",
	  "unknown user: \"%U\"" },
	{ PLACE_LOCAL, ROUTE_LOCAL, DEFERRED, 1, "4.2.0",
	  "cannot update mailbox /var/mail/%l for user %l. unable to lock for "
	  "exclusive access: Resource temporarily unavailable" },
	{ PLACE_LOCAL, ROUTE_LOCAL, BOUNCED, 1, "5.2.2",
	  "cannot update mailbox /var/mail/%l for user %l. error writing "
	  "message: File too large" },
	{ PLACE_LOCAL, ROUTE_LOCAL, BOUNCED, 1, "5.3.0",
	  "Command died with status 1: \"/usr/local/bin/ticket --queue "
	  "%l\". Command output: ticket: no such queue" },
	{ PLACE_LOCAL, ROUTE_LOCAL, BOUNCED, 1, "5.4.6",
	  "mail forwarding loop for %R" },
	{ PLACE_VIRTUAL, ROUTE_VIRTUAL, BOUNCED, 3, "5.1.1",
	  "unknown user: \"%R\"" },
	{ PLACE_VIRTUAL, ROUTE_VIRTUAL, DEFERRED, 1, "4.2.0",
	  "maildir delivery failed: create maildir file "
	  "/srv/mail/%D/%l/tmp/1767%k.P%k.mx1: Permission denied" },
	{ PLACE_VIRTUAL, ROUTE_VIRTUAL, BOUNCED, 1, "5.2.2",
	  "maildir delivery failed: error writing message: Disk quota "
	  "exceeded" },
	{ PLACE_PIPE, ROUTE_PIPE, BOUNCED, 3, "5.1.1", "user unknown" },
	{ PLACE_PIPE, ROUTE_PIPE, DEFERRED, 1, "4.3.0",
	  "temporary failure. Command output: lda(%l): Error: net_connect_"
	  "unix(/run/dovecot/auth-userdb) failed: Connection refused" },
	{ PLACE_PIPE, ROUTE_PIPE, DEFERRED, 1, "4.3.0", "temporary failure" },
};

/* The biggest receivers, biggest first: the head of the distribution. */
static const struct provider {
	const char *domain;
	const char *host;
	enum place place;
} providers[] = {
	{ "gmail.com", "gmail-smtp-in.l.google.com", PLACE_GOOGLE },
	{ "gmx.de", "mx00.emig.gmx.net", PLACE_GMX },
	{ "web.de", "mx-ha03.web.de", PLACE_GMX },
	{ "t-online.de", "mx01.t-online.de", PLACE_TELEKOM },
	{ "hotmail.com", "hotmail-com.olc.protection.outlook.com",
	  PLACE_OUTLOOK },
	{ "outlook.com", "outlook-com.olc.protection.outlook.com",
	  PLACE_OUTLOOK },
	{ "yahoo.com", "mta7.am0.yahoodns.net", PLACE_YAHOO },
	{ "icloud.com", "mx01.mail.icloud.com", PLACE_APPLE },
	{ "googlemail.com", "gmail-smtp-in.l.google.com", PLACE_GOOGLE },
	{ "gmx.net", "mx01.emig.gmx.net", PLACE_GMX },
	{ "yahoo.de", "mx-eu.mail.am0.yahoodns.net", PLACE_YAHOO },
	{ "freenet.de", "emig.freenet.de", PLACE_ANY },
	{ "aol.com", "mx-aol.mail.gm0.yahoodns.net", PLACE_YAHOO },
	{ "orange.fr", "smtp-in.orange.fr", PLACE_ORANGE },
	{ "live.de", "live-de.olc.protection.outlook.com", PLACE_OUTLOOK },
	{ "hotmail.de", "hotmail-de.olc.protection.outlook.com",
	  PLACE_OUTLOOK },
	{ "me.com", "mx02.mail.icloud.com", PLACE_APPLE },
	{ "wanadoo.fr", "smtp-in.orange.fr", PLACE_ORANGE },
	{ "posteo.de", "mx01.posteo.de", PLACE_ANY },
	{ "mailbox.org", "mx1.mailbox.org", PLACE_ANY },
	{ "free.fr", "mx1.free.fr", PLACE_ANY },
	{ "libero.it", "smtp-in.libero.it", PLACE_ANY },
	{ "arcor.de", "mx.vodafonemail.xion.oxcs.net", PLACE_ANY },
	{ "bluewin.ch", "mx-v02.bluewin.ch", PLACE_ANY },
	{ "wp.pl", "mx.wp.pl", PLACE_ANY },
	{ "comcast.net", "mx1h1.comcast.net", PLACE_ANY },
	{ "qq.com", "mx3.qq.com", PLACE_ANY },
	{ "proton.me", "mail.protonmail.ch", PLACE_ANY },
};

#endif
