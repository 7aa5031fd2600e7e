/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an unpacker works between: packed bytes come in from a descriptor,
 * after those that somebody has read before; plain bytes go out into a pipe.
 * If the pipe's reader leaves, both ends say so, even while the descriptor has
 * nothing to give.
 */
#ifndef MAILWHY_READ_PACKED_H
#define MAILWHY_READ_PACKED_H

#include "base/fault.h"
#include "base/slice.h"

enum packing {
	PACKING_NONE,
	PACKING_GZIP,
	PACKING_BZIP2,
	PACKING_XZ,
	PACKING_ZSTD,
	PACKING_LZ4,
};

enum { PACKED_SIZE = 128 * 1024 };

struct packed {
	int fd;
	int out;
	enum packing packing;
	struct slice head; /* read before; its owner outlives this */
	uint64_t taken;    /* packed bytes given out */
	char bytes[PACKED_SIZE];
};

/* The next packed bytes, valid until the next call: 1; 0: no more; -1 with
 * errno, EPIPE if nobody reads what is unpacked. */
int packed_next(struct packed *packed, struct slice *bytes);

/* Plain bytes out. -1 with errno. */
int packed_put(struct packed *packed, const void *bytes, size_t size);

#endif
