/* SPDX-License-Identifier: Apache-2.0 */
/* The file that says how far a journal was read: one line, its cursor. */
#ifndef MAILWHY_READ_CURSOR_FILE_H
#define MAILWHY_READ_CURSOR_FILE_H

#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

/* Reads it; empty if there is none yet. -1 and a fault. */
int cursor_file_load(const char *path, struct buf *cursor, struct fault *fault);

/* Writes it anew: whatever happens, the file holds the old one or the new one.
 * -1 and a fault; then it holds the old one. */
int cursor_file_save(const char *path, struct slice cursor,
		     struct fault *fault);

#endif
