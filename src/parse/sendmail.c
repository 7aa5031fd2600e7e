/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/memory.h"
#include "base/recall.h"
#include "parse/address.h"
#include "parse/format.h"
#include "parse/sendmail_arrival.h"
#include "parse/sendmail_list.h"
#include "parse/sendmail_stat.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Clients that logged in, the latest. */
enum { LOGINS = 4096 };

/* No session lasts longer; then the process's number may be another's. */
#define LOGIN_US (3600 * INT64_C(1000000))

struct memory {
	struct recall *logins; /* SASL user */
};

static void *memory_make(void)
{
	struct memory *memory = memory_new(1, sizeof(*memory));

	memory->logins = recall_new(LOGINS);
	return memory;
}

static void memory_drop(void *made)
{
	struct memory *memory = made;

	recall_free(memory->logins);
	free(memory);
}

/* Each session has a process of its own. */
static uint64_t login_key(const struct reading *reading,
			  const struct delivery *delivery)
{
	const struct memory *memory = reading->memory;
	const struct slice parts[] = {
		reading->header->host,
		reading->header->program,
		reading->header->pid,
		delivery->client_ip,
	};

	return recall_key(memory->logins, parts, COUNT(parts));
}

static void note(const struct reading *reading)
{
	const struct slice *values = reading->fields->values;
	struct memory *memory = reading->memory;
	struct delivery login = { 0 };

	if (!slice_equal(values[FIELD_COMMAND], SLICE("AUTH=server")) ||
	    !reading->header->pid.len ||
	    !sendmail_login_read(values[FIELD_TEXT], &login))
		return;
	recall_put(memory->logins, login_key(reading, &login),
		   &(struct recalled){ .first = login.sasl_username,
				       .at_us = reading->header->time.us });
}

static void add_login(const struct reading *reading, struct delivery *delivery)
{
	const struct memory *memory = reading->memory;
	struct recalled login;

	if (recall_find(memory->logins, login_key(reading, delivery), &login) &&
	    reading->header->time.us - login.at_us < LOGIN_US)
		delivery->sasl_username = login.first;
}

static void blank_out(struct buf *text, size_t from, size_t length)
{
	memset(text->at + from, '_', length);
}

/*
 * Makes the odd list at `from` one quoted string, which the rules can read;
 * the list itself goes behind the message and its NUL. A list that has no end
 * is none: the message ends before it, so that no rule takes it.
 */
static void mask_list(struct buf *text, size_t from, size_t length,
		      struct slice *list)
{
	size_t whole = text->len;

	if (length < 2) {
		text->len = from;
		buf_add_char(text, '\0');
		return;
	}
	buf_reserve(text, length + 1);
	buf_add_char(text, '\0');
	buf_add(text, (struct slice){ text->at + from, length });
	*list = (struct slice){ text->at + whole + 1, length };
	blank_out(text, from, length);
	text->at[from] = '"';
	text->at[from + length - 1] = '"';
}

/* "ctladdr=" behind the list: whose the message is may hold a sender's words.
 */
static void mask_owner(struct buf *text, size_t at)
{
	static const struct slice mark = SLICE(", ctladdr=");
	struct slice rest = slice_after(buf_slice(text), at);
	size_t length;
	bool is_odd;

	if (!slice_skip(&rest, mark))
		return;
	length = sendmail_list_length(rest, SLICE(", "), &is_odd);
	if (length != SIZE_MAX && is_odd)
		blank_out(text, at + mark.len, length);
}

/* An address or a list of them that the rules may have to be spared. */
struct place {
	size_t from;
	struct slice stop; /* what follows it */
};

/* False if there is none in the message. */
static bool find_list(struct slice message, struct place *place)
{
	static const struct slice marks[] = {
		SLICE("to="),
		SLICE("ruleset=check_rcpt, arg1="),
		SLICE("ruleset=check_mail, arg1="),
		SLICE("Milter: to="),
		SLICE("Milter: from="),
	};
	size_t id = slice_find(message, SLICE(": "));
	struct slice rest = slice_after(message, id + 2);

	if (id == SIZE_MAX)
		return false;
	*place = (struct place){ id + 2, SLICE(", ") };
	for (size_t i = 0; i < COUNT(marks); i++) {
		if (!slice_starts(rest, marks[i]))
			continue;
		place->from += marks[i].len;
		return true;
	}
	/* "<a@b.example>... User unknown" */
	place->stop = SLICE("... ");
	return slice_starts(rest, SLICE("<"));
}

/* Solaris writes "[ID 801593 mail.info] " before each message. */
static void drop_message_id(struct buf *text)
{
	struct slice rest = buf_slice(text);
	struct slice id;

	if (!slice_starts(rest, SLICE("[ID ")) ||
	    !slice_cut_at(&rest, SLICE("] "), &id))
		return;
	memmove(text->at, rest.at, rest.len);
	text->len = rest.len;
}

static void mask(struct slice message, struct buf *copy, struct slice locals[2])
{
	struct place place = { 0 };
	size_t length = 0;
	bool is_odd = false;

	(void)message;
	copy->len--; /* the NUL */
	drop_message_id(copy);
	sendmail_unescape(copy);
	if (find_list(buf_slice(copy), &place)) {
		length = sendmail_list_length(
			slice_after(buf_slice(copy), place.from), place.stop,
			&is_odd);
		if (length != SIZE_MAX)
			mask_owner(copy, place.from + length);
		if (is_odd && length == SIZE_MAX)
			length = 0;
	}
	if (is_odd)
		mask_list(copy, place.from, length, &locals[0]);
	else
		buf_add_char(copy, '\0');
}

/* "6ANNeiwR032533[1]" is the first part of a line that was too long. */
static struct slice without_part(struct slice id, bool *cut)
{
	struct slice rest = id;

	*cut = slice_cut(&rest, '[', &id);
	return id;
}

/* Adds "1+12:04:52" (days, hours, minutes, seconds) in seconds. Empty if it is
 * none. */
static struct slice seconds_of(struct slice delay, struct buf *buf)
{
	static const struct {
		char stop;
		uint64_t units; /* of what stood before, in one of these */
	} parts[] = { { ':', 24 }, { ':', 60 } };
	struct slice part;
	uint64_t sum = 0;
	uint64_t number;
	size_t start = buf->len;

	if (slice_cut(&delay, '+', &part) && !slice_number(part, &sum))
		return (struct slice){ 0 };
	if (sum > 100000)
		return (struct slice){ 0 };
	for (size_t i = 0; i < COUNT(parts); i++) {
		if (!slice_cut(&delay, parts[i].stop, &part) || part.len > 2 ||
		    !slice_number(part, &number))
			return (struct slice){ 0 };
		sum = sum * parts[i].units + number;
	}
	if (delay.len > 2 || !slice_number(delay, &number))
		return (struct slice){ 0 };
	buf_add_number(buf, sum * 60 + number);
	return slice_after(buf_slice(buf), start);
}

/* The recipients of the line: the first one, and the others. */
static void read_recipients(const struct reading *reading,
			    struct delivery *delivery)
{
	const struct slice *values = reading->fields->values;
	size_t start = reading->buf->len;

	delivery->recipient = values[FIELD_RECIPIENT];
	delivery->others = values[FIELD_OTHERS];
	if (!values[FIELD_RECIPIENT_LOCAL].len)
		return;
	sendmail_list_add(values[FIELD_RECIPIENT_LOCAL], reading->buf);
	delivery->others = slice_after(buf_slice(reading->buf), start);
	(void)delivery_next(delivery);
}

/*
 * Without an address, relay= is a server only if it is a full name ("mx.a.
 * example."), which comes from an MX record; else it is the domain.
 */
static void read_relay(const struct slice values[FIELD_COUNT],
		       struct delivery *delivery)
{
	struct slice host = values[FIELD_RELAY_HOST];
	bool full = slice_ends(host, SLICE("."));

	if (full)
		host.len--;
	if (full || values[FIELD_RELAY_IP].len || values[FIELD_RELAY_PATH].len)
		delivery->relay_host = host;
	delivery->relay_ip = sendmail_bare_ip(values[FIELD_RELAY_IP]);
}

static bool read_attempt(const struct reading *reading,
			 struct delivery *delivery)
{
	const struct slice *values = reading->fields->values;
	struct sendmail_stat stat = {
		.text = values[FIELD_TEXT],
		.status = values[FIELD_STATUS],
	};

	delivery->queue_id = without_part(values[FIELD_QUEUE_ID], &stat.cut);
	/* " ..." says that the next part follows. */
	if (stat.cut && slice_ends(stat.text, SLICE(" ...")))
		stat.text.len -= 4;
	if (stat.cut && slice_ends(stat.status, SLICE(" ...")))
		stat.status.len -= 4;
	if (values[FIELD_RELAY_IP].len || values[FIELD_RELAY_PATH].len)
		stat.relay = SENDMAIL_CONNECTED;
	else if (values[FIELD_RELAY_HOST].len)
		stat.relay = SENDMAIL_NAMED;
	enhanced_parse(values[FIELD_DSN], &stat.dsn);
	delivery->service = values[FIELD_SERVICE];
	delivery->delay = seconds_of(values[FIELD_DELAY], reading->buf);
	read_recipients(reading, delivery);
	read_relay(values, delivery);
	return delivery->recipient.len && sendmail_stat_read(&stat, delivery);
}

static enum stage reject_stage(struct slice command)
{
	static const struct {
		struct slice command;
		enum stage stage;
	} table[] = {
		{ SLICE("check_relay"), STAGE_CONNECT },
		{ SLICE("connect:"), STAGE_CONNECT },
		{ SLICE("tls_client"), STAGE_STARTTLS },
		{ SLICE("helo="), STAGE_EHLO },
		{ SLICE("check_mail"), STAGE_MAIL },
		{ SLICE("from="), STAGE_MAIL },
		{ SLICE("check_rcpt"), STAGE_RCPT },
		{ SLICE("to="), STAGE_RCPT },
		{ SLICE("check_data"), STAGE_DATA },
		{ SLICE("data"), STAGE_EOM },
	};

	for (size_t i = 0; i < COUNT(table); i++)
		if (slice_equal(command, table[i].command))
			return table[i].stage;
	return command.len ? STAGE_EOM : STAGE_RCPT;
}

/* What stands behind the last "reject=", where the rules did not find it: no
 * later one can be forged. */
static bool take_reject(struct slice *text)
{
	static const struct slice mark = SLICE("reject=");
	struct slice before;
	bool found = false;

	while (slice_cut_at(text, mark, &before))
		found = true;
	return found;
}

static bool read_reject(const struct reading *reading,
			struct delivery *delivery)
{
	const struct slice *values = reading->fields->values;
	struct slice command = values[FIELD_COMMAND];

	delivery->text = values[FIELD_TEXT];
	if (slice_starts(delivery->text, SLICE("arg1=")) ||
	    slice_starts(delivery->text, SLICE("relay=")))
		if (!take_reject(&delivery->text))
			return false;
	/* Logged without its "550 5.1.1". */
	if (slice_equal(delivery->text, SLICE("User unknown")))
		delivery->dsn = (struct enhanced){ 5, 1, 1 };
	delivery->status = STATUS_REJECTED;
	delivery->stage = reject_stage(command);
	delivery->queue_id = values[FIELD_QUEUE_ID];
	delivery->client_host = values[FIELD_CLIENT_HOST];
	delivery->client_ip = sendmail_bare_ip(values[FIELD_CLIENT_IP]);
	delivery->sender = values[FIELD_SENDER];
	delivery->helo = values[FIELD_HELO];
	read_recipients(reading, delivery);
	return true;
}

/* Lines that name two messages: a bounce and what it is for, a copy with
 * another sender and what it is of. */
static void read_pair(const struct slice values[FIELD_COUNT],
		      struct delivery *delivery)
{
	if (slice_equal(values[FIELD_COMMAND], SLICE("clone"))) {
		delivery->queue_id = values[FIELD_ORIG_ID];
		delivery->handed_from = values[FIELD_QUEUE_ID];
		delivery->sender = values[FIELD_SENDER];
		return;
	}
	delivery->queue_id = values[FIELD_QUEUE_ID];
	delivery->bounced_as = values[FIELD_ORIG_ID];
	if (slice_starts(values[FIELD_TEXT], SLICE("Cannot send message for ")))
		delivery->step = MESSAGE_EXPIRED;
}

static bool read_message(const struct reading *reading,
			 struct delivery *delivery)
{
	const struct slice *values = reading->fields->values;
	bool cut;

	delivery->queue_id = without_part(values[FIELD_QUEUE_ID], &cut);
	if (values[FIELD_ORIG_ID].len) {
		read_pair(values, delivery);
		return true;
	}
	/* The daemon has it now, under an id of its own. */
	if (values[FIELD_STATUS].len) {
		delivery->step = MESSAGE_ENDED;
		return true;
	}
	if (!sendmail_arrival_read(values[FIELD_TEXT], reading->buf, delivery))
		return false;
	if (slice_equal(delivery->nrcpt, SLICE("0")))
		delivery->step = MESSAGE_ENDED;
	else
		add_login(reading, delivery);
	return true;
}

static bool read(const struct reading *reading, struct delivery *delivery)
{
	if (reading->fields->kind == LINE_MESSAGE)
		return read_message(reading, delivery);
	if (reading->fields->kind == LINE_REJECT)
		return read_reject(reading, delivery);
	return read_attempt(reading, delivery);
}

static bool suspects(struct slice message)
{
	return (slice_find(message, SLICE(": to=")) != SIZE_MAX &&
		slice_find(message, SLICE("delay=")) != SIZE_MAX &&
		slice_find(message, SLICE(" stat=")) != SIZE_MAX) ||
	       (slice_find(message, SLICE("ruleset=")) != SIZE_MAX &&
		slice_find(message, SLICE(", reject=")) != SIZE_MAX);
}

const struct format sendmail_format = {
	.read = read,
	.suspects = suspects,
	.mask = mask,
	.memory_new = memory_make,
	.memory_free = memory_drop,
	.note = note,
	.any_order = true,
};
