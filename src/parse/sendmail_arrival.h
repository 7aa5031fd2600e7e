/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Sendmail tells of a message that came in, behind "QID: from=":
 *
 *     <a@b.example>, size=192, class=0, nrcpts=1, msgid=<x@b.example>,
 *     proto=ESMTP, daemon=MTA, relay=mx.b.example [192.0.2.1]
 *
 * and of a client that logged in, behind "AUTH=server, ", which names no queue
 * id: the two have process and client in common.
 */
#ifndef MAILWHY_PARSE_SENDMAIL_ARRIVAL_H
#define MAILWHY_PARSE_SENDMAIL_ARRIVAL_H

#include "base/buf.h"
#include "parse/delivery.h"

/* Fills what the line tells of the message; `buf` has room for the sender.
 * False if the line was cut within the sender. */
bool sendmail_arrival_read(struct slice rest, struct buf *buf,
			   struct delivery *delivery);

/* "relay=mx.b.example [192.0.2.1], authid=anna, mech=PLAIN, bits=0": fills
 * client and SASL user. False if it tells of none. */
bool sendmail_login_read(struct slice rest, struct delivery *delivery);

#endif
