/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/follow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/stamp.h"
#include "cmd/input.h"
#include "cmd/live.h"
#include "cmd/signals.h"
#include "read/growth.h"

/* What is known of a file that is not being read. */
struct place {
	struct pipeline_start start;
	struct period_filter filter;
};

struct follow {
	const struct options *options;
	struct pipeline *pipeline;
	struct growth *growth;
	struct place *places; /* of each file, by its number */
	size_t place_count;
	size_t current; /* the file that the pipeline reads */
	struct live live;
	bool has_names;
	bool stop;
	int status;
};

/* Says what failed, after which nothing is to be read. */
static void stop(struct follow *follow, const struct fault *fault)
{
	diag("%s", fault->text);
	follow->status = 1;
	follow->stop = true;
}

/* The pipeline goes on with that file. */
static void turn_to(struct follow *follow, const struct growth_item *item)
{
	size_t file = item->file;

	if (follow->current < follow->place_count)
		pipeline_pause(follow->pipeline,
			       &follow->places[follow->current].start);
	if (file >= follow->place_count) {
		follow->places = memory_resize(follow->places, file + 1,
					       sizeof(*follow->places));
		memset(&follow->places[follow->place_count], 0,
		       (file + 1 - follow->place_count) *
			       sizeof(*follow->places));
		follow->place_count = file + 1;
	}
	follow->current = file;
	if (item->begins)
		pipeline_begin(follow->pipeline, item->written_us);
	else
		pipeline_resume(follow->pipeline, &follow->places[file].start);
}

/* Takes the lines out that are not of the period. */
static void keep_period(struct follow *follow, const struct growth_item *item,
			struct slice *lines, uint64_t *cut)
{
	struct period_filter *filter = &follow->places[item->file].filter;
	const struct options *options = follow->options;
	struct calendar calendar;

	if (item->begins) {
		calendar_init(&calendar, item->written_us, options->year);
		period_begin(filter, &options->period, &calendar);
	}
	calendar_reach(&filter->calendar, item->written_us);
	input_keep_period(filter, follow->pipeline, lines, cut);
}

static void take_lines(struct follow *follow, const struct growth_item *item)
{
	struct slice lines = item->lines;
	uint64_t cut = item->cut;
	struct fault fault;

	if (item->begins || item->file != follow->current)
		turn_to(follow, item);
	pipeline_reach(follow->pipeline, item->written_us);
	if (!period_is_all(&follow->options->period))
		keep_period(follow, item, &lines, &cut);
	if (pipeline_block(follow->pipeline, lines, cut, &fault) < 0)
		stop(follow, &fault);
	live_note(&follow->live, follow->pipeline);
}

static const char *error_words(int error)
{
	return error == EINVAL ? "is no file that can be followed"
			       : strerror(error);
}

/* What happens to files is said; what happens at each rotation, only if the
 * user wants to know. */
static void take_item(struct follow *follow, const struct growth_item *item)
{
	bool verbose = follow->options->verbose;

	switch (item->kind) {
	case GROWTH_QUIET:
		break;
	case GROWTH_LINES:
		take_lines(follow, item);
		break;
	case GROWTH_ABSENT:
		if (verbose || item->first || item->error != ENOENT)
			diag("%s: %s; waiting for it", item->name,
			     error_words(item->error));
		break;
	case GROWTH_REPLACED:
		if (verbose)
			diag("%s: another file has this name now", item->name);
		break;
	case GROWTH_CUT:
		if (verbose)
			diag("%s: was cut short, is read from its start",
			     item->name);
		break;
	case GROWTH_FAILED:
		diag("%s: %s", item->name, strerror(item->error));
		follow->status = 1;
		break;
	}
}

static bool goes_on(struct follow *follow)
{
	if (signals_take_reload())
		pipeline_reload(follow->pipeline);
	return !follow->stop && !signals_ended() &&
	       !pipeline_is_done(follow->pipeline);
}

/* All that is there now. False if nothing more is to be read. */
static bool read_what_is_there(struct follow *follow)
{
	struct growth_item item;

	do {
		if (!goes_on(follow))
			return false;
		growth_next(follow->growth, &item);
		take_item(follow, &item);
	} while (item.kind != GROWTH_QUIET);
	return true;
}

static void wait_for_more(struct follow *follow)
{
	struct fault fault;
	int result = live_wait(&follow->live, follow->pipeline,
			       growth_descriptor(follow->growth),
			       growth_timeout_ms(follow->growth), &fault);

	if (result < 0)
		stop(follow, &fault);
	else if (result == 0)
		follow->stop = true;
}

/* Standard input, pipes, and what is refused. */
static bool is_no_file(const char *name)
{
	struct stat status;

	return !strcmp(name, "-") ||
	       (stat(name, &status) == 0 && !S_ISREG(status.st_mode));
}

static void read_operand(struct follow *follow, const char *name)
{
	if (!is_no_file(name)) {
		growth_add(follow->growth, name);
		follow->has_names = true;
		return;
	}
	if (!read_what_is_there(follow))
		return;
	/* Another input; what was read comes again with its own start. */
	if (follow->current < follow->place_count)
		pipeline_pause(follow->pipeline,
			       &follow->places[follow->current].start);
	follow->current = SIZE_MAX;
	if (!input_read_one(follow->options, name, follow->pipeline,
			    &follow->status))
		follow->stop = true;
}

static void read_all(struct follow *follow)
{
	const struct options *options = follow->options;
	struct fault fault;

	/* A live line's event does not wait until the texts are ready. */
	if (pipeline_open_shared(follow->pipeline, &fault) < 0) {
		stop(follow, &fault);
		return;
	}
	for (size_t i = 0; i < options->operand_count && goes_on(follow); i++)
		read_operand(follow, options->operands[i]);
	while (read_what_is_there(follow) && follow->has_names)
		wait_for_more(follow);
}

/* The last lines of the files, which nobody has ended. */
static void take_rest(struct follow *follow)
{
	struct growth_item item;

	do {
		growth_rest(follow->growth, &item);
		take_item(follow, &item);
	} while (item.kind != GROWTH_QUIET && !follow->stop);
}

int follow_read_all(const struct options *options, struct pipeline *pipeline)
{
	struct follow follow = { .options = options,
				 .pipeline = pipeline,
				 .growth = growth_new(0),
				 .current = SIZE_MAX };
	struct fault fault;

	read_all(&follow);
	if (!follow.stop)
		take_rest(&follow);
	if (pipeline_end(pipeline, &fault) < 0) {
		diag("%s", fault.text);
		follow.status = 1;
	}
	growth_free(follow.growth);
	for (size_t i = 0; i < follow.place_count; i++)
		period_end(&follow.places[i].filter);
	free(follow.places);
	input_note_unparsed(options, pipeline);
	return follow.status;
}
