/* SPDX-License-Identifier: Apache-2.0 */
#include "out/letter.h"

#include "base/utf8.h"

enum { WIDTH = 72, NAMED_LIMIT = 5 };

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
		utf8_add_shown(list, one);
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

static void add_failure(struct letter *letter, size_t at)
{
	const struct event *event = &letter->events[at];
	const struct text *text = &event->verdict->entry->text;

	add_outcome(letter, at);
	add_paragraph(letter, text->explanation);
	add_paragraph(letter, text->advice);
	add_paragraph(letter, return_label(letter, event));
	if (!event->reply->text.len)
		return;
	buf_add_char(letter->layout.buf, '\n');
	layout_paragraph(&letter->layout, 0, (struct slice){ 0 },
			 label(letter, "letter_answer"));
	layout_paragraph(&letter->layout, 2, (struct slice){ 0 },
			 event->reply->text);
}

static void add_subject(struct letter *letter)
{
	struct buf *buf = letter->layout.buf;
	struct slice recipient = { 0 };

	for (size_t i = 0; i < letter->count && !recipient.len; i++)
		if (letter->events[i].verdict)
			recipient = letter->events[i].delivery->recipient;
	buf_add(buf, label(letter, "letter_subject"));
	buf_add_char(buf, ' ');
	buf_add(buf, label(letter, recipient.len ? "letter_about"
						 : "letter_about_plain"));
	if (recipient.len) {
		buf_add_char(buf, ' ');
		utf8_add_shown(buf, recipient);
	}
	buf_add(buf, SLICE("\n"));
}

void letter_write(const struct catalogue *catalogue, const struct event *events,
		  size_t count, struct buf *buf)
{
	struct letter letter = {
		.catalogue = catalogue,
		.events = events,
		.count = count,
		.layout = { .buf = buf, .width = WIDTH },
	};

	add_subject(&letter);
	add_paragraph(&letter, label(&letter, "letter_hello"));
	for (size_t i = 0; i < count; i++) {
		if (!events[i].verdict)
			add_filled(&letter, label(&letter, "letter_sent"),
				   events[i].delivery->recipient);
		else if (!is_told(&letter, i))
			add_failure(&letter, i);
	}
	add_paragraph(&letter, label(&letter, "letter_bye"));
	buf_clear(&letter.scratch);
}
