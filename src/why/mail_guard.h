/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes a mail safe to hand to a MIME parser that builds an object a field,
 * an address, a parameter, a part: bounds how many of each it can hold, so
 * that memory and time stay linear. (GMime bounds the nesting by itself, at
 * 1024, but takes minutes for a field of 200,000 addresses.)
 */
#ifndef MAILWHY_WHY_MAIL_GUARD_H
#define MAILWHY_WHY_MAIL_GUARD_H

#include "base/buf.h"

/*
 * Shortens the mail in place: fields with very many items or bytes lose their
 * end; the mail ends at the field or boundary that is too many. A field is
 * whatever looks like one, in the body also. Returns whether fields or
 * boundaries were too many.
 */
bool mail_guard_bound(struct buf *mail);

#endif
