/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/diag.h"

static void *checked(void *memory)
{
	if (!memory)
		die(1, "out of memory; give the process more of it");
	return memory;
}

void memory_prepare(void)
{
	/* PIECE_BYTES is less than what malloc() would map apart. */
	enum { FIRST_BYTES = 16 * 1024 * 1024, PIECE_BYTES = 100 * 1024 };
	enum { PAGE_BYTES = 4096, PIECES = 3 };
	void *pieces[PIECES];
	uintptr_t start;
	uintptr_t end;

	(void)mallopt(M_TOP_PAD, FIRST_BYTES);
	(void)mallopt(M_MMAP_THRESHOLD, FIRST_BYTES / 4);
	for (size_t i = 0; i < PIECES; i++)
		pieces[i] = checked(malloc(PIECE_BYTES));
	for (size_t i = 0; i < PIECES; i++)
		free(pieces[i]);
	end = (uintptr_t)sbrk(0);
	start = (end - FIRST_BYTES) & ~(uintptr_t)(PAGE_BYTES - 1);
	(void)madvise((void *)start, end - start, MADV_HUGEPAGE);
}

void *memory_new(size_t count, size_t size)
{
	return checked(calloc(count ? count : 1, size ? size : 1));
}

void *memory_resize(void *old, size_t count, size_t size)
{
	size_t bytes = 0;

	if (__builtin_mul_overflow(count, size, &bytes))
		checked(NULL);
	return checked(realloc(old, bytes ? bytes : 1));
}

char *memory_string(struct slice text)
{
	char *copy = memory_new(text.len + 1, 1);

	if (text.len)
		memcpy(copy, text.at, text.len);
	return copy;
}
