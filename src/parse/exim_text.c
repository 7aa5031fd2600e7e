/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/exim_text.h"

#include "parse/address.h"
#include "parse/relayed.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What stands before "STEP: ANSWER". */
static const struct slice answer_marks[] = {
	SLICE("SMTP error from remote mail server after "),
	SLICE("LMTP error from remote mail server after "),
	SLICE("SMTP error from remote mailer after "), /* until 4.6 */
	SLICE("LMTP error after "),
};

/* Texts of Exim's own whose stage is not STAGE_LOCAL; what they begin with. */
static const struct {
	struct slice text;
	enum stage stage;
} own_stages[] = {
	{ SLICE("Connection refused"), STAGE_CONNECT },
	{ SLICE("Connection timed out"), STAGE_CONNECT },
	{ SLICE("Operation timed out"), STAGE_CONNECT },
	{ SLICE("No route to host"), STAGE_CONNECT },
	{ SLICE("Host is down"), STAGE_CONNECT },
	{ SLICE("Network is unreachable"), STAGE_CONNECT },
	{ SLICE("host lookup did not complete"), STAGE_CONNECT },
	{ SLICE("all relevant MX records point to"), STAGE_CONNECT },
	{ SLICE("all host address lookups failed"), STAGE_CONNECT },
	{ SLICE("an MX or SRV record indicated no SMTP"), STAGE_CONNECT },
	{ SLICE("no IP address could be found"), STAGE_CONNECT },
	{ SLICE("no host found for existing"), STAGE_CONNECT },
	{ SLICE("TLS session"), STAGE_STARTTLS },
	{ SLICE("a TLS session is required"), STAGE_STARTTLS },
	{ SLICE("A TLS packet"), STAGE_STARTTLS },
	{ SLICE("DANE error"), STAGE_STARTTLS },
	{ SLICE("authentication required"), STAGE_AUTH },
};

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* The byte that "\303" stands for; -1 if Exim would not have written it so. */
static int escaped_byte(struct slice rest)
{
	int byte;

	if (rest.len < 4 || rest.at[0] != '\\' || rest.at[1] > '3' ||
	    !is_octal(rest.at[1]) || !is_octal(rest.at[2]) ||
	    !is_octal(rest.at[3]))
		return -1;
	byte = (rest.at[1] - '0') * 64 + (rest.at[2] - '0') * 8 +
	       (rest.at[3] - '0');
	return byte < 0x20 || byte >= 0x7f ? byte : -1;
}

/* Whether "\n" is where Exim has joined two lines: each begins with a code. */
static bool is_join(struct slice rest)
{
	uint64_t code = 0;

	if (!slice_skip(&rest, SLICE("\\n")))
		return false;
	return slice_number(slice_head(rest, 3), &code) && code >= 200 &&
	       code < 600 &&
	       (rest.len == 3 || rest.at[3] == ' ' || rest.at[3] == '-' ||
		rest.at[3] == '\\');
}

struct slice exim_text_plain(struct slice text, struct buf *buf)
{
	size_t start = buf->len;

	if (!text.len || !memchr(text.at, '\\', text.len))
		return text;
	for (size_t i = 0; i < text.len;) {
		struct slice rest = slice_after(text, i);
		int byte = escaped_byte(rest);

		if (byte >= 0) {
			buf_add_char(buf, (char)byte);
			i += 4;
		} else if (is_join(rest)) {
			buf_add_char(buf, ' ');
			i += 2;
		} else {
			buf_add_char(buf, text.at[i++]);
		}
	}
	return (struct slice){ buf->at + start, buf->len - start };
}

struct slice exim_text_confirmation(struct slice text, struct buf *buf)
{
	size_t start = buf->len;
	struct slice once;

	if (!text.len || !memchr(text.at, '\\', text.len))
		return text;
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '\\' && i + 1 < text.len)
			i++;
		buf_add_char(buf, text.at[i]);
	}
	once = (struct slice){ buf->at + start, buf->len - start };
	return exim_text_plain(once, buf);
}

/* Takes "STEP: " off. The address of a command may hold anything. */
static bool take_step(struct slice *rest, enum stage *stage)
{
	struct slice copy = *rest;
	struct slice step;
	struct slice path;
	size_t open = slice_find(slice_head(copy, 24), SLICE(":<"));

	*stage = relayed_step(copy);
	if (open != SIZE_MAX) {
		copy = slice_after(copy, open + 1);
		if (!address_take_path(&copy, &path))
			return false;
	}
	if (!slice_cut_at(&copy, SLICE(": "), &step))
		return false;
	*rest = copy;
	return true;
}

/* "host H [IP]: " before the answer. */
static void take_host(struct slice *rest, struct delivery *delivery)
{
	struct slice copy = *rest;
	struct slice host;
	struct slice ip;

	if (!slice_skip(&copy, SLICE("host ")) ||
	    !slice_cut(&copy, ' ', &host) || !slice_skip(&copy, SLICE("[")) ||
	    !slice_cut(&copy, ']', &ip))
		return;
	if (!slice_skip(&copy, SLICE(": ")))
		return;
	*rest = copy;
	if (delivery->relay_host.len)
		return;
	delivery->relay_host = host;
	delivery->relay_ip = ip;
}

static bool read_answer(struct slice text, struct buf *buf,
			struct delivery *delivery)
{
	for (size_t i = 0; i < COUNT(answer_marks); i++) {
		enum stage stage;

		if (!slice_skip(&text, answer_marks[i]))
			continue;
		if (!take_step(&text, &stage))
			return false;
		take_host(&text, delivery);
		delivery->form = TEXT_ANSWER;
		delivery->stage = stage;
		delivery->text = exim_text_plain(text, buf);
		return true;
	}
	return false;
}

/* "550\t5.1.1 no": a tab where a blank should be is all that Exim minds;
 * rsyslog may have made it "#011". */
static bool read_malformed(struct slice text, struct buf *buf,
			   struct delivery *delivery)
{
	struct slice before;
	struct slice words;
	size_t start;
	uint64_t code = 0;
	enum stage stage;

	if (!slice_starts(text, SLICE("Malformed SMTP reply")) ||
	    !slice_cut_at(&text, SLICE(" in response to "), &before) ||
	    !take_step(&text, &stage) ||
	    !slice_number(slice_head(text, 3), &code) || code < 200 ||
	    code > 599)
		return false;
	words = slice_after(text, 3);
	if (!slice_skip(&words, SLICE("\t")) &&
	    !slice_skip(&words, SLICE("#011")))
		return false;
	words = exim_text_plain(words, buf);
	start = buf->len;
	buf_add_number(buf, code);
	buf_add_char(buf, ' ');
	buf_add(buf, words);
	delivery->form = TEXT_ANSWER;
	delivery->stage = stage;
	delivery->text = (struct slice){ buf->at + start, buf->len - start };
	return true;
}

/* "Remote host H [IP] closed connection in response to ..." */
static void find_host(struct slice text, struct delivery *delivery)
{
	static const struct slice marks[] = {
		SLICE("Remote host "),
		SLICE("SMTP timeout while connected to "),
		SLICE("Malformed SMTP reply from "),
	};

	(void)slice_skip(&text, SLICE("Connection timed out: "));
	for (size_t i = 0; i < COUNT(marks); i++) {
		struct slice rest = text;
		struct slice host;
		struct slice ip;

		if (delivery->relay_host.len || !slice_skip(&rest, marks[i]) ||
		    !slice_cut(&rest, ' ', &host) ||
		    !slice_skip(&rest, SLICE("[")) ||
		    !slice_cut(&rest, ']', &ip))
			continue;
		delivery->relay_host = host;
		delivery->relay_ip = ip;
	}
}

static enum stage own_stage(struct slice text)
{
	static const struct slice marks[] = {
		SLICE(" in response to "),
		SLICE("SMTP timeout after "),
		SLICE("] after "),
	};
	struct slice before = { 0 };
	enum stage stage = STAGE_NONE;

	for (size_t i = 0; i < COUNT(marks) && stage == STAGE_NONE; i++) {
		struct slice rest = text;

		if (slice_cut_at(&rest, marks[i], &before))
			stage = relayed_step(rest);
	}
	/* Nothing is known of a server yet; most often there is none. */
	if (stage == STAGE_BANNER &&
	    slice_starts(before, SLICE("Connection timed out")))
		return STAGE_CONNECT;
	if (stage != STAGE_NONE)
		return stage;
	for (size_t i = 0; i < COUNT(own_stages); i++)
		if (slice_starts(text, own_stages[i].text))
			return own_stages[i].stage;
	return STAGE_LOCAL;
}

void exim_text_read(struct slice text, struct buf *buf,
		    struct delivery *delivery)
{
	if (read_answer(text, buf, delivery) ||
	    read_malformed(text, buf, delivery))
		return;
	delivery->form = TEXT_OWN;
	delivery->stage = own_stage(text);
	find_host(text, delivery);
	delivery->text = exim_text_plain(text, buf);
}
