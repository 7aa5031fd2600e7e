/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/format.h"

#include <ctype.h>

#include "parse/address.h"

/* Letters and digits; a rulebase only says where it ends. */
static bool is_queue_id(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!isalnum((unsigned char)text.at[i]))
			return false;
	return true;
}

/* Two pieces of an address put together: `"local"@domain`, or `head>tail`. */
static struct slice join(struct buf *buf, const struct slice pieces[4])
{
	size_t start = buf->len;

	for (size_t i = 0; i < 4; i++)
		buf_add(buf, pieces[i]);
	return (struct slice){ buf->at + start, buf->len - start };
}

static struct slice quoted_address(struct buf *buf, struct slice local,
				   struct slice domain)
{
	return join(buf, (const struct slice[4]){ SLICE("\""), local,
						  SLICE("\"@"), domain });
}

static struct slice recipient_of(struct buf *buf,
				 const struct slice values[FIELD_COUNT])
{
	if (values[FIELD_RECIPIENT_LOCAL].len)
		return quoted_address(buf, values[FIELD_RECIPIENT_LOCAL],
				      values[FIELD_RECIPIENT_DOMAIN]);
	if (values[FIELD_RECIPIENT_TAIL].len)
		return join(buf, (const struct slice[4]){
					 values[FIELD_RECIPIENT],
					 SLICE(">"),
					 values[FIELD_RECIPIENT_TAIL],
				 });
	return values[FIELD_RECIPIENT];
}

/* The parenthesis that Postfix closes; a line that was cut lacks it. */
static struct slice without_parenthesis(struct slice text)
{
	if (slice_ends(text, SLICE(")")))
		text.len--;
	return text;
}

/* The queue id at the very start of a text. */
static struct slice leading_id(struct slice text)
{
	size_t len = 0;

	while (len < text.len && isalnum((unsigned char)text.at[len]))
		len++;
	return slice_head(text, len);
}

/*
 * Under which queue id a mail goes on that was "sent": to an alias of local(8),
 * or to a content filter, which gave it back: "250 2.0.0 from MTA(smtp:
 * [127.0.0.1]:10025): 250 2.0.0 Ok: queued as 64F41606CC". A server outside
 * may write that, too, and is not believed.
 */
static struct slice handed_to(const struct slice values[FIELD_COUNT],
			      const struct delivery *delivery)
{
	struct slice rest = delivery->text;
	struct slice head;
	struct slice id = { 0 };

	if (slice_equal(delivery->service, SLICE("local")) &&
	    slice_skip(&rest, SLICE("forwarded as ")))
		return leading_id(rest);
	if (!values[FIELD_RELAY_PATH].len &&
	    nearness_of(values[FIELD_RELAY_IP]) < NEAR_INSIDE)
		return id;
	while (slice_cut_at(&rest, SLICE("queued as "), &head))
		id = leading_id(rest);
	return id;
}

static void fill_delivery(const struct slice values[FIELD_COUNT],
			  struct buf *buf, struct delivery *delivery)
{
	delivery->orig_to = values[FIELD_ORIG_TO];
	if (values[FIELD_ORIG_TO_LOCAL].len)
		delivery->orig_to = quoted_address(
			buf, values[FIELD_ORIG_TO_LOCAL],
			values[FIELD_ORIG_TO_DOMAIN]);
	/* relay=none, local and the names of pipe transports are no hosts. */
	if (values[FIELD_RELAY_IP].len || values[FIELD_RELAY_PATH].len) {
		delivery->relay_host = values[FIELD_RELAY_HOST];
		delivery->relay_ip = values[FIELD_RELAY_IP];
		delivery->relay_port = values[FIELD_RELAY_PORT];
	}
	delivery->delay = values[FIELD_DELAY];
	delivery->delays = values[FIELD_DELAYS];
	enhanced_parse(values[FIELD_DSN], &delivery->dsn);
	delivery->status = status_from_postfix(values[FIELD_STATUS]);
	delivery->text = without_parenthesis(values[FIELD_TEXT]);
	if (delivery->status == STATUS_SENT)
		delivery->handed_to = handed_to(values, delivery);
}

static enum stage reject_stage(struct slice command)
{
	static const struct {
		struct slice command;
		enum stage stage;
	} table[] = {
		{ SLICE("CONNECT"), STAGE_CONNECT },
		{ SLICE("HELO"), STAGE_EHLO },
		{ SLICE("EHLO"), STAGE_EHLO },
		{ SLICE("STARTTLS"), STAGE_STARTTLS },
		{ SLICE("AUTH"), STAGE_AUTH },
		{ SLICE("MAIL"), STAGE_MAIL },
		{ SLICE("RCPT"), STAGE_RCPT },
		{ SLICE("VRFY"), STAGE_RCPT },
		{ SLICE("DATA"), STAGE_DATA },
		{ SLICE("BDAT"), STAGE_DATA },
		{ SLICE("END-OF-MESSAGE"), STAGE_EOM },
		{ SLICE("header"), STAGE_EOM },
		{ SLICE("body"), STAGE_EOM },
		{ SLICE("mime-header"), STAGE_EOM },
		{ SLICE("nested-header"), STAGE_EOM },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (slice_equal(command, table[i].command))
			return table[i].stage;
	return STAGE_NONE;
}

/* "reject: header Subject: ...": the text begins with what the sender wrote. */
static bool is_content_check(struct slice command)
{
	return slice_equal(command, SLICE("body")) ||
	       slice_ends(command, SLICE("header"));
}

static void fill_reject(const struct slice values[FIELD_COUNT], struct buf *buf,
			struct delivery *delivery)
{
	delivery->status = STATUS_REJECTED;
	delivery->stage = reject_stage(values[FIELD_COMMAND]);
	delivery->client_host = values[FIELD_CLIENT_HOST];
	delivery->client_ip = values[FIELD_CLIENT_IP];
	delivery->sender = values[FIELD_SENDER];
	delivery->helo = values[FIELD_HELO];
	delivery->text = values[FIELD_TEXT];
	delivery->sender_words = is_content_check(values[FIELD_COMMAND]);
	if (values[FIELD_SMTP_CODE].len)
		delivery->text = join(buf, (const struct slice[4]){
						   values[FIELD_SMTP_CODE],
						   SLICE(" "),
						   values[FIELD_TEXT],
					   });
}

/* AUTH= of the client's MAIL FROM, which says nothing, stands behind it. */
static struct slice login_of(struct slice text)
{
	struct slice head;

	return slice_cut_at(&text, SLICE(", sasl_sender="), &head) ? head
								   : text;
}

static enum message_step step_of(const struct slice values[FIELD_COUNT],
				 const struct delivery *delivery)
{
	if (slice_ends(values[FIELD_STATUS], SLICE("expired")))
		return MESSAGE_EXPIRED;
	if (slice_equal(values[FIELD_TEXT], SLICE("removed")))
		return MESSAGE_ENDED;
	/* Only a client hands on; without one pickup has taken up again what
	 * "postsuper -r" has given another id. */
	if (delivery->handed_from.len && !delivery->client_ip.len)
		return MESSAGE_REQUEUED;
	return MESSAGE_GOES_ON;
}

/* Of "<id>" what is inside; the sender may have written anything. */
static struct slice message_id_of(struct slice text)
{
	return slice_ends(text, SLICE(">")) ? address_without_brackets(text)
					    : text;
}

/* What smtpd, pickup, cleanup and qmgr write of a message. */
static bool fill_message(const struct slice values[FIELD_COUNT],
			 struct buf *buf, struct delivery *delivery)
{
	bool has_sender = values[FIELD_NRCPT].len || values[FIELD_STATUS].len ||
			  values[FIELD_UID].len;
	bool forwarded = values[FIELD_ORIG_CLIENT_IP].len > 0;

	/* A proxied session; there is no queue file yet. */
	if (slice_equal(delivery->queue_id, SLICE("NOQUEUE")))
		return false;
	delivery->nearness = values[FIELD_UID].len
				     ? NEAR_INSIDE
				     : nearness_of(values[FIELD_CLIENT_IP]);
	delivery->client_host =
		values[forwarded ? FIELD_ORIG_CLIENT_HOST : FIELD_CLIENT_HOST];
	delivery->client_ip =
		values[forwarded ? FIELD_ORIG_CLIENT_IP : FIELD_CLIENT_IP];
	delivery->sasl_username = login_of(values[FIELD_SASL_USERNAME]);
	delivery->sender = values[FIELD_SENDER];
	if (values[FIELD_SENDER_LOCAL].len)
		delivery->sender = quoted_address(buf,
						  values[FIELD_SENDER_LOCAL],
						  values[FIELD_SENDER_DOMAIN]);
	delivery->null_sender = has_sender && !delivery->sender.len;
	delivery->message_id = message_id_of(values[FIELD_MESSAGE_ID]);
	delivery->size = values[FIELD_SIZE];
	delivery->nrcpt = values[FIELD_NRCPT];
	/* XFORWARD's queue id is that of any host, unless a filter here sent
	 * it. */
	if (is_queue_id(values[FIELD_ORIG_ID]) &&
	    (!values[FIELD_CLIENT_IP].len || delivery->nearness == NEAR_SELF))
		delivery->handed_from = values[FIELD_ORIG_ID];
	delivery->step = step_of(values, delivery);
	return true;
}

/*
 * liblognorm has no parser for quoted strings with escapes. So each escape in
 * the quoted local part at `at` is masked in the copy, by two bytes, and the
 * raw local part returned; the position behind its closing quote is put into
 * *end. Empty if there is none.
 */
static struct slice mask_local_part(struct slice message, struct buf *copy,
				    size_t at, size_t *end)
{
	size_t i = at;

	for (; i < message.len && message.at[i] != '"'; i++) {
		if (message.at[i] != '\\' || i + 1 == message.len)
			continue;
		copy->at[i++] = '_';
		copy->at[i] = '_';
	}
	*end = i;
	return slice_head(slice_after(message, at), i - at);
}

static void mask(struct slice message, struct buf *copy, struct slice locals[2])
{
	static const struct slice marks[2] = { SLICE(": to=<\""),
					       SLICE(", orig_to=<\"") };
	static const char stops[2] = { ':', ',' };
	size_t from = 0;

	if (!memchr(message.at, '\\', message.len))
		return;
	for (size_t i = 0; i < 2; i++) {
		struct slice rest = slice_after(message, from);
		const char *stop = rest.len
					   ? memchr(rest.at, stops[i], rest.len)
					   : NULL;

		if (!stop)
			break;
		from = (size_t)(stop - message.at);
		if (!slice_starts(slice_after(message, from), marks[i]))
			break;
		locals[i] = mask_local_part(message, copy, from + marks[i].len,
					    &from);
	}
}

/* The last part of the tag: "postfix/submission/smtpd" is smtpd. */
static struct slice service_of(struct slice program)
{
	struct slice head;

	while (slice_cut(&program, '/', &head))
		;
	return program;
}

static bool read(const struct reading *reading, struct delivery *delivery)
{
	const struct slice *values = reading->fields->values;

	if (!is_queue_id(values[FIELD_QUEUE_ID]))
		return false;
	delivery->service = service_of(reading->header->program);
	delivery->queue_id = values[FIELD_QUEUE_ID];
	if (reading->fields->kind == LINE_MESSAGE)
		return fill_message(values, reading->buf, delivery);
	delivery->recipient = recipient_of(reading->buf, values);
	if (reading->fields->kind == LINE_DELIVERY)
		fill_delivery(values, reading->buf, delivery);
	else
		fill_reject(values, reading->buf, delivery);
	return delivery->status != STATUS_NONE;
}

static bool suspects(struct slice message)
{
	static const struct slice rejects[] = {
		SLICE(": reject: "),
		SLICE("milter-reject: "),
		SLICE("proxy-reject: "),
	};

	if (slice_find(message, SLICE(" status=")) != SIZE_MAX &&
	    slice_find(message, SLICE(" to=")) != SIZE_MAX &&
	    slice_find(message, SLICE(" relay=")) != SIZE_MAX)
		return true;
	for (size_t i = 0; i < sizeof(rejects) / sizeof(rejects[0]); i++)
		if (slice_find(message, rejects[i]) != SIZE_MAX)
			return true;
	return false;
}

const struct format postfix_format = {
	.read = read,
	.suspects = suspects,
	.mask = mask,
};
