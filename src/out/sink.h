/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where output goes: standard output or a file, buffered. A reader that has
 * gone (EPIPE) is no error: what is written after it is thrown away, and
 * sink_is_gone() tells. Any other error is kept and told by sink_flush().
 *
 * A sink that is held gives up what is pending only by sink_store(), all or
 * nothing: for callers who can try again, and must not write half a batch.
 */
#ifndef MAILWHY_OUT_SINK_H
#define MAILWHY_OUT_SINK_H

#include "base/buf.h"
#include "base/fault.h"

struct sink {
	const char *path; /* NULL: standard output */
	int fd;
	struct buf pending; /* callers append here, then call sink_added() */
	bool gone;
	bool failed; /* told already */
	bool held;   /* see above; set by the caller after sink_open() */
};

/* Which file it is, and how long. Only regular files have a place. */
struct sink_place {
	uint64_t device;
	uint64_t inode;
	uint64_t size;
};

/* `path` NULL is standard output; else the file is appended to, or made. */
int sink_open(struct sink *sink, const char *path, struct fault *fault);

/* As sink_open(), but what the file held is gone. */
int sink_open_empty(struct sink *sink, const char *path, struct fault *fault);

/* Opens the file of that path anew, after it was renamed; no-op for standard
 * output. What is pending is written to the old one first, if not held. */
int sink_reopen(struct sink *sink, struct fault *fault);

/* Flushes if much is pending and it is not held. -1 and a fault as
 * sink_flush(). */
int sink_added(struct sink *sink, struct fault *fault);

/* Writes all that is pending. -1 and a fault, once, if it cannot be written.
 * If held: as sink_store(), not durably. */
int sink_flush(struct sink *sink, struct fault *fault);

/*
 * Writes all that is pending, durably: to the disk. On failure -1 and a fault,
 * each time; the file is as long as before and all is still pending, so that
 * the caller may try again. (What is no regular file cannot be cut back.)
 */
int sink_store(struct sink *sink, bool durably, struct fault *fault);

/* Where the file ends now. False if it is no regular file: *place is zero. */
bool sink_place(const struct sink *sink, struct sink_place *place);

/* Makes the file end at `size`. */
int sink_cut(struct sink *sink, uint64_t size, struct fault *fault);

/* Nobody reads any more. */
bool sink_is_gone(const struct sink *sink);

/* Flushes, if not held, and closes; frees what the sink owns. */
int sink_close(struct sink *sink, struct fault *fault);

#endif
