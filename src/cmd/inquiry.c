/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/inquiry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/fd.h"
#include "base/memory.h"
#include "cmd/pipeline.h"
#include "cmd/places.h"
#include "parse/address.h"
#include "parse/envelope.h"
#include "parse/normalise.h"
#include "why/bounce.h"

/* More is a log for `report`, or a mail, which says so in its first lines. */
enum { TEXT_LIMIT = 64 * 1024 };

/* An answer with the memory that its slices live in. */
struct answer {
	struct delivery delivery;
	struct reply reply;
	struct verdict verdict;
	struct buf words;  /* scratch of reply_parse() */
	struct buf domain; /* scratch of address_domain() */
};

struct inquiry {
	const struct options *options;
	struct places places;
	struct catalogue *catalogue;
	struct explainer *explainer;   /* NULL until a question has words */
	struct explainer *codes;       /* for questions that have none */
	struct normaliser *normaliser; /* NULL until a line of a log comes */
	struct envelope *envelope;     /* the same */
	struct calendar calendar;
	struct bounce *bounce; /* of the question in hand */
	struct buf text;       /* the same */
	struct arena kept; /* of log lines, which live only until the next */
	struct answer **answers;
	size_t count;
	size_t size;
	struct event *events;
	bool was_empty;
};

int inquiry_open(const struct options *options, struct inquiry **opened,
		 struct fault *fault)
{
	struct inquiry *inquiry = memory_new(1, sizeof(*inquiry));

	*opened = NULL;
	inquiry->options = options;
	places_find(options->rules, &inquiry->places);
	if (pipeline_load_catalogue(options, &inquiry->catalogue, fault) < 0) {
		inquiry_close(inquiry);
		return -1;
	}
	calendar_init(&inquiry->calendar, (int64_t)time(NULL) * 1000000,
		      options->year);
	*opened = inquiry;
	return 0;
}

static void forget_answers(struct inquiry *inquiry)
{
	for (size_t i = 0; i < inquiry->count; i++) {
		buf_clear(&inquiry->answers[i]->words);
		buf_clear(&inquiry->answers[i]->domain);
		free(inquiry->answers[i]);
	}
	inquiry->count = 0;
	bounce_free(inquiry->bounce);
	inquiry->bounce = NULL;
	arena_clear(&inquiry->kept);
	free(inquiry->events);
	inquiry->events = NULL;
}

void inquiry_close(struct inquiry *inquiry)
{
	if (!inquiry)
		return;
	forget_answers(inquiry);
	free(inquiry->answers);
	explainer_close(inquiry->explainer);
	explainer_close(inquiry->codes);
	normaliser_close(inquiry->normaliser);
	envelope_free(inquiry->envelope);
	catalogue_free(inquiry->catalogue);
	buf_clear(&inquiry->text);
	free(inquiry);
}

const struct catalogue *inquiry_catalogue(const struct inquiry *inquiry)
{
	return inquiry->catalogue;
}

/* "550 5.7.1" holds no words to look for. */
static bool has_words(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!text.at[i] || !strchr("0123456789.- ", text.at[i]))
			return true;
	return false;
}

/* The one that is needed; making texts ready takes its time when it was not
 * done before. */
static int need_explainer(struct inquiry *inquiry, bool words,
			  struct explainer **needed, struct fault *fault)
{
	struct explainer **kept = words ? &inquiry->explainer : &inquiry->codes;

	if (!*kept && !words)
		*kept = explainer_open_codes(inquiry->catalogue);
	if (!*kept &&
	    explainer_open(inquiry->catalogue, places_cache(), kept, fault) < 0)
		return -1;
	*needed = *kept;
	return 0;
}

static struct answer *add_answer(struct inquiry *inquiry)
{
	if (inquiry->count == inquiry->size) {
		inquiry->size = inquiry->size ? inquiry->size * 2 : 4;
		inquiry->answers = memory_resize(inquiry->answers,
						 inquiry->size,
						 sizeof(struct answer *));
	}
	inquiry->answers[inquiry->count] = memory_new(1, sizeof(struct answer));
	return inquiry->answers[inquiry->count++];
}

/* Explains a delivery; `bare` if its text is a server's or a bounce's, not
 * that of a log. */
static int add_delivery(struct inquiry *inquiry,
			const struct delivery *delivery, bool bare,
			struct fault *fault)
{
	struct answer *answer = add_answer(inquiry);
	struct explainer *explainer;
	struct slice domain;

	answer->delivery = *delivery;
	domain = address_domain(delivery->recipient, &answer->domain);
	if (bare)
		reply_parse_bare(delivery->text, &answer->words,
				 &answer->reply);
	else
		reply_parse(delivery, &answer->words, &answer->reply);
	if (delivery->status == STATUS_SENT)
		return 0;
	if (need_explainer(inquiry, has_words(answer->reply.text), &explainer,
			   fault) < 0)
		return -1;
	explain_delivery(explainer, &answer->delivery, &answer->reply, domain,
			 &answer->verdict);
	return 0;
}

/* What a line of a log tells. *found says whether it is a delivery. */
static int ask_delivery(struct inquiry *inquiry, enum line_kind kind,
			struct delivery *delivery, bool *found,
			struct fault *fault)
{
	if (kind != LINE_DELIVERY && kind != LINE_REJECT)
		return 0;
	*found = true;
	if (delivery->status == STATUS_DELIVERABLE)
		return 0;
	delivery_keep(delivery, &inquiry->kept);
	do {
		if (add_delivery(inquiry, delivery, false, fault) < 0)
			return -1;
	} while (delivery_next(delivery));
	return 0;
}

static int ask_line(struct inquiry *inquiry, struct slice line, bool *found,
		    struct fault *fault)
{
	struct header header;
	struct delivery delivery;
	enum line_kind kind;
	enum mta mta;

	line = arena_keep(&inquiry->kept, line);
	if (!inquiry->envelope)
		inquiry->envelope = envelope_new();
	if (!envelope_open(inquiry->envelope, line, &inquiry->calendar,
			   &header))
		return 0;
	if (!inquiry->normaliser &&
	    normaliser_open(inquiry->places.dir, inquiry->places.over,
			    &inquiry->normaliser, fault) < 0)
		return -1;
	mta = mta_of(&header);
	if (normaliser_prepare(inquiry->normaliser, mta, fault) < 0)
		return -1;
	kind = normalise(inquiry->normaliser, mta, &header, &delivery);
	return ask_delivery(inquiry, kind, &delivery, found, fault);
}

static int ask_lines(struct inquiry *inquiry, struct slice text, bool *found,
		     struct fault *fault)
{
	struct delivery delivery;
	enum line_kind kind;

	*found = false;
	while (text.len) {
		struct slice line = text;

		if (!slice_cut(&text, '\n', &line))
			text = (struct slice){ 0 };
		if (slice_ends(line, SLICE("\r")))
			line.len--;
		if (ask_line(inquiry, line, found, fault) < 0)
			return -1;
	}
	while (inquiry->normaliser &&
	       normalise_left(inquiry->normaliser, true, &kind, &delivery))
		if (ask_delivery(inquiry, kind, &delivery, found, fault) < 0)
			return -1;
	return 0;
}

static int ask_mail(struct inquiry *inquiry, int fd, struct slice head,
		    const char *name, struct fault *fault)
{
	if (bounce_read(fd, head, name, &inquiry->bounce, fault) < 0)
		return -1;
	for (size_t i = 0; i < bounce_count(inquiry->bounce); i++)
		if (add_delivery(inquiry, bounce_delivery(inquiry->bounce, i),
				 true, fault) < 0)
			return -1;
	if (bounce_is_cut(inquiry->bounce))
		diag("%s: too large to be read whole; there may be more "
		     "recipients",
		     name);
	return 0;
}

/* The words of a server; its line breaks are what Postfix joins by a blank. */
static int ask_reply(struct inquiry *inquiry, struct slice text,
		     struct fault *fault)
{
	struct delivery delivery = { 0 };
	struct buf joined = { 0 };

	buf_add(&joined, text);
	for (size_t i = 0; i < joined.len; i++)
		if (joined.at[i] == '\n' || joined.at[i] == '\r')
			joined.at[i] = ' ';
	delivery.text = arena_keep(&inquiry->kept,
				   slice_trim(buf_slice(&joined)));
	buf_clear(&joined);
	return add_delivery(inquiry, &delivery, true, fault);
}

/* A text without a header may be a notice that somebody pasted; but one that
 * begins with a code is an answer, however many lines it has. */
static bool may_be_notice(struct slice text)
{
	return memchr(text.at, '\n', text.len) &&
	       !(text.at[0] >= '1' && text.at[0] <= '9');
}

static int ask_text(struct inquiry *inquiry, struct slice text,
		    const char *name, struct fault *fault)
{
	bool found;

	if (ask_lines(inquiry, text, &found, fault) < 0)
		return -1;
	if (found)
		return inquiry->count ? 0
				      : fault_set(fault,
						  "%s: no delivery in these "
						  "lines",
						  name);
	if (may_be_notice(text) && ask_mail(inquiry, -1, text, name, fault) < 0)
		return -1;
	return inquiry->count ? 0 : ask_reply(inquiry, text, fault);
}

bool inquiry_was_empty(const struct inquiry *inquiry)
{
	return inquiry->was_empty;
}

int inquiry_ask(struct inquiry *inquiry, struct slice text, struct fault *fault)
{
	forget_answers(inquiry);
	text = slice_trim(text);
	inquiry->was_empty = slice_is_blank(text);
	if (inquiry->was_empty)
		return fault_set(fault, "an empty question; explain takes a "
					"code, a text, a file");
	if (bounce_is_mail(text)) {
		if (ask_mail(inquiry, -1, text, "the mail", fault) < 0)
			return -1;
		if (inquiry->count)
			return 0;
	}
	return ask_text(inquiry, text, "the text", fault);
}

/* The first bytes, which tell what it is; *whole if there are no more. */
static int read_head(struct inquiry *inquiry, int fd, const char *name,
		     bool *whole, struct fault *fault)
{
	struct buf *text = &inquiry->text;

	buf_reset(text);
	*whole = false;
	while (text->len < TEXT_LIMIT && !*whole) {
		ssize_t got;

		buf_reserve(text, TEXT_LIMIT - text->len);
		got = fd_read(fd, text->at + text->len, TEXT_LIMIT - text->len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fault_set(fault, "%s: %s", name,
					 strerror(errno));
		*whole = got == 0;
		text->len += (size_t)got;
	}
	return 0;
}

static int ask_opened(struct inquiry *inquiry, int fd, const char *name,
		      struct fault *fault)
{
	struct slice text;
	bool whole;

	if (read_head(inquiry, fd, name, &whole, fault) < 0)
		return -1;
	text = buf_slice(&inquiry->text);
	if (bounce_is_mail(text)) {
		if (ask_mail(inquiry, fd, text, name, fault) < 0)
			return -1;
		return inquiry->count ? 0
				      : fault_set(fault,
						  "%s: this mail tells of no "
						  "delivery that failed",
						  name);
	}
	inquiry->was_empty = slice_is_blank(text);
	if (inquiry->was_empty)
		return fault_set(fault, "%s: is empty", name);
	if (!whole)
		return fault_set(fault,
				 "%s: is no mail, and larger than 64 KiB; "
				 "'mailwhy report' reads logs",
				 name);
	return ask_text(inquiry, slice_trim(text), name, fault);
}

int inquiry_ask_file(struct inquiry *inquiry, const char *path,
		     struct fault *fault)
{
	bool is_input = !strcmp(path, "-");
	int fd = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int result;

	forget_answers(inquiry);
	if (fd < 0)
		return fault_set(fault, "%s: %s", path, strerror(errno));
	result = ask_opened(inquiry, fd, is_input ? "standard input" : path,
			    fault);
	if (!is_input)
		(void)close(fd);
	return result;
}

const struct event *inquiry_events(struct inquiry *inquiry, size_t *count)
{
	*count = inquiry->count;
	if (inquiry->events || !inquiry->count)
		return inquiry->events;
	inquiry->events = memory_new(inquiry->count, sizeof(struct event));
	for (size_t i = 0; i < inquiry->count; i++) {
		const struct answer *answer = inquiry->answers[i];

		inquiry->events[i] = (struct event){
			.delivery = &answer->delivery,
			.reply = &answer->reply,
			.verdict = answer->verdict.entry ? &answer->verdict
							 : NULL,
			.domain = buf_slice(&answer->domain),
		};
	}
	return inquiry->events;
}
