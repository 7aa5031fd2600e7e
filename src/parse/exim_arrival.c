/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/exim_arrival.h"

#include "parse/address.h"
#include "parse/exim_client.h"

/* What the list holds before the sender's words. */
struct arrival {
	struct slice protocol;
	struct slice login;
	bool has_client;
};

/* Up to the next blank; a quoted local part may hold some. */
static struct slice take_word(struct slice *rest)
{
	struct slice text = *rest;
	size_t len = address_quoted_length(text);

	while (len < text.len && text.at[len] != ' ')
		len++;
	*rest = slice_after(text, len);
	return slice_head(text, len);
}

/* `"/CN=a b"`, a certificate's name, whose quotes are not escaped. */
static void skip_name(struct slice *rest)
{
	struct slice before;

	while (slice_cut(rest, '"', &before))
		if (!rest->len || rest->at[0] == ' ')
			return;
}

/* A client that cannot be read is some client, and none of ours. */
static void take_client(struct slice *rest, struct delivery *delivery)
{
	struct delivery client = { 0 };

	if (!exim_client_take(rest, &client)) {
		(void)take_word(rest);
		delivery->nearness = NEAR_OUTSIDE;
		return;
	}
	delivery->client_host = client.client_host;
	delivery->client_ip = client.client_ip;
	delivery->nearness = nearness_of(client.client_ip);
}

/* The field that *rest begins with; false if the sender's words begin. */
static bool take_field(struct slice *rest, struct arrival *arrival,
		       struct delivery *delivery)
{
	if (slice_skip(rest, SLICE("id=")) || slice_skip(rest, SLICE("id*="))) {
		delivery->message_id = take_word(rest);
		return false;
	}
	if (slice_starts(*rest, SLICE("T=\"")) ||
	    slice_starts(*rest, SLICE("from <")) ||
	    slice_starts(*rest, SLICE("for ")))
		return false;
	if (!arrival->has_client && slice_skip(rest, SLICE("H="))) {
		arrival->has_client = true;
		take_client(rest, delivery);
	} else if (slice_skip(rest, SLICE("DN=\""))) {
		skip_name(rest);
	} else if (slice_skip(rest, SLICE("P="))) {
		arrival->protocol = take_word(rest);
	} else if (slice_skip(rest, SLICE("A="))) {
		arrival->login = take_word(rest);
	} else if (slice_skip(rest, SLICE("S="))) {
		delivery->size = take_word(rest);
	} else {
		(void)take_word(rest);
	}
	return true;
}

/* "plain:anna": who the authenticator plain let in; smtp_mailauth puts the
 * client's AUTH= behind it, which says nothing. */
static struct slice login_of(const struct arrival *arrival)
{
	struct slice rest = arrival->login;
	struct slice head;

	/* esmtpa, esmtpsa: only then is A= Exim's. */
	if (!slice_ends(arrival->protocol, SLICE("a")) ||
	    !slice_cut(&rest, ':', &head))
		return (struct slice){ 0 };
	return slice_cut(&rest, ':', &head) ? head : rest;
}

/* How many " for a b c" names at the end. */
static uint64_t count_recipients(struct slice rest)
{
	uint64_t count = 0;
	struct slice path;
	bool found = false;

	while (!found && slice_skip(&rest, SLICE(" "))) {
		size_t quoted = slice_starts(rest, SLICE("T=\""))
					? address_quoted_length(
						  slice_after(rest, 2))
					: 0;

		if (slice_skip(&rest, SLICE("for ")))
			found = true;
		else if (quoted)
			rest = slice_after(rest, 2 + quoted);
		else if (!slice_skip(&rest, SLICE("from ")) ||
			 !address_take_path(&rest, &path))
			(void)take_word(&rest);
	}
	while (found && rest.len) {
		count += take_word(&rest).len > 0;
		(void)slice_skip(&rest, SLICE(" "));
	}
	return count;
}

void exim_arrival_read(struct slice rest, struct buf *buf,
		       struct delivery *delivery)
{
	struct arrival arrival = { 0 };
	size_t start = buf->len;
	struct slice tail;
	uint64_t count;

	delivery->sender = take_word(&rest);
	if (slice_equal(delivery->sender, SLICE("<>")))
		delivery->sender = (struct slice){ 0 };
	delivery->null_sender = !delivery->sender.len;
	tail = rest;
	while (slice_skip(&rest, SLICE(" ")) &&
	       take_field(&rest, &arrival, delivery))
		tail = rest;
	if (delivery->message_id.len)
		tail = rest;
	if (!arrival.has_client)
		delivery->nearness = NEAR_INSIDE;
	delivery->sasl_username = login_of(&arrival);
	count = count_recipients(tail);
	if (!count)
		return;
	buf_add_number(buf, count);
	delivery->nrcpt = slice_after(buf_slice(buf), start);
}
