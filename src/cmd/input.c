/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/stamp.h"
#include "cmd/signals.h"
#include "read/line.h"

/* What reading one input came to. */
enum outcome { OUTCOME_OK, OUTCOME_FAILED, OUTCOME_STOP };

static void reload(struct pipeline *pipeline)
{
	struct fault fault;

	if (pipeline_reload(pipeline, &fault) < 0)
		diag("reloading: %s; the old one stays", fault.text);
}

/* Whether there is something to read. While waiting, nothing is held back. */
static bool wait_for_input(int fd, struct pipeline *pipeline,
			   enum outcome *outcome)
{
	struct fault fault;

	if (pipeline_flush(pipeline, &fault) < 0) {
		diag("%s", fault.text);
		*outcome = OUTCOME_STOP;
		return false;
	}
	while (!signals_wait_readable(fd)) {
		if (signals_ended())
			return false;
		if (signals_take_reload())
			reload(pipeline);
	}
	pipeline_reach(pipeline, stamp_now_us());
	return true;
}

/* Passes a block on, with the number of lines cut since the last one. */
static bool pass_on(struct line_reader *reader, struct slice block,
		    uint64_t *cut, struct pipeline *pipeline)
{
	uint64_t now = line_reader_cut(reader);
	struct fault fault;
	int result = pipeline_block(pipeline, block, now - *cut, &fault);

	*cut = now;
	if (result < 0)
		diag("%s", fault.text);
	return result == 0;
}

static enum outcome read_descriptor(int fd, const char *name, bool waits,
				    struct pipeline *pipeline)
{
	struct line_reader *reader = line_reader_new(fd);
	enum outcome outcome = OUTCOME_OK;
	uint64_t cut = 0;

	while (outcome == OUTCOME_OK && !pipeline_is_done(pipeline)) {
		struct slice block;
		int got;

		if (signals_ended() ||
		    (waits && !wait_for_input(fd, pipeline, &outcome))) {
			/* A file can be read again; a pipe's line is gone. */
			block = line_reader_rest(reader);
			if (waits && !pass_on(reader, block, &cut, pipeline))
				outcome = OUTCOME_STOP;
			break;
		}
		got = line_reader_next(reader, &block);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			diag("%s: %s", name, strerror(errno));
			outcome = OUTCOME_FAILED;
		}
		if (got <= 0)
			break;
		if (!pass_on(reader, block, &cut, pipeline))
			outcome = OUTCOME_STOP;
		if (!waits && signals_take_reload())
			reload(pipeline);
	}
	line_reader_free(reader);
	return outcome;
}

/* A file ends when it ends; anything else may have to be waited for. */
static enum outcome read_open(int fd, const char *name,
			      struct pipeline *pipeline)
{
	struct stat status;
	bool regular;

	if (fstat(fd, &status) < 0) {
		diag("%s: %s", name, strerror(errno));
		return OUTCOME_FAILED;
	}
	if (S_ISDIR(status.st_mode)) {
		diag("%s: is a directory; name the files in it", name);
		return OUTCOME_FAILED;
	}
	regular = S_ISREG(status.st_mode);
	pipeline_begin(pipeline, regular ? status.st_mtime * INT64_C(1000000)
					 : stamp_now_us());
	if (regular)
		(void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return read_descriptor(fd, name, !regular, pipeline);
}

static enum outcome read_operand(const char *name, struct pipeline *pipeline)
{
	enum outcome outcome;
	int fd;

	if (!strcmp(name, "-"))
		return read_open(STDIN_FILENO, "standard input", pipeline);
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		diag("%s: %s", name, strerror(errno));
		return OUTCOME_FAILED;
	}
	outcome = read_open(fd, name, pipeline);
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

int input_read_all(const struct options *options, struct pipeline *pipeline)
{
	static char standard_input[] = "-";
	static char *const no_operand[] = { standard_input };
	char *const *names = options->operand_count ? options->operands
						    : no_operand;
	size_t count = options->operand_count ? options->operand_count : 1;
	int status = 0;

	for (size_t i = 0; i < count; i++) {
		enum outcome outcome = read_operand(names[i], pipeline);

		if (outcome != OUTCOME_OK)
			status = 1;
		if (outcome == OUTCOME_STOP || signals_ended() ||
		    pipeline_is_done(pipeline))
			break;
	}
	note_unparsed(options, pipeline);
	return status;
}
