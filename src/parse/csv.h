/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A line of comma separated values (RFC 4180): a field in quotes may hold
 * commas, and quotes that are doubled. A quote inside of a field that does not
 * begin with one is a byte as any other.
 */
#ifndef MAILWHY_PARSE_CSV_H
#define MAILWHY_PARSE_CSV_H

#include "base/buf.h"
#include "base/slice.h"

/*
 * Splits `line` into fields[0] to fields[most - 1], without their quotes;
 * returns how many there are, which may be more than `most`. Fields are
 * borrowed from the line, or from `buf`, where those with doubled quotes are
 * put together: it needs room for the line and does not grow. 0, and nothing
 * filled, if the line is empty, if quotes do not end, or if something but a
 * comma follows them.
 */
size_t csv_split(struct slice line, struct buf *buf, struct slice *fields,
		 size_t most);

#endif
