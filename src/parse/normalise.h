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
#include "parse/fields.h"
#include "parse/mta.h"

struct normaliser;

/*
 * For the rulebase of each mail server in `dir`, which normaliser_prepare()
 * loads, and with all *.rulebase files of the directories `over` (NULL behind
 * the last; NULL: none) that exist, loaded at once over the one of their mail
 * server, with whose name theirs begins ("exim-ours.rulebase"). -1 and a fault
 * if one cannot be read, is not of version 2, or, being loaded, has an error.
 * Free with normaliser_close().
 */
int normaliser_open(const char *dir, const char *const *over,
		    struct normaliser **opened, struct fault *fault);

/*
 * Loads the rulebase of `mta`, or of each, if it is not loaded yet: each takes
 * 1 to 20 ms, and few logs are of more than one mail server. To be called
 * before normalise() of a line of that mail server. -1 and a fault if it has
 * an error.
 */
int normaliser_prepare(struct normaliser *normaliser, enum mta mta,
		       struct fault *fault);
int normaliser_prepare_all(struct normaliser *normaliser, struct fault *fault);

void normaliser_close(struct normaliser *normaliser); /* NULL is allowed */

/*
 * What the message behind `header` is to `mta`, which wrote it and whose rules
 * are loaded; MTA_NONE: LINE_OTHER. For a delivery, a reject, and a line that
 * tells of a message, *delivery is filled; its slices are borrowed from the
 * line and from the normaliser, until the next call. Else it is zeroed. Some
 * formats tell an attempt in several lines: what a normaliser is given must be
 * one log in its order.
 */
enum line_kind normalise(struct normaliser *normaliser, enum mta mta,
			 const struct header *header,
			 struct delivery *delivery);

/*
 * The next message of which only a part has come, taken as far as it goes: of
 * those whose other parts cannot come any more, or with `all`, of all. Their
 * lines were LINE_OTHER. *kind and *delivery are as for normalise();
 * false, and nothing filled, if there is none.
 */
bool normalise_left(struct normaliser *normaliser, bool all,
		    enum line_kind *kind, struct delivery *delivery);

/* Whether something is kept from line to line of `mta`'s logs. */
bool normalise_keeps(enum mta mta);

/* Whether a message that is LINE_UNKNOWN has the marks of an attempt or of a
 * reject, so that a rule is missing. */
bool normalise_suspects(enum mta mta, struct slice message);

#endif
