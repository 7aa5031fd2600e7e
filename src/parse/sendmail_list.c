/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/sendmail_list.h"

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* The byte that the escape at text[at] stands for; its length, 0: it is none.
 */
static size_t read_escape(struct slice text, size_t at, char *byte)
{
	static const char letters[] = "\\tnrfvba";
	static const char bytes[] = "\\\t\n\r\f\v\b\a";
	const char *letter;
	unsigned number = 0;

	if (at + 1 >= text.len)
		return 0;
	letter = text.at[at + 1] ? strchr(letters, text.at[at + 1]) : NULL;
	if (letter) {
		*byte = bytes[letter - letters];
		return 2;
	}
	if (at + 3 >= text.len || text.at[at + 1] > '3')
		return 0;
	for (size_t i = 1; i <= 3; i++) {
		if (!is_octal(text.at[at + i]))
			return 0;
		number = number * 8 + (unsigned)(text.at[at + i] - '0');
	}
	*byte = number ? (char)number : '?';
	return 4;
}

void sendmail_unescape(struct buf *text)
{
	struct slice old = buf_slice(text);
	const char *first = old.len ? memchr(old.at, '\\', old.len) : NULL;
	size_t at = first ? (size_t)(first - old.at) : old.len;
	size_t len = at;

	while (at < old.len) {
		char byte = old.at[at];
		size_t escape = byte == '\\' ? read_escape(old, at, &byte) : 0;

		text->at[len++] = byte;
		at += escape ? escape : 1;
	}
	text->len = len;
}

/* Where a walk through a list has come to. */
struct walk {
	bool quoted;
	unsigned comments; /* parentheses that are open */
};

/* Whether the byte at `*at` is one of the list's own: in no quotes, no comment,
 * behind no backslash. Moves *at on what belongs to it. */
static bool is_bare(struct walk *walk, struct slice text, size_t *at)
{
	char c = text.at[*at];

	if (c == '\\') {
		++*at;
		return false;
	}
	if (walk->quoted) {
		walk->quoted = c != '"';
		return false;
	}
	if (c == '(') {
		walk->comments++;
	} else if (c == ')' && walk->comments) {
		walk->comments--;
		return false;
	} else if (c == '"' && !walk->comments) {
		walk->quoted = true;
		return false;
	}
	return !walk->comments;
}

size_t sendmail_list_length(struct slice text, struct slice stop, bool *is_odd)
{
	static const struct slice more = SLICE(", [more]");
	struct walk walk = { 0 };

	*is_odd = false;
	for (size_t at = 0; at < text.len; at++) {
		char c = text.at[at];

		*is_odd |= c == '"' || c == '\\' || c == '(' || c == ' ' ||
			   (c == '<' && at && text.at[at - 1] != ',');
		if (!is_bare(&walk, text, &at) || c != stop.at[0] ||
		    !slice_starts(slice_after(text, at), stop))
			continue;
		if (!slice_starts(slice_after(text, at), more))
			return at;
		*is_odd = true;
		return at + more.len;
	}
	return SIZE_MAX;
}

/* The part in brackets of "John Doe <john@a.example>"; else all of it, without
 * comments behind it. */
static struct slice without_name(struct slice item)
{
	struct walk walk = { 0 };
	size_t open = SIZE_MAX;
	size_t end = item.len;

	for (size_t at = 0; at < item.len; at++) {
		size_t here = at;
		bool was_comment = walk.comments > 0;

		if (!is_bare(&walk, item, &at)) {
			if (walk.comments && !was_comment && end == item.len)
				end = here;
			continue;
		}
		if (item.at[here] == '<')
			open = here + 1;
		else if (item.at[here] == '>' && open != SIZE_MAX)
			return slice_after(slice_head(item, here), open);
	}
	return slice_trim(slice_head(item, end));
}

static void add_address(struct slice item, struct buf *plain)
{
	struct slice address = without_name(slice_trim(item));

	if (!address.len || slice_equal(address, SLICE("[more]")))
		return;
	buf_add_char(plain, '<');
	buf_add(plain, address);
	buf_add(plain, SLICE(">,"));
}

void sendmail_list_add(struct slice list, struct buf *plain)
{
	struct walk walk = { 0 };
	size_t start = 0;

	for (size_t at = 0; at < list.len; at++) {
		char c = list.at[at];

		if (!is_bare(&walk, list, &at) || c != ',')
			continue;
		add_address(slice_after(slice_head(list, at), start), plain);
		start = at + 1;
	}
	add_address(slice_after(list, start), plain);
}

struct slice sendmail_bare_ip(struct slice ip)
{
	(void)slice_skip(&ip, SLICE("IPv6:"));
	return ip;
}
