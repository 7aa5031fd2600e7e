/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/header.h"

static bool is_digits(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
	return text.len > 0;
}

/* "<22>" and the like, off the front. */
static void skip_priority(struct slice *rest)
{
	struct slice head = slice_head(*rest, sizeof("<999>") - 1);
	struct slice digits;

	if (slice_skip(&head, SLICE("<")) && slice_cut(&head, '>', &digits) &&
	    is_digits(digits))
		*rest = slice_after(*rest, digits.len + 2);
}

/*
 * "[12]:" at text.at[start], and "[12]" with `colon_optional`: what is behind
 * it; 0 if it is none.
 */
static size_t end_of_pid(struct slice text, size_t start, bool colon_optional)
{
	size_t end = start + 1;

	while (end < text.len && text.at[end] >= '0' && text.at[end] <= '9')
		end++;
	if (end == start + 1 || end == text.len || text.at[end] != ']')
		return 0;
	end++;
	if (end < text.len && text.at[end] == ':')
		return end + 1;
	if (colon_optional && (end == text.len || text.at[end] == ' '))
		return end;
	return 0;
}

/*
 * The tag at the start of *rest: "postfix/smtp[12]:", "postfix:" and, with
 * `colon_optional`, "postfix/smtp[12]", which is how rsyslog writes what came
 * to it as RFC 5424. False, and nothing touched, if it is none.
 */
static bool take_tag(struct slice *rest, bool colon_optional,
		     struct header *header)
{
	struct slice text = *rest;
	struct slice pid = { 0 };
	size_t len = 0;
	size_t end;

	while (len < text.len && text.at[len] != ' ' && text.at[len] != '[')
		len++;
	if (len < text.len && text.at[len] == '[') {
		end = end_of_pid(text, len, colon_optional);
		if (end == 0)
			return false;
		pid = slice_head(slice_after(text, len + 1), end - len - 2);
		pid.len -= text.at[end - 1] == ':';
	} else {
		end = len;
		/* "fe80::" is a host. */
		if (len < 2 || text.at[--len] != ':' || text.at[len - 1] == ':')
			return false;
	}
	if (len == 0)
		return false;
	header->program = slice_head(text, len);
	header->pid = pid;
	*rest = slice_after(text, end);
	return true;
}

static struct slice without_nil(struct slice text)
{
	return slice_equal(text, SLICE("-")) ? (struct slice){ 0 } : text;
}

/*
 * A host and its blank. A bracket is at most its first byte ("[::1]"), so that
 * a tag that is none, as "smtp[abc]:", does not pass for one.
 */
static bool take_host(struct slice *rest, struct slice *host)
{
	size_t len = 0;

	while (len < rest->len && rest->at[len] != ' ') {
		if (rest->at[len] == '[' && len > 0)
			return false;
		len++;
	}
	*host = without_nil(slice_head(*rest, len));
	*rest = slice_after(*rest, len);
	return slice_skip(rest, SLICE(" "));
}

/* "[host ]tag message", behind the stamp. */
static bool read_classic(struct slice rest, bool colon_optional,
			 struct header *header)
{
	if (!take_tag(&rest, false, header) &&
	    (!take_host(&rest, &header->host) ||
	     !take_tag(&rest, colon_optional, header)))
		return false;
	(void)slice_skip(&rest, SLICE(" "));
	header->message = rest;
	return true;
}

/* One "[id name="value"]", with "\"", "\\" and "\]" inside of the quotes. */
static bool skip_element(struct slice *rest)
{
	bool quoted = false;

	for (size_t i = 1; i < rest->len; i++) {
		char c = rest->at[i];

		if (c == '\\' && quoted) {
			i++;
		} else if (c == '"') {
			quoted = !quoted;
		} else if (c == ']' && !quoted) {
			*rest = slice_after(*rest, i + 1);
			return true;
		}
	}
	return false;
}

/* "-" or elements, and the blank or the end of the line behind them. */
static bool skip_structured_data(struct slice *rest)
{
	if (!slice_skip(rest, SLICE("-"))) {
		do {
			if (!slice_starts(*rest, SLICE("[")) ||
			    !skip_element(rest))
				return false;
		} while (slice_starts(*rest, SLICE("[")));
	}
	return rest->len == 0 || slice_skip(rest, SLICE(" "));
}

/* Behind "1 ": "STAMP HOST APP PROCID MSGID SD MSG". */
static bool read_rfc5424(struct slice rest, struct header *header)
{
	struct slice parts[4];
	size_t len = stamp_parse_rfc3339(rest, &header->time);

	rest = slice_after(rest, len);
	if (!len || !slice_skip(&rest, SLICE(" ")))
		return false;
	for (size_t i = 0; i < 4; i++)
		if (!slice_cut(&rest, ' ', &parts[i]) || !parts[i].len)
			return false;
	if (!skip_structured_data(&rest))
		return false;
	header->host = without_nil(parts[0]);
	header->program = without_nil(parts[1]);
	if (is_digits(parts[2]))
		header->pid = parts[2];
	(void)slice_skip(&rest, SLICE("\xef\xbb\xbf"));
	(void)slice_skip(&rest, SLICE(" "));
	header->message = rest;
	return header->program.len > 0;
}

static bool read_header(struct slice rest, struct calendar *calendar,
			struct header *header)
{
	bool rfc3339 = true;
	size_t len;

	skip_priority(&rest);
	if (slice_skip(&rest, SLICE("1 ")))
		return read_rfc5424(rest, header);
	len = stamp_parse_rfc3339(rest, &header->time);
	if (!len) {
		rfc3339 = false;
		len = stamp_parse_rfc3164(rest, calendar, &header->time);
	}
	if (!len)
		len = stamp_parse_full(rest, calendar, &header->time);
	if (!len)
		len = stamp_parse_unix(rest, &header->time);
	rest = slice_after(rest, len);
	if (!len || !slice_skip(&rest, SLICE(" ")))
		return false;
	return read_classic(rest, rfc3339, header);
}

bool header_parse_tag(struct slice tag, struct header *header)
{
	return take_tag(&tag, true, header);
}

bool header_parse(struct slice line, struct calendar *calendar,
		  struct header *header)
{
	*header = (struct header){ 0 };
	if (read_header(line, calendar, header))
		return true;
	*header = (struct header){ 0 };
	return false;
}
