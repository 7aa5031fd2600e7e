/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/qmail_words.h"

#include <ctype.h>

/* RFC 5321: 64 + "@" + 255. */
enum { ADDRESS_MAX = 320, FILE_NAME_MAX = 64 };

struct words {
	struct slice logged;
	struct slice recipient;
	struct buf *buf;
	size_t at; /* in `logged` */
	bool more; /* further lines of a reply may follow */
};

static char char_at(struct slice text, size_t at)
{
	return at < text.len ? text.at[at] : '\0';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_one_of(char c, const char *chars)
{
	return c && strchr(chars, c);
}

static bool is_word_char(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_';
}

/* "550-" or "550_" of a reply, as it was logged, or "550" at the end. */
static bool begins_reply(struct slice text)
{
	char mark = char_at(text, 3);

	return char_at(text, 0) >= '2' && char_at(text, 0) <= '5' &&
	       is_digit(char_at(text, 1)) && is_digit(char_at(text, 2)) &&
	       (mark == '-' || mark == '_' || mark == '\0');
}

/* Whether the slash at `at` ends a sentence, or a part of one, and another
 * begins behind it: in "./Maildir/" it does not. */
static bool ends_sentence(struct slice text, size_t at)
{
	char next = char_at(text, at + 1);

	if (at > 0 && text.at[at - 1] == ',' && isalpha((unsigned char)next))
		return true;
	if (at < 2 || !is_one_of(text.at[at - 1], ".)!?") ||
	    !(isalnum((unsigned char)text.at[at - 2]) ||
	      is_one_of(text.at[at - 2], ")>\"")))
		return false;
	return at + 1 == text.len || isupper((unsigned char)next) ||
	       is_one_of(next, "(<");
}

/* Whether the slash at words->at is a line break. */
static bool is_break(struct words *words)
{
	struct slice next = slice_after(words->logged, words->at + 1);

	if (!words->more)
		return ends_sentence(words->logged, words->at);
	if (!begins_reply(next))
		return false;
	words->more = char_at(next, 3) == '-';
	return true;
}

static void take(struct words *words, size_t count)
{
	buf_add(words->buf,
		slice_head(slice_after(words->logged, words->at), count));
	words->at += count;
}

static void take_as_blank(struct words *words)
{
	buf_add_char(words->buf, ' ');
	words->at++;
}

/* "<a_b@c.example>" as it is; 0 if no address is in these brackets. */
static size_t bracketed_length(struct slice text)
{
	struct slice rest = slice_head(text, ADDRESS_MAX + 2);
	struct slice inner;

	if (!slice_skip(&rest, SLICE("<")) || !slice_cut(&rest, '>', &inner) ||
	    !memchr(inner.at, '@', inner.len) ||
	    memchr(inner.at, '<', inner.len) ||
	    memchr(inner.at, '/', inner.len))
		return 0;
	return inner.len + 2;
}

/* How many bytes of a name begin at the underscore: "_mail" of "bulk_mail.html"
 * and, in a query, "_ip" of "?bounce_ip=192.0.2.1". 0: it is a blank. */
static size_t name_length(struct slice text, bool in_query)
{
	static const struct slice ends[] = {
		SLICE(".htm"), SLICE(".shtm"), SLICE(".php"), SLICE(".asp"),
		SLICE(".jsp"), SLICE(".cgi"),  SLICE(".pdf"), SLICE(".txt"),
	};
	size_t len = 0;

	while (len < FILE_NAME_MAX && is_word_char(char_at(text, len)))
		len++;
	if (in_query && char_at(text, len) == '=')
		return len;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (slice_starts_nocase(slice_after(text, len), ends[i]))
			return len;
	return 0;
}

static size_t scheme_length(struct slice text)
{
	if (slice_starts_nocase(text, SLICE("http://")))
		return sizeof("http://") - 1;
	if (slice_starts_nocase(text, SLICE("https://")))
		return sizeof("https://") - 1;
	return 0;
}

/* A URL whose scheme is taken already. */
static void take_url(struct words *words)
{
	bool in_path = false;
	bool in_query = false;

	while (words->at < words->logged.len) {
		struct slice rest = slice_after(words->logged, words->at);
		char c = rest.at[0];
		size_t len = 1;

		if (is_one_of(c, "<>\""))
			return;
		if (c == '/') {
			if (begins_reply(slice_after(rest, 1)) ||
			    ends_sentence(words->logged, words->at))
				return;
			in_path = true;
		} else if (c == '_') {
			len = in_path ? name_length(rest, in_query) : 0;
			if (len == 0)
				return;
		}
		in_query = in_query || c == '?';
		take(words, len);
	}
}

static bool at_recipient(const struct words *words)
{
	return words->recipient.len &&
	       words->logged.at[words->at] == words->recipient.at[0] &&
	       slice_starts(slice_after(words->logged, words->at),
			    words->recipient);
}

struct slice qmail_words_add(struct slice logged, struct slice recipient,
			     struct buf *buf)
{
	struct words words = { .logged = logged, .buf = buf };
	size_t start = buf->len;

	words.more = begins_reply(logged) && char_at(logged, 3) == '-';
	/* "a" alone would be found everywhere. */
	if (recipient.len && memchr(recipient.at, '@', recipient.len))
		words.recipient = recipient;
	while (words.at < logged.len) {
		struct slice rest = slice_after(logged, words.at);
		size_t len;

		if (at_recipient(&words)) {
			take(&words, words.recipient.len);
		} else if ((len = bracketed_length(rest))) {
			take(&words, len);
		} else if ((len = scheme_length(rest))) {
			take(&words, len);
			take_url(&words);
		} else if (rest.at[0] == '_' ||
			   (rest.at[0] == '/' && is_break(&words))) {
			take_as_blank(&words);
		} else {
			take(&words, 1);
		}
	}
	return (struct slice){ buf->at + start, buf->len - start };
}
