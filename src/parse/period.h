/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A period of log time and the lines that belong to it: those whose stamp is
 * at or after its beginning and before its end. A line without a stamp belongs
 * to the line before; those before the first stamp are from before any time.
 */
#ifndef MAILWHY_PARSE_PERIOD_H
#define MAILWHY_PARSE_PERIOD_H

#include "base/buf.h"
#include "base/stamp.h"
#include "parse/envelope.h"

struct period {
	struct stamp since; /* not known: from the first line */
	struct stamp until; /* not known: to the last */
};

static inline bool period_is_all(const struct period *period)
{
	return !period->since.known && !period->until.known;
}

/* By how much the lines of a log that is in order may be out of order, as
 * those of several hosts and processes are. */
#define PERIOD_SLACK_US INT64_C(300000000)

/*
 * The same around that time, for whoever does not read the lines before it.
 * Where clocks are changed, stamps without a zone, read from the middle of an
 * hour that comes twice, would be taken for those of its first time: reading
 * has to begin before both.
 */
int64_t period_slack_us(int64_t us);

bool period_has(const struct period *period, struct stamp stamp);

/* Follows one input from line to line. Start with period_begin(). */
struct period_filter {
	struct period period;
	struct calendar calendar; /* of the lines so far */
	bool inside;              /* the line before belongs to the period */
	struct envelope *envelope;
	struct buf kept; /* scratch */
};

/* A new input, whose stamps `calendar` completes; the filter is zeroed or was
 * used before. Free it with period_end(). */
void period_begin(struct period_filter *filter, const struct period *period,
		  const struct calendar *calendar);

void period_end(struct period_filter *filter);

/* Those lines of a block of whole lines that belong to the period, valid until
 * the next call or until the block goes. */
struct slice period_keep(struct period_filter *filter, struct slice block);

#endif
