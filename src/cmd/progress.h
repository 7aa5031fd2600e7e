/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far a long run is, in one line on a terminal's standard error: not in
 * the first second, then a few times a second at most, and gone at the end.
 * Nothing is written while the program runs in the background.
 */
#ifndef MAILWHY_CMD_PROGRESS_H
#define MAILWHY_CMD_PROGRESS_H

#include "base/buf.h"

struct progress;

/* `total` is the size of all inputs in bytes; 0: not known. All functions take
 * NULL: then nothing is shown. */
struct progress *progress_new(uint64_t total);

/* Erases what is shown. */
void progress_free(struct progress *progress);

/* The next input begins; so much of it will not be read. */
void progress_begin(struct progress *progress, uint64_t skipped);

/* So many bytes of the input were read. */
void progress_step(struct progress *progress, uint64_t taken);

/* The input has ended: so many bytes of it were read, and it counts for all its
 * size. */
void progress_end(struct progress *progress, uint64_t taken, uint64_t size);

/* Erases the line: something else is to be written. It comes again. */
void progress_clear(struct progress *progress);

struct progress_figures {
	uint64_t total;  /* 0: not known */
	uint64_t passed; /* of the total: read, or left out */
	uint64_t read;
	int64_t elapsed_us; /* more than 0 */
};

/* Adds "1.2 GB of 5.6 GB (21 %), 480 MB/s, 9 s left". */
void progress_write(struct buf *buf, const struct progress_figures *figures);

#endif
