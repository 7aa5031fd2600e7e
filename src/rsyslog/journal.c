/* SPDX-License-Identifier: Apache-2.0 */
#include "rsyslog/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/hash.h"
#include "base/memory.h"

enum { FILE_MODE = 0600, LOCK_TRIES = 150, LOCK_PAUSE_MS = 20 };

enum state { STATE_OPEN = 1, STATE_STORING, STATE_STORED, STATE_CLOSED };

/* The beginning of the file, in the machine's own byte order. */
struct head {
	char magic[16];
	uint64_t seed;     /* of all hashes; the same as long as the file */
	uint64_t sequence; /* of the batch; in the checks of its records */
	uint64_t state;
	struct sink_place place;
	uint64_t growth;
	uint64_t check; /* of all above */
};

static const char magic[16] = "mailwhy jrnl 1\n";

/* A record is this and `len` bytes: a line without its LF, or the identity of
 * a line that an earlier batch stored. */
enum kind { KIND_LINE = 1, KIND_KNOWN };

struct record {
	uint32_t len;
	uint32_t kind;
	uint64_t check;
};

struct numbers {
	uint64_t *at;
	size_t count;
	size_t size;
};

struct journal {
	char *path;
	int fd;
	struct head head;
	bool begun;   /* the batch has begun in this transaction */
	bool stored;  /* may be ahead of the file: see journal_mark_stored() */
	bool written; /* its next state has to be */
	struct numbers known;  /* identities of the batch's lines, in order */
	struct numbers next;   /* positions at which the next line may repeat */
	struct numbers before; /* `next` when the transaction began */
	struct numbers again;  /* repetitions since then */
	struct buf unsaved;    /* not in the file yet; belongs at `end` */
	uint64_t end;
	struct buf left;
	struct journal_rest rest;
};

static void numbers_add(struct numbers *numbers, uint64_t number)
{
	if (numbers->count == numbers->size) {
		numbers->size = numbers->size ? 2 * numbers->size : 64;
		numbers->at = memory_resize(numbers->at, numbers->size,
					    sizeof(*numbers->at));
	}
	numbers->at[numbers->count++] = number;
}

static void numbers_copy(struct numbers *into, const struct numbers *from)
{
	into->count = 0;
	for (size_t i = 0; i < from->count; i++)
		numbers_add(into, from->at[i]);
}

static uint64_t head_check(const struct head *head)
{
	return hash_slice((struct slice){ (const char *)head,
					  offsetof(struct head, check) },
			  head->seed);
}

static uint64_t record_check(const struct journal *journal, enum kind kind,
			     uint64_t hash)
{
	return hash_mix(hash ^ journal->head.sequence,
			journal->head.seed ^ (uint64_t)kind);
}

static int write_at(int fd, const char *from, size_t size, uint64_t at)
{
	while (size > 0) {
		ssize_t done = pwrite(fd, from, size, (off_t)at);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		from += done;
		size -= (size_t)done;
		at += (uint64_t)done;
	}
	return 0;
}

static int say(const struct journal *journal, struct fault *fault)
{
	return fault_set(fault, "%s: %s", journal->path, strerror(errno));
}

static int write_head(struct journal *journal, enum state state,
		      struct fault *fault)
{
	struct head *head = &journal->head;

	head->state = state;
	head->check = head_check(head);
	if (write_at(journal->fd, (const char *)head, sizeof(*head), 0) < 0)
		return say(journal, fault);
	return 0;
}

/* Another process may be ending just now: rsyslog starts a program anew while
 * the old one still stores. */
static int lock(int fd, const char *path, struct fault *fault)
{
	const struct timespec pause = { 0, LOCK_PAUSE_MS * 1000000L };
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	for (int i = 0; i < LOCK_TRIES; i++) {
		if (fcntl(fd, F_SETLK, &whole) == 0)
			return 0;
		if (errno != EAGAIN && errno != EACCES && errno != EINTR)
			return fault_set(fault, "%s: %s", path,
					 strerror(errno));
		(void)nanosleep(&pause, NULL);
	}
	if (fcntl(fd, F_GETLK, &whole) < 0 || whole.l_type == F_UNLCK)
		whole.l_pid = 0;
	return fault_set(fault,
			 "%s: in use by process %ld; each worker of rsyslog "
			 "needs an output file of its own",
			 path, (long)whole.l_pid);
}

/* Whether the path still leads to that file. */
static bool is_there(const char *path, int fd)
{
	struct stat there;
	struct stat here;

	return stat(path, &there) == 0 && fstat(fd, &here) == 0 &&
	       there.st_dev == here.st_dev && there.st_ino == here.st_ino;
}

static int open_locked(const char *path, struct fault *fault)
{
	for (;;) {
		int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY,
			      FILE_MODE);

		if (fd < 0)
			return fault_set(fault, "%s: %s", path,
					 strerror(errno));
		if (lock(fd, path, fault) < 0) {
			(void)close(fd);
			return -1;
		}
		if (is_there(path, fd))
			return fd;
		(void)close(fd);
	}
}

static int read_file(int fd, const char *path, struct buf *all,
		     struct fault *fault)
{
	enum { STEP = 64 * 1024 };
	ssize_t got;

	do {
		buf_reserve(all, STEP);
		got = pread(fd, all->at + all->len, STEP, (off_t)all->len);
		if (got < 0 && errno != EINTR)
			return fault_set(fault, "%s: %s", path,
					 strerror(errno));
		if (got > 0)
			all->len += (size_t)got;
	} while (got);
	return 0;
}

static void start_anew(struct journal *journal)
{
	memcpy(journal->head.magic, magic, sizeof(magic));
	journal->head.seed = hash_seed();
	journal->head.sequence = 1;
	journal->head.state = STATE_CLOSED;
	journal->stored = true;
}

/* Takes one record of the batch off *rest. False: there are no more. */
static bool load_record(struct journal *journal, struct slice *rest)
{
	struct record record;
	struct slice bytes;
	uint64_t identity;

	if (rest->len < sizeof(record))
		return false;
	memcpy(&record, rest->at, sizeof(record));
	bytes = slice_after(*rest, sizeof(record));
	if (bytes.len < record.len)
		return false;
	bytes = slice_head(bytes, record.len);
	identity = hash_slice(bytes, journal->head.seed);
	if (record.check !=
	    record_check(journal, (enum kind)record.kind, identity))
		return false;
	*rest = slice_after(*rest, sizeof(record) + record.len);
	if (record.kind == KIND_KNOWN && bytes.len == sizeof(identity)) {
		memcpy(&identity, bytes.at, sizeof(identity));
	} else {
		buf_add(&journal->left, bytes);
		buf_add_char(&journal->left, '\n');
		journal->rest.count++;
	}
	numbers_add(&journal->known, identity);
	return true;
}

static void load_batch(struct journal *journal, struct slice records)
{
	enum state state = (enum state)journal->head.state;
	struct slice rest = records;

	journal->stored = true;
	if (state == STATE_CLOSED)
		return;
	while (load_record(journal, &rest))
		;
	journal->end = sizeof(journal->head) + (records.len - rest.len);
	journal_expect_any(journal);
	if (state == STATE_STORED || !journal->rest.count) {
		buf_clear(&journal->left);
		journal->rest.count = 0;
		return;
	}
	journal->stored = false;
	journal->rest.lines = buf_slice(&journal->left);
	journal->rest.place = journal->head.place;
	if (state == STATE_STORING)
		journal->rest.growth = journal->head.growth;
	/* Killed in the midst of lines: the last may come again. Killed at
	 * COMMIT: the first comes again. */
	journal->next.count = 0;
	numbers_add(&journal->next, 0);
	if (journal->known.count > 1)
		numbers_add(&journal->next, journal->known.count - 1);
}

static int load(struct journal *journal, struct fault *fault)
{
	struct buf all = { 0 };
	struct slice bytes;
	int result = -1;

	if (read_file(journal->fd, journal->path, &all, fault) < 0)
		goto out;
	bytes = buf_slice(&all);
	result = 0;
	if (bytes.len >= sizeof(magic) &&
	    memcmp(bytes.at, magic, sizeof(magic)) != 0) {
		result = fault_set(fault,
				   "%s: is no journal of this version; move "
				   "it away",
				   journal->path);
		goto out;
	}
	if (bytes.len >= sizeof(journal->head))
		memcpy(&journal->head, bytes.at, sizeof(journal->head));
	/* A torn head is what a power failure left of the first batch. */
	if (bytes.len < sizeof(journal->head) ||
	    journal->head.check != head_check(&journal->head))
		start_anew(journal);
	else
		load_batch(journal, slice_after(bytes, sizeof(journal->head)));
out:
	buf_clear(&all);
	return result;
}

int journal_open(const char *path, struct journal **opened, struct fault *fault)
{
	struct journal *journal = memory_new(1, sizeof(*journal));

	*opened = NULL;
	journal->path = memory_string(slice_from(path));
	journal->fd = open_locked(path, fault);
	if (journal->fd < 0 || load(journal, fault) < 0) {
		journal_close(journal);
		return -1;
	}
	*opened = journal;
	return 0;
}

void journal_close(struct journal *journal)
{
	if (!journal)
		return;
	/* What had to be in the file is: each write was checked. */
	if (journal->fd >= 0)
		(void)close(journal->fd);
	free(journal->path);
	free(journal->known.at);
	free(journal->next.at);
	free(journal->before.at);
	free(journal->again.at);
	buf_clear(&journal->unsaved);
	buf_clear(&journal->left);
	free(journal);
}

const struct journal_rest *journal_rest(const struct journal *journal)
{
	return &journal->rest;
}

void journal_begin(struct journal *journal)
{
	journal->begun = false;
	journal->again.count = 0;
	numbers_copy(&journal->before, &journal->next);
}

/* Follows all places at which the line may repeat the batch; keeps those that
 * fit. */
static bool is_repetition(struct journal *journal, uint64_t identity)
{
	struct numbers *next = &journal->next;
	size_t kept = 0;

	for (size_t i = 0; i < next->count; i++) {
		uint64_t at = next->at[i];

		if (at < journal->known.count &&
		    journal->known.at[at] == identity)
			next->at[kept++] = at + 1;
	}
	next->count = kept;
	return kept > 0;
}

static void add_record(struct journal *journal, enum kind kind,
		       struct slice bytes, uint64_t hash)
{
	struct record record = {
		.len = (uint32_t)bytes.len,
		.kind = kind,
		.check = record_check(journal, kind, hash),
	};

	buf_add(&journal->unsaved,
		(struct slice){ (const char *)&record, sizeof(record) });
	buf_add(&journal->unsaved, bytes);
}

/* The first new line: from here on the file is that of a new batch. What the
 * transaction repeated belongs to it, as it may be repeated once more. */
static void begin_batch(struct journal *journal)
{
	struct head *head = &journal->head;

	head->sequence++;
	head->state = STATE_OPEN;
	head->place = (struct sink_place){ 0 };
	head->growth = 0;
	head->check = head_check(head);
	journal->end = 0;
	buf_reset(&journal->unsaved);
	buf_add(&journal->unsaved,
		(struct slice){ (const char *)head, sizeof(*head) });
	for (size_t i = 0; i < journal->again.count; i++) {
		struct slice bytes = { (const char *)&journal->again.at[i],
				       sizeof(uint64_t) };

		add_record(journal, KIND_KNOWN, bytes,
			   hash_slice(bytes, head->seed));
	}
	numbers_copy(&journal->known, &journal->again);
	journal->next.count = 0;
	journal->begun = true;
	journal->stored = false;
	journal->written = false;
}

static int write_unsaved(struct journal *journal)
{
	struct buf *unsaved = &journal->unsaved;

	if (write_at(journal->fd, unsaved->at, unsaved->len, journal->end) < 0)
		return -1;
	journal->end += unsaved->len;
	buf_reset(unsaved);
	return 0;
}

bool journal_take(struct journal *journal, struct slice line)
{
	struct slice bytes = line;
	uint64_t identity;

	if (slice_ends(bytes, SLICE("\n")))
		bytes.len--;
	identity = hash_slice(bytes, journal->head.seed);
	if (!journal->begun && is_repetition(journal, identity)) {
		numbers_add(&journal->again, identity);
		return false;
	}
	if (!journal->begun)
		begin_batch(journal);
	add_record(journal, KIND_LINE, bytes, identity);
	numbers_add(&journal->known, identity);
	/* A failure is told by journal_save(), which tries again. */
	(void)write_unsaved(journal);
	return true;
}

int journal_save(struct journal *journal, const struct sink_place *place,
		 uint64_t growth, bool durably, struct fault *fault)
{
	if (write_unsaved(journal) < 0)
		return say(journal, fault);
	if (growth) {
		journal->head.place = *place;
		journal->head.growth = growth;
		journal->written = true;
		if (write_head(journal, STATE_STORING, fault) < 0)
			return -1;
	}
	if (!durably)
		return 0;
	journal->written = true;
	return fdatasync(journal->fd) < 0 ? say(journal, fault) : 0;
}

int journal_mark_stored(struct journal *journal, struct fault *fault)
{
	/* A line without an event that is a batch of its own stays open: taken
	 * once more after a crash, it is counted by the new run instead of the
	 * one that crashed. That saves a write a line. */
	if (journal->written && write_head(journal, STATE_STORED, fault) < 0)
		return -1;
	journal->stored = true;
	journal->written = false;
	buf_clear(&journal->left);
	journal->rest = (struct journal_rest){ 0 };
	return 0;
}

bool journal_is_stored(const struct journal *journal)
{
	return journal->stored;
}

void journal_expect_again(struct journal *journal)
{
	if (!journal->begun) {
		numbers_copy(&journal->next, &journal->before);
		return;
	}
	journal->next.count = 0;
	numbers_add(&journal->next, 0);
	journal->begun = false;
}

void journal_expect_any(struct journal *journal)
{
	journal->next.count = 0;
	for (size_t i = 0; i < journal->known.count; i++)
		numbers_add(&journal->next, i);
}

static bool awaits_repetition(const struct journal *journal)
{
	for (size_t i = 0; i < journal->next.count; i++)
		if (journal->next.at[i] < journal->known.count)
			return true;
	return false;
}

int journal_mark_closed(struct journal *journal, struct fault *fault)
{
	if (awaits_repetition(journal))
		return 0;
	if (write_head(journal, STATE_CLOSED, fault) < 0)
		return -1;
	/* Nobody's mail shall stay in a file that nobody needs. */
	if (ftruncate(journal->fd, (off_t)sizeof(journal->head)) < 0)
		return say(journal, fault);
	return 0;
}

int journal_reopen(struct journal *journal, struct fault *fault)
{
	struct head old = journal->head;
	int fd;

	if (!journal->stored || is_there(journal->path, journal->fd))
		return 0;
	fd = open_locked(journal->path, fault);
	if (fd < 0)
		return -1;
	(void)close(journal->fd);
	journal->fd = fd;
	journal->head.sequence = old.sequence + 1;
	return write_head(journal, STATE_CLOSED, fault);
}
