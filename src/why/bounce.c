/* SPDX-License-Identifier: Apache-2.0 */
#include "why/bounce.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/fd.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "why/mail_guard.h"
#include "why/mail_parts.h"
#include "why/notice.h"
#include "why/status_fields.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	MAIL_DEPTH = 8, /* mails in mails */
	READ_SIZE = 65536,
};

struct bounce {
	struct arena texts;
	struct buf decoded; /* scratch of keep() */
	struct buf line;
	struct delivery *deliveries;
	size_t count;
	size_t size; /* room in deliveries */
	bool cut;
	/* The last text that was kept: many recipients may share it. */
	struct slice last;
	struct slice last_kept;
};

/* Fields that only mails have, or have first. */
static const struct slice mail_fields[] = {
	SLICE("return-path"),  SLICE("received"),
	SLICE("delivered-to"), SLICE("from"),
	SLICE("to"),           SLICE("subject"),
	SLICE("date"),         SLICE("message-id"),
	SLICE("mime-version"), SLICE("content-type"),
	SLICE("envelope-to"),  SLICE("x-original-to"),
	SLICE("reply-to"),     SLICE("auto-submitted"),
};

static struct slice skip_preamble(struct slice text)
{
	struct slice line;

	(void)slice_skip(&text, SLICE("\xef\xbb\xbf"));
	while (text.len && (text.at[0] == '\n' || text.at[0] == '\r'))
		text = slice_after(text, 1);
	if (slice_starts(text, SLICE("From ")))
		(void)slice_cut(&text, '\n', &line);
	return text;
}

/* The name of the field that begins the line; empty if none does. */
static struct slice field_name(struct slice line)
{
	struct slice name;

	if (!slice_cut(&line, ':', &name))
		return (struct slice){ 0 };
	for (size_t i = 0; i < name.len; i++)
		if (!isalnum((unsigned char)name.at[i]) && name.at[i] != '-' &&
		    name.at[i] != '_')
			return (struct slice){ 0 };
	return name;
}

bool bounce_is_mail(struct slice head)
{
	struct slice rest = skip_preamble(head);
	struct slice line;
	size_t fields = 0;
	bool known = false;

	while (slice_cut(&rest, '\n', &line)) {
		struct slice name = field_name(line);

		if (fields && line.len &&
		    (line.at[0] == ' ' || line.at[0] == '\t'))
			continue;
		if (!name.len)
			break;
		fields++;
		for (size_t i = 0; i < COUNT(mail_fields); i++)
			if (slice_equal_nocase(name, mail_fields[i]))
				known = true;
	}
	return known && fields > 1;
}

static int read_all(int fd, const char *name, struct buf *bytes,
		    struct fault *fault)
{
	while (fd >= 0 && bytes->len < BOUNCE_SIZE_LIMIT) {
		ssize_t got;

		buf_reserve(bytes, READ_SIZE);
		got = fd_read(fd, bytes->at + bytes->len, READ_SIZE);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fault_set(fault, "%s: %s", name,
					 strerror(errno));
		if (got == 0)
			break;
		bytes->len += (size_t)got;
	}
	return 0;
}

static bool is_control(struct slice sequence)
{
	unsigned char first = (unsigned char)sequence.at[0];

	return first <= ' ' || first == 0x7f ||
	       (first == 0xc2 && (unsigned char)sequence.at[1] < 0xa0);
}

/* One line of UTF-8: what is no character for people becomes a blank, several
 * blanks one. */
static void add_line(struct buf *line, struct slice text)
{
	bool blank = false;

	while (text.len && line->len < BOUNCE_TEXT_LIMIT - 8) {
		size_t len = utf8_sequence(text);

		if (len && is_control(text)) {
			blank = line->len > 0;
		} else {
			if (blank)
				buf_add_char(line, ' ');
			blank = false;
			buf_add(line,
				len ? slice_head(text, len) : UTF8_REPLACEMENT);
		}
		text = slice_after(text, len ? len : 1);
	}
}

static struct slice keep(struct bounce *bounce, struct slice text)
{
	if (!text.len)
		return (struct slice){ 0 };
	buf_reset(&bounce->decoded);
	buf_reset(&bounce->line);
	mail_parts_add_decoded(&bounce->decoded,
			       slice_head(text, BOUNCE_TEXT_LIMIT));
	add_line(&bounce->line, buf_slice(&bounce->decoded));
	if (!bounce->line.len)
		return (struct slice){ 0 };
	return arena_keep(&bounce->texts, buf_slice(&bounce->line));
}

static struct slice keep_shared(struct bounce *bounce, struct slice text)
{
	if (text.len && text.at == bounce->last.at &&
	    text.len == bounce->last.len)
		return bounce->last_kept;
	bounce->last = text;
	bounce->last_kept = keep(bounce, text);
	return bounce->last_kept;
}

/* As status_fields_take and notice_take. */
static bool take_delivery(void *context, const struct delivery *delivery)
{
	struct bounce *bounce = context;
	struct slice recipient = keep(bounce, delivery->recipient);
	struct delivery *kept;

	/* Of control characters alone nothing is left. */
	if (!recipient.len)
		return true;
	if (bounce->count == BOUNCE_LIMIT) {
		bounce->cut = true;
		return false;
	}
	if (bounce->count == bounce->size) {
		bounce->size = bounce->size ? 2 * bounce->size : 16;
		bounce->deliveries = memory_resize(bounce->deliveries,
						   bounce->size,
						   sizeof(*bounce->deliveries));
	}
	kept = &bounce->deliveries[bounce->count++];
	*kept = (struct delivery){
		.recipient = recipient,
		.orig_to = keep(bounce, delivery->orig_to),
		.relay_host = keep(bounce, delivery->relay_host),
		.relay_ip = keep(bounce, delivery->relay_ip),
		.host = keep(bounce, delivery->host),
		.dsn = delivery->dsn,
		.status = delivery->status,
		.text = keep_shared(bounce, delivery->text),
	};
	return true;
}

/* Fields' buffers are used again: equal places are not equal texts. */
static bool take_status(void *context, const struct delivery *delivery)
{
	struct bounce *bounce = context;

	bounce->last = (struct slice){ 0 };
	return take_delivery(context, delivery);
}

/* A code alone, or nothing. */
static bool is_poor(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (isalpha((unsigned char)text.at[i]) ||
		    (unsigned char)text.at[i] >= 0x80)
			return false;
	return true;
}

/* What the notice says where the fields say nothing; it does not speak of
 * failure for those whom the mail has reached. */
static bool take_missing(void *context, const struct delivery *delivery)
{
	struct bounce *bounce = context;

	for (size_t i = 0; delivery->text.len && i < bounce->count; i++) {
		struct delivery *known = &bounce->deliveries[i];

		if (known->status == STATUS_SENT || !is_poor(known->text) ||
		    (!slice_equal_nocase(known->recipient,
					 delivery->recipient) &&
		     !slice_equal_nocase(known->orig_to, delivery->recipient)))
			continue;
		known->text = keep_shared(bounce, delivery->text);
		if (!known->relay_host.len)
			known->relay_host = keep(bounce, delivery->relay_host);
	}
	return true;
}

static bool any_poor(const struct bounce *bounce)
{
	for (size_t i = 0; i < bounce->count; i++)
		if (is_poor(bounce->deliveries[i].text))
			return true;
	return false;
}

/* What the mail says of recipients, once its parts have been gathered. */
static void read_parts(struct bounce *bounce, const struct mail_parts *parts)
{
	struct notice notice = {
		.text = buf_slice(&parts->notice),
		.failed = parts->failed,
		.own = parts->to,
		.trusted = parts->kind == MAIL_BOUNCE || parts->fields.len,
	};

	status_fields_each(buf_slice(&parts->fields), take_status, bounce);
	/* Pasted, or in a part of the wrong type. */
	if (!bounce->count)
		status_fields_each(notice_body(&notice), take_status, bounce);
	bounce->last = (struct slice){ 0 };
	if (!bounce->count)
		notice_each(&notice, take_delivery, bounce);
	else if (any_poor(bounce))
		notice_each(&notice, take_missing, bounce);
	bounce->last = (struct slice){ 0 };
}

/*
 * Reads a mail; where it is no bounce and says nothing, the mails in it, which
 * it may forward. What a bounce embeds is the original message. `body` is the
 * text to take where MIME gives none, because it is broken.
 */
static void read_mail(struct bounce *bounce, struct _GMimeMessage *message,
		      struct slice body, unsigned depth)
{
	struct mail_parts parts = { 0 };

	mail_parts_gather(message, &parts);
	if (parts.broken)
		mail_parts_add_text(&parts.notice,
				    slice_head(body, MAIL_PARTS_NOTICE));
	read_parts(bounce, &parts);
	for (size_t i = 0; i < parts.embedded_count; i++) {
		if (bounce->count || parts.kind != MAIL_OTHER ||
		    depth == MAIL_DEPTH)
			break;
		read_mail(bounce, parts.embedded[i], (struct slice){ 0 },
			  depth + 1);
	}
	mail_parts_clear(&parts);
}

/* What follows the header; false if it does not end. */
static bool find_body(struct slice mail, struct slice *body)
{
	struct slice header;

	*body = mail;
	return slice_cut_at(body, SLICE("\n\n"), &header) ||
	       slice_cut_at(body, SLICE("\n\r\n"), &header);
}

/* Text without a header, or with nothing else: what somebody pasted. */
static void read_pasted(struct bounce *bounce, struct slice text)
{
	struct mail_parts parts = { 0 };

	mail_parts_add_text(&parts.notice, slice_head(text, MAIL_PARTS_NOTICE));
	read_parts(bounce, &parts);
	mail_parts_clear(&parts);
}

static void read_bytes(struct bounce *bounce, struct buf *bytes)
{
	struct _GMimeMessage *message;
	struct slice mail;
	struct slice body;

	if (!bounce_is_mail(buf_slice(bytes)) ||
	    !find_body(buf_slice(bytes), &body)) {
		read_pasted(bounce, buf_slice(bytes));
		return;
	}
	bounce->cut = mail_guard_bound(bytes);
	mail = skip_preamble(buf_slice(bytes));
	(void)find_body(mail, &body);
	message = mail_parts_parse(mail);
	if (message)
		read_mail(bounce, message, body, 0);
	mail_parts_release(message);
}

int bounce_read(int fd, struct slice head, const char *name,
		struct bounce **read, struct fault *fault)
{
	struct buf bytes = { 0 };
	struct bounce *bounce = NULL;
	int result = -1;

	*read = NULL;
	buf_add(&bytes, slice_head(head, BOUNCE_SIZE_LIMIT));
	if (read_all(fd, name, &bytes, fault) < 0)
		goto out;
	bounce = memory_new(1, sizeof(*bounce));
	read_bytes(bounce, &bytes);
	*read = bounce;
	result = 0;
out:
	buf_clear(&bytes);
	return result;
}

void bounce_free(struct bounce *bounce)
{
	if (!bounce)
		return;
	buf_clear(&bounce->line);
	buf_clear(&bounce->decoded);
	arena_clear(&bounce->texts);
	free(bounce->deliveries);
	free(bounce);
}

size_t bounce_count(const struct bounce *bounce)
{
	return bounce->count;
}

const struct delivery *bounce_delivery(const struct bounce *bounce, size_t at)
{
	return &bounce->deliveries[at];
}

bool bounce_is_cut(const struct bounce *bounce)
{
	return bounce->cut;
}
