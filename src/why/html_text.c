/* SPDX-License-Identifier: Apache-2.0 */
#include "why/html_text.h"

#include <ctype.h>

#include "base/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Elements that begin a line of their own. */
static const struct slice blocks[] = {
	SLICE("address"), SLICE("blockquote"), SLICE("br"),    SLICE("dd"),
	SLICE("div"),     SLICE("dl"),         SLICE("dt"),    SLICE("h1"),
	SLICE("h2"),      SLICE("h3"),         SLICE("h4"),    SLICE("h5"),
	SLICE("h6"),      SLICE("hr"),         SLICE("li"),    SLICE("ol"),
	SLICE("p"),       SLICE("pre"),        SLICE("table"), SLICE("tr"),
	SLICE("ul"),
};

/* Elements of which nothing is shown; each with the end that closes it. */
static const struct {
	struct slice name;
	struct slice end;
} hidden[] = {
	{ SLICE("script"), SLICE("</script") },
	{ SLICE("style"), SLICE("</style") },
	{ SLICE("title"), SLICE("</title") },
};

/* The named references that notices use. */
static const struct {
	struct slice name;
	struct slice text;
} references[] = {
	{ SLICE("amp"), SLICE("&") },    { SLICE("lt"), SLICE("<") },
	{ SLICE("gt"), SLICE(">") },     { SLICE("quot"), SLICE("\"") },
	{ SLICE("apos"), SLICE("'") },   { SLICE("nbsp"), SLICE(" ") },
	{ SLICE("auml"), SLICE("ä") },   { SLICE("ouml"), SLICE("ö") },
	{ SLICE("uuml"), SLICE("ü") },   { SLICE("Auml"), SLICE("Ä") },
	{ SLICE("Ouml"), SLICE("Ö") },   { SLICE("Uuml"), SLICE("Ü") },
	{ SLICE("szlig"), SLICE("ß") },  { SLICE("eacute"), SLICE("é") },
	{ SLICE("egrave"), SLICE("è") }, { SLICE("agrave"), SLICE("à") },
	{ SLICE("ccedil"), SLICE("ç") }, { SLICE("ndash"), SLICE("–") },
	{ SLICE("mdash"), SLICE("—") },  { SLICE("rsquo"), SLICE("’") },
	{ SLICE("commat"), SLICE("@") },
};

static struct slice tag_name(struct slice tag)
{
	size_t len = 0;

	(void)slice_skip(&tag, SLICE("/"));
	while (len < tag.len && isalnum((unsigned char)tag.at[len]))
		len++;
	return slice_head(tag, len);
}

static bool is_block(struct slice name)
{
	for (size_t i = 0; i < COUNT(blocks); i++)
		if (slice_equal_nocase(name, blocks[i]))
			return true;
	return false;
}

/* Moves *rest behind the end of the hidden element `name`; without an end all
 * the rest is hidden. */
static void skip_hidden(struct slice name, struct slice *rest)
{
	for (size_t i = 0; i < COUNT(hidden); i++) {
		size_t at;

		if (!slice_equal_nocase(name, hidden[i].name))
			continue;
		at = slice_find_nocase(*rest, hidden[i].end);
		*rest = slice_after(*rest, at);
		return;
	}
}

/* `rest` begins behind a "<" that begins a tag. */
static void take_tag(struct buf *buf, struct slice *rest)
{
	struct slice tag;
	struct slice name;

	if (slice_skip(rest, SLICE("!--"))) {
		if (!slice_cut_at(rest, SLICE("-->"), &tag))
			*rest = (struct slice){ 0 };
		return;
	}
	if (!slice_cut(rest, '>', &tag)) {
		*rest = (struct slice){ 0 };
		return;
	}
	name = tag_name(tag);
	if (is_block(name))
		buf_add_char(buf, '\n');
	if (slice_starts(tag, SLICE("/")))
		return;
	if (slice_equal_nocase(name, SLICE("td")))
		buf_add_char(buf, ' ');
	skip_hidden(name, rest);
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return 16;
}

/* "#228" or "#xe4", without its marks; false if it is none. */
static bool add_numbered(struct buf *buf, struct slice name)
{
	uint32_t number = 0;
	int base = 10;

	if (!slice_skip(&name, SLICE("#")))
		return false;
	if (slice_skip(&name, SLICE("x")) || slice_skip(&name, SLICE("X")))
		base = 16;
	if (name.len == 0 || name.len > 7)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		int digit = digit_of(name.at[i]);

		if (digit >= base)
			return false;
		number = number * (uint32_t)base + (uint32_t)digit;
	}
	utf8_add_character(buf, number < 0x20 ? ' ' : number);
	return true;
}

/* `rest` begins behind an "&", which stands for itself if it is nothing else.
 */
static void take_reference(struct buf *buf, struct slice *rest)
{
	struct slice near = slice_head(*rest, 10);
	struct slice name;

	if (!slice_cut(&near, ';', &name)) {
		buf_add_char(buf, '&');
		return;
	}
	if (add_numbered(buf, name)) {
		*rest = slice_after(*rest, name.len + 1);
		return;
	}
	for (size_t i = 0; i < COUNT(references); i++)
		if (slice_equal(name, references[i].name)) {
			buf_add(buf, references[i].text);
			*rest = slice_after(*rest, name.len + 1);
			return;
		}
	buf_add_char(buf, '&');
}

/* "<bob@example.com>" unescaped is text, as is "<" before a blank. */
static bool begins_tag(struct slice rest)
{
	size_t len = 0;

	if (rest.len == 0 || (!isalpha((unsigned char)rest.at[0]) &&
			      rest.at[0] != '/' && rest.at[0] != '!'))
		return false;
	while (len < rest.len && len < 64 &&
	       (isalnum((unsigned char)rest.at[len]) ||
		strchr("._+-@", rest.at[len])) &&
	       rest.at[len])
		if (rest.at[len++] == '@')
			return false;
	return true;
}

void html_text_add(struct buf *buf, struct slice html)
{
	bool blank = false;

	while (html.len) {
		char c = html.at[0];
		size_t before = buf->len;

		html = slice_after(html, 1);
		if (c == '<' && begins_tag(html))
			take_tag(buf, &html);
		else if (c == '&')
			take_reference(buf, &html);
		else if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
			buf_add_char(buf, c);
		else if (!blank)
			buf_add_char(buf, ' ');
		if (buf->len > before)
			blank = buf->at[buf->len - 1] == ' ' ||
				buf->at[buf->len - 1] == '\n';
	}
	buf_add_char(buf, '\n');
}
