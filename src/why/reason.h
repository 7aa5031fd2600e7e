/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why a delivery fails, in one word; whose move it is; whether waiting helps.
 * The texts of each reason stand in rules/lang/. What the server answered
 * (permanent or not) is kept apart: it does not follow from the reason.
 */
#ifndef MAILWHY_WHY_REASON_H
#define MAILWHY_WHY_REASON_H

#include "base/slice.h"

enum reason {
	REASON_OTHER,
	REASON_BAD_MAILBOX,
	REASON_MAILBOX_DISABLED,
	REASON_MAILBOX_FULL,
	REASON_BAD_DOMAIN,
	REASON_ROUTING,
	REASON_RELAY_DENIED,
	REASON_AUTH_REQUIRED,
	REASON_AUTH_FAILED,
	REASON_SENDER_REJECTED,
	REASON_SENDER_AUTH,
	REASON_IP_BLOCKLISTED,
	REASON_IP_REPUTATION,
	REASON_RATE_LIMITED,
	REASON_GREYLISTED,
	REASON_SPAM_CONTENT,
	REASON_VIRUS,
	REASON_MESSAGE_TOO_LARGE,
	REASON_CONTENT_REJECTED,
	REASON_PROTOCOL_ERROR,
	REASON_TLS,
	REASON_NETWORK,
	REASON_DNS,
	REASON_TIMEOUT,
	REASON_SYSTEM_FULL,
	REASON_SYSTEM_BUSY,
	REASON_POLICY,
	REASON_LOOP,
	REASON_EXPIRED,
	REASON_TOO_MANY_RECIPIENTS,
	REASON_REVERSE_DNS,
	REASON_RECIPIENT_RESTRICTED,
	REASON_NOT_ACCEPTING,
	REASON_RECIPIENT_MOVED,
	REASON_DOMAIN_REPUTATION,
	REASON_LOCAL_ERROR,
	REASON_FEATURE_UNSUPPORTED,
	REASON_SENDING_QUOTA,
	REASON_COUNT
};

/* The word of the events and of the catalogue: "ip_blocklisted". */
struct slice reason_word(enum reason reason);

/* Who has to act: "sender", "sender_admin", "recipient", "recipient_admin",
 * "nobody". */
struct slice reason_actor(enum reason reason);

/* Whether waiting helps: "never", "after_fix", "later" (hours, days), "soon"
 * (the queue's next try). */
struct slice reason_retry(enum reason reason);

/* False, and REASON_OTHER, if no reason has that word. */
bool reason_from_word(struct slice word, enum reason *reason);

#endif
