/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/delivery.h"

#include "base/buf.h"
#include "parse/address.h"

static const struct slice status_words[STATUS_COUNT] = {
	[STATUS_SENT] = SLICE("sent"),
	[STATUS_BOUNCED] = SLICE("bounced"),
	[STATUS_DEFERRED] = SLICE("deferred"),
	[STATUS_EXPIRED] = SLICE("expired"),
	[STATUS_UNDELIVERABLE] = SLICE("undeliverable"),
	[STATUS_DELIVERABLE] = SLICE("deliverable"),
	[STATUS_REJECTED] = SLICE("rejected"),
};

static const struct slice stage_words[STAGE_COUNT] = {
	[STAGE_CONNECT] = SLICE("connect"),
	[STAGE_BANNER] = SLICE("banner"),
	[STAGE_EHLO] = SLICE("ehlo"),
	[STAGE_STARTTLS] = SLICE("starttls"),
	[STAGE_AUTH] = SLICE("auth"),
	[STAGE_MAIL] = SLICE("mail"),
	[STAGE_RCPT] = SLICE("rcpt"),
	[STAGE_DATA] = SLICE("data"),
	[STAGE_EOM] = SLICE("eom"),
	[STAGE_LOCAL] = SLICE("local"),
};

/* The first of the shares, off the front. */
static bool take_share(struct slice *shares, struct share *share)
{
	if (shares->len < sizeof(*share))
		return false;
	memcpy(share, shares->at, sizeof(*share));
	*shares = slice_after(*shares, sizeof(*share));
	return true;
}

void delivery_take(struct delivery *delivery, const struct share *share)
{
	delivery->recipient = share->recipient;
	delivery->text = share->text;
	delivery->form = share->form;
	delivery->stage = share->stage;
	delivery->status = share->status;
	delivery->dsn = share->dsn;
	delivery->relay_host = share->relay_host;
	delivery->relay_ip = share->relay_ip;
}

bool delivery_next(struct delivery *delivery)
{
	struct slice address;
	struct share share;

	if (take_share(&delivery->shares, &share)) {
		delivery_take(delivery, &share);
		return true;
	}
	delivery->others = slice_trim(delivery->others);
	address = address_next(&delivery->others);
	if (!address.len && delivery->unnamed) {
		delivery->unnamed--;
		return true;
	}
	if (!address.len)
		return false;
	delivery->recipient = address_without_brackets(address);
	return true;
}

static void keep_shares(struct slice *shares, struct arena *arena)
{
	struct buf kept = { 0 };
	struct share share;

	while (take_share(shares, &share)) {
		share.recipient = arena_keep(arena, share.recipient);
		share.text = arena_keep(arena, share.text);
		share.relay_host = arena_keep(arena, share.relay_host);
		share.relay_ip = arena_keep(arena, share.relay_ip);
		buf_add(&kept,
			(struct slice){ (const char *)&share, sizeof(share) });
	}
	*shares = arena_keep(arena, buf_slice(&kept));
	buf_clear(&kept);
}

void delivery_keep(struct delivery *delivery, struct arena *arena)
{
	struct slice *const texts[] = {
		&delivery->host,       &delivery->mta,
		&delivery->service,    &delivery->pid,
		&delivery->queue_id,   &delivery->recipient,
		&delivery->orig_to,    &delivery->relay_host,
		&delivery->relay_ip,   &delivery->relay_port,
		&delivery->delay,      &delivery->delays,
		&delivery->text,       &delivery->client_host,
		&delivery->client_ip,  &delivery->sender,
		&delivery->helo,       &delivery->others,
		&delivery->message_id, &delivery->sasl_username,
		&delivery->size,       &delivery->nrcpt,
		&delivery->handed_to,  &delivery->handed_from,
		&delivery->message,    &delivery->bounced_as,
		&delivery->domain,
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i] = arena_keep(arena, *texts[i]);
	keep_shares(&delivery->shares, arena);
}

struct slice status_word(enum status status)
{
	return status_words[status];
}

struct slice stage_word(enum stage stage)
{
	return stage_words[stage];
}

enum stage stage_from_word(struct slice word)
{
	for (enum stage i = STAGE_NONE + 1; i < STAGE_COUNT; i++)
		if (slice_equal(stage_words[i], word))
			return i;
	return STAGE_NONE;
}

enum status status_from_postfix(struct slice word)
{
	static const struct {
		struct slice word;
		enum status status;
	} table[] = {
		{ SLICE("sent"), STATUS_SENT },
		{ SLICE("deferred"), STATUS_DEFERRED },
		{ SLICE("bounced"), STATUS_BOUNCED },
		{ SLICE("expired"), STATUS_EXPIRED },
		{ SLICE("SOFTBOUNCE"), STATUS_DEFERRED },
		{ SLICE("undeliverable"), STATUS_UNDELIVERABLE },
		{ SLICE("undeliverable-but-not-cached"), STATUS_UNDELIVERABLE },
		{ SLICE("deliverable"), STATUS_DELIVERABLE },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (slice_equal(table[i].word, word))
			return table[i].status;
	return STATUS_NONE;
}
