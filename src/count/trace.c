/* SPDX-License-Identifier: Apache-2.0 */
#include "count/trace.h"

#include <stdlib.h>

#include "base/memory.h"
#include "count/messages.h"

struct trace {
	struct messages *messages;
	struct fates *fates;
	uint32_t message;   /* of the line in hand; MESSAGES_NONE: none */
	struct buf scratch; /* texts that a line lacked */
};

_Static_assert(TRACE_DAYS * 86400 == MESSAGES_AGE_S, "said as it is done");

struct trace *trace_new(size_t limit, struct fates *fates)
{
	struct trace *trace = memory_new(1, sizeof(*trace));

	trace->messages = messages_new(limit);
	trace->fates = fates;
	trace->message = MESSAGES_NONE;
	return trace;
}

void trace_free(struct trace *trace)
{
	if (!trace)
		return;
	messages_free(trace->messages);
	buf_clear(&trace->scratch);
	free(trace);
}

void trace_line(struct trace *trace, struct stamp time)
{
	trace->message = MESSAGES_NONE;
	messages_tidy(trace->messages, time.us);
}

static void open_message(struct trace *trace, const struct delivery *delivery)
{
	size_t before = messages_count(trace->messages);

	trace->message = messages_open(trace->messages, delivery);
	trace->fates->messages += messages_count(trace->messages) - before;
}

/* Who waits then waits in vain. */
static void close_message(struct trace *trace)
{
	trace->fates->removed += messages_close(trace->messages,
						trace->message);
	trace->message = MESSAGES_NONE;
}

bool trace_counts(struct trace *trace, const struct delivery *delivery)
{
	open_message(trace, delivery);
	messages_learn(trace->messages, trace->message, delivery);
	if (messages_any_waiting(trace->messages, trace->message))
		return false;
	trace->fates->delivered++;
	return true;
}

/* Rejects before there is a queue file have no id, or none that is one. */
static bool has_queue_id(const struct delivery *delivery)
{
	return delivery->queue_id.len &&
	       !slice_equal(delivery->queue_id, SLICE("NOQUEUE"));
}

static bool is_probe(const struct delivery *delivery)
{
	return delivery->status == STATUS_UNDELIVERABLE ||
	       delivery->status == STATUS_DELIVERABLE;
}

void trace_join(struct trace *trace, struct delivery *delivery)
{
	trace->message = MESSAGES_NONE;
	if (!has_queue_id(delivery) || is_probe(delivery))
		return;
	if (delivery->status == STATUS_REJECTED) {
		trace->message = messages_find_own(trace->messages, delivery);
	} else {
		open_message(trace, delivery);
		messages_learn(trace->messages, trace->message, delivery);
	}
	if (trace->message != MESSAGES_NONE)
		messages_tell(trace->messages, trace->message, &trace->scratch,
			      delivery);
}

/* Hands the message on to the queue id that `delivery` names, if that one is
 * open and came from inside. False: it is not handed on. */
static bool hand_on(struct trace *trace, const struct delivery *delivery,
		    struct recipient *waiting)
{
	struct messages *messages = trace->messages;
	uint32_t to;

	if (!delivery->handed_to.len)
		return false;
	to = messages_find(messages, delivery, delivery->handed_to);
	if (to == MESSAGES_NONE || to == trace->message ||
	    !messages_is_inside(messages, to))
		return false;
	messages_hand_on(messages, trace->message, to);
	if (waiting)
		messages_move(messages, trace->message, waiting, to);
	return true;
}

/* A late line does not make it wait a negative time. */
static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* What is known of the recipient; NULL: it was not waiting. */
static void fill_fate(const struct trace *trace,
		      const struct recipient *waiting,
		      const struct delivery *delivery, struct fate *fate)
{
	fate->delivery = delivery;
	fate->first = delivery->time;
	if (!waiting)
		return;
	fate->attempts = waiting->attempts;
	fate->deferrals = waiting->attempts;
	fate->first.us = waiting->first_us;
	fate->waited_us = later(0, waiting->last_us - waiting->first_us);
	fate->last = (struct failure){
		.entry = messages_entry(trace->messages, waiting),
		.enhanced = waiting->enhanced,
		.code = waiting->code,
		.reason = waiting->reason,
	};
}

static void decide(struct trace *trace, struct recipient *waiting,
		   const struct delivery *delivery, enum fate_kind kind,
		   struct fate *fate)
{
	fate->kind = kind;
	fill_fate(trace, waiting, delivery, fate);
	fate->attempts += !delivery->untried;
	fate->waited_us = later(fate->waited_us,
				delivery->time.us - fate->first.us);
	messages_count_decided(trace->messages, trace->message);
	if (waiting)
		messages_decide(trace->messages, trace->message, waiting);
}

static void defer(struct trace *trace, const struct delivery *delivery,
		  const struct failure *failure)
{
	struct recipient *recipient = messages_wait(
		trace->messages, trace->message, delivery->recipient,
		failure->entry);

	if (!recipient)
		return;
	if (!recipient->attempts) {
		recipient->first_us = delivery->time.us;
		recipient->last_us = delivery->time.us;
	}
	recipient->attempts++;
	recipient->last_us = later(recipient->last_us, delivery->time.us);
	recipient->enhanced = failure->enhanced;
	recipient->code = failure->code;
	recipient->reason = failure->reason;
}

static void attempt_sent(struct trace *trace, const struct delivery *delivery,
			 struct recipient *waiting, struct fate *fate)
{
	if (hand_on(trace, delivery, waiting))
		return;
	decide(trace, waiting, delivery, FATE_DELIVERED, fate);
	trace->fates->delivered++;
}

static void attempt_failed(struct trace *trace, const struct delivery *delivery,
			   const struct failure *failure,
			   struct recipient *waiting, struct fate *fate)
{
	bool expired = delivery->status == STATUS_EXPIRED;

	decide(trace, waiting, delivery, expired ? FATE_EXPIRED : FATE_BOUNCED,
	       fate);
	fate->last = *failure;
	*(expired ? &trace->fates->expired : &trace->fates->bounced) += 1;
}

void trace_attempt(struct trace *trace, const struct delivery *delivery,
		   const struct failure *failure, struct fate *fate)
{
	struct recipient *waiting;

	*fate = (struct fate){ 0 };
	if (trace->message == MESSAGES_NONE)
		return;
	if (delivery->status == STATUS_REJECTED) {
		/* What was refused behind its end never comes into a queue. */
		if (delivery->stage == STAGE_EOM)
			close_message(trace);
		return;
	}
	if (delivery->status == STATUS_DEFERRED) {
		defer(trace, delivery, failure);
		return;
	}
	waiting = messages_waiting(trace->messages, trace->message,
				   delivery->recipient);
	if (delivery->status == STATUS_SENT)
		attempt_sent(trace, delivery, waiting, fate);
	else
		attempt_failed(trace, delivery, failure, waiting, fate);
}

/* The message is what another one was that came before. */
static void take_over(struct trace *trace, const struct delivery *delivery)
{
	struct messages *messages = trace->messages;
	struct recipient *recipient;
	uint32_t from = messages_find(messages, delivery,
				      delivery->handed_from);

	if (from == MESSAGES_NONE || from == trace->message)
		return;
	messages_hand_on(messages, from, trace->message);
	if (delivery->step != MESSAGE_REQUEUED)
		return;
	while ((recipient = messages_any_waiting(messages, from)))
		messages_move(messages, from, recipient, trace->message);
	(void)messages_close(messages, from);
}

/* No recipient that is left is tried again. */
static void expire(struct trace *trace, struct delivery *delivery,
		   void (*visit)(const struct fate *fate, void *context),
		   void *context)
{
	struct recipient *recipient;

	messages_tell(trace->messages, trace->message, &trace->scratch,
		      delivery);
	while ((recipient = messages_any_waiting(trace->messages,
						 trace->message))) {
		struct fate fate = { .kind = FATE_EXPIRED };

		delivery->recipient = messages_address(trace->messages,
						       recipient);
		fill_fate(trace, recipient, delivery, &fate);
		visit(&fate, context);
		trace->fates->expired++;
		messages_count_decided(trace->messages, trace->message);
		messages_decide(trace->messages, trace->message, recipient);
	}
}

static void join_origin(struct trace *trace)
{
	uint32_t origin = messages_origin(trace->messages, trace->message);

	if (origin != MESSAGES_NONE)
		messages_hand_on(trace->messages, origin, trace->message);
}

/* Who was tried already cannot come in, and nothing begins twice: its queue id
 * is used again, and the log lacks the line that it ended. */
static void end_former(struct trace *trace, const struct delivery *delivery)
{
	uint32_t former = messages_find_own(trace->messages, delivery);

	if (former == MESSAGES_NONE ||
	    (delivery->step != MESSAGE_BEGUN &&
	     (!delivery->nearness ||
	      !messages_is_tried(trace->messages, former))))
		return;
	trace->message = former;
	close_message(trace);
}

/* A bounce that the mail system itself has made. */
static void note_bounce(struct trace *trace, const struct delivery *delivery)
{
	struct delivery bounce = {
		.time = delivery->time,
		.host = delivery->host,
		.mta = delivery->mta,
		.queue_id = delivery->bounced_as,
		.null_sender = true,
		.nearness = NEAR_INSIDE,
	};

	open_message(trace, &bounce);
	messages_learn(trace->messages, trace->message, &bounce);
}

void trace_message(struct trace *trace, struct delivery *delivery,
		   void (*visit)(const struct fate *fate, void *context),
		   void *context)
{
	if (delivery->step == MESSAGE_ENDED) {
		trace->message = messages_find_own(trace->messages, delivery);
		if (trace->message != MESSAGES_NONE)
			close_message(trace);
		return;
	}
	if (delivery->bounced_as.len) {
		note_bounce(trace, delivery);
		if (delivery->step == MESSAGE_GOES_ON)
			return;
	}
	end_former(trace, delivery);
	open_message(trace, delivery);
	messages_learn(trace->messages, trace->message, delivery);
	if (delivery->handed_from.len)
		take_over(trace, delivery);
	if (delivery->message_id.len)
		join_origin(trace);
	if (delivery->step == MESSAGE_EXPIRED)
		expire(trace, delivery, visit, context);
}

void trace_state(const struct trace *trace)
{
	const struct messages_lost *lost = messages_lost(trace->messages);

	trace->fates->waiting = messages_waiting_count(trace->messages);
	trace->fates->evicted = lost->evicted;
	trace->fates->aged = lost->aged;
	trace->fates->message_ids = lost->message_ids;
}

void trace_finish(struct trace *trace)
{
	messages_settle(trace->messages);
	trace_state(trace);
}

struct slice fate_word(enum fate_kind kind)
{
	static const struct slice words[] = {
		[FATE_NONE] = SLICE(""),
		[FATE_DELIVERED] = SLICE("delivered"),
		[FATE_BOUNCED] = SLICE("bounced"),
		[FATE_EXPIRED] = SLICE("expired"),
	};

	return words[kind];
}
