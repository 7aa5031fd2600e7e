/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"

#include <stdlib.h>

#include "base/diag.h"

static void *checked(void *memory)
{
	if (!memory)
		die(1, "out of memory; give the process more of it");
	return memory;
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
