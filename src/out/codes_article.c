/* SPDX-License-Identifier: Apache-2.0 */
#include "out/codes_article.h"

#include "out/codes.h"
#include "out/html.h"

enum {
	/* Wordings that are shown at once; the others fold. */
	TEXTS_SHOWN = 3,
	/* Words of a part of a phrase, of which there may be dozens. */
	WORDS_SHOWN = 5,
	PATTERN_SHOWN = 160,
};

/* What an entry is found by, as a reader may recognise it. */
enum sign { SIGN_TEXT, SIGN_PHRASE, SIGN_PATTERN, SIGN_NONE };

static const struct slice sign_labels[] = {
	[SIGN_TEXT] = SLICE("text_in_mail"),
	[SIGN_PHRASE] = SLICE("words_in_mail"),
	[SIGN_PATTERN] = SLICE("pattern_in_mail"),
};

static enum sign sign_of(const struct entry *entry)
{
	if (entry->text_count)
		return SIGN_TEXT;
	if (entry->phrase_count)
		return SIGN_PHRASE;
	return entry->regex_count ? SIGN_PATTERN : SIGN_NONE;
}

/* "mailbox* / account / inbox": without the marks of open ends. */
static void add_alternatives(struct slice part, struct buf *buf)
{
	for (size_t i = 0; part.len; i++) {
		struct slice word = part;

		if (!slice_cut(&part, '|', &word))
			part = (struct slice){ 0 };
		if (i == WORDS_SHOWN) {
			buf_add(buf, SLICE(" / …"));
			break;
		}
		if (i)
			buf_add(buf, SLICE(" / "));
		word = slice_trim(word);
		while (slice_starts(word, SLICE("*")))
			word = slice_after(word, 1);
		while (slice_ends(word, SLICE("*")))
			word.len--;
		html_text(buf, word);
	}
}

static void add_phrase(struct slice phrase, struct buf *buf)
{
	struct slice part;

	while (slice_cut_at(&phrase, SLICE(".."), &part)) {
		add_alternatives(slice_trim(part), buf);
		buf_add(buf, SLICE(" … "));
		(void)slice_skip(&phrase, SLICE("."));
	}
	add_alternatives(slice_trim(phrase), buf);
}

/* The start of a pattern, cut between characters. */
static struct slice pattern_head(struct slice pattern)
{
	struct slice head = slice_head(pattern, PATTERN_SHOWN);

	while (head.len && head.len < pattern.len &&
	       ((unsigned char)pattern.at[head.len] & 0xc0) == 0x80)
		head.len--;
	return head;
}

static void add_sign(const struct entry *entry, enum sign sign, size_t at,
		     struct buf *buf)
{
	buf_add(buf, SLICE("<samp>"));
	switch (sign) {
	case SIGN_TEXT:
		html_text(buf, entry->texts[at]);
		break;
	case SIGN_PHRASE:
		add_phrase(entry->phrases[at], buf);
		break;
	default:
		html_text(buf, pattern_head(entry->regexes[at]));
		if (entry->regexes[at].len > PATTERN_SHOWN)
			buf_add(buf, SLICE("…"));
		break;
	}
	buf_add(buf, SLICE("</samp>"));
}

static void add_some_signs(const struct entry *entry, enum sign sign,
			   size_t from, size_t to, struct buf *buf)
{
	buf_add(buf, SLICE("<div lang=\"en\">"));
	for (size_t i = from; i < to; i++)
		add_sign(entry, sign, i, buf);
	buf_add(buf, SLICE("</div>"));
}

static void add_signs(const struct catalogue *catalogue,
		      const struct entry *entry, enum sign sign,
		      struct buf *buf)
{
	const size_t counts[] = { entry->text_count, entry->phrase_count,
				  entry->regex_count };
	size_t count = counts[sign];
	/* Not one alone behind a fold. */
	size_t shown = count > TEXTS_SHOWN ? TEXTS_SHOWN - 1 : count;

	add_some_signs(entry, sign, 0, shown, buf);
	if (shown == count)
		return;
	buf_add(buf, SLICE("<details><summary>"));
	buf_add_number(buf, count - shown);
	buf_add_char(buf, ' ');
	html_element(buf, SLICE(""),
		     catalogue_label(catalogue, SLICE("codes_more_texts")),
		     SLICE("</summary>"));
	add_some_signs(entry, sign, shown, count, buf);
	buf_add(buf, SLICE("</details>"));
}

static void add_term(const struct catalogue *catalogue, struct slice key,
		     struct buf *buf)
{
	struct slice term = catalogue_label(catalogue, key);

	/* The colon is for where the text follows in the same line. */
	if (slice_ends(term, SLICE(":")))
		term.len--;
	html_element(buf, SLICE("<dt>"), slice_trim(term), SLICE("</dt>"));
}

void codes_article_text(const struct catalogue *catalogue,
			const struct text *text, const struct text *than,
			struct buf *buf)
{
	static const struct text none;
	const struct text *other = than ? than : &none;
	const struct {
		struct slice key;
		struct slice text;
		struct slice other;
	} rows[] = {
		{ SLICE("what_happened"), text->explanation,
		  other->explanation },
		{ SLICE("what_to_do"), text->advice, other->advice },
		{ SLICE("for_admin"), text->admin, other->admin },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (slice_equal(rows[i].text, rows[i].other))
			continue;
		add_term(catalogue, rows[i].key, buf);
		html_element(buf, SLICE("<dd>"), rows[i].text,
			     SLICE("</dd>\n"));
	}
}

/* An address of the web without what all have. */
static void add_link(struct slice link, struct buf *buf)
{
	struct slice shown = link;

	html_element(buf, SLICE("<a href=\""), link, SLICE("\">"));
	if (!slice_skip(&shown, SLICE("https://")))
		(void)slice_skip(&shown, SLICE("http://"));
	if (slice_ends(shown, SLICE("/")))
		shown.len--;
	html_element(buf, SLICE(""), shown, SLICE("</a>"));
}

static void add_heading(const struct entry *entry, unsigned level,
			struct buf *buf)
{
	if (!level)
		return;
	buf_add(buf, SLICE("<h"));
	buf_add_number(buf, level);
	html_element(buf, SLICE(">"), entry->text.title, SLICE("</h"));
	buf_add_number(buf, level);
	buf_add(buf, SLICE(">\n"));
}

/* Whether the heading of the group does not say all of the entry's codes. */
static bool has_more_codes(const struct codes_place *place)
{
	const struct entry *entry = place->entry;

	return entry->code_count + entry->enhanced_count > 1 ||
	       (entry->enhanced_count && entry->enhanced[0].class);
}

/* What the heading above does not say: codes and provider. */
static void add_conditions(const struct catalogue *catalogue,
			   const struct codes_place *place, struct buf *buf)
{
	const struct entry *entry = place->entry;
	struct slice provider = { 0 };
	bool codes = has_more_codes(place);

	if (place->part != PART_TEXTS)
		provider = codes_provider(catalogue, entry);
	if (place->leads || (!codes && !provider.len))
		return;
	buf_add(buf, SLICE("<p class=\"w\">"));
	if (codes) {
		buf_add(buf, SLICE("<code>"));
		codes_write_name(entry, buf);
		buf_add(buf, SLICE("</code> "));
	}
	if (provider.len)
		html_text(buf, providers_name(catalogue_providers(catalogue),
					      provider));
	buf_add(buf, SLICE("</p>\n"));
}

static void write_full(const struct catalogue *catalogue,
		       const struct codes_place *place, unsigned level,
		       struct buf *buf)
{
	const struct entry *entry = place->entry;
	enum sign sign = sign_of(entry);

	html_element(buf, SLICE("<article id=\""), entry->id, SLICE("\">"));
	add_heading(entry, level, buf);
	add_conditions(catalogue, place, buf);
	buf_add(buf, SLICE("<dl>\n"));
	if (sign != SIGN_NONE) {
		add_term(catalogue, sign_labels[sign], buf);
		buf_add(buf, SLICE("<dd>"));
		add_signs(catalogue, entry, sign, buf);
		buf_add(buf, SLICE("</dd>\n"));
	}
	codes_article_text(catalogue, &entry->text, NULL, buf);
	if (entry->link_count)
		add_term(catalogue, SLICE("links"), buf);
	for (size_t i = 0; i < entry->link_count; i++) {
		buf_add(buf, SLICE("<dd>"));
		add_link(entry->links[i], buf);
		buf_add(buf, SLICE("</dd>\n"));
	}
	buf_add(buf, SLICE("</dl></article>\n"));
}

/* To the reason's explanation, then to pages elsewhere. */
static void add_pointers(const struct entry *entry, struct slice title,
			 struct buf *buf)
{
	html_element(buf, SLICE("<p><a class=\"e\" href=\"#reason-"),
		     reason_word(entry->reason), SLICE("\">"));
	html_element(buf, SLICE(""), title, SLICE("</a>"));
	for (size_t i = 0; i < entry->link_count; i++) {
		buf_add(buf, SLICE(" "));
		add_link(entry->links[i], buf);
	}
	buf_add(buf, SLICE("</p></article>\n"));
}

static void write_short(const struct catalogue *catalogue,
			const struct codes_place *place, unsigned level,
			struct buf *buf)
{
	const struct entry *entry = place->entry;
	const struct text *reason = catalogue_reason_text(catalogue,
							  entry->reason);
	enum sign sign = sign_of(entry);
	size_t start;

	html_element(buf, SLICE("<article class=\"s\" id=\""), entry->id,
		     SLICE("\">"));
	/* The reason's title is what the link says. */
	if (!slice_equal(entry->text.title, reason->title))
		add_heading(entry, level, buf);
	add_conditions(catalogue, place, buf);
	if (sign != SIGN_NONE && sign != SIGN_TEXT)
		html_element(buf, SLICE("<p class=\"w\">"),
			     catalogue_label(catalogue, sign_labels[sign]),
			     SLICE("</p>"));
	if (sign != SIGN_NONE)
		add_signs(catalogue, entry, sign, buf);
	start = buf->len;
	buf_add(buf, SLICE("<dl>\n"));
	codes_article_text(catalogue, &entry->text, reason, buf);
	if (buf->len == start + SLICE("<dl>\n").len)
		buf->len = start;
	else
		buf_add(buf, SLICE("</dl>\n"));
	add_pointers(entry, reason->title, buf);
}

void codes_article(const struct catalogue *catalogue,
		   const struct codes_place *place, unsigned level,
		   struct buf *buf)
{
	const struct entry *entry = place->entry;
	const struct text *reason = catalogue_reason_text(catalogue,
							  entry->reason);

	if (slice_equal(entry->text.explanation, reason->explanation))
		write_short(catalogue, place, level, buf);
	else
		write_full(catalogue, place, level, buf);
}

void codes_article_link(const struct entry *entry, struct buf *buf)
{
	enum sign sign = sign_of(entry);

	html_element(buf, SLICE("<a href=\"#"), entry->id, SLICE("\">"));
	html_element(buf, SLICE(""), entry->text.title, SLICE("</a>"));
	if (sign == SIGN_TEXT || sign == SIGN_PHRASE) {
		buf_add_char(buf, ' ');
		add_sign(entry, sign, 0, buf);
	} else if (sign == SIGN_NONE) {
		buf_add(buf, SLICE(" <code>"));
		codes_write_name(entry, buf);
		buf_add(buf, SLICE("</code>"));
	}
}
