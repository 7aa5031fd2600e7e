/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/reply.h"

#include <ctype.h>

#include "parse/relayed.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Postfix repeats an older failure, or a probe's, behind these. */
static const struct slice wrappers[] = {
	SLICE("delivery temporarily suspended: "),
	SLICE("unverified address: "),
	SLICE("undeliverable address: "),
	SLICE("Recipient address rejected: unverified address: "),
	SLICE("Recipient address rejected: undeliverable address: "),
	SLICE("Sender address rejected: unverified address: "),
	SLICE("Sender address rejected: undeliverable address: "),
};

struct stage_name {
	struct slice text;
	enum stage stage;
};

/* "(in reply to X command)". */
static const struct stage_name commands[] = {
	{ SLICE("end of DATA"), STAGE_EOM },
	{ SLICE("RCPT TO"), STAGE_RCPT },
	{ SLICE("MAIL FROM"), STAGE_MAIL },
	{ SLICE("DATA"), STAGE_DATA },
	{ SLICE("BDAT"), STAGE_DATA },
	{ SLICE("EHLO"), STAGE_EHLO },
	{ SLICE("HELO"), STAGE_EHLO },
	{ SLICE("LHLO"), STAGE_EHLO },
	{ SLICE("XFORWARD"), STAGE_EHLO },
	{ SLICE("STARTTLS"), STAGE_STARTTLS },
	{ SLICE("AUTH"), STAGE_AUTH },
};

/* "lost connection with H[IP] while X", "... timed out while X". */
static const struct stage_name steps[] = {
	{ SLICE("receiving the initial server greeting"), STAGE_BANNER },
	{ SLICE("receiving the initial SMTP greeting"), STAGE_BANNER },
	{ SLICE("performing the EHLO handshake"), STAGE_EHLO },
	{ SLICE("performing the HELO handshake"), STAGE_EHLO },
	{ SLICE("performing the LHLO handshake"), STAGE_EHLO },
	{ SLICE("performing the initial protocol handshake"), STAGE_EHLO },
	{ SLICE("performing the TLS handshake"), STAGE_STARTTLS },
	{ SLICE("sending the STARTTLS command"), STAGE_STARTTLS },
	{ SLICE("receiving the STARTTLS response"), STAGE_STARTTLS },
	{ SLICE("performing the SASL"), STAGE_AUTH },
	{ SLICE("sending MAIL FROM"), STAGE_MAIL },
	{ SLICE("sending RCPT TO"), STAGE_RCPT },
	{ SLICE("sending DATA command"), STAGE_DATA },
	{ SLICE("receiving DATA"), STAGE_DATA },
	{ SLICE("sending message body"), STAGE_DATA },
	{ SLICE("sending end of data"), STAGE_EOM },
	{ SLICE("sending BDAT"), STAGE_DATA },
};

/* How a text of the own mail system begins when no server has answered. */
static const struct stage_name local_forms[] = {
	{ SLICE("connect to "), STAGE_CONNECT },
	{ SLICE("Host or domain name not found"), STAGE_CONNECT },
	{ SLICE("Name service error"), STAGE_CONNECT },
	{ SLICE("unable to look up host"), STAGE_CONNECT },
	{ SLICE("Host not found"), STAGE_CONNECT },
	{ SLICE("Domain "), STAGE_CONNECT }, /* "... does not accept mail" */
	{ SLICE("Server certificate not "), STAGE_STARTTLS },
	{ SLICE("TLS is required"), STAGE_STARTTLS },
	{ SLICE("Cannot start TLS"), STAGE_STARTTLS },
	{ SLICE("SASL authentication failed"), STAGE_AUTH },
	{ SLICE("message size "), STAGE_MAIL },
	{ SLICE("SMTPUTF8 is required"), STAGE_MAIL },
	{ SLICE("MIME 7bit/8bit"), STAGE_DATA },
};

/* Agents that deliver by themselves, without a remote server. */
static const struct slice local_agents[] = {
	SLICE("local"),   SLICE("virtual"), SLICE("pipe"),
	SLICE("discard"), SLICE("spawn"),
};

static enum stage find_stage(const struct stage_name *table, size_t count,
			     struct slice text)
{
	for (size_t i = 0; i < count; i++)
		if (slice_starts(text, table[i].text))
			return table[i].stage;
	return STAGE_NONE;
}

/* The basic code at the start: three digits, 2 to 5 first, then a blank, a
 * tab, "-" or the end. 0 if there is none. */
static uint16_t take_code(struct slice text)
{
	uint64_t code = 0;

	if (text.len < 3 || !slice_number(slice_head(text, 3), &code))
		return 0;
	if (code < 200 || code > 599)
		return 0;
	if (text.len > 3 && text.at[3] != ' ' && text.at[3] != '-' &&
	    text.at[3] != '\t')
		return 0;
	return (uint16_t)code;
}

/* Blanks and tabs off the front only. */
static struct slice skip_blanks(struct slice text)
{
	while (text.len && (text.at[0] == ' ' || text.at[0] == '\t'))
		text = slice_after(text, 1);
	return text;
}

/* "(#5.7.1)" or "#5.1.0" anywhere, as qmail's descendants write it. */
static struct enhanced hash_code(struct slice text)
{
	struct slice rest = text;
	struct slice before;

	while (slice_cut(&rest, '#', &before)) {
		struct enhanced code;
		size_t len = 0;

		while (len < rest.len &&
		       (isdigit((unsigned char)rest.at[len]) ||
			rest.at[len] == '.'))
			len++;
		if (enhanced_parse(slice_head(rest, len), &code))
			return code;
	}
	return (struct enhanced){ 0 };
}

/* Whether a line of the same reply begins at `at`: after a blank, the code
 * again with "-" or " ", or another code whose enhanced code fits it, as in
 * "220-laposte 421 4.2.1 Service refused". */
static bool begins_line(struct slice text, size_t at, uint16_t first)
{
	struct slice rest = slice_after(text, at);
	uint16_t code;
	struct enhanced enhanced;

	if (at == 0 || text.at[at - 1] != ' ')
		return false;
	code = take_code(rest);
	if (!code || code == first)
		return code != 0;
	if (rest.len < 5)
		return false;
	rest = slice_after(rest, 4);
	return enhanced_parse(rest, &enhanced) > 0 &&
	       enhanced.class == code / 100;
}

/* Where the next line of a reply begins behind `at`; text.len: nowhere. */
static size_t next_line(struct slice text, size_t at, uint16_t first)
{
	while (at < text.len) {
		const char *blank = memchr(text.at + at, ' ', text.len - at);

		if (!blank)
			break;
		at = (size_t)(blank - text.at) + 1;
		if (at < text.len && text.at[at] >= '2' && text.at[at] <= '5' &&
		    begins_line(text, at, first))
			return at;
	}
	return text.len;
}

/* Length of the code at the start of a line, with the enhanced code if it is
 * `known` already, and the blanks behind. */
static size_t repeated_prefix(struct slice line, struct enhanced known)
{
	struct slice rest = slice_after(line, line.len > 3 ? 4 : 3);
	struct enhanced enhanced;
	size_t len = enhanced_parse(rest, &enhanced);

	if (len && enhanced.class == known.class &&
	    enhanced.subject == known.subject &&
	    enhanced.detail == known.detail)
		rest = skip_blanks(slice_after(rest, len));
	return line.len - rest.len;
}

static void add_first_code(struct buf *scratch, const struct reply *reply)
{
	buf_add_number(scratch, reply->code);
	if (!reply->enhanced.class)
		return;
	buf_add_char(scratch, ' ');
	enhanced_write(scratch, reply->enhanced);
}

/* Puts the words of all lines into `scratch`, one blank between two. */
static void join_lines(struct slice text, struct buf *scratch, uint16_t first,
		       struct enhanced enhanced)
{
	size_t line = 0;

	while (line < text.len) {
		struct slice rest = slice_after(text, line);
		size_t prefix = repeated_prefix(rest, enhanced);
		size_t end = next_line(text, line + (prefix ? prefix - 1 : 0),
				       first);

		rest = slice_trim(slice_head(slice_after(text, line + prefix),
					     end - line - prefix));
		if (rest.len)
			buf_add_char(scratch, ' ');
		buf_add(scratch, rest);
		line = end;
	}
}

/* The code that counts is the last line's. */
static void read_last_codes(struct slice text, uint16_t first,
			    struct reply *reply)
{
	size_t at = 3;

	while ((at = next_line(text, at, first)) < text.len) {
		struct slice line = slice_after(text, at);
		struct enhanced enhanced;

		reply->code = take_code(line);
		if (line.len > 4 &&
		    enhanced_parse(slice_after(line, 4), &enhanced))
			reply->enhanced = enhanced;
	}
}

/* `text` is the answer itself, beginning with its code. */
static void read_answer(struct slice text, struct buf *scratch,
			struct reply *reply)
{
	uint16_t first = take_code(text);
	struct slice words;

	reply->code = first;
	reply->text = text;
	if (!first)
		return;
	words = skip_blanks(slice_after(text, 4));
	enhanced_parse(words, &reply->enhanced);
	if (text.len > 3 && text.at[3] == '-') {
		read_last_codes(text, first, reply);
		buf_reset(scratch);
		add_first_code(scratch, reply);
		join_lines(text, scratch, first, reply->enhanced);
		reply->text = buf_slice(scratch);
	}
	if (!reply->enhanced.class)
		reply->enhanced = hash_code(words);
}

/* Takes " (in reply to RCPT TO command)" off the end; only the last counts,
 * because Postfix wrote it and the server may have written one before. What
 * Postfix writes there holds no parenthesis: the server's own words do not
 * pass for it when the rest of the text was cut. */
static void take_command(struct slice *text, struct reply *reply)
{
	static const struct slice mark = SLICE(" (in reply to ");
	struct slice found = { 0 };
	size_t from = 0;

	if (!slice_ends(*text, SLICE(" command)")))
		return;
	for (;;) {
		size_t at = slice_find(slice_after(*text, from), mark);

		if (at == SIZE_MAX)
			break;
		from += at + mark.len;
		found = slice_after(*text, from);
	}
	if (!found.len || slice_find(found, SLICE(")")) != found.len - 1)
		return;
	reply->stage = find_stage(commands, COUNT(commands), found);
	text->len = from - mark.len;
}

/* "mx.example[192.0.2.1]" off the front; false if it is none. */
static bool take_peer(struct slice *rest, struct reply *reply)
{
	struct slice copy = *rest;
	struct slice host;
	struct slice ip;

	if (!slice_cut(&copy, '[', &host) || !slice_cut(&copy, ']', &ip) ||
	    memchr(host.at, ' ', host.len))
		return false;
	reply->host = host;
	/* A UNIX-domain socket has a path there. */
	if (!memchr(ip.at, '/', ip.len))
		reply->ip = ip;
	*rest = copy;
	return true;
}

static bool read_host_said(struct slice text, struct buf *scratch,
			   struct reply *reply)
{
	struct slice said = SLICE(" said: ");
	struct slice refused = SLICE(" refused to talk to me: ");
	struct slice rest = text;

	if (!slice_skip(&rest, SLICE("host ")))
		return false;
	if (!take_peer(&rest, reply)) {
		/* Some gateways log the name alone. */
		size_t blank = slice_find(rest, SLICE(" "));

		if (blank == SIZE_MAX)
			return false;
		reply->host = slice_head(rest, blank);
		rest = slice_after(rest, blank);
	}
	if (slice_skip(&rest, refused)) {
		reply->stage = STAGE_BANNER;
	} else if (slice_skip(&rest, said)) {
		take_command(&rest, reply);
	} else {
		return false;
	}
	read_answer(rest, scratch, reply);
	return true;
}

/* "SASL authentication failed; server H[IP] said: 535 ..."; Postfix has put a
 * "?" in the place of the line break at its end. */
static bool read_sasl(struct slice text, struct buf *scratch,
		      struct reply *reply)
{
	struct slice rest = text;

	if (!slice_skip(&rest, SLICE("SASL authentication failed; server ")) ||
	    !take_peer(&rest, reply) || !slice_skip(&rest, SLICE(" said: ")))
		return false;
	reply->stage = STAGE_AUTH;
	if (slice_ends(rest, SLICE("?")))
		rest.len--;
	read_answer(rest, scratch, reply);
	return true;
}

/* "lost connection with H[IP] while X", "conversation with H[IP] timed out
 * while X", "connect to H[IP]:25: X". */
static bool read_connection(struct slice text, struct buf *scratch,
			    struct reply *reply)
{
	struct slice refused = SLICE(": server refused to talk to me: ");
	struct slice rest = text;

	if (slice_skip(&rest, SLICE("connect to "))) {
		reply->stage = STAGE_CONNECT;
		/* Postfix before 2.3 says it so. */
		if (take_peer(&rest, reply) && slice_skip(&rest, refused)) {
			reply->stage = STAGE_BANNER;
			read_answer(rest, scratch, reply);
		}
		return true;
	}
	if (slice_skip(&rest, SLICE("lost connection with ")) ||
	    slice_skip(&rest, SLICE("conversation with "))) {
		struct slice before;
		struct slice step = rest;

		if (slice_cut_at(&step, SLICE(" while "), &before))
			reply->stage = find_stage(steps, COUNT(steps), step);
	} else {
		return false;
	}
	(void)take_peer(&rest, reply);
	return true;
}

static struct slice unwrap(struct slice text)
{
	for (unsigned depth = 0; depth < 4; depth++) {
		struct slice before = text;

		for (size_t i = 0; i < COUNT(wrappers); i++)
			(void)slice_skip(&text, wrappers[i]);
		if (text.len == before.len)
			break;
	}
	return text;
}

/* False if no form of Postfix's and no code at the start was found. */
static bool read_text(struct slice text, struct buf *scratch,
		      struct reply *reply)
{
	text = unwrap(text);
	reply->text = text;
	if (read_host_said(text, scratch, reply) ||
	    read_sasl(text, scratch, reply) ||
	    read_connection(text, scratch, reply))
		return true;
	reply->stage = find_stage(local_forms, COUNT(local_forms), text);
	if (!take_code(text))
		return false;
	/* Pasted from a bounce, without "host H[IP] said: ". */
	take_command(&text, reply);
	read_answer(text, scratch, reply);
	return true;
}

/* Where the answer itself is the cause. */
static void be_own_cause(struct reply *reply)
{
	reply->cause_code = reply->code;
	reply->cause_enhanced = reply->enhanced;
	reply->local = reply->code == 0;
}

/* `response to "RCPT TO:<a@b>" from mx.b [192.0.2.1] was: 550 ...`: what
 * another server said of an address when Exim asked it. */
static bool take_callout(struct slice *words, struct reply *peer)
{
	struct slice rest = *words;
	struct slice before;

	if (!slice_skip(&rest, SLICE("response to \"")) ||
	    !slice_cut_at(&rest, SLICE("\" from "), &before) ||
	    !slice_cut(&rest, ' ', &peer->host) ||
	    !slice_skip(&rest, SLICE("[")) ||
	    !slice_cut(&rest, ']', &peer->ip) ||
	    !slice_skip(&rest, SLICE(" was: ")))
		return false;
	*words = rest;
	return true;
}

/* "<address>: unverified address: X": X. */
static bool take_wrapped(struct slice *words)
{
	struct slice rest = *words;
	struct slice before;

	if (!slice_cut_at(&rest, SLICE(">: "), &before))
		return false;
	*words = unwrap(rest);
	return words->len < rest.len;
}

/*
 * A reject is this server's answer; behind "<address>: " it may hold what
 * another server said, which is then what has to be explained, while code and
 * stage stay this server's.
 */
static void read_reject(const struct delivery *delivery, struct buf *scratch,
			struct reply *reply)
{
	struct slice words = delivery->text;
	struct reply inner = { 0 };

	read_answer(delivery->text, scratch, reply);
	/* Milters and header checks are logged without a basic code. */
	if (!reply->code)
		enhanced_parse(delivery->text, &reply->enhanced);
	reply->stage = delivery->stage;
	be_own_cause(reply);
	reply->local = false;
	if (!take_callout(&words, &inner) && !take_wrapped(&words))
		return;
	(void)read_text(words, scratch, &inner);
	reply->text = inner.text;
	reply->host = inner.host;
	reply->ip = inner.ip;
	reply->cause_code = inner.code;
	reply->cause_enhanced = inner.enhanced;
	reply->local = inner.code == 0;
}

/* The format knows already who speaks, and at which stage. */
static void read_known(const struct delivery *delivery, struct buf *scratch,
		       struct reply *reply)
{
	if (delivery->form == TEXT_ANSWER)
		read_answer(delivery->text, scratch, reply);
	else
		reply->text = delivery->text;
	reply->stage = delivery->stage;
	be_own_cause(reply);
	reply->local = delivery->form == TEXT_OWN;
}

void reply_parse(const struct delivery *delivery, struct buf *scratch,
		 struct reply *reply)
{
	*reply = (struct reply){ 0 };
	buf_reset(scratch);
	if (delivery->status == STATUS_REJECTED) {
		read_reject(delivery, scratch, reply);
		return;
	}
	if (delivery->form != TEXT_POSTFIX) {
		read_known(delivery, scratch, reply);
		return;
	}
	(void)read_text(delivery->text, scratch, reply);
	for (size_t i = 0; i < COUNT(local_agents); i++)
		if (slice_equal(delivery->service, local_agents[i]))
			reply->stage = STAGE_LOCAL;
	/* error(8) with a text of the administrator's, or of a queue file. */
	if (reply->stage == STAGE_NONE && !reply->host.len &&
	    delivery->status != STATUS_SENT)
		reply->stage = STAGE_LOCAL;
	be_own_cause(reply);
}

/* An answer that another mail system passes on, or codes in the midst of
 * words. */
static void read_relayed(struct slice text, struct buf *scratch,
			 struct reply *reply)
{
	struct relayed found;
	size_t codes;

	if (relayed_find(text, &found)) {
		(void)slice_skip(&found.words, SLICE("#"));
		reply->stage = found.stage;
		reply->host = found.host;
		reply->ip = found.ip;
		read_answer(found.words, scratch, reply);
		if (!reply->code)
			enhanced_parse(found.words, &reply->enhanced);
		return;
	}
	codes = relayed_find_codes(text);
	if (codes == SIZE_MAX)
		return;
	read_answer(slice_after(text, codes), scratch, reply);
	/* What stands before them may be what tells. */
	if (reply->text.at == text.at + codes)
		reply->text = text;
}

/* 101 and 605 are no replies of servers, but people are given them. */
static void read_odd_code(struct slice text, struct reply *reply)
{
	uint64_t number = 0;

	if (!reply->code &&
	    (text.len == 3 || (text.len > 3 && text.at[3] == ' ')) &&
	    slice_number(slice_head(text, 3), &number) && number >= 100)
		reply->code = (uint16_t)number;
}

/* "551: 5.1.6 moved", as Yahoo writes it. */
static bool read_colon_code(struct slice text, struct reply *reply)
{
	uint16_t code = take_code(slice_head(text, 3));
	struct slice rest = text;
	struct slice words;

	if (!code || !slice_cut(&rest, ':', &words) || words.len != 3)
		return false;
	words = skip_blanks(rest);
	if (rest.len && words.len == rest.len)
		return false;
	reply->code = code;
	reply->text = text;
	if (!enhanced_parse(words, &reply->enhanced))
		reply->enhanced = hash_code(words);
	return true;
}

void reply_parse_bare(struct slice text, struct buf *scratch,
		      struct reply *reply)
{
	struct enhanced enhanced;

	*reply = (struct reply){ 0 };
	buf_reset(scratch);
	text = relayed_without_tail(slice_trim(text));
	if (enhanced_parse(text, &enhanced)) {
		reply->enhanced = enhanced;
		reply->text = text;
		be_own_cause(reply);
		return;
	}
	if (!read_text(text, scratch, reply) && !read_colon_code(text, reply))
		read_relayed(text, scratch, reply);
	read_odd_code(text, reply);
	be_own_cause(reply);
}
