/* SPDX-License-Identifier: Apache-2.0 */
/* The mail servers whose logs are read, and which of them wrote a line. */
#ifndef MAILWHY_PARSE_MTA_H
#define MAILWHY_PARSE_MTA_H

#include "parse/header.h"

enum mta {
	MTA_NONE,
	MTA_POSTFIX,
	MTA_EXIM,
	MTA_SENDMAIL,
	MTA_OPENSMTPD,
	MTA_QMAIL,
	MTA_DOVECOT,
	MTA_EXCHANGE,
	MTA_HARAKA,
	MTA_STALWART,
	MTA_COUNT
};

/* Its name in options, events and names of files: "postfix". Empty for
 * MTA_NONE. */
struct slice mta_word(enum mta mta);

/* MTA_NONE if there is none of that name. */
enum mta mta_from_word(struct slice word);

/*
 * Which server wrote the line, told by the form of its header or by its tag.
 * Postfix writes "SYSLOGNAME/SERVICE" with any name ("postfix/smtp",
 * "mail-out/smtp"); some senders of logs cut it at the slash, so "postfix"
 * alone will do. Exim's tag begins with "exim". MTA_NONE: something else did.
 * It is never MTA_DOVECOT: what Dovecot delivers, the mail server that handed
 * it over logs too.
 */
enum mta mta_of(const struct header *header);

#endif
