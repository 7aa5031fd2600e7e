/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a log message by the rulebases (rules/NAME.rulebase, liblognorm version
 * 2), which are the specification of the formats. The only place that knows
 * liblognorm. One normaliser a thread.
 */
#ifndef MAILWHY_PARSE_NORMALISE_H
#define MAILWHY_PARSE_NORMALISE_H

#include "base/fault.h"
#include "parse/delivery.h"
#include "parse/header.h"

struct normaliser;

enum line_kind {
	LINE_UNKNOWN, /* no rule knows it */
	LINE_OTHER,   /* known to be no attempt */
	LINE_DELIVERY,
	LINE_REJECT,
};

/*
 * Loads postfix.rulebase from `dir`, and all *.rulebase files of the
 * directories `over` (NULL behind the last; NULL: none) that exist. -1 and a
 * fault if one cannot be read or has an error. Free with normaliser_close().
 */
int normaliser_open(const char *dir, const char *const *over,
		    struct normaliser **opened, struct fault *fault);
void normaliser_close(struct normaliser *normaliser); /* NULL is allowed */

/*
 * What the message behind `header` is. For a delivery or reject, *delivery is
 * filled; its slices are borrowed from the line and from the normaliser, until
 * the next call. Else it is zeroed.
 */
enum line_kind normalise(struct normaliser *normaliser,
			 const struct header *header,
			 struct delivery *delivery);

#endif
