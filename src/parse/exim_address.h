/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The addresses with which Exim's lines of deliveries begin:
 * "ADDRESS[ (PARENTS)][ <ORIGINAL>]". The original is the one of the envelope
 * and is there if it differs. Quoted local parts stand in ADDRESS without their
 * quotes, as anything the sender has chosen, but then the original has them:
 * what follows is believed only where the two agree. ADDRESS may also be a
 * command ("|/bin/x a"), a file, ":blackhole:", or a bare local part.
 */
#ifndef MAILWHY_PARSE_EXIM_ADDRESS_H
#define MAILWHY_PARSE_EXIM_ADDRESS_H

#include "base/slice.h"

struct exim_address {
	struct slice recipient; /* who the attempt was for */
	struct slice original;  /* the envelope's, if it is another one */
};

/*
 * Takes the addresses off *rest, up to what follows them: the list of fields,
 * the colon before the text, or the end. False, and *rest untouched, if they
 * cannot be told from what follows.
 */
bool exim_address_take(struct slice *rest, struct exim_address *address);

/* Whether what stands behind the addresses may begin so: " R=dnslookup",
 * ": Unrouteable address", " defer (-1)", or nothing. */
bool exim_address_ends(struct slice rest);

#endif
