/* SPDX-License-Identifier: Apache-2.0 */
#include "read/tail.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "read/line.h"

/* What stood last before the place reached: if something else stands there,
 * the file was rewritten, however long it is now. A queue id is in it. */
enum { MARK_SIZE = 256 };

struct tail {
	int fd;
	struct line_reader *reader;
	int64_t written_us;
	uint64_t restarts;
	bool looked;  /* how long the file is, since the last end */
	bool emptied; /* cut short, and no byte came since but NUL */
	size_t mark_len;
	char mark[MARK_SIZE];
};

struct tail *tail_new(int fd)
{
	struct tail *tail = memory_new(1, sizeof(*tail));

	tail->fd = fd;
	tail->reader = line_reader_new(fd);
	return tail;
}

void tail_free(struct tail *tail)
{
	line_reader_free(tail->reader);
	(void)close(tail->fd);
	free(tail);
}

int tail_place(const struct tail *tail)
{
	return tail->fd;
}

struct slice tail_rest(struct tail *tail)
{
	return line_reader_rest(tail->reader);
}

uint64_t tail_cut(const struct tail *tail)
{
	return line_reader_cut(tail->reader);
}

uint64_t tail_restarts(const struct tail *tail)
{
	return tail->restarts;
}

int64_t tail_written_us(const struct tail *tail)
{
	return tail->written_us;
}

static off_t reached(const struct tail *tail)
{
	return lseek(tail->fd, 0, SEEK_CUR);
}

/* The bytes before the place reached. */
static ssize_t read_mark(const struct tail *tail, size_t len, char *mark)
{
	return pread(tail->fd, mark, len, reached(tail) - (off_t)len);
}

/* Remembers where the end is. False if the file ends before it by now. */
static bool set_mark(struct tail *tail)
{
	off_t at = reached(tail);
	size_t len = at < MARK_SIZE ? (size_t)at : MARK_SIZE;
	ssize_t got = read_mark(tail, len, tail->mark);

	tail->mark_len = got < 0 ? 0 : len;
	return got < 0 || (size_t)got == len;
}

/* Also if that cannot be read: reading on will tell. */
static bool has_mark(const struct tail *tail)
{
	char now[MARK_SIZE];
	ssize_t got = read_mark(tail, tail->mark_len, now);

	return got < 0 || ((size_t)got == tail->mark_len &&
			   !memcmp(now, tail->mark, tail->mark_len));
}

/* Goes back to the start; the line in hand, which nothing ends, is a block. */
static int restart(struct tail *tail, struct slice *block)
{
	*block = line_reader_rest(tail->reader);
	tail->restarts++;
	tail->emptied = true;
	tail->looked = false;
	tail->mark_len = 0;
	return lseek(tail->fd, 0, SEEK_SET) < 0 ? -1 : 1;
}

/*
 * Who writes without O_APPEND goes on at the old place after a copytruncate:
 * what is before it are NULs, mostly not even stored. 1: a byte that is none
 * comes next.
 */
static int skip_nuls(struct tail *tail)
{
	off_t at = reached(tail);
	off_t data = lseek(tail->fd, at, SEEK_DATA);
	char bytes[4096];
	ssize_t got;

	if (data > at)
		at = data;
	while ((got = pread(tail->fd, bytes, sizeof(bytes), at)) > 0) {
		ssize_t nuls = 0;

		while (nuls < got && !bytes[nuls])
			nuls++;
		at += nuls;
		if (nuls < got)
			break;
	}
	if (lseek(tail->fd, at, SEEK_SET) < 0)
		return -1;
	tail->emptied = got <= 0;
	return got < 0 ? -1 : got > 0;
}

int tail_next(struct tail *tail, struct slice *block)
{
	struct stat status;
	int got = 1;

	*block = (struct slice){ 0 };
	if (!tail->looked) {
		if (fstat(tail->fd, &status) < 0)
			return -1;
		tail->written_us = status.st_mtim.tv_sec * INT64_C(1000000);
		if (status.st_size < reached(tail) || !has_mark(tail))
			return restart(tail, block);
		tail->looked = true;
	}
	if (tail->emptied)
		got = skip_nuls(tail);
	if (got > 0)
		got = line_reader_more(tail->reader, block);
	if (got != 0)
		return got;
	tail->looked = false;
	/* Cut short since it was looked at. */
	return set_mark(tail) ? 0 : restart(tail, block);
}
