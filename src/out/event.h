/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events as JSON Lines: one flat object a delivery, its fields in a fixed
 * order. What an entry of the catalogue adds is rendered once and then copied.
 */
#ifndef MAILWHY_OUT_EVENT_H
#define MAILWHY_OUT_EVENT_H

#include "base/buf.h"
#include "parse/delivery.h"
#include "parse/reply.h"
#include "why/explain.h"

/* A delivery with all that was found out about it. */
struct event {
	const struct delivery *delivery;
	const struct reply *reply;
	const struct verdict *verdict; /* NULL for a delivery that succeeded */
	struct slice domain;
};

struct event_writer;

/* The catalogue must outlive the writer. Never NULL. */
struct event_writer *event_writer_new(const struct catalogue *catalogue);
void event_writer_free(struct event_writer *writer); /* NULL is allowed */

/* Adds the event and a newline. */
void event_write(struct event_writer *writer, const struct event *event,
		 struct buf *buf);

/*
 * Adds what is known of a failure that stands in no log, as an object without a
 * newline: the file it is from (may be empty), the recipient if there is one,
 * the answer and its explanation.
 */
void event_write_answer(struct event_writer *writer, const struct event *event,
			struct slice file, struct buf *buf);

/*
 * Whether the failure is final for the recipient's side: the mail was bounced,
 * or the answer was a 5xx. A probe, or a reject without a basic code, goes by
 * the class of its enhanced code.
 */
bool event_is_permanent(const struct delivery *delivery,
			const struct reply *reply);

/* `,"title":...,"explanation":...,"advice":...` as events and tallies have. */
void event_write_texts(struct buf *buf, const struct text *text);

/* `,"smtp_code":554`, or null for 0. */
void event_write_code(struct buf *buf, uint16_t code);

/* `,"enhanced_code":"5.7.1"`, or null for none. */
void event_write_enhanced(struct buf *buf, struct enhanced enhanced);

/* `,"client_host":...,"sender":...`: what is known of the message. */
void event_write_message(struct buf *buf, const struct delivery *delivery);

#endif
