/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/format.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What Dovecot says of a delivery, behind the message-id. */
enum verdict {
	VERDICT_OTHER, /* something besides: the outcome has its own line */
	VERDICT_STORED,
	VERDICT_FAILED, /* "MAILBOX: why" follows */
	VERDICT_SIEVE_FAILED,
	VERDICT_REJECTED,
};

static const struct {
	struct slice text;
	enum verdict verdict;
} verdicts[] = {
	{ SLICE(": saved mail to "), VERDICT_STORED },
	{ SLICE(": stored mail into mailbox "), VERDICT_STORED },
	{ SLICE(": left message in mailbox "), VERDICT_STORED },
	{ SLICE(": save failed to "), VERDICT_FAILED },
	{ SLICE(": failed to store into mailbox "), VERDICT_SIEVE_FAILED },
	{ SLICE(": rejected message from "), VERDICT_REJECTED },
	{ SLICE(": rejected: "), VERDICT_OTHER },
	{ SLICE(": forwarded to "), VERDICT_OTHER },
	{ SLICE(": discarded "), VERDICT_OTHER },
	{ SLICE(": marked message to be discarded"), VERDICT_OTHER },
	{ SLICE(": sent "), VERDICT_OTHER },
	{ SLICE(": store into mailbox "), VERDICT_OTHER },
};

/* The last verdict in `text`, as all before may be the sender's message-id.
 * *rest: what stands behind it. */
static enum verdict find_verdict(struct slice text, struct slice *rest)
{
	enum verdict found = VERDICT_OTHER;

	*rest = text;
	for (size_t i = 0; i < COUNT(verdicts); i++) {
		struct slice behind = text;
		struct slice before;
		bool seen = false;

		while (slice_cut_at(&behind, verdicts[i].text, &before))
			seen = true;
		if (!seen || behind.len > rest->len)
			continue;
		*rest = behind;
		found = verdicts[i].verdict;
	}
	return found;
}

/* Takes "INBOX: " or "'INBOX': " off; what remains says why. */
static bool take_inbox(struct slice *text)
{
	return slice_skip(text, SLICE("INBOX: ")) ||
	       slice_skip(text, SLICE("'INBOX': ")) ||
	       slice_skip(text, SLICE("'INBOX' (INBOX): "));
}

/* Dovecot answers 552 to this (quota_full_tempfail = no), and 451 to all other
 * failures to store a mail. */
static bool is_over_quota(struct slice why)
{
	return slice_find_nocase(why, SLICE("quota")) != SIZE_MAX ||
	       slice_find_nocase(why, SLICE("is full")) != SIZE_MAX;
}

/*
 * A failure to store into another mailbox than INBOX is followed by one more
 * try, with INBOX; but for a passing error inside of Sieve, which ends it.
 */
static bool read_failure(struct slice rest, bool sieve,
			 struct delivery *delivery)
{
	size_t passing = slice_find(rest, SLICE("': Internal error occurred"));

	delivery->text = rest;
	if (!take_inbox(&delivery->text)) {
		if (!sieve || passing == SIZE_MAX)
			return false;
		delivery->text = slice_after(rest, passing + 3);
	}
	delivery->status = is_over_quota(delivery->text) ? STATUS_BOUNCED
							 : STATUS_DEFERRED;
	return true;
}

static bool read(const struct reading *reading, struct delivery *delivery)
{
	const struct slice *values = reading->fields->values;
	struct slice rest;
	enum verdict verdict = find_verdict(values[FIELD_TEXT], &rest);

	if (!slice_equal(reading->header->program, SLICE("dovecot")))
		return false;
	delivery->service = values[FIELD_SERVICE];
	delivery->queue_id = values[FIELD_QUEUE_ID];
	delivery->recipient = values[FIELD_RECIPIENT];
	delivery->form = TEXT_OWN;
	delivery->stage = STAGE_LOCAL;
	switch (verdict) {
	case VERDICT_STORED:
		delivery->status = STATUS_SENT;
		return true;
	case VERDICT_FAILED:
	case VERDICT_SIEVE_FAILED:
		return read_failure(rest, verdict == VERDICT_SIEVE_FAILED,
				    delivery);
	case VERDICT_REJECTED:
		delivery->status = STATUS_BOUNCED;
		delivery->text = slice_after(
			values[FIELD_TEXT],
			(size_t)(rest.at - values[FIELD_TEXT].at) -
				(sizeof("rejected message from ") - 1));
		return true;
	case VERDICT_OTHER:
		break;
	}
	return false;
}

/* The rules know what has a message-id; a deliver_log_format without one, or
 * with something before it, they do not. */
static bool suspects(struct slice message)
{
	return slice_find(message, SLICE("msgid=")) == SIZE_MAX &&
	       (slice_find(message, SLICE("lmtp(")) != SIZE_MAX ||
		slice_find(message, SLICE("lda(")) != SIZE_MAX) &&
	       (slice_find(message, SLICE(" saved mail to ")) != SIZE_MAX ||
		slice_find(message, SLICE(" save failed to ")) != SIZE_MAX);
}

const struct format dovecot_format = {
	.read = read,
	.suspects = suspects,
};
