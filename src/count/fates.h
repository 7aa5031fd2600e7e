/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What became of messages and their recipients, counted apart from attempts,
 * which may be many for one. A mail that a content filter takes and gives back
 * under another queue id is delivered once: by the last one.
 */
#ifndef MAILWHY_COUNT_FATES_H
#define MAILWHY_COUNT_FATES_H

#include <stdint.h>

struct fates {
	/* Of the run or of a window. */
	uint64_t messages;  /* queue ids that lines told of first */
	uint64_t delivered; /* recipients */
	uint64_t bounced;
	uint64_t expired;
	uint64_t removed; /* their message left the queue, undecided */
	/* As it is now; the last three since the start. */
	uint64_t waiting;     /* recipients that failed for now */
	uint64_t evicted;     /* messages forgotten for want of memory */
	uint64_t aged;        /* with recipients waiting, for their age */
	uint64_t message_ids; /* forgotten for want of memory */
};

#endif
