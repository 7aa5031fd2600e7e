/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bzip2, xz, zstd and lz4, unpacked by libarchive, which is known here alone;
 * several compressed streams one behind the other are one input. Of a damaged
 * one libarchive keeps the last block to itself (64 to 128 KiB of plain text,
 * of lz4 up to 4 MiB).
 */
#ifndef MAILWHY_READ_ARCHIVE_H
#define MAILWHY_READ_ARCHIVE_H

#include "read/packed.h"

/* Unpacks all of it. -1 and a fault: what is wrong with the bytes, without the
 * file's name; what could be unpacked has been put out. */
int archive_unpack(struct packed *packed, struct fault *fault);

#endif
