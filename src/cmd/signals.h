/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SIGTERM and SIGINT end the run in order, SIGHUP asks for reloading. Handlers
 * only set flags and wake whoever waits. A second SIGTERM or SIGINT ends the
 * program at once, in case the first one finds it stuck in a write.
 */
#ifndef MAILWHY_CMD_SIGNALS_H
#define MAILWHY_CMD_SIGNALS_H

#include <stdbool.h>

/* Installs the handlers. */
void signals_init(void);

bool signals_ended(void);

/* Whether SIGHUP came since the last call. */
bool signals_take_reload(void);

/* Waits until `fd` can be read (or has ended), or a signal comes: then false.
 */
bool signals_wait_readable(int fd);

#endif
