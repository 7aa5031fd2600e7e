/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Follows names of files that grow and are rotated, as `tail -F` does, and
 * gives each line of them once. First what is in the files, in the order of
 * the names, then what is appended.
 *
 * A name may come to mean another file. The file before is read to its end,
 * then the new one; what a writer still appends to the file before is read
 * too, until the file is deleted and closed by its writer, or the name has
 * meant some other files since. Files that had the name so shortly that nobody
 * saw them are found where they were moved to, if that is a folder of the
 * names. What two names mean is read once.
 */
#ifndef MAILWHY_READ_GROWTH_H
#define MAILWHY_READ_GROWTH_H

#include <stdint.h>

#include "base/slice.h"

struct growth;

enum growth_kind {
	GROWTH_QUIET, /* nothing now: wait, then ask again */
	GROWTH_LINES,
	GROWTH_ABSENT,   /* the name means no file that can be read, `error`
			  * says why; it is waited for */
	GROWTH_REPLACED, /* the name means another file now */
	GROWTH_CUT,      /* a file was cut short, and is read from its start */
	GROWTH_FAILED,   /* a file cannot be read on, `error` says why */
};

struct growth_item {
	enum growth_kind kind;
	const char *name;   /* as it was added */
	int error;          /* errno */
	bool first;         /* ABSENT: the name never meant a file */
	struct slice lines; /* whole lines, valid until the next call */
	uint64_t cut;       /* of them, how many were too long */
	size_t file;        /* which file they are of; a small number */
	bool begins;        /* this number means a new file from now on */
	int64_t written_us; /* when the file was last written */
};

/* `poll_ms` as watch_new() takes it. Free with growth_free(). */
struct growth *growth_new(int poll_ms);
void growth_free(struct growth *growth);

/* Follows one more name, which is borrowed. */
void growth_add(struct growth *growth, const char *name);

/* What comes next. Never waits. */
void growth_next(struct growth *growth, struct growth_item *item);

/* For the end: the lines in hand of files that are read to their end, one a
 * call; then GROWTH_QUIET. */
void growth_rest(struct growth *growth, struct growth_item *item);

/* For poll(), as watch_descriptor() and watch_timeout_ms(). */
int growth_descriptor(const struct growth *growth);
int growth_timeout_ms(const struct growth *growth);

#endif
