/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/address.h"

#include <ctype.h>

size_t address_quoted_length(struct slice text)
{
	if (text.len == 0 || text.at[0] != '"')
		return 0;
	for (size_t i = 1; i < text.len; i++) {
		if (text.at[i] == '\\')
			i++;
		else if (text.at[i] == '"')
			return i + 1;
	}
	return 0;
}

struct slice address_domain(struct slice address, struct buf *scratch)
{
	struct slice rest = slice_after(address,
					address_quoted_length(address));
	const char *at = rest.len ? memrchr(rest.at, '@', rest.len) : NULL;

	if (!at) {
		buf_reset(scratch);
		return (struct slice){ 0 };
	}
	return address_lower_domain(
		slice_after(rest, (size_t)(at - rest.at) + 1), scratch);
}

struct slice address_lower_domain(struct slice rest, struct buf *scratch)
{
	buf_reset(scratch);
	if (slice_ends(rest, SLICE(".")))
		rest.len--;
	buf_reserve(scratch, rest.len);
	for (size_t i = 0; i < rest.len; i++) {
		char c = rest.at[i];

		scratch->at[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	scratch->len = rest.len;
	return buf_slice(scratch);
}

struct slice address_next(struct slice *list)
{
	struct slice address = *list;
	size_t at = slice_starts(*list, SLICE("<"));

	at += address_quoted_length(slice_after(*list, at));
	while (at < list->len && list->at[at] != ',')
		at += list->at[at] == '\\' ? 2 : 1;
	address = slice_head(*list, at);
	*list = slice_after(*list, at + 1);
	return address;
}

bool address_take_path(struct slice *rest, struct slice *path)
{
	struct slice copy = *rest;
	struct slice tail;
	size_t quoted;

	if (!slice_skip(&copy, SLICE("<")))
		return false;
	*path = copy;
	quoted = address_quoted_length(copy);
	copy = slice_after(copy, quoted);
	if (!slice_cut(&copy, '>', &tail))
		return false;
	path->len = quoted + tail.len;
	*rest = copy;
	return true;
}

struct slice address_without_brackets(struct slice address)
{
	if (slice_skip(&address, SLICE("<")) && slice_ends(address, SLICE(">")))
		address.len--;
	return address;
}

static bool is_local_char(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 ||
	       (c && strchr("!#$%&'*+-/=?^_`{|}~.", c));
}

static bool is_domain_char(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 ||
	       c == '.' || c == '-' || c == '_';
}

/* Where the local part that ends before `end` begins; `end`: nowhere. */
static size_t local_start(struct slice text, size_t end)
{
	size_t from = end;

	if (from > 1 && text.at[from - 1] == '"') {
		from--;
		while (from > 0 && text.at[from - 1] != '"')
			from--;
		return from ? from - 1 : end;
	}
	while (from > 0 && is_local_char(text.at[from - 1]))
		from--;
	while (from < end && text.at[from] == '\'')
		from++;
	return from;
}

struct slice address_find(struct slice text)
{
	for (size_t at = 0; at < text.len; at++) {
		size_t from;
		size_t end = at + 1;

		if (text.at[at] != '@')
			continue;
		while (end < text.len && is_domain_char(text.at[end]))
			end++;
		while (end > at + 1 &&
		       !isalnum((unsigned char)text.at[end - 1]) &&
		       (unsigned char)text.at[end - 1] < 0x80)
			end--;
		from = local_start(text, at);
		if (from < at && end > at + 1)
			return slice_after(slice_head(text, end), from);
	}
	return (struct slice){ 0 };
}
