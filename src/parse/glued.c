/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/glued.h"

#include "parse/enhanced.h"

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_one_of(char c, const char *chars)
{
	return c && strchr(chars, c);
}

/* The word round `at`, from blank to blank. */
static struct slice word_at(struct slice text, size_t at)
{
	size_t from = at;
	size_t to = at;

	while (from > 0 && text.at[from - 1] != ' ')
		from--;
	while (to < text.len && text.at[to] != ' ')
		to++;
	return slice_after(slice_head(text, to), from);
}

/* Names and addresses have capitals inside by themselves. */
static bool is_plain(struct slice word)
{
	for (size_t i = 0; i < word.len; i++)
		if (is_one_of(word.at[i], "/@:=_<>[]\"") ||
		    (word.at[i] >= '0' && word.at[i] <= '9'))
			return false;
	return true;
}

/* "mailbox unavailableFor", "the recipient's mailbox is full.For": whether a
 * line began at text.at[at]. */
static bool begins_line(struct slice text, size_t at)
{
	if (at < 4 || !is_upper(text.at[at]))
		return false;
	if (is_one_of(text.at[at - 1], ".!?;,)"))
		return is_lower(text.at[at - 2]) && is_plain(word_at(text, at));
	return is_lower(text.at[at - 1]) && is_lower(text.at[at - 2]) &&
	       is_lower(text.at[at - 3]) && is_plain(word_at(text, at));
}

/* "due to5.7.26 domain's": the enhanced code of a line that was not taken out,
 * since the line before it was too short to be known for one. */
static size_t repeated_code(struct slice text, size_t at, struct slice code)
{
	if (code.len == 0 || at == 0 || text.at[at - 1] == ' ' ||
	    !slice_starts(slice_after(text, at), code) ||
	    at + code.len >= text.len || text.at[at + code.len] != ' ')
		return 0;
	return code.len + 1;
}

struct slice glued_part(struct slice reply, struct buf *buf)
{
	size_t start = buf->len;
	struct enhanced enhanced;
	struct slice code;
	size_t at = 4;

	if (reply.len <= at || reply.at[3] != '-')
		return reply;
	code = slice_after(reply, at);
	code.len = enhanced_parse(code, &enhanced);
	while (code.len && code.at[code.len - 1] == ' ')
		code.len--;
	at += code.len;
	buf_add(buf, slice_head(reply, at));
	while (at < reply.len) {
		size_t skipped = repeated_code(reply, at, code);

		if (skipped || (!code.len && begins_line(reply, at)))
			buf_add_char(buf, ' ');
		at += skipped;
		if (at < reply.len)
			buf_add_char(buf, reply.at[at++]);
	}
	return (struct slice){ buf->at + start, buf->len - start };
}
