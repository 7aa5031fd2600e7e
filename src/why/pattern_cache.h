/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compiled patterns on disk. Compiling takes tens of milliseconds, reading what
 * was compiled before next to nothing. A cache only: what is missing, stale,
 * damaged or not the user's own is compiled anew, and a directory that cannot
 * be written to is no error.
 */
#ifndef MAILWHY_WHY_PATTERN_CACHE_H
#define MAILWHY_WHY_PATTERN_CACHE_H

#include "base/buf.h"
#include "base/slice.h"

/*
 * Reads what was kept in `dir` under `key` into `bytes`, which is reset. False
 * if there is nothing that can be trusted: the file must belong to the user
 * and be writable by nobody else.
 */
bool pattern_cache_read(const char *dir, uint64_t key, struct buf *bytes);

/* Keeps `bytes` under `key`; makes the directory if need be. */
void pattern_cache_write(const char *dir, uint64_t key, struct slice bytes);

#endif
