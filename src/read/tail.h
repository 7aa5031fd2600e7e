/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One file that grows, read as blocks of whole lines, whatever its name is. A
 * last line that has not ended is kept until its end comes. A file that was
 * cut short (copytruncate), or rewritten in place, is read from its start.
 * What was written before that and not read yet is gone; who asks soon loses
 * little.
 */
#ifndef MAILWHY_READ_TAIL_H
#define MAILWHY_READ_TAIL_H

#include <stdint.h>

#include "base/slice.h"

struct tail;

/* `fd`, open at the start of a regular file, is the tail's from now on. Free
 * with tail_free(). */
struct tail *tail_new(int fd);
void tail_free(struct tail *tail);

/* The descriptor. */
int tail_place(const struct tail *tail);

/*
 * 1: a block of whole lines, valid until the next call, perhaps empty: ask
 * again. 0: nothing more is there now. -1: reading failed, with errno. Where
 * the file was cut short the line in hand has no end, and is a block.
 */
int tail_next(struct tail *tail, struct slice *block);

/* The line in hand, as a block; empty if there is none. */
struct slice tail_rest(struct tail *tail);

/* Lines cut, and times begun from the start again, so far. */
uint64_t tail_cut(const struct tail *tail);
uint64_t tail_restarts(const struct tail *tail);

/* When the file had last been written, as of the last block. */
int64_t tail_written_us(const struct tail *tail);

#endif
