/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds files and standard input, in the order given, through a pipeline. */
#ifndef MAILWHY_CMD_INPUT_H
#define MAILWHY_CMD_INPUT_H

#include "cmd/options.h"
#include "cmd/pipeline.h"

/*
 * Reads all operands (none: standard input). What cannot be read is said on
 * standard error, the rest is still read. Returns the exit status.
 */
int input_read_all(const struct options *options, struct pipeline *pipeline);

#endif
