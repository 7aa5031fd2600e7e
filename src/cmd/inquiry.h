/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What somebody asks: a code, the words of a server, lines of a log, or a
 * bounce mail; from the command line, a file or standard input. Told apart by
 * what it is, not by its name. The answers are events, one a recipient.
 */
#ifndef MAILWHY_CMD_INQUIRY_H
#define MAILWHY_CMD_INQUIRY_H

#include "cmd/options.h"
#include "out/event.h"

struct inquiry;

/* Loads the catalogue; what only some questions need waits for them. -1 and a
 * fault. Free with inquiry_close(). */
int inquiry_open(const struct options *options, struct inquiry **opened,
		 struct fault *fault);
void inquiry_close(struct inquiry *inquiry); /* NULL is allowed */

const struct catalogue *inquiry_catalogue(const struct inquiry *inquiry);

/*
 * Finds the answers to a text, or to what a file ("-": standard input) holds;
 * those of the question before are gone. -1 and a fault if it cannot be read,
 * holds nothing, or is a mail that tells of no delivery.
 */
int inquiry_ask(struct inquiry *inquiry, struct slice text,
		struct fault *fault);
int inquiry_ask_file(struct inquiry *inquiry, const char *path,
		     struct fault *fault);

/* Whether the question before held nothing but white space. */
bool inquiry_was_empty(const struct inquiry *inquiry);

/* The answers: without a verdict where a delivery succeeded. A delivery of a
 * log has a time, one of a mail a recipient, one of a bare reply neither. */
const struct event *inquiry_events(struct inquiry *inquiry, size_t *count);

#endif
