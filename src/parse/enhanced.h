/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The enhanced status code of RFC 3463: class.subject.detail, as in "5.7.1".
 * Kept as numbers, so that comparing and indexing need no text. A zeroed
 * struct is "the server sent none".
 */
#ifndef MAILWHY_PARSE_ENHANCED_H
#define MAILWHY_PARSE_ENHANCED_H

#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

struct enhanced {
	uint8_t class;    /* 2, 4 or 5; 0: none */
	uint16_t subject; /* 0 to 999 */
	uint16_t detail;  /* 0 to 999 */
};

/*
 * Reads a code at the very start of `text`, up to a blank, a tab or the end.
 * Returns its length in bytes; 0, and a zeroed *code, if there is none:
 * "5.7", "5.7.1x" and "3.0.0" are none.
 */
size_t enhanced_parse(struct slice text, struct enhanced *code);

/* Adds "5.7.1"; not for a zeroed code. */
void enhanced_write(struct buf *buf, struct enhanced code);

/*
 * Whether the code narrows the cause down. x.0.0, x.5.0, x.7.0 and x.7.1 do
 * not: servers send them with anything.
 */
bool enhanced_says_something(struct enhanced code);

#endif
