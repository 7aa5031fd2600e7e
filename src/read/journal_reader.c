/* SPDX-License-Identifier: Apache-2.0 */
#include "read/journal_reader.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <systemd/sd-journal.h>

#include "base/memory.h"
#include "base/stamp.h"
#include "read/record.h"

/* What one call gives out: few enough to be printed and noted as read soon,
 * many enough that this costs little. */
enum { BLOCK_BYTES = 512 * 1024 };

/* How often to look for records where nothing tells of them. */
enum { LOOK_MS = 250 };

struct journal_reader {
	sd_journal *journal;
	bool at_next; /* the record in hand was not given out yet */
	bool given;   /* one was */
	uint64_t damaged;
	struct buf lines;
};

static const char *reason_of(int result)
{
	return strerror(-result);
}

static bool is_directory(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static int open_files(char *const *paths, size_t count, sd_journal **journal)
{
	const char **names = memory_new(count + 1, sizeof(*names));
	int result;

	for (size_t i = 0; i < count; i++)
		names[i] = paths[i];
	result = sd_journal_open_files(journal, names, 0);
	free(names);
	return result;
}

static int open_paths(const struct journal_source *source, sd_journal **journal,
		      struct fault *fault)
{
	const char *first = source->paths[0];
	int result;

	for (size_t i = 0; source->path_count > 1 && i < source->path_count;
	     i++)
		if (is_directory(source->paths[i]))
			return fault_set(fault,
					 "%s: --journal takes one directory, "
					 "or files",
					 source->paths[i]);
	result = is_directory(first)
			 ? sd_journal_open_directory(journal, first, 0)
			 : open_files(source->paths, source->path_count,
				      journal);
	if (result >= 0)
		return 0;
	return fault_set(fault, "%s: cannot be read as a journal: %s", first,
			 reason_of(result));
}

static int open_machine(sd_journal **journal, struct fault *fault)
{
	int result = sd_journal_open(journal, SD_JOURNAL_LOCAL_ONLY);

	if (result >= 0)
		return 0;
	return fault_set(fault, "the journal cannot be opened: %s",
			 reason_of(result));
}

/* libsystemd opens a journal without files, and one of whose files none may be
 * read, without a word. */
static int check_files(sd_journal *journal, const struct journal_source *source,
		       struct fault *fault)
{
	uint64_t bytes = 0;

	if (sd_journal_get_usage(journal, &bytes) >= 0 && bytes)
		return 0;
	if (source->path_count)
		return fault_set(fault, "%s: holds no journal that may be read",
				 source->paths[0]);
	return fault_set(fault, "no journal that may be read in "
				"/var/log/journal or /run/log/journal; "
				"without systemd-journald there is none, and "
				"only root and the group systemd-journal may "
				"read it");
}

static int add_matches(sd_journal *journal, const char *const *matches,
		       struct fault *fault)
{
	for (; matches && *matches; matches++) {
		int result = sd_journal_add_match(journal, *matches, 0);

		if (result >= 0)
			result = sd_journal_add_disjunction(journal);
		if (result < 0)
			return fault_set(fault, "the journal: \"%s\": %s",
					 *matches, reason_of(result));
	}
	return 0;
}

/* To the first record that was not given out before the cursor was noted. If
 * the record it names has gone, that is the one after it. */
static int seek_cursor(struct journal_reader *reader, struct slice cursor,
		       struct fault *fault)
{
	char *text;
	int result;

	text = memory_string(cursor);
	result = sd_journal_seek_cursor(reader->journal, text);
	if (result < 0) {
		(void)fault_set(fault,
				"\"%.60s\" is no place in a journal; remove "
				"the cursor file to begin with the oldest "
				"record",
				text);
		free(text);
		return -1;
	}
	result = sd_journal_next(reader->journal);
	reader->at_next = result > 0 &&
			  sd_journal_test_cursor(reader->journal, text) == 0;
	free(text);
	if (result < 0)
		return fault_set(fault, "the journal cannot be read: %s",
				 reason_of(result));
	return 0;
}

static int seek(struct journal_reader *reader,
		const struct journal_source *source, struct fault *fault)
{
	int result;

	if (source->cursor.len)
		return seek_cursor(reader, source->cursor, fault);
	if (!source->since_us)
		return 0;
	result = sd_journal_seek_realtime_usec(reader->journal,
					       source->since_us);
	if (result < 0)
		return fault_set(fault, "the journal cannot be read: %s",
				 reason_of(result));
	return 0;
}

int journal_reader_open(const struct journal_source *source,
			struct journal_reader **opened, struct fault *fault)
{
	struct journal_reader *reader = memory_new(1, sizeof(*reader));
	int result = source->path_count
			     ? open_paths(source, &reader->journal, fault)
			     : open_machine(&reader->journal, fault);

	*opened = NULL;
	if (result == 0)
		result = check_files(reader->journal, source, fault);
	if (result == 0)
		result = add_matches(reader->journal, source->matches, fault);
	if (result == 0)
		result = seek(reader, source, fault);
	if (result < 0) {
		journal_reader_close(reader);
		return -1;
	}
	*opened = reader;
	return 0;
}

void journal_reader_close(struct journal_reader *reader)
{
	if (!reader)
		return;
	sd_journal_close(reader->journal);
	buf_clear(&reader->lines);
	free(reader);
}

/* "NAME=value" of the record in hand. False: it is damaged. */
static bool add_field(sd_journal *journal, const char *name,
		      struct record *record)
{
	const void *data;
	size_t len;
	struct slice field;
	int result;

	if (!record_wants(record, slice_from(name)))
		return true;
	result = sd_journal_get_data(journal, name, &data, &len);
	if (result == -ENOENT)
		return true;
	if (result < 0)
		return false;
	field = (struct slice){ data, len };
	record_add(record, slice_from(name),
		   slice_after(field, strlen(name) + 1));
	return true;
}

static void add_record(struct journal_reader *reader)
{
	struct record record;
	struct buf time = { 0 };
	uint64_t us;
	bool whole = true;

	record_begin(&record, &reader->lines);
	if (sd_journal_get_realtime_usec(reader->journal, &us) >= 0) {
		buf_add_number(&time, us);
		record_add(&record, SLICE("__REALTIME_TIMESTAMP"),
			   buf_slice(&time));
		buf_clear(&time);
	}
	for (size_t i = 0; record_fields[i]; i++)
		whole = add_field(reader->journal, record_fields[i], &record) &&
			whole;
	record_end(&record);
	reader->damaged += !whole;
}

int journal_reader_next(struct journal_reader *reader, struct slice *block,
			struct fault *fault)
{
	buf_reset(&reader->lines);
	while (reader->lines.len < BLOCK_BYTES) {
		int result = reader->at_next ? 1
					     : sd_journal_next(reader->journal);

		reader->at_next = false;
		if (result < 0)
			return fault_set(fault,
					 "the journal cannot be read: %s",
					 reason_of(result));
		if (result == 0)
			break;
		add_record(reader);
		reader->given = true;
	}
	*block = buf_slice(&reader->lines);
	return block->len > 0;
}

int journal_reader_cursor(const struct journal_reader *reader,
			  struct buf *cursor, struct fault *fault)
{
	char *text;
	int result;

	if (!reader->given)
		return 0;
	result = sd_journal_get_cursor(reader->journal, &text);
	if (result < 0)
		return fault_set(fault, "the journal tells no place: %s",
				 reason_of(result));
	buf_reset(cursor);
	buf_add(cursor, slice_from(text));
	free(text);
	return 0;
}

/* Files that were named are not watched by libsystemd. */
int journal_reader_descriptor(const struct journal_reader *reader)
{
	int fd = sd_journal_get_fd(reader->journal);

	return fd < 0 ? -1 : fd;
}

int journal_reader_timeout_ms(const struct journal_reader *reader)
{
	uint64_t at_us;
	int64_t left_us;

	if (journal_reader_descriptor(reader) < 0)
		return LOOK_MS;
	if (sd_journal_get_timeout(reader->journal, &at_us) < 0 ||
	    at_us == UINT64_MAX)
		return -1;
	left_us = (int64_t)at_us - stamp_monotonic_us();
	return left_us <= 0               ? 0
	       : left_us / 1000 < INT_MAX ? (int)(left_us / 1000) + 1
					  : INT_MAX;
}

void journal_reader_woken(struct journal_reader *reader)
{
	(void)sd_journal_process(reader->journal);
}

uint64_t journal_reader_damaged(const struct journal_reader *reader)
{
	return reader->damaged;
}
