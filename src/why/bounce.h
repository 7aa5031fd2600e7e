/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bounce: a mail that says which mail did not arrive, read into deliveries,
 * one a recipient, that reply_parse() and explain_delivery() take as they take
 * those of a log. Reads delivery status notifications (RFC 3464, RFC 6533),
 * notices that only people can read (see notice.h), both also inside a mail
 * that forwards them, as an attachment or as quoted text. The original message
 * is never looked at, no attachment is opened, nothing is fetched. Memory and
 * time are bounded whatever the bytes are. Not for several threads at once.
 */
#ifndef MAILWHY_WHY_BOUNCE_H
#define MAILWHY_WHY_BOUNCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "base/slice.h"
#include "parse/delivery.h"

enum {
	BOUNCE_SIZE_LIMIT = 64 * 1024 * 1024, /* of the mail, in bytes */
	BOUNCE_LIMIT = 10000,                 /* deliveries */
	BOUNCE_TEXT_LIMIT = 64 * 1024,        /* of each text, in bytes */
};

struct bounce;

/*
 * Whether a text that begins so is a mail, and no log and no bare reply: it
 * begins with fields of a header, after an mbox "From " line perhaps.
 */
bool bounce_is_mail(struct slice head);

/*
 * Reads the mail from `fd` up to its end; `head` holds what was read of it
 * already (all of it if `fd` is -1), and `name` is for the fault. Text without
 * a header is read as the text of a notice that somebody pasted. A mail that is
 * no bounce has no deliveries. -1 and a fault if it cannot be read; an
 * interrupt is no reason. Free with bounce_free().
 */
int bounce_read(int fd, struct slice head, const char *name,
		struct bounce **read, struct fault *fault);
void bounce_free(struct bounce *bounce); /* NULL is allowed */

size_t bounce_count(const struct bounce *bounce);

/*
 * One of them; the texts live as long as the bounce. Each is one line of valid
 * UTF-8 without control characters, a NUL behind it. What is set:
 * - recipient; orig_to if it is another;
 * - status: bounced, deferred (it waits), sent (a report of success);
 * - dsn: the code of the report, or the first of the text;
 * - relay_host and relay_ip: who answered; host: who reports;
 * - text: the diagnosis, best from the server's code on; perhaps empty.
 */
const struct delivery *bounce_delivery(const struct bounce *bounce, size_t at);

/* Whether there may be more recipients than those: a limit was reached. */
bool bounce_is_cut(const struct bounce *bounce);

#endif
