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
#include "cmd/signals.h"
#include "cmd/workers.h"
#include "read/line.h"

/* What reading one input came to. */
enum outcome { OUTCOME_OK, OUTCOME_FAILED, OUTCOME_STOP };

/* Below that size threads cost more than they save. */
enum { SHARED_BYTES = 4 * 1024 * 1024 };

/* One input on its way through the pipeline. */
struct feed {
	int fd;
	const char *name;
	bool waits; /* a pipe or the like, not a file */
	size_t jobs;
	struct pipeline *pipeline;
	struct workers *workers; /* NULL: none, or not started yet */
	struct line_reader *reader;
	uint64_t cut; /* lines cut so far */
};

/* Says what failed; false. */
static bool refuse(const struct fault *fault)
{
	diag("%s", fault->text);
	return false;
}

/* What the workers have is done and counted. */
static bool settle(struct feed *feed)
{
	struct workers *workers = feed->workers;
	struct fault fault;

	feed->workers = NULL;
	return workers_finish(workers, &fault) == 0 || refuse(&fault);
}

static bool reload(struct feed *feed)
{
	struct fault fault;

	if (!settle(feed))
		return false;
	if (pipeline_reload(feed->pipeline, &fault) < 0)
		diag("reloading: %s; the old one stays", fault.text);
	return true;
}

/* Whether there is something to read. While waiting, nothing is held back. */
static bool wait_for_input(struct feed *feed, enum outcome *outcome)
{
	struct fault fault;

	if (pipeline_flush(feed->pipeline, &fault) < 0) {
		*outcome = OUTCOME_STOP;
		return refuse(&fault);
	}
	while (!signals_wait_readable(feed->fd)) {
		if (signals_ended())
			return false;
		if (signals_take_reload())
			(void)reload(feed);
	}
	pipeline_reach(feed->pipeline, stamp_now_us());
	return true;
}

/* Passes a block on, with the number of lines cut since the last one. */
static bool pass_on(struct feed *feed, struct slice block)
{
	uint64_t cut = line_reader_cut(feed->reader) - feed->cut;
	struct fault fault;
	int result;

	feed->cut += cut;
	if (feed->jobs > 1 && !feed->workers &&
	    workers_start(feed->pipeline, feed->jobs, &feed->workers, &fault) <
		    0)
		return refuse(&fault);
	result = feed->workers
			 ? workers_block(feed->workers, block, cut, &fault)
			 : pipeline_block(feed->pipeline, block, cut, &fault);
	return result == 0 || refuse(&fault);
}

/* Reads once and passes on what came. False at the end. */
static bool read_once(struct feed *feed, enum outcome *outcome)
{
	struct slice block;
	int got = line_reader_next(feed->reader, &block);

	if (got < 0 && errno == EINTR)
		return true;
	if (got < 0) {
		diag("%s: %s", feed->name, strerror(errno));
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
			    !pass_on(feed, line_reader_rest(feed->reader)))
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
	uint64_t damaged = line_reader_damaged(feed->reader);

	if (damaged)
		diag("%s: records that break the journal's export format: "
		     "%llu; they were left out",
		     feed->name, (unsigned long long)damaged);
	return !damaged;
}

/* A file ends when it ends; anything else may have to be waited for. */
static enum outcome read_open(int fd, const char *name, size_t jobs,
			      struct pipeline *pipeline)
{
	struct feed feed = {
		.fd = fd, .name = name, .jobs = 1, .pipeline = pipeline
	};
	enum outcome outcome;
	struct stat status;
	struct fault fault;

	if (fstat(fd, &status) < 0) {
		diag("%s: %s", name, strerror(errno));
		return OUTCOME_FAILED;
	}
	if (S_ISDIR(status.st_mode)) {
		diag("%s: is a directory; name the files in it", name);
		return OUTCOME_FAILED;
	}
	feed.waits = !S_ISREG(status.st_mode);
	if (!feed.waits) {
		(void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
		if (status.st_size > SHARED_BYTES &&
		    pipeline_can_share(pipeline))
			feed.jobs = jobs;
	}
	pipeline_begin(pipeline, feed.waits
					 ? stamp_now_us()
					 : status.st_mtime * INT64_C(1000000));
	/* A live line's event does not wait until the texts are ready. */
	if (S_ISFIFO(status.st_mode) &&
	    pipeline_open_shared(pipeline, &fault) < 0) {
		(void)refuse(&fault);
		return OUTCOME_STOP;
	}
	feed.reader = line_reader_new(fd);
	outcome = read_feed(&feed);
	if (!note_damaged(&feed) && outcome == OUTCOME_OK)
		outcome = OUTCOME_FAILED;
	line_reader_free(feed.reader);
	return outcome;
}

static enum outcome read_operand(const char *name, size_t jobs,
				 struct pipeline *pipeline)
{
	enum outcome outcome;
	int fd;

	if (!strcmp(name, "-"))
		return read_open(STDIN_FILENO, "standard input", jobs,
				 pipeline);
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		diag("%s: %s", name, strerror(errno));
		return OUTCOME_FAILED;
	}
	outcome = read_open(fd, name, jobs, pipeline);
	(void)close(fd);
	return outcome;
}

/* A person is told; programs have the number in the summary. */
static void note_unparsed(const struct options *options,
			  const struct pipeline *pipeline)
{
	uint64_t unparsed = pipeline_account(pipeline)->totals.unparsed;

	if (unparsed && !options->quiet && isatty(STDERR_FILENO))
		diag("lines that look like deliveries and match no rule: "
		     "%llu; 'mailwhy report' shows some",
		     (unsigned long long)unparsed);
}

static int read_operands(const struct options *options,
			 struct pipeline *pipeline)
{
	static char standard_input[] = "-";
	static char *const no_operand[] = { standard_input };
	char *const *names = options->operand_count ? options->operands
						    : no_operand;
	size_t count = options->operand_count ? options->operand_count : 1;
	int status = 0;

	for (size_t i = 0; i < count; i++) {
		enum outcome outcome = read_operand(names[i], options->jobs,
						    pipeline);

		if (outcome != OUTCOME_OK)
			status = 1;
		if (outcome == OUTCOME_STOP || signals_ended() ||
		    pipeline_is_done(pipeline))
			break;
	}
	return status;
}

int input_read_all(const struct options *options, struct pipeline *pipeline)
{
	int status = options->journal ? journal_read_all(options, pipeline)
				      : read_operands(options, pipeline);

	note_unparsed(options, pipeline);
	return status;
}
