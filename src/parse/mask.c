/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/mask.h"

#include <arpa/inet.h>
#include <ctype.h>

enum {
	NUMBER_DIGITS = 4,
	MIXED_SIZE = 8,
	/* Looking ahead ends somewhere, or a hostile reply takes for ever. */
	LOCAL_LIMIT = 255,
	HOST_LIMIT = 255,
};

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char at_or_nul(struct slice text, size_t at)
{
	return at < text.len ? text.at[at] : '\0';
}

/*
 * Each of the functions below looks at the start of `text`, where a word could
 * begin, and returns the length of what it takes; 0: not mine.
 */

static size_t ipv4_length(struct slice text)
{
	size_t at = 0;

	for (unsigned part = 0; part < 4; part++) {
		unsigned number = 0;
		size_t start;

		if (part && at_or_nul(text, at++) != '.')
			return 0;
		for (start = at; is_digit(at_or_nul(text, at)); at++) {
			number = number * 10 + (unsigned)(text.at[at] - '0');
			if (at - start == 3)
				return 0;
		}
		if (at == start || number > 255)
			return 0;
	}
	/* "1.2.0.192.zen.example" is a name. */
	if (is_word(at_or_nul(text, at)) || at_or_nul(text, at) == '-' ||
	    (at_or_nul(text, at) == '.' && is_word(at_or_nul(text, at + 1))))
		return 0;
	return at;
}

static size_t ipv6_length(struct slice text)
{
	char copy[INET6_ADDRSTRLEN];
	struct in6_addr address;
	size_t colons = 0;
	size_t at = 0;

	while (at < text.len && at + 1 < sizeof(copy) &&
	       (isxdigit((unsigned char)text.at[at]) || text.at[at] == ':' ||
		text.at[at] == '.')) {
		colons += text.at[at] == ':';
		at++;
	}
	if (colons < 2 || is_word(at_or_nul(text, at)))
		return 0;
	/* The end of a sentence, "2001:db8::1." or "2001:db8::1: refused". */
	while (at && !isxdigit((unsigned char)text.at[at - 1]))
		at--;
	memcpy(copy, text.at, at);
	copy[at] = '\0';
	return at > 2 && inet_pton(AF_INET6, copy, &address) == 1 ? at : 0;
}

static size_t ip_length(struct slice text)
{
	size_t length = ipv4_length(text);

	return length ? length : ipv6_length(text);
}

static bool is_local(char c)
{
	return is_word(c) || (c && strchr(".!#$%&'*+/=?^_`{|}~-", c));
}

/* "[192.0.2.1]" or a name. */
static size_t address_domain_length(struct slice text)
{
	size_t at = 0;

	if (at_or_nul(text, 0) == '[') {
		while (at < text.len && at < HOST_LIMIT && text.at[at] != ']')
			at++;
		return at_or_nul(text, at) == ']' ? at + 1 : 0;
	}
	while (at < text.len && (is_word(text.at[at]) || text.at[at] == '-' ||
				 text.at[at] == '.'))
		at++;
	while (at && !is_word(text.at[at - 1]))
		at--;
	return at;
}

/* The quoted local part of RFC 5321, 4.1.2, with its quotes. */
static size_t quoted_length(struct slice text)
{
	size_t at = 1;

	if (at_or_nul(text, 0) != '"')
		return 0;
	while (at < text.len && at < LOCAL_LIMIT && text.at[at] != '"')
		at += text.at[at] == '\\' ? 2 : 1;
	return at_or_nul(text, at) == '"' ? at + 1 : 0;
}

static size_t address_length(struct slice text)
{
	size_t local = quoted_length(text);
	size_t letters = 0;
	size_t domain;

	/* Not the slash before it, in a URL. */
	if (is_word(at_or_nul(text, 0)) || at_or_nul(text, 0) == '_')
		while (local < LOCAL_LIMIT && is_local(at_or_nul(text, local)))
			local++;
	if (!local || at_or_nul(text, local) != '@')
		return 0;
	/* "to=anna@a.example": the word before is none of the address. */
	while (isalpha((unsigned char)at_or_nul(text, letters)))
		letters++;
	if (at_or_nul(text, letters) == '=')
		return 0;
	domain = address_domain_length(slice_after(text, local + 1));
	return domain ? local + 1 + domain : 0;
}

/* A top-level domain: letters, or "xn--". */
static bool is_top_label(struct slice label)
{
	if (slice_starts_nocase(label, SLICE("xn--")))
		return true;
	for (size_t i = 0; i < label.len; i++)
		if (!isalpha((unsigned char)label.at[i]))
			return false;
	return label.len >= 2;
}

/* `before` is what stands before it. A name of one dot may be anything, unless
 * it is in brackets or an address in brackets follows. */
static size_t host_length(struct slice text, char before)
{
	size_t dots = 0;
	size_t last = 0;
	size_t at = 0;
	char after;

	while (at < text.len && at <= HOST_LIMIT) {
		char c = text.at[at];

		if (c == '.' && is_word(at_or_nul(text, at + 1))) {
			dots++;
			last = at + 1;
		} else if (!is_word(c) && c != '-' && c != '_') {
			break;
		}
		at++;
	}
	after = at_or_nul(text, at);
	if (dots == 1 && after != '[' && !(before == '[' && after == ']') &&
	    !(before == '(' && after == ')') &&
	    !(before == '<' && after == '>'))
		return 0;
	if (!dots || at > HOST_LIMIT ||
	    !is_top_label((struct slice){ text.at + last, at - last }))
		return 0;
	return at;
}

/* Scheme and host of a URL, with the port; an address for a host is none. */
static size_t url_length(struct slice text)
{
	size_t at = slice_starts_nocase(text, SLICE("https://"))  ? 8
		    : slice_starts_nocase(text, SLICE("http://")) ? 7
								  : 0;

	if (!at || ip_length(slice_after(text, at)))
		return at;
	while (is_word(at_or_nul(text, at)) ||
	       (at < text.len && strchr(".-_:", text.at[at]) &&
		is_word(at_or_nul(text, at + 1))))
		at++;
	return at;
}

/* Whether the run of letters and digits is an id. */
static bool is_id(struct slice run, bool *has_digit)
{
	size_t digits = 0;

	for (size_t i = 0; i < run.len; i++)
		digits += is_digit(run.at[i]);
	*has_digit = digits > 0;
	if (digits == run.len)
		return digits >= NUMBER_DIGITS;
	return digits && run.len >= MIXED_SIZE;
}

/* Runs of letters and digits, joined as in "a-b.c"; digits also as in
 * "10:11:12". */
static size_t word_length(struct slice text, size_t *colons)
{
	size_t at = 0;

	*colons = 0;
	while (at < text.len) {
		char next = at_or_nul(text, at + 1);

		if (text.at[at] == ':' && at > 1 && is_digit(text.at[at - 2]) &&
		    is_digit(text.at[at - 1]) && is_digit(next))
			++*colons;
		else if (!is_word(text.at[at]) &&
			 !(at && strchr("-._+~", text.at[at]) && is_word(next)))
			break;
		at++;
	}
	return at;
}

/*
 * How much of a word is kept: all, if no run of it is an id; else what stands
 * before the first run with a digit.
 */
static size_t kept_length(struct slice word, size_t colons)
{
	size_t first = SIZE_MAX;
	bool found = colons > 1;
	size_t at = 0;

	if (slice_starts_nocase(word, SLICE("rfc")))
		return word.len;
	while (at < word.len) {
		size_t start = at;
		bool has_digit;

		while (at < word.len && is_word(word.at[at]))
			at++;
		found |= is_id((struct slice){ word.at + start, at - start },
			       &has_digit);
		if (has_digit && first == SIZE_MAX)
			first = start;
		at++;
	}
	return found ? first : word.len;
}

/* Where masking has come to. */
struct masking {
	struct slice rest;
	char before; /* what stood before the rest */
	struct buf *masked;
	size_t start; /* of this reply in `masked` */
};

static void skip(struct masking *masking, size_t count)
{
	if (!count)
		return;
	masking->before = masking->rest.at[count - 1];
	masking->rest = slice_after(masking->rest, count);
}

static void keep(struct masking *masking, size_t count)
{
	buf_add(masking->masked, slice_head(masking->rest, count));
	skip(masking, count);
}

/* Puts `mask` in place of `count` bytes; "<x>" becomes no "<<id>>". */
static bool put(struct masking *masking, size_t count, struct slice mask)
{
	if (!count)
		return false;
	if (masking->before == '<' && masking->masked->len > masking->start &&
	    at_or_nul(masking->rest, count) == '>') {
		masking->masked->len--;
		count++;
	}
	buf_add(masking->masked, mask);
	skip(masking, count);
	return true;
}

static bool follows_rfc(const struct masking *masking)
{
	struct slice done = slice_after(buf_slice(masking->masked),
					masking->start);

	return done.len >= 4 &&
	       slice_starts_nocase(slice_after(done, done.len - 4),
				   SLICE("rfc "));
}

static void take_word(struct masking *masking)
{
	size_t colons;
	size_t length = word_length(masking->rest, &colons);
	size_t kept = kept_length(slice_head(masking->rest, length), colons);

	if (kept == length || follows_rfc(masking)) {
		keep(masking, length);
		return;
	}
	keep(masking, kept);
	(void)put(masking, length - kept, SLICE("<id>"));
}

static void take_blanks(struct masking *masking)
{
	size_t length = 0;

	while (isspace((unsigned char)at_or_nul(masking->rest, length)))
		length++;
	if (masking->masked->len > masking->start && masking->rest.len > length)
		buf_add_char(masking->masked, ' ');
	skip(masking, length);
}

void mask_reply(struct slice reply, struct buf *masked)
{
	struct masking masking = { .rest = reply,
				   .masked = masked,
				   .start = masked->len };

	while (masking.rest.len) {
		size_t url = url_length(masking.rest);

		if (url)
			keep(&masking, url);
		else if (put(&masking, address_length(masking.rest),
			     SLICE("<address>")) ||
			 put(&masking, ip_length(masking.rest),
			     SLICE("<ip>")) ||
			 put(&masking,
			     host_length(masking.rest, masking.before),
			     SLICE("<host>")))
			continue;
		else if (is_word(masking.rest.at[0]))
			take_word(&masking);
		else if (isspace((unsigned char)masking.rest.at[0]))
			take_blanks(&masking);
		else
			keep(&masking, 1);
	}
}
