/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The phrases of non-delivery notices, as tables: what begins a notice, what
 * begins the original message, what says that the mail only waits, and which
 * lines and addresses are about something else. A mail system that is missing
 * is one more row.
 */
#ifndef MAILWHY_WHY_NOTICE_PHRASES_H
#define MAILWHY_WHY_NOTICE_PHRASES_H

#include "base/slice.h"

/* Lines are without quote marks and blanks at both ends. */

/* Whether the line holds what only notices say. */
bool notice_phrases_begin(struct slice line);

/* Whether the original message, or a copy of its header, begins here. */
bool notice_phrases_original(struct slice line);

/* Whether the line says that the mail waits and will be tried again. */
bool notice_phrases_delay(struct slice line);

/* Whether the line is no text: a field of a header, a command that was sent,
 * where a forwarded address came from. */
bool notice_phrases_skip(struct slice line);

/* Whether the address is one to write to for help, or the notice's own. */
bool notice_phrases_is_helper(struct slice address);

/* Takes bullets and "Recipient: " off the front of a line. */
void notice_phrases_skip_lead(struct slice *line);

/* The value of "Generating server: x"; false if the line is none. */
bool notice_phrases_server(struct slice line, struct slice *host);

#endif
