/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that is never NULL: without memory the program ends with one clear
 * line, because nothing it could do then would be right. Freed by free().
 */
#ifndef MAILWHY_BASE_MEMORY_H
#define MAILWHY_BASE_MEMORY_H

#include <stddef.h>

#include "base/slice.h"

/*
 * To be called first, once: asks for large pages below the first megabytes of
 * memory. A start touches some 10 MB, which takes 20 ms in small pages. Where
 * there are no large pages nothing happens.
 */
void memory_prepare(void);

/* `count` things of `size` bytes, all zero. */
void *memory_new(size_t count, size_t size);

/* Room for `count` things of `size` bytes; what is new is not zeroed. */
void *memory_resize(void *old, size_t count, size_t size);

/* A NUL-terminated copy. */
char *memory_string(struct slice text);

#endif
