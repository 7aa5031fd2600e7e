/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The replies of tests/catalogue/NAME.tsv, and each as the delivery that a
 * log line of Postfix would be read into. The header line names the columns:
 *
 *	reason	also	host	reply	source
 *
 * `also` is a second reason that can be defended, or "-"; `host` is the server
 * that answered, "-" for one of nobody's, "local" where the sender's own mail
 * system speaks and no server has answered.
 */
#ifndef MAILWHY_TESTS_CATALOGUE_ROWS_H
#define MAILWHY_TESTS_CATALOGUE_ROWS_H

#include "base/buf.h"
#include "base/fault.h"
#include "parse/delivery.h"
#include "why/reason.h"

struct row {
	size_t line; /* in the file, from 1 */
	size_t field_count;
	struct slice fields[5];
	/* Of a row that row_check() finds good. */
	enum reason reason;
	enum reason also; /* the same as `reason` if there is none */
	struct slice host;
	struct slice reply;
};

/* Owns what the rows are slices of. A zeroed struct is empty. */
struct rows {
	struct row *items;
	size_t count;
	size_t size;
	struct buf bytes;
};

/* Reads a whole file into `into`, behind what it holds. -1 and a fault if it
 * cannot be read. */
int rows_read_bytes(const char *path, struct buf *into, struct fault *fault);

/* -1 and a fault if the file cannot be read or does not begin with the header.
 * The rows are not checked. *rows is cleared in either case by rows_clear(). */
int rows_read(const char *path, struct rows *rows, struct fault *fault);
void rows_clear(struct rows *rows);

/* What is wrong with the row, in words; NULL: nothing. */
const char *row_check(struct row *row);

/* Makes *delivery of a good row; its text is put into `text`, which is reset.
 * The delivery is borrowed from both. */
void row_deliver(const struct row *row, struct buf *text,
		 struct delivery *delivery);

#endif
