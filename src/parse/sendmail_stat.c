/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/sendmail_stat.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Sendmail cuts both fields at some 200 bytes: they hold fewer marks. A line
 * full of them must not take for ever. */
enum { LOOK_LIMIT = 64 };

static const struct slice mark = SLICE(", stat=");
static const struct slice deferred = SLICE("Deferred");
static const struct slice deferred_with = SLICE("Deferred: ");

/* Class of the basic code at the start, 4 for "450 ..."; 0: there is none. */
static unsigned class_of(struct slice text)
{
	uint64_t code = 0;

	if (text.len < 3 || !slice_number(slice_head(text, 3), &code) ||
	    (text.len > 3 && text.at[3] != ' ' && text.at[3] != '-'))
		return 0;
	return code >= 200 && code < 600 ? (unsigned)(code / 100) : 0;
}

/* "450 4.2.0 later" without its codes. */
static struct slice words_of(struct slice text)
{
	struct enhanced enhanced;
	size_t length;

	if (class_of(text))
		text = slice_after(text, 4);
	text = slice_trim(text);
	length = enhanced_parse(text, &enhanced);
	return slice_trim(slice_after(text, length));
}

/* The codes of an answer that Sendmail shortens in the middle of its words. */
static struct slice until_gap(struct slice text)
{
	size_t gap = slice_find(text, SLICE("..."));

	return gap == SIZE_MAX ? text : slice_head(text, gap);
}

/*
 * Whether both are the same answer: the one in stat= keeps the "-" of an answer
 * of several lines, and each may be shortened at another place, or `cut`.
 */
static bool is_same(struct slice reply, struct slice shown, bool cut)
{
	struct slice a = until_gap(reply);
	struct slice b = until_gap(shown);
	size_t common = a.len < b.len ? a.len : b.len;

	if (reply.len < 4 || shown.len < 4)
		return slice_equal(slice_head(reply, 3), slice_head(shown, 3));
	if (!cut && a.len == reply.len && b.len == shown.len &&
	    reply.len != shown.len)
		return false;
	return slice_equal(slice_head(reply, 3), slice_head(shown, 3)) &&
	       slice_equal(slice_after(slice_head(a, common), 4),
			   slice_after(slice_head(b, common), 4));
}

/*
 * Cuts "REPLY, stat=STATUS". Of several ", stat=" it is the one behind which
 * "Deferred: " and the reply follow, as Sendmail repeats a 4xx there; else the
 * last one, because no other status holds words of the server. (A server that
 * answers with several lines of different classes could still choose.)
 */
static void split(struct slice text, bool cut, struct slice *reply,
		  struct slice *status)
{
	struct slice rest = text;
	struct slice before;
	size_t from = 0;
	unsigned looks = 0;

	*reply = text;
	*status = (struct slice){ 0 };
	while (slice_cut_at(&rest, mark, &before)) {
		struct slice shown = rest;

		*reply = slice_head(text, from + before.len);
		*status = rest;
		from += before.len + mark.len;
		if (looks++ < LOOK_LIMIT && class_of(*reply) == 4 &&
		    slice_skip(&shown, deferred_with) &&
		    is_same(*reply, shown, cut))
			return;
	}
}

/* What Sendmail itself says with codes, as if a server had. */
static bool is_made_up(struct slice answer)
{
	static const struct slice texts[] = {
		SLICE("Connection reset by "),
		SLICE("reply: read error from "),
		SLICE("TLS handshake failed"),
		SLICE("authentication failed"),
	};
	struct slice words = words_of(answer);

	for (size_t i = 0; i < COUNT(texts); i++)
		if (slice_starts(words, texts[i]))
			return true;
	return false;
}

/* Where the own words say it. A timeout or a reset can be at any stage. */
static enum stage own_stage(struct slice text, enum sendmail_relay relay)
{
	static const struct {
		struct slice text;
		enum stage stage;
	} table[] = {
		{ SLICE("Connection refused by "), STAGE_CONNECT },
		{ SLICE("No route to host"), STAGE_CONNECT },
		{ SLICE("Network is unreachable"), STAGE_CONNECT },
		{ SLICE("Host unknown"), STAGE_CONNECT },
		{ SLICE("Name server: "), STAGE_CONNECT },
		{ SLICE("TLS handshake failed"), STAGE_STARTTLS },
	};

	for (size_t i = 0; i < COUNT(table); i++)
		if (slice_find(text, table[i].text) != SIZE_MAX)
			return table[i].stage;
	return relay == SENDMAIL_NO_RELAY ? STAGE_LOCAL : STAGE_NONE;
}

static void set_own(struct slice text, enum sendmail_relay relay,
		    struct delivery *delivery)
{
	delivery->form = TEXT_OWN;
	delivery->text = text;
	delivery->stage = own_stage(text, relay);
}

/*
 * The server's answer. Its own enhanced code counts, no other. An answer whose
 * class is not that of the outcome (only the first line is logged, or an older
 * one) has no say in the codes.
 */
static void set_answer(struct slice answer, struct delivery *delivery)
{
	unsigned class = class_of(answer);
	bool fits = class == (delivery->status == STATUS_DEFERRED ? 4u : 5u);

	delivery->form = TEXT_ANSWER;
	delivery->text = answer;
	if (class && !fits)
		delivery->text = words_of(answer);
	else if (class)
		delivery->dsn = (struct enhanced){ 0 };
}

static bool is_deferred(struct slice status)
{
	return slice_equal(status, deferred) ||
	       slice_starts(status, deferred_with);
}

static enum status status_of(struct slice status, struct enhanced dsn)
{
	static const struct slice sent = SLICE("Sent");

	if (dsn.class == 2 || !dsn.class)
		if (slice_equal(status, sent) ||
		    slice_starts(status, SLICE("Sent ")))
			return STATUS_SENT;
	if (dsn.class == 2)
		return STATUS_NONE;
	if (dsn.class == 4 || is_deferred(status))
		return STATUS_DEFERRED;
	return STATUS_BOUNCED;
}

/* "Ok: queued as 3A" of "Sent (Ok: queued as 3A)", which is without a code. */
static struct slice sent_text(struct slice status)
{
	if (!slice_skip(&status, SLICE("Sent (")))
		return (struct slice){ 0 };
	if (slice_ends(status, SLICE(")")))
		status.len--;
	return slice_is_blank(status) ? (struct slice){ 0 }
				      : slice_trim(status);
}

/*
 * Whether stat= is but a class of errors, which tells less than dsn= does.
 * "User unknown" is right where no server was asked, and likely where the code
 * is about an address.
 */
static bool is_empty_word(struct slice status, enum sendmail_relay relay,
			  struct enhanced dsn)
{
	if (slice_equal(status, SLICE("User unknown")))
		return relay == SENDMAIL_CONNECTED && dsn.subject > 1;
	return slice_equal(status, SLICE("Service unavailable")) ||
	       slice_equal(status, SLICE("Data format error"));
}

/* No reply=: what stat= says is all there is. */
static void read_status(const struct sendmail_stat *stat,
			struct delivery *delivery)
{
	struct slice text = stat->status;
	bool connected = stat->relay == SENDMAIL_CONNECTED;

	(void)slice_skip(&text, deferred_with);
	if (class_of(text) >= 4) {
		if (!connected || is_made_up(text))
			set_own(words_of(text), stat->relay, delivery);
		else
			set_answer(text, delivery);
		return;
	}
	set_own(text, stat->relay, delivery);
	delivery->sender_words = is_empty_word(text, stat->relay, stat->dsn);
	/* A server has refused in words that old versions do not log. */
	if (connected && delivery->status == STATUS_BOUNCED)
		delivery->form = TEXT_ANSWER;
}

static void read_reply(const struct sendmail_stat *stat, struct slice reply,
		       struct slice status, struct delivery *delivery)
{
	struct slice shown = status;
	bool connected = stat->relay == SENDMAIL_CONNECTED;
	unsigned class = class_of(reply);

	if (!slice_skip(&shown, deferred_with))
		shown = (struct slice){ 0 };
	/* reply= may be older than what stat= shows. */
	if (class_of(shown) == 4 && !is_same(reply, shown, stat->cut)) {
		reply = shown;
		class = 4;
	}
	if (!connected || is_made_up(reply))
		set_own(words_of(shown.len ? shown : reply), stat->relay,
			delivery);
	else if (class == 2 || class == 3 || !reply.len)
		set_own(status, stat->relay, delivery);
	else
		set_answer(slice_trim(reply), delivery);
	/* Only answers to RCPT become that. */
	if (connected && slice_equal(status, SLICE("User unknown")))
		delivery->stage = STAGE_RCPT;
}

bool sendmail_stat_read(const struct sendmail_stat *stat,
			struct delivery *delivery)
{
	struct slice reply = { 0 };
	struct slice status = stat->status;

	if (stat->text.len)
		split(stat->text, stat->cut, &reply, &status);
	delivery->dsn = stat->dsn;
	delivery->status = status_of(status, stat->dsn);
	if (delivery->status == STATUS_SENT)
		set_own(sent_text(status), stat->relay, delivery);
	else if (stat->text.len)
		read_reply(stat, reply, status, delivery);
	else
		read_status(stat, delivery);
	return delivery->status != STATUS_NONE;
}
