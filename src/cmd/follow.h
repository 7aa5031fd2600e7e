/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds files that grow and are rotated through a pipeline (--follow). */
#ifndef MAILWHY_CMD_FOLLOW_H
#define MAILWHY_CMD_FOLLOW_H

#include "cmd/options.h"
#include "cmd/pipeline.h"

/*
 * Follows all operands until SIGINT or SIGTERM, or until nobody reads the
 * output. Standard input and pipes are read to their end in their turn; when
 * there is nothing else, that is the end. Returns the exit status.
 */
int follow_read_all(const struct options *options, struct pipeline *pipeline);

#endif
