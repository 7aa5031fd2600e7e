/* SPDX-License-Identifier: Apache-2.0 */
#include "base/jsonin.h"

#include "base/utf8.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_blanks(struct slice *rest)
{
	size_t at = 0;

	while (at < rest->len && is_blank(rest->at[at]))
		at++;
	if (at)
		*rest = slice_after(*rest, at);
}

static bool take_char(struct slice *rest, char c)
{
	if (!rest->len || rest->at[0] != c)
		return false;
	rest->at++;
	rest->len--;
	return true;
}

/* Most of a line is inside of strings; no byte is looked at more than twice. */
static bool take_string(struct slice *rest, struct jsonin_value *value)
{
	const char *start = rest->at + 1;
	const char *stop = rest->at + rest->len;
	const char *from = start;
	const char *end = memchr(from, '"', (size_t)(stop - from));
	const char *escape;

	value->kind = JSONIN_STRING;
	value->escaped = false;
	while (end && (escape = memchr(from, '\\', (size_t)(end - from)))) {
		value->escaped = true;
		from = escape + 2;
		/* What is escaped may be the quote itself. */
		if (from > end)
			end = memchr(from, '"', (size_t)(stop - from));
	}
	if (!end)
		return false;
	value->text = (struct slice){ start, (size_t)(end - start) };
	*rest = (struct slice){ end + 1, (size_t)(stop - end - 1) };
	return true;
}

static size_t count_digits(struct slice text, size_t at)
{
	size_t from = at;

	while (at < text.len && text.at[at] >= '0' && text.at[at] <= '9')
		at++;
	return at - from;
}

/* Length of the number at the start of `text`; 0 if it is none. A leading zero
 * is let pass. */
static size_t number_length(struct slice text)
{
	size_t len = text.at[0] == '-';
	size_t digits = count_digits(text, len);

	if (!digits)
		return 0;
	len += digits;
	if (len < text.len && text.at[len] == '.') {
		digits = count_digits(text, len + 1);
		if (!digits)
			return 0;
		len += 1 + digits;
	}
	if (len < text.len && (text.at[len] == 'e' || text.at[len] == 'E')) {
		len++;
		if (len < text.len &&
		    (text.at[len] == '+' || text.at[len] == '-'))
			len++;
		digits = count_digits(text, len);
		if (!digits)
			return 0;
		len += digits;
	}
	return len;
}

static bool take_scalar(struct slice *rest, struct jsonin_value *value)
{
	static const struct slice words[] = { SLICE("true"), SLICE("false"),
					      SLICE("null") };
	size_t len = number_length(*rest);

	value->kind = len ? JSONIN_NUMBER : JSONIN_WORD;
	for (size_t i = 0; !len && i < 3; i++)
		if (slice_starts(*rest, words[i]))
			len = words[i].len;
	value->text = slice_head(*rest, len);
	value->escaped = false;
	*rest = (struct slice){ rest->at + len, rest->len - len };
	return len > 0;
}

static bool begin(struct slice text, unsigned depth, struct jsonin *at)
{
	if (!text.len || depth >= JSONIN_DEPTH ||
	    (text.at[0] != '{' && text.at[0] != '['))
		return false;
	*at = (struct jsonin){ .rest = slice_after(text, 1),
			       .depth = depth,
			       .close = text.at[0] == '{' ? '}' : ']' };
	return true;
}

bool jsonin_begin(struct slice text, struct jsonin *at)
{
	skip_blanks(&text);
	return begin(text, 0, at);
}

/* An object or array as a whole. It calls itself, JSONIN_DEPTH times at most.
 */
static bool take_nested(struct slice *rest, unsigned depth,
			struct jsonin_value *value)
{
	struct slice name;
	struct jsonin_value inner;
	struct jsonin at;
	enum jsonin_step step;

	if (!begin(*rest, depth, &at))
		return false;
	do
		step = at.close == '}' ? jsonin_member(&at, &name, &inner)
				       : jsonin_element(&at, &inner);
	while (step == JSONIN_ITEM);
	if (step == JSONIN_BROKEN)
		return false;
	value->kind = at.close == '}' ? JSONIN_OBJECT : JSONIN_ARRAY;
	value->escaped = false;
	value->text = slice_head(*rest, rest->len - at.rest.len);
	*rest = at.rest;
	return true;
}

static bool take_value(struct slice *rest, unsigned depth,
		       struct jsonin_value *value)
{
	skip_blanks(rest);
	if (!rest->len)
		return false;
	switch (rest->at[0]) {
	case '"':
		return take_string(rest, value);
	case '{':
	case '[':
		return take_nested(rest, depth, value);
	default:
		return take_scalar(rest, value);
	}
}

/* To the next item: over the comma between two, or the bracket at the end. */
static enum jsonin_step advance(struct jsonin *at)
{
	skip_blanks(&at->rest);
	if (take_char(&at->rest, at->close))
		return JSONIN_END;
	if (at->begun && !take_char(&at->rest, ','))
		return JSONIN_BROKEN;
	at->begun = true;
	return JSONIN_ITEM;
}

enum jsonin_step jsonin_member(struct jsonin *at, struct slice *name,
			       struct jsonin_value *value)
{
	enum jsonin_step step = advance(at);
	struct jsonin_value string;

	if (step != JSONIN_ITEM)
		return step;
	skip_blanks(&at->rest);
	if (!at->rest.len || at->rest.at[0] != '"' ||
	    !take_string(&at->rest, &string))
		return JSONIN_BROKEN;
	*name = string.text;
	skip_blanks(&at->rest);
	if (!take_char(&at->rest, ':') ||
	    !take_value(&at->rest, at->depth + 1, value))
		return JSONIN_BROKEN;
	return JSONIN_ITEM;
}

enum jsonin_step jsonin_element(struct jsonin *at, struct jsonin_value *value)
{
	enum jsonin_step step = advance(at);

	if (step == JSONIN_ITEM && !take_value(&at->rest, at->depth + 1, value))
		return JSONIN_BROKEN;
	return step;
}

/* Four hexadecimal digits. */
static bool take_hex(struct slice *rest, uint32_t *number)
{
	uint32_t value = 0;

	if (rest->len < 4)
		return false;
	for (size_t i = 0; i < 4; i++) {
		char c = rest->at[i];
		bool digit = c >= '0' && c <= '9';
		char lower = (char)(c | 0x20);

		if (!digit && (lower < 'a' || lower > 'f'))
			return false;
		value = value << 4 |
			(uint32_t)(digit ? c - '0' : lower - 'a' + 10);
	}
	*number = value;
	*rest = slice_after(*rest, 4);
	return true;
}

static bool is_first_half(uint32_t number)
{
	return number >= 0xd800 && number < 0xdc00;
}

/* Behind "\u". */
static bool add_character(struct buf *buf, struct slice *rest)
{
	uint32_t number;
	uint32_t second;
	struct slice copy;

	if (!take_hex(rest, &number))
		return false;
	copy = *rest;
	if (is_first_half(number) && slice_skip(&copy, SLICE("\\u")) &&
	    take_hex(&copy, &second) && second >= 0xdc00 && second < 0xe000) {
		number = 0x10000 + ((number - 0xd800) << 10) +
			 (second - 0xdc00);
		*rest = copy;
	}
	utf8_add_character(buf, number);
	return true;
}

/* Behind the backslash. */
static void add_escape(struct buf *buf, struct slice *rest)
{
	static const char letters[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
	struct slice behind = slice_after(*rest, 1);

	for (size_t i = 0; rest->len && i + 1 < sizeof(letters); i += 2) {
		if (letters[i] == rest->at[0]) {
			buf_add_char(buf, letters[i + 1]);
			*rest = behind;
			return;
		}
	}
	if (rest->len && rest->at[0] == 'u' && add_character(buf, &behind))
		*rest = behind;
	else
		buf_add_char(buf, '\\');
}

void jsonin_unescape(struct buf *buf, struct slice text)
{
	struct slice plain;

	while (slice_cut(&text, '\\', &plain)) {
		buf_add(buf, plain);
		add_escape(buf, &text);
	}
	buf_add(buf, text);
}
