/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cheap test that most lines do not pass: what can be a delivery attempt
 * or a reject holds "status=" or "reject". It looks at whole blocks, so that a
 * line without either costs nothing of its own.
 */
#ifndef MAILWHY_PARSE_SIEVE_H
#define MAILWHY_PARSE_SIEVE_H

#include "base/slice.h"

/*
 * The next line of `block` that passes, without its newline, and *rest set to
 * what follows that line. False if there is none; *rest is then empty.
 */
bool sieve_next(struct slice *rest, struct slice *line);

/* Number of newlines. */
size_t sieve_count_lines(struct slice block);

#endif
