/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fields of a delivery status notification (RFC 3464; RFC 6533 with
 * addresses in UTF-8): one delivery a recipient. Reads them also where people
 * paste them: amid other text, behind quote marks, with folds that lost their
 * indent. Knows nothing of MIME; the text is decoded already.
 */
#ifndef MAILWHY_WHY_STATUS_FIELDS_H
#define MAILWHY_WHY_STATUS_FIELDS_H

#include "base/slice.h"
#include "parse/delivery.h"

/* Called with one delivery, borrowed for the call. False: no more, please. */
typedef bool status_fields_take(void *context, const struct delivery *delivery);

/*
 * Hands over each group of fields that names a recipient, in order. Of the
 * delivery are set: recipient; orig_to, if it was another; relay_host and
 * relay_ip (Remote-MTA), host (Reporting-MTA), dsn (Status), status (Action),
 * text (Diagnostic-Code without its type, folds joined by one blank).
 */
void status_fields_each(struct slice text, status_fields_take *take,
			void *context);

/* The line without the quote marks of mail ("> > ") and blanks at its ends. */
struct slice status_fields_unquote(struct slice line);

#endif
