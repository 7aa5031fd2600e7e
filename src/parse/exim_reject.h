/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Exim refused, as its main log tells it:
 *
 *     [ID ]H=NAME (HELO) [IP] F=<A> [temporarily ]rejected RCPT <B>: TEXT
 *     rejected EHLO from NAME [IP]: syntactically invalid argument(s): a_b
 *     rejected MAIL FROM:<A> H=NAME [IP]: message too big: size=2 max=1
 *     plain authenticator failed for NAME (HELO) [IP]: 535 TEXT (set_id=USER)
 *
 * The client chooses HELO, A, B, USER. What stands before "rejected" is read
 * from the left, each in its place, and is no reject if something else is
 * there; a message that a server refused stands in lines that begin alike.
 */
#ifndef MAILWHY_PARSE_EXIM_REJECT_H
#define MAILWHY_PARSE_EXIM_REJECT_H

#include "base/buf.h"
#include "parse/delivery.h"

/*
 * Fills what is known of the reject that `message` (without a queue id) tells:
 * client, sender, recipient, HELO, stage, text and whether it is for good.
 * False, and *delivery untouched, if it is none. `buf` has room for the text.
 */
bool exim_reject_read(struct slice message, struct buf *buf,
		      struct delivery *delivery);

/* Whether a message that is none by this may be one all the same: "H=NAME (HELO
 * with blanks) ... rejected ...", which only the client could say. */
bool exim_reject_suspects(struct slice message);

#endif
