/* SPDX-License-Identifier: Apache-2.0 */
#include "read/source.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "read/line.h"
#include "read/unpack.h"

struct source {
	int fd;
	bool told;                   /* plain or packed is known */
	off_t start;                 /* where `fd` stood; -1: it has no place */
	uint64_t given;              /* bytes in blocks */
	struct line_reader *reader;  /* of the plain bytes */
	struct line_reader *outside; /* of the first packed bytes, or NULL */
	struct unpack *unpack;       /* NULL: plain, or at the end */
};

struct source *source_new(int fd)
{
	struct source *source = memory_new(1, sizeof(*source));

	source->fd = fd;
	source->start = lseek(fd, 0, SEEK_CUR);
	source->reader = line_reader_new(fd);
	return source;
}

void source_free(struct source *source)
{
	struct fault ignored;

	if (!source)
		return;
	if (source->unpack)
		(void)unpack_finish(source->unpack, &ignored);
	line_reader_free(source->reader);
	line_reader_free(source->outside);
	free(source);
}

static int failed(struct fault *fault)
{
	if (errno == EINTR)
		return 1;
	return fault_set(fault, "%s", strerror(errno));
}

/* Looks at the first bytes; what is packed goes through an unpacker. 1: a step
 * is done; -1 and a fault. */
static int find_packing(struct source *source, struct fault *fault)
{
	enum packing packing;
	struct slice head;
	int got = line_reader_peek(source->reader, &head);

	if (got < 0)
		return failed(fault);
	source->told = unpack_recognise(head, &packing) || got == 0;
	if (!source->told || packing == PACKING_NONE)
		return 1;
	if (unpack_start(source->fd, head, packing, &source->unpack, fault) < 0)
		return -1;
	source->outside = source->reader;
	source->reader = line_reader_new(unpack_fd(source->unpack));
	return 1;
}

/* The plain bytes have ended; were the packed ones good? */
static int finish(struct source *source, struct fault *fault)
{
	struct unpack *unpack = source->unpack;

	source->unpack = NULL;
	return unpack ? unpack_finish(unpack, fault) : 0;
}

int source_next(struct source *source, struct slice *block, struct fault *fault)
{
	int got;

	*block = (struct slice){ 0 };
	if (!source->told) {
		got = find_packing(source, fault);
		if (got < 0 || !source->told || source->unpack)
			return got;
	}
	got = line_reader_next(source->reader, block);
	source->given += block->len;
	if (got < 0)
		return failed(fault);
	return got == 0 ? finish(source, fault) : 1;
}

struct slice source_rest(struct source *source)
{
	return line_reader_rest(source->reader);
}

void source_limit(struct source *source, uint64_t bytes)
{
	line_reader_limit(source->reader, bytes);
}

int source_fd(const struct source *source)
{
	return source->unpack ? unpack_fd(source->unpack) : source->fd;
}

bool source_is_packed(const struct source *source)
{
	return source->outside != NULL;
}

uint64_t source_cut(const struct source *source)
{
	return line_reader_cut(source->reader);
}

uint64_t source_damaged(const struct source *source)
{
	return line_reader_damaged(source->reader);
}

uint64_t source_taken(const struct source *source)
{
	off_t now = source->start < 0 ? -1 : lseek(source->fd, 0, SEEK_CUR);

	return now > source->start ? (uint64_t)(now - source->start)
				   : source->given;
}
