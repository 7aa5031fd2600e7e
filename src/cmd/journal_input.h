/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds systemd's journal through a pipeline. */
#ifndef MAILWHY_CMD_JOURNAL_INPUT_H
#define MAILWHY_CMD_JOURNAL_INPUT_H

#include "cmd/options.h"
#include "cmd/pipeline.h"

/* Ends the program if --unit or --cursor-file stand without --journal. */
void journal_check_options(const struct options *options);

/*
 * Reads the journal up to its end, from where the cursor file says, which is
 * written whenever the output of what was read has left the program. What
 * fails is said on standard error. Returns the exit status.
 */
int journal_read_all(const struct options *options, struct pipeline *pipeline);

#endif
