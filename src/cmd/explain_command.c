/* SPDX-License-Identifier: Apache-2.0 */
#include <unistd.h>

#include "base/diag.h"
#include "cmd/commands.h"
#include "cmd/inquiry.h"
#include "cmd/options.h"
#include "cmd/pipeline.h"
#include "out/explanation.h"
#include "out/letter.h"
#include "out/sink.h"

/* The answers on their way out. */
struct answering {
	const struct options *options;
	struct inquiry *inquiry;
	struct event_writer *events;
	struct sink sink;
	size_t written; /* questions, or in JSON answers */
	int status;
};

static void write_json(struct answering *answering, const char *file)
{
	struct slice name = file ? slice_from(file) : (struct slice){ 0 };
	struct buf *buf = &answering->sink.pending;
	size_t count;
	const struct event *events = inquiry_events(answering->inquiry, &count);

	for (size_t i = 0; i < count; i++) {
		if (answering->written++)
			buf_add(buf, SLICE(",\n"));
		event_write_answer(answering->events, &events[i], name, buf);
	}
}

static void write_people(struct answering *answering, const char *file)
{
	const struct options *options = answering->options;
	const struct catalogue *catalogue = inquiry_catalogue(
		answering->inquiry);
	struct layout layout = layout_for(&answering->sink.pending,
					  answering->sink.fd);
	size_t count;
	const struct event *events = inquiry_events(answering->inquiry, &count);

	if (answering->written++)
		buf_add(layout.buf, SLICE("\n"));
	if (file && options->operand_count > 1) {
		layout_add(&layout, STYLE_FAINT, slice_from(file));
		buf_add(layout.buf, SLICE("\n"));
	}
	if (options->format == FORMAT_MAIL)
		letter_write(catalogue, events, count, layout.buf);
	else
		explanation_write(catalogue, events, count, options->audience,
				  &layout);
}

/* What was found; or why there is nothing, and the next question goes on. */
static void take_answers(struct answering *answering, const char *file,
			 int result, struct fault *fault)
{
	if (result == 0 && answering->options->format == FORMAT_JSON)
		write_json(answering, file);
	else if (result == 0)
		write_people(answering, file);
	if (result == 0)
		result = sink_added(&answering->sink, fault);
	if (result == 0)
		return;
	diag("%s", fault->text);
	answering->status = 1;
}

/* "-", a file that is there, or what only a file can be called: a path, or a
 * mail. */
static bool is_file(const char *operand)
{
	return !strcmp(operand, "-") || access(operand, F_OK) == 0 ||
	       slice_ends(slice_from(operand), SLICE(".eml")) ||
	       (strchr(operand, '/') && !strpbrk(operand, " \n\t:"));
}

static bool all_files(const struct options *options)
{
	for (size_t i = 0; i < options->operand_count; i++)
		if (!is_file(options->operands[i]))
			return false;
	return true;
}

/* Nothing was asked: that is wrong usage, no failure. */
static void refuse_if(bool nothing)
{
	if (nothing)
		options_refuse("explain needs a code, the text of a reply, or "
			       "a bounce mail");
}

/* The operands with blanks between them are one question. */
static void ask_words(struct answering *answering)
{
	const struct options *options = answering->options;
	struct buf text = { 0 };
	struct fault fault;
	int result;

	for (size_t i = 0; i < options->operand_count; i++) {
		if (i)
			buf_add_char(&text, ' ');
		buf_add(&text, slice_from(options->operands[i]));
	}
	result = inquiry_ask(answering->inquiry, buf_slice(&text), &fault);
	refuse_if(inquiry_was_empty(answering->inquiry));
	take_answers(answering, NULL, result, &fault);
	buf_clear(&text);
}

static void ask_files(struct answering *answering)
{
	static char dash[] = "-";
	char *const input[] = { dash };
	const struct options *options = answering->options;
	bool named = options->operand_count > 0;
	char *const *files = named ? options->operands : input;
	size_t count = named ? options->operand_count : 1;

	/* At a terminal nobody would know what it waits for. */
	refuse_if(!named && isatty(STDIN_FILENO));
	for (size_t i = 0; i < count; i++) {
		const char *name = strcmp(files[i], "-") ? files[i] : NULL;
		struct fault fault;
		int result = inquiry_ask_file(answering->inquiry, files[i],
					      &fault);

		if (!named)
			refuse_if(inquiry_was_empty(answering->inquiry));
		take_answers(answering, name, result, &fault);
	}
}

int explain_command(const struct options *options)
{
	struct answering answering = { .options = options };
	bool json = options->format == FORMAT_JSON;
	struct fault fault;

	if (inquiry_open(options, &answering.inquiry, &fault) < 0)
		die(1, "%s", fault.text);
	if (sink_open_empty(&answering.sink, options->output, &fault) < 0)
		die(1, "%s", fault.text);
	answering.events = event_writer_new(
		inquiry_catalogue(answering.inquiry));
	if (json)
		buf_add_char(&answering.sink.pending, '[');
	if (all_files(options))
		ask_files(&answering);
	else
		ask_words(&answering);
	if (json)
		buf_add(&answering.sink.pending, SLICE("]\n"));
	if (sink_close(&answering.sink, &fault) < 0) {
		diag("%s", fault.text);
		answering.status = 1;
	}
	event_writer_free(answering.events);
	inquiry_close(answering.inquiry);
	return answering.status;
}
