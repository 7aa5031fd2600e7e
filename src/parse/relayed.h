/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server's answer as other mail systems pass it on: Exim, qmail, Sendmail,
 * Exchange, Gmail, IONOS put words of their own around it, in bounces and in
 * what people paste. Only for texts whose author is not in doubt: in a log line
 * the rulebase says what is the server's.
 */
#ifndef MAILWHY_PARSE_RELAYED_H
#define MAILWHY_PARSE_RELAYED_H

#include "parse/delivery.h"

struct relayed {
	struct slice words; /* the answer, from its code or first word on */
	struct slice host;  /* the server that spoke, if it is named */
	struct slice ip;
	enum stage stage;
};

/*
 * Finds the answer in `text`, which is one line. False, and *found zeroed, if
 * none of the known forms is there. All slices are borrowed from `text`.
 */
bool relayed_find(struct slice text, struct relayed *found);

/* The stage that Exim names behind "after " or "in response to ": "pipelined
 * RCPT TO:<a@b.example>"; STAGE_NONE if it is none. */
enum stage relayed_step(struct slice words);

/* An answer without what such systems put behind it: "Giving up on H." */
struct slice relayed_without_tail(struct slice words);

/*
 * Where a basic code with an enhanced code of the same class stands in `text`
 * ("550 5.1.1", "550-5.1.1"), between blanks or punctuation; SIZE_MAX:
 * nowhere.
 */
size_t relayed_find_codes(struct slice text);

#endif
