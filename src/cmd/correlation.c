/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/correlation.h"

#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "cmd/pipeline.h"
#include "out/fate_event.h"
#include "parse/address.h"

struct correlation {
	const struct options *options;
	const struct catalogue *catalogue;
	bool json;
	struct sink *sink;
	struct fates *fates;
	struct trace *trace;
	struct buf domain; /* scratch of address_domain() */
};

struct correlation *correlation_new(const struct options *options, bool json,
				    struct sink *sink, struct fates *fates)
{
	struct correlation *correlation = memory_new(1, sizeof(*correlation));

	correlation->options = options;
	correlation->json = json;
	correlation->sink = sink;
	correlation->fates = fates;
	correlation->trace = trace_new(TRACE_BYTES, fates);
	return correlation;
}

void correlation_free(struct correlation *correlation)
{
	if (!correlation)
		return;
	trace_free(correlation->trace);
	buf_clear(&correlation->domain);
	free(correlation);
}

void correlation_use(struct correlation *correlation,
		     const struct catalogue *catalogue)
{
	if (correlation)
		correlation->catalogue = catalogue;
}

void correlation_line(struct correlation *correlation, struct stamp time)
{
	if (correlation)
		trace_line(correlation->trace, time);
}

bool correlation_lets_count(struct correlation *correlation,
			    const struct header *header,
			    const struct sent *sent)
{
	struct delivery delivery = {
		.time = header->time,
		.host = header->host,
		.mta = mta_word(MTA_POSTFIX),
		.queue_id = sent->queue_id,
		.recipient = sent->recipient,
		.status = STATUS_SENT,
	};

	if (!correlation)
		return true;
	return !sent_may_hand_on(sent) &&
	       trace_counts(correlation->trace, &delivery);
}

void correlation_join(struct correlation *correlation,
		      struct delivery *delivery)
{
	if (correlation)
		trace_join(correlation->trace, delivery);
}

/* A mail that simply arrived is no news; nor is, to people, what the failure
 * just said. */
static bool wants_fate(const struct correlation *correlation,
		       const struct fate *fate)
{
	bool simple = fate->attempts == 1 &&
		      (fate->kind == FATE_DELIVERED || !correlation->json);

	if (correlation->options->events == EVENTS_ALL)
		return true;
	return correlation->options->events == EVENTS_FAILURES && !simple;
}

static void write_fate(const struct fate *fate, void *context)
{
	struct correlation *correlation = context;
	struct buf *buf = &correlation->sink->pending;
	struct layout layout = layout_for(buf, correlation->sink->fd);
	struct slice domain;

	if (!wants_fate(correlation, fate))
		return;
	domain = address_domain(fate->delivery->recipient,
				&correlation->domain);
	if (correlation->json)
		fate_event_write(fate, domain, correlation->catalogue, buf);
	else
		fate_event_write_text(fate, correlation->catalogue, &layout);
}

void correlation_decide(struct correlation *correlation,
			const struct event *event)
{
	struct failure failure = { 0 };
	struct fate fate;

	if (!correlation)
		return;
	if (event->verdict) {
		failure.entry = event->verdict->entry->id;
		failure.reason = (uint8_t)event->verdict->entry->reason;
		failure.code = event->reply->code;
		failure.enhanced = effective_enhanced(event->delivery,
						      event->reply);
	}
	trace_attempt(correlation->trace, event->delivery, &failure, &fate);
	if (fate.kind)
		write_fate(&fate, correlation);
}

void correlation_learn(struct correlation *correlation,
		       struct delivery *delivery)
{
	if (correlation)
		trace_message(correlation->trace, delivery, write_fate,
			      correlation);
}

void correlation_state(struct correlation *correlation)
{
	if (correlation)
		trace_state(correlation->trace);
}

void correlation_finish(struct correlation *correlation)
{
	const struct fates *fates;

	if (!correlation)
		return;
	trace_finish(correlation->trace);
	fates = correlation->fates;
	if (correlation->options->quiet ||
	    (!fates->evicted && !fates->aged && !fates->message_ids))
		return;
	diag("--correlate: forgotten: %llu open messages and %llu message-ids "
	     "for want of memory (%d MB), %llu messages that were not heard of "
	     "for %d days",
	     (unsigned long long)fates->evicted,
	     (unsigned long long)fates->message_ids, TRACE_BYTES >> 20,
	     (unsigned long long)fates->aged, TRACE_DAYS);
}
