/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/exim_reject.h"

#include "parse/address.h"
#include "parse/exim_client.h"
#include "parse/exim_text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What was refused, behind "rejected ". */
static const struct {
	struct slice what;
	enum stage stage;
	bool has_recipient;
} refused[] = {
	{ SLICE("RCPT "), STAGE_RCPT, true },
	{ SLICE("MAIL "), STAGE_MAIL, false },
	{ SLICE("after DATA"), STAGE_EOM, false },
	{ SLICE("during MIME"), STAGE_EOM, false },
	{ SLICE("DATA"), STAGE_DATA, false },
	{ SLICE("BDAT"), STAGE_DATA, false },
	{ SLICE("EHLO "), STAGE_EHLO, false },
	{ SLICE("HELO "), STAGE_EHLO, false },
	{ SLICE("EHLO or HELO"), STAGE_EHLO, false },
	{ SLICE("connection"), STAGE_CONNECT, false },
	{ SLICE("VRFY "), STAGE_RCPT, true },
	{ SLICE("EXPN "), STAGE_RCPT, true },
	{ SLICE("AUTH"), STAGE_AUTH, false },
	{ SLICE("STARTTLS"), STAGE_STARTTLS, false },
	{ SLICE("PRDR"), STAGE_EOM, false },
	{ SLICE("by "), STAGE_EOM, false }, /* local_scan(), an ACL */
	{ SLICE(""), STAGE_NONE, false },
};

/* A blank, or the colon before the text. */
static bool ends_word(struct slice rest)
{
	return slice_starts(rest, SLICE(" ")) ||
	       slice_starts(rest, SLICE(": ")) || slice_equal(rest, SLICE(":"));
}

/* " X=TLS1.3:...", ` DN="/CN=a"`, " U=ident", " A=plain:user": a name of
 * capitals and a value without blanks, or in quotes. */
static bool skip_field(struct slice *rest)
{
	struct slice copy = *rest;
	bool quoted;
	size_t len = 0;

	if (!slice_skip(&copy, SLICE(" ")))
		return false;
	while (len < copy.len && copy.at[len] >= 'A' && copy.at[len] <= 'Z')
		len++;
	if (len == 0 || len == copy.len || copy.at[len] != '=')
		return false;
	copy = slice_after(copy, len + 1);
	quoted = slice_starts(copy, SLICE("\""));
	len = quoted;
	while (len < copy.len && !(ends_word(slice_after(copy, len)) &&
				   (!quoted || copy.at[len - 1] == '"')))
		len++;
	*rest = slice_after(copy, len);
	return true;
}

static bool take_sender(struct slice *rest, struct delivery *client)
{
	struct slice copy = *rest;

	if (!slice_skip(&copy, SLICE(" F=")) ||
	    !address_take_path(&copy, &client->sender))
		return false;
	*rest = copy;
	return true;
}

/* What the client gave as the command's argument: an address in brackets, or
 * what it took for one. */
static struct slice take_argument(struct slice *rest)
{
	struct slice argument = *rest;
	size_t len = 0;

	if (address_take_path(rest, &argument))
		return argument;
	while (len < rest->len && rest->at[len] != ' ' && rest->at[len] != ':')
		len++;
	*rest = slice_after(*rest, len);
	return slice_head(argument, len);
}

/* Behind "rejected ": what, and why. */
static void read_refused(struct slice rest, struct buf *buf,
			 struct delivery *client)
{
	struct slice before;
	size_t i = 0;

	while (!slice_skip(&rest, refused[i].what))
		i++;
	client->stage = refused[i].stage;
	if (refused[i].has_recipient)
		client->recipient = take_argument(&rest);
	else if (client->stage == STAGE_MAIL)
		client->sender = take_argument(&rest);
	if (slice_cut_at(&rest, SLICE(": "), &before))
		client->text = exim_text_plain(rest, buf);
}

/* "H=CLIENT FIELDS rejected WHAT: TEXT" */
static bool read_acl(struct slice rest, struct buf *buf,
		     struct delivery *client)
{
	if (!slice_skip(&rest, SLICE("H=")) || !exim_client_take(&rest, client))
		return false;
	while (take_sender(&rest, client) || skip_field(&rest))
		;
	client->permanent = !slice_skip(&rest, SLICE(" temporarily"));
	if (!slice_skip(&rest, SLICE(" rejected ")))
		return false;
	read_refused(rest, buf, client);
	return true;
}

/* "rejected EHLO from CLIENT: TEXT", "rejected from <A> H=CLIENT: TEXT" and
 * "rejected MAIL FROM:<A> H=CLIENT: TEXT". */
static bool read_syntax(struct slice rest, struct buf *buf,
			struct delivery *client)
{
	client->permanent = true;
	if (slice_skip(&rest, SLICE("rejected EHLO from ")) ||
	    slice_skip(&rest, SLICE("rejected HELO from "))) {
		client->stage = STAGE_EHLO;
	} else {
		client->stage = STAGE_EOM;
		if (slice_skip(&rest, SLICE("rejected MAIL FROM:")))
			client->stage = STAGE_MAIL;
		else if (!slice_skip(&rest, SLICE("rejected from ")))
			return false;
		if (!address_take_path(&rest, &client->sender) ||
		    !slice_skip(&rest, SLICE(" ")))
			return false;
		(void)slice_skip(&rest, SLICE("H="));
	}
	if (!exim_client_take(&rest, client))
		return false;
	while (skip_field(&rest))
		;
	if (!slice_skip(&rest, SLICE(": ")))
		return false;
	client->text = exim_text_plain(rest, buf);
	return true;
}

/* "unqualified sender rejected: <A> H=CLIENT" */
static bool read_unqualified(struct slice rest, struct buf *buf,
			     struct delivery *client)
{
	struct slice text = rest;

	(void)buf;
	client->permanent = true;
	if (slice_skip(&rest, SLICE("unqualified sender rejected: "))) {
		client->stage = STAGE_MAIL;
		if (!address_take_path(&rest, &client->sender))
			return false;
	} else if (slice_skip(&rest,
			      SLICE("unqualified recipient rejected: "))) {
		client->stage = STAGE_RCPT;
		if (!address_take_path(&rest, &client->recipient))
			return false;
	} else {
		return false;
	}
	client->text = slice_head(text, (size_t)(rest.at - text.at));
	return slice_skip(&rest, SLICE(" H=")) &&
	       exim_client_take(&rest, client);
}

/* "plain authenticator failed for CLIENT: 535 TEXT (set_id=USER)". The name
 * that was tried is the client's and no part of the reason. */
static bool read_authenticator(struct slice rest, struct buf *buf,
			       struct delivery *client)
{
	struct slice before;
	struct slice text;

	client->stage = STAGE_AUTH;
	if (!slice_cut_at(&rest, SLICE(" authenticator failed for "),
			  &before) ||
	    !before.len || memchr(before.at, ' ', before.len))
		return false;
	(void)slice_skip(&rest, SLICE("H="));
	if (!exim_client_take(&rest, client))
		return false;
	while (skip_field(&rest))
		;
	if (!slice_skip(&rest, SLICE(": ")))
		return false;
	if (!slice_cut_at(&rest, SLICE(" (set_id="), &text))
		text = rest;
	client->permanent = !slice_starts(text, SLICE("4"));
	client->text = exim_text_plain(text, buf);
	return true;
}

/* "refused connection from CLIENT (host_reject_connection)", and the client
 * that has not waited: "SMTP protocol synchronization error (..): rejected
 * connection from CLIENT input=...". */
static bool read_connection(struct slice rest, struct buf *buf,
			    struct delivery *client)
{
	static const struct slice error = SLICE(
		"SMTP protocol synchronization error (");
	struct slice text = rest;
	struct slice before;

	(void)buf;
	client->permanent = true;
	client->stage = STAGE_CONNECT;
	if (slice_skip(&rest, SLICE("refused connection from "))) {
		text = slice_head(text, sizeof("refused connection") - 1);
	} else if (slice_starts(rest, error) &&
		   slice_cut_at(&rest, SLICE("): rejected "), &before)) {
		text = slice_head(text, before.len + 1);
		if (!slice_skip(&rest, SLICE("connection from "))) {
			/* `rejected "RCPT TO:<a>" H=CLIENT` */
			size_t len = address_quoted_length(rest);

			client->stage = STAGE_NONE;
			rest = slice_after(rest, len);
			if (!slice_skip(&rest, SLICE(" ")))
				return false;
		}
	} else {
		return false;
	}
	client->text = text;
	(void)slice_skip(&rest, SLICE("H="));
	return exim_client_take(&rest, client);
}

bool exim_reject_suspects(struct slice message)
{
	size_t open = slice_find(message, SLICE("("));
	struct slice helo;

	if (!slice_starts(message, SLICE("H=")) || open == SIZE_MAX ||
	    slice_find(slice_head(message, open), SLICE("[")) != SIZE_MAX)
		return false;
	message = slice_after(message, open + 1);
	return slice_cut(&message, ')', &helo) &&
	       memchr(helo.at, ' ', helo.len) &&
	       slice_find(message, SLICE(" rejected ")) != SIZE_MAX;
}

bool exim_reject_read(struct slice message, struct buf *buf,
		      struct delivery *delivery)
{
	static bool (*const forms[])(struct slice, struct buf *,
				     struct delivery *) = {
		read_acl,           read_syntax,     read_unqualified,
		read_authenticator, read_connection,
	};

	for (size_t i = 0; i < COUNT(forms); i++) {
		struct delivery client = *delivery;

		if (!forms[i](message, buf, &client))
			continue;
		client.status = STATUS_REJECTED;
		*delivery = client;
		return true;
	}
	return false;
}
