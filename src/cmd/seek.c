/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/seek.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "parse/envelope.h"

enum {
	SAMPLES = 128,
	LOOK = 16 * 1024, /* usually holds a line with a stamp */
	LOOK_LONGER = 256 * 1024,
	NEAR = 64 * 1024, /* reading is then as fast as seeking */
};

/* A line with a stamp, and the calendar after it. */
struct mark {
	uint64_t at;
	int64_t us;
	struct calendar calendar;
};

struct seek {
	int fd;
	uint64_t size;
	struct envelope *envelope;
	struct mark marks[SAMPLES];
	char bytes[LOOK_LONGER];
};

/* The first whole stamp in `text`, which begins at `at`, perhaps within a
 * line. */
static bool find_stamp(const struct seek *seek, struct slice text, uint64_t at,
		       const struct calendar *calendar, struct mark *mark)
{
	struct slice rest = text;
	struct slice line;

	if (at > 0 && !slice_cut(&rest, '\n', &line))
		return false;
	while (slice_cut(&rest, '\n', &line)) {
		struct stamp stamp;

		mark->calendar = *calendar;
		stamp = envelope_stamp(seek->envelope, line, &mark->calendar);
		if (!stamp.known)
			continue;
		mark->at = at + (uint64_t)(line.at - text.at);
		mark->us = stamp.us;
		return true;
	}
	return false;
}

/* The first line with a stamp that begins behind `at` (or there, at 0). */
static bool look(struct seek *seek, uint64_t at,
		 const struct calendar *calendar, struct mark *mark)
{
	static const size_t sizes[] = { LOOK, LOOK_LONGER };

	for (size_t i = 0; i < 2; i++) {
		ssize_t got = pread(seek->fd, seek->bytes, sizes[i], (off_t)at);

		if (got <= 0)
			return false;
		if (find_stamp(seek, (struct slice){ seek->bytes, (size_t)got },
			       at, calendar, mark))
			return true;
	}
	return false;
}

/* Samples all over the file. False: they are not in order. */
static bool take_samples(struct seek *seek, const struct calendar *start)
{
	const struct calendar *calendar = start;
	int64_t latest_us = INT64_MIN;

	for (size_t i = 0; i < SAMPLES; i++) {
		struct mark *mark = &seek->marks[i];

		if (!look(seek, seek->size / SAMPLES * i, calendar, mark) ||
		    (i && mark->us < latest_us - PERIOD_SLACK_US))
			return false;
		if (mark->us > latest_us)
			latest_us = mark->us;
		calendar = &mark->calendar;
	}
	return true;
}

/*
 * Narrows down where the stamps reach `us`: *before is a line with an earlier
 * one, *after where a line begins that has it or a later one. Both are good
 * when called. False: the stamps are not in order.
 */
static bool narrow(struct seek *seek, int64_t us, struct mark *before,
		   uint64_t *after)
{
	uint64_t end = *after < seek->size ? *after : seek->size;

	while (end - before->at > NEAR) {
		uint64_t middle = before->at + (end - before->at) / 2;
		struct mark mark;

		if (!look(seek, middle, &before->calendar, &mark) ||
		    mark.at >= end) {
			end = middle;
			continue;
		}
		if (mark.us < before->us - PERIOD_SLACK_US)
			return false;
		if (mark.us < us) {
			*before = mark;
		} else {
			*after = mark.at;
			end = middle;
		}
	}
	return true;
}

/* As narrow(), from the samples on. *before is at 0 with nothing before it if
 * all stamps are later. */
static bool find(struct seek *seek, int64_t us, struct mark *before,
		 uint64_t *after)
{
	size_t i = 0;

	*after = UINT64_MAX;
	while (i < SAMPLES && seek->marks[i].us < us)
		i++;
	if (i < SAMPLES)
		*after = seek->marks[i].at;
	if (i == 0)
		return true;
	*before = seek->marks[i - 1];
	return narrow(seek, us, before, after);
}

static bool find_range(struct seek *seek, const struct period *period,
		       struct seek_range *range)
{
	struct mark before = { .at = 0, .calendar = range->calendar };
	struct mark ignored;
	uint64_t after;

	if (period->since.known &&
	    !find(seek, period->since.us - period_slack_us(period->since.us),
		  &before, &after))
		return false;
	range->from = before.at;
	range->calendar = before.calendar;
	if (period->until.known &&
	    !find(seek, period->until.us + period_slack_us(period->until.us),
		  &ignored, &range->to))
		return false;
	return true;
}

bool seek_period(int fd, uint64_t size, const struct period *period,
		 const struct calendar *calendar, struct seek_range *range)
{
	struct seek *seek = memory_new(1, sizeof(*seek));
	struct seek_range all = { .to = UINT64_MAX, .calendar = *calendar };
	bool found;

	*range = all;
	seek->fd = fd;
	seek->size = size;
	seek->envelope = envelope_new();
	found = take_samples(seek, calendar) && find_range(seek, period, range);
	if (!found)
		*range = all;
	envelope_free(seek->envelope);
	free(seek);
	return found;
}
