/* SPDX-License-Identifier: Apache-2.0 */
/* In place of journal_reader.c where there is no libsystemd. */
#include "read/journal_reader.h"

int journal_reader_open(const struct journal_source *source,
			struct journal_reader **opened, struct fault *fault)
{
	(void)source;
	*opened = NULL;
	return fault_set(fault, "--journal: built without libsystemd; use "
				"'journalctl -o export | mailwhy'");
}

void journal_reader_close(struct journal_reader *reader)
{
	(void)reader;
}

int journal_reader_next(struct journal_reader *reader, struct slice *block,
			struct fault *fault)
{
	(void)reader;
	*block = (struct slice){ 0 };
	return fault_set(fault, "the journal is not open");
}

int journal_reader_cursor(const struct journal_reader *reader,
			  struct buf *cursor, struct fault *fault)
{
	(void)reader;
	(void)cursor;
	return fault_set(fault, "the journal is not open");
}

int journal_reader_descriptor(const struct journal_reader *reader)
{
	(void)reader;
	return -1;
}

int journal_reader_timeout_ms(const struct journal_reader *reader)
{
	(void)reader;
	return -1;
}

void journal_reader_woken(struct journal_reader *reader)
{
	(void)reader;
}

uint64_t journal_reader_damaged(const struct journal_reader *reader)
{
	(void)reader;
	return 0;
}
