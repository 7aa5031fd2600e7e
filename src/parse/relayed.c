/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/relayed.h"

#include <ctype.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct named_stage {
	struct slice words;
	enum stage stage;
};

/* What stands before an answer, the surest first; `steps` follow the mark and
 * are followed by ":". */
static const struct {
	struct slice mark;
	bool steps;
} marks[] = {
	/* Exim; "mailer" until 4.7. */
	{ SLICE("SMTP error from remote mail server after "), true },
	{ SLICE("SMTP error from remote mailer after "), true },
	/* IONOS, GMX, WEB.DE: "... for RCPT TO command, host: H (IP) reason:
	 * 550 ..." */
	{ SLICE("SMTP error from remote server for "), true },
	{ SLICE("SMTP error from remote server after "), true },
	/* qmail and its descendants. */
	{ SLICE("Remote host said: "), false },
	/* Exchange. */
	{ SLICE("Remote Server returned '"), false },
	{ SLICE("Remote server returned '"), false },
	{ SLICE("remote host said: "), false },
	/* Gmail. */
	{ SLICE("The response from the remote server was: "), false },
	{ SLICE("The response was: "), false },
	{ SLICE("The error that the other server returned was: "), false },
	{ SLICE("server returned: "), false },
	/* Sendmail's transcript. */
	{ SLICE("<<< "), false },
	/* Diagnostic-Code of RFC 3464, pasted whole. */
	{ SLICE("smtp; "), false },
	{ SLICE("smtp;"), false },
	{ SLICE("SMTP; "), false },
};

/* Exim's and IONOS' words for the command that was answered. */
static const struct named_stage steps[] = {
	{ SLICE("initial connection"), STAGE_BANNER },
	{ SLICE("pipelined end of data"), STAGE_EOM },
	{ SLICE("end of data"), STAGE_EOM },
	{ SLICE("pipelined sending data block"), STAGE_EOM },
	{ SLICE("sending data block"), STAGE_EOM },
	{ SLICE("RCPT TO"), STAGE_RCPT },
	{ SLICE("pipelined RCPT TO"), STAGE_RCPT },
	{ SLICE("MAIL FROM"), STAGE_MAIL },
	{ SLICE("pipelined MAIL FROM"), STAGE_MAIL },
	{ SLICE("DATA"), STAGE_DATA },
	{ SLICE("pipelined DATA"), STAGE_DATA },
	{ SLICE("EHLO"), STAGE_EHLO },
	{ SLICE("HELO"), STAGE_EHLO },
	{ SLICE("LHLO"), STAGE_EHLO },
	{ SLICE("pipelined EHLO"), STAGE_EHLO },
	{ SLICE("STARTTLS"), STAGE_STARTTLS },
	{ SLICE("AUTH"), STAGE_AUTH },
};

/* qmail tells the stage in other words, in front. */
static const struct named_stage qmail_steps[] = {
	{ SLICE(" does not like recipient"), STAGE_RCPT },
	{ SLICE(" but sender was rejected"), STAGE_MAIL },
	{ SLICE(" failed on DATA command"), STAGE_DATA },
	{ SLICE(" failed after I sent the message"), STAGE_EOM },
	{ SLICE(" but greeting failed"), STAGE_BANNER },
	{ SLICE(" but my name was rejected"), STAGE_EHLO },
};

/* What stands behind an answer. */
static const struct slice tails[] = {
	SLICE(" Giving up on "),
	SLICE(" ##"),
	SLICE("' ##"),
	SLICE(" -- The following text was"),
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "[192.0.2.1]" or "(192.0.2.1)" at the start of *rest. */
static bool take_ip(struct slice *rest, struct slice *ip)
{
	char close = slice_starts(*rest, SLICE("[")) ? ']' : ')';
	struct slice copy = slice_after(*rest, 1);

	if (!rest->len || (rest->at[0] != '[' && rest->at[0] != '(') ||
	    !slice_cut(&copy, close, ip) || ip->len < 3 || ip->len > 45)
		return false;
	*rest = copy;
	return true;
}

/* "host mx.example [192.0.2.1]" or "host: mx.example (192.0.2.1)" in `text`.
 * Exim names it behind the step, or in front of all. */
static void find_host(struct slice text, struct relayed *found)
{
	size_t at = slice_find(text, SLICE("host "));
	struct slice rest;
	struct slice name;

	if (at == SIZE_MAX)
		at = slice_find(text, SLICE("host: "));
	if (at == SIZE_MAX)
		return;
	rest = slice_after(text, at + 4);
	(void)slice_skip(&rest, SLICE(":"));
	(void)slice_skip(&rest, SLICE(" "));
	if (!slice_cut(&rest, ' ', &name) || !take_ip(&rest, &found->ip))
		return;
	found->host = name;
}

static enum stage stage_named(const struct named_stage *table, size_t count,
			      struct slice text)
{
	for (size_t i = 0; i < count; i++)
		if (slice_starts(text, table[i].words))
			return table[i].stage;
	return STAGE_NONE;
}

enum stage relayed_step(struct slice words)
{
	return stage_named(steps, COUNT(steps), words);
}

static enum stage stage_of_qmail(struct slice before)
{
	for (size_t i = 0; i < COUNT(qmail_steps); i++)
		if (slice_find(before, qmail_steps[i].words) != SIZE_MAX)
			return qmail_steps[i].stage;
	return STAGE_NONE;
}

/* Whether "5.1.1" of that class begins at `at`, and ends as one. */
static bool is_enhanced(struct slice text, size_t at, char class)
{
	size_t dots = 0;
	size_t start = at;

	if (at + 5 > text.len || text.at[at] != class)
		return false;
	while (at < text.len && (is_digit(text.at[at]) || text.at[at] == '.')) {
		if (text.at[at] == '.' && ++dots > 2)
			break;
		at++;
	}
	return dots >= 2 && at - start >= 5 && is_digit(text.at[at - 1]);
}

/* "550 ", "550-" or "550 5.1.1" at `at`, behind a blank or punctuation. */
static bool is_code(struct slice text, size_t at)
{
	if (at + 3 > text.len || (text.at[at] != '4' && text.at[at] != '5') ||
	    !is_digit(text.at[at + 1]) || !is_digit(text.at[at + 2]))
		return false;
	if (at + 3 < text.len && text.at[at + 3] != ' ' &&
	    text.at[at + 3] != '-')
		return false;
	return at == 0 || (!isalnum((unsigned char)text.at[at - 1]) &&
			   !strchr(".-/@", text.at[at - 1]));
}

size_t relayed_find_codes(struct slice text)
{
	for (size_t at = 0; at + 9 <= text.len; at++)
		if (is_code(text, at) && is_enhanced(text, at + 4, text.at[at]))
			return at;
	return SIZE_MAX;
}

/* Behind a step: the first code that follows a colon or "reason:"; else what
 * follows the first ": ". */
static struct slice behind_step(struct slice rest)
{
	size_t colon = slice_find(rest, SLICE(": "));

	for (size_t at = 1; at + 3 <= rest.len; at++)
		if (rest.at[at - 1] == ' ' && is_code(rest, at) && at > 1 &&
		    (rest.at[at - 2] == ':' || rest.at[at - 2] == ']'))
			return slice_after(rest, at);
	return colon == SIZE_MAX ? (struct slice){ 0 }
				 : slice_after(rest, colon + 2);
}

struct slice relayed_without_tail(struct slice words)
{
	for (size_t i = 0; i < COUNT(tails); i++) {
		size_t at = slice_find(words, tails[i]);

		if (at != SIZE_MAX && at > 0)
			words = slice_head(words, at);
	}
	words = slice_trim(words);
	while (words.len && words.at[words.len - 1] == '\'')
		words.len--;
	return words;
}

bool relayed_find(struct slice text, struct relayed *found)
{
	*found = (struct relayed){ 0 };
	for (size_t i = 0; i < COUNT(marks); i++) {
		size_t at = slice_find(text, marks[i].mark);
		struct slice rest;

		if (at == SIZE_MAX)
			continue;
		rest = slice_after(text, at + marks[i].mark.len);
		found->words = relayed_without_tail(
			marks[i].steps ? behind_step(rest) : rest);
		if (!found->words.len)
			continue;
		found->stage = marks[i].steps
				       ? relayed_step(rest)
				       : stage_of_qmail(slice_head(text, at));
		find_host(slice_head(text, (size_t)(found->words.at - text.at)),
			  found);
		return true;
	}
	*found = (struct relayed){ 0 };
	return false;
}
