/* SPDX-License-Identifier: Apache-2.0 */
#include "why/reason.h"

static const struct {
	struct slice word;
	struct slice actor;
	struct slice retry;
} reasons[REASON_COUNT] = {
	[REASON_OTHER] = { SLICE("other"), SLICE("sender_admin"),
			   SLICE("later") },
	[REASON_BAD_MAILBOX] = { SLICE("bad_mailbox"), SLICE("sender"),
				 SLICE("never") },
	[REASON_MAILBOX_DISABLED] = { SLICE("mailbox_disabled"),
				      SLICE("recipient"), SLICE("never") },
	[REASON_MAILBOX_FULL] = { SLICE("mailbox_full"), SLICE("recipient"),
				  SLICE("later") },
	[REASON_BAD_DOMAIN] = { SLICE("bad_domain"), SLICE("sender"),
				SLICE("never") },
	[REASON_ROUTING] = { SLICE("routing"), SLICE("recipient_admin"),
			     SLICE("after_fix") },
	[REASON_RELAY_DENIED] = { SLICE("relay_denied"), SLICE("sender_admin"),
				  SLICE("after_fix") },
	[REASON_AUTH_REQUIRED] = { SLICE("auth_required"),
				   SLICE("sender_admin"), SLICE("after_fix") },
	[REASON_AUTH_FAILED] = { SLICE("auth_failed"), SLICE("sender_admin"),
				 SLICE("after_fix") },
	[REASON_SENDER_REJECTED] = { SLICE("sender_rejected"),
				     SLICE("sender_admin"),
				     SLICE("after_fix") },
	[REASON_SENDER_AUTH] = { SLICE("sender_auth"), SLICE("sender_admin"),
				 SLICE("after_fix") },
	[REASON_IP_BLOCKLISTED] = { SLICE("ip_blocklisted"),
				    SLICE("sender_admin"), SLICE("after_fix") },
	[REASON_IP_REPUTATION] = { SLICE("ip_reputation"),
				   SLICE("sender_admin"), SLICE("later") },
	[REASON_RATE_LIMITED] = { SLICE("rate_limited"), SLICE("sender_admin"),
				  SLICE("later") },
	[REASON_GREYLISTED] = { SLICE("greylisted"), SLICE("nobody"),
				SLICE("soon") },
	[REASON_SPAM_CONTENT] = { SLICE("spam_content"), SLICE("sender"),
				  SLICE("after_fix") },
	[REASON_VIRUS] = { SLICE("virus"), SLICE("sender"), SLICE("never") },
	[REASON_MESSAGE_TOO_LARGE] = { SLICE("message_too_large"),
				       SLICE("sender"), SLICE("after_fix") },
	[REASON_CONTENT_REJECTED] = { SLICE("content_rejected"),
				      SLICE("sender"), SLICE("after_fix") },
	[REASON_PROTOCOL_ERROR] = { SLICE("protocol_error"),
				    SLICE("sender_admin"), SLICE("after_fix") },
	[REASON_TLS] = { SLICE("tls"), SLICE("sender_admin"),
			 SLICE("after_fix") },
	[REASON_NETWORK] = { SLICE("network"), SLICE("sender_admin"),
			     SLICE("soon") },
	[REASON_DNS] = { SLICE("dns"), SLICE("recipient_admin"),
			 SLICE("later") },
	[REASON_TIMEOUT] = { SLICE("timeout"), SLICE("nobody"), SLICE("soon") },
	[REASON_SYSTEM_FULL] = { SLICE("system_full"), SLICE("recipient_admin"),
				 SLICE("later") },
	[REASON_SYSTEM_BUSY] = { SLICE("system_busy"), SLICE("nobody"),
				 SLICE("soon") },
	[REASON_POLICY] = { SLICE("policy"), SLICE("recipient_admin"),
			    SLICE("after_fix") },
	[REASON_LOOP] = { SLICE("loop"), SLICE("recipient_admin"),
			  SLICE("after_fix") },
	[REASON_EXPIRED] = { SLICE("expired"), SLICE("sender"),
			     SLICE("after_fix") },
	[REASON_TOO_MANY_RECIPIENTS] = { SLICE("too_many_recipients"),
					 SLICE("sender_admin"), SLICE("soon") },
	[REASON_REVERSE_DNS] = { SLICE("reverse_dns"), SLICE("sender_admin"),
				 SLICE("after_fix") },
	[REASON_RECIPIENT_RESTRICTED] = { SLICE("recipient_restricted"),
					  SLICE("recipient"), SLICE("never") },
	[REASON_NOT_ACCEPTING] = { SLICE("not_accepting"), SLICE("sender"),
				   SLICE("never") },
	[REASON_RECIPIENT_MOVED] = { SLICE("recipient_moved"), SLICE("sender"),
				     SLICE("never") },
	[REASON_DOMAIN_REPUTATION] = { SLICE("domain_reputation"),
				       SLICE("sender_admin"),
				       SLICE("after_fix") },
	[REASON_LOCAL_ERROR] = { SLICE("local_error"), SLICE("sender_admin"),
				 SLICE("after_fix") },
	[REASON_FEATURE_UNSUPPORTED] = { SLICE("feature_unsupported"),
					 SLICE("sender_admin"),
					 SLICE("after_fix") },
	[REASON_SENDING_QUOTA] = { SLICE("sending_quota"),
				   SLICE("sender_admin"), SLICE("later") },
};

struct slice reason_word(enum reason reason)
{
	return reasons[reason].word;
}

struct slice reason_actor(enum reason reason)
{
	return reasons[reason].actor;
}

struct slice reason_retry(enum reason reason)
{
	return reasons[reason].retry;
}

bool reason_from_word(struct slice word, enum reason *reason)
{
	*reason = REASON_OTHER;
	for (enum reason i = 0; i < REASON_COUNT; i++) {
		if (slice_equal(reasons[i].word, word)) {
			*reason = i;
			return true;
		}
	}
	return false;
}
