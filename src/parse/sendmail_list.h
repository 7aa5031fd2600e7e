/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The addresses in Sendmail's log: its escapes, the lists behind "to=", and
 * what an address may come with ("John Doe <john@a.example>", comments in
 * parentheses).
 */
#ifndef MAILWHY_PARSE_SENDMAIL_LIST_H
#define MAILWHY_PARSE_SENDMAIL_LIST_H

#include "base/buf.h"
#include "base/slice.h"

/*
 * Undoes in place the escapes that Sendmail puts into each line it logs:
 * "\\" and "\303" (a byte in octal), "\t", "\n" and the like. A NUL becomes
 * "?". What is no escape stays, as older versions write none.
 */
void sendmail_unescape(struct buf *text);

/*
 * Length of the list of addresses at the start of `text`, up to the first
 * `stop` (", ") that is not in quotes, in parentheses or behind a backslash. A
 * list that was too long for the line ends with ", [more]". SIZE_MAX if there
 * is no end. *is_odd: it has quotes, blanks, parentheses, backslashes, names
 * before addresses in brackets, or "[more]".
 */
size_t sendmail_list_length(struct slice text, struct slice stop, bool *is_odd);

/*
 * Adds the addresses of an odd list to `plain`, each in brackets, with a comma
 * behind it: without names and comments, as address_next() takes them.
 */
void sendmail_list_add(struct slice list, struct buf *plain);

/* "IPv6:2001:db8::1" is 2001:db8::1. */
struct slice sendmail_bare_ip(struct slice ip);

#endif
