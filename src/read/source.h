/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An input as blocks of whole lines, whether its bytes are plain or packed:
 * the first ones tell. Plain bytes go straight to the line reader.
 */
#ifndef MAILWHY_READ_SOURCE_H
#define MAILWHY_READ_SOURCE_H

#include "base/fault.h"
#include "base/slice.h"

struct source;

/* Reads `fd` from where it stands; it stays the caller's and outlives the
 * source. Free with source_free(). */
struct source *source_new(int fd);
void source_free(struct source *source); /* NULL is allowed */

/*
 * As line_reader_next(): reads once at most. 1: a block, empty if there is
 * none yet or a signal came; 0: the end; -1 and a fault without the input's
 * name. What was given before a fault is good.
 */
int source_next(struct source *source, struct slice *block,
		struct fault *fault);

/* What there is of a line that has not ended: as line_reader_rest(). */
struct slice source_rest(struct source *source);

/* A plain input ends after so many bytes from here on. */
void source_limit(struct source *source, uint64_t bytes);

/* To be waited for before source_next(); may change with each call of it. */
int source_fd(const struct source *source);

/* Known after the first block. */
bool source_is_packed(const struct source *source);

/* How many lines were cut so far. */
uint64_t source_cut(const struct source *source);

/* How many records of a journal broke its format. */
uint64_t source_damaged(const struct source *source);

/* How many bytes of the input were read, packed ones of a packed input. */
uint64_t source_taken(const struct source *source);

#endif
