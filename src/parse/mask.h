/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What differs from one reply to the next of the same kind is masked, so that
 * equal replies can be counted and shown without naming anybody:
 *
 *     anna@a.example                     <address>
 *     192.0.2.1, 2001:db8::1             <ip>
 *     mx1.mail.a.example, [mx.example]   <host>, [<host>]
 *     4711000, 4XyZ1k2m3n4z              <id>
 *
 * A URL keeps its scheme and host; behind them the same is masked. The codes
 * at the start stay, and so do words, short numbers and "RFC 5321".
 */
#ifndef MAILWHY_PARSE_MASK_H
#define MAILWHY_PARSE_MASK_H

#include "base/buf.h"
#include "base/slice.h"

/* Adds `reply`, masked, to `masked`; white space becomes single blanks. */
void mask_reply(struct slice reply, struct buf *masked);

#endif
