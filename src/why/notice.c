/* SPDX-License-Identifier: Apache-2.0 */
#include "why/notice.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/intern.h"
#include "base/memory.h"
#include "parse/address.h"
#include "why/diagnosis.h"
#include "why/notice_phrases.h"
#include "why/status_fields.h"

enum {
	UNIT_LIMIT = 64,       /* paragraphs looked at behind an address */
	UNIT_SIZE = 64 * 1024, /* of a paragraph */
	MENTION_LIMIT = 64,    /* recipients looked for in paragraphs */
	DISPLAY_NAME_LIMIT = 80,
};

/* A paragraph, or one answer of a transcript, in reader.joined. */
struct unit {
	size_t from;
	size_t len;
	struct slice talking; /* with whom, if a line before said so */
	struct diagnosis diagnosis;
	bool transcript;
};

/* What is known of a recipient; `text` is in reader.texts, all else is borrowed
 * from the notice. */
struct finding {
	struct slice recipient;
	struct slice text;
	struct slice relay_host;
	struct slice host;
	struct enhanced code;
	enum diagnosis_worth worth;
};

struct reader {
	const struct notice *notice;
	bool trusted; /* the notice's, or a phrase has been read */
	bool begun;   /* there was text: the original may follow */
	bool fixed;   /* the names are given: no line begins another */
	bool delayed;
	bool open; /* the last unit goes on */
	/* The segment: names that wait for the text behind them. */
	struct slice *names;
	size_t name_count;
	size_t indent;       /* of the last name's line */
	struct slice above;  /* the line of text above, no blank between */
	struct slice before; /* that of the first name, if it tells why */
	bool gap;            /* a blank line followed the last name */
	struct unit units[UNIT_LIMIT];
	size_t unit_count;
	struct buf joined;
	struct slice talking;
	struct slice generating;
	/* All that was found, by number of the recipient in lower case. */
	struct intern *recipients;
	struct finding *findings;
	struct buf lower;
	struct arena texts;
};

/* Neither the sender nor who is named for help. */
static bool is_recipient(const struct reader *reader, struct slice address)
{
	struct slice own = reader->notice->own;
	struct slice found;

	if (notice_phrases_is_helper(address))
		return false;
	while ((found = address_find(own)).len) {
		if (slice_equal_nocase(found, address))
			return false;
		own = slice_after(own, (size_t)(found.at - own.at) + found.len);
	}
	return true;
}

/* `name` in lower case, until the next call. */
static struct slice folded(struct reader *reader, struct slice name)
{
	struct buf *lower = &reader->lower;

	buf_reset(lower);
	buf_add(lower, name);
	for (size_t i = 0; i < lower->len; i++)
		if (lower->at[i] >= 'A' && lower->at[i] <= 'Z')
			lower->at[i] |= 0x20;
	return buf_slice(lower);
}

static bool is_found(struct reader *reader, struct slice name)
{
	return intern_find(reader->recipients, folded(reader, name)) !=
	       INTERN_NONE;
}

/* The finding about `name`, a new one if there was none; NULL: too many. */
static struct finding *finding_of(struct reader *reader, struct slice name)
{
	uint32_t number;

	if (is_found(reader, name))
		return &reader->findings[intern_find(reader->recipients,
						     folded(reader, name))];
	if (intern_count(reader->recipients) >= NOTICE_LIMIT)
		return NULL;
	number = intern_add(reader->recipients, folded(reader, name));
	reader->findings[number].recipient = name;
	return &reader->findings[number];
}

/* Keeps what `unit` says about `name`, if it is more than was known. */
static void record(struct reader *reader, struct slice name,
		   const struct unit *unit)
{
	struct finding *finding = finding_of(reader, name);

	if (!finding || !unit ||
	    (finding->text.len && finding->worth >= unit->diagnosis.worth))
		return;
	finding->worth = unit->diagnosis.worth;
	finding->text = unit->diagnosis.text;
	finding->code = unit->diagnosis.code;
	finding->relay_host = unit->diagnosis.host.len ? unit->diagnosis.host
						       : unit->talking;
	finding->host = reader->generating;
}

/* The unit that says most about `name`; the first of equals. */
static const struct unit *best_unit(const struct reader *reader,
				    struct slice name)
{
	const struct unit *best = NULL;
	unsigned best_rank = 0;

	for (size_t i = 0; i < reader->unit_count; i++) {
		const struct unit *unit = &reader->units[i];
		unsigned rank = 2 * unit->diagnosis.worth;

		if (unit->transcript && reader->name_count <= MENTION_LIMIT &&
		    slice_find(unit->diagnosis.text, name) != SIZE_MAX)
			rank++;
		if (!best || rank > best_rank) {
			best = unit;
			best_rank = rank;
		}
	}
	return best;
}

/* What the units say, once all of them are there. */
static void diagnose(struct reader *reader)
{
	struct slice kept = arena_keep(&reader->texts,
				       buf_slice(&reader->joined));

	for (size_t i = 0; i < reader->unit_count; i++) {
		struct unit *unit = &reader->units[i];
		struct slice text = slice_after(kept, unit->from);

		diagnosis_parse(slice_head(text, unit->len), &unit->diagnosis);
	}
}

/* Adds to the open unit, or opens one. */
static void add_text(struct reader *reader, struct slice text)
{
	struct buf *joined = &reader->joined;
	struct unit *unit;

	if (!text.len || (!reader->open && reader->unit_count == UNIT_LIMIT))
		return;
	if (!reader->open) {
		reader->units[reader->unit_count++] = (struct unit){
			.from = joined->len, .talking = reader->talking
		};
		reader->open = true;
	}
	unit = &reader->units[reader->unit_count - 1];
	if (unit->len + text.len + 1 > UNIT_SIZE)
		return;
	if (unit->len)
		buf_add_char(joined, ' ');
	for (size_t i = 0; i < text.len; i++)
		buf_add_char(joined, text.at[i] == '\t' ? ' ' : text.at[i]);
	unit->len = joined->len - unit->from;
}

/* Ends a segment: each of its names gets its text. */
static void end_segment(struct reader *reader)
{
	if (!reader->unit_count) {
		reader->open = false;
		add_text(reader, reader->before);
	}
	diagnose(reader);
	for (size_t i = 0; i < reader->name_count; i++) {
		const struct unit *unit = best_unit(reader, reader->names[i]);

		if (reader->trusted ||
		    (unit && unit->diagnosis.worth == DIAGNOSIS_ANSWER))
			record(reader, reader->names[i], unit);
	}
	reader->name_count = 0;
	reader->unit_count = 0;
	reader->open = false;
	reader->before = (struct slice){ 0 };
	buf_reset(&reader->joined);
}

/* Whether the line tells why, and does not only announce the addresses. */
static bool is_reason(struct slice line)
{
	struct diagnosis diagnosis;

	if (!line.len || slice_ends(line, SLICE(":")) ||
	    address_find(line).len || notice_phrases_begin(line))
		return false;
	diagnosis_parse(line, &diagnosis);
	return diagnosis.worth != DIAGNOSIS_NOTHING;
}

/* Notes puts the reason above its addresses: what stands right above the next
 * one does not belong to those before. */
static void add_name(struct reader *reader, struct slice name)
{
	bool ends = reader->unit_count > 0;

	if (reader->unit_count == 1 && reader->gap && reader->before.len &&
	    is_reason(reader->above))
		reader->unit_count = 0;
	if (ends)
		end_segment(reader);
	if (!reader->name_count && is_reason(reader->above))
		reader->before = reader->above;
	reader->gap = false;
	if (reader->name_count < NOTICE_LIMIT)
		reader->names[reader->name_count++] = name;
}

/* "<<< 550-5.1.1 no": one unit for all lines of an answer. */
static void add_answer(struct reader *reader, struct slice answer)
{
	struct unit *unit = reader->unit_count
				    ? &reader->units[reader->unit_count - 1]
				    : NULL;

	answer = slice_trim(answer);
	if (!answer.len || (answer.at[0] != '4' && answer.at[0] != '5'))
		return;
	if (!unit || !unit->transcript)
		reader->open = false;
	add_text(reader, answer);
	if (!reader->open)
		return;
	reader->units[reader->unit_count - 1].transcript = true;
	reader->open = answer.len > 3 && answer.at[3] == '-';
}

/* Behind an address: brackets, "<mailto:...>", separators, and what says
 * nothing of the failure. */
static struct slice after_address(struct slice rest)
{
	struct slice again;
	struct slice unused;

	while (rest.len && strchr(">)]\"'", rest.at[0]))
		rest = slice_after(rest, 1);
	if (slice_skip(&rest, SLICE("<mailto:")))
		(void)slice_cut(&rest, '>', &unused);
	/* "bob@example.com (bob@example.com)" of Exchange. */
	again = address_find(slice_head(rest, DISPLAY_NAME_LIMIT));
	if (again.len && strchr(" (<", rest.at[0]) && again.at - rest.at <= 2)
		rest = slice_after(rest,
				   (size_t)(again.at - rest.at) + again.len);
	if (slice_skip(&rest, SLICE(")<mailto:")))
		(void)slice_cut(&rest, '>', &unused);
	while (rest.len && strchr(" >):;-=.", rest.at[0]))
		rest = slice_after(rest, 1);
	/* Exchange 2003: "bob@example.com on 1/2/2003 10:00 AM". */
	if (slice_starts(rest, SLICE("on ")) && rest.len > 3 &&
	    rest.at[3] >= '0' && rest.at[3] <= '9')
		return (struct slice){ 0 };
	if (notice_phrases_skip(rest))
		return (struct slice){ 0 };
	return rest;
}

/* "Bob (bob@example.com)", "Bob <bob@example.com>": nothing but a name. */
static bool is_display_name(struct slice before, struct slice after)
{
	char open = before.len ? before.at[before.len - 1] : ' ';
	struct diagnosis diagnosis;

	if ((open != '(' && open != '<' && open != '[') || after.len ||
	    before.len > DISPLAY_NAME_LIMIT ||
	    memchr(before.at, ':', before.len))
		return false;
	diagnosis_parse(before, &diagnosis);
	return diagnosis.worth == DIAGNOSIS_NOTHING;
}

/*
 * Takes the addresses that begin the line, several between commas; *rest is
 * what stands behind them. False if it begins with none.
 */
static bool take_names(struct reader *reader, struct slice line,
		       struct slice *rest)
{
	bool any = false;

	notice_phrases_skip_lead(&line);
	for (;;) {
		struct slice name = address_find(line);
		struct slice before = slice_head(
			line, name.len ? (size_t)(name.at - line.at) : 0);
		struct slice after = slice_after(line, before.len + name.len);
		bool bare = before.len == 0 ||
			    (before.len == 1 && strchr("<\"'([", line.at[0]));

		after = after_address(after);
		if (!name.len || !is_recipient(reader, name) ||
		    (!bare && !is_display_name(before, after)))
			return any;
		add_name(reader, name);
		any = true;
		*rest = after;
		if (!slice_skip(&after, SLICE(",")))
			return any;
		line = slice_trim(after);
	}
}

/* Postfix and others fold an answer; a line of it may begin with the address
 * again. */
static bool goes_on(const struct reader *reader, struct slice line,
		    size_t indent)
{
	if (!reader->open || !reader->name_count)
		return false;
	if (indent > reader->indent)
		return true;
	return slice_equal_nocase(address_find(line),
				  reader->names[reader->name_count - 1]);
}

/* A sentence that names the recipient and says what is wrong. */
static void take_sentence(struct reader *reader, struct slice line)
{
	struct slice name = address_find(line);
	struct diagnosis diagnosis;

	if (!name.len || !is_recipient(reader, name))
		return;
	diagnosis_parse(line, &diagnosis);
	if (diagnosis.worth == DIAGNOSIS_NOTHING)
		return;
	add_name(reader, name);
	add_text(reader, line);
}

static void take_text(struct reader *reader, struct slice line, size_t indent)
{
	struct slice rest = { 0 };

	if (reader->fixed || goes_on(reader, line, indent)) {
		add_text(reader, line);
		return;
	}
	if (take_names(reader, line, &rest)) {
		reader->indent = indent;
		add_text(reader, rest);
		return;
	}
	if (reader->name_count)
		add_text(reader, line);
	else
		take_sentence(reader, line);
}

/* Lines that are no text of the notice but tell of it; true if it was one. */
static bool take_mark(struct reader *reader, struct slice line)
{
	struct slice rest = line;

	/* What stands before is somebody's who forwards the notice. */
	if (!reader->trusted && notice_phrases_begin(line)) {
		end_segment(reader);
		reader->trusted = true;
	}
	if (notice_phrases_delay(line))
		reader->delayed = true;
	if (slice_skip(&rest, SLICE("<<< "))) {
		if (reader->name_count)
			add_answer(reader, rest);
		return true;
	}
	if (slice_skip(&rest, SLICE("... while talking to "))) {
		reader->talking = diagnosis_host(slice_after(line, 10));
		reader->open = false;
		return true;
	}
	if (slice_starts(line, SLICE("---")) ||
	    notice_phrases_server(line, &reader->generating) ||
	    notice_phrases_skip(line)) {
		reader->open = false;
		return true;
	}
	return false;
}

/* False: the original message begins. */
static bool take_line(struct reader *reader, struct slice raw)
{
	struct slice line = status_fields_unquote(raw);

	if (!line.len) {
		reader->open = false;
		reader->gap = true;
		reader->above = (struct slice){ 0 };
		return true;
	}
	if (slice_starts_nocase(line, SLICE("reporting-mta:")))
		return false;
	if ((reader->trusted || intern_count(reader->recipients)) &&
	    reader->begun && notice_phrases_original(line))
		return false;
	reader->begun = true;
	if (take_mark(reader, line))
		line = (struct slice){ 0 };
	else
		take_text(reader, line, (size_t)(line.at - raw.at));
	reader->above = line;
	return true;
}

static void read_text(struct reader *reader)
{
	struct slice rest = reader->notice->text;
	struct slice line;
	bool more = true;

	reader->begun = false;
	while (more && slice_cut(&rest, '\n', &line))
		more = take_line(reader, line);
	if (more)
		(void)take_line(reader, rest);
	end_segment(reader);
	reader->above = (struct slice){ 0 };
}

/*
 * The recipients that the header named and the text did not; or the first one
 * that the text names somewhere, where no line begins with one. The whole text
 * is about them.
 */
static void read_for_known(struct reader *reader)
{
	bool any = intern_count(reader->recipients) > 0;
	struct slice rest = reader->notice->failed;
	struct slice name;

	if (!rest.len && !any && reader->trusted)
		rest = notice_body(reader->notice);
	while ((name = address_find(rest)).len) {
		rest = slice_after(rest,
				   (size_t)(name.at - rest.at) + name.len);
		if (!is_recipient(reader, name) || is_found(reader, name))
			continue;
		add_name(reader, name);
		if (!reader->notice->failed.len)
			break;
	}
	reader->fixed = true;
	if (reader->name_count)
		read_text(reader);
}

static void hand_over(const struct reader *reader, notice_take *take,
		      void *context)
{
	uint32_t count = intern_count(reader->recipients);
	bool more = true;

	for (uint32_t i = 0; more && i < count; i++) {
		const struct finding *finding = &reader->findings[i];
		struct delivery delivery = {
			.recipient = finding->recipient,
			.relay_host = finding->relay_host,
			.host = finding->host,
			.dsn = finding->code,
			.status = reader->delayed ? STATUS_DEFERRED
						  : STATUS_BOUNCED,
			.text = finding->text,
		};

		more = take(context, &delivery);
	}
}

void notice_each(const struct notice *notice, notice_take *take, void *context)
{
	struct reader reader = { .notice = notice, .trusted = notice->trusted };

	reader.names = memory_new(NOTICE_LIMIT, sizeof(*reader.names));
	reader.findings = memory_new(NOTICE_LIMIT, sizeof(*reader.findings));
	reader.recipients = intern_new();
	read_text(&reader);
	read_for_known(&reader);
	hand_over(&reader, take, context);
	arena_clear(&reader.texts);
	buf_clear(&reader.lower);
	buf_clear(&reader.joined);
	intern_free(reader.recipients);
	free(reader.findings);
	free(reader.names);
}

struct slice notice_body(const struct notice *notice)
{
	struct slice rest = notice->text;
	bool begun = notice->trusted;
	bool text = false;
	struct slice raw;

	while (slice_cut(&rest, '\n', &raw)) {
		struct slice line = status_fields_unquote(raw);

		if (begun && text && notice_phrases_original(line))
			return slice_head(notice->text,
					  (size_t)(raw.at - notice->text.at));
		text = text || line.len;
		begun = begun || notice_phrases_begin(line);
	}
	return notice->text;
}
