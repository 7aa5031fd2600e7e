/* SPDX-License-Identifier: Apache-2.0 */
#include "out/event.h"

#include <stdlib.h>

#include "base/jsonout.h"
#include "base/memory.h"

/* An entry's constant parts, in the order of the fields: before "basis",
 * behind it, and behind "probe". */
struct rendered {
	struct buf actor;
	struct buf texts;
	struct buf links;
};

struct event_writer {
	const struct catalogue *catalogue;
	struct rendered *entries; /* by position; empty until first used */
};

struct event_writer *event_writer_new(const struct catalogue *catalogue)
{
	struct event_writer *writer = memory_new(1, sizeof(*writer));

	writer->catalogue = catalogue;
	writer->entries = memory_new(catalogue_count(catalogue),
				     sizeof(writer->entries[0]));
	return writer;
}

void event_writer_free(struct event_writer *writer)
{
	if (!writer)
		return;
	for (size_t i = 0; i < catalogue_count(writer->catalogue); i++) {
		buf_clear(&writer->entries[i].actor);
		buf_clear(&writer->entries[i].texts);
		buf_clear(&writer->entries[i].links);
	}
	free(writer->entries);
	free(writer);
}

void event_write_texts(struct buf *buf, const struct text *text)
{
	jsonout_member(buf, SLICE("title"), text->title);
	jsonout_member(buf, SLICE("explanation"), text->explanation);
	jsonout_member(buf, SLICE("advice"), text->advice);
}

void event_write_code(struct buf *buf, uint16_t code)
{
	jsonout_key(buf, SLICE("smtp_code"));
	if (code)
		buf_add_number(buf, code);
	else
		buf_add(buf, SLICE("null"));
}

void event_write_enhanced(struct buf *buf, struct enhanced enhanced)
{
	jsonout_key(buf, SLICE("enhanced_code"));
	if (!enhanced.class) {
		buf_add(buf, SLICE("null"));
		return;
	}
	buf_add_char(buf, '"');
	enhanced_write(buf, enhanced);
	buf_add_char(buf, '"');
}

static void render_links(struct buf *buf, const struct entry *entry,
			 struct slice lang)
{
	if (entry->link_count) {
		jsonout_key(buf, SLICE("links"));
		for (size_t i = 0; i < entry->link_count; i++) {
			buf_add_char(buf, i ? ',' : '[');
			jsonout_string(buf, entry->links[i]);
		}
		buf_add_char(buf, ']');
	}
	jsonout_member(buf, SLICE("lang"), lang);
}

static const struct rendered *rendered_entry(struct event_writer *writer,
					     const struct entry *entry)
{
	struct rendered *rendered = &writer->entries[entry->position];

	if (rendered->actor.len)
		return rendered;
	jsonout_member(&rendered->actor, SLICE("actor"),
		       reason_actor(entry->reason));
	jsonout_member(&rendered->actor, SLICE("retry"),
		       reason_retry(entry->reason));
	jsonout_member(&rendered->texts, SLICE("entry"), entry->id);
	if (entry->detail.len)
		jsonout_member(&rendered->texts, SLICE("detail"),
			       entry->detail);
	event_write_texts(&rendered->texts, &entry->text);
	jsonout_member(&rendered->texts, SLICE("admin"), entry->text.admin);
	render_links(&rendered->links, entry,
		     catalogue_lang(writer->catalogue));
	return rendered;
}

static void add_if(struct buf *buf, struct slice key, struct slice text)
{
	if (text.len)
		jsonout_member(buf, key, text);
}

/* A number as the log has it, if it is one of JSON's: "1.2", "63495". */
static bool is_number(struct slice text)
{
	struct slice whole = text;
	uint64_t ignored;

	if (slice_cut(&text, '.', &whole)) {
		if (!text.len)
			return false;
		for (size_t i = 0; i < text.len; i++)
			if (text.at[i] < '0' || text.at[i] > '9')
				return false;
	}
	return slice_number(whole, &ignored) &&
	       (whole.len == 1 || whole.at[0] != '0');
}

static void add_number_if(struct buf *buf, struct slice key, struct slice text)
{
	if (!is_number(text))
		return;
	jsonout_key(buf, key);
	buf_add(buf, text);
}

/* "0.1/0/0.4/0.5" as [0.1,0,0.4,0.5]; nothing if it is not four numbers. */
static void add_delays(struct buf *buf, struct slice delays)
{
	struct slice parts[4];
	struct slice rest = delays;

	for (size_t i = 0; i < 3; i++)
		if (!slice_cut(&rest, '/', &parts[i]))
			return;
	parts[3] = rest;
	for (size_t i = 0; i < 4; i++)
		if (!is_number(parts[i]))
			return;
	jsonout_key(buf, SLICE("delays"));
	for (size_t i = 0; i < 4; i++) {
		buf_add_char(buf, i ? ',' : '[');
		buf_add(buf, parts[i]);
	}
	buf_add_char(buf, ']');
}

static struct slice event_name(const struct event *event)
{
	switch (event->delivery->status) {
	case STATUS_REJECTED:
		return SLICE("reject");
	case STATUS_SENT:
		return SLICE("sent");
	default:
		return SLICE("failure");
	}
}

static void write_origin(const struct event *event, struct buf *buf)
{
	const struct delivery *delivery = event->delivery;

	jsonout_first_key(buf, SLICE("@timestamp"));
	buf_add_char(buf, '"');
	stamp_write(buf, delivery->time);
	buf_add_char(buf, '"');
	jsonout_member(buf, SLICE("event"), event_name(event));
	add_if(buf, SLICE("host"), delivery->host);
	jsonout_member(buf, SLICE("mta"), delivery->mta);
	add_if(buf, SLICE("service"), delivery->service);
	add_number_if(buf, SLICE("pid"), delivery->pid);
	add_if(buf, SLICE("queue_id"), delivery->queue_id);
}

void event_write_message(struct buf *buf, const struct delivery *delivery)
{
	add_if(buf, SLICE("client_host"), delivery->client_host);
	add_if(buf, SLICE("client_ip"), delivery->client_ip);
	add_if(buf, SLICE("sasl_username"), delivery->sasl_username);
	if (delivery->sender.len || delivery->null_sender)
		jsonout_member(buf, SLICE("sender"), delivery->sender);
	add_if(buf, SLICE("message_id"), delivery->message_id);
	add_number_if(buf, SLICE("size"), delivery->size);
	add_number_if(buf, SLICE("nrcpt"), delivery->nrcpt);
}

static void write_target(const struct event *event, struct buf *buf)
{
	const struct delivery *delivery = event->delivery;
	bool named = delivery->relay_host.len || delivery->relay_ip.len;

	event_write_message(buf, delivery);
	add_if(buf, SLICE("recipient"), delivery->recipient);
	add_if(buf, SLICE("orig_to"), delivery->orig_to);
	jsonout_member(buf, SLICE("domain"), event->domain);
	/* relay=none, but the text tells who it was about. */
	add_if(buf, SLICE("relay_host"),
	       named ? delivery->relay_host : event->reply->host);
	add_if(buf, SLICE("relay_ip"),
	       named ? delivery->relay_ip : event->reply->ip);
	add_number_if(buf, SLICE("relay_port"), delivery->relay_port);
}

bool event_is_permanent(const struct delivery *delivery,
			const struct reply *reply)
{
	if (reply->code / 100 == 5 || delivery->status == STATUS_BOUNCED)
		return true;
	if (reply->code)
		return false;
	if (delivery->status == STATUS_REJECTED && delivery->permanent)
		return true;
	return (delivery->status == STATUS_UNDELIVERABLE ||
		delivery->status == STATUS_REJECTED) &&
	       effective_enhanced(delivery, reply).class == 5;
}

static void write_outcome(const struct event *event, struct buf *buf)
{
	const struct delivery *delivery = event->delivery;
	const struct reply *reply = event->reply;
	struct enhanced enhanced = effective_enhanced(delivery, reply);

	add_if(buf, SLICE("status"), status_word(delivery->status));
	event_write_code(buf, reply->code);
	event_write_enhanced(buf, enhanced);
	if (event->verdict) {
		jsonout_key(buf, SLICE("permanent"));
		buf_add(buf, event_is_permanent(delivery, reply)
				     ? SLICE("true")
				     : SLICE("false"));
		add_if(buf, SLICE("stage"), stage_word(reply->stage));
	}
	add_number_if(buf, SLICE("delay"), delivery->delay);
	add_delays(buf, delivery->delays);
	add_if(buf, SLICE("reply"), reply->text);
}

static void write_verdict(struct event_writer *writer,
			  const struct event *event, struct buf *buf)
{
	const struct verdict *verdict = event->verdict;
	const struct rendered *rendered = rendered_entry(writer,
							 verdict->entry);

	jsonout_member(buf, SLICE("reason"),
		       reason_word(verdict->entry->reason));
	add_if(buf, SLICE("provider"), verdict->provider);
	buf_add(buf, buf_slice(&rendered->actor));
	jsonout_member(buf, SLICE("basis"), basis_word(verdict->basis));
	buf_add(buf, buf_slice(&rendered->texts));
	if (event->delivery->status == STATUS_UNDELIVERABLE)
		buf_add(buf, SLICE(",\"probe\":true"));
	buf_add(buf, buf_slice(&rendered->links));
}

void event_write(struct event_writer *writer, const struct event *event,
		 struct buf *buf)
{
	write_origin(event, buf);
	write_target(event, buf);
	write_outcome(event, buf);
	if (event->verdict)
		write_verdict(writer, event, buf);
	buf_add(buf, SLICE("}\n"));
}

void event_write_answer(struct event_writer *writer, const struct event *event,
			struct slice file, struct buf *buf)
{
	size_t start = buf->len;

	add_if(buf, SLICE("file"), file);
	if (event->delivery->recipient.len) {
		jsonout_member(buf, SLICE("event"), event_name(event));
		add_if(buf, SLICE("host"), event->delivery->host);
		write_target(event, buf);
	}
	write_outcome(event, buf);
	if (event->verdict)
		write_verdict(writer, event, buf);
	buf->at[start] = '{';
	buf_add_char(buf, '}');
}
