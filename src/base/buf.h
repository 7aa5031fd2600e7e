/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growing run of bytes for building output and scratch text. The owner
 * reuses it: buf_reset() forgets the bytes and keeps the memory. A zeroed
 * struct is an empty buf.
 */
#ifndef MAILWHY_BASE_BUF_H
#define MAILWHY_BASE_BUF_H

#include <stdint.h>

#include "base/slice.h"

struct buf {
	char *at;
	size_t len;  /* bytes in use */
	size_t size; /* bytes there are */
};

void buf_grow(struct buf *buf, size_t more);
void buf_clear(struct buf *buf); /* frees; the buf is empty again */

static inline void buf_reset(struct buf *buf)
{
	buf->len = 0;
}

/* Makes room for `more` bytes after those in use. */
static inline void buf_reserve(struct buf *buf, size_t more)
{
	if (buf->size - buf->len < more)
		buf_grow(buf, more);
}

static inline void buf_add(struct buf *buf, struct slice text)
{
	if (text.len == 0)
		return;
	buf_reserve(buf, text.len);
	memcpy(buf->at + buf->len, text.at, text.len);
	buf->len += text.len;
}

static inline void buf_add_char(struct buf *buf, char c)
{
	buf_reserve(buf, 1);
	buf->at[buf->len++] = c;
}

/* Decimal digits, no sign, no separator. */
void buf_add_number(struct buf *buf, uint64_t number);

/* As buf_add_number(), with leading zeros up to `digits` digits. */
void buf_add_padded(struct buf *buf, uint64_t number, unsigned digits);

static inline struct slice buf_slice(const struct buf *buf)
{
	return (struct slice){ buf->at, buf->len };
}

#endif
