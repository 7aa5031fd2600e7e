/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/stamp.h"
#include "cmd/journal_input.h"
#include "cmd/operands.h"
#include "cmd/progress.h"
#include "cmd/seek.h"
#include "cmd/signals.h"
#include "cmd/workers.h"
#include "read/line.h"
#include "read/source.h"

/* What reading one input came to. */
enum outcome { OUTCOME_OK, OUTCOME_FAILED, OUTCOME_STOP };

/* Below that size threads, or looking for a place, cost more than they save;
 * packed bytes are some ten times as much when unpacked. */
enum { LARGE_BYTES = 4 * 1024 * 1024, LARGE_PACKED_BYTES = LARGE_BYTES / 10 };

/* What all inputs of a run share. */
struct run {
	const struct options *options;
	struct pipeline *pipeline;
	struct progress *progress; /* NULL: not shown */
	struct period_filter filter;
};

/* One input on its way through the pipeline. */
struct feed {
	int fd;
	const char *name;
	bool waits;    /* a pipe or the like, not a file */
	uint64_t size; /* of a file */
	size_t jobs;
	struct pipeline *pipeline;
	struct workers *workers; /* NULL: none, or not started yet */
	struct source *source;
	struct period_filter *filter; /* NULL: all lines are wanted */
	struct progress *progress;
	uint64_t cut; /* lines cut so far */
};

/* Says what failed; false. */
static bool refuse(struct feed *feed, const struct fault *fault)
{
	progress_clear(feed->progress);
	diag("%s", fault->text);
	return false;
}

/* What the workers have is done and counted. */
static bool settle(struct feed *feed)
{
	struct workers *workers = feed->workers;
	struct fault fault;

	feed->workers = NULL;
	return workers_finish(workers, &fault) == 0 || refuse(feed, &fault);
}

static bool reload(struct feed *feed)
{
	if (!settle(feed))
		return false;
	progress_clear(feed->progress);
	pipeline_reload(feed->pipeline);
	return true;
}

/* The input has grown until now. */
static void reach_now(struct feed *feed)
{
	int64_t now_us = stamp_now_us();

	pipeline_reach(feed->pipeline, now_us);
	if (feed->filter)
		calendar_reach(&feed->filter->calendar, now_us);
}

/* Whether there is something to read. While waiting, nothing is held back. */
static bool wait_for_input(struct feed *feed, enum outcome *outcome)
{
	struct fault fault;

	if (pipeline_flush(feed->pipeline, &fault) < 0) {
		*outcome = OUTCOME_STOP;
		return refuse(feed, &fault);
	}
	while (!signals_wait_readable(source_fd(feed->source))) {
		if (signals_ended())
			return false;
		if (signals_take_reload())
			(void)reload(feed);
	}
	reach_now(feed);
	return true;
}

/* How many of `cut` lines may be among these: a cut line is as long as a line
 * can be. */
static uint64_t cut_among(struct slice lines, uint64_t cut)
{
	uint64_t found = 0;

	while (found < cut && lines.len) {
		struct slice line = lines;

		if (!slice_cut(&lines, '\n', &line))
			lines = (struct slice){ 0 };
		found += line.len == LINE_LIMIT;
	}
	return found;
}

void input_keep_period(struct period_filter *filter, struct pipeline *pipeline,
		       struct slice *block, uint64_t *cut)
{
	struct pipeline_start start = { filter->calendar };

	pipeline_resume(pipeline, &start);
	*block = period_keep(filter, *block);
	*cut = cut_among(*block, *cut);
}

/* Whether an input of which threads may work is large enough for them. */
static bool is_large(const struct feed *feed)
{
	return feed->size > (source_is_packed(feed->source) ? LARGE_PACKED_BYTES
							    : LARGE_BYTES);
}

/* Passes a block on, with the number of lines cut since the last one. */
static bool pass_on(struct feed *feed, struct slice block)
{
	uint64_t cut = source_cut(feed->source) - feed->cut;
	struct fault fault;
	int result;

	feed->cut += cut;
	progress_step(feed->progress, source_taken(feed->source));
	if (feed->filter)
		input_keep_period(feed->filter, feed->pipeline, &block, &cut);
	if (!block.len)
		return true;
	if (feed->jobs > 1 && pipeline_needs_order(feed->pipeline, block)) {
		feed->jobs = 1;
		if (!settle(feed))
			return false;
	}
	if (feed->jobs > 1 && !feed->workers && is_large(feed) &&
	    workers_start(feed->pipeline, feed->jobs, &feed->workers, &fault) <
		    0)
		return refuse(feed, &fault);
	result = feed->workers
			 ? workers_block(feed->workers, block, cut, &fault)
			 : pipeline_block(feed->pipeline, block, cut, &fault);
	return result == 0 || refuse(feed, &fault);
}

/* Says why an input could not be read to its end. */
static void say_failed(struct feed *feed, const struct fault *fault)
{
	progress_clear(feed->progress);
	if (source_is_packed(feed->source))
		diag("%s: %s; what was unpacked before is counted", feed->name,
		     fault->text);
	else
		diag("%s: %s", feed->name, fault->text);
}

/* Reads once and passes on what came. False at the end. */
static bool read_once(struct feed *feed, enum outcome *outcome)
{
	struct slice block;
	struct fault fault;
	int got = source_next(feed->source, &block, &fault);

	if (got < 0) {
		say_failed(feed, &fault);
		*outcome = OUTCOME_FAILED;
	}
	if (got <= 0)
		return false;
	if (!pass_on(feed, block) ||
	    (!feed->waits && signals_take_reload() && !reload(feed)))
		*outcome = OUTCOME_STOP;
	return *outcome == OUTCOME_OK;
}

static enum outcome read_feed(struct feed *feed)
{
	enum outcome outcome = OUTCOME_OK;

	while (!pipeline_is_done(feed->pipeline)) {
		if (signals_ended() ||
		    (feed->waits && !wait_for_input(feed, &outcome))) {
			/* A file can be read again; a pipe's line is gone. */
			if (feed->waits &&
			    !pass_on(feed, source_rest(feed->source)))
				outcome = OUTCOME_STOP;
			break;
		}
		if (!read_once(feed, &outcome))
			break;
	}
	if (!settle(feed))
		outcome = OUTCOME_STOP;
	return outcome;
}

/* False if something of the input could not be read. */
static bool note_damaged(const struct feed *feed)
{
	uint64_t damaged = source_damaged(feed->source);

	if (damaged)
		diag("%s: records that break the journal's export format: "
		     "%llu; they were left out",
		     feed->name, (unsigned long long)damaged);
	return !damaged;
}

/* Begins with the lines of the period; in a large file that is read from its
 * beginning it goes to the place at once. */
static void begin_period(struct feed *feed, struct run *run,
			 int64_t reference_us)
{
	const struct options *options = run->options;
	struct seek_range range = { .to = UINT64_MAX };
	struct calendar calendar;

	calendar_init(&calendar, reference_us, options->year);
	feed->filter = &run->filter;
	if (!feed->waits && feed->size > LARGE_BYTES &&
	    lseek(feed->fd, 0, SEEK_CUR) == 0 &&
	    seek_period(feed->fd, feed->size, &options->period, &calendar,
			&range)) {
		calendar = range.calendar;
		(void)lseek(feed->fd, (off_t)range.from, SEEK_SET);
	}
	period_begin(feed->filter, &options->period, &calendar);
	feed->source = source_new(feed->fd);
	if (range.to != UINT64_MAX)
		source_limit(feed->source, range.to - range.from);
	progress_begin(feed->progress, range.from);
}

/* From a file's beginning or its place in the period to its end. */
static enum outcome read_through(struct feed *feed, struct run *run,
				 int64_t reference_us)
{
	enum outcome outcome;

	pipeline_begin(feed->pipeline, reference_us);
	if (period_is_all(&run->options->period))
		feed->source = source_new(feed->fd);
	else
		begin_period(feed, run, reference_us);
	outcome = read_feed(feed);
	progress_end(feed->progress, source_taken(feed->source), feed->size);
	if (!note_damaged(feed) && outcome == OUTCOME_OK)
		outcome = OUTCOME_FAILED;
	source_free(feed->source);
	return outcome;
}

/* A file ends when it ends; anything else may have to be waited for. */
static enum outcome read_open(int fd, const char *name, struct run *run)
{
	struct pipeline *pipeline = run->pipeline;
	struct feed feed = { .fd = fd,
			     .name = name,
			     .jobs = 1,
			     .pipeline = pipeline,
			     .progress = run->progress };
	struct stat status;
	struct fault fault;

	if (fstat(fd, &status) < 0) {
		fault_set(&fault, "%s: %s", name, strerror(errno));
		(void)refuse(&feed, &fault);
		return OUTCOME_FAILED;
	}
	if (S_ISDIR(status.st_mode)) {
		fault_set(&fault, "%s: is a directory; name the files in it",
			  name);
		(void)refuse(&feed, &fault);
		return OUTCOME_FAILED;
	}
	feed.waits = !S_ISREG(status.st_mode);
	if (!feed.waits) {
		(void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
		feed.size = (uint64_t)status.st_size;
		if (pipeline_can_share(pipeline))
			feed.jobs = run->options->jobs;
	}
	/* A live line's event does not wait until the texts are ready. */
	if (S_ISFIFO(status.st_mode) &&
	    pipeline_open_shared(pipeline, &fault) < 0) {
		(void)refuse(&feed, &fault);
		return OUTCOME_STOP;
	}
	return read_through(&feed, run,
			    feed.waits ? stamp_now_us()
				       : status.st_mtime * INT64_C(1000000));
}

static enum outcome read_operand(const char *name, struct run *run)
{
	enum outcome outcome;
	int fd;

	if (!strcmp(name, "-"))
		return read_open(STDIN_FILENO, "standard input", run);
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		progress_clear(run->progress);
		diag("%s: %s", name, strerror(errno));
		return OUTCOME_FAILED;
	}
	outcome = read_open(fd, name, run);
	(void)close(fd);
	return outcome;
}

/* Whether nothing of `operand` is to be read: it is outside of the period, or
 * all that it holds is counted elsewhere, which is said. What cannot be
 * unpacked any more is nowhere. */
static bool is_left_out(const struct operand *operand, struct run *run,
			enum outcome *outcome)
{
	bool quiet = run->options->quiet;

	if (operand->outside)
		return true;
	if (!operand->again && !operand_is_covered(operand))
		return false;
	progress_clear(run->progress);
	if (operand->again) {
		if (!quiet)
			diag("%s: is the same file as %s; read once",
			     operand->name, operand->again->name);
	} else if (operand->damaged) {
		diag("%s: %s; what comes before that is also in %s, and "
		     "counted once",
		     operand->name, operand->fault.text, operand->within->name);
		*outcome = OUTCOME_FAILED;
	} else if (!quiet) {
		diag("%s: %s begins with the same bytes; counted once",
		     operand->name, operand->within->name);
	}
	return true;
}

/* Whether a line about the progress would stand alone on the terminal. What a
 * pipe takes on is likely to come out there. */
static bool wants_progress(const struct options *options,
			   struct pipeline *pipeline)
{
	bool streams = options->events != EVENTS_NONE || options->tally > 0;
	int fd = pipeline_sink(pipeline)->fd;
	struct stat status;

	if (options->quiet || !isatty(STDERR_FILENO))
		return false;
	return !streams ||
	       (fstat(fd, &status) == 0 && !isatty(fd) &&
		(S_ISREG(status.st_mode) || S_ISCHR(status.st_mode)));
}

/* A person is told; programs have the number in the summary. */
void input_note_unparsed(const struct options *options,
			 const struct pipeline *pipeline)
{
	uint64_t unparsed = pipeline_account(pipeline)->totals.unparsed;

	if (unparsed && !options->quiet && isatty(STDERR_FILENO))
		diag("lines that look like deliveries and match no rule: "
		     "%llu; 'mailwhy report' shows some",
		     (unsigned long long)unparsed);
}

bool input_read_one(const struct options *options, const char *name,
		    struct pipeline *pipeline, int *status)
{
	struct run run = { .options = options, .pipeline = pipeline };
	enum outcome outcome = read_operand(name, &run);

	period_end(&run.filter);
	if (outcome != OUTCOME_OK)
		*status = 1;
	return outcome != OUTCOME_STOP && !signals_ended() &&
	       !pipeline_is_done(pipeline);
}

static int read_operands(const struct options *options,
			 struct pipeline *pipeline)
{
	struct operands *operands = operands_new(options);
	struct run run = { .options = options, .pipeline = pipeline };
	int status = 0;

	if (wants_progress(options, pipeline))
		run.progress = progress_new(operands_size(operands));
	for (size_t i = 0; i < operands_count(operands); i++) {
		const struct operand *operand = operands_at(operands, i);
		enum outcome outcome = OUTCOME_OK;

		if (!is_left_out(operand, &run, &outcome))
			outcome = read_operand(operand->name, &run);
		if (outcome != OUTCOME_OK)
			status = 1;
		if (outcome == OUTCOME_STOP || signals_ended() ||
		    pipeline_is_done(pipeline))
			break;
	}
	progress_free(run.progress);
	period_end(&run.filter);
	operands_free(operands);
	return status;
}

int input_read_all(const struct options *options, struct pipeline *pipeline)
{
	int status = options->journal ? journal_read_all(options, pipeline)
				      : read_operands(options, pipeline);
	struct fault fault;

	if (pipeline_end(pipeline, &fault) < 0) {
		diag("%s", fault.text);
		status = 1;
	}
	input_note_unparsed(options, pipeline);
	return status;
}
