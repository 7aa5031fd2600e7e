/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What qmail-send logs of a report: every blank and whatever is not printable
 * ASCII has become "_", every line break "/". That cannot be undone for sure,
 * so it is undone where it is likely: an underscore is a blank, but not in an
 * address in angle brackets, in the recipient's, and before the end of a file's
 * name in a URL; a slash is a line break where the next line of a reply begins
 * (its code again), or a sentence has ended before and another begins behind.
 */
#ifndef MAILWHY_PARSE_QMAIL_WORDS_H
#define MAILWHY_PARSE_QMAIL_WORDS_H

#include "base/buf.h"

/*
 * Adds the words of `logged` to `buf`, line breaks as blanks; never more bytes
 * than were logged. `recipient` as it was logged, may be empty. A reply of
 * several lines has its code before each, as in "550-a/550_b". Returns what was
 * added.
 */
struct slice qmail_words_add(struct slice logged, struct slice recipient,
			     struct buf *buf);

#endif
