/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/format.h"

#include <ctype.h>

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
