/* SPDX-License-Identifier: Apache-2.0 */
#include "base/slice.h"

int slice_compare(struct slice a, struct slice b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;
	int order = shorter ? memcmp(a.at, b.at, shorter) : 0;

	if (order)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Not strncasecmp(): it stops at a NUL and asks the locale. */
bool slice_equal_nocase(struct slice a, struct slice b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.at[i]) != lower(b.at[i]))
			return false;
	return true;
}

bool slice_cut_at(struct slice *rest, struct slice stop, struct slice *head)
{
	size_t at = slice_find(*rest, stop);

	if (at == SIZE_MAX)
		return false;
	*head = slice_head(*rest, at);
	rest->at += at + stop.len;
	rest->len -= at + stop.len;
	return true;
}

size_t slice_find(struct slice text, struct slice needle)
{
	const char *hit;

	if (needle.len == 0)
		return 0;
	if (text.len < needle.len)
		return SIZE_MAX;
	hit = memmem(text.at, text.len, needle.at, needle.len);
	return hit ? (size_t)(hit - text.at) : SIZE_MAX;
}

bool slice_starts_nocase(struct slice text, struct slice head)
{
	return text.len >= head.len &&
	       slice_equal_nocase(slice_head(text, head.len), head);
}

size_t slice_find_nocase(struct slice text, struct slice needle)
{
	for (size_t at = 0; at + needle.len <= text.len; at++)
		if (lower(text.at[at]) == needle.at[0] &&
		    slice_starts_nocase(slice_after(text, at), needle))
			return at;
	return SIZE_MAX;
}

bool slice_is_blank(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!memchr(" \t\r\n", text.at[i], 4))
			return false;
	return true;
}

struct slice slice_trim(struct slice text)
{
	while (text.len && (text.at[0] == ' ' || text.at[0] == '\t'))
		text = slice_after(text, 1);
	while (text.len &&
	       (text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '\t'))
		text.len--;
	return text;
}

bool slice_number(struct slice text, uint64_t *number)
{
	uint64_t value = 0;

	*number = 0;
	if (text.len == 0)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, text.at[i] - '0', &value))
			return false;
	}
	*number = value;
	return true;
}
