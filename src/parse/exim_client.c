/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/exim_client.h"

static void skip_port(struct slice *rest)
{
	size_t len = 1;

	if (!slice_starts(*rest, SLICE(":")))
		return;
	while (len < rest->len && rest->at[len] >= '0' && rest->at[len] <= '9')
		len++;
	if (len > 1)
		*rest = slice_after(*rest, len);
}

bool exim_client_take(struct slice *rest, struct delivery *client)
{
	struct slice copy = *rest;
	struct slice word;

	if (!slice_starts(copy, SLICE("(")) &&
	    !slice_starts(copy, SLICE("["))) {
		if (!slice_cut(&copy, ' ', &word) || !word.len)
			return false;
		client->client_host = word;
	}
	if (slice_skip(&copy, SLICE("("))) {
		if (!slice_cut_at(&copy, SLICE(") "), &word) ||
		    memchr(word.at, ' ', word.len))
			return false;
		client->helo = word;
	}
	if (!slice_skip(&copy, SLICE("[")) || !slice_cut(&copy, ']', &word))
		return false;
	client->client_ip = word;
	skip_port(&copy);
	*rest = copy;
	return true;
}
