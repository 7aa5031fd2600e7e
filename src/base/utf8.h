/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 (RFC 3629): which bytes are valid, and what takes the place of the
 * rest. */
#ifndef MAILWHY_BASE_UTF8_H
#define MAILWHY_BASE_UTF8_H

#include "base/buf.h"
#include "base/slice.h"

/*
 * Length in bytes, 1 to 4, of the valid sequence at the start of `text`; 0 if
 * it is none: no overlong form, no surrogate, nothing above U+10FFFF.
 */
size_t utf8_sequence(struct slice text);

/* U+FFFD, what stands for a byte that is no UTF-8. */
#define UTF8_REPLACEMENT SLICE("\xef\xbf\xbd")

/* Adds `text` for people: bad bytes as U+FFFD, control characters (C0, DEL,
 * C1) as '?', so that no escape sequence reaches a terminal, and those that
 * change the direction of writing too: an address is read as it is. */
void utf8_add_shown(struct buf *buf, struct slice text);

/* Adds the character of that number; U+FFFD if it is none. */
void utf8_add_character(struct buf *buf, uint32_t number);

/* Number of characters (code points); a bad byte is one. */
size_t utf8_count(struct slice text);

/* Columns that utf8_add_shown() takes on a terminal: a Chinese, Japanese or
 * Korean character two, everything else one. */
size_t utf8_columns(struct slice text);

/* The front of `text`, at most `size` bytes, no character cut. */
struct slice utf8_head(struct slice text, size_t size);

#endif
