/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gzip (RFC 1952), unpacked by zlib: libarchive does not compare its
 * checksums, and a damaged log would be counted as it is. Members one behind
 * the other are one input. Of a damaged one all up to the damage is put out.
 */
#ifndef MAILWHY_READ_GZIP_H
#define MAILWHY_READ_GZIP_H

#include "read/packed.h"

/* As archive_unpack(). */
int gzip_unpack(struct packed *packed, struct fault *fault);

#endif
