/* SPDX-License-Identifier: Apache-2.0 */
/*
 * systemd's journal, read by libsystemd, as blocks of lines (read/record.h).
 * Without libsystemd at build time journal_absent.c takes the place of
 * journal_reader.c, and opening fails with a fault that says so.
 */
#ifndef MAILWHY_READ_JOURNAL_READER_H
#define MAILWHY_READ_JOURNAL_READER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

struct journal_reader;

struct journal_source {
	/* Files of the journal, or one directory that holds such; none: the
	 * journal of this machine. */
	char *const *paths;
	size_t path_count;
	/* "FIELD=value"; records that have one of these. NULL behind the last;
	 * none: all records. */
	const char *const *matches;
	/* Where to go on, as journal_reader_cursor() gave it; empty: there is
	 * no such place. */
	struct slice cursor;
	/* Without a cursor: where to begin, in microseconds since 1970; 0: at
	 * the oldest record. */
	uint64_t since_us;
};

/* -1 and a fault if there is no journal, or it cannot be read. */
int journal_reader_open(const struct journal_source *source,
			struct journal_reader **opened, struct fault *fault);
void journal_reader_close(struct journal_reader *reader); /* NULL is allowed */

/*
 * The next lines, a record each, until the next call. 1: some; 0: there are no
 * more records now; -1 and a fault.
 */
int journal_reader_next(struct journal_reader *reader, struct slice *block,
			struct fault *fault);

/* Where the last record given out stands; untouched if none was. -1 and a
 * fault. */
int journal_reader_cursor(const struct journal_reader *reader,
			  struct buf *cursor, struct fault *fault);

/*
 * For waiting until there may be more records: a descriptor to be polled for
 * reading (-1: there is none), and for how long at most in milliseconds (-1:
 * for ever). Afterwards journal_reader_woken(), then journal_reader_next()
 * again.
 */
int journal_reader_descriptor(const struct journal_reader *reader);
int journal_reader_timeout_ms(const struct journal_reader *reader);
void journal_reader_woken(struct journal_reader *reader);

/* Records that were damaged, of which something is missing. */
uint64_t journal_reader_damaged(const struct journal_reader *reader);

#endif
