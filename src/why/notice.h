/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text of a non-delivery notice for people: which recipients it names and
 * what it says about each. One set of rules for all mail systems: an address
 * that begins a line, then the paragraph nearest to it that is worth most (see
 * diagnosis.h), up to the next address; tables hold the phrases that begin a
 * notice and those that begin the copy of the original message, which is never
 * looked at. Knows nothing of MIME and HTML; the text is decoded already.
 */
#ifndef MAILWHY_WHY_NOTICE_H
#define MAILWHY_WHY_NOTICE_H

#include "base/slice.h"
#include "parse/delivery.h"

/* No more recipients than these are taken from one notice. */
enum { NOTICE_LIMIT = 20000 };

struct notice {
	struct slice text;   /* UTF-8, no NUL */
	struct slice failed; /* recipients known already, commas between */
	struct slice own;    /* addresses that are no recipients */
	/* The mail's header says that it is a notice: words are enough then.
	 * Else the text needs a phrase of a notice or a server's answer. */
	bool trusted;
};

/* One delivery, borrowed for the call. False: no more, please. */
typedef bool notice_take(void *context, const struct delivery *delivery);

/*
 * Hands over each recipient once, in the order of the text. Of the delivery
 * are set: recipient, relay_host, host, dsn, text (one line; empty if the
 * notice says nothing) and status: bounced, or deferred in a warning that the
 * mail waits.
 */
void notice_each(const struct notice *notice, notice_take *take, void *context);

/* The text before the copy of the original message: all, if there is none. */
struct slice notice_body(const struct notice *notice);

#endif
