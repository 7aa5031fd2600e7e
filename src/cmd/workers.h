/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Worker threads for large files: each has a pipeline of its own and takes
 * whole blocks. Their output leaves in the order of the input, and what they
 * counted is added up at the end, so that the result is that of one thread.
 */
#ifndef MAILWHY_CMD_WORKERS_H
#define MAILWHY_CMD_WORKERS_H

#include "cmd/pipeline.h"

struct workers;

/* Starts `count` threads that work for `pipeline`, which stays the caller's. */
int workers_start(struct pipeline *pipeline, size_t count,
		  struct workers **started, struct fault *fault);

/* As pipeline_block(), but somebody else does it; the block is copied. */
int workers_block(struct workers *workers, struct slice block, uint64_t cut,
		  struct fault *fault);

/*
 * Waits until all is done, writes what is left, adds the counts to the
 * pipeline's, ends the threads and frees all. NULL is allowed.
 */
int workers_finish(struct workers *workers, struct fault *fault);

#endif
