/* SPDX-License-Identifier: Apache-2.0 */
#include "read/packed.h"

#include <errno.h>
#include <poll.h>

#include "base/fd.h"

/* Until there is something to read, or nobody reads any more. A pipe without
 * readers shows POLLERR at its other end, asked for or not. */
static int wait_for_bytes(const struct packed *packed)
{
	struct pollfd both[2] = { { .fd = packed->fd, .events = POLLIN },
				  { .fd = packed->out, .events = 0 } };

	if (poll(both, 2, -1) < 0 && errno != EINTR)
		return -1;
	if (both[1].revents & POLLERR) {
		errno = EPIPE;
		return -1;
	}
	return 0;
}

int packed_next(struct packed *packed, struct slice *bytes)
{
	ssize_t got;

	*bytes = packed->head;
	packed->head = (struct slice){ 0 };
	packed->taken += bytes->len;
	if (bytes->len)
		return 1;
	do {
		if (wait_for_bytes(packed) < 0)
			return -1;
		got = fd_read(packed->fd, packed->bytes, PACKED_SIZE);
	} while (got < 0 && (errno == EINTR || errno == EAGAIN));
	if (got < 0)
		return -1;
	*bytes = (struct slice){ packed->bytes, (size_t)got };
	packed->taken += bytes->len;
	return got > 0;
}

int packed_put(struct packed *packed, const void *bytes, size_t size)
{
	return fd_write(packed->out, bytes, size);
}
