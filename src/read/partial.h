/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of containers as Kubernetes keeps them (CRI): "STAMP stdout F MESSAGE".
 * A long message is cut into several lines, all but the last one marked "P";
 * here they are put together again, into one line with the last one's stamp,
 * stdout and stderr apart. Empty lines take the other parts' places, so that
 * there are as many lines as before. What would be longer than LINE_LIMIT is
 * cut.
 */
#ifndef MAILWHY_READ_PARTIAL_H
#define MAILWHY_READ_PARTIAL_H

#include <stdint.h>

#include "base/slice.h"

struct partial;

/* Never NULL. */
struct partial *partial_new(void);
void partial_free(struct partial *partial); /* NULL is allowed */

/* Whether an input that starts like this is of that format. */
bool partial_begins(struct slice head);

/* A block of whole lines, put together as far as they have come. Borrowed from
 * `block`, or the partial's until its next call. */
struct slice partial_join(struct partial *partial, struct slice block);

/* As partial_join(), for the last block, which may be empty: also the lines
 * whose last part is missing. */
struct slice partial_end(struct partial *partial, struct slice block);

/* Lines that were cut. */
uint64_t partial_cut(const struct partial *partial);

#endif
