/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/memory.h"
#include "base/recall.h"
#include "parse/address.h"
#include "parse/format.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Of all transactions and sessions those that were seen last. */
enum { TRANSACTIONS = 8192, MOST_RECIPIENTS_DIGITS = 5 };

/*
 * The lines about a whole transaction name no recipient, and "Tried all MXs"
 * no cause; other lines of the same UUID do.
 */
struct memory {
	struct recall *recipients; /* of a transaction: the first; whether
				      there are others */
	struct recall *causes;     /* why no mail got through to a server */
	struct recall *clients;    /* address of a session's client */
};

static void *memory_make(void)
{
	struct memory *memory = memory_new(1, sizeof(*memory));

	memory->recipients = recall_new(TRANSACTIONS);
	memory->causes = recall_new(TRANSACTIONS);
	memory->clients = recall_new(TRANSACTIONS);
	return memory;
}

static void memory_drop(void *made)
{
	struct memory *memory = made;

	recall_free(memory->recipients);
	recall_free(memory->causes);
	recall_free(memory->clients);
	free(memory);
}

static uint64_t key_of(const struct recall *recall,
		       const struct reading *reading, struct slice id)
{
	const struct slice parts[] = { reading->header->host, id };

	return recall_key(recall, parts, COUNT(parts));
}

/* "UUID.1.1" without its last number: the transaction "UUID.1". */
static struct slice parent_of(struct slice id)
{
	const char *dot = id.len ? memrchr(id.at, '.', id.len) : NULL;

	return dot ? slice_head(id, (size_t)(dot - id.at)) : id;
}

/* The session of a transaction: the UUID alone. */
static struct slice session_of(struct slice id)
{
	const char *dot = id.len ? memchr(id.at, '.', id.len) : NULL;

	return dot ? slice_head(id, (size_t)(dot - id.at)) : id;
}

/*
 * A value of "name=value", which is in quotes if it is empty or holds blanks,
 * and then may have escapes; with the blank behind it. Empty if there is none.
 */
static struct slice take_value(struct slice *rest)
{
	struct slice value = *rest;
	size_t at = 0;

	if (!slice_starts(*rest, SLICE("\""))) {
		if (!slice_cut(rest, ' ', &value))
			*rest = (struct slice){ 0 };
		return value;
	}
	do {
		at += at < rest->len && rest->at[at] == '\\' ? 2 : 1;
	} while (at < rest->len &&
		 (rest->at[at] != '"' ||
		  (at + 1 < rest->len && rest->at[at + 1] != ' ')));
	value = slice_head(slice_after(*rest, 1), at - 1);
	*rest = slice_after(*rest, at + 1);
	(void)slice_skip(rest, SLICE(" "));
	return value;
}

static bool take_named(struct slice *rest, struct slice name,
		       struct slice *value)
{
	if (!slice_skip(rest, name))
		return false;
	*value = take_value(rest);
	return true;
}

/* A value with its escapes undone; older versions write none. */
static struct slice plain(const struct reading *reading, struct slice value)
{
	struct buf *buf = reading->buf;
	size_t start = buf->len;

	if (!value.len || !memchr(value.at, '\\', value.len))
		return value;
	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] == '\\' && i + 1 < value.len)
			i++;
		buf_add_char(buf, value.at[i]);
	}
	return (struct slice){ buf->at + start, buf->len - start };
}

static bool is_answer(struct slice text)
{
	return text.len > 3 && (text.at[0] == '4' || text.at[0] == '5') &&
	       text.at[1] >= '0' && text.at[1] <= '9' && text.at[2] >= '0' &&
	       text.at[2] <= '9' && text.at[3] == ' ';
}

/* "<a@b.example> rejected: 550 5.1.1 unknown". The answer is the server's, and
 * may hold anything: what comes first counts. */
static bool fill_recipient(const struct reading *reading,
			   struct delivery *delivery)
{
	struct memory *memory = reading->memory;
	struct slice rest = delivery->text;

	if (!address_take_path(&rest, &delivery->recipient))
		return false;
	if (slice_skip(&rest, SLICE(" rejected: ")))
		delivery->status = STATUS_BOUNCED;
	else if (slice_skip(&rest, SLICE(" deferred: ")))
		delivery->status = STATUS_DEFERRED;
	else
		return false;
	if (!is_answer(rest))
		return false;
	delivery->form = TEXT_ANSWER;
	delivery->stage = STAGE_RCPT;
	delivery->text = rest;
	recall_put(memory->causes,
		   key_of(memory->causes, reading, delivery->queue_id),
		   &(struct recalled){ .first = rest });
	return true;
}

/* The recipient of a transaction that has no other. */
static struct slice only_recipient(const struct reading *reading,
				   struct slice id)
{
	struct memory *memory = reading->memory;
	struct recalled known;

	if (!recall_find(memory->recipients,
			 key_of(memory->recipients, reading, parent_of(id)),
			 &known) ||
	    known.second.len)
		return (struct slice){ 0 };
	return known.first;
}

/* Takes " name=VALUE" off the end, where the value holds no blank. */
static bool cut_last(struct slice *text, struct slice name, struct slice *value)
{
	const char *blank = text->len ? memrchr(text->at, ' ', text->len)
				      : NULL;
	struct slice last;

	if (!blank)
		return false;
	last = slice_after(*text, (size_t)(blank - text->at) + 1);
	if (!slice_skip(&last, name))
		return false;
	*value = last;
	text->len = (size_t)(blank - text->at);
	return true;
}

/* "2/0/1": how many were accepted. */
static bool count_accepted(struct slice counts, uint64_t *accepted)
{
	struct slice deferred;
	struct slice count;
	uint64_t ignored;

	return slice_cut(&counts, '/', &count) &&
	       count.len <= MOST_RECIPIENTS_DIGITS &&
	       slice_number(count, accepted) &&
	       slice_cut(&counts, '/', &deferred) &&
	       slice_number(deferred, &ignored) &&
	       slice_number(counts, &ignored);
}

/*
 * Behind "file=": what Haraka writes itself stands before and behind the
 * server's response. Recipients are only counted.
 */
static bool fill_delivered(const struct reading *reading,
			   struct delivery *delivery)
{
	struct slice rest = delivery->text;
	struct slice file = take_value(&rest);
	struct slice mode;
	struct slice other;
	uint64_t accepted;

	if (!file.len ||
	    !take_named(&rest, SLICE("domain="), &delivery->domain) ||
	    !take_named(&rest, SLICE("host="), &delivery->relay_host) ||
	    !take_named(&rest, SLICE("ip="), &delivery->relay_ip) ||
	    !take_named(&rest, SLICE("port="), &delivery->relay_port) ||
	    !take_named(&rest, SLICE("mode="), &mode) ||
	    !cut_last(&rest, SLICE("rcpts="), &other) ||
	    !count_accepted(other, &accepted) ||
	    !cut_last(&rest, SLICE("fails="), &other) ||
	    !cut_last(&rest, SLICE("delay="), &delivery->delay))
		return false;
	if (slice_equal(mode, SLICE("LMTP")))
		delivery->service = SLICE("lmtp");
	if (slice_equal(delivery->relay_host, delivery->relay_ip))
		delivery->relay_host = (struct slice){ 0 };
	delivery->form = TEXT_ANSWER;
	delivery->text = (struct slice){ 0 };
	if (slice_cut_at(&rest, SLICE("response="), &other))
		delivery->text = plain(reading, take_value(&rest));
	if (accepted == 0)
		return true;
	delivery->status = STATUS_SENT;
	delivery->unnamed = (uint32_t)accepted - 1;
	if (accepted == 1)
		delivery->recipient = only_recipient(reading,
						     delivery->queue_id);
	return true;
}

/* What Haraka says of a domain that has no server. */
static void take_domain(struct delivery *delivery)
{
	static const struct slice starts[] = {
		SLICE("No MX for "),
		SLICE("Temporary MX lookup error for "),
		SLICE("No Such Domain: "),
		SLICE("Nowhere to deliver mail to for domain: "),
		SLICE("Domain "),
	};
	struct slice rest = delivery->text;
	struct slice domain;

	for (size_t i = 0; i < COUNT(starts); i++) {
		if (!slice_skip(&rest, starts[i]))
			continue;
		delivery->domain = slice_cut(&rest, ' ', &domain) ? domain
								  : rest;
		return;
	}
}

/* What stands behind "bouncing mail: " or "Temp failing ...: "; the list of
 * "Some recipients temp failed: <a@b.example>, <c@b.example>". */
static void explain_all(const struct reading *reading,
			struct delivery *delivery)
{
	struct memory *memory = reading->memory;
	struct slice named = delivery->text;
	struct slice before;
	struct recalled cause;

	(void)slice_skip(&delivery->text, SLICE("Error: "));
	(void)slice_skip(&delivery->text, SLICE("Upstream error: "));
	if ((slice_equal(delivery->text, SLICE("Tried all MXs")) ||
	     slice_starts(delivery->text, SLICE("Some recipients "))) &&
	    recall_find(memory->causes,
			key_of(memory->causes, reading, delivery->queue_id),
			&cause)) {
		delivery->text.at = reading->buf->at + reading->buf->len;
		delivery->text.len = cause.first.len;
		buf_add(reading->buf, cause.first);
	}
	if (is_answer(delivery->text))
		delivery->form = TEXT_ANSWER;
	else
		take_domain(delivery);
	delivery->recipient = only_recipient(reading, delivery->queue_id);
	if (!slice_starts(named, SLICE("Some recipients ")) ||
	    !slice_cut_at(&named, SLICE(": "), &before))
		return;
	delivery->recipient = address_without_brackets(address_next(&named));
	delivery->others = named;
}

/*
 * All recipients that are left. What was said of single recipients has been
 * told of each, until the mail is given up for them.
 */
static bool fill_all(const struct reading *reading, enum status status,
		     struct delivery *delivery)
{
	delivery->form = TEXT_OWN;
	if (slice_skip(&delivery->text, SLICE("Too many failures ("))) {
		status = STATUS_EXPIRED;
		if (slice_ends(delivery->text, SLICE(")")))
			delivery->text.len--;
	} else if (slice_starts(delivery->text, SLICE("Some recipients "))) {
		return true;
	}
	delivery->status = status;
	explain_all(reading, delivery);
	return true;
}

/* Of "msg="no" sender=..." and the like. */
static void fill_refusal(const struct reading *reading,
			 struct delivery *delivery)
{
	struct memory *memory = reading->memory;
	struct recalled client;

	delivery->service = SLICE("smtpd");
	delivery->status = STATUS_REJECTED;
	if (!delivery->client_ip.len &&
	    recall_find(memory->clients,
			key_of(memory->clients, reading,
			       session_of(delivery->queue_id)),
			&client))
		delivery->client_ip = client.first;
}

/* "DENYSOFT msg="later" sender=..."; false if nothing was refused. */
static bool take_refusal(const struct reading *reading, struct slice rest,
			 struct delivery *delivery)
{
	struct slice code = take_value(&rest);
	struct slice sender = { 0 };

	if (!slice_starts(code, SLICE("DENY")))
		return false;
	delivery->permanent = !slice_starts(code, SLICE("DENYSOFT"));
	if (take_named(&rest, SLICE("msg="), &delivery->text))
		delivery->text = plain(reading, delivery->text);
	if (take_named(&rest, SLICE("sender="), &sender))
		delivery->sender = address_without_brackets(
			plain(reading, sender));
	return true;
}

static void note_recipient(const struct reading *reading,
			   const struct delivery *delivery)
{
	struct memory *memory = reading->memory;
	uint64_t key = key_of(memory->recipients, reading, delivery->queue_id);
	struct recalled known;

	if (!recall_find(memory->recipients, key, &known))
		known.first = delivery->recipient;
	else if (!slice_equal(known.first, delivery->recipient))
		known.second = SLICE("others");
	else
		return;
	/* The table's text must not be put into the table. */
	known.first = delivery->recipient;
	recall_put(memory->recipients, key, &known);
}

/* "<a@b.example> code=DENY msg="no" sender=c@d.example"; "code=..." alone of
 * the queue. */
static bool fill_command(const struct reading *reading, enum stage stage,
			 struct delivery *delivery)
{
	struct slice rest = delivery->text;
	struct slice path = { 0 };

	if (stage != STAGE_EOM && (!address_take_path(&rest, &path) ||
				   !slice_skip(&rest, SLICE(" "))))
		return false;
	if (!slice_skip(&rest, SLICE("code=")))
		return false;
	delivery->text = (struct slice){ 0 };
	delivery->stage = stage;
	if (stage == STAGE_RCPT)
		delivery->recipient = path;
	else
		delivery->sender = path;
	if (take_refusal(reading, rest, delivery))
		fill_refusal(reading, delivery);
	else if (stage == STAGE_RCPT)
		note_recipient(reading, delivery);
	return true;
}

/* Of what the hooks of plugins decide, mail, rcpt and queue have lines of
 * their own; a connection that is refused ends with that. */
static bool fill_hook(const struct reading *reading, struct delivery *delivery)
{
	struct slice hook = reading->fields->values[FIELD_COMMAND];
	struct slice rest = delivery->text;

	if (slice_equal(hook, SLICE("data")))
		delivery->stage = STAGE_DATA;
	else if (slice_equal(hook, SLICE("data_post")))
		delivery->stage = STAGE_EOM;
	else
		return true;
	delivery->text = (struct slice){ 0 };
	if (take_refusal(reading, rest, delivery))
		fill_refusal(reading, delivery);
	return true;
}

/* Whether `mark` is in the text once: names and answers may hold it, too. */
static bool cut_once(struct slice *rest, struct slice mark,
		     struct slice *before)
{
	return slice_cut_at(rest, mark, before) &&
	       slice_find(*rest, mark) == SIZE_MAX;
}

/*
 * A session that ends without a transaction, its last answer ("lr") a refusal.
 * Names are the client's: where one of them looks like a field, nothing is
 * told.
 */
static bool fill_disconnect(const struct reading *reading,
			    struct delivery *delivery)
{
	struct slice rest = delivery->text;
	struct slice before;
	struct slice names;

	if (!cut_once(&rest, SLICE(" relay="), &names) ||
	    !cut_once(&rest, SLICE(" txns="), &before) ||
	    !cut_once(&rest, SLICE(" lr="), &before))
		return false;
	if (!slice_starts(before, SLICE("0 ")))
		return true;
	delivery->text = plain(reading, take_value(&rest));
	if (!is_answer(delivery->text))
		return true;
	delivery->client_ip = reading->fields->values[FIELD_CLIENT_IP];
	if (take_named(&names, SLICE("rdns="), &before) &&
	    memchr(before.at ? before.at : "", '.', before.len))
		delivery->client_host = before;
	(void)take_named(&names, SLICE("helo="), &delivery->helo);
	if (!delivery->helo.len)
		delivery->stage = STAGE_CONNECT;
	fill_refusal(reading, delivery);
	return true;
}

static bool read_reject(const struct reading *reading,
			struct delivery *delivery)
{
	struct slice command = reading->fields->values[FIELD_COMMAND];

	if (slice_equal(command, SLICE("recipient ")))
		return fill_command(reading, STAGE_RCPT, delivery);
	if (slice_equal(command, SLICE("sender ")))
		return fill_command(reading, STAGE_MAIL, delivery);
	if (slice_equal(command, SLICE("queue ")))
		return fill_command(reading, STAGE_EOM, delivery);
	if (slice_equal(command, SLICE("disconnect ")))
		return fill_disconnect(reading, delivery);
	return fill_hook(reading, delivery);
}

static bool read(const struct reading *reading, struct delivery *delivery)
{
	const struct slice *values = reading->fields->values;
	struct slice status = values[FIELD_STATUS];

	/* Nothing is in it yet; a text that was kept may need more room. */
	buf_reserve(reading->buf, RECALL_TEXT_MAX);
	delivery->queue_id = values[FIELD_QUEUE_ID];
	delivery->text = values[FIELD_TEXT];
	if (reading->fields->kind == LINE_REJECT)
		return read_reject(reading, delivery);
	delivery->service = SLICE("outbound");
	if (slice_equal(status, SLICE("recipient ")))
		return fill_recipient(reading, delivery);
	if (slice_equal(status, SLICE("delivered ")))
		return fill_delivered(reading, delivery);
	if (slice_equal(status, SLICE("bouncing ")))
		return fill_all(reading, STATUS_BOUNCED, delivery);
	return fill_all(reading, STATUS_DEFERRED, delivery);
}

static void note(const struct reading *reading)
{
	const struct slice *values = reading->fields->values;
	struct memory *memory = reading->memory;
	struct slice id = values[FIELD_QUEUE_ID];

	if (values[FIELD_CLIENT_IP].len)
		recall_put(
			memory->clients,
			key_of(memory->clients, reading, session_of(id)),
			&(struct recalled){ .first = values[FIELD_CLIENT_IP] });
	else if (values[FIELD_TEXT].len)
		recall_put(memory->causes, key_of(memory->causes, reading, id),
			   &(struct recalled){ .first = values[FIELD_TEXT] });
}

static bool suspects(struct slice message)
{
	static const struct slice marks[] = {
		SLICE("[outbound] recipient "),
		SLICE("delivered file="),
		SLICE("[outbound] bouncing "),
		SLICE("[outbound] Temp failing "),
		SLICE("code=DENY"),
	};

	for (size_t i = 0; i < COUNT(marks); i++)
		if (slice_find(message, marks[i]) != SIZE_MAX)
			return true;
	return false;
}

const struct format haraka_format = {
	.read = read,
	.suspects = suspects,
	.memory_new = memory_make,
	.memory_free = memory_drop,
	.note = note,
};
