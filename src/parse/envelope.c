/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/envelope.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/jsonin.h"
#include "base/memory.h"
#include "parse/mta.h"

/* Envelopes inside of one another; members of objects inside of one another. */
enum { LEVELS = 4, PATH_LIMIT = 64 };

/* What a member of a JSON line tells. */
enum part {
	PART_MESSAGE,
	PART_HOST,
	PART_TAG, /* program and pid in one: "postfix/smtp[12]:" */
	PART_PROGRAM,
	PART_PID,
	PART_TIME,
	PART_STREAM,    /* stdout or stderr: by the container's runtime */
	PART_CONTAINER, /* the message is that of a container */
	PART_COUNT
};

/*
 * The names of members, by part; the earlier one is believed rather than a
 * later one. A dot is a step into an object, or a dot in the name.
 */
static const struct name {
	enum part part;
	struct slice text;
} names[] = {
	/* GELF's short message may be the beginning of the full one. */
	{ PART_MESSAGE, SLICE("full_message") },
	{ PART_MESSAGE, SLICE("MESSAGE") }, /* journald, syslog-ng */
	{ PART_MESSAGE, SLICE("message") }, /* Vector, Logstash, ECS */
	{ PART_MESSAGE, SLICE("msg") },     /* rsyslog */
	{ PART_MESSAGE, SLICE("log") },     /* Docker, Fluent Bit */
	{ PART_MESSAGE, SLICE("short_message") },

	{ PART_HOST, SLICE("hostname") },
	{ PART_HOST, SLICE("_HOSTNAME") },
	{ PART_HOST, SLICE("HOST") },
	{ PART_HOST, SLICE("log.syslog.hostname") },
	{ PART_HOST, SLICE("host.hostname") },
	{ PART_HOST, SLICE("host.name") },
	{ PART_HOST, SLICE("logsource") }, /* Logstash */
	{ PART_HOST, SLICE("host") },
	{ PART_HOST, SLICE("fromhost") },

	/* rsyslog's programname ends at the slash. */
	{ PART_TAG, SLICE("syslogtag") },
	{ PART_TAG, SLICE("LEGACY_MSGHDR") },

	{ PART_PROGRAM, SLICE("SYSLOG_IDENTIFIER") },
	{ PART_PROGRAM, SLICE("PROGRAM") },
	{ PART_PROGRAM, SLICE("program") },
	{ PART_PROGRAM, SLICE("_program") },
	{ PART_PROGRAM, SLICE("ident") },
	{ PART_PROGRAM, SLICE("appname") },
	{ PART_PROGRAM, SLICE("app-name") },
	{ PART_PROGRAM, SLICE("programname") },
	{ PART_PROGRAM, SLICE("application_name") },
	{ PART_PROGRAM, SLICE("_application_name") },
	{ PART_PROGRAM, SLICE("log.syslog.appname") },
	{ PART_PROGRAM, SLICE("syslog.identifier") }, /* Filebeat, journald */
	{ PART_PROGRAM, SLICE("process.name") },
	{ PART_PROGRAM, SLICE("_COMM") },

	{ PART_PID, SLICE("SYSLOG_PID") },
	{ PART_PID, SLICE("procid") },
	{ PART_PID, SLICE("PID") },
	{ PART_PID, SLICE("pid") },
	{ PART_PID, SLICE("_pid") },
	{ PART_PID, SLICE("process_id") },
	{ PART_PID, SLICE("_process_id") },
	{ PART_PID, SLICE("log.syslog.procid") },
	{ PART_PID, SLICE("process.pid") },
	{ PART_PID, SLICE("_PID") },

	{ PART_TIME, SLICE("_SOURCE_REALTIME_TIMESTAMP") },
	{ PART_TIME, SLICE("timereported") },
	{ PART_TIME, SLICE("ISODATE") },
	{ PART_TIME, SLICE("timestamp") },
	{ PART_TIME, SLICE("@timestamp") },
	{ PART_TIME, SLICE("date") },
	{ PART_TIME, SLICE("time") },
	{ PART_TIME, SLICE("DATE") },
	{ PART_TIME, SLICE("__REALTIME_TIMESTAMP") },
	{ PART_TIME, SLICE("timegenerated") },

	{ PART_STREAM, SLICE("stream") },
	{ PART_CONTAINER, SLICE("CONTAINER_ID") },
	{ PART_CONTAINER, SLICE("_container_id") },
};

enum { NAME_COUNT = sizeof(names) / sizeof(names[0]), HEADS = 64 };

/* A bit a name. */
_Static_assert(NAME_COUNT <= 64, "more names than bits");

struct envelope {
	struct buf text; /* escapes undone; does not grow within a line */
	bool rewritten;
	/* Names by their hash: 1 + number of the first, and of the next. */
	uint8_t heads[HEADS];
	uint8_t next[NAME_COUNT];
	uint64_t of_part[PART_COUNT];
};

/* The members found, of the names above. */
struct members {
	uint64_t found;
	struct jsonin_value values[NAME_COUNT]; /* of those found */
};

/* Where in nested objects a member is. */
struct path {
	size_t len;
	char text[PATH_LIMIT];
};

/* Opening a line; copied on the way in, so that what is no envelope after all
 * leaves no traces. */
struct opening {
	struct envelope *envelope;
	struct calendar *calendar;
	struct header said; /* by the envelopes so far */
	bool witnessed;     /* said.time was taken as the line was written */
	unsigned level;
};

static unsigned hash_name(struct slice name)
{
	unsigned first = (unsigned char)name.at[0];
	unsigned last = (unsigned char)name.at[name.len - 1];

	return (unsigned)(name.len * 5 + first * 3 + last) % HEADS;
}

struct envelope *envelope_new(void)
{
	struct envelope *envelope = memory_new(1, sizeof(*envelope));

	for (size_t i = 0; i < NAME_COUNT; i++) {
		unsigned hash = hash_name(names[i].text);

		envelope->next[i] = envelope->heads[hash];
		envelope->heads[hash] = (uint8_t)(i + 1);
		envelope->of_part[names[i].part] |= UINT64_C(1) << i;
	}
	return envelope;
}

void envelope_free(struct envelope *envelope)
{
	if (!envelope)
		return;
	buf_clear(&envelope->text);
	free(envelope);
}

bool envelope_has_rewritten(const struct envelope *envelope)
{
	return envelope->rewritten;
}

/* The number of a name; NAME_COUNT if it is none of ours. */
static size_t find_name(const struct envelope *envelope, struct slice name)
{
	size_t at;

	if (!name.len)
		return NAME_COUNT;
	for (at = envelope->heads[hash_name(name)]; at;
	     at = envelope->next[at - 1])
		if (slice_equal(names[at - 1].text, name))
			return at - 1;
	return NAME_COUNT;
}

/* Whether names lead into the object of that path, a dot at its end. */
static bool leads_on(struct slice path)
{
	for (size_t i = 0; i < NAME_COUNT; i++)
		if (slice_starts(names[i].text, path))
			return true;
	return false;
}

static bool take_object(const struct envelope *envelope, struct jsonin *at,
			const struct path *path, struct members *members);

/* A member whose path is known. Of equal names the last one counts that has a
 * value. False if it is an object and broken. */
static bool take_member(const struct envelope *envelope,
			const struct path *path, struct jsonin_value value,
			struct members *members)
{
	struct slice name = { path->text, path->len };
	size_t number;
	struct path inside;
	struct jsonin at;

	if (value.kind == JSONIN_WORD)
		return true;
	if (value.kind != JSONIN_OBJECT) {
		number = find_name(envelope, name);
		if (number < NAME_COUNT) {
			members->values[number] = value;
			members->found |= UINT64_C(1) << number;
		}
		return true;
	}
	inside = *path;
	inside.text[inside.len++] = '.';
	if (!leads_on((struct slice){ inside.text, inside.len }))
		return true;
	return jsonin_begin(value.text, &at) &&
	       take_object(envelope, &at, &inside, members);
}

/* The members of an object, and of objects in it: names have two dots. */
static bool take_object(const struct envelope *envelope, struct jsonin *at,
			const struct path *path, struct members *members)
{
	struct slice name = { 0 };
	struct jsonin_value value;
	enum jsonin_step step;

	while ((step = jsonin_member(at, &name, &value)) == JSONIN_ITEM) {
		struct path here = { .len = path->len + name.len };

		/* One byte is for the dot. */
		if (here.len >= PATH_LIMIT || !name.len)
			continue;
		memcpy(here.text, path->text, path->len);
		memcpy(here.text + path->len, name.at, name.len);
		if (!take_member(envelope, &here, value, members))
			return false;
	}
	return step == JSONIN_END;
}

/* Bytes as numbers, as journald writes a message with control characters. */
static bool add_bytes(struct buf *buf, struct slice array)
{
	struct jsonin at;
	struct jsonin_value value;
	enum jsonin_step step;
	uint64_t byte;

	if (!jsonin_begin(array, &at))
		return false;
	while ((step = jsonin_element(&at, &value)) == JSONIN_ITEM) {
		if (!slice_number(value.text, &byte) || byte > 255)
			return false;
		buf_add_char(buf, (char)byte);
	}
	return step == JSONIN_END;
}

/* The first element; of a field that came several times journald makes an
 * array. False if there is none. */
static bool first_element(struct slice array, struct jsonin_value *value)
{
	struct jsonin at;

	return jsonin_begin(array, &at) &&
	       jsonin_element(&at, value) == JSONIN_ITEM;
}

/* The text of a value, borrowed from it or put into the envelope's buffer.
 * False if it has none. */
static bool text_of(struct envelope *envelope, struct jsonin_value value,
		    struct slice *text)
{
	struct buf *buf = &envelope->text;
	size_t start = buf->len;
	struct jsonin_value first;

	if (value.kind == JSONIN_ARRAY && first_element(value.text, &first) &&
	    first.kind != JSONIN_NUMBER)
		value = first;
	if (value.kind == JSONIN_ARRAY && !add_bytes(buf, value.text))
		return false;
	if (value.kind == JSONIN_STRING && value.escaped)
		jsonin_unescape(buf, value.text);
	*text = value.text;
	if (value.kind == JSONIN_ARRAY || value.escaped)
		*text = slice_after(buf_slice(buf), start);
	return text->len > 0;
}

/* The next text of that part, by the order of names; takes it out. */
static bool next_text(struct envelope *envelope, struct members *members,
		      enum part part, struct slice *text)
{
	uint64_t left = members->found & envelope->of_part[part];

	while (left) {
		size_t number = (size_t)__builtin_ctzll(left);

		left &= left - 1;
		members->found &= ~(UINT64_C(1) << number);
		if (text_of(envelope, members->values[number], text))
			return true;
	}
	return false;
}

static bool is_nil(struct slice text)
{
	return slice_equal(text, SLICE("-"));
}

static bool parse_time(struct slice text, struct calendar *calendar,
		       struct stamp *stamp)
{
	return stamp_parse_rfc3339(text, stamp) ||
	       stamp_parse_unix(text, stamp) ||
	       stamp_parse_rfc3164(text, calendar, stamp);
}

static void take_program(struct envelope *envelope, struct members *members,
			 struct header *said)
{
	struct slice text;

	while (next_text(envelope, members, PART_PROGRAM, &text)) {
		if (is_nil(text))
			continue;
		said->program = text;
		said->pid = (struct slice){ 0 };
		return;
	}
}

static void take_pid(struct envelope *envelope, struct members *members,
		     struct header *said)
{
	struct slice text;
	uint64_t number;

	while (next_text(envelope, members, PART_PID, &text)) {
		if (!slice_number(text, &number))
			continue;
		said->pid = text;
		return;
	}
}

/* Program and pid from a tag, if there is a good one. */
static bool take_tag(struct envelope *envelope, struct members *members,
		     struct header *said)
{
	struct slice text;

	while (next_text(envelope, members, PART_TAG, &text))
		if (header_parse_tag(slice_trim(text), said))
			return true;
	return false;
}

/* What the members say of the message, laid over what is said already. */
static void take_said(struct opening *opening, struct members *members,
		      bool contained)
{
	struct envelope *envelope = opening->envelope;
	struct header *said = &opening->said;
	struct slice text;
	struct stamp stamp;
	bool tagged = take_tag(envelope, members, said);

	if (!tagged)
		take_program(envelope, members, said);
	if (!tagged || !said->pid.len)
		take_pid(envelope, members, said);
	if (next_text(envelope, members, PART_HOST, &text) && !is_nil(text))
		said->host = text;
	while (next_text(envelope, members, PART_TIME, &text)) {
		if (!parse_time(text, opening->calendar, &stamp))
			continue;
		said->time = stamp;
		opening->witnessed = contained || next_text(envelope, members,
							    PART_STREAM, &text);
		return;
	}
}

/* The tag that Docker's driver for syslog puts before what a container wrote:
 * the container's number, or what its manual proposes. */
static bool is_container_tag(struct slice program)
{
	size_t digits = 0;

	if (program.len < 6 || (program.at[0] != 'd' && program.len != 12))
		return false;
	while (digits < program.len &&
	       ((program.at[digits] >= '0' && program.at[digits] <= '9') ||
		(program.at[digits] >= 'a' && program.at[digits] <= 'f')))
		digits++;
	return digits == 12 || slice_starts(program, SLICE("docker/"));
}

/* Whether what is inside may be a line of its own; see the header file. */
static bool may_look_inside(const struct header *said, bool contained)
{
	return contained || !said->program.len ||
	       is_container_tag(said->program) || mta_of(said) != MTA_NONE;
}

static bool open_text(struct opening opening, struct slice text,
		      struct header *header);

/* What is inside, as a line; where it says less than the envelopes, they add
 * to it. */
static bool open_inside(const struct opening *opening, struct slice message,
			struct header *header)
{
	if (!open_text(*opening, message, header))
		return false;
	if (!header->host.len)
		header->host = opening->said.host;
	if (!header->time.known) {
		header->time = opening->said.time;
		header->pid = opening->said.pid;
	}
	return true;
}

/* What a container wrote ends as lines end. */
static struct slice without_line_end(struct slice text)
{
	if (slice_ends(text, SLICE("\n")))
		text.len--;
	if (slice_ends(text, SLICE("\r")))
		text.len--;
	return text;
}

/* False, too, if the message has no program or no time by anybody. */
static bool open_json(struct opening opening, struct slice text,
		      struct header *header)
{
	static const struct path top = { 0 };
	struct envelope *envelope = opening.envelope;
	struct members members;
	struct jsonin at;
	struct slice message;
	size_t start;
	bool contained;

	members.found = 0;
	if (!jsonin_begin(text, &at) ||
	    !take_object(envelope, &at, &top, &members) ||
	    !slice_is_blank(at.rest))
		return false;
	start = envelope->text.len;
	if (!next_text(envelope, &members, PART_MESSAGE, &message))
		return false;
	envelope->rewritten = envelope->rewritten || envelope->text.len > start;
	message = without_line_end(message);
	contained = next_text(envelope, &members, PART_CONTAINER, &text);
	take_said(&opening, &members, contained);
	if (may_look_inside(&opening.said, contained) &&
	    open_inside(&opening, message, header))
		return true;
	if (!opening.said.program.len || !opening.said.time.known)
		return false;
	*header = opening.said;
	(void)slice_skip(&message, SLICE(" "));
	header->message = message;
	return true;
}

/* "stdout F ": what CRI has between its stamp and the message. "P" is a part;
 * behind a colon there may be more tags. */
static void skip_stream(struct slice *rest)
{
	struct slice copy = *rest;
	struct slice tags;

	if ((slice_skip(&copy, SLICE("stdout ")) ||
	     slice_skip(&copy, SLICE("stderr "))) &&
	    slice_cut(&copy, ' ', &tags) &&
	    (slice_starts(tags, SLICE("F")) || slice_starts(tags, SLICE("P"))))
		*rest = copy;
}

/* "2026-11-23T10:11:12.123456789Z [stdout F ]": the runtime of containers. */
static bool skip_runtime(struct slice *rest, struct opening *opening)
{
	struct stamp stamp;
	size_t len = stamp_parse_rfc3339(*rest, &stamp);

	*rest = slice_after(*rest, len);
	if (!len || !slice_skip(rest, SLICE(" ")))
		return false;
	skip_stream(rest);
	opening->said.time = stamp;
	opening->witnessed = true;
	return true;
}

/* "mail-1  | " (docker compose logs). */
static bool skip_service(struct slice *rest, struct opening *opening)
{
	struct slice name;
	struct slice head = slice_head(*rest, PATH_LIMIT);

	(void)opening;
	if (!slice_cut(&head, '|', &name) || !slice_ends(name, SLICE(" ")))
		return false;
	name = slice_trim(name);
	*rest = slice_after(*rest, (size_t)(head.at - rest->at));
	return name.len && !memchr(name.at, ' ', name.len) &&
	       slice_skip(rest, SLICE(" "));
}

/* "[pod/mail-0/postfix] " (kubectl logs --prefix). */
static bool skip_pod(struct slice *rest, struct opening *opening)
{
	struct slice name;

	(void)opening;
	return slice_skip(rest, SLICE("[pod/")) &&
	       slice_cut(rest, ']', &name) && slice_skip(rest, SLICE(" "));
}

/* What stands in front of a line that is none as it is. */
static bool open_prefixed(const struct opening *opening, struct slice text,
			  struct header *header)
{
	static bool (*const prefixes[])(struct slice * rest,
					struct opening * opening) = {
		skip_runtime, skip_service, skip_pod
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		struct slice rest = text;
		struct opening inner = *opening;

		if (prefixes[i](&rest, &inner))
			return open_inside(&inner, rest, header);
	}
	return false;
}

static bool is_json(struct slice text)
{
	return text.len &&
	       (text.at[0] == '{' || slice_starts(text, SLICE("@cee:")));
}

static bool parse_header(const struct opening *opening, struct slice text,
			 struct header *header)
{
	bool parsed;

	if (opening->witnessed)
		opening->calendar->witness = opening->said.time;
	parsed = header_parse(text, opening->calendar, header);
	opening->calendar->witness = (struct stamp){ 0 };
	return parsed;
}

/* Whether a line that has a header holds another envelope or line. */
static bool holds_more(const struct header *header)
{
	return is_json(header->message) || is_container_tag(header->program);
}

/* The other line or envelope in the message of *header, if there is one. */
static void open_message(struct opening opening, struct header *header)
{
	struct header outer = *header;

	opening.said = outer;
	opening.witnessed = false;
	if (is_container_tag(outer.program))
		opening.said.program = (struct slice){ 0 };
	if (!open_inside(&opening, outer.message, header))
		*header = outer;
}

static bool open_text(struct opening opening, struct slice text,
		      struct header *header)
{
	*header = (struct header){ 0 };
	if (opening.level++ == LEVELS)
		return false;
	if (is_json(text)) {
		(void)slice_skip(&text, SLICE("@cee:"));
		return open_json(opening, text, header);
	}
	if (!parse_header(&opening, text, header))
		return open_prefixed(&opening, text, header);
	if (holds_more(header))
		open_message(opening, header);
	return true;
}

/* A line that is wrapped, or none at all. */
static bool open_wrapped(struct envelope *envelope, struct slice line,
			 struct calendar *calendar, struct header *header)
{
	struct opening opening = { .envelope = envelope, .calendar = calendar };

	/* What is undone is never longer than it was: slices stay. */
	buf_reset(&envelope->text);
	buf_reserve(&envelope->text, line.len * LEVELS);
	if (open_text(opening, line, header))
		return true;
	*header = (struct header){ 0 };
	return false;
}

bool envelope_open(struct envelope *envelope, struct slice line,
		   struct calendar *calendar, struct header *header)
{
	envelope->rewritten = false;
	if (line.len && line.at[0] != '{' &&
	    header_parse(line, calendar, header) && !holds_more(header))
		return true;
	return open_wrapped(envelope, line, calendar, header);
}

struct stamp envelope_stamp(struct envelope *envelope, struct slice line,
			    struct calendar *calendar)
{
	struct stamp stamp = header_stamp(line, calendar);
	struct header header;

	if (stamp.known || !line.len ||
	    !open_wrapped(envelope, line, calendar, &header))
		return stamp;
	return header.time;
}
