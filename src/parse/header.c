/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/header.h"

#include "parse/own_form.h"

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

/* Behind "1 STAMP ": "HOST APP PROCID MSGID SD MSG". */
static bool read_rfc5424(struct slice rest, struct header *header)
{
	struct slice parts[4];

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

/* How the stamp of a line is written. */
enum form {
	FORM_NONE,
	FORM_RFC3164,
	FORM_RFC3339,
	FORM_RFC5424,
	FORM_COUNTED, /* "@4000000065a1b2c3075bcd15" of multilog */
	FORM_PLAIN,   /* "2026-11-23 10:11:12" of Exim's own log */
	FORM_COMMAS,  /* "2026-11-23T10:11:12.345Z," of Exchange */
	FORM_JOURNAL, /* "Mon 2026-11-23 10:11:12 CET" of journalctl */
};

/* Takes the priority and the stamp off the front, and the blank behind it,
 * without which there is none. */
static enum form take_stamp(struct slice *rest, struct calendar *calendar,
			    struct stamp *stamp)
{
	enum form form = FORM_RFC3339;
	struct slice line = *rest;
	size_t len = stamp_parse_counted(line, stamp);

	if (len) {
		*rest = slice_after(line, len);
		return slice_skip(rest, SLICE(" ")) ? FORM_COUNTED : FORM_NONE;
	}
	skip_priority(rest);
	if (slice_skip(rest, SLICE("1 ")))
		form = FORM_RFC5424;
	len = stamp_parse_rfc3339(*rest, stamp);
	if (!len && form == FORM_RFC3339) {
		form = FORM_RFC3164;
		len = stamp_parse_rfc3164(*rest, calendar, stamp);
	}
	if (!len && form == FORM_RFC3164) {
		form = FORM_PLAIN;
		*rest = line;
		len = stamp_parse_plain(line, calendar, stamp);
	}
	if (!len && form == FORM_PLAIN) {
		form = FORM_JOURNAL;
		len = stamp_parse_full(line, calendar, stamp);
	}
	if (!len && form == FORM_JOURNAL)
		len = stamp_parse_unix(line, stamp);
	*rest = slice_after(*rest, len);
	if (form == FORM_RFC3339 && slice_skip(rest, SLICE(",")))
		return FORM_COMMAS;
	return len && slice_skip(rest, SLICE(" ")) ? form : FORM_NONE;
}

/* "[pid] message", as in Exim's own log. With "host tag[pid]: ", the stamp is
 * of a syslog without zones, which could be any. */
static bool read_own(struct slice rest, struct header *header)
{
	struct header other = { 0 };
	size_t end;

	if (read_classic(rest, false, &other) && other.pid.len)
		return false;
	if (slice_starts(rest, SLICE("[")) &&
	    (end = end_of_pid(rest, 0, true)) > 0 && rest.at[end - 1] == ']') {
		header->pid = slice_head(slice_after(rest, 1), end - 2);
		rest = slice_after(rest, end);
		(void)slice_skip(&rest, SLICE(" "));
	}
	header->program = SLICE("exim");
	header->own_log = true;
	header->message = rest;
	return true;
}

/* The columns behind the stamp, of which there are 20 with it in the oldest
 * version. Quotes are not looked at: that is the format's. */
static bool read_columns(struct slice rest, struct header *header)
{
	struct slice text = rest;
	struct slice column;

	for (unsigned i = 0; i < 18; i++)
		if (!slice_cut(&rest, ',', &column))
			return false;
	header->program = SLICE("exchange");
	header->own_log = true;
	header->message = text;
	return true;
}

/* Names the columns. */
static bool read_head(struct slice line, struct header *header)
{
	if (!slice_starts(line, SLICE("#Fields: date-time,")))
		return false;
	header->program = SLICE("exchange");
	header->own_log = true;
	header->message = line;
	return true;
}

/* qmail's message; or "host tag[pid]: ", which journalctl writes behind
 * seconds, too. */
static bool read_counted(struct slice rest, struct header *header)
{
	struct header other = *header;

	if (read_classic(rest, false, &other) && other.pid.len) {
		*header = other;
		return true;
	}
	header->program = SLICE("qmail");
	header->message = rest;
	return true;
}

static bool read_header(struct slice rest, struct calendar *calendar,
			struct header *header)
{
	enum form form = take_stamp(&rest, calendar, &header->time);

	if (form == FORM_NONE)
		return false;
	if (form == FORM_COMMAS)
		return read_columns(rest, header);
	if (form == FORM_RFC5424)
		return read_rfc5424(rest, header);
	if (form == FORM_COUNTED)
		return read_counted(rest, header);
	if (form == FORM_PLAIN)
		return read_own(rest, header);
	return read_classic(rest, form == FORM_RFC3339, header);
}

struct stamp header_stamp(struct slice line, struct calendar *calendar)
{
	struct stamp stamp;

	if (take_stamp(&line, calendar, &stamp) == FORM_NONE)
		return (struct stamp){ 0 };
	return stamp;
}

/*
 * Dovecot's own log file, and the syslog of its old delivery agent, have the
 * service and the user where others have their name: "lmtp(a@b.example)<12><x>:
 * ...". That belongs to the message.
 */
static void name_dovecot(struct header *header)
{
	static const struct slice services[] = {
		SLICE("lmtp("),
		SLICE("lda("),
		SLICE("deliver("),
	};
	struct slice program = header->program;

	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		if (!slice_starts(program, services[i]))
			continue;
		header->message.len += (size_t)(header->message.at -
						program.at);
		header->message.at = program.at;
		header->program = SLICE("dovecot");
	}
}

/* "[STAMP ]message" of a server with a form of its own, as it wrote it. */
static bool read_own_form(struct slice rest, struct header *header)
{
	size_t len = stamp_parse_rfc3339(rest, &header->time);

	rest = slice_after(rest, len);
	if (len && !slice_skip(&rest, SLICE(" ")))
		return false;
	header->program = own_form_program(rest);
	header->own_log = true;
	header->message = rest;
	return header->program.len > 0;
}

/* Behind another header, their own stamp is the better one. */
static void drop_own_stamp(struct header *header)
{
	struct header own = { 0 };

	if (header->message.len && header->message.at[0] >= '0' &&
	    header->message.at[0] <= '9' &&
	    read_own_form(header->message, &own) && own.time.known) {
		header->time = own.time;
		header->message = own.message;
	}
}

bool header_parse_tag(struct slice tag, struct header *header)
{
	return take_tag(&tag, true, header);
}

bool header_parse(struct slice line, struct calendar *calendar,
		  struct header *header)
{
	*header = (struct header){ 0 };
	if (read_head(line, header))
		return true;
	if (read_header(line, calendar, header)) {
		if (header->message.len)
			name_dovecot(header);
		drop_own_stamp(header);
		return true;
	}
	*header = (struct header){ 0 };
	if (read_own_form(line, header))
		return true;
	*header = (struct header){ 0 };
	return false;
}
