/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/enhanced.h"

#include <ctype.h>

static bool is_class(char c)
{
	return c == '2' || c == '4' || c == '5';
}

static bool take_dot(struct slice text, size_t *at)
{
	return *at < text.len && text.at[(*at)++] == '.';
}

/* One to three digits; a fourth makes it no number of RFC 3463. */
static bool take_number(struct slice text, size_t *at, uint16_t *number)
{
	size_t start = *at;

	*number = 0;
	while (*at < text.len && isdigit((unsigned char)text.at[*at])) {
		if (*at - start == 3)
			return false;
		*number = (uint16_t)(*number * 10 + (text.at[(*at)++] - '0'));
	}
	return *at > start;
}

size_t enhanced_parse(struct slice text, struct enhanced *code)
{
	struct enhanced found = { 0 };
	size_t at = 1;

	*code = found;
	if (text.len == 0 || !is_class(text.at[0]))
		return 0;
	found.class = (uint8_t)(text.at[0] - '0');
	if (!take_dot(text, &at) || !take_number(text, &at, &found.subject) ||
	    !take_dot(text, &at) || !take_number(text, &at, &found.detail))
		return 0;
	if (at < text.len && text.at[at] != ' ' && text.at[at] != '\t')
		return 0;
	*code = found;
	return at;
}

void enhanced_write(struct buf *buf, struct enhanced code)
{
	buf_add_number(buf, code.class);
	buf_add_char(buf, '.');
	buf_add_number(buf, code.subject);
	buf_add_char(buf, '.');
	buf_add_number(buf, code.detail);
}

bool enhanced_says_something(struct enhanced code)
{
	if (code.class == 0 || (code.subject == 0 && code.detail == 0))
		return false;
	return !(code.subject == 7 && code.detail <= 1) &&
	       !(code.subject == 5 && code.detail == 0);
}
