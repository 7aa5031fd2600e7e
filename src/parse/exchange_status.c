/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/exchange_status.h"

#include <ctype.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Exchange quotes a server's answer at most two deep; the rest is hostile. */
enum { DEPTH = 4 };

/* "'it''s; so'" at the start of *list. False if the quotes do not end before a
 * ";" or the end. */
static bool take_quoted(struct slice *list, struct buf *buf,
			struct slice *element)
{
	struct slice text = slice_after(*list, 1);
	size_t start = buf->len;
	struct slice part;

	while (slice_cut(&text, '\'', &part)) {
		buf_add(buf, part);
		if (slice_skip(&text, SLICE("'"))) {
			buf_add_char(buf, '\'');
			continue;
		}
		if (text.len && text.at[0] != ';')
			break;
		*element = slice_after(buf_slice(buf), start);
		*list = text;
		return true;
	}
	buf->len = start;
	return false;
}

/* Where the element without quotes ends. */
static size_t plain_length(struct slice list)
{
	bool braces = slice_starts(list, SLICE("[{"));

	for (size_t at = 0; at < list.len; at++) {
		struct slice rest = slice_after(list, at);

		if (braces && slice_starts(rest, SLICE("}]")))
			braces = false;
		if (list.at[at] == ';' && !braces &&
		    (at + 1 == list.len || list.at[at + 1] != ' '))
			return at;
	}
	return list.len;
}

bool exchange_list_next(struct slice *list, struct buf *buf,
			struct slice *element)
{
	size_t length;

	if (!list->len)
		return false;
	buf_reserve(buf, list->len);
	if (!slice_starts(*list, SLICE("'")) ||
	    !take_quoted(list, buf, element)) {
		length = plain_length(*list);
		*element = slice_trim(slice_head(*list, length));
		*list = slice_after(*list, length);
	}
	(void)slice_skip(list, SLICE(";"));
	return true;
}

/* Position of the last `needle`; SIZE_MAX if there is none. */
static size_t find_last(struct slice text, struct slice needle)
{
	size_t found = SIZE_MAX;
	size_t from = 0;

	for (;;) {
		size_t at = slice_find(slice_after(text, from), needle);

		if (at == SIZE_MAX)
			return found;
		found = from + at;
		from = found + needle.len;
	}
}

/* The value of "{name=" in a list of errors. The last one counts: a server can
 * write such a thing into its answer, which stands before. */
static struct slice last_value(struct slice list, struct slice name)
{
	size_t at = find_last(list, name);
	struct slice rest;
	struct slice value;

	if (at == SIZE_MAX)
		return (struct slice){ 0 };
	rest = slice_after(list, at + name.len);
	return slice_cut(&rest, '}', &value) ? value : (struct slice){ 0 };
}

/* "[{LRT=...};{LED=...};{FQDN=...};{IP=...}]": the last error, and who spoke.
 */
static struct slice take_errors(struct slice text, struct share *share)
{
	struct slice rest = text;
	struct slice before;
	struct slice error;
	struct slice host = last_value(text, SLICE("{FQDN="));
	struct slice ip = last_value(text, SLICE("{IP="));

	if ((!slice_starts(text, SLICE("[{")) &&
	     !slice_starts(text, SLICE("{LED="))) ||
	    !slice_cut_at(&rest, SLICE("{LED="), &before))
		return text;
	if (!slice_cut_at(&rest, SLICE("};{"), &error)) {
		size_t end = find_last(rest, SLICE("}"));

		error = slice_head(rest, end);
	}
	if (host.len || ip.len) {
		share->relay_host = host;
		share->relay_ip = ip;
	}
	return slice_trim(error);
}

/* "550 ", "550-", "#550 ": a code and what separates it. */
static bool has_code(struct slice text)
{
	return text.len > 3 && text.at[0] >= '2' && text.at[0] <= '5' &&
	       isdigit((unsigned char)text.at[1]) &&
	       isdigit((unsigned char)text.at[2]) &&
	       (text.at[3] == ' ' || text.at[3] == '-');
}

/* What Exchange puts round an answer: words before it, and what ends it. */
static const struct {
	struct slice before;
	struct slice end;  /* the first, if there is one */
	struct slice last; /* else the last */
} wrappers[] = {
	{ SLICE("responded with: \""), SLICE("\" Attempted failover"),
	  SLICE("\"") },
	{ SLICE("target IP address: \""), SLICE("\" Attempted failover"),
	  SLICE("\"") },
	{ SLICE(" on Frontend with '"), { 0 }, SLICE("'") },
	{ SLICE("Target host responded with error. -> "), { 0 }, { 0 } },
	{ SLICE(" [Message="), SLICE("] [LastAttempted"), SLICE("]") },
	{ SLICE("Remote Server returned '"), { 0 }, SLICE("'") },
};

/* What the first of the wrappers holds. False if there is none. */
static bool unwrap(struct slice *text)
{
	size_t first = SIZE_MAX;
	size_t found = 0;
	struct slice inner;
	size_t end = SIZE_MAX;

	for (size_t i = 0; i < COUNT(wrappers); i++) {
		size_t at = slice_find(*text, wrappers[i].before);

		if (at < first) {
			first = at;
			found = i;
		}
	}
	if (first == SIZE_MAX)
		return false;
	inner = slice_after(*text, first + wrappers[found].before.len);
	if (wrappers[found].end.len)
		end = slice_find(inner, wrappers[found].end);
	if (end == SIZE_MAX && wrappers[found].last.len)
		end = find_last(inner, wrappers[found].last);
	*text = slice_trim(slice_head(inner, end));
	return true;
}

/* "192.0.2.1:25" at the start of `text`, without the port. */
static struct slice address_before_port(struct slice text)
{
	size_t end = 0;
	size_t colon;

	while (end < text.len && (isxdigit((unsigned char)text.at[end]) ||
				  text.at[end] == ':' || text.at[end] == '.'))
		end++;
	text = slice_head(text, end);
	colon = find_last(text, SLICE(":"));
	return colon == SIZE_MAX ? text : slice_head(text, colon);
}

/* "The last endpoint attempted was 192.0.2.1:25",
 * "[LastAttemptedServerName=mx.b.example] [LastAttemptedIP=192.0.2.1:25]" */
static void find_endpoint(struct slice text, struct share *share)
{
	static const struct slice marks[] = {
		SLICE("last endpoint attempted was "),
		SLICE("[LastAttemptedIP="),
	};
	struct slice name = SLICE("[LastAttemptedServerName=");
	struct slice host = { 0 };
	size_t at = find_last(text, name);

	if (at != SIZE_MAX) {
		struct slice rest = slice_after(text, at + name.len);

		(void)slice_cut(&rest, ']', &host);
	}
	for (size_t i = 0; i < COUNT(marks); i++) {
		struct slice rest;
		struct slice ip;

		at = find_last(text, marks[i]);
		if (at == SIZE_MAX)
			continue;
		rest = slice_after(text, at + marks[i].len);
		ip = address_before_port(rest);
		if (host.len || !slice_equal(ip, share->relay_ip))
			share->relay_host = host;
		share->relay_ip = ip;
		return;
	}
}

/* What Exchange itself says, behind the codes, where no server has answered:
 * by its SMTP client, in the order in which they are looked for. */
static const struct {
	struct slice words;
	enum stage stage;
} own_words[] = {
	{ SLICE("Unable to connect"), STAGE_CONNECT },
	{ SLICE("Unable to establish connection"), STAGE_CONNECT },
	{ SLICE("Failed to connect"), STAGE_CONNECT },
	{ SLICE("Cannot connect to remote server"), STAGE_CONNECT },
	{ SLICE("Cannot establish session with remote server"), STAGE_CONNECT },
	{ SLICE("Connection timed out"), STAGE_CONNECT },
	{ SLICE("Connection refused"), STAGE_CONNECT },
	{ SLICE("Connection dropped"), STAGE_NONE },
	{ SLICE("DNS query failed"), STAGE_CONNECT },
	{ SLICE("DNS Query Failed"), STAGE_CONNECT },
	{ SLICE("SocketError"), STAGE_CONNECT },
	{ SLICE("Socket error"), STAGE_CONNECT },
	{ SLICE("Winsock error"), STAGE_CONNECT },
	{ SLICE("Error encountered while communicating"), STAGE_CONNECT },
	{ SLICE("Security status"), STAGE_STARTTLS },
};

/* Behind the codes, which go to *dsn. */
static struct slice skip_codes(struct slice text, struct enhanced *dsn)
{
	if (has_code(text))
		text = slice_after(text, 4);
	text = slice_after(text, enhanced_parse(text, dsn));
	return slice_trim(text);
}

/* Whether no server has spoken; *share has stage and code then. */
static bool is_own(struct slice text, struct share *share)
{
	struct enhanced dsn;
	struct slice words = skip_codes(text, &dsn);

	if (dsn.class)
		share->dsn = dsn;
	for (size_t i = 0; i < COUNT(own_words); i++) {
		if (!slice_starts(words, own_words[i].words))
			continue;
		share->stage = own_words[i].stage;
		return true;
	}
	return !has_code(text);
}

/*
 * Takes Exchange's words off an answer, as far as it quotes one; what else it
 * quotes tells less without them ("SocketError: TimedOut"). True if no server
 * has spoken.
 */
static bool unwrap_all(struct slice *words, struct share *share)
{
	for (unsigned depth = 0; depth < DEPTH; depth++) {
		struct slice inner = *words;
		bool own = is_own(*words, share);

		if (!unwrap(&inner))
			return own;
		if (!has_code(inner)) {
			(void)is_own(inner, share);
			return true;
		}
		*words = inner;
	}
	return is_own(*words, share);
}

bool exchange_status_read(struct slice text, struct share *share)
{
	struct slice words;
	struct slice inner;

	text = slice_trim(text);
	if (has_code(text) && text.at[0] == '2')
		return false;
	words = take_errors(text, share);
	if (has_code(words) && words.at[0] == '2')
		return false;
	(void)slice_skip(&words, SLICE("#"));
	/* Only where the words round it are Exchange's. */
	inner = words;
	if (unwrap(&inner) || is_own(words, share))
		find_endpoint(words, share);
	share->stage = STAGE_NONE;
	share->form = TEXT_OWN;
	if (!unwrap_all(&words, share)) {
		share->form = TEXT_ANSWER;
		share->stage = STAGE_NONE;
		share->dsn = (struct enhanced){ 0 };
	}
	share->text = words;
	return true;
}

bool exchange_status_is_expiry(struct slice text)
{
	struct enhanced dsn;
	struct slice words = skip_codes(text, &dsn);

	return slice_starts_nocase(words, SLICE("QUEUE.Expired")) ||
	       slice_starts_nocase(words, SLICE("Message expired"));
}
