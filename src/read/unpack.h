/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compressed input, told by its first bytes: a thread of its own unpacks it
 * into a pipe, from which it is read as anything else. Plain input never comes
 * here.
 */
#ifndef MAILWHY_READ_UNPACK_H
#define MAILWHY_READ_UNPACK_H

#include "read/packed.h"

struct unpack;

/* What begins with those bytes. False: so few do not tell. */
bool unpack_recognise(struct slice head, enum packing *packing);

/*
 * Begins to unpack: first `head`, then what `fd` gives, both of which outlive
 * it. -1 and a fault. Ends with unpack_finish().
 */
int unpack_start(int fd, struct slice head, enum packing packing,
		 struct unpack **started, struct fault *fault);

/* Where the plain bytes are read. */
int unpack_fd(const struct unpack *unpack);

/* Ends it, at its end or before. At its end: -1 and a fault, without the
 * file's name, if the bytes were damaged. */
int unpack_finish(struct unpack *unpack, struct fault *fault);

#endif
