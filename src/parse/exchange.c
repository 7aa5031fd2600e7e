/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/memory.h"
#include "parse/csv.h"
#include "parse/exchange_status.h"
#include "parse/format.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Exchange 2019 has 30 columns; what stands further behind is not looked at. */
enum { FIELDS = 64 };

/* Those that tell of an attempt; source, event and id in the order of the
 * rules. */
enum column {
	COLUMN_CLIENT_HOST,
	COLUMN_SERVER_IP,
	COLUMN_SERVER_HOST,
	COLUMN_CONTEXT,
	COLUMN_CONNECTOR,
	COLUMN_SOURCE,
	COLUMN_EVENT,
	COLUMN_ID,
	COLUMN_RECIPIENTS,
	COLUMN_STATUSES,
	COLUMN_INFO,
	COLUMN_COUNT
};

static const struct slice names[COLUMN_COUNT] = {
	[COLUMN_CLIENT_HOST] = SLICE("client-hostname"),
	[COLUMN_SERVER_IP] = SLICE("server-ip"),
	[COLUMN_SERVER_HOST] = SLICE("server-hostname"),
	[COLUMN_CONTEXT] = SLICE("source-context"),
	[COLUMN_CONNECTOR] = SLICE("connector-id"),
	[COLUMN_SOURCE] = SLICE("source"),
	[COLUMN_EVENT] = SLICE("event-id"),
	[COLUMN_ID] = SLICE("internal-message-id"),
	[COLUMN_RECIPIENTS] = SLICE("recipient-address"),
	[COLUMN_STATUSES] = SLICE("recipient-status"),
	[COLUMN_INFO] = SLICE("message-info"),
};

/* Where each column is, not counting date-time, which is the first. */
struct layout {
	uint8_t at[COLUMN_COUNT]; /* FIELDS: nowhere */
};

/* The order of Exchange 2013 and later. */
static const struct layout current = { { 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 20 } };

/* That of 2010, without network-message-id: 26 columns at most. */
static const struct layout before_2013 = { { 1, 2, 3, 4, 5, 6, 7, 8, 10, 11,
					     19 } };

enum { COLUMNS_BEFORE_2013 = 26, COLUMNS_LEAST = 20 };

/* Of a text that several recipients share, so that a line of a hundred bytes a
 * recipient does not become an output of 64 KiB each. */
enum { SHARED_LIMIT = 2048 };

struct memory {
	struct layout layout; /* of the last "#Fields:" */
	bool has_layout;
	bool is_other_log; /* the last "#Fields:" is of no message tracking */
	/* Of the line in hand; empty if it cannot be read. */
	struct slice values[COLUMN_COUNT];
	struct buf line; /* as it is, without NUL */
	struct buf unquoted;
	struct buf message; /* for the rules */
	struct buf texts;   /* elements of lists */
	struct buf shares;
};

static void *memory_make(void)
{
	return memory_new(1, sizeof(struct memory));
}

static void memory_drop(void *made)
{
	struct memory *memory = made;

	buf_clear(&memory->line);
	buf_clear(&memory->unquoted);
	buf_clear(&memory->message);
	buf_clear(&memory->texts);
	buf_clear(&memory->shares);
	free(memory);
}

/* "date-time,client-ip,...": the order of the columns in the lines that follow.
 */
static void read_head(struct memory *memory, struct slice head)
{
	struct slice fields[FIELDS] = { 0 };
	size_t count;

	buf_reset(&memory->unquoted);
	count = csv_split(head, &memory->unquoted, fields, FIELDS);
	memset(memory->layout.at, FIELDS, sizeof(memory->layout.at));
	for (size_t i = 1; i < count && i < FIELDS; i++)
		for (size_t k = 0; k < COLUMN_COUNT; k++)
			if (slice_equal(fields[i], names[k]))
				memory->layout.at[k] = (uint8_t)(i - 1);
	memory->has_layout = true;
	memory->is_other_log = memory->layout.at[COLUMN_EVENT] == FIELDS ||
			       memory->layout.at[COLUMN_SOURCE] == FIELDS ||
			       memory->layout.at[COLUMN_RECIPIENTS] == FIELDS;
}

static const struct layout *layout_of(const struct memory *memory, size_t count)
{
	if (memory->has_layout)
		return &memory->layout;
	return count < COLUMNS_BEFORE_2013 ? &before_2013 : &current;
}

/* Takes the columns of `text`, a line without its date-time. False if it is not
 * whole. */
static bool read_values(struct memory *memory, struct slice text)
{
	struct slice fields[FIELDS] = { 0 };
	const struct layout *layout;
	size_t count;
	char *nul;

	buf_reset(&memory->line);
	buf_add(&memory->line, text);
	while ((nul = memchr(memory->line.at, '\0', memory->line.len)))
		*nul = '?';
	buf_reset(&memory->unquoted);
	count = csv_split(buf_slice(&memory->line), &memory->unquoted, fields,
			  FIELDS);
	layout = layout_of(memory, count);
	if (count + 1 < COLUMNS_LEAST || layout->at[COLUMN_EVENT] >= count)
		return false;
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		if (layout->at[i] < FIELDS)
			memory->values[i] = fields[layout->at[i]];
	return true;
}

/* The columns that the rules look at, none of them in quotes. */
static void write_message(struct memory *memory)
{
	struct buf *message = &memory->message;

	buf_reset(message);
	buf_add(message, SLICE(",,,,,,"));
	for (size_t i = COLUMN_SOURCE; i <= COLUMN_ID; i++) {
		size_t start = message->len;

		buf_add(message, memory->values[i]);
		for (size_t k = start; k < message->len; k++)
			if (message->at[k] == ',')
				message->at[k] = ' ';
		buf_add_char(message, ',');
	}
}

/* Through syslog the line comes with its own stamp. */
static struct slice without_stamp(struct slice text, struct stamp *time)
{
	struct stamp stamp;
	struct slice rest = slice_after(text,
					stamp_parse_rfc3339(text, &stamp));

	if (!stamp.known || !slice_skip(&rest, SLICE(",")))
		return text;
	*time = stamp;
	return rest;
}

static bool gather(void *kept, struct header *header)
{
	struct memory *memory = kept;
	struct slice text = header->message;

	memset(memory->values, 0, sizeof(memory->values));
	if (slice_skip(&text, SLICE("#Fields: ")))
		read_head(memory, text);
	if (slice_starts(header->message, SLICE("#")) || !text.len)
		return false;
	text = without_stamp(text, &header->time);
	if (memory->is_other_log)
		return false;
	/* What is not whole is known to no rule. */
	header->message = SLICE("?");
	if (read_values(memory, text)) {
		write_message(memory);
		header->message = buf_slice(&memory->message);
	}
	return true;
}

static enum status status_of(struct slice event)
{
	static const struct {
		struct slice event;
		enum status status;
	} table[] = {
		{ SLICE("SEND"), STATUS_SENT },
		{ SLICE("SENDEXTERNAL"), STATUS_SENT },
		{ SLICE("DELIVER"), STATUS_SENT },
		{ SLICE("FAIL"), STATUS_BOUNCED },
		{ SLICE("DEFER"), STATUS_DEFERRED },
	};

	for (size_t i = 0; i < COUNT(table); i++)
		if (slice_equal(event, table[i].event))
			return table[i].status;
	return STATUS_NONE;
}

/* As other mail servers name their agents; others as they are. */
static struct slice service_of(struct slice source)
{
	static const struct {
		struct slice source;
		struct slice service;
	} table[] = {
		{ SLICE("SMTP"), SLICE("smtp") },
		{ SLICE("STOREDRIVER"), SLICE("storedriver") },
		{ SLICE("ROUTING"), SLICE("routing") },
		{ SLICE("AGENT"), SLICE("agent") },
		{ SLICE("QUEUE"), SLICE("queue") },
		{ SLICE("DNS"), SLICE("dns") },
	};

	for (size_t i = 0; i < COUNT(table); i++)
		if (slice_equal(source, table[i].source))
			return table[i].service;
	return source;
}

/*
 * Within the organisation, the next Exchange service logs what becomes of the
 * mail: the transport of another server, or the mailbox delivery of this one.
 */
static bool is_handed_on(const struct slice *values)
{
	return slice_equal(values[COLUMN_EVENT], SLICE("SEND")) &&
	       slice_equal(values[COLUMN_CONNECTOR],
			   SLICE("Intra-Organization SMTP Send Connector"));
}

/*
 * Who wrote the line, and where the mail was to go. What is sent goes from
 * client to server; of what came by a receive connector ("SERVER\NAME"), and of
 * what never left, this is the server.
 */
static void read_hosts(const struct slice *values, struct delivery *delivery,
		       struct share *share)
{
	struct slice connector = values[COLUMN_CONNECTOR];
	bool received = connector.len &&
			memchr(connector.at, '\\', connector.len);
	bool left = share->status == STATUS_SENT ||
		    slice_equal(values[COLUMN_SOURCE], SLICE("SMTP"));
	struct slice host = values[COLUMN_SERVER_HOST];

	if (left && !received && values[COLUMN_CLIENT_HOST].len) {
		host = values[COLUMN_CLIENT_HOST];
		share->relay_host = values[COLUMN_SERVER_HOST];
		share->relay_ip = values[COLUMN_SERVER_IP];
	}
	if (host.len)
		delivery->host = host;
}

/* message-info of what was delivered begins with when the message came. */
static void add_delay(struct slice info, struct buf *buf,
		      struct delivery *delivery)
{
	struct stamp origin;
	size_t start = buf->len;
	int64_t delay_us;

	stamp_parse_rfc3339(info, &origin);
	if (!origin.known || !delivery->time.known ||
	    origin.us > delivery->time.us)
		return;
	delay_us = delivery->time.us - origin.us;
	buf_add_number(buf, (uint64_t)delay_us / 1000000);
	buf_add_char(buf, '.');
	buf_add_padded(buf, (uint64_t)delay_us / 1000 % 1000, 3);
	delivery->delay = slice_after(buf_slice(buf), start);
}

static size_t count_elements(struct memory *memory, struct slice list)
{
	struct slice element;
	size_t count = 0;

	buf_reset(&memory->texts);
	while (exchange_list_next(&list, &memory->texts, &element))
		count++;
	return count;
}

/* What `text` says of the recipient; false if it is that there is no failure
 * ("250 2.1.5 RESOLVER.MSGTYPE.OOF; handled"). */
static bool read_share(struct slice text, const struct slice *values,
		       struct share *share)
{
	if (share->status == STATUS_SENT) {
		share->text = text;
		share->form = TEXT_ANSWER;
		return true;
	}
	if (!text.len)
		text = slice_head(values[COLUMN_CONTEXT], SHARED_LIMIT);
	if (!exchange_status_read(text, share))
		return false;
	if (share->status == STATUS_BOUNCED &&
	    exchange_status_is_expiry(share->text))
		share->status = STATUS_EXPIRED;
	if (share->stage == STAGE_NONE &&
	    slice_equal(values[COLUMN_SOURCE], SLICE("STOREDRIVER")))
		share->stage = STAGE_LOCAL;
	return true;
}

/* What all recipients were told, who are `count`: the one element of the list,
 * or the list as it is, where it is not of one for each. */
static struct slice read_shared_text(struct memory *memory, size_t count)
{
	struct slice list = memory->values[COLUMN_STATUSES];
	struct slice text = list;
	bool one = exchange_list_next(&list, &memory->texts, &text) &&
		   !list.len;

	if (!one)
		text = memory->values[COLUMN_STATUSES];
	return count < 2 ? text : slice_head(text, SHARED_LIMIT);
}

static void add_share(struct memory *memory, struct slice text,
		      struct share share)
{
	if (read_share(text, memory->values, &share))
		buf_add(&memory->shares,
			(struct slice){ (const char *)&share, sizeof(share) });
}

/* A share for each recipient that the line tells an attempt of, each like
 * `form` but for what it was told. */
static void read_shares(struct memory *memory, const struct share *form)
{
	struct slice recipients = memory->values[COLUMN_RECIPIENTS];
	struct slice statuses = memory->values[COLUMN_STATUSES];
	size_t count = count_elements(memory, recipients);
	bool own_texts = count == count_elements(memory, statuses);
	struct share share = *form;
	struct slice text;

	buf_reset(&memory->shares);
	buf_reset(&memory->texts);
	/* So that it does not move. */
	buf_reserve(&memory->texts, recipients.len + 2 * statuses.len);
	text = read_shared_text(memory, count);
	if (!count)
		add_share(memory, text, share);
	while (exchange_list_next(&recipients, &memory->texts,
				  &share.recipient)) {
		if (own_texts)
			(void)exchange_list_next(&statuses, &memory->texts,
						 &text);
		if (share.recipient.len)
			add_share(memory, text, share);
	}
}

static bool read(const struct reading *reading, struct delivery *delivery)
{
	struct memory *memory = reading->memory;
	const struct slice *values = memory->values;
	struct share form = { .status = status_of(values[COLUMN_EVENT]) };

	if (form.status == STATUS_NONE)
		return false;
	if (is_handed_on(values))
		return true;
	delivery->service = service_of(values[COLUMN_SOURCE]);
	delivery->queue_id = values[COLUMN_ID];
	read_hosts(values, delivery, &form);
	if (form.status == STATUS_SENT)
		add_delay(values[COLUMN_INFO], reading->buf, delivery);
	read_shares(memory, &form);
	delivery->shares = buf_slice(&memory->shares);
	(void)delivery_next(delivery);
	return true;
}

static bool suspects(struct slice message)
{
	static const struct slice marks[] = {
		SLICE(",SEND,"), SLICE(",SENDEXTERNAL,"), SLICE(",DELIVER,"),
		SLICE(",FAIL,"), SLICE(",DEFER,"),
	};

	for (size_t i = 0; i < COUNT(marks); i++)
		if (slice_find(message, marks[i]) != SIZE_MAX)
			return true;
	return false;
}

const struct format exchange_format = {
	.read = read,
	.suspects = suspects,
	.gather = gather,
	.memory_new = memory_make,
	.memory_free = memory_drop,
};
