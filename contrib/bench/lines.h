/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines of the synthetic log that are no outcome of a delivery: what is
 * logged on the way of a message, and what belongs to no message. The
 * templates' %-letters are explained at expand() in generate.c, the only user.
 */
#ifndef MAILWHY_BENCH_LINES_H
#define MAILWHY_BENCH_LINES_H

/* What a line counts as. */
enum kind { KIND_OTHER, KIND_SENT, KIND_FAILED, KIND_REJECT, KIND_COUNT };

enum when {
	REMOTE = 1,    /* came by SMTP */
	LOCAL = 2,     /* came from a program of this machine */
	OUTBOUND = 4,  /* the recipient in hand is elsewhere */
	DELIVERY = 8,  /* the one line with an outcome */
	BOUNCE = 16,   /* some recipient's mail came back */
	FINISHED = 32, /* nothing is deferred */
};

enum { RECIPIENT_STEP = 7 };

/* The life of a message, line by line. */
static const struct step {
	const char *program;
	const char *template;
	unsigned percent;
	unsigned when;
} steps[] = {
	{ "%P", "connect from %C", 100, REMOTE },
	{ "%P", "Anonymous TLS connection established from %C: %c", 60,
	  REMOTE },
	{ "%P", "%Q: client=%C%X", 100, REMOTE },
	{ "postfix/pickup", "%Q: uid=33 from=<%F>", 100, LOCAL },
	{ "postfix/cleanup", "%Q: message-id=<%M>", 100, 0 },
	{ "postfix/qmgr", "%Q: from=<%F>, size=%k, nrcpt=%N (queue active)",
	  100, 0 },
	{ "%P",
	  "disconnect from %C ehlo=2 starttls=1 mail=1 rcpt=%N data=1 quit=1 "
	  "commands=7",
	  100, REMOTE },
	/* From here on for each recipient: RECIPIENT_STEP. */
	{ "postfix/smtp", "Trusted TLS connection established to %H[%A]:25: %c",
	  40, OUTBOUND },
	{ "postfix/smtp",
	  "Untrusted TLS connection established to %H[%A]:25: %c", 15,
	  OUTBOUND },
	{ "postfix/smtp",
	  "connect to %H[2001:db8::25]:25: Network is "
	  "unreachable",
	  2, OUTBOUND },
	{ "postfix/smtp",
	  "%Q: host %H[%A] said: 451 4.7.1 <%R>: Recipient address rejected: "
	  "Try again later (in reply to RCPT TO command)",
	  2, OUTBOUND },
	{ "postfix/smtp",
	  "%Q: host %H[%A] refused to talk to me: 421 4.3.2 Service shutting "
	  "down",
	  1, OUTBOUND },
	{ "postfix/smtp",
	  "%Q: lost connection with %H[%A] while receiving the initial "
	  "server greeting",
	  1, OUTBOUND },
	{ NULL, NULL, 100, DELIVERY },
	{ "postfix/bounce", "%Q: sender non-delivery notification: %q", 100,
	  BOUNCE },
	{ "postfix/qmgr", "%Q: removed", 100, FINISHED },
};

#define SMTPD       "postfix/smtpd"
#define SCREEN      "postfix/postscreen"
#define REFUSED     "NOQUEUE: reject: RCPT from %C: "
#define BY          "; from=<%F> to=<%R> proto=ESMTP helo=<%E>"
#define SCREENED    "NOQUEUE: reject: RCPT from [%I]:%p: "
#define SCREENED_BY "; from=<%F>, to=<%R>, proto=ESMTP, helo=<%E>"

/* Lines that belong to no message; a few are there twice to come more often. */
static const struct chatter {
	const char *program;
	const char *template;
	enum kind kind;
} chatters[] = {
	{ SCREEN, "CONNECT from [%I]:%p to [192.0.2.25]:25", KIND_OTHER },
	{ SCREEN, "CONNECT from [%I]:%p to [192.0.2.25]:25", KIND_OTHER },
	{ SCREEN, "PASS OLD [%I]:%p", KIND_OTHER },
	{ SCREEN, "PASS OLD [%I]:%p", KIND_OTHER },
	{ SCREEN, "PASS NEW [%I]:%p", KIND_OTHER },
	{ SCREEN, "DNSBL rank %n for [%I]:%p", KIND_OTHER },
	{ SCREEN,
	  "HANGUP after 0.%n from [%I]:%p in tests before SMTP "
	  "handshake",
	  KIND_OTHER },
	{ SCREEN, "PREGREET 14 after 0.0%n from [%I]:%p: EHLO ylmf-pc\\r\\n",
	  KIND_OTHER },
	{ SCREEN, "DISCONNECT [%I]:%p", KIND_OTHER },
	{ "postfix/dnsblog",
	  "addr %I listed by domain zen.spamhaus.org as "
	  "127.0.0.4",
	  KIND_OTHER },
	{ "postfix/anvil",
	  "statistics: max connection rate %n/60s for (smtp:%I) at Jan  5 "
	  "10:11:12",
	  KIND_OTHER },
	{ "postfix/anvil", "statistics: max cache size %n at Jan  5 10:11:12",
	  KIND_OTHER },
	{ "postfix/scache",
	  "statistics: domain lookup hits=%n miss=%n "
	  "success=%n%%",
	  KIND_OTHER },
	{ SMTPD,
	  "warning: hostname host%n.provider.example does not resolve "
	  "to address %I: Name or service not known",
	  KIND_OTHER },
	{ SMTPD,
	  "warning: unknown[%I]: SASL LOGIN authentication failed: "
	  "UGFzc3dvcmQ6",
	  KIND_OTHER },
	{ SMTPD, "lost connection after AUTH from unknown[%I]", KIND_OTHER },
	{ SMTPD, "timeout after END-OF-MESSAGE from %C", KIND_OTHER },
	{ SMTPD, "SSL_accept error from unknown[%I]: lost connection",
	  KIND_OTHER },
	{ SMTPD,
	  "NOQUEUE: reject_warning: RCPT from %C: 450 4.7.1 <%E>: Helo "
	  "command rejected: Host not found" BY,
	  KIND_OTHER },
	{ "postfix/smtp",
	  "warning: host %H[%A]:25 greeted me with my own "
	  "hostname mx1.mail.example",
	  KIND_OTHER },
	{ "postfix/tlsproxy", "CONNECT from [%I]:%p", KIND_OTHER },
	{ SMTPD,
	  REFUSED "550 5.1.1 <%R>: Recipient address rejected: User "
		  "unknown in virtual mailbox table" BY,
	  KIND_REJECT },
	{ SMTPD,
	  REFUSED "554 5.7.1 <%l@%S>: Relay access denied; "
		  "from=<%F> to=<%l@%S> proto=ESMTP helo=<%E>",
	  KIND_REJECT },
	{ SMTPD,
	  REFUSED "554 5.7.1 Service unavailable; Client host [%I] "
		  "blocked using zen.spamhaus.org; "
		  "https://www.spamhaus.org/query/ip/%I" BY,
	  KIND_REJECT },
	{ SMTPD,
	  REFUSED "450 4.2.0 <%R>: Recipient address rejected: "
		  "Greylisted" BY,
	  KIND_REJECT },
	{ SMTPD,
	  REFUSED "450 4.7.25 Client host rejected: cannot find your "
		  "hostname, [%I]" BY,
	  KIND_REJECT },
	{ SMTPD,
	  REFUSED "504 5.5.2 <localhost>: Helo command rejected: need "
		  "fully-qualified hostname" BY,
	  KIND_REJECT },
	{ SMTPD,
	  REFUSED "550 5.1.8 <%F>: Sender address rejected: Domain not "
		  "found" BY,
	  KIND_REJECT },
	{ SCREEN,
	  SCREENED "550 5.7.1 Service unavailable; client [%I] "
		   "blocked using zen.spamhaus.org" SCREENED_BY,
	  KIND_REJECT },
	{ SCREEN,
	  SCREENED "450 4.3.2 Service currently unavailable" SCREENED_BY,
	  KIND_REJECT },
};

#endif
