/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON (RFC 8259) written straight into a buf: the project's only escaper.
 * What it writes is valid UTF-8 whatever it is given; a byte that is not
 * becomes U+FFFD. Commas are the caller's: keys are written as `,"key":`, so
 * an object starts with its first member by jsonout_first_key().
 */
#ifndef MAILWHY_BASE_JSONOUT_H
#define MAILWHY_BASE_JSONOUT_H

#include "base/buf.h"
#include "base/slice.h"

/* A string with its quotes. */
void jsonout_string(struct buf *buf, struct slice text);

/* `,"key":`; the key is a literal of ours that needs no escaping. */
static inline void jsonout_key(struct buf *buf, struct slice key)
{
	buf_add(buf, SLICE(",\""));
	buf_add(buf, key);
	buf_add(buf, SLICE("\":"));
}

/* `{"key":` */
static inline void jsonout_first_key(struct buf *buf, struct slice key)
{
	buf_add(buf, SLICE("{\""));
	buf_add(buf, key);
	buf_add(buf, SLICE("\":"));
}

static inline void jsonout_member(struct buf *buf, struct slice key,
				  struct slice text)
{
	jsonout_key(buf, key);
	jsonout_string(buf, text);
}

static inline void jsonout_count(struct buf *buf, struct slice key,
				 uint64_t number)
{
	jsonout_key(buf, key);
	buf_add_number(buf, number);
}

#endif
