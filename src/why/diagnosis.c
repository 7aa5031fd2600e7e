/* SPDX-License-Identifier: Apache-2.0 */
#include "why/diagnosis.h"

#include <ctype.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What introduces a code, in lower case, right before its blank. */
static const struct slice introductions[] = {
	SLICE(":"),        SLICE("code"),   SLICE("error"), SLICE("reply"),
	SLICE("response"), SLICE("reason"), SLICE("said"),  SLICE("says"),
	SLICE("returned"), SLICE("status"), SLICE("with"),  SLICE("-"),
};

/* What closes an answer that begins behind the first character. */
static const struct {
	char open;
	struct slice close;
} closings[] = {
	{ '\'', SLICE("'") }, { '"', SLICE("\"") }, { '(', SLICE(")") },
	{ '<', SLICE(">") },  { '[', SLICE("]") },
};

/* Exchange ends what it was told so: "... ##", "<... smtp;550 ...> #SMTP#". */
static const struct {
	struct slice text;
	bool bracket;
} tails[] = {
	{ SLICE("#SMTP#"), true },
	{ SLICE("##"), false },
};

/* Words of a failure, in lower case; the server's own come first to mind,
 * the rest are the notices' own. */
static const struct slice words[] = {
	SLICE("unknown"),
	SLICE("no such"),
	SLICE("not found"),
	SLICE("wasn't found"),
	SLICE("not exist"),
	SLICE("doesn't"),
	SLICE("not listed"),
	SLICE("no mailbox"),
	SLICE("no longer"),
	SLICE("unrout"),
	SLICE("invalid"),
	SLICE("disabled"),
	SLICE("inactive"),
	SLICE("full"),
	SLICE("quota"),
	SLICE("exceed"),
	SLICE("too large"),
	SLICE("too big"),
	SLICE("reject"),
	SLICE("refused"),
	SLICE("denied"),
	SLICE("block"),
	SLICE("spam"),
	SLICE("not allowed"),
	SLICE("not permitted"),
	SLICE("policy"),
	SLICE("timed out"),
	SLICE("timeout"),
	SLICE("lost connection"),
	SLICE("connect to"),
	SLICE("loop"),
	SLICE("too many hops"),
	SLICE("expired"),
	SLICE("unable to"),
	SLICE("couldn't"),
	SLICE("could not be"),
	SLICE("can't"),
	SLICE("cannot"),
	SLICE("undeliverable"),
	SLICE("unbekannt"),
	SLICE("existiert nicht"),
	SLICE("nicht gefunden"),
	SLICE("nicht erreichbar"),
	SLICE("nicht zugestellt"),
	SLICE("ist voll"),
	SLICE("abgelehnt"),
	SLICE("gesperrt"),
	SLICE("zu gro\xc3\x9f"),
	/* "is not there", "does not exist", "unknown" in Japanese. */
	SLICE("\xe3\x81\x82\xe3\x82\x8a\xe3\x81\xbe\xe3\x81\x9b\xe3\x82\x93"),
	SLICE("\xe5\xad\x98\xe5\x9c\xa8\xe3\x81\x97\xe3\x81\xbe\xe3\x81\x9b"
	      "\xe3\x82\x93"),
	SLICE("\xe4\xb8\x8d\xe6\x98\x8e"),
};

static bool ends_nocase(struct slice text, struct slice tail)
{
	return text.len >= tail.len &&
	       slice_equal_nocase(slice_after(text, text.len - tail.len), tail);
}

/* The class of the code at the start, 4 or 5; 0 if it is no code. */
static unsigned code_class(struct slice text)
{
	if (text.len < 3 || (text.at[0] != '4' && text.at[0] != '5') ||
	    text.at[1] > '7' || !isdigit((unsigned char)text.at[1]) ||
	    !isdigit((unsigned char)text.at[2]))
		return 0;
	/* Yahoo puts a colon behind it. */
	if (text.len > 3 && text.at[3] != ' ' && text.at[3] != '-' &&
	    !slice_starts(slice_after(text, 3), SLICE(": ")))
		return 0;
	return (unsigned)(text.at[0] - '0');
}

static bool is_introduced(struct slice before)
{
	if (!before.len || strchr("'\"#;<([=>", before.at[before.len - 1]))
		return true;
	if (before.at[before.len - 1] != ' ')
		return false;
	before = slice_trim(before);
	for (size_t i = 0; i < COUNT(introductions); i++)
		if (ends_nocase(before, introductions[i]))
			return true;
	return false;
}

/* Whether a server's answer begins at `at`. */
static bool is_answer(struct slice text, size_t at)
{
	struct slice here = slice_after(text, at);
	unsigned class = code_class(here);
	struct enhanced enhanced;

	if (!class)
		return false;
	if (is_introduced(slice_head(text, at)))
		return true;
	return text.at[at - 1] == ' ' &&
	       enhanced_parse(slice_after(here, 4), &enhanced) &&
	       enhanced.class == class;
}

static size_t find_answer(struct slice text)
{
	/* Exchange puts what the other server said in its own answer. */
	size_t at = slice_find_nocase(text, SLICE("smtp;"));

	if (at != SIZE_MAX) {
		struct slice rest = slice_after(text, at + 5);
		struct slice said = slice_trim(rest);

		if (code_class(said))
			return (size_t)(said.at - text.at);
	}
	for (at = 0; at < text.len; at++)
		if ((text.at[at] == '4' || text.at[at] == '5') &&
		    is_answer(text, at))
			return at;
	return SIZE_MAX;
}

/* Up to the last `close`, if there is one behind the code. */
static struct slice up_to_last(struct slice text, struct slice close)
{
	for (size_t len = text.len; len > 4; len--)
		if (slice_ends(slice_head(text, len), close))
			return slice_head(text, len - close.len);
	return text;
}

static struct slice without_tail(struct slice text, char before)
{
	for (size_t i = 0; i < COUNT(tails); i++) {
		if (!slice_ends(text, tails[i].text))
			continue;
		text.len -= tails[i].text.len;
		text = slice_trim(text);
		if (tails[i].bracket && slice_ends(text, SLICE(">")))
			text.len--;
	}
	for (size_t i = 0; i < COUNT(closings); i++)
		if (before == closings[i].open)
			text = up_to_last(text, closings[i].close);
	return slice_trim(text);
}

/* "#5.1.1", "(5.1.1)", " 5.1.1 " anywhere. */
static struct enhanced find_enhanced(struct slice text)
{
	for (size_t at = 0; at < text.len; at++) {
		struct slice rest = slice_after(text, at);
		struct enhanced code;
		size_t len = 0;

		if (text.at[at] != '4' && text.at[at] != '5')
			continue;
		if (at && !strchr(" #(<[;'", text.at[at - 1]))
			continue;
		while (len < rest.len && len < 10 &&
		       (isdigit((unsigned char)rest.at[len]) ||
			rest.at[len] == '.'))
			len++;
		if (len > 5 && rest.at[len - 1] == '.')
			len--;
		if (enhanced_parse(slice_head(rest, len), &code))
			return code;
	}
	return (struct enhanced){ 0 };
}

static bool has_words(struct slice text)
{
	for (size_t i = 0; i < COUNT(words); i++)
		if (slice_find_nocase(text, words[i]) != SIZE_MAX)
			return true;
	return false;
}

/* The name at the start: with a dot in it, or nothing. */
static struct slice host_name(struct slice text)
{
	size_t len = 0;

	while (len < text.len && (isalnum((unsigned char)text.at[len]) ||
				  text.at[len] == '.' || text.at[len] == '-'))
		len++;
	text = slice_head(text, len);
	if (slice_ends(text, SLICE(".")))
		text.len--;
	if (!text.len || !memchr(text.at, '.', text.len))
		return (struct slice){ 0 };
	return text;
}

struct slice diagnosis_host(struct slice text)
{
	static const struct slice leads[] = {
		SLICE("host: "), SLICE("host "),          SLICE("talking to "),
		SLICE(" by "),   SLICE("remote server "),
	};

	for (size_t i = 0; i < COUNT(leads); i++) {
		size_t at = slice_find_nocase(text, leads[i]);
		struct slice host;

		if (at == SIZE_MAX)
			continue;
		host = host_name(slice_after(text, at + leads[i].len));
		if (host.len)
			return host;
	}
	return (struct slice){ 0 };
}

/* What reply_parse() reads by itself, stage included. */
static bool is_postfix(struct slice text)
{
	(void)slice_skip(&text, SLICE("delivery temporarily suspended: "));
	return slice_starts(text, SLICE("host ")) &&
	       (slice_find(text, SLICE(" said: ")) != SIZE_MAX ||
		slice_find(text, SLICE("] refused to talk to me: ")) !=
			SIZE_MAX);
}

void diagnosis_parse(struct slice paragraph, struct diagnosis *diagnosis)
{
	struct slice text = slice_trim(paragraph);
	size_t at;

	if (slice_starts(text, SLICE("(")) && slice_ends(text, SLICE(")")))
		text = slice_head(slice_after(text, 1), text.len - 2);
	*diagnosis = (struct diagnosis){ .text = text };
	at = find_answer(text);
	diagnosis->code = find_enhanced(at == SIZE_MAX ? text
						       : slice_after(text, at));
	if (at != SIZE_MAX) {
		diagnosis->worth = DIAGNOSIS_ANSWER;
		diagnosis->host = diagnosis_host(slice_head(text, at));
		if (!is_postfix(text))
			diagnosis->text = without_tail(slice_after(text, at),
						       at ? text.at[at - 1]
							  : ' ');
	} else if (diagnosis->code.class) {
		diagnosis->worth = DIAGNOSIS_ENHANCED;
	} else if (has_words(text)) {
		diagnosis->worth = DIAGNOSIS_WORDS;
	}
}
