/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes in, blocks of whole lines out. A line is cut at LF; the last one may
 * lack it. A line longer than LINE_LIMIT keeps its first LINE_LIMIT bytes; the
 * rest is thrown away and the line counted as cut. What a pipe has is given
 * on at once; nothing waits for a block to fill.
 *
 * An input that begins as the export format of systemd's journal does is made
 * lines of (read/export.h); of one that begins as Kubernetes' files do the
 * partial lines are put together (read/partial.h).
 */
#ifndef MAILWHY_READ_LINE_H
#define MAILWHY_READ_LINE_H

#include "base/slice.h"

enum { LINE_LIMIT = 64 * 1024 };

struct line_reader;

/* Reads from `fd`, which stays the caller's. Free with line_reader_free(). */
struct line_reader *line_reader_new(int fd);
void line_reader_free(struct line_reader *reader); /* NULL is allowed */

/* Reads no more than so many bytes from here on. */
void line_reader_limit(struct line_reader *reader, uint64_t bytes);

/*
 * Before the first block: reads once and shows all that was read so far, which
 * stays to be given out. 1; 0: there is no more; -1: as line_reader_next(). No
 * more than its buffer holds, which is some hundred kilobytes.
 */
int line_reader_peek(struct line_reader *reader, struct slice *head);

/*
 * The next block of whole lines, each with its LF (the very last one of the
 * input may lack it), valid until the next call. Reads once at most, so that a
 * caller who has waited for input never blocks: 1: a block, empty if no line
 * is complete yet; 0: end of input; -1: reading failed, with errno (EINTR
 * included: call again to go on).
 */
int line_reader_next(struct line_reader *reader, struct slice *block);

/*
 * The same of an input that may grow: 0 is the end of what is there now. What
 * was read of a line that has not ended stays in hand, and the caller may ask
 * again.
 */
int line_reader_more(struct line_reader *reader, struct slice *block);

/* What was read of a line that has not ended, as a block; empty if there is
 * none. What is read after it begins a new line. */
struct slice line_reader_rest(struct line_reader *reader);

/* How many lines were cut so far. */
uint64_t line_reader_cut(const struct line_reader *reader);

/* How many records of a journal broke its format. */
uint64_t line_reader_damaged(const struct line_reader *reader);

#endif
