/* SPDX-License-Identifier: Apache-2.0 */
/* Mail addresses (RFC 5321, 4.1.2) as logs write them. */
#ifndef MAILWHY_PARSE_ADDRESS_H
#define MAILWHY_PARSE_ADDRESS_H

#include "base/buf.h"
#include "base/slice.h"

/*
 * The part after the last "@" that does not stand inside a quoted local part,
 * in lower case (ASCII), without a trailing dot; empty if there is none, for
 * example for "postmaster". The bytes are put into `scratch`, which the caller
 * owns and which is reset.
 */
struct slice address_domain(struct slice address, struct buf *scratch);

/* A domain alone, made as address_domain() makes it. */
struct slice address_lower_domain(struct slice domain, struct buf *scratch);

/*
 * Takes the first address off a list of addresses with commas between, and the
 * comma; a quoted local part may hold commas, and "\," is none. With its
 * brackets, if it has any. Empty at the end of the list.
 */
struct slice address_next(struct slice *list);

/* Length of the quoted string at the start of `text`, quotes included; 0 if
 * there is none or it does not end. */
size_t address_quoted_length(struct slice text);

/* Takes "<address>" off the front; a quoted local part may hold anything.
 * False, and *rest untouched, if there is none or it does not end. */
bool address_take_path(struct slice *rest, struct slice *path);

/* Without "<" and ">" round it. */
struct slice address_without_brackets(struct slice address);

/*
 * The first address in a text for people, without brackets; its local part may
 * be quoted. Borrowed from `text`; empty if there is none.
 */
struct slice address_find(struct slice text);

#endif
