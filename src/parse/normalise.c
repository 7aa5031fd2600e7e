/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/normalise.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <libfastjson/json.h>
#include <liblognorm.h>

#include "base/buf.h"
#include "base/memory.h"
#include "parse/mta.h"

/* The fields of the rulebases. Odd addresses come in two pieces. */
enum field {
	FIELD_QUEUE_ID,
	FIELD_RECIPIENT,
	FIELD_RECIPIENT_LOCAL,
	FIELD_RECIPIENT_DOMAIN,
	FIELD_RECIPIENT_TAIL,
	FIELD_ORIG_TO,
	FIELD_ORIG_TO_LOCAL,
	FIELD_ORIG_TO_DOMAIN,
	FIELD_RELAY_HOST,
	FIELD_RELAY_IP,
	FIELD_RELAY_PORT,
	FIELD_RELAY_PATH,
	FIELD_DELAY,
	FIELD_DELAYS,
	FIELD_DSN,
	FIELD_STATUS,
	FIELD_TEXT,
	FIELD_SMTP_CODE,
	FIELD_COMMAND,
	FIELD_CLIENT_HOST,
	FIELD_CLIENT_IP,
	FIELD_SENDER,
	FIELD_HELO,
	FIELD_COUNT
};

static const struct slice field_names[FIELD_COUNT] = {
	[FIELD_QUEUE_ID] = SLICE("queue_id"),
	[FIELD_RECIPIENT] = SLICE("recipient"),
	[FIELD_RECIPIENT_LOCAL] = SLICE("recipient_local"),
	[FIELD_RECIPIENT_DOMAIN] = SLICE("recipient_domain"),
	[FIELD_RECIPIENT_TAIL] = SLICE("recipient_tail"),
	[FIELD_ORIG_TO] = SLICE("orig_to"),
	[FIELD_ORIG_TO_LOCAL] = SLICE("orig_to_local"),
	[FIELD_ORIG_TO_DOMAIN] = SLICE("orig_to_domain"),
	[FIELD_RELAY_HOST] = SLICE("relay_host"),
	[FIELD_RELAY_IP] = SLICE("relay_ip"),
	[FIELD_RELAY_PORT] = SLICE("relay_port"),
	[FIELD_RELAY_PATH] = SLICE("relay_path"),
	[FIELD_DELAY] = SLICE("delay"),
	[FIELD_DELAYS] = SLICE("delays"),
	[FIELD_DSN] = SLICE("dsn"),
	[FIELD_STATUS] = SLICE("status"),
	[FIELD_TEXT] = SLICE("text"),
	[FIELD_SMTP_CODE] = SLICE("smtp_code"),
	[FIELD_COMMAND] = SLICE("command"),
	[FIELD_CLIENT_HOST] = SLICE("client_host"),
	[FIELD_CLIENT_IP] = SLICE("client_ip"),
	[FIELD_SENDER] = SLICE("sender"),
	[FIELD_HELO] = SLICE("helo"),
};

struct normaliser {
	ln_ctx context;
	struct fjson_object
		*fields;       /* of the last line; its slices live there */
	struct buf assembled;  /* what came in pieces, put together */
	struct buf message;    /* as liblognorm is given it */
	struct fault *loading; /* where errors of rulebases go */
};

static void note_error(void *cookie, const char *message, size_t len)
{
	struct normaliser *normaliser = cookie;

	/* The first one tells most. */
	if (normaliser->loading && !normaliser->loading->text[0])
		fault_set(normaliser->loading, "%.*s", (int)len, message);
}

/* "rulebase file PATH[7]: reason" as everybody else writes it. */
static int refuse(const char *path, const char *message, struct fault *fault)
{
	struct slice rest = slice_from(message);
	struct slice line;

	(void)slice_skip(&rest, SLICE("rulebase file "));
	if (slice_skip(&rest, slice_from(path)) &&
	    slice_skip(&rest, SLICE("[")) && slice_cut(&rest, ']', &line))
		return fault_set(fault, "%s:%.*s%.*s", path, (int)line.len,
				 line.at, (int)rest.len, rest.at);
	return fault_set(fault, "%s: %s", path, message);
}

/* Without this very first line liblognorm reads the rules in another way. */
static bool is_version_2(const char *path)
{
	static const char wanted[] = "version=2\n";
	char start[sizeof(wanted) - 1];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return false;
	got = read(fd, start, sizeof(start));
	(void)close(fd);
	return got == (ssize_t)sizeof(start) &&
	       !memcmp(start, wanted, sizeof(start));
}

/* ln_loadSamples() returns 0 even when a rule was refused, so the callback's
 * message is what counts. */
static int load_rulebase(struct normaliser *normaliser, const char *path,
			 struct fault *fault)
{
	struct fault inner = { 0 };
	int result;

	if (access(path, R_OK) < 0)
		return fault_set(fault, "%s: %s; --rules says where it is",
				 path, strerror(errno));
	if (!is_version_2(path))
		return fault_set(fault,
				 "%s:1: the first line must be \"version=2\"",
				 path);
	normaliser->loading = &inner;
	result = ln_loadSamples(normaliser->context, path);
	normaliser->loading = NULL;
	if (result == 0 && !inner.text[0])
		return 0;
	return refuse(path, inner.text[0] ? inner.text : "cannot be loaded",
		      fault);
}

static int load_extra(struct normaliser *normaliser, const char *dir,
		      struct fault *fault)
{
	glob_t found = { 0 };
	char pattern[4096];
	int result = 0;

	(void)snprintf(pattern, sizeof(pattern), "%s/*.rulebase", dir);
	if (glob(pattern, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc && result == 0; i++)
			result = load_rulebase(normaliser, found.gl_pathv[i],
					       fault);
	globfree(&found);
	return result;
}

int normaliser_open(const char *dir, const char *const *over,
		    struct normaliser **opened, struct fault *fault)
{
	struct normaliser *normaliser = memory_new(1, sizeof(*normaliser));
	char path[4096];

	*opened = NULL;
	normaliser->context = ln_initCtx();
	if (!normaliser->context) {
		fault_set(fault, "liblognorm cannot be started");
		goto fail;
	}
	ln_setErrMsgCB(normaliser->context, note_error, normaliser);
	/* 2.0.6 hands the debug callback's cookie to the error callback. */
	ln_setDebugCB(normaliser->context, NULL, normaliser);
	(void)snprintf(path, sizeof(path), "%s/postfix.rulebase", dir);
	if (load_rulebase(normaliser, path, fault) < 0)
		goto fail;
	for (; over && *over; over++)
		if (load_extra(normaliser, *over, fault) < 0)
			goto fail;
	*opened = normaliser;
	return 0;
fail:
	normaliser_close(normaliser);
	return -1;
}

void normaliser_close(struct normaliser *normaliser)
{
	if (!normaliser)
		return;
	fjson_object_put(normaliser->fields);
	if (normaliser->context)
		ln_exitCtx(normaliser->context);
	buf_clear(&normaliser->assembled);
	buf_clear(&normaliser->message);
	free(normaliser);
}

static struct slice string_of(struct fjson_object *value)
{
	if (!fjson_object_is_type(value, fjson_type_string))
		return (struct slice){ 0 };
	return (struct slice){ fjson_object_get_string(value),
			       (size_t)fjson_object_get_string_len(value) };
}

/* The rule's tag says what the line is. */
static enum line_kind kind_of(struct fjson_object *tags)
{
	static const struct {
		struct slice tag;
		enum line_kind kind;
	} kinds[] = {
		{ SLICE("delivery"), LINE_DELIVERY },
		{ SLICE("reject"), LINE_REJECT },
		{ SLICE("other"), LINE_OTHER },
	};

	if (!fjson_object_is_type(tags, fjson_type_array))
		return LINE_UNKNOWN;
	for (int i = 0; i < fjson_object_array_length(tags); i++) {
		struct slice tag = string_of(
			fjson_object_array_get_idx(tags, i));

		for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
			if (slice_equal(tag, kinds[k].tag))
				return kinds[k].kind;
	}
	return LINE_UNKNOWN;
}

/* Letters and digits; a rulebase only says where it ends. */
static bool is_queue_id(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!isalnum((unsigned char)text.at[i]))
			return false;
	return true;
}

static enum line_kind take_fields(struct fjson_object *object,
				  struct slice fields[FIELD_COUNT])
{
	struct fjson_object_iterator at = fjson_object_iter_begin(object);
	struct fjson_object_iterator end = fjson_object_iter_end(object);
	enum line_kind kind = LINE_UNKNOWN;

	while (!fjson_object_iter_equal(&at, &end)) {
		struct slice name = slice_from(
			fjson_object_iter_peek_name(&at));
		struct fjson_object *value = fjson_object_iter_peek_value(&at);

		if (slice_equal(name, SLICE("event.tags")))
			kind = kind_of(value);
		for (enum field i = 0; i < FIELD_COUNT; i++) {
			if (name.at[0] == field_names[i].at[0] &&
			    slice_equal(name, field_names[i])) {
				fields[i] = string_of(value);
				break;
			}
		}
		fjson_object_iter_next(&at);
	}
	return kind;
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
				 const struct slice fields[FIELD_COUNT])
{
	if (fields[FIELD_RECIPIENT_LOCAL].len)
		return quoted_address(buf, fields[FIELD_RECIPIENT_LOCAL],
				      fields[FIELD_RECIPIENT_DOMAIN]);
	if (fields[FIELD_RECIPIENT_TAIL].len)
		return join(buf, (const struct slice[4]){
					 fields[FIELD_RECIPIENT],
					 SLICE(">"),
					 fields[FIELD_RECIPIENT_TAIL],
				 });
	return fields[FIELD_RECIPIENT];
}

static void fill_common(const struct header *header,
			const struct slice fields[FIELD_COUNT], struct buf *buf,
			struct delivery *delivery)
{
	struct slice service = header->program;
	struct slice head;

	while (slice_cut(&service, '/', &head))
		;
	*delivery = (struct delivery){
		.time = header->time,
		.host = header->host,
		.mta = SLICE("postfix"),
		.service = service,
		.pid = header->pid,
		.queue_id = fields[FIELD_QUEUE_ID],
		.recipient = recipient_of(buf, fields),
	};
}

/* The parenthesis that Postfix closes; a line that was cut lacks it. */
static struct slice without_parenthesis(struct slice text)
{
	if (slice_ends(text, SLICE(")")))
		text.len--;
	return text;
}

static void fill_delivery(const struct slice fields[FIELD_COUNT],
			  struct buf *buf, struct delivery *delivery)
{
	delivery->orig_to = fields[FIELD_ORIG_TO];
	if (fields[FIELD_ORIG_TO_LOCAL].len)
		delivery->orig_to = quoted_address(
			buf, fields[FIELD_ORIG_TO_LOCAL],
			fields[FIELD_ORIG_TO_DOMAIN]);
	/* relay=none, local and the names of pipe transports are no hosts. */
	if (fields[FIELD_RELAY_IP].len || fields[FIELD_RELAY_PATH].len) {
		delivery->relay_host = fields[FIELD_RELAY_HOST];
		delivery->relay_ip = fields[FIELD_RELAY_IP];
		delivery->relay_port = fields[FIELD_RELAY_PORT];
	}
	delivery->delay = fields[FIELD_DELAY];
	delivery->delays = fields[FIELD_DELAYS];
	enhanced_parse(fields[FIELD_DSN], &delivery->dsn);
	delivery->status = status_from_postfix(fields[FIELD_STATUS]);
	delivery->text = without_parenthesis(fields[FIELD_TEXT]);
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

static void fill_reject(const struct slice fields[FIELD_COUNT], struct buf *buf,
			struct delivery *delivery)
{
	delivery->status = STATUS_REJECTED;
	delivery->stage = reject_stage(fields[FIELD_COMMAND]);
	delivery->client_host = fields[FIELD_CLIENT_HOST];
	delivery->client_ip = fields[FIELD_CLIENT_IP];
	delivery->sender = fields[FIELD_SENDER];
	delivery->helo = fields[FIELD_HELO];
	delivery->text = fields[FIELD_TEXT];
	delivery->sender_words = is_content_check(fields[FIELD_COMMAND]);
	if (fields[FIELD_SMTP_CODE].len)
		delivery->text = join(buf, (const struct slice[4]){
						   fields[FIELD_SMTP_CODE],
						   SLICE(" "),
						   fields[FIELD_TEXT],
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

/* Masks the recipient, and the original recipient behind it, if they are
 * quoted; puts their raw local parts into `locals`. */
static void mask_escapes(struct slice message, struct buf *copy,
			 struct slice locals[2])
{
	static const struct slice marks[2] = { SLICE(": to=<\""),
					       SLICE(", orig_to=<\"") };
	static const char stops[2] = { ':', ',' };
	size_t from = 0;

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

/*
 * The message as liblognorm can take it: it is given a length, but reads on to
 * a NUL when it keeps a message that no rule knows, and loses what stands
 * behind a NUL; Postfix writes none, so "?" takes its place.
 */
static struct slice prepare_message(struct slice message, struct buf *copy,
				    struct slice locals[2])
{
	char *nul;

	buf_reset(copy);
	buf_add(copy, message);
	buf_add_char(copy, '\0');
	while ((nul = memchr(copy->at, '\0', message.len)))
		*nul = '?';
	if (memchr(message.at, '\\', message.len))
		mask_escapes(message, copy, locals);
	return (struct slice){ copy->at, message.len };
}

enum line_kind normalise(struct normaliser *normaliser,
			 const struct header *header, struct delivery *delivery)
{
	struct slice locals[2] = { 0 };
	struct slice fields[FIELD_COUNT] = { 0 };
	struct slice message = header->message;
	struct buf *buf = &normaliser->assembled;
	enum line_kind kind;

	*delivery = (struct delivery){ 0 };
	fjson_object_put(normaliser->fields);
	normaliser->fields = NULL;
	if (!mta_is_postfix(header->program))
		return LINE_OTHER;
	if (message.len == 0)
		return LINE_UNKNOWN;
	message = prepare_message(message, &normaliser->message, locals);
	if (ln_normalize(normaliser->context, message.at, message.len,
			 &normaliser->fields) != 0)
		return LINE_UNKNOWN;
	kind = take_fields(normaliser->fields, fields);
	if (kind != LINE_DELIVERY && kind != LINE_REJECT)
		return kind;
	if (!is_queue_id(fields[FIELD_QUEUE_ID]))
		return LINE_UNKNOWN;
	if (fields[FIELD_RECIPIENT_LOCAL].len && locals[0].len)
		fields[FIELD_RECIPIENT_LOCAL] = locals[0];
	if (fields[FIELD_ORIG_TO_LOCAL].len && locals[1].len)
		fields[FIELD_ORIG_TO_LOCAL] = locals[1];
	/* Slices into it must stay, so it does not grow later: all pieces are
	 * parts of the message, with a few bytes in between. */
	buf_reset(buf);
	buf_reserve(buf, message.len + 64);
	fill_common(header, fields, buf, delivery);
	if (kind == LINE_DELIVERY)
		fill_delivery(fields, buf, delivery);
	else
		fill_reject(fields, buf, delivery);
	if (delivery->status != STATUS_NONE)
		return kind;
	*delivery = (struct delivery){ 0 };
	return LINE_UNKNOWN;
}
