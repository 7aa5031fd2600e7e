/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A reply that a help desk can send to its customer as it is: what happened to
 * the mail, to which recipient, what the customer does next, when to come
 * back. Plain text, lines of at most 72 columns, the subject first.
 */
#ifndef MAILWHY_OUT_LETTER_H
#define MAILWHY_OUT_LETTER_H

#include "out/event.h"
#include "out/layout.h"

/* Adds one letter about all of the events. */
void letter_write(const struct catalogue *catalogue, const struct event *events,
		  size_t count, struct buf *buf);

#endif
