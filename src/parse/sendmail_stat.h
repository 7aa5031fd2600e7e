/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Sendmail says of an attempt, in the fields at the end of the line:
 *
 *     dsn=5.7.1, reply=550 5.7.1 not from there, stat=User unknown
 *     dsn=4.2.0, reply=450 4.2.0 later, stat=Deferred: 450 4.2.0 later
 *     dsn=4.2.0, stat=Deferred: 450 4.2.0 later      (before 8.16)
 *     dsn=4.4.1, stat=Deferred: Connection refused by mx.a.example.
 *
 * reply= is what the server said; stat= is a class of errors ("User unknown" is
 * any 550 or 553 at RCPT), and dsn= is the server's code only where it is not
 * guessed from the basic code: neither explains a failure if there is an
 * answer. Both fields hold free text, so a server can write a "stat=" of its
 * own into them.
 */
#ifndef MAILWHY_PARSE_SENDMAIL_STAT_H
#define MAILWHY_PARSE_SENDMAIL_STAT_H

#include "parse/delivery.h"

enum sendmail_relay {
	SENDMAIL_NO_RELAY,  /* no relay=: delivered by a program, or not */
	SENDMAIL_NAMED,     /* a name, but nothing was connected */
	SENDMAIL_CONNECTED, /* a server could answer */
};

struct sendmail_stat {
	struct enhanced dsn;
	struct slice text;   /* from reply= on, if there is such a field */
	struct slice status; /* else from stat= on */
	bool cut;            /* the line goes on in another one */
	enum sendmail_relay relay;
};

/*
 * Sets status, text, form, stage and dsn of *delivery. False if it is no
 * attempt that Sendmail writes so.
 */
bool sendmail_stat_read(const struct sendmail_stat *stat,
			struct delivery *delivery);

#endif
