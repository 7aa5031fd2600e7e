/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SIGTERM and SIGINT end the run in order, SIGHUP asks for reloading. Handlers
 * only set flags and wake whoever waits. A second SIGTERM or SIGINT ends the
 * program at once, in case the first one finds it stuck in a write.
 */
#ifndef MAILWHY_CMD_SIGNALS_H
#define MAILWHY_CMD_SIGNALS_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

/* Installs the handlers. */
void signals_init(void);

bool signals_ended(void);

/* Whether SIGHUP came since the last call. */
bool signals_take_reload(void);

/* Waits until `fd` can be read (or has ended), or a signal comes: then false.
 */
bool signals_wait_readable(int fd);

/*
 * Waits as poll() does, `timeout_ms` at most (-1: for ever), for at most
 * SIGNALS_FDS descriptors. False if a signal came; what is in `fds` then tells
 * nothing.
 */
enum { SIGNALS_FDS = 2 };
bool signals_wait(struct pollfd *fds, size_t count, int timeout_ms);

#endif
