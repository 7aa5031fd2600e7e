/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/pipeline.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/memory.h"
#include "cmd/correlation.h"
#include "cmd/places.h"
#include "out/event.h"
#include "out/report.h"
#include "out/tally_event.h"
#include "out/text.h"
#include "parse/address.h"
#include "parse/envelope.h"
#include "parse/mask.h"
#include "parse/mta.h"
#include "parse/normalise.h"
#include "parse/sent.h"
#include "parse/sieve.h"
#include "why/explain.h"

struct pipeline {
	const struct options *options;
	struct places places;
	bool json;
	bool shares;  /* the catalogue is another pipeline's */
	bool borrows; /* so are normaliser and explainer */
	struct catalogue *catalogue;
	struct explainer *explainer; /* NULL until the first failure */
	struct normaliser *normaliser;
	struct sieve *sieve;
	struct sieve *order; /* NULL until it is asked for */
	struct envelope *envelope;
	struct event_writer *events;
	struct text_writer *texts;
	struct sink sink;
	struct account account;
	struct calendar calendar;
	int64_t latest_us; /* the latest stamp in the open window */
	struct buf domain; /* scratch of address_domain() */
	struct buf answer; /* scratch of reply_parse() */
	struct buf masked; /* scratch of mask_reply() */
	struct correlation *correlation; /* NULL: without --correlate */
};

int pipeline_load_catalogue(const struct options *options,
			    struct catalogue **loaded, struct fault *fault)
{
	struct places places;
	struct catalogue_source source = { .dir = places.dir,
					   .over = places.over };

	places_find(options->rules, &places);
	source.lang = places_lang(options->lang, places.dir);
	return catalogue_load(&source, loaded, fault);
}

static void free_writers(struct pipeline *pipeline)
{
	if (!pipeline->borrows)
		explainer_close(pipeline->explainer);
	event_writer_free(pipeline->events);
	text_writer_free(pipeline->texts);
	if (!pipeline->shares)
		catalogue_free(pipeline->catalogue);
	pipeline->explainer = NULL;
}

static void use_catalogue(struct pipeline *pipeline,
			  struct catalogue *catalogue)
{
	free_writers(pipeline);
	pipeline->catalogue = catalogue;
	pipeline->events = event_writer_new(catalogue);
	pipeline->texts = text_writer_new(catalogue);
	correlation_use(pipeline->correlation, catalogue);
}

/* Events are for programs, unless a person is looking. */
static bool wants_json(const struct options *options, const struct sink *sink)
{
	if (options->format == FORMAT_DEFAULT)
		return !isatty(sink->fd);
	return options->format == FORMAT_JSON;
}

/* The rules of a mail server are loaded with its first line. What runs for
 * months loads all now, so that what is wrong with them is said now. */
static int load_rules(struct pipeline *pipeline, struct fault *fault)
{
	const struct options *options = pipeline->options;

	if (normaliser_open(pipeline->places.dir, pipeline->places.over,
			    &pipeline->normaliser, fault) < 0)
		return -1;
	return options->omprog || options->follow
		       ? normaliser_prepare_all(pipeline->normaliser, fault)
		       : 0;
}

static int load_all(struct pipeline *pipeline, struct fault *fault)
{
	struct catalogue *catalogue = NULL;

	if (pipeline_load_catalogue(pipeline->options, &catalogue, fault) < 0)
		return -1;
	use_catalogue(pipeline, catalogue);
	return load_rules(pipeline, fault);
}

static void start_correlation(struct pipeline *pipeline)
{
	pipeline->account.has_fates = true;
	pipeline->correlation = correlation_new(pipeline->options,
						pipeline->json, &pipeline->sink,
						&pipeline->account.fates);
	correlation_use(pipeline->correlation, pipeline->catalogue);
}

int pipeline_open(const struct options *options, struct pipeline **opened,
		  struct fault *fault)
{
	struct pipeline *pipeline = memory_new(1, sizeof(*pipeline));
	struct fault ignored;

	*opened = NULL;
	pipeline->options = options;
	pipeline->sieve = options->correlate ? sieve_new_for_messages()
					     : sieve_new();
	pipeline->envelope = envelope_new();
	places_find(options->rules, &pipeline->places);
	account_init(&pipeline->account, options->max_domains,
		     options->tally > 0 ? options->tally : 0);
	if (options->coverage)
		pipeline->account.coverage = coverage_new(COVERAGE_LIMIT);
	pipeline->sink.fd = -1;
	if (load_all(pipeline, fault) < 0)
		goto fail;
	if ((options->command->appends ? sink_open : sink_open_empty)(
		    &pipeline->sink, options->output, fault) < 0)
		goto fail;
	pipeline->json = wants_json(options, &pipeline->sink);
	if (options->correlate)
		start_correlation(pipeline);
	*opened = pipeline;
	return 0;
fail:
	(void)pipeline_close(pipeline, &ignored);
	return -1;
}

int pipeline_close(struct pipeline *pipeline, struct fault *fault)
{
	int result = 0;

	if (pipeline->sink.fd >= 0)
		result = sink_close(&pipeline->sink, fault);
	buf_clear(&pipeline->sink.pending);
	free_writers(pipeline);
	if (!pipeline->borrows)
		normaliser_close(pipeline->normaliser);
	envelope_free(pipeline->envelope);
	sieve_free(pipeline->sieve);
	sieve_free(pipeline->order);
	account_clear(&pipeline->account);
	buf_clear(&pipeline->domain);
	buf_clear(&pipeline->answer);
	buf_clear(&pipeline->masked);
	correlation_free(pipeline->correlation);
	free(pipeline);
	return result;
}

void pipeline_begin(struct pipeline *pipeline, int64_t reference_us)
{
	calendar_init(&pipeline->calendar, reference_us,
		      pipeline->options->year);
}

void pipeline_reach(struct pipeline *pipeline, int64_t reference_us)
{
	calendar_reach(&pipeline->calendar, reference_us);
}

void pipeline_pause(const struct pipeline *pipeline,
		    struct pipeline_start *start)
{
	start->calendar = pipeline->calendar;
}

void pipeline_resume(struct pipeline *pipeline,
		     const struct pipeline_start *start)
{
	pipeline->calendar = start->calendar;
}

struct layout pipeline_layout(struct pipeline *pipeline)
{
	return layout_for(&pipeline->sink.pending, pipeline->sink.fd);
}

/* Writes the tally of the window that is open. */
static void write_tally(struct pipeline *pipeline)
{
	struct layout layout = pipeline_layout(pipeline);

	correlation_state(pipeline->correlation);
	if (pipeline->json)
		tally_event_write(&pipeline->account, pipeline->catalogue,
				  &pipeline->sink.pending);
	else
		report_write_text(&pipeline->account, pipeline->catalogue,
				  &layout);
}

/* Puts what comes at `stamp` into its window; closes the one before. */
static void enter_window(struct pipeline *pipeline, struct stamp stamp)
{
	struct account *account = &pipeline->account;

	if (pipeline->options->tally > 0 &&
	    window_passed(&account->window, stamp)) {
		write_tally(pipeline);
		account_reset(account);
		window_open(&account->window, stamp);
		pipeline->latest_us = stamp.us;
	}
	window_note(&account->window, stamp);
	if (stamp.known && stamp.us > pipeline->latest_us)
		pipeline->latest_us = stamp.us;
}

bool pipeline_window(const struct pipeline *pipeline, int64_t *latest_us,
		     int64_t *left_us)
{
	const struct window *window = &pipeline->account.window;

	*latest_us = pipeline->latest_us;
	*left_us = 0;
	if (!window->seconds || !window->start.known)
		return false;
	if (*latest_us < window->start.us) /* late, into this window */
		*latest_us = window->start.us;
	*left_us = window->end.us - *latest_us;
	return true;
}

void pipeline_close_window(struct pipeline *pipeline)
{
	write_tally(pipeline);
	account_reset(&pipeline->account);
	window_close(&pipeline->account.window);
	pipeline->latest_us = 0;
}

static bool wants_event(const struct pipeline *pipeline, enum status status)
{
	switch (pipeline->options->events) {
	case EVENTS_FAILURES:
		return status != STATUS_SENT;
	case EVENTS_REJECTS:
		return status == STATUS_REJECTED;
	case EVENTS_ALL:
		return true;
	case EVENTS_NONE:
		break;
	}
	return false;
}

static void write_event(struct pipeline *pipeline, const struct event *event)
{
	struct layout layout = pipeline_layout(pipeline);

	if (pipeline->json)
		event_write(pipeline->events, event, &pipeline->sink.pending);
	else
		text_write(pipeline->texts, event, &layout);
}

static void count_sent(struct pipeline *pipeline, struct slice domain,
		       struct slice relay_host)
{
	const struct providers *providers = catalogue_providers(
		pipeline->catalogue);

	pipeline->account.totals.sent++;
	tally_add_sent(pipeline->account.tally, domain,
		       providers_find(providers, relay_host, domain));
}

/* In lower case, until the next call. */
static struct slice domain_of(struct pipeline *pipeline,
			      const struct delivery *delivery)
{
	if (delivery->recipient.len || !delivery->domain.len)
		return address_domain(delivery->recipient, &pipeline->domain);
	return address_lower_domain(delivery->domain, &pipeline->domain);
}

static void take_sent(struct pipeline *pipeline,
		      const struct delivery *delivery)
{
	struct reply reply;
	struct event event = { .delivery = delivery, .reply = &reply };

	count_sent(pipeline, domain_of(pipeline, delivery),
		   delivery->relay_host);
	if (wants_event(pipeline, STATUS_SENT)) {
		reply_parse(delivery, &pipeline->answer, &reply);
		event.domain = buf_slice(&pipeline->domain);
		write_event(pipeline, &event);
	}
	correlation_decide(pipeline->correlation, &event);
}

static void count_failure(struct pipeline *pipeline, const struct event *event)
{
	struct account *account = &pipeline->account;
	struct tally_failure failure = {
		.domain = event->domain,
		.entry = event->verdict->entry->id,
		.provider = event->verdict->provider,
		.smtp_code = event->reply->code,
		.reason = (uint8_t)event->verdict->entry->reason,
		.permanent = event_is_permanent(event->delivery, event->reply),
	};

	if (event->delivery->status == STATUS_REJECTED) {
		account->totals.rejects++;
		tally_add_reject(account->tally, &failure);
	} else {
		account->totals.failures++;
		tally_add_failure(account->tally, &failure);
	}
}

static void note_coverage(struct pipeline *pipeline, const struct event *event)
{
	if (!pipeline->account.coverage)
		return;
	buf_reset(&pipeline->masked);
	mask_reply(event->reply->text, &pipeline->masked);
	coverage_add(pipeline->account.coverage, event->verdict->basis,
		     event->reply->code, buf_slice(&pipeline->masked));
}

/* A failure or a reject: reply, explain, tally, event. */
static int take_failure(struct pipeline *pipeline,
			const struct delivery *delivery, struct fault *fault)
{
	struct reply reply;
	struct verdict verdict;
	struct event event = { .delivery = delivery,
			       .reply = &reply,
			       .verdict = &verdict };

	if (!pipeline->explainer &&
	    explainer_open(pipeline->catalogue, places_cache(),
			   &pipeline->explainer, fault) < 0)
		return -1;
	event.domain = domain_of(pipeline, delivery);
	reply_parse(delivery, &pipeline->answer, &reply);
	explain_delivery(pipeline->explainer, delivery, &reply, event.domain,
			 &verdict);
	count_failure(pipeline, &event);
	note_coverage(pipeline, &event);
	if (wants_event(pipeline, delivery->status))
		write_event(pipeline, &event);
	correlation_decide(pipeline->correlation, &event);
	return 0;
}

static void take_unknown(struct pipeline *pipeline, enum mta mta,
			 struct slice message, struct slice line)
{
	if (!normalise_suspects(mta, message)) {
		pipeline->account.totals.dropped++;
		return;
	}
	pipeline->account.totals.unparsed++;
	samples_add(&pipeline->account.samples, line);
}

static int take_attempt(struct pipeline *pipeline,
			const struct delivery *delivery, struct fault *fault)
{
	switch (delivery->status) {
	case STATUS_SENT:
		take_sent(pipeline, delivery);
		return 0;
	case STATUS_DELIVERABLE:
		pipeline->account.totals.probes++;
		return 0;
	default:
		return take_failure(pipeline, delivery, fault);
	}
}

/* What tells of an attempt, perhaps for several recipients. */
static int take_attempts(struct pipeline *pipeline, struct delivery *delivery,
			 struct fault *fault)
{
	correlation_join(pipeline->correlation, delivery);
	if (take_attempt(pipeline, delivery, fault) < 0)
		return -1;
	while (delivery_next(delivery)) {
		pipeline->account.totals.shared++;
		if (take_attempt(pipeline, delivery, fault) < 0)
			return -1;
	}
	return 0;
}

/* Messages whose other parts will not come. Their lines were dropped, in this
 * window of --tally or in one before. */
static int take_left(struct pipeline *pipeline, bool all, struct fault *fault)
{
	struct totals *totals = &pipeline->account.totals;
	struct delivery delivery;
	enum line_kind kind;

	while (normalise_left(pipeline->normaliser, all, &kind, &delivery)) {
		if (kind == LINE_MESSAGE)
			correlation_learn(pipeline->correlation, &delivery);
		if (kind != LINE_DELIVERY && kind != LINE_REJECT)
			continue;
		enter_window(pipeline, delivery.time);
		if (totals->dropped)
			totals->dropped--;
		else
			totals->shared++;
		if (take_attempts(pipeline, &delivery, fault) < 0)
			return -1;
	}
	return 0;
}

/* As the user says, else by the header. */
static enum mta writer_of(const struct pipeline *pipeline,
			  const struct header *header)
{
	return pipeline->options->mta ? pipeline->options->mta : mta_of(header);
}

/* Escapes may have hidden marks from the sieve, which then lets the line pass
 * unseen. */
static bool passes_undone(const struct pipeline *pipeline, struct slice message)
{
	return !envelope_has_rewritten(pipeline->envelope) ||
	       sieve_passes(pipeline->sieve, message);
}

/* What the message behind *header is. */
static int recognise(struct pipeline *pipeline, const struct header *header,
		     struct delivery *delivery, enum line_kind *kind,
		     struct fault *fault)
{
	enum mta mta = writer_of(pipeline, header);

	*kind = LINE_OTHER;
	if (!passes_undone(pipeline, header->message))
		return 0;
	if (normaliser_prepare(pipeline->normaliser, mta, fault) < 0)
		return -1;
	*kind = normalise(pipeline->normaliser, mta, header, delivery);
	return 0;
}

/* A line that passed the sieve. */
static int take_line(struct pipeline *pipeline, struct slice line,
		     struct fault *fault)
{
	struct header header;
	struct delivery delivery;
	struct sent sent;
	enum mta mta = MTA_POSTFIX;
	enum line_kind kind = LINE_UNKNOWN;

	if (envelope_open(pipeline->envelope, line, &pipeline->calendar,
			  &header)) {
		mta = writer_of(pipeline, &header);
		correlation_line(pipeline->correlation, header.time);
		if (mta == MTA_POSTFIX && !wants_event(pipeline, STATUS_SENT) &&
		    sent_recognise(header.message, &sent) &&
		    correlation_lets_count(pipeline->correlation, &header,
					   &sent)) {
			enter_window(pipeline, header.time);
			pipeline->account.totals.lines++;
			count_sent(pipeline,
				   address_domain(sent.recipient,
						  &pipeline->domain),
				   sent.relay_host);
			return 0;
		}
		if (recognise(pipeline, &header, &delivery, &kind, fault) < 0)
			return -1;
	}
	if (kind == LINE_MESSAGE)
		correlation_learn(pipeline->correlation, &delivery);
	switch (kind) {
	case LINE_DELIVERY:
	case LINE_REJECT:
		enter_window(pipeline, delivery.time);
		pipeline->account.totals.lines++;
		return take_attempts(pipeline, &delivery, fault);
	case LINE_MESSAGE:
	case LINE_OTHER:
		pipeline->account.totals.lines++;
		pipeline->account.totals.dropped++;
		return 0;
	case LINE_UNKNOWN:
		pipeline->account.totals.lines++;
		take_unknown(pipeline, mta,
			     header.message.len ? header.message : line, line);
		return 0;
	}
	return 0;
}

/* Lines that the sieve dropped. */
static void drop_lines(struct pipeline *pipeline, struct slice lines)
{
	uint64_t count = sieve_count_lines(lines);

	if (lines.len && lines.at[lines.len - 1] != '\n')
		count++;
	pipeline->account.totals.lines += count;
	pipeline->account.totals.dropped += count;
}

int pipeline_block(struct pipeline *pipeline, struct slice block, uint64_t cut,
		   struct fault *fault)
{
	const struct slice *lines;
	size_t count = sieve_block(pipeline->sieve, block, &lines);
	const char *done = block.at;

	pipeline->account.totals.cut += cut;
	for (size_t i = 0; i < count; i++) {
		struct slice line = lines[i];
		size_t skipped = (size_t)(line.at - done);

		drop_lines(pipeline, (struct slice){ done, skipped });
		done = line.at + line.len;
		if (done < block.at + block.len)
			done++;
		if (slice_ends(line, SLICE("\r")))
			line.len--;
		if (take_line(pipeline, line, fault) < 0 ||
		    take_left(pipeline, false, fault) < 0 ||
		    sink_added(&pipeline->sink, fault) < 0)
			return -1;
	}
	drop_lines(
		pipeline,
		(struct slice){ done, (size_t)(block.at + block.len - done) });
	return 0;
}

int pipeline_end(struct pipeline *pipeline, struct fault *fault)
{
	return take_left(pipeline, true, fault);
}

int pipeline_flush(struct pipeline *pipeline, struct fault *fault)
{
	return sink_flush(&pipeline->sink, fault);
}

bool pipeline_is_done(const struct pipeline *pipeline)
{
	return sink_is_gone(&pipeline->sink);
}

void pipeline_reload(struct pipeline *pipeline)
{
	struct catalogue *catalogue = NULL;
	struct fault fault;

	if (sink_reopen(&pipeline->sink, &fault) < 0 ||
	    pipeline_load_catalogue(pipeline->options, &catalogue, &fault) < 0)
		diag("reloading: %s; the old one stays", fault.text);
	else
		use_catalogue(pipeline, catalogue);
}

void pipeline_settle(struct pipeline *pipeline)
{
	correlation_finish(pipeline->correlation);
}

int pipeline_finish(struct pipeline *pipeline, struct fault *fault)
{
	const struct account *account = &pipeline->account;

	/* What was counted may have been written when its time had passed. */
	if (pipeline->options->tally != TALLY_NONE &&
	    (account->totals.lines || !account->window.shut.known))
		write_tally(pipeline);
	return sink_flush(&pipeline->sink, fault);
}

/* Events as JSON, one tally at the end, no --correlate: nothing depends on what
 * came before. */
bool pipeline_can_share(const struct pipeline *pipeline)
{
	const struct options *options = pipeline->options;

	return (pipeline->json || options->events == EVENTS_NONE) &&
	       options->tally <= 0 && !options->correlate;
}

bool pipeline_needs_order(struct pipeline *pipeline, struct slice block)
{
	struct calendar calendar = pipeline->calendar;
	const struct slice *lines;
	struct header header;
	size_t count;

	if (!pipeline->order)
		pipeline->order = sieve_new_for_order();
	count = sieve_block(pipeline->order, block, &lines);
	for (size_t i = 0; i < count; i++)
		if (envelope_open(pipeline->envelope, lines[i], &calendar,
				  &header) &&
		    normalise_keeps(writer_of(pipeline, &header)))
			return true;
	return false;
}

int pipeline_open_shared(struct pipeline *owner, struct fault *fault)
{
	if (owner->explainer)
		return 0;
	return explainer_open(owner->catalogue, places_cache(),
			      &owner->explainer, fault);
}

int pipeline_open_worker(const struct pipeline *owner, bool borrow,
			 struct pipeline **opened, struct fault *fault)
{
	struct pipeline *worker = memory_new(1, sizeof(*worker));
	struct fault ignored;

	*opened = NULL;
	worker->options = owner->options;
	worker->sieve = sieve_new();
	worker->envelope = envelope_new();
	worker->json = owner->json;
	worker->shares = true;
	worker->borrows = borrow;
	worker->sink = (struct sink){ .fd = -1, .held = true };
	account_init(&worker->account, owner->options->max_domains, 0);
	use_catalogue(worker, owner->catalogue);
	*opened = worker;
	if (borrow) {
		worker->normaliser = owner->normaliser;
		worker->explainer = owner->explainer;
		return 0;
	}
	if (explainer_open(owner->catalogue, NULL, &worker->explainer, fault) ==
		    0 &&
	    normaliser_open(owner->places.dir, owner->places.over,
			    &worker->normaliser, fault) == 0)
		return 0;
	*opened = NULL;
	(void)pipeline_close(worker, &ignored);
	return -1;
}

void pipeline_enter(struct pipeline *owner, struct slice block,
		    struct pipeline_start *start)
{
	struct header header;
	struct slice line = block;

	(void)slice_cut(&block, '\n', &line);
	(void)envelope_open(owner->envelope, line, &owner->calendar, &header);
	pipeline_pause(owner, start);
}

void pipeline_yield(struct pipeline *worker, struct pipeline_result *result)
{
	struct buf output = worker->sink.pending;

	buf_reset(&result->output);
	worker->sink.pending = result->output;
	result->output = output;
	result->samples = worker->account.samples;
	worker->account.samples = (struct samples){ 0 };
}

int pipeline_accept(struct pipeline *owner, struct pipeline_result *result,
		    struct fault *fault)
{
	for (size_t i = 0; i < result->samples.count; i++)
		samples_add(&owner->account.samples, result->samples.lines[i]);
	samples_clear(&result->samples);
	buf_add(&owner->sink.pending, buf_slice(&result->output));
	return sink_added(&owner->sink, fault);
}

void pipeline_merge(struct pipeline *owner, const struct pipeline *worker)
{
	totals_add(&owner->account.totals, &worker->account.totals);
	tally_merge(owner->account.tally, worker->account.tally);
	window_note(&owner->account.window, worker->account.window.start);
	window_note(&owner->account.window, worker->account.window.end);
}

void pipeline_result_clear(struct pipeline_result *result)
{
	buf_clear(&result->output);
	samples_clear(&result->samples);
}

const struct account *pipeline_account(const struct pipeline *pipeline)
{
	return &pipeline->account;
}

const struct catalogue *pipeline_catalogue(const struct pipeline *pipeline)
{
	return pipeline->catalogue;
}

struct sink *pipeline_sink(struct pipeline *pipeline)
{
	return &pipeline->sink;
}
