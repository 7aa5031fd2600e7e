/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole way of a line: envelope, header, short way, rulebase, reply,
 * explanation, event. A line without a header is taken as Postfix's message.
 * Whatever the bytes are: the event is one line of valid UTF-8 and one JSON
 * object without control characters, and it says of the delivery what was read;
 * the short way reads what the rulebase reads. The rules are those of
 * $srcdir/rules.
 */
#include <stdio.h>
#include <stdlib.h>

#include <libfastjson/json.h>

#include "base/utf8.h"
#include "out/event.h"
#include "parse/address.h"
#include "parse/envelope.h"
#include "parse/mta.h"
#include "parse/normalise.h"
#include "parse/sent.h"

#define REFERENCE_US INT64_C(1795424400000000) /* 2026-11-23T09:00:00Z */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Loaded once, for all inputs; what is in it stays reachable. */
static struct {
	struct envelope *envelope;
	struct normaliser *normaliser;
	struct catalogue *catalogue;
	struct explainer *explainer;
	struct event_writer *events;
	struct buf domain;
	struct buf answer;
	struct buf event;
} tools;

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void open_tools(void)
{
	const char *top = getenv("srcdir");
	struct fault fault = { "" };
	char rules[4096];
	struct catalogue_source source = { rules, NULL, "de" };

	(void)snprintf(rules, sizeof(rules), "%s/rules", top ? top : ".");
	if (normaliser_open(rules, NULL, &tools.normaliser, &fault) < 0 ||
	    normaliser_prepare_all(tools.normaliser, &fault) < 0 ||
	    catalogue_load(&source, &tools.catalogue, &fault) < 0 ||
	    explainer_open(tools.catalogue, NULL, &tools.explainer, &fault) <
		    0) {
		(void)fprintf(stderr, "%s\n", fault.text);
		abort();
	}
	tools.envelope = envelope_new();
	tools.events = event_writer_new(tools.catalogue);
}

static struct slice member(struct fjson_object *object, const char *name)
{
	struct fjson_object *value = NULL;

	if (!fjson_object_object_get_ex(object, name, &value) ||
	    !fjson_object_is_type(value, fjson_type_string))
		return (struct slice){ 0 };
	return (struct slice){ fjson_object_get_string(value),
			       (size_t)fjson_object_get_string_len(value) };
}

/* The member is the text, its bad bytes repaired. */
static void check_member(struct fjson_object *object, const char *name,
			 struct slice text)
{
	struct slice rest = member(object, name);

	while (text.len) {
		size_t len = utf8_sequence(text);
		struct slice head = len ? slice_head(text, len)
					: UTF8_REPLACEMENT;

		check(slice_skip(&rest, head));
		text = slice_after(text, len ? len : 1);
	}
	check(rest.len == 0);
}

/* No control character but the newline at the end, no bad byte. */
static void check_bytes(struct slice line)
{
	check(slice_ends(line, SLICE("}\n")));
	line.len--;
	while (line.len) {
		size_t len = utf8_sequence(line);
		unsigned char first = (unsigned char)line.at[0];

		check(len > 0 && first >= 0x20 && first != 0x7f);
		check(first != 0xc2 || (unsigned char)line.at[1] >= 0xa0);
		line = slice_after(line, len);
	}
}

static void check_event(const struct event *event)
{
	struct fjson_tokener *tokener = fjson_tokener_new();
	struct slice line;
	struct fjson_object *object;

	buf_reset(&tools.event);
	event_write(tools.events, event, &tools.event);
	line = buf_slice(&tools.event);
	check_bytes(line);
	object = fjson_tokener_parse_ex(tokener, line.at, (int)line.len - 1);
	check(object && tokener->char_offset == (int)line.len - 1);
	check(fjson_object_is_type(object, fjson_type_object));
	check_member(object, "mta", event->delivery->mta);
	check_member(object, "queue_id", event->delivery->queue_id);
	check_member(object, "recipient", event->delivery->recipient);
	check_member(object, "domain", event->domain);
	check_member(object, "status", status_word(event->delivery->status));
	check_member(object, "reply", event->reply->text);
	if (event->verdict)
		check_member(object, "entry", event->verdict->entry->id);
	fjson_object_put(object);
	fjson_tokener_free(tokener);
}

static void take_delivery(const struct delivery *delivery)
{
	struct reply reply;
	struct verdict verdict;
	struct event event = { .delivery = delivery, .reply = &reply };

	check(delivery->status != STATUS_NONE);
	event.domain = address_domain(delivery->recipient, &tools.domain);
	reply_parse(delivery, &tools.answer, &reply);
	if (delivery->status != STATUS_SENT) {
		explain_delivery(tools.explainer, delivery, &reply,
				 event.domain, &verdict);
		check(verdict.entry != NULL);
		check((unsigned)verdict.basis < BASIS_COUNT);
		event.verdict = &verdict;
	}
	check_event(&event);
}

static void take_message(const struct header *header)
{
	struct sent sent;
	struct delivery delivery;
	enum mta mta = slice_equal(header->program, SLICE("dovecot"))
			       ? MTA_DOVECOT
			       : mta_of(header);
	bool plain = mta == MTA_POSTFIX &&
		     sent_recognise(header->message, &sent);
	enum line_kind kind = normalise(tools.normaliser, mta, header,
					&delivery);

	if (plain) {
		check(kind == LINE_DELIVERY);
		check(delivery.status == STATUS_SENT);
		check(slice_equal(sent.recipient, delivery.recipient));
		check(slice_equal(sent.queue_id, delivery.queue_id));
		check(sent_may_hand_on(&sent) || !delivery.handed_to.len);
		check(slice_equal(sent.relay_host, delivery.relay_host));
	}
	if (kind != LINE_DELIVERY && kind != LINE_REJECT)
		return;
	do
		take_delivery(&delivery);
	while (delivery_next(&delivery));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct calendar calendar;
	struct header header;
	char *copy;
	struct slice line;

	if (!tools.normaliser)
		open_tools();
	/* Alone in memory: reading past its end is seen. */
	copy = malloc(size ? size : 1);
	check(copy != NULL);
	if (size)
		memcpy(copy, data, size);
	line = (struct slice){ copy, size };
	calendar_init(&calendar, REFERENCE_US, 0);
	if (!envelope_open(tools.envelope, line, &calendar, &header)) {
		header.program = SLICE("postfix/smtp");
		header.message = line;
	}
	take_message(&header);
	free(copy);
	return 0;
}
