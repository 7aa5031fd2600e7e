/* SPDX-License-Identifier: Apache-2.0 */
/* Which mail server wrote a line, told by the tag of its syslog header. */
#ifndef MAILWHY_PARSE_MTA_H
#define MAILWHY_PARSE_MTA_H

#include "base/slice.h"

/*
 * Postfix writes "SYSLOGNAME/SERVICE", with any name: "postfix/smtp",
 * "mail-out/smtp", "postfix/submission/smtpd". Some senders of logs cut the
 * tag at the first slash, so "postfix" alone will do.
 */
static inline bool mta_is_postfix(struct slice program)
{
	return slice_starts(program, SLICE("postfix")) ||
	       (program.len && memchr(program.at, '/', program.len));
}

#endif
