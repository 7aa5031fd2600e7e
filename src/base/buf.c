/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include <stdlib.h>

#include "base/memory.h"

void buf_grow(struct buf *buf, size_t more)
{
	size_t need = buf->len + more;
	size_t size = buf->size ? buf->size : 128;

	while (size < need)
		size *= 2;
	buf->at = memory_resize(buf->at, size, 1);
	buf->size = size;
}

void buf_clear(struct buf *buf)
{
	free(buf->at);
	*buf = (struct buf){ 0 };
}

void buf_add_number(struct buf *buf, uint64_t number)
{
	buf_add_padded(buf, number, 1);
}

void buf_add_padded(struct buf *buf, uint64_t number, unsigned digits)
{
	char text[20];
	size_t at = sizeof(text);

	while (number || sizeof(text) - at < digits) {
		text[--at] = (char)('0' + number % 10);
		number /= 10;
	}
	buf_add(buf, (struct slice){ text + at, sizeof(text) - at });
}
