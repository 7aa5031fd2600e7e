/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fd.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

ssize_t fd_read(int fd, void *into, size_t size)
{
	return read(fd, into, size);
}

/* A descriptor that somebody else made non-blocking is waited for. */
static int wait_writable(int fd)
{
	struct pollfd one = { .fd = fd, .events = POLLOUT };

	return poll(&one, 1, -1) < 0 && errno != EINTR ? -1 : 0;
}

int fd_write(int fd, const void *from, size_t size)
{
	const char *at = from;

	while (size > 0) {
		ssize_t done = write(fd, at, size);

		if (done < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			if (wait_writable(fd) < 0)
				return -1;
			continue;
		}
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		at += done;
		size -= (size_t)done;
	}
	return 0;
}
