/* SPDX-License-Identifier: Apache-2.0 */
#include "read/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/thread.h"
#include "read/archive.h"
#include "read/gzip.h"

/* What a pipe may hold without privileges; fewer turns of the threads. */
enum { PIPE_SIZE = 1024 * 1024 };

struct unpack {
	struct packed packed;
	int in; /* the pipe's end for the reader */
	pthread_t thread;
	int result;
	struct fault fault;
};

/* A first letter or two are not enough: a log may begin with "BZ". */
static const struct {
	struct slice magic;
	enum packing packing;
} magics[] = {
	{ SLICE("\x1f\x8b\x08"), PACKING_GZIP },
	{ SLICE("\xfd"
		"7zXZ\0"),
	  PACKING_XZ },
	{ SLICE("\x28\xb5\x2f\xfd"), PACKING_ZSTD },
	/* pzstd begins with a frame that is skipped. */
	{ SLICE("\x50\x2a\x4d\x18"), PACKING_ZSTD },
	{ SLICE("\x04\x22\x4d\x18"), PACKING_LZ4 },
	{ SLICE("\x02\x21\x4c\x18"), PACKING_LZ4 }, /* lz4 -l */
};

/* "BZh", the size of the blocks, and a block or the end (of nothing). */
static bool is_bzip2(struct slice head, bool *too_few)
{
	static const struct slice starts[] = {
		SLICE("1AY&SY"),
		SLICE("\x17rE8P\x90"),
	};
	struct slice rest = head;
	struct slice known = slice_head(head, 3);

	if (!slice_starts(SLICE("BZh"), known))
		return false;
	rest = slice_after(head, 3);
	if (rest.len && (rest.at[0] < '1' || rest.at[0] > '9'))
		return false;
	rest = slice_head(slice_after(rest, 1), starts[0].len);
	for (size_t i = 0; i < 2; i++) {
		if (!slice_starts(starts[i], rest))
			continue;
		*too_few = rest.len < starts[i].len;
		return true;
	}
	return false;
}

bool unpack_recognise(struct slice head, enum packing *packing)
{
	bool too_few = false;

	*packing = PACKING_NONE;
	if (is_bzip2(head, &too_few)) {
		*packing = too_few ? PACKING_NONE : PACKING_BZIP2;
		return !too_few;
	}
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		struct slice magic = magics[i].magic;

		if (slice_starts(head, magic)) {
			*packing = magics[i].packing;
			return true;
		}
		if (slice_starts(magic, head))
			return false;
	}
	return true;
}

static void *run(void *context)
{
	struct unpack *unpack = context;

	unpack->result = unpack->packed.packing == PACKING_GZIP
				 ? gzip_unpack(&unpack->packed, &unpack->fault)
				 : archive_unpack(&unpack->packed,
						  &unpack->fault);
	/* The reader then sees the end. */
	(void)close(unpack->packed.out);
	return NULL;
}

int unpack_start(int fd, struct slice head, enum packing packing,
		 struct unpack **started, struct fault *fault)
{
	struct unpack *unpack;
	int ends[2];

	*started = NULL;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return fault_set(fault, "a pipe: %s", strerror(errno));
	(void)fcntl(ends[1], F_SETPIPE_SZ, PIPE_SIZE);
	unpack = memory_new(1, sizeof(*unpack));
	unpack->packed.fd = fd;
	unpack->packed.head = head;
	unpack->packed.packing = packing;
	unpack->packed.out = ends[1];
	unpack->in = ends[0];
	if (!thread_start(&unpack->thread, run, unpack)) {
		(void)close(ends[0]);
		(void)close(ends[1]);
		free(unpack);
		return fault_set(fault, "no thread can be started to unpack");
	}
	*started = unpack;
	return 0;
}

int unpack_fd(const struct unpack *unpack)
{
	return unpack->in;
}

int unpack_finish(struct unpack *unpack, struct fault *fault)
{
	int result;

	(void)close(unpack->in);
	(void)pthread_join(unpack->thread, NULL);
	result = unpack->result;
	*fault = unpack->fault;
	free(unpack);
	return result;
}
