/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/sent.h"

#include "parse/enhanced.h"
#include "parse/nearness.h"

/* Letters and digits, not lower-case letters alone: "warning" is none. */
static bool is_queue_id(struct slice text)
{
	bool word = true;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];
		bool lower = c >= 'a' && c <= 'z';

		if (!lower && !(c >= '0' && c <= '9') &&
		    !(c >= 'A' && c <= 'Z'))
			return false;
		word = word && lower;
	}
	return !word;
}

/* Digits, dots and slashes: "0.05", "0.1/0/0.4/0.5". */
static bool take_figures(struct slice *rest)
{
	size_t len = 0;

	while (len < rest->len &&
	       ((rest->at[len] >= '0' && rest->at[len] <= '9') ||
		rest->at[len] == '.' || rest->at[len] == '/'))
		len++;
	*rest = slice_after(*rest, len);
	return len > 0;
}

/* As take_figures(), digits alone. */
static bool take_digits(struct slice *rest)
{
	size_t len = 0;

	while (len < rest->len && rest->at[len] >= '0' && rest->at[len] <= '9')
		len++;
	*rest = slice_after(*rest, len);
	return len > 0;
}

/* What makes an address a matter for the rulebase. */
static bool is_odd(char c)
{
	return c == '"' || c == '<' || c == ',' || c == ' ' || c == '\\' ||
	       c == '\0';
}

/* "<address>, " with nothing odd in the address. */
static bool take_address(struct slice *rest, struct slice *address)
{
	if (!slice_skip(rest, SLICE("<")) || !slice_cut(rest, '>', address) ||
	    !slice_skip(rest, SLICE(", ")))
		return false;
	for (size_t i = 0; i < address->len; i++)
		if (is_odd(address->at[i]))
			return false;
	return address->len > 0;
}

/* "host[ip]:port, ", "local, " or "none, ". */
static bool take_relay(struct slice *rest, struct slice *host, struct slice *ip)
{
	struct slice relay;

	if (!slice_cut(rest, ',', &relay) || !slice_skip(rest, SLICE(" ")) ||
	    memchr(relay.at, '\0', relay.len))
		return false;
	if (!slice_cut(&relay, '[', host)) {
		*host = (struct slice){ 0 };
		*ip = (struct slice){ 0 };
		return relay.len > 0 && !memchr(relay.at, ' ', relay.len) &&
		       !memchr(relay.at, ':', relay.len);
	}
	return host->len > 0 && !memchr(host->at, ' ', host->len) &&
	       slice_cut(&relay, ']', ip) && !memchr(ip->at, '/', ip->len) &&
	       slice_skip(&relay, SLICE(":")) && take_digits(&relay) &&
	       relay.len == 0;
}

static bool take_timing(struct slice *rest)
{
	return slice_skip(rest, SLICE("delay=")) && take_figures(rest) &&
	       slice_skip(rest, SLICE(", delays=")) && take_figures(rest) &&
	       slice_skip(rest, SLICE(", dsn="));
}

bool sent_recognise(struct slice message, struct sent *sent)
{
	struct slice rest = message;
	struct sent found = { 0 };
	struct slice part;
	struct enhanced dsn;

	*sent = found;
	if (!slice_cut(&rest, ':', &found.queue_id) ||
	    !is_queue_id(found.queue_id) || !slice_skip(&rest, SLICE(" to=")) ||
	    !take_address(&rest, &found.recipient))
		return false;
	if (slice_skip(&rest, SLICE("orig_to=")) && !take_address(&rest, &part))
		return false;
	if (!slice_skip(&rest, SLICE("relay=")) ||
	    !take_relay(&rest, &found.relay_host, &found.relay_ip))
		return false;
	/* Only a connection to a server is used again. */
	if (found.relay_host.len && slice_skip(&rest, SLICE("conn_use=")) &&
	    (!take_digits(&rest) || !slice_skip(&rest, SLICE(", "))))
		return false;
	if (!take_timing(&rest))
		return false;
	if (!slice_cut(&rest, ',', &part) || !enhanced_parse(part, &dsn) ||
	    !slice_skip(&rest, SLICE(" status=sent (")))
		return false;
	found.text = rest;
	*sent = found;
	return true;
}

bool sent_may_hand_on(const struct sent *sent)
{
	return nearness_of(sent->relay_ip) != NEAR_OUTSIDE &&
	       slice_find(sent->text, SLICE("ed as ")) != SIZE_MAX;
}
