/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/fd.h"
#include "base/jsonout.h"
#include "cmd/commands.h"
#include "cmd/options.h"
#include "cmd/pipeline.h"
#include "cmd/places.h"
#include "out/event.h"
#include "out/sink.h"
#include "why/explain.h"

enum { TEXT_LIMIT = 64 * 1024 };

/* The operands with blanks between them, or what standard input holds. */
static void read_question(const struct options *options, struct buf *text)
{
	for (size_t i = 0; i < options->operand_count; i++) {
		if (i)
			buf_add_char(text, ' ');
		buf_add(text, slice_from(options->operands[i]));
	}
	if (options->operand_count && !slice_equal(buf_slice(text), SLICE("-")))
		return;
	buf_reset(text);
	while (text->len < TEXT_LIMIT) {
		ssize_t got;

		buf_reserve(text, 4096);
		got = fd_read(STDIN_FILENO, text->at + text->len, 4096);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			die(1, "standard input: %s", strerror(errno));
		if (got == 0)
			return;
		text->len += (size_t)got;
	}
}

/* Line breaks of a pasted reply are what Postfix joins by a blank. */
static void join_lines(struct buf *text)
{
	for (size_t i = 0; i < text->len; i++)
		if (text->at[i] == '\n' || text->at[i] == '\r')
			text->at[i] = ' ';
}

static void write_json(const struct catalogue *catalogue,
		       const struct event *event, struct buf *buf)
{
	struct event_writer *writer = event_writer_new(catalogue);

	buf_add_char(buf, '[');
	event_write_answer(writer, event, buf);
	buf_add(buf, SLICE("]\n"));
	event_writer_free(writer);
}

static void write_text(const struct catalogue *catalogue,
		       const struct event *event, enum audience audience,
		       const struct layout *layout)
{
	const struct entry *entry = event->verdict->entry;

	if (event->reply->text.len) {
		layout_add(layout, STYLE_FAINT, event->reply->text);
		buf_add_char(layout->buf, '\n');
	}
	layout_add(layout, STYLE_BOLD, entry->text.title);
	buf_add_char(layout->buf, '\n');
	text_write_entry(catalogue, entry, audience, layout);
	/* Honest where nothing but the code is known, or not even that. */
	if (event->verdict->basis == BASIS_CLASS)
		layout_paragraph(
			layout, 2, (struct slice){ 0 },
			catalogue_label(
				catalogue,
				event->reply->code ||
						event->reply->enhanced.class
					? SLICE("only_class")
					: SLICE("unknown")));
}

/* "550 5.7.1" holds no words to look for. */
static bool has_words(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!text.at[i] || !strchr("0123456789.- ", text.at[i]))
			return true;
	return false;
}

static void answer(struct catalogue *catalogue, const struct options *options,
		   struct slice text, struct sink *sink)
{
	struct explainer *explainer = NULL;
	struct buf scratch = { 0 };
	struct delivery delivery = { 0 };
	struct reply reply;
	struct verdict verdict;
	struct event event = { &delivery, &reply, &verdict, { 0 } };
	struct layout layout = layout_for(&sink->pending, sink->fd);
	struct fault fault;

	if (!has_words(text))
		explainer = explainer_open_codes(catalogue);
	else if (explainer_open(catalogue, places_cache(), &explainer, &fault) <
		 0)
		die(1, "%s", fault.text);
	reply_parse_bare(text, &scratch, &reply);
	explain_delivery(explainer, &delivery, &reply, (struct slice){ 0 },
			 &verdict);
	if (options->format == FORMAT_JSON)
		write_json(catalogue, &event, &sink->pending);
	else
		write_text(catalogue, &event, options->audience, &layout);
	buf_clear(&scratch);
	explainer_close(explainer);
}

int explain_command(const struct options *options)
{
	struct catalogue *catalogue = NULL;
	struct buf text = { 0 };
	struct sink sink;
	struct fault fault;
	int status = 0;

	read_question(options, &text);
	join_lines(&text);
	if (!slice_trim(buf_slice(&text)).len)
		options_refuse("explain needs a code or the text of a reply");
	if (pipeline_load_catalogue(options, &catalogue, &fault) < 0)
		die(1, "%s", fault.text);
	if (sink_open_empty(&sink, options->output, &fault) < 0)
		die(1, "%s", fault.text);
	answer(catalogue, options, buf_slice(&text), &sink);
	if (sink_close(&sink, &fault) < 0) {
		diag("%s", fault.text);
		status = 1;
	}
	catalogue_free(catalogue);
	buf_clear(&text);
	return status;
}
