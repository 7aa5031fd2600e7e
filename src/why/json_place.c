/* SPDX-License-Identifier: Apache-2.0 */
#include "why/json_place.h"

static size_t skip_blanks(struct slice text, size_t at)
{
	while (at < text.len && memchr(" \t\r\n", text.at[at], 4))
		at++;
	return at;
}

/* Behind the string that begins at `at`. */
static size_t skip_string(struct slice text, size_t at)
{
	for (at++; at < text.len && text.at[at] != '"'; at++)
		if (text.at[at] == '\\')
			at++;
	return at + 1;
}

/* Behind the value that begins at `at`. */
static size_t skip_value(struct slice text, size_t at)
{
	size_t depth = 0;

	while (at < text.len) {
		char c = text.at[at];

		if (depth == 0 && memchr(",}] \t\r\n", c, 7))
			return at;
		at = c == '"' ? skip_string(text, at) : at + 1;
		if (c == '{' || c == '[')
			depth++;
		else if (c == '}' || c == ']')
			depth--;
		if (depth == 0 && memchr("\"}]", c, 3))
			return at;
	}
	return text.len;
}

/* Whether the string at `at` is `name`, written without escapes. */
static bool is_name(struct slice text, size_t at, const char *name)
{
	struct slice wanted = slice_from(name);
	struct slice rest = slice_after(text, at + 1);

	return slice_starts(rest, wanted) && rest.len > wanted.len &&
	       rest.at[wanted.len] == '"';
}

/* From the object or array at `at` to the value `step` leads to; *place is
 * where it (or its name) begins. Text's length: there is none. */
static size_t descend(struct slice text, size_t at,
		      const struct json_step *step, size_t *place)
{
	bool object = at < text.len && text.at[at] == '{';
	size_t index = 0;

	if (at >= text.len || text.at[at] != (step->name ? '{' : '['))
		return text.len;
	at = skip_blanks(text, at + 1);
	while (at < text.len && text.at[at] != '}' && text.at[at] != ']') {
		bool found = object ? is_name(text, at, step->name)
				    : index++ == step->index;

		if (found)
			*place = at;
		if (object)
			at = skip_blanks(text, skip_string(text, at)) + 1;
		at = skip_blanks(text, at);
		if (found)
			return at;
		at = skip_blanks(text, skip_value(text, at));
		if (at < text.len && text.at[at] == ',')
			at = skip_blanks(text, at + 1);
	}
	return text.len;
}

size_t json_place_line(struct slice text, const struct json_step *steps,
		       size_t count)
{
	size_t at = skip_blanks(text, 0);
	size_t place = at;
	size_t line = 1;

	for (size_t i = 0; i < count && at < text.len; i++)
		at = descend(text, at, &steps[i], &place);
	for (size_t i = 0; i < place && i < text.len; i++)
		line += text.at[i] == '\n';
	return line;
}

void json_place_flatten(char *text, size_t len, const char *name)
{
	struct slice all = { text, len };
	struct json_step step = { name, 0 };
	size_t place = 0;
	size_t open = descend(all, skip_blanks(all, 0), &step, &place);
	size_t at = skip_blanks(all, open + 1);

	if (open >= len || text[open] != '{')
		return;
	while (at < len && text[at] == '"') {
		size_t colon = skip_blanks(all, skip_string(all, at));

		if (colon >= len || text[colon] != ':')
			return;
		at = skip_blanks(all, colon + 1);
		at = skip_blanks(all, skip_value(all, at));
		text[colon] = ',';
		if (at < len && text[at] == ',')
			at = skip_blanks(all, at + 1);
	}
	if (at >= len || text[at] != '}')
		return;
	text[open] = '[';
	text[at] = ']';
}
