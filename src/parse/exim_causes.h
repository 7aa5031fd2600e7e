/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "** a@b: retry timeout exceeded" says that Exim has given up, not why: that
 * stands in the "==" lines before, for the same message and recipient. The last
 * of them is remembered here, in a table of bounded size in which a later one
 * takes an older one's place.
 */
#ifndef MAILWHY_PARSE_EXIM_CAUSES_H
#define MAILWHY_PARSE_EXIM_CAUSES_H

#include "parse/delivery.h"

struct exim_causes;

struct exim_causes *exim_causes_new(void);
void exim_causes_free(struct exim_causes *causes); /* NULL is allowed */

/* Remembers why `delivery` was deferred. */
void exim_causes_add(struct exim_causes *causes,
		     const struct delivery *delivery);

/*
 * Puts what is remembered for the message and recipient of *delivery into it:
 * text, form, stage, relay and service, borrowed from `causes` until the next
 * exim_causes_add(). False, and *delivery untouched, if there is nothing.
 */
bool exim_causes_find(struct exim_causes *causes, struct delivery *delivery);

#endif
