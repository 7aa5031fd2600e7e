/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/sendmail_arrival.h"

#include "parse/address.h"
#include "parse/sendmail_list.h"

/* "mx.b.example [192.0.2.1] (may be forged)", "[192.0.2.1]"; local users are
 * "root@localhost". */
static void read_client(struct slice relay, struct delivery *delivery)
{
	struct slice host;
	struct slice ip;

	if (!slice_cut(&relay, '[', &host)) {
		if (relay.len && memchr(relay.at, '@', relay.len))
			delivery->nearness = NEAR_INSIDE;
		else
			delivery->client_host = relay;
		return;
	}
	delivery->client_host = slice_trim(host);
	if (!slice_cut(&relay, ']', &ip))
		return;
	delivery->client_ip = sendmail_bare_ip(ip);
	delivery->nearness = nearness_of(delivery->client_ip);
}

/* The last one: what a message-id holds of the kind stands before. */
static struct slice find_relay(struct slice rest)
{
	struct slice before;
	bool found = false;

	while (slice_cut_at(&rest, SLICE(", relay="), &before))
		found = true;
	return found ? rest : (struct slice){ 0 };
}

/* False if it does not end. */
static bool take_sender(struct slice *rest, struct buf *buf,
			struct delivery *delivery)
{
	bool is_odd = false;
	size_t length = sendmail_list_length(*rest, SLICE(", "), &is_odd);
	struct slice sender = slice_head(*rest, length);
	size_t start = buf->len;

	if (length == SIZE_MAX)
		return false;
	*rest = slice_after(*rest, length);
	if (is_odd) {
		sendmail_list_add(sender, buf);
		sender = slice_after(buf_slice(buf), start);
		sender = address_next(&sender);
	}
	delivery->sender = address_without_brackets(sender);
	delivery->null_sender = !delivery->sender.len;
	return true;
}

/* One of the fields behind the sender; false behind the message-id, which is
 * the sender's word. */
static bool take_field(struct slice *rest, struct delivery *delivery)
{
	struct slice field = *rest;
	bool last = !slice_cut_at(rest, SLICE(", "), &field);

	if (slice_skip(&field, SLICE("msgid="))) {
		delivery->message_id = address_without_brackets(field);
		return false;
	}
	if (slice_skip(&field, SLICE("size=")))
		delivery->size = field;
	else if (slice_skip(&field, SLICE("nrcpts=")))
		delivery->nrcpt = field;
	return !last;
}

bool sendmail_arrival_read(struct slice rest, struct buf *buf,
			   struct delivery *delivery)
{
	if (!take_sender(&rest, buf, delivery))
		return false;
	read_client(find_relay(rest), delivery);
	if (slice_skip(&rest, SLICE(", ")))
		while (take_field(&rest, delivery))
			;
	return true;
}

bool sendmail_login_read(struct slice rest, struct delivery *delivery)
{
	struct slice relay;
	struct slice user;

	if (!slice_skip(&rest, SLICE("relay=")) ||
	    !slice_cut_at(&rest, SLICE(", authid="), &relay) ||
	    !slice_cut_at(&rest, SLICE(", mech="), &user))
		return false;
	read_client(relay, delivery);
	delivery->sasl_username = user;
	return user.len && delivery->client_ip.len;
}
