/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OpenSMTPD logs a reply of several lines as one: "550-" of the first, then the
 * words of all, without their codes and often without a blank between ("storage
 * allocationQuota exceeded."). Blanks are put where a line most likely began.
 */
#ifndef MAILWHY_PARSE_GLUED_H
#define MAILWHY_PARSE_GLUED_H

#include "base/buf.h"

/*
 * The reply with blanks between its lines: added to `buf`, never more than half
 * as many bytes again; as it is, if it is of one line.
 */
struct slice glued_part(struct slice reply, struct buf *buf);

#endif
