/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/exim_address.h"

#include "parse/address.h"

enum {
	/* RFC 5321, 4.5.3.1.1. What a server has written stands further behind
	 * in a line: the fields and "SMTP error from ..." are longer. */
	LOCAL_LIMIT = 64,
	/* How far an address may reach; lines of hostile length cost no time.
	 */
	REACH = 1024
};

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* " R=", " SRS=": the name of a field. */
static bool starts_field(struct slice rest)
{
	size_t len = 1;

	while (len < rest.len && len < 5 && is_upper(rest.at[len]))
		len++;
	return len > 1 && len < rest.len && rest.at[0] == ' ' &&
	       rest.at[len] == '=';
}

bool exim_address_ends(struct slice rest)
{
	static const struct slice others[] = {
		SLICE(": "),
		SLICE(" : "),
		SLICE(" defer ("),
		SLICE(" routing defer ("),
		SLICE(" transporting defer ("),
	};

	if (rest.len == 0 || slice_equal(rest, SLICE(":")) ||
	    starts_field(rest))
		return true;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (slice_starts(rest, others[i]))
			return true;
	return false;
}

/* Up to a blank or the colon before the text. */
static struct slice take_word(struct slice *rest)
{
	size_t len = address_quoted_length(*rest);
	struct slice word;

	while (len < rest->len && rest->at[len] != ' ' &&
	       !(rest->at[len] == ':' &&
		 (len + 1 == rest->len || rest->at[len + 1] == ' ')))
		len++;
	word = slice_head(*rest, len);
	*rest = slice_after(*rest, len);
	return word;
}

/* " (a@b, c@d)", what was generated from the original on the way. */
static void skip_parents(struct slice *rest)
{
	struct slice copy = *rest;

	if (!slice_skip(&copy, SLICE(" (")))
		return;
	for (;;) {
		size_t len = address_quoted_length(copy);

		while (len < copy.len && copy.at[len] != ',' &&
		       copy.at[len] != ')')
			len++;
		if (len == copy.len)
			return;
		copy = slice_after(copy, len);
		if (slice_skip(&copy, SLICE(")")))
			break;
		if (!slice_skip(&copy, SLICE(", ")))
			return;
	}
	*rest = copy;
}

/* " (PARENTS) <ORIGINAL>", and that nothing but fields or a text follows. */
static bool take_original(struct slice *rest, struct slice *original)
{
	struct slice copy = *rest;

	skip_parents(&copy);
	while (slice_starts(copy, SLICE(" <"))) {
		struct slice path = slice_after(copy, 1);

		if (!address_take_path(&path, original))
			break;
		copy = path;
	}
	if (!exim_address_ends(copy))
		return false;
	*rest = copy;
	return true;
}

static char lower(char c)
{
	return is_upper(c) ? (char)(c | 0x20) : c;
}

/* Whether `plain` is `address` without the quotes and backslashes of its local
 * part, in whichever case. */
static bool is_same(struct slice plain, struct slice address)
{
	size_t quoted = address_quoted_length(address);
	size_t at = 0;

	for (size_t i = quoted ? 1 : 0; i < address.len; i++) {
		if (quoted && i == quoted - 1)
			continue;
		if (i < quoted && address.at[i] == '\\')
			i++;
		if (at == plain.len ||
		    lower(plain.at[at++]) != lower(address.at[i]))
			return false;
	}
	return at == plain.len;
}

/* `odd one@x <"odd one"@x>`: the first place where both agree. */
static bool take_unquoted(struct slice *rest, struct slice *plain,
			  struct slice *original)
{
	size_t at = 0;

	for (;;) {
		struct slice near = slice_head(*rest, REACH);
		size_t found = slice_find(slice_after(near, at), SLICE(" <\""));
		struct slice path;

		if (found == SIZE_MAX)
			return false;
		at += found;
		path = slice_after(*rest, at + 1);
		*plain = slice_head(*rest, at);
		if (address_take_path(&path, original) &&
		    is_same(*plain, *original) && exim_address_ends(path)) {
			*rest = path;
			return true;
		}
		at++;
	}
}

/* Commands and files may hold anything; what they are for stands behind. */
static bool take_with_blanks(struct slice *rest, struct slice *word,
			     struct slice *original)
{
	for (size_t at = 1; at < rest->len && at < REACH; at++) {
		struct slice copy = slice_after(*rest, at);

		if (!slice_starts(copy, SLICE(" <")) &&
		    !slice_starts(copy, SLICE(" (")))
			continue;
		if (take_original(&copy, original) && original->len) {
			*word = slice_trim(slice_head(*rest, at));
			*rest = copy;
			return true;
		}
	}
	return false;
}

/* A command, a file, an answer ">a@b", ":blackhole:": no address. */
static bool is_special(struct slice word)
{
	return word.len > 0 && memchr("|/:>", word.at[0], 4);
}

/* "sales |/bin/autorespond a@b", "save archive": it has blanks that no address
 * explains. */
static bool has_stray_blanks(struct slice word)
{
	const char *blank = memchr(word.at, ' ', word.len);

	return blank && (!memchr(word.at, '@', word.len) ||
			 slice_find(word, SLICE(" |")) != SIZE_MAX);
}

/* Whether a bare local part is the original's. */
static bool is_local_part(struct slice word, struct slice original)
{
	return original.len > word.len && original.at[word.len] == '@' &&
	       is_same(word, slice_head(original, word.len));
}

static void decide(struct slice word, struct slice original,
		   struct exim_address *address)
{
	*address = (struct exim_address){ .recipient = original };
	if (original.len &&
	    (is_special(word) || has_stray_blanks(word) ||
	     is_same(word, original) || is_local_part(word, original) ||
	     slice_equal(word, SLICE("discarded"))))
		return;
	*address = (struct exim_address){ word, original };
}

/* What was taken off, as it is written. */
struct words {
	struct slice rest;
	struct slice word;
	struct slice original;
};

static bool take_plain(struct slice rest, struct words *plain)
{
	*plain = (struct words){ .rest = rest };
	plain->word = take_word(&plain->rest);
	return plain->word.len > 0 && !is_special(plain->word) &&
	       take_original(&plain->rest, &plain->original);
}

static bool take_special(struct slice rest, struct words *special)
{
	*special = (struct words){ .rest = rest };
	if (take_with_blanks(&special->rest, &special->word,
			     &special->original))
		return true;
	special->word = take_word(&special->rest);
	return special->word.len > 0 && exim_address_ends(special->rest);
}

static bool has_long_local_part(struct slice word)
{
	const char *at = memrchr(word.at, '@', word.len);

	return at && (size_t)(at - word.at) > LOCAL_LIMIT;
}

bool exim_address_take(struct slice *rest, struct exim_address *address)
{
	struct words plain;
	struct words odd = { .rest = *rest };
	struct slice start = *rest;
	bool is_plain;

	/* "->  foo@bar.tld": a blank that was in quotes. */
	while (slice_skip(&start, SLICE(" ")))
		;
	is_plain = take_plain(start, &plain);
	if (take_unquoted(&odd.rest, &odd.word, &odd.original)) {
		/* Whether the sender wrote it or the server cannot be told. */
		if (is_plain && has_long_local_part(odd.word))
			return false;
		plain = odd;
	} else if (!is_plain && !take_special(start, &plain)) {
		return false;
	}
	decide(plain.word, plain.original, address);
	*rest = plain.rest;
	return true;
}
