/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operands of a command that reads logs, in the order in which they are
 * read. Files of one rotation (read/rotation) stand in the order of the first
 * stamp in each, in the places that the rotation has among the others; all
 * others stay where they were given. A file that is named twice is read once.
 * So is a file whose bytes are those that another one of its rotation begins
 * with, which is what a copy is before the log is truncated; that is told by
 * comparing all of the bytes, packed or not. A packed file of a rotation is
 * outside of a period if the stamps that it and the next one begin with say so.
 */
#ifndef MAILWHY_CMD_OPERANDS_H
#define MAILWHY_CMD_OPERANDS_H

#include <sys/stat.h>

#include "base/fault.h"
#include "cmd/options.h"

struct operand {
	const char *name;             /* "-": standard input */
	struct stat status;           /* zero: it is not there */
	bool is_stream;               /* there, and no regular file */
	const struct operand *again;  /* the same file, or NULL */
	const struct operand *within; /* begins with the same bytes, or NULL */
	bool outside;                 /* of the period that is asked for */
	bool damaged;                 /* beyond what is within the other: */
	struct fault fault;
};

struct operands;

/* Looks at the operands of the command line (none: standard input). Free with
 * operands_free(). */
struct operands *operands_new(const struct options *options);
void operands_free(struct operands *operands);

size_t operands_count(const struct operands *operands);
const struct operand *operands_at(const struct operands *operands,
				  size_t number);

/* Bytes of all that will be read; 0: not known. */
uint64_t operands_size(const struct operands *operands);

/* Whether what `operand` is within still is what it was, so that `operand`
 * need not be read. A log may have been truncated meanwhile. */
bool operand_is_covered(const struct operand *operand);

#endif
