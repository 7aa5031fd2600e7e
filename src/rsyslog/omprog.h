/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The dialogue of rsyslog's omprog, as the program sees it: on standard input
 * come lines and, with useTransactions, the marks where a transaction begins
 * and ends; with confirmMessages every one of them is answered by one line on
 * standard output, in one write(2), because rsyslog takes two answers in one
 * read for an error. Whether answers are wanted is seen from standard output:
 * rsyslog makes it a pipe only then. Without confirmations nothing is written.
 *
 * A refusal is any other text. rsyslog logs it and sends the mark or the line
 * again; after a refused COMMIT it sends the lines of the transaction again,
 * each in a transaction of its own. It never sends lines again that were
 * deferred before something else failed.
 */
#ifndef MAILWHY_RSYSLOG_OMPROG_H
#define MAILWHY_RSYSLOG_OMPROG_H

#include "base/slice.h"

enum omprog_kind { OMPROG_BEGIN, OMPROG_COMMIT, OMPROG_LINES };

struct omprog {
	int fd;        /* of the answers */
	bool confirms; /* answers are wanted */
	bool inside;   /* a transaction was begun and accepted */
	bool gone;     /* nobody reads the answers any more */
};

/* Answers go to `fd`, which stays the caller's. */
void omprog_init(struct omprog *omprog, int fd);

/*
 * Takes the next piece off *rest, a block of whole lines: a mark, or a line
 * with its LF; without confirmations all lines up to the next mark. *rest must
 * not be empty. Only a line that is exactly the mark is one.
 */
enum omprog_kind omprog_next(const struct omprog *omprog, struct slice *rest,
			     struct slice *piece);

/* Tells rsyslog that the program is ready for the first line. */
void omprog_ready(struct omprog *omprog);

/* What came is done: OK, or DEFER_COMMIT to a line inside a transaction. */
void omprog_accept(struct omprog *omprog, enum omprog_kind kind);

/* It cannot be done now. A transaction is over by that. */
void omprog_refuse(struct omprog *omprog, const char *reason);

#endif
