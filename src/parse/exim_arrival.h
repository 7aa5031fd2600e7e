/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Exim tells of a message that came in, behind "ID <= ":
 *
 *     a@b.example H=mx (helo) [192.0.2.1]:25 P=esmtpsa X=TLS1.3:...:256
 *     A=plain:anna S=423 id=x@y.example T="subject" from <a@b.example> for c@d
 *     <> R=1xW4BA-00002f-0g U=Debian-exim P=local S=2503
 *
 * Message-id and subject are the sender's words: none of the fields before them
 * is taken from there. RFC 1413's ident (U=) is the client's: of a name that
 * comes twice the later one counts, which Exim wrote.
 */
#ifndef MAILWHY_PARSE_EXIM_ARRIVAL_H
#define MAILWHY_PARSE_EXIM_ARRIVAL_H

#include "base/buf.h"
#include "parse/delivery.h"

/* Fills what the line tells of the message. `buf` has room for a number. */
void exim_arrival_read(struct slice rest, struct buf *buf,
		       struct delivery *delivery);

#endif
