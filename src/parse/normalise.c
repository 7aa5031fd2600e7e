/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/normalise.h"

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
#include "parse/format.h"

enum { PATH_SIZE = 4096 };

static const struct format *const formats[MTA_COUNT] = {
	[MTA_POSTFIX] = &postfix_format,   [MTA_EXIM] = &exim_format,
	[MTA_SENDMAIL] = &sendmail_format, [MTA_OPENSMTPD] = &opensmtpd_format,
	[MTA_QMAIL] = &qmail_format,       [MTA_DOVECOT] = &dovecot_format,
	[MTA_EXCHANGE] = &exchange_format, [MTA_HARAKA] = &haraka_format,
	[MTA_STALWART] = &stalwart_format,
};

/* A mail server's rules, and what its format keeps from line to line; neither
 * is there before it is needed. Each has a context of its own: the rules of one
 * are no burden for the others, and the loose ones of one cannot take another's
 * lines. */
struct reader {
	ln_ctx context;
	void *memory;
};

struct normaliser {
	struct reader readers[MTA_COUNT];
	struct buf dir; /* of the shipped rulebases; a NUL is behind it */
	struct fjson_object
		*object;       /* of the last line; its fields live there */
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

/* What can be seen without loading it. */
static int check_rulebase(const char *path, struct fault *fault)
{
	if (access(path, R_OK) < 0)
		return fault_set(fault, "%s: %s; --rules says where it is",
				 path, strerror(errno));
	if (!is_version_2(path))
		return fault_set(fault,
				 "%s:1: the first line must be \"version=2\"",
				 path);
	return 0;
}

/* ln_loadSamples() returns 0 even when a rule was refused, so the callback's
 * message is what counts. */
static int load_rulebase(struct normaliser *normaliser, ln_ctx context,
			 const char *path, struct fault *fault)
{
	struct fault inner = { 0 };
	int result;

	if (check_rulebase(path, fault) < 0)
		return -1;
	normaliser->loading = &inner;
	result = ln_loadSamples(context, path);
	normaliser->loading = NULL;
	if (result == 0 && !inner.text[0])
		return 0;
	return refuse(path, inner.text[0] ? inner.text : "cannot be loaded",
		      fault);
}

/* "/etc/mailwhy/rules.d/exim-ours.rulebase" is for Exim's lines; a name that
 * begins with no mail server's is for Postfix's. */
static enum mta mta_of_path(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct slice name = slice_from(slash ? slash + 1 : path);

	for (enum mta mta = MTA_NONE + 1; mta < MTA_COUNT; mta++)
		if (formats[mta] && slice_starts(name, mta_word(mta)))
			return mta;
	return MTA_POSTFIX;
}

static void shipped_path(const struct normaliser *normaliser, enum mta mta,
			 char path[PATH_SIZE])
{
	(void)snprintf(path, PATH_SIZE, "%s/%s.rulebase", normaliser->dir.at,
		       mta_word(mta).at);
}

int normaliser_prepare(struct normaliser *normaliser, enum mta mta,
		       struct fault *fault)
{
	struct reader *reader = &normaliser->readers[mta];
	char path[PATH_SIZE];
	ln_ctx context;

	if (reader->context || !formats[mta])
		return 0;
	context = ln_initCtx();
	if (!context)
		return fault_set(fault, "liblognorm cannot be started");
	ln_setErrMsgCB(context, note_error, normaliser);
	/* 2.0.6 hands the debug callback's cookie to the error callback. */
	ln_setDebugCB(context, NULL, normaliser);
	shipped_path(normaliser, mta, path);
	if (load_rulebase(normaliser, context, path, fault) < 0) {
		ln_exitCtx(context);
		return -1;
	}
	reader->context = context;
	if (formats[mta]->memory_new)
		reader->memory = formats[mta]->memory_new();
	return 0;
}

int normaliser_prepare_all(struct normaliser *normaliser, struct fault *fault)
{
	for (enum mta mta = MTA_NONE + 1; mta < MTA_COUNT; mta++)
		if (normaliser_prepare(normaliser, mta, fault) < 0)
			return -1;
	return 0;
}

/* Over the shipped rules of the mail server, which so come first. */
static int load_over(struct normaliser *normaliser, const char *path,
		     struct fault *fault)
{
	enum mta mta = mta_of_path(path);

	if (normaliser_prepare(normaliser, mta, fault) < 0)
		return -1;
	return load_rulebase(normaliser, normaliser->readers[mta].context, path,
			     fault);
}

static int load_extra(struct normaliser *normaliser, const char *dir,
		      struct fault *fault)
{
	glob_t found = { 0 };
	char pattern[PATH_SIZE];
	int result = 0;

	(void)snprintf(pattern, sizeof(pattern), "%s/*.rulebase", dir);
	if (glob(pattern, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc && result == 0; i++)
			result = load_over(normaliser, found.gl_pathv[i],
					   fault);
	globfree(&found);
	return result;
}

static int check_shipped(const struct normaliser *normaliser, enum mta mta,
			 struct fault *fault)
{
	char path[PATH_SIZE];

	shipped_path(normaliser, mta, path);
	return check_rulebase(path, fault);
}

int normaliser_open(const char *dir, const char *const *over,
		    struct normaliser **opened, struct fault *fault)
{
	struct normaliser *normaliser = memory_new(1, sizeof(*normaliser));

	*opened = NULL;
	buf_add(&normaliser->dir, slice_from(dir));
	buf_add_char(&normaliser->dir, '\0');
	for (enum mta mta = MTA_NONE + 1; mta < MTA_COUNT; mta++)
		if (formats[mta] && check_shipped(normaliser, mta, fault) < 0)
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
	fjson_object_put(normaliser->object);
	for (enum mta mta = MTA_NONE + 1; mta < MTA_COUNT; mta++) {
		struct reader *reader = &normaliser->readers[mta];

		if (reader->context)
			ln_exitCtx(reader->context);
		if (reader->memory)
			formats[mta]->memory_free(reader->memory);
	}
	buf_clear(&normaliser->dir);
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
		{ SLICE("message"), LINE_MESSAGE },
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

static void take_fields(struct fjson_object *object, struct fields *fields)
{
	struct fjson_object_iterator at = fjson_object_iter_begin(object);
	struct fjson_object_iterator end = fjson_object_iter_end(object);

	while (!fjson_object_iter_equal(&at, &end)) {
		struct slice name = slice_from(
			fjson_object_iter_peek_name(&at));
		struct fjson_object *value = fjson_object_iter_peek_value(&at);
		enum field field = field_from_name(name);

		if (field < FIELD_COUNT)
			fields->values[field] = string_of(value);
		else if (slice_equal(name, SLICE("event.tags")))
			fields->kind = kind_of(value);
		fjson_object_iter_next(&at);
	}
}

/*
 * The message as liblognorm can take it: it is given a length, but reads on to
 * a NUL when it keeps a message that no rule knows, and loses what stands
 * behind a NUL; no mail server writes one, so "?" takes its place.
 */
static struct slice prepare_message(const struct format *format,
				    struct slice message, struct buf *copy,
				    struct slice locals[2])
{
	char *nul;

	buf_reset(copy);
	buf_add(copy, message);
	buf_add_char(copy, '\0');
	while ((nul = memchr(copy->at, '\0', message.len)))
		*nul = '?';
	if (format->mask)
		format->mask(message, copy, locals);
	return slice_from(copy->at);
}

/* What the rules of `mta` say of the message. */
static void apply_rules(struct normaliser *normaliser, enum mta mta,
			struct slice message, struct fields *fields)
{
	struct slice locals[2] = { 0 };

	message = prepare_message(formats[mta], message, &normaliser->message,
				  locals);
	if (ln_normalize(normaliser->readers[mta].context, message.at,
			 message.len, &normaliser->object) != 0)
		return;
	take_fields(normaliser->object, fields);
	if (fields->values[FIELD_RECIPIENT_LOCAL].len && locals[0].len)
		fields->values[FIELD_RECIPIENT_LOCAL] = locals[0];
	if (fields->values[FIELD_ORIG_TO_LOCAL].len && locals[1].len)
		fields->values[FIELD_ORIG_TO_LOCAL] = locals[1];
}

/* The message behind `header` is whole. */
static enum line_kind read_message(struct normaliser *normaliser, enum mta mta,
				   const struct header *header,
				   struct delivery *delivery)
{
	struct fields fields = { 0 };
	struct reading reading = { header, &fields, &normaliser->assembled,
				   normaliser->readers[mta].memory };

	if (header->message.len == 0)
		return LINE_UNKNOWN;
	apply_rules(normaliser, mta, header->message, &fields);
	buf_reset(reading.buf);
	buf_reserve(reading.buf, header->message.len * 2 + 64);
	if ((fields.kind == LINE_OTHER || fields.kind == LINE_MESSAGE) &&
	    formats[mta]->note)
		formats[mta]->note(&reading);
	if (fields.kind == LINE_UNKNOWN || fields.kind == LINE_OTHER)
		return fields.kind;
	*delivery = (struct delivery){
		.time = header->time,
		.host = header->host,
		.mta = mta_word(mta),
		.pid = header->pid,
	};
	if (formats[mta]->read(&reading, delivery)) {
		if (fields.kind == LINE_MESSAGE ||
		    delivery->status != STATUS_NONE)
			return fields.kind;
		fields.kind = LINE_OTHER;
	} else {
		fields.kind = fields.kind == LINE_MESSAGE ? LINE_OTHER
							  : LINE_UNKNOWN;
	}
	*delivery = (struct delivery){ 0 };
	return fields.kind;
}

/* What was handed out for the last message is no longer valid. */
static void forget_last(struct normaliser *normaliser,
			struct delivery *delivery)
{
	*delivery = (struct delivery){ 0 };
	fjson_object_put(normaliser->object);
	normaliser->object = NULL;
}

enum line_kind normalise(struct normaliser *normaliser, enum mta mta,
			 const struct header *header, struct delivery *delivery)
{
	const struct format *format = formats[mta];
	struct header whole = *header;

	forget_last(normaliser, delivery);
	if (!format)
		return LINE_OTHER;
	if (format->gather &&
	    !format->gather(normaliser->readers[mta].memory, &whole))
		return LINE_OTHER;
	return read_message(normaliser, mta, &whole, delivery);
}

bool normalise_left(struct normaliser *normaliser, bool all,
		    enum line_kind *kind, struct delivery *delivery)
{
	struct header header;

	for (enum mta mta = MTA_NONE + 1; mta < MTA_COUNT; mta++) {
		void *memory = normaliser->readers[mta].memory;

		if (!memory || !formats[mta]->left ||
		    !formats[mta]->left(memory, all, &header))
			continue;
		forget_last(normaliser, delivery);
		*kind = read_message(normaliser, mta, &header, delivery);
		return true;
	}
	return false;
}

bool normalise_keeps(enum mta mta)
{
	return formats[mta] && formats[mta]->memory_new &&
	       !formats[mta]->any_order;
}

bool normalise_suspects(enum mta mta, struct slice message)
{
	return formats[mta] && formats[mta]->suspects(message);
}
