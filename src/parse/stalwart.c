/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/memory.h"
#include "base/recall.h"
#include "parse/address.h"
#include "parse/format.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Of all messages, and of all recipients of them, those seen last. */
enum { MESSAGES = 8192, RECIPIENTS = 16384 };

/*
 * What fails for all recipients of a domain is told of a server, or of the
 * domain, without them; the recipients stand in the line that ends the attempt.
 * Those that have had a line of their own in this attempt are not meant there.
 * Domains are tried one after another.
 */
struct memory {
	struct recall *causes;  /* of a message and a domain: why, which host */
	struct recall *domains; /* of a message: which is being tried */
	struct recall *told;    /* of a message and a recipient */
	struct buf domain;      /* scratch: one in lower case */
};

static void *memory_make(void)
{
	struct memory *memory = memory_new(1, sizeof(*memory));

	memory->causes = recall_new(MESSAGES);
	memory->domains = recall_new(MESSAGES);
	memory->told = recall_new(RECIPIENTS);
	return memory;
}

static void memory_drop(void *made)
{
	struct memory *memory = made;

	recall_free(memory->causes);
	recall_free(memory->domains);
	recall_free(memory->told);
	buf_clear(&memory->domain);
	free(memory);
}

/* The values that matter; strings without quotes, their escapes as written. */
struct keys {
	struct slice queue_id;
	struct slice to;  /* of the event */
	struct slice all; /* of the message: what is between the brackets */
	struct slice domain;
	struct slice hostname;
	struct slice code;
	struct slice details;
	struct slice reason;
	struct slice caused_by; /* up to the end of the list */
};

/* A quoted string at the start of *rest, without its quotes. */
static bool take_string(struct slice *rest, struct slice *value)
{
	size_t len = address_quoted_length(*rest);

	if (len < 2)
		return false;
	*value = slice_head(slice_after(*rest, 1), len - 2);
	*rest = slice_after(*rest, len);
	return true;
}

/* "["a", "b"]": what is inside. */
static bool take_list(struct slice *rest, struct slice *value)
{
	struct slice copy = *rest;
	struct slice string;

	if (!slice_skip(&copy, SLICE("[")))
		return false;
	while (copy.len && copy.at[0] != ']')
		if (!take_string(&copy, &string) &&
		    !slice_skip(&copy, SLICE(", ")))
			return false;
	*value = slice_head(slice_after(*rest, 1),
			    (size_t)(copy.at - rest->at) - 1);
	return slice_skip(&copy, SLICE("]")) ? (*rest = copy, true) : false;
}

/* A value that is not in quotes, up to the comma. */
static bool take_bare(struct slice *rest, struct slice *value)
{
	size_t end = slice_find(*rest, SLICE(", "));

	if (slice_starts(*rest, SLICE("\"")) || slice_starts(*rest, SLICE("[")))
		return false;
	*value = end != SIZE_MAX ? slice_head(*rest, end) : *rest;
	*rest = slice_after(*rest, value->len);
	return true;
}

/* False if a key is there twice, which the server does not write: somebody
 * else's text has broken out of its quotes. */
static bool keep_once(struct slice *place, struct slice value)
{
	if (place->at)
		return false;
	*place = value;
	return true;
}

static bool keep_key(struct keys *keys, struct slice name, struct slice value)
{
	const struct {
		struct slice name;
		struct slice *place;
	} places[] = {
		{ SLICE("queueId"), &keys->queue_id },
		{ SLICE("to"), &keys->to },
		{ SLICE("domain"), &keys->domain },
		{ SLICE("hostname"), &keys->hostname },
		{ SLICE("code"), &keys->code },
		{ SLICE("details"), &keys->details },
		{ SLICE("reason"), &keys->reason },
	};

	for (size_t i = 0; i < COUNT(places); i++)
		if (slice_equal(name, places[i].name))
			return keep_once(places[i].place, value);
	return true;
}

/* Takes the list apart; false if it is none. */
static bool read_keys(struct slice rest, struct keys *keys)
{
	struct slice name;
	struct slice value;

	do {
		if (!slice_cut_at(&rest, SLICE(" = "), &name) ||
		    slice_find(name, SLICE(" ")) != SIZE_MAX)
			return false;
		if (slice_equal(name, SLICE("causedBy"))) {
			keys->caused_by = rest;
			return true;
		}
		if (take_list(&rest, &value)) {
			if (slice_equal(name, SLICE("to")) &&
			    !keep_once(&keys->all, value))
				return false;
			continue;
		}
		if (!take_string(&rest, &value) && !take_bare(&rest, &value))
			return false;
		if (!keep_key(keys, name, value))
			return false;
	} while (slice_skip(&rest, SLICE(", ")));
	return rest.len == 0;
}

/* Adds a string with its escapes undone, line breaks as blanks. */
static void add_plain(struct buf *buf, struct slice value)
{
	for (size_t i = 0; i < value.len; i++) {
		char c = value.at[i];

		if (c == '\\' && i + 1 < value.len) {
			c = value.at[++i];
			if (c == 'n' || c == 'r' || c == 't')
				c = ' ';
		}
		buf_add_char(buf, c);
	}
}

/* What the table may forget. */
static struct slice copy(struct buf *buf, struct slice text)
{
	size_t start = buf->len;

	buf_add(buf, text);
	return (struct slice){ buf->at + start, buf->len - start };
}

static struct slice plain(struct buf *buf, struct slice value)
{
	size_t start = buf->len;

	add_plain(buf, value);
	return (struct slice){ buf->at + start, buf->len - start };
}

static struct slice recipient_of(struct buf *buf, struct slice value)
{
	return address_without_brackets(plain(buf, value));
}

static bool is_code(struct slice code)
{
	uint64_t number;

	return code.len == 3 && (code.at[0] == '4' || code.at[0] == '5') &&
	       slice_number(code, &number);
}

/*
 * "Unexpected response for RCPT TO:<a@b.example>: Code: 550, Enhanced code:
 * 5.1.1, Message: no": the code, if the words are there only once.
 */
static struct slice add_response(struct buf *buf, struct slice text)
{
	struct slice rest = text;
	size_t start = buf->len;
	struct slice before;
	struct slice code;
	struct slice enhanced;

	if (!slice_cut_at(&rest, SLICE("Code: "), &before) ||
	    slice_find(rest, SLICE("Code: ")) != SIZE_MAX ||
	    !slice_cut_at(&rest, SLICE(", Enhanced code: "), &code) ||
	    !is_code(code) ||
	    !slice_cut_at(&rest, SLICE(", Message: "), &enhanced))
		return text;
	buf_add(buf, code);
	buf_add_char(buf, ' ');
	if (!slice_starts(enhanced, SLICE("0."))) {
		buf_add(buf, enhanced);
		buf_add_char(buf, ' ');
	}
	buf_add(buf, rest);
	return (struct slice){ buf->at + start, buf->len - start };
}

/* The words of the keys, an answer with its code before it. */
static struct slice text_of(struct buf *buf, const struct keys *keys)
{
	struct slice words = keys->details.len ? keys->details : keys->reason;
	size_t start = buf->len;

	if (!is_code(keys->code))
		return add_response(buf, plain(buf, words));
	buf_add(buf, keys->code);
	buf_add_char(buf, ' ');
	add_plain(buf, words);
	return (struct slice){ buf->at + start, buf->len - start };
}

static void set_text(struct delivery *delivery, struct slice text)
{
	delivery->text = text;
	delivery->form = text.len > 3 && text.at[3] == ' ' &&
					 is_code(slice_head(text, 3))
				 ? TEXT_ANSWER
				 : TEXT_OWN;
}

static uint64_t key_of(const struct recall *recall,
		       const struct reading *reading, struct slice id,
		       struct slice recipient)
{
	const struct slice parts[] = { reading->header->host, id, recipient };

	return recall_key(recall, parts, COUNT(parts));
}

static void note_told(const struct reading *reading,
		      const struct delivery *delivery)
{
	struct memory *memory = reading->memory;

	recall_put(memory->told,
		   key_of(memory->told, reading, delivery->queue_id,
			  delivery->recipient),
		   &(struct recalled){ 0 });
}

/* Given up though it was worth another try. */
static bool is_temporary(struct slice text)
{
	return slice_starts(text, SLICE("4")) ||
	       slice_starts(text, SLICE("Connection failed: "));
}

/* One recipient. That it is refused for good is told again when the sender is
 * notified, as is all else that is final: that counts. */
static bool fill_one(const struct reading *reading, const struct keys *keys,
		     struct delivery *delivery)
{
	struct slice event = reading->fields->values[FIELD_COMMAND];
	bool local = slice_equal(keys->hostname, SLICE("localhost"));

	if (!keys->to.len)
		return false;
	delivery->recipient = recipient_of(reading->buf, keys->to);
	delivery->relay_host = local ? (struct slice){ 0 } : keys->hostname;
	if (local)
		delivery->service = SLICE("local");
	set_text(delivery, text_of(reading->buf, keys));
	if (slice_equal(event, SLICE("delivery.delivered"))) {
		delivery->status = STATUS_SENT;
		note_told(reading, delivery);
	} else if (slice_equal(event, SLICE("delivery.dsn-success"))) {
		delivery->status = local ? STATUS_SENT : STATUS_NONE;
	} else if (slice_equal(event, SLICE("delivery.dsn-perm-fail"))) {
		delivery->status = is_temporary(delivery->text)
					   ? STATUS_EXPIRED
					   : STATUS_BOUNCED;
	} else {
		if (!is_code(keys->code))
			return false;
		delivery->stage = STAGE_RCPT;
		delivery->status = keys->code.at[0] == '4' ? STATUS_DEFERRED
							   : STATUS_NONE;
		note_told(reading, delivery);
	}
	return true;
}

/* Whether it had its own line in this attempt. */
static bool was_told(const struct reading *reading, struct slice queue_id,
		     struct slice recipient)
{
	struct memory *memory = reading->memory;
	struct recalled ignored;

	return recall_take(memory->told,
			   key_of(memory->told, reading, queue_id, recipient),
			   &ignored);
}

/* The key of the causes for a domain of a message. */
static uint64_t cause_key(const struct reading *reading, struct slice queue_id,
			  struct slice domain)
{
	struct memory *memory = reading->memory;

	domain = address_lower_domain(domain, &memory->domain);
	return key_of(memory->causes, reading, queue_id, domain);
}

/* Why all recipients of a domain failed; `domain` is in lower case. */
static void take_cause(const struct reading *reading, struct slice queue_id,
		       struct slice domain, struct delivery *delivery)
{
	struct memory *memory = reading->memory;
	struct recalled cause;

	if (!recall_take(memory->causes,
			 key_of(memory->causes, reading, queue_id, domain),
			 &cause))
		return;
	set_text(delivery, copy(reading->buf, cause.first));
	delivery->relay_host = copy(reading->buf, cause.second);
}

/* The recipients of the message that had no line of their own; why, only if
 * they are of one domain, as one text must do for all. */
static bool fill_rest(const struct reading *reading, const struct keys *keys,
		      struct delivery *delivery)
{
	struct memory *memory = reading->memory;
	struct buf *buf = reading->buf;
	struct slice rest = keys->all;
	struct slice domain = { 0 };
	struct slice value;
	size_t start = buf->len;
	bool one_domain = true;

	delivery->form = TEXT_OWN;
	while (take_string(&rest, &value)) {
		size_t before = buf->len;
		struct slice recipient = recipient_of(buf, value);
		struct slice own = address_domain(recipient, &memory->domain);

		(void)slice_skip(&rest, SLICE(", "));
		if (was_told(reading, keys->queue_id, recipient)) {
			buf->len = before;
			continue;
		}
		one_domain = before == start ||
			     (one_domain && slice_equal_nocase(own, domain));
		domain = slice_after(recipient, recipient.len - own.len);
		buf_add_char(buf, ',');
	}
	delivery->others = (struct slice){ buf->at + start, buf->len - start };
	if (!delivery->others.len || !delivery_next(delivery))
		return true;
	delivery->status = STATUS_DEFERRED;
	domain = address_domain(delivery->recipient, &memory->domain);
	if (one_domain)
		take_cause(reading, keys->queue_id, domain, delivery);
	return true;
}

static bool read(const struct reading *reading, struct delivery *delivery)
{
	const struct slice *values = reading->fields->values;
	struct keys keys = { 0 };

	/* Nothing is in it yet; a text that was kept may need more room. */
	buf_reserve(reading->buf, values[FIELD_TEXT].len * 3 + RECALL_TEXT_MAX);
	if (!read_keys(values[FIELD_TEXT], &keys))
		return false;
	delivery->queue_id = keys.queue_id;
	delivery->service = SLICE("smtp");
	if (slice_equal(values[FIELD_COMMAND], SLICE("queue.rescheduled")))
		return fill_rest(reading, &keys, delivery);
	return fill_one(reading, &keys, delivery);
}

/* "SMTP error (smtp.error) { reason = "..." }" and the like, else by the
 * event's name: "connect-error". */
static struct slice cause_of(const struct reading *reading,
			     const struct keys *keys)
{
	struct keys inner = { 0 };
	struct slice rest = keys->caused_by;
	struct slice event = reading->fields->values[FIELD_COMMAND];
	struct slice before;

	if (keys->code.len || keys->details.len || keys->reason.len)
		return text_of(reading->buf, keys);
	if (slice_cut_at(&rest, SLICE(" { "), &before)) {
		size_t end = slice_find(rest, SLICE(" }"));

		if (end != SIZE_MAX && read_keys(slice_head(rest, end), &inner))
			return text_of(reading->buf, &inner);
	}
	if (keys->caused_by.len)
		return keys->caused_by;
	(void)slice_skip(&event, SLICE("delivery."));
	return event;
}

static void note(const struct reading *reading)
{
	const struct slice *values = reading->fields->values;
	struct memory *memory = reading->memory;
	struct keys keys = { 0 };
	struct recalled known;
	uint64_t key;

	buf_reserve(reading->buf, values[FIELD_TEXT].len * 3 + RECALL_TEXT_MAX);
	if (!read_keys(values[FIELD_TEXT], &keys) || !keys.queue_id.len)
		return;
	key = key_of(memory->domains, reading, keys.queue_id,
		     (struct slice){ 0 });
	if (slice_equal(values[FIELD_COMMAND],
			SLICE("delivery.domain-delivery-start"))) {
		recall_put(memory->domains, key,
			   &(struct recalled){ .first = keys.domain });
		(void)recall_take(
			memory->causes,
			cause_key(reading, keys.queue_id, keys.domain), &known);
		return;
	}
	if (!keys.domain.len && recall_find(memory->domains, key, &known))
		keys.domain = known.first;
	known = (struct recalled){ .first = cause_of(reading, &keys),
				   .second = keys.hostname };
	recall_put(memory->causes,
		   cause_key(reading, keys.queue_id, keys.domain), &known);
}

static bool suspects(struct slice message)
{
	static const struct slice marks[] = {
		SLICE(" (delivery.delivered) "),
		SLICE(" (delivery.rcpt-to-rejected) "),
		SLICE(" (delivery.dsn-perm-fail) "),
		SLICE(" (queue.rescheduled) "),
	};

	for (size_t i = 0; i < COUNT(marks); i++)
		if (slice_find(message, marks[i]) != SIZE_MAX)
			return true;
	return false;
}

const struct format stalwart_format = {
	.read = read,
	.suspects = suspects,
	.memory_new = memory_make,
	.memory_free = memory_drop,
	.note = note,
};
