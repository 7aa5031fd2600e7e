/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/omprog_input.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/stamp.h"
#include "cmd/signals.h"
#include "read/line.h"
#include "rsyslog/journal.h"
#include "rsyslog/omprog.h"

/* So many bytes of lines or events are passed on at once. */
enum { MUCH = 64 * 1024, RETRY_MS = 500, DRAINING_READS = 4 };

struct omprog_input {
	const struct options *options;
	struct pipeline *pipeline;
	struct sink *sink;
	struct omprog dialogue;
	struct line_reader *reader;
	struct journal *journal; /* NULL: no confirmations, or no file */
	struct buf waiting;      /* lines that go through the pipeline later */
	uint64_t cut;
	bool failing; /* storing failed, and it was said */
	bool broken;  /* lines cannot go through at all */
	bool reload;  /* asked for within a transaction */
};

void omprog_check_options(const struct options *options)
{
	if (!options->output)
		options_refuse("--omprog needs --output FILE: standard output "
			       "is for the answers to rsyslog");
	if (options->follow)
		options_refuse("--omprog reads standard input, which --follow "
			       "cannot; use one of them");
	if (!period_is_all(&options->period))
		options_refuse("--omprog takes all that comes, without --since "
			       "and --until");
	if (options->journal)
		options_refuse("--omprog reads what rsyslog sends, not "
			       "--journal");
	if (options->operand_count)
		options_refuse("--omprog reads standard input, not '%.40s'",
			       options->operands[0]);
}

/* Lines through the pipeline. What fails here does not get better: output is
 * held and cannot. */
static void pass_on(struct omprog_input *input, struct slice block)
{
	uint64_t now = line_reader_cut(input->reader);
	struct fault fault;

	if (pipeline_block(input->pipeline, block, now - input->cut, &fault) <
	    0) {
		diag("%s", fault.text);
		input->broken = true;
	}
	input->cut = now;
}

static void pass_waiting(struct omprog_input *input)
{
	if (input->waiting.len)
		pass_on(input, buf_slice(&input->waiting));
	buf_reset(&input->waiting);
}

/* Says once that storing fails, and once that it works again. */
static void say_change(struct omprog_input *input, bool failed,
		       const struct fault *fault)
{
	if (failed && !input->failing)
		diag("%s; kept for the next try", fault->text);
	if (!failed && input->failing)
		diag("%s: can be written again", input->options->output);
	input->failing = failed;
}

static int store_batch(struct omprog_input *input, bool durably,
		       struct fault *fault)
{
	struct sink *sink = input->sink;
	struct sink_place place;

	if (!input->journal)
		return sink_store(sink, durably, fault);
	if (journal_is_stored(input->journal) && !sink->pending.len)
		return 0;
	(void)sink_place(sink, &place);
	if (journal_save(input->journal, &place, sink->pending.len, durably,
			 fault) < 0 ||
	    sink_store(sink, durably, fault) < 0)
		return -1;
	return journal_mark_stored(input->journal, fault);
}

/* All that came is in the file; durably: on the disk. On failure all is kept
 * for the next try, and the fault tells. */
static int store(struct omprog_input *input, bool durably, struct fault *fault)
{
	int result;

	pass_waiting(input);
	if (input->broken)
		return fault_set(fault, "lines cannot be explained");
	result = store_batch(input, durably, fault);
	say_change(input, result < 0, fault);
	return result;
}

/* What an earlier run left undone is done first. */
static int store_rest(struct omprog_input *input, bool durably,
		      struct fault *fault)
{
	if (input->journal ? journal_is_stored(input->journal)
			   : !input->sink->pending.len)
		return 0;
	return store(input, durably, fault);
}

/* Takes away what a killed run wrote of its last batch, as that batch is done
 * once more. Nothing else is ever cut. */
static int cut_back(struct omprog_input *input, const struct journal_rest *rest,
		    struct fault *fault)
{
	const char *name = input->options->output;
	struct sink_place now;

	if (!rest->growth || !sink_place(input->sink, &now))
		return 0;
	if (now.inode != rest->place.inode || now.device != rest->place.device)
		diag("%s: is another file than before the crash; some events "
		     "may stand in both",
		     name);
	else if (now.size < rest->place.size)
		diag("%s: is shorter than before the crash; nothing is cut "
		     "away",
		     name);
	else if (now.size - rest->place.size > rest->growth)
		diag("%s: was written to since the crash; nothing is cut "
		     "away, some events may stand in it twice",
		     name);
	else if (now.size > rest->place.size)
		return sink_cut(input->sink, rest->place.size, fault);
	return 0;
}

static int recover(struct omprog_input *input, struct fault *fault)
{
	const struct journal_rest *rest = journal_rest(input->journal);
	struct fault later;

	if (!rest->count)
		return 0;
	if (cut_back(input, rest, fault) < 0)
		return -1;
	if (!input->options->quiet)
		diag("%zu lines that an earlier run had not stored are taken "
		     "from the journal",
		     rest->count);
	pass_on(input, rest->lines);
	/* If that fails now, each BEGIN tries again. */
	(void)store(input, true, &later);
	return 0;
}

/* -1 and a fault if nothing can be promised to rsyslog. */
static int open_journal(struct omprog_input *input, struct fault *fault)
{
	struct buf path = { 0 };
	struct sink_place place;
	int result;

	if (!input->dialogue.confirms)
		return 0;
	if (!sink_place(input->sink, &place)) {
		diag("%s: is no regular file: without a journal events may be "
		     "lost or doubled by a crash",
		     input->options->output);
		return 0;
	}
	buf_add(&path, slice_from(input->options->output));
	buf_add(&path, SLICE(".journal"));
	buf_add_char(&path, '\0');
	result = journal_open(path.at, &input->journal, fault);
	buf_clear(&path);
	return result < 0 ? -1 : recover(input, fault);
}

static void reload(struct omprog_input *input)
{
	struct fault fault;

	pipeline_reload(input->pipeline);
	if (input->journal && journal_reopen(input->journal, &fault) < 0)
		diag("%s", fault.text);
	input->reload = false;
}

/* A new line is journalled; it goes through the pipeline when there is time:
 * at COMMIT, or when many are waiting. */
static void take_new(struct omprog_input *input, struct slice line)
{
	if (input->journal && !journal_take(input->journal, line))
		return;
	buf_add(&input->waiting, line);
	if (!slice_ends(line, SLICE("\n")))
		buf_add_char(&input->waiting, '\n');
}

static int take_begin(struct omprog_input *input, struct fault *fault)
{
	bool broken_off = input->dialogue.inside;

	if ((broken_off ? store(input, true, fault)
			: store_rest(input, true, fault)) < 0)
		return -1;
	if (input->journal && broken_off)
		journal_expect_any(input->journal);
	if (input->journal)
		journal_begin(input->journal);
	return 0;
}

static int take_commit(struct omprog_input *input, struct fault *fault)
{
	int result = store(input, true, fault);

	if (result < 0 && input->journal)
		journal_expect_again(input->journal);
	return result;
}

/* A line outside of a transaction is a batch of its own. OK to it is final;
 * the disk is not waited for, that would be a wait a line. */
static int take_single(struct omprog_input *input, struct slice line,
		       struct fault *fault)
{
	int result;

	if (store_rest(input, false, fault) < 0)
		return -1;
	if (input->journal)
		journal_begin(input->journal);
	take_new(input, line);
	result = store(input, false, fault);
	if (result < 0 && input->journal)
		journal_expect_again(input->journal);
	return result;
}

static int take_piece(struct omprog_input *input, enum omprog_kind kind,
		      struct slice piece, struct fault *fault)
{
	switch (kind) {
	case OMPROG_BEGIN:
		return take_begin(input, fault);
	case OMPROG_COMMIT:
		return take_commit(input, fault);
	case OMPROG_LINES:
		break;
	}
	if (!input->dialogue.inside)
		return take_single(input, piece, fault);
	take_new(input, piece);
	return 0;
}

/* The answer goes out before lines that have time. */
static void take_confirmed(struct omprog_input *input, struct slice block)
{
	while (block.len && !input->dialogue.gone && !input->broken) {
		struct slice piece;
		struct fault fault;
		enum omprog_kind kind = omprog_next(&input->dialogue, &block,
						    &piece);

		if (take_piece(input, kind, piece, &fault) < 0)
			omprog_refuse(&input->dialogue, fault.text);
		else
			omprog_accept(&input->dialogue, kind);
		if (input->waiting.len >= MUCH)
			pass_waiting(input);
		if (input->reload && !input->dialogue.inside)
			reload(input);
	}
}

/* Whether rsyslog has closed the pipe; waits for that, or a signal, or some
 * time. */
static bool is_closed(int milliseconds)
{
	struct pollfd one = { .fd = STDIN_FILENO, .events = 0 };

	return poll(&one, 1, milliseconds) > 0 || signals_ended();
}

/* Without confirmations there is nobody to refuse: while the file cannot be
 * written nothing is read, and rsyslog's queue fills. */
static int store_patiently(struct omprog_input *input, struct fault *fault)
{
	while (store(input, false, fault) < 0) {
		if (input->broken || is_closed(RETRY_MS))
			return -1;
		if (signals_take_reload())
			reload(input);
	}
	return 0;
}

static void take_unconfirmed(struct omprog_input *input, struct slice block)
{
	struct fault fault;

	while (block.len && !input->broken) {
		struct slice piece;

		if (omprog_next(&input->dialogue, &block, &piece) ==
		    OMPROG_LINES)
			pass_on(input, piece);
	}
	if (input->sink->pending.len >= MUCH)
		(void)store_patiently(input, &fault);
}

static void take(struct omprog_input *input, struct slice block)
{
	if (input->dialogue.confirms)
		take_confirmed(input, block);
	else
		take_unconfirmed(input, block);
}

/* Whether there is something to read; false: SIGTERM came. Without
 * confirmations nothing is held back while waiting. */
static bool wait_for_input(struct omprog_input *input)
{
	struct fault fault;

	if (!input->dialogue.confirms)
		(void)store_patiently(input, &fault);
	while (!signals_wait_readable(STDIN_FILENO)) {
		if (signals_ended())
			return false;
		if (signals_take_reload())
			input->reload = true;
		if (input->reload && !input->dialogue.inside)
			reload(input);
	}
	return true;
}

/* After SIGTERM: what rsyslog has put into the pipe without waiting for
 * answers would be lost. One read takes all that a pipe holds. */
static void drain(struct omprog_input *input)
{
	struct slice block;
	int bytes = 0;

	if (input->dialogue.confirms)
		return;
	for (int i = 0; i < DRAINING_READS; i++) {
		if (ioctl(STDIN_FILENO, FIONREAD, &bytes) < 0 || bytes <= 0)
			break;
		if (line_reader_next(input->reader, &block) == 1)
			take(input, block);
	}
	take(input, line_reader_rest(input->reader));
}

/* Reads until the end; -1 if reading failed. */
static int read_all(struct omprog_input *input)
{
	while (!input->dialogue.gone && !input->broken) {
		struct slice block;
		int got;

		if (!wait_for_input(input)) {
			drain(input);
			return 0;
		}
		got = line_reader_next(input->reader, &block);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			diag("standard input: %s", strerror(errno));
			return -1;
		}
		if (got == 0)
			return 0;
		take(input, block);
	}
	return 0;
}

/* Stores what came. What was neither begun nor refused cannot come again. */
static int finish(struct omprog_input *input)
{
	bool in_order = !input->dialogue.inside && !input->dialogue.gone;
	struct fault fault;

	if (pipeline_end(input->pipeline, &fault) < 0)
		diag("%s", fault.text);
	if (store(input, true, &fault) < 0)
		return -1;
	if (in_order && input->journal &&
	    journal_mark_closed(input->journal, &fault) < 0)
		diag("%s", fault.text);
	return 0;
}

int omprog_read_all(const struct options *options, struct pipeline *pipeline)
{
	struct omprog_input input = { .options = options,
				      .pipeline = pipeline,
				      .sink = pipeline_sink(pipeline) };
	struct fault fault;
	int status = 0;

	input.sink->held = true;
	input.reader = line_reader_new(STDIN_FILENO);
	omprog_init(&input.dialogue, STDOUT_FILENO);
	pipeline_begin(pipeline, stamp_now_us());
	if (open_journal(&input, &fault) < 0) {
		diag("%s", fault.text);
		status = 1;
	} else {
		omprog_ready(&input.dialogue);
		if (read_all(&input) < 0)
			status = 1;
		if (finish(&input) < 0)
			status = 1;
	}
	journal_close(input.journal);
	line_reader_free(input.reader);
	buf_clear(&input.waiting);
	return status;
}
