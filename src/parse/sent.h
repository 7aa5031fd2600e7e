/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The short way for successful deliveries, which are most of a log and are only
 * counted: the one grammar besides the rulebase. It declines whatever is not
 * plain (quoted recipients, fields it does not know), and the rulebase decides;
 * what it accepts, the rulebase reads as the same fields. tests/unit/test_sent
 * and the cases prove that.
 */
#ifndef MAILWHY_PARSE_SENT_H
#define MAILWHY_PARSE_SENT_H

#include "base/slice.h"

struct sent {
	struct slice queue_id;
	struct slice recipient;
	struct slice relay_host; /* empty: delivered without a server */
	struct slice relay_ip;
	struct slice text; /* behind "status=sent (" */
};

/* Whether `message` (behind the syslog header) is a delivery with status=sent.
 * False, and a zeroed *sent, if it is not or is not plain. */
bool sent_recognise(struct slice message, struct sent *sent);

/* Whether it may go on under another queue id, because local(8) or a filter
 * inside took it: only the rulebase tells. */
bool sent_may_hand_on(const struct sent *sent);

#endif
