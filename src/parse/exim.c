/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/format.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "parse/exim_address.h"
#include "parse/exim_arrival.h"
#include "parse/exim_causes.h"
#include "parse/exim_fields.h"
#include "parse/exim_parts.h"
#include "parse/exim_reject.h"
#include "parse/exim_text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { REJECT_COUNT = 64 };

/* Exim writes a reject to syslog twice in a row, as two logs' entry. */
#define TWICE_US INT64_C(2000000)

struct reject {
	uint64_t hash; /* 0: none */
	int64_t us;
};

struct exim_memory {
	struct exim_parts *parts;
	struct exim_causes *causes;
	uint64_t seed;
	struct reject rejects[REJECT_COUNT]; /* the latest, in a ring */
	size_t next;
};

static void *memory_of_exim_new(void)
{
	struct exim_memory *memory = memory_new(1, sizeof(*memory));

	memory->parts = exim_parts_new();
	memory->causes = exim_causes_new();
	memory->seed = hash_seed();
	return memory;
}

static void memory_of_exim_free(void *kept)
{
	struct exim_memory *memory = kept;

	exim_parts_free(memory->parts);
	exim_causes_free(memory->causes);
	free(memory);
}

/* Digits where the pattern has "0", the rest as it is. */
static bool has_shape(struct slice text, struct slice pattern)
{
	if (text.len < pattern.len)
		return false;
	for (size_t i = 0; i < pattern.len; i++)
		if (pattern.at[i] == '0' ? !isdigit((unsigned char)text.at[i])
					 : text.at[i] != pattern.at[i])
			return false;
	return true;
}

/* "2026-11-23 10:11:12.345 +0100 [4711] ", which Exim puts before the message
 * even in syslog; the header has told all of it. */
static struct slice without_stamp(struct slice message)
{
	struct slice rest = message;
	struct slice pid;

	if (!has_shape(rest, SLICE("0000-00-00 00:00:00")))
		return message;
	rest = slice_after(rest, sizeof("0000-00-00 00:00:00") - 1);
	if (has_shape(rest, SLICE(".000")))
		rest = slice_after(rest, 4);
	if (has_shape(rest, SLICE(" +0000")) ||
	    has_shape(rest, SLICE(" -0000")))
		rest = slice_after(rest, 6);
	if (!slice_skip(&rest, SLICE(" ")))
		return message;
	message = rest;
	if (slice_skip(&rest, SLICE("[")) && slice_cut(&rest, ']', &pid) &&
	    has_shape(pid, SLICE("0")) && slice_skip(&rest, SLICE(" ")))
		return rest;
	return message;
}

static bool gather(void *kept, struct header *header)
{
	struct exim_memory *memory = kept;

	if (header->own_log)
		return true;
	if (!exim_parts_add(memory->parts, header))
		return false;
	header->message = without_stamp(header->message);
	return true;
}

static bool left(void *kept, bool all, struct header *header)
{
	struct exim_memory *memory = kept;

	if (!exim_parts_left(memory->parts, all, header))
		return false;
	header->message = without_stamp(header->message);
	return true;
}

/* "1xVdeN-0008O6-1D"; from 4.97 on "1sDcEe-000000004BC-0oYZ". */
static bool is_message_id(struct slice text)
{
	static const size_t dashes[][2] = { { 6, 13 }, { 6, 18 } };
	static const size_t lens[] = { 16, 23 };

	for (size_t form = 0; form < COUNT(lens); form++) {
		bool good = text.len == lens[form];

		for (size_t i = 0; good && i < text.len; i++)
			good = i == dashes[form][0] || i == dashes[form][1]
				       ? text.at[i] == '-'
				       : isalnum((unsigned char)text.at[i]);
		if (good)
			return true;
	}
	return false;
}

static enum status status_of(struct slice flag)
{
	if (slice_equal(flag, SLICE("**")))
		return STATUS_BOUNCED;
	if (slice_equal(flag, SLICE("==")))
		return STATUS_DEFERRED;
	return STATUS_SENT;
}

/* Seconds, from "0.138s" or "1d2h3m4s"; empty if it is neither. */
static struct slice seconds_of(struct slice time, struct buf *buf)
{
	static const struct {
		char unit;
		uint64_t seconds;
	} units[] = {
		{ 'w', 604800 }, { 'd', 86400 }, { 'h', 3600 },
		{ 'm', 60 },     { 's', 1 },
	};
	size_t start = buf->len;
	struct slice fraction = { 0 };
	struct slice whole = { 0 };
	struct slice number;
	uint64_t count;
	uint64_t sum = 0;

	for (size_t i = 0; i < COUNT(units); i++) {
		if (!slice_cut(&time, units[i].unit, &number))
			continue;
		fraction = number;
		if (!slice_cut(&fraction, '.', &whole)) {
			whole = number;
			fraction = (struct slice){ 0 };
		}
		if (whole.len > 9 || !slice_number(whole, &count))
			return (struct slice){ 0 };
		sum += count * units[i].seconds;
	}
	if (time.len || !whole.len ||
	    (fraction.len &&
	     (fraction.len > 6 || !slice_number(fraction, &count))))
		return (struct slice){ 0 };
	buf_add_number(buf, sum);
	if (fraction.len) {
		buf_add_char(buf, '.');
		buf_add(buf, fraction);
	}
	return (struct slice){ buf->at + start, buf->len - start };
}

/* " DT=0.07s" behind the text of a failure. It may be the server's as well, so
 * it only goes. */
static struct slice without_time(struct slice text)
{
	const char *blank = text.len ? memrchr(text.at, ' ', text.len) : NULL;
	struct slice tail = slice_after(text, blank ? (size_t)(blank - text.at)
						    : text.len);

	if (!slice_skip(&tail, SLICE(" DT=")) ||
	    !slice_ends(tail, SLICE("s")) || !has_shape(tail, SLICE("0")))
		return text;
	return slice_head(text, (size_t)(blank - text.at));
}

/* Deferrals that tell of no attempt: it was not yet time for one. */
static bool is_no_attempt(const struct exim_fields *fields)
{
	static const struct slice texts[] = {
		SLICE("retry time not reached"),
		SLICE("domain matches queue_"),
		SLICE("concurrency limit reached for transport"),
	};

	for (size_t i = 0; i < COUNT(texts); i++)
		if (slice_starts(fields->text, texts[i]))
			return true;
	return false;
}

/* Failures because of all the deferrals before. */
static bool is_expired(struct slice text)
{
	static const struct slice end = SLICE("retry timeout exceeded");

	return slice_ends(text, end) ||
	       slice_starts(text, SLICE("retry time not reached for any host "
					"after a long failure period")) ||
	       (slice_starts(text, SLICE("all hosts ")) &&
		slice_find(text, SLICE(" have been failing for a long time")) !=
			SIZE_MAX);
}

/* errno's words and Exim's: "Connection timed out: SMTP timeout after ..." */
static struct slice join_error(const struct exim_fields *fields,
			       struct buf *buf)
{
	size_t start = buf->len;

	if (!fields->error_text.len)
		return fields->text;
	if (!fields->text.len)
		return fields->error_text;
	buf_add(buf, fields->error_text);
	buf_add(buf, SLICE(": "));
	buf_add(buf, fields->text);
	return (struct slice){ buf->at + start, buf->len - start };
}

static void fill_failure(const struct exim_fields *fields, struct buf *buf,
			 struct exim_memory *memory, struct delivery *delivery)
{
	if (delivery->status == STATUS_DEFERRED) {
		if (is_no_attempt(fields)) {
			delivery->status = STATUS_NONE;
			return;
		}
		exim_text_read(join_error(fields, buf), buf, delivery);
		exim_causes_add(memory->causes, delivery);
		return;
	}
	exim_text_read(without_time(fields->text), buf, delivery);
	if (delivery->form == TEXT_OWN && is_expired(delivery->text)) {
		delivery->status = STATUS_EXPIRED;
		delivery->untried = true;
		(void)exim_causes_find(memory->causes, delivery);
	}
}

/*
 * Under which id a mail goes on that a filter took and gave back: "250 2.0.0
 * from MTA(smtp:[127.0.0.1]:10025): 250 OK id=1xVdeN-0008O6-1D". A server
 * outside may write that, too, and is not believed.
 */
static struct slice handed_to(const struct delivery *delivery)
{
	struct slice rest = delivery->text;
	struct slice found = { 0 };
	struct slice before;

	if (nearness_of(delivery->relay_ip) < NEAR_INSIDE)
		return found;
	while (slice_cut_at(&rest, SLICE(" id="), &before)) {
		struct slice id = rest;
		struct slice behind = rest;

		if (slice_cut(&behind, ' ', &before))
			id = before;
		if (is_message_id(id))
			found = id;
	}
	return found;
}

static bool read_delivery(const struct reading *reading,
			  struct delivery *delivery)
{
	const struct slice *values = reading->fields->values;
	struct slice rest = reading->header->message;
	struct exim_address address;
	struct exim_fields fields;

	/* Behind the id, the flag and the blanks; with its bytes as they are.
	 */
	rest = slice_after(rest, values[FIELD_QUEUE_ID].len + 4);
	if (!exim_address_take(&rest, &address))
		return false;
	exim_fields_parse(rest, &fields);
	delivery->service = fields.transport;
	delivery->recipient = address.recipient;
	delivery->orig_to = address.original;
	delivery->relay_host = fields.host;
	delivery->relay_ip = fields.ip;
	delivery->relay_port = fields.port;
	delivery->delay = seconds_of(fields.queue_time.len
					     ? fields.queue_time
					     : fields.delivery_time,
				     reading->buf);
	delivery->status = status_of(values[FIELD_STATUS]);
	if (delivery->status != STATUS_SENT) {
		fill_failure(&fields, reading->buf, reading->memory, delivery);
		return true;
	}
	delivery->form = TEXT_ANSWER;
	delivery->text = exim_text_confirmation(fields.confirmation,
						reading->buf);
	delivery->handed_to = handed_to(delivery);
	return true;
}

/* Whether syslog had it before, from the other one of Exim's two logs. */
static bool is_second(struct exim_memory *memory, const struct header *header)
{
	uint64_t hash = hash_slice(header->message,
				   hash_slice(header->pid, memory->seed)) |
			1;
	int64_t us = header->time.us;

	if (header->own_log || !header->pid.len)
		return false;
	for (size_t i = 0; i < REJECT_COUNT; i++) {
		struct reject *reject = &memory->rejects[i];

		if (reject->hash == hash && us - reject->us <= TWICE_US &&
		    reject->us - us <= TWICE_US) {
			*reject = (struct reject){ 0 };
			return true;
		}
	}
	memory->rejects[memory->next] = (struct reject){ hash, us };
	memory->next = (memory->next + 1) % REJECT_COUNT;
	return false;
}

static bool read_reject(const struct reading *reading,
			struct delivery *delivery)
{
	struct slice rest = reading->header->message;
	struct slice id = reading->fields->values[FIELD_QUEUE_ID];

	if (id.len)
		rest = slice_after(rest, id.len + 1);
	/* Else it tells of a server that was delivered to. */
	if (!exim_reject_read(rest, reading->buf, delivery))
		return !exim_reject_suspects(rest);
	if (is_second(reading->memory, reading->header))
		delivery->status = STATUS_NONE;
	return true;
}

/* "ID <= ..." or "ID Completed". */
static void read_message(const struct reading *reading,
			 struct delivery *delivery)
{
	const struct slice *values = reading->fields->values;

	if (values[FIELD_STATUS].len) {
		delivery->step = MESSAGE_ENDED;
		return;
	}
	exim_arrival_read(
		slice_after(reading->header->message,
			    values[FIELD_QUEUE_ID].len + sizeof(" <= ") - 1),
		reading->buf, delivery);
}

static bool read(const struct reading *reading, struct delivery *delivery)
{
	struct slice id = reading->fields->values[FIELD_QUEUE_ID];

	if (id.len && !is_message_id(id))
		return false;
	delivery->queue_id = id;
	if (reading->fields->kind == LINE_MESSAGE) {
		read_message(reading, delivery);
		return true;
	}
	return reading->fields->kind == LINE_DELIVERY
		       ? read_delivery(reading, delivery)
		       : read_reject(reading, delivery);
}

/* "1xVdeN-0008O6-1D ** " and the like. */
static bool suspects(struct slice message)
{
	static const struct slice flags[] = { SLICE(" ** "), SLICE(" == ") };
	size_t client = slice_find(message, SLICE(" H="));

	for (size_t i = 0; i < COUNT(flags); i++) {
		struct slice rest = message;
		struct slice before;
		struct slice id;

		if (!slice_cut_at(&rest, flags[i], &before))
			continue;
		while (slice_cut(&before, ' ', &id))
			;
		if (is_message_id(before))
			return true;
	}
	if (!slice_starts(message, SLICE("H=")) && client != SIZE_MAX)
		message = slice_after(message, client + 1);
	return exim_reject_suspects(message);
}

const struct format exim_format = {
	.read = read,
	.suspects = suspects,
	.gather = gather,
	.left = left,
	.memory_new = memory_of_exim_new,
	.memory_free = memory_of_exim_free,
};
