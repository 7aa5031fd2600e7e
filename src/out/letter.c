/* SPDX-License-Identifier: Apache-2.0 */
#include "out/letter.h"

#include "base/utf8.h"

enum {
	WIDTH = 72,
	NAMED_LIMIT = 5, /* recipients, and answers, of whom the same is said */
	/* In bytes: what is longer nobody reads, and nobody well-meaning wrote.
	 */
	RECIPIENT_LIMIT = 320,
	ANSWER_LIMIT = 1000,
};

/* A letter being written. */
struct letter {
	const struct catalogue *catalogue;
	const struct event *events;
	size_t count;
	struct layout layout;
	struct buf scratch;
};

static struct slice label(const struct letter *letter, const char *key)
{
	return catalogue_label(letter->catalogue, slice_from(key));
}

static void add_paragraph(struct letter *letter, struct slice text)
{
	if (!text.len)
		return;
	buf_add_char(letter->layout.buf, '\n');
	layout_paragraph(&letter->layout, 0, (struct slice){ 0 }, text);
}

static void add_shortened(struct buf *buf, struct slice text, size_t limit)
{
	struct slice head = utf8_head(text, limit);

	utf8_add_shown(buf, head);
	if (head.len < text.len)
		buf_add(buf, SLICE("..."));
}

/* `text` with `name` in the place of "{}". */
static void add_filled(struct letter *letter, struct slice text,
		       struct slice name)
{
	struct slice before = text;
	struct slice rest = text;

	buf_reset(&letter->scratch);
	if (slice_cut_at(&rest, SLICE("{}"), &before)) {
		buf_add(&letter->scratch, before);
		buf_add(&letter->scratch, name);
		buf_add(&letter->scratch, rest);
	} else {
		buf_add(&letter->scratch, text);
	}
	add_paragraph(letter, buf_slice(&letter->scratch));
}

static bool says_the_same(const struct event *a, const struct event *b)
{
	return a->verdict && b->verdict &&
	       a->verdict->entry == b->verdict->entry &&
	       (a->delivery->status == STATUS_DEFERRED) ==
		       (b->delivery->status == STATUS_DEFERRED);
}

static bool is_told(const struct letter *letter, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (says_the_same(&letter->events[i], &letter->events[at]))
			return true;
	return false;
}

/* The recipients of whom the same is to be said, with commas. */
static void list_recipients(const struct letter *letter, size_t at,
			    struct buf *list)
{
	size_t named = 0;

	buf_reset(list);
	for (size_t i = at; i < letter->count; i++) {
		struct slice one = letter->events[i].delivery->recipient;

		if (!one.len ||
		    (i != at &&
		     !says_the_same(&letter->events[i], &letter->events[at])))
			continue;
		if (named == NAMED_LIMIT) {
			buf_add(list, SLICE(", ..."));
			return;
		}
		if (named++)
			buf_add(list, SLICE(", "));
		add_shortened(list, one, RECIPIENT_LIMIT);
	}
}

/* What became of the mail, with its recipients if they are known. */
static void add_outcome(struct letter *letter, size_t at)
{
	bool waits = letter->events[at].delivery->status == STATUS_DEFERRED;
	struct buf list = { 0 };

	list_recipients(letter, at, &list);
	if (list.len)
		add_filled(
			letter,
			label(letter, waits ? "letter_waits" : "letter_failed"),
			buf_slice(&list));
	else
		add_paragraph(letter, label(letter, "letter_failed_plain"));
	buf_clear(&list);
}

/* When to come back: it depends on whether waiting helps. */
static struct slice return_label(const struct letter *letter,
				 const struct event *event)
{
	static const struct {
		struct slice retry;
		const char *key;
	} rows[] = {
		{ SLICE("soon"), "letter_return_soon" },
		{ SLICE("later"), "letter_return_later" },
		{ SLICE("after_fix"), "letter_return_after_fix" },
		{ SLICE("never"), "letter_return_never" },
	};
	struct slice retry = reason_retry(event->verdict->entry->reason);

	if (event->delivery->status == STATUS_DEFERRED)
		return label(letter, "letter_return_soon");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (slice_equal(rows[i].retry, retry))
			return label(letter, rows[i].key);
	return (struct slice){ 0 };
}

/* Whether it is what another one of the same failure was answered before. */
static bool is_answered(const struct letter *letter, size_t first, size_t at)
{
	for (size_t i = first; i < at; i++)
		if (says_the_same(&letter->events[i], &letter->events[at]) &&
		    slice_equal(letter->events[i].reply->text,
				letter->events[at].reply->text))
			return true;
	return false;
}

static void add_answer(struct letter *letter, const struct event *event)
{
	buf_reset(&letter->scratch);
	add_shortened(&letter->scratch, event->reply->text, ANSWER_LIMIT);
	layout_paragraph(&letter->layout, 2, (struct slice){ 0 },
			 buf_slice(&letter->scratch));
}

/* What was answered to each of whom the same is said. */
static void add_answers(struct letter *letter, size_t at)
{
	size_t added = 0;

	for (size_t i = at; i < letter->count && added < NAMED_LIMIT; i++) {
		const struct event *event = &letter->events[i];

		if (!says_the_same(event, &letter->events[at]) ||
		    !event->reply->text.len || is_answered(letter, at, i))
			continue;
		if (!added++)
			add_paragraph(letter,
				      label(letter, event->reply->local
							    ? "mta_said"
							    : "letter_answer"));
		add_answer(letter, event);
	}
}

static void add_failure(struct letter *letter, size_t at)
{
	const struct event *event = &letter->events[at];
	const struct text *text = &event->verdict->entry->text;

	add_outcome(letter, at);
	add_paragraph(letter, text->explanation);
	add_paragraph(letter, text->advice);
	add_paragraph(letter, return_label(letter, event));
	add_answers(letter, at);
}

/* The first recipient whom the mail did not reach, else the first. */
static struct slice subject_recipient(const struct letter *letter)
{
	for (size_t i = 0; i < letter->count; i++)
		if (letter->events[i].verdict)
			return letter->events[i].delivery->recipient;
	return letter->count ? letter->events[0].delivery->recipient
			     : (struct slice){ 0 };
}

/* One line, in which a very long address has no room. */
static void add_subject(struct letter *letter)
{
	struct buf *buf = letter->layout.buf;
	struct slice recipient = subject_recipient(letter);
	struct slice subject = label(letter, "letter_subject");
	struct slice about = label(letter, "letter_about");

	if (utf8_columns(subject) + utf8_columns(about) +
		    utf8_columns(recipient) + 2 >
	    WIDTH)
		recipient = (struct slice){ 0 };
	buf_add(buf, subject);
	buf_add_char(buf, ' ');
	if (recipient.len) {
		buf_add(buf, about);
		buf_add_char(buf, ' ');
		utf8_add_shown(buf, recipient);
	} else {
		buf_add(buf, label(letter, "letter_about_plain"));
	}
	buf_add_char(buf, '\n');
}

static void add_sent(struct letter *letter, const struct event *event)
{
	struct buf name = { 0 };

	add_shortened(&name, event->delivery->recipient, RECIPIENT_LIMIT);
	add_filled(letter, label(letter, "letter_sent"), buf_slice(&name));
	buf_clear(&name);
}

void letter_write(const struct catalogue *catalogue, const struct event *events,
		  size_t count, struct buf *buf)
{
	struct letter letter = {
		.catalogue = catalogue,
		.events = events,
		.count = count,
		.layout = { .buf = buf, .width = WIDTH, .breaks = true },
	};

	add_subject(&letter);
	add_paragraph(&letter, label(&letter, "letter_hello"));
	for (size_t i = 0; i < count; i++) {
		if (!events[i].verdict)
			add_sent(&letter, &events[i]);
		else if (!is_told(&letter, i))
			add_failure(&letter, i);
	}
	add_paragraph(&letter, label(&letter, "letter_bye"));
	buf_clear(&letter.scratch);
}
