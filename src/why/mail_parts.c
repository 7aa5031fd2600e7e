/* SPDX-License-Identifier: Apache-2.0 */
#include "why/mail_parts.h"

#include <stdlib.h>

#include <gmime/gmime.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "why/html_text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	PART_DEPTH = 32,    /* deeper parts are not looked at */
	HEADER_SIZE = 4096, /* of a field of the header */
};

/* How the subject of a bounce begins, in lower case. */
static const struct slice subjects[] = {
	SLICE("undeliver"),
	SLICE("delivery status notification"),
	SLICE("delivery failure"),
	SLICE("delivery notification"),
	SLICE("delivery delayed"),
	SLICE("mail delivery fail"),
	SLICE("mail delivery problem"),
	SLICE("mail system error"),
	SLICE("mail could not be delivered"),
	SLICE("mailer-daemon"),
	SLICE("message delivery fail"),
	SLICE("failure notice"),
	SLICE("failed mail"),
	SLICE("nondeliverable mail"),
	SLICE("non-delivery"),
	SLICE("returned mail"),
	SLICE("returned to sender"),
	SLICE("warning: could not send message"),
	SLICE("warning: message "),
	SLICE("unzustellbar"),
	SLICE("nicht zugestellt"),
	SLICE("non remis"),
	SLICE("non distribuable"),
};

/* How that of an answer begins which a mailbox gives by itself. */
static const struct slice answers[] = {
	SLICE("automatic reply"),   SLICE("automatische antwort"),
	SLICE("abwesen"),           SLICE("auto:"),
	SLICE("auto-reply"),        SLICE("autoreply"),
	SLICE("autoresponse"),      SLICE("out of office"),
	SLICE("out of the office"), SLICE("r\xc3\xa9ponse automatique"),
	SLICE("absence du bureau"),
};

static const char *charset_of(GMimeObject *part)
{
	const char *charset = g_mime_object_get_content_type_parameter(
		part, "charset");

	/* Neither needs a conversion; what is neither is seen later. */
	if (charset && (!g_ascii_strcasecmp(charset, "utf-8") ||
			!g_ascii_strcasecmp(charset, "us-ascii")))
		return NULL;
	return charset;
}

static void add_filter(GMimeStream *stream, GMimeFilter *filter)
{
	if (!filter)
		return;
	g_mime_stream_filter_add(GMIME_STREAM_FILTER(stream), filter);
	g_object_unref(filter);
}

/* The content of the part, decoded, at most `limit` bytes. */
static void decode_part(GMimeObject *part, size_t limit, struct buf *into)
{
	GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(part));
	const char *charset = charset_of(part);
	GMimeStream *stream;

	if (!content)
		return;
	stream = g_mime_stream_filter_new(
		g_mime_data_wrapper_get_stream(content));
	add_filter(stream,
		   g_mime_filter_basic_new(
			   g_mime_data_wrapper_get_encoding(content), FALSE));
	if (charset)
		add_filter(stream, g_mime_filter_charset_new(charset, "utf-8"));
	g_mime_stream_reset(stream);
	while (into->len < limit) {
		ssize_t got;

		buf_reserve(into, 4096);
		got = g_mime_stream_read(stream, into->at + into->len, 4096);
		if (got <= 0)
			break;
		into->len += (size_t)got;
	}
	g_object_unref(stream);
}

void mail_parts_add_text(struct buf *buf, struct slice text)
{
	while (text.len) {
		size_t len = utf8_sequence(text);
		unsigned char first = (unsigned char)text.at[0];

		if (len && first)
			buf_add(buf, slice_head(text, len));
		else
			utf8_add_character(buf, first ? first : ' ');
		text = slice_after(text, len ? len : 1);
	}
}

static bool is_blank(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.at[i] > ' ')
			return false;
	return true;
}

static void gather_text(GMimeObject *part, bool html, struct mail_parts *parts)
{
	struct buf raw = { 0 };
	struct buf text = { 0 };

	if (parts->notice.len >= MAIL_PARTS_NOTICE)
		return;
	decode_part(part, MAIL_PARTS_NOTICE - parts->notice.len, &raw);
	if (html)
		html_text_add(&text, buf_slice(&raw));
	else
		buf_add(&text, buf_slice(&raw));
	if (!is_blank(buf_slice(&text))) {
		mail_parts_add_text(&parts->notice, buf_slice(&text));
		buf_add(&parts->notice, SLICE("\n\n"));
	}
	buf_clear(&text);
	buf_clear(&raw);
}

static void gather_fields(GMimeObject *part, struct mail_parts *parts)
{
	struct buf raw = { 0 };

	if (parts->fields.len >= MAIL_PARTS_FIELDS)
		return;
	decode_part(part, MAIL_PARTS_FIELDS - parts->fields.len, &raw);
	mail_parts_add_text(&parts->fields, buf_slice(&raw));
	buf_add(&parts->fields, SLICE("\n\n"));
	buf_clear(&raw);
}

/* Only text for people and delivery status; everything else stays closed. */
static void gather_leaf(GMimeObject *part, struct mail_parts *parts)
{
	GMimeContentType *type = g_mime_object_get_content_type(part);

	if (g_mime_content_type_is_type(type, "message", "delivery-status") ||
	    g_mime_content_type_is_type(type, "message",
					"global-delivery-status"))
		gather_fields(part, parts);
	else if (g_mime_content_type_is_type(type, "text", "plain"))
		gather_text(part, false, parts);
	else if (g_mime_content_type_is_type(type, "text", "html"))
		gather_text(part, true, parts);
}

static void gather(GMimeObject *part, unsigned depth, struct mail_parts *parts);

/* Of alternatives only the first that has a text. */
static void gather_multipart(GMimeObject *part, unsigned depth,
			     struct mail_parts *parts)
{
	GMimeMultipart *multipart = GMIME_MULTIPART(part);
	bool alternative = g_mime_content_type_is_type(
		g_mime_object_get_content_type(part), "multipart",
		"alternative");
	size_t before = parts->notice.len;
	int count = g_mime_multipart_get_count(multipart);

	for (int i = 0; i < count; i++) {
		gather(g_mime_multipart_get_part(multipart, i), depth + 1,
		       parts);
		if (alternative && parts->notice.len > before)
			break;
	}
}

static void gather_message(GMimeObject *part, struct mail_parts *parts)
{
	GMimeMessage *message = g_mime_message_part_get_message(
		GMIME_MESSAGE_PART(part));

	if (message && parts->embedded_count < MAIL_PARTS_EMBEDDED)
		parts->embedded[parts->embedded_count++] = message;
}

static void gather(GMimeObject *part, unsigned depth, struct mail_parts *parts)
{
	if (!part)
		return;
	if (GMIME_IS_MULTIPART(part) && depth < PART_DEPTH) {
		gather_multipart(part, depth, parts);
		return;
	}
	parts->broken = false;
	if (GMIME_IS_MESSAGE_PART(part))
		gather_message(part, parts);
	else if (GMIME_IS_PART(part))
		gather_leaf(part, parts);
}

/* A field of the header, decoded; empty if there is none. */
static struct slice header_field(GMimeMessage *message, const char *name)
{
	const char *value = g_mime_object_get_header(GMIME_OBJECT(message),
						     name);

	return value ? slice_head(slice_from(value), HEADER_SIZE)
		     : (struct slice){ 0 };
}

static bool subject_begins(const struct slice *table, size_t count,
			   struct slice subject)
{
	for (size_t i = 0; i < count; i++)
		if (slice_starts_nocase(subject, table[i]))
			return true;
	return false;
}

/* What RFC 6522 says the mail reports: "delivery-status", or empty. */
static struct slice report_type(GMimeObject *root)
{
	const char *type;

	if (!root ||
	    !g_mime_content_type_is_type(g_mime_object_get_content_type(root),
					 "multipart", "report"))
		return (struct slice){ 0 };
	type = g_mime_object_get_content_type_parameter(root, "report-type");
	return type ? slice_from(type) : SLICE("delivery-status");
}

static bool comes_from_mailer(struct slice from)
{
	return slice_find_nocase(from, SLICE("mailer-daemon")) != SIZE_MAX ||
	       slice_find_nocase(from, SLICE("postmaster@")) != SIZE_MAX;
}

/*
 * Programs also send receipts, answers of people who are away, complaints
 * (RFC 8098, 3834, 5965): not every one of theirs is a bounce.
 */
static enum mail_kind kind_of(GMimeMessage *message, GMimeObject *root)
{
	struct slice subject = header_field(message, "Subject");
	struct slice automatic = header_field(message, "Auto-Submitted");
	struct slice report = report_type(root);

	if (report.len && !slice_equal_nocase(report, SLICE("delivery-status")))
		return MAIL_AUTOMATIC;
	if (report.len || header_field(message, "X-Failed-Recipients").len)
		return MAIL_BOUNCE;
	if (subject_begins(answers, COUNT(answers), subject))
		return MAIL_AUTOMATIC;
	if (comes_from_mailer(header_field(message, "From")) ||
	    subject_begins(subjects, COUNT(subjects), subject))
		return MAIL_BOUNCE;
	if (slice_equal(slice_trim(header_field(message, "Return-Path")),
			SLICE("<>")) ||
	    slice_starts_nocase(automatic, SLICE("auto-replied")))
		return MAIL_AUTOMATIC;
	return MAIL_OTHER;
}

/* GMime wants it once a process. */
static void start_library(void)
{
	static bool started;

	if (!started)
		g_mime_init();
	started = true;
}

struct _GMimeMessage *mail_parts_parse(struct slice mail)
{
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeMessage *message;

	start_library();
	stream = g_mime_stream_mem_new_with_buffer(mail.at, mail.len);
	parser = g_mime_parser_new_with_stream(stream);
	message = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);
	return message;
}

void mail_parts_release(struct _GMimeMessage *message)
{
	if (message)
		g_object_unref(message);
}

void mail_parts_gather(struct _GMimeMessage *message, struct mail_parts *parts)
{
	GMimeObject *root = g_mime_message_get_mime_part(message);

	parts->kind = kind_of(message, root);
	parts->failed = header_field(message, "X-Failed-Recipients");
	parts->to = header_field(message, "To");
	parts->broken = true;
	gather(root, 0, parts);
}

void mail_parts_clear(struct mail_parts *parts)
{
	buf_clear(&parts->notice);
	buf_clear(&parts->fields);
}

void mail_parts_add_decoded(struct buf *buf, struct slice text)
{
	char *copy;
	char *decoded;

	if (slice_find(text, SLICE("=?")) == SIZE_MAX) {
		buf_add(buf, text);
		return;
	}
	start_library();
	copy = memory_string(text);
	decoded = g_mime_utils_header_decode_text(NULL, copy);
	buf_add(buf, slice_from(decoded));
	g_free(decoded);
	free(copy);
}
