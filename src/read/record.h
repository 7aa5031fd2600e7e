/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record of systemd's journal as a line of JSON, as `journalctl -o json`
 * writes it, but only the fields that matter to the log of a mail server. Of a
 * field that comes several times the first one counts. A zeroed struct is no
 * record.
 */
#ifndef MAILWHY_READ_RECORD_H
#define MAILWHY_READ_RECORD_H

#include "base/buf.h"
#include "base/slice.h"

struct record {
	struct buf *lines; /* where the line goes; the caller's */
	unsigned seen;     /* bits of the fields that it has */
};

/* The names of the fields, NULL behind the last. */
extern const char *const record_fields[];

/* Begins a line at the end of `lines`. */
void record_begin(struct record *record, struct buf *lines);

/* Whether the record takes a field of that name, and has none yet. */
bool record_wants(const struct record *record, struct slice name);

/* Adds a field, if the record wants it. */
void record_add(struct record *record, struct slice name, struct slice value);

/* Ends the line; one without a field is "{}". */
void record_end(struct record *record);

#endif
