/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What --correlate adds to the way of a line: what other lines told of its
 * message before it is explained, and the fates that it decides behind its
 * event. Without the option there is none: NULL, which all functions allow,
 * and then nothing is done.
 */
#ifndef MAILWHY_CMD_CORRELATION_H
#define MAILWHY_CMD_CORRELATION_H

#include "cmd/options.h"
#include "count/trace.h"
#include "out/event.h"
#include "out/sink.h"
#include "parse/header.h"
#include "parse/sent.h"

struct correlation;

/* All stay the caller's; fates are written to the sink, as JSON or as text, and
 * counted. Free with correlation_free(). */
struct correlation *correlation_new(const struct options *options, bool json,
				    struct sink *sink, struct fates *fates);
void correlation_free(struct correlation *correlation);

/* The catalogue from now on. */
void correlation_use(struct correlation *correlation,
		     const struct catalogue *catalogue);

/* Before each line of a mail system. */
void correlation_line(struct correlation *correlation, struct stamp time);

/* Whether a delivery of Postfix that succeeded may be counted and no more; true
 * without --correlate. */
bool correlation_lets_count(struct correlation *correlation,
			    const struct header *header,
			    const struct sent *sent);

/* Before and behind the event of an attempt or a reject. */
void correlation_join(struct correlation *correlation,
		      struct delivery *delivery);
void correlation_decide(struct correlation *correlation,
			const struct event *event);

/* A line that tells of a message, and of no attempt. */
void correlation_learn(struct correlation *correlation,
		       struct delivery *delivery);

/* Before a tally is written: what is so now is put into the fates. */
void correlation_state(struct correlation *correlation);

/* At the end of the input; says on standard error what was forgotten. */
void correlation_finish(struct correlation *correlation);

#endif
