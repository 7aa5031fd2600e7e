/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a mail server's line comes wrapped: JSON as rsyslog, syslog-ng, Vector,
 * Fluent Bit, Logstash, GELF, ECS, journalctl and Docker write it, rsyslog's
 * "@cee:", the lines of Kubernetes (CRI), stamps and names that tools for
 * containers put in front; also one inside of another. Each is told by the line
 * itself. A line that is not wrapped is header_parse()'s, at the cost of a
 * look at two bytes.
 *
 * What is inside is looked at as a line of its own where nobody else can have
 * chosen its beginning: if the envelope names no program, a container or a mail
 * server. The message of some other program that looks like a mail server's
 * line is that program's.
 */
#ifndef MAILWHY_PARSE_ENVELOPE_H
#define MAILWHY_PARSE_ENVELOPE_H

#include "parse/header.h"

struct envelope; /* what is read of a line may live in it; one a thread */

/* Never NULL. */
struct envelope *envelope_new(void);
void envelope_free(struct envelope *envelope); /* NULL is allowed */

/*
 * As header_parse(), but takes all envelopes off first; host, program, pid and
 * time that the message itself does not tell are theirs. The slices are
 * borrowed from the line or the envelope, until the next call.
 */
bool envelope_open(struct envelope *envelope, struct slice line,
		   struct calendar *calendar, struct header *header);

/* The time of a line, as envelope_open() reads it; without an envelope the rest
 * of the line need not be a header. Not known: none. */
struct stamp envelope_stamp(struct envelope *envelope, struct slice line,
			    struct calendar *calendar);

/* Whether the message of the last line stands in it in another form: with
 * escapes that were undone. */
bool envelope_has_rewritten(const struct envelope *envelope);

#endif
