/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The export format of systemd's journal (journalctl -o export, files of
 * systemd-journal-upload), turned into lines, a record each (read/record.h).
 * Fields are "NAME=value", or NAME, a length in 8 bytes and any bytes; a blank
 * line ends a record. Memory is bounded: of a field no more than LINE_LIMIT is
 * kept. A record that breaks the format becomes an empty one and costs no
 * other: reading goes on behind the next blank line.
 */
#ifndef MAILWHY_READ_EXPORT_H
#define MAILWHY_READ_EXPORT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

struct export;

/* Never NULL. */
struct export *export_new(void);
void export_free(struct export *export); /* NULL is allowed */

/* Whether an input that starts like this is of that format. */
bool export_begins(struct slice head);

/* Takes the bytes that come next, any number; adds the lines that became
 * complete. */
void export_take(struct export *export, struct slice bytes, struct buf *lines);

/* Nothing more comes: adds the line of a record that has not ended. */
void export_end(struct export *export, struct buf *lines);

/* Records with a field that was too long; records that broke the format. */
uint64_t export_cut(const struct export *export);
uint64_t export_damaged(const struct export *export);

#endif
