/* SPDX-License-Identifier: Apache-2.0 */
/* read(2), write(2) that survive EINTR and short writes. */
#ifndef MAILWHY_BASE_FD_H
#define MAILWHY_BASE_FD_H

#include <stddef.h>
#include <sys/types.h>

/* Bytes read, 0 at the end of input, -1 with errno. May be interrupted: EINTR
 * is returned, so that a signal can end a wait for input. */
ssize_t fd_read(int fd, void *into, size_t size);

/* Writes all of it; 0, or -1 with errno (what was written then is unknown). */
int fd_write(int fd, const void *from, size_t size);

#endif
