/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exim cuts what it gives to syslog after some 870 bytes, in the middle of
 * words: "[1/2] TEXT" and "[2/2] TEXT", which follow each other in one process.
 * Entries of its reject log have lines of their own, "[1\10] TEXT". Here the
 * parts become messages again: a bounded number at a time, each of bounded
 * length.
 */
#ifndef MAILWHY_PARSE_EXIM_PARTS_H
#define MAILWHY_PARSE_EXIM_PARTS_H

#include "parse/header.h"

struct exim_parts;

struct exim_parts *exim_parts_new(void);
void exim_parts_free(struct exim_parts *parts); /* NULL is allowed */

/*
 * Takes the message behind `header`. True: it is whole, and the header's
 * message is the whole one, borrowed from the line or from `parts` until the
 * next call. False: it is a part and is kept, or one without a beginning.
 */
bool exim_parts_add(struct exim_parts *parts, struct header *header);

/*
 * The next message whose other parts cannot come any more (its process went on
 * to something else, a minute has passed, too many wait), or with `all`, of
 * those that wait; as far as it came. False if there is none.
 */
bool exim_parts_left(struct exim_parts *parts, bool all, struct header *header);

#endif
