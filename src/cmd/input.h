/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds files and standard input through a pipeline: in the order of
 * cmd/operands, packed ones unpacked, only the lines of the period asked for.
 */
#ifndef MAILWHY_CMD_INPUT_H
#define MAILWHY_CMD_INPUT_H

#include "cmd/options.h"
#include "cmd/pipeline.h"
#include "parse/period.h"

/*
 * Reads all operands (none: standard input). What cannot be read is said on
 * standard error, the rest is still read. Returns the exit status.
 */
int input_read_all(const struct options *options, struct pipeline *pipeline);

/* The same for one operand. False if nothing more is to be read. *status is
 * set to 1 if something could not be read. */
bool input_read_one(const struct options *options, const char *name,
		    struct pipeline *pipeline, int *status);

/* Tells a person how many lines were not understood. */
void input_note_unparsed(const struct options *options,
			 const struct pipeline *pipeline);

/* Takes the lines out of a block that are not of the period, and of the `cut`
 * ones those that were. The pipeline's dates go on from the filter's. */
void input_keep_period(struct period_filter *filter, struct pipeline *pipeline,
		       struct slice *block, uint64_t *cut);

#endif
