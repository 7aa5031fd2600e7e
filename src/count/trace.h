/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Follows messages through the log: joins an attempt with what other lines told
 * of its message, across services and queue ids, and tells the fate of each
 * recipient when it is decided.
 *
 * A queue id is believed from lines of the mail system alone, and within one
 * host. That a mail goes on under another queue id is believed from the own
 * programs and from filters inside (parse/nearness.h); else whoever was sent a
 * mail could hang its client on another one.
 */
#ifndef MAILWHY_COUNT_TRACE_H
#define MAILWHY_COUNT_TRACE_H

#include "count/fates.h"
#include "parse/delivery.h"

struct trace;

/* What it may take of memory, and how long it waits for news. */
enum { TRACE_BYTES = 256 * 1024 * 1024, TRACE_DAYS = 5 };

enum fate_kind { FATE_NONE, FATE_DELIVERED, FATE_BOUNCED, FATE_EXPIRED };

/* What failed, of an attempt. */
struct failure {
	struct slice entry; /* id of the catalogue's entry; empty: nothing */
	struct enhanced enhanced;
	uint16_t code;
	uint8_t reason; /* enum reason */
};

/* One recipient's. All is borrowed for the moment. */
struct fate {
	enum fate_kind kind;
	const struct delivery *delivery; /* the line that decided; whose
					    recipient is the recipient */
	uint32_t attempts;
	uint32_t deferrals; /* attempts that failed for now */
	struct stamp first; /* the first attempt */
	int64_t waited_us;  /* from the first attempt to the last */
	struct failure last;
};

/* `limit` is in bytes; `fates` stays the caller's and is added to. Never NULL;
 * free with trace_free(). */
struct trace *trace_new(size_t limit, struct fates *fates);
void trace_free(struct trace *trace); /* NULL is allowed */

/* To be called before each line of a mail system. */
void trace_line(struct trace *trace, struct stamp time);

/*
 * For deliveries that succeeded and are only counted: true, and it is counted,
 * if no recipient of the message waits. Else it is to be joined as others are.
 * Only what says where and when it was, queue id and recipient are looked at.
 */
bool trace_counts(struct trace *trace, const struct delivery *delivery);

/* An attempt or a reject: *delivery gets what it lacks of its message; the
 * texts are good until the next call. */
void trace_join(struct trace *trace, struct delivery *delivery);

/* What an attempt that was joined, for its recipient in hand, has decided:
 * FATE_NONE: nothing yet. */
void trace_attempt(struct trace *trace, const struct delivery *delivery,
		   const struct failure *failure, struct fate *fate);

/* A line that tells of a message. Calls `visit` for each fate that it decides.
 */
void trace_message(struct trace *trace, struct delivery *delivery,
		   void (*visit)(const struct fate *fate, void *context),
		   void *context);

/* Puts into the fates what is so now. */
void trace_state(const struct trace *trace);

/* The same at the end of the input: what is too old waits no more. */
void trace_finish(struct trace *trace);

/* The word of the event's field: "delivered". */
struct slice fate_word(enum fate_kind kind);

#endif
