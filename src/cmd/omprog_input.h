/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Feeds what rsyslog's omprog sends through a pipeline. With confirmations a
 * line is in the journal before it is answered, and what a transaction brought
 * is in the output file, on the disk, before its COMMIT is; the journal stands
 * beside the output file, as FILE.journal. Without confirmations lines go
 * through as they come; while the file cannot be written none are read.
 */
#ifndef MAILWHY_CMD_OMPROG_INPUT_H
#define MAILWHY_CMD_OMPROG_INPUT_H

#include "cmd/options.h"
#include "cmd/pipeline.h"

/* Ends the program with status 2 if the options do not go with --omprog. */
void omprog_check_options(const struct options *options);

/*
 * Reads standard input to its end, or until SIGTERM. What came is stored then;
 * the tally is the caller's to write. Failures are said on standard error.
 * Returns the exit status.
 */
int omprog_read_all(const struct options *options, struct pipeline *pipeline);

#endif
