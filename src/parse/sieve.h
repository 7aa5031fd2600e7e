/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cheap test that most lines do not pass: what can be a delivery attempt
 * or a reject of some mail server holds one of a few marks ("status=", " => ",
 * " stat=" ...). It looks at whole blocks, all marks at once by Hyperscan, so
 * that a line without one costs nothing of its own.
 */
#ifndef MAILWHY_PARSE_SIEVE_H
#define MAILWHY_PARSE_SIEVE_H

#include "base/slice.h"

struct sieve;

/* One a thread. Never NULL. The second passes lines that a later line of the
 * same log may need, or that may need an earlier one; the third what the first
 * does, and lines that tell of a message ("message-id=", ": removed"). */
struct sieve *sieve_new(void);
struct sieve *sieve_new_for_order(void);
struct sieve *sieve_new_for_messages(void);
void sieve_free(struct sieve *sieve); /* NULL is allowed */

/*
 * Finds the lines of `block` (less than 4 GiB) that pass, in their order,
 * without their newlines; returns how many. *lines is the sieve's, until the
 * next call; they are borrowed from the block.
 */
size_t sieve_block(struct sieve *sieve, struct slice block,
		   const struct slice **lines);

/* Whether `text` (less than 4 GiB) holds a mark. */
bool sieve_passes(struct sieve *sieve, struct slice text);

/* Number of newlines. */
size_t sieve_count_lines(struct slice block);

#endif
