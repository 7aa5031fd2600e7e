/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page: one file without scripts or anything to fetch, readable by screen
 * readers, on a phone, in the dark and on paper. Each entry has an anchor.
 */
#include "base/utf8.h"
#include "out/codes.h"

static const char page_style[] =
	":root{color-scheme:light dark;--line:#8886;--soft:#8881}"
	"body{font:1rem/1.5 system-ui,sans-serif;max-width:52rem;margin:0 auto;"
	"padding:1rem}"
	"h1{font-size:1.6rem;line-height:1.2}h2{margin-top:2.5rem}"
	"nav "
	"ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.4rem}"
	"nav a{display:inline-block;padding:.25rem .6rem;border:1px solid "
	"var(--line);border-radius:.4rem}"
	"article{border-top:1px solid var(--line);padding:.8rem 0}"
	"article:target{background:var(--soft)}"
	"h3{margin:0 0 .4rem;font-size:1.1rem}"
	"h3 code{font-size:1em;background:var(--soft);padding:.1rem .4rem;"
	"border-radius:.3rem}"
	"dl{margin:0}dt{font-weight:600;margin-top:.4rem}dd{margin:0}"
	"dd,samp,a{overflow-wrap:anywhere}samp{font-size:.9rem}"
	"p.skip a{position:absolute;left:-99rem}p.skip a:focus{left:1rem}"
	"@media "
	"print{body{max-width:none;font-size:10pt}nav,p.skip{display:none}"
	"article{break-inside:avoid}}";

static void add_html(struct buf *buf, struct slice text)
{
	while (text.len) {
		size_t plain = 0;

		while (plain < text.len && !strchr("<>&\"'", text.at[plain]))
			plain++;
		utf8_add_shown(buf, slice_head(text, plain));
		text = slice_after(text, plain);
		if (!text.len)
			break;
		buf_add(buf, SLICE("&#"));
		buf_add_number(buf, (unsigned char)text.at[0]);
		buf_add_char(buf, ';');
		text = slice_after(text, 1);
	}
}

static void add_element(struct buf *buf, struct slice open, struct slice text,
			struct slice close)
{
	buf_add(buf, open);
	add_html(buf, text);
	buf_add(buf, close);
}

static void add_term(const struct catalogue *catalogue, struct buf *buf,
		     struct slice key, struct slice text)
{
	add_element(buf, SLICE("<dt>"), catalogue_label(catalogue, key),
		    SLICE("</dt>"));
	add_element(buf, SLICE("<dd>"), text, SLICE("</dd>\n"));
}

static void add_links(const struct catalogue *catalogue,
		      const struct entry *entry, struct buf *buf)
{
	if (!entry->link_count)
		return;
	add_element(buf, SLICE("<dt>"),
		    catalogue_label(catalogue, SLICE("links")), SLICE("</dt>"));
	for (size_t i = 0; i < entry->link_count; i++) {
		add_element(buf, SLICE("<dd><a rel=\"noopener\" href=\""),
			    entry->links[i], SLICE("\">"));
		add_element(buf, SLICE(""), entry->links[i],
			    SLICE("</a></dd>\n"));
	}
}

static void add_quotes(const struct catalogue *catalogue,
		       const struct entry *entry, struct buf *buf)
{
	if (!entry->text_count)
		return;
	add_element(buf, SLICE("<dt>"),
		    catalogue_label(catalogue, SLICE("text_in_mail")),
		    SLICE("</dt><dd>"));
	add_element(buf, SLICE("<samp lang=\"en\">"), entry->texts[0],
		    SLICE("</samp></dd>\n"));
}

static void add_article(const struct catalogue *catalogue,
			const struct entry *entry, struct buf *buf)
{
	add_element(buf, SLICE("<article id=\""), entry->id, SLICE("\"><h3>"));
	if (entry->code_count || entry->enhanced_count || entry->class) {
		buf_add(buf, SLICE("<code>"));
		codes_write_name(entry, buf);
		buf_add(buf, SLICE("</code> "));
	}
	add_element(buf, SLICE(""), entry->text.title, SLICE("</h3>\n<dl>\n"));
	add_quotes(catalogue, entry, buf);
	add_term(catalogue, buf, SLICE("what_happened"),
		 entry->text.explanation);
	add_term(catalogue, buf, SLICE("what_to_do"), entry->text.advice);
	add_term(catalogue, buf, SLICE("for_admin"), entry->text.admin);
	add_links(catalogue, entry, buf);
	buf_add(buf, SLICE("</dl></article>\n"));
}

/* The parts of the page, in order. */
enum section {
	SECTION_CODES,
	SECTION_ENHANCED,
	SECTION_TEXTS,
	SECTION_REST,
	SECTION_COUNT
};

static const struct {
	struct slice id;
	struct slice key;
} sections[SECTION_COUNT] = {
	[SECTION_CODES] = { SLICE("codes"), SLICE("codes_basic") },
	[SECTION_ENHANCED] = { SLICE("enhanced"), SLICE("codes_enhanced") },
	[SECTION_TEXTS] = { SLICE("texts"), SLICE("codes_texts") },
	[SECTION_REST] = { SLICE("rest"), SLICE("codes_rest") },
};

static enum section section_of(const struct entry *entry)
{
	if (entry->has_patterns)
		return SECTION_TEXTS;
	if (entry->code_count)
		return SECTION_CODES;
	return entry->enhanced_count ? SECTION_ENHANCED : SECTION_REST;
}

static void add_section(const struct catalogue *catalogue, enum section section,
			struct buf *buf)
{
	add_element(buf, SLICE("<section aria-labelledby=\""),
		    sections[section].id, SLICE("\"><h2 id=\""));
	add_element(buf, SLICE(""), sections[section].id, SLICE("\">"));
	add_element(buf, SLICE(""),
		    catalogue_label(catalogue, sections[section].key),
		    SLICE("</h2>\n"));
	for (size_t i = 0; i < catalogue_count(catalogue); i++) {
		const struct entry *entry = catalogue_entry(catalogue, i);

		if (section_of(entry) == section)
			add_article(catalogue, entry, buf);
	}
	buf_add(buf, SLICE("</section>\n"));
}

static void add_head(const struct catalogue *catalogue, struct buf *buf)
{
	struct slice title = catalogue_label(catalogue, SLICE("codes_title"));

	add_element(buf, SLICE("<!DOCTYPE html>\n<html lang=\""),
		    catalogue_lang(catalogue),
		    SLICE("\">\n<head>\n<meta charset=\"utf-8\">\n"
			  "<meta name=\"viewport\" "
			  "content=\"width=device-width,initial-scale=1\">\n"));
	add_element(buf, SLICE("<title>"), title, SLICE("</title>\n<style>"));
	buf_add(buf, slice_from(page_style));
	add_element(buf,
		    SLICE("</style>\n</head>\n<body>\n<p class=\"skip\">"
			  "<a href=\"#codes\">"),
		    catalogue_label(catalogue, SLICE("skip")),
		    SLICE("</a></p>\n"));
	add_element(buf, SLICE("<header><h1>"), title, SLICE("</h1>\n"));
	add_element(buf, SLICE("<p>"),
		    catalogue_label(catalogue, SLICE("codes_intro")),
		    SLICE("</p></header>\n"));
}

static void add_navigation(const struct catalogue *catalogue, struct buf *buf)
{
	add_element(buf, SLICE("<nav aria-label=\""),
		    catalogue_label(catalogue, SLICE("contents")),
		    SLICE("\"><ul>\n"));
	for (enum section i = 0; i < SECTION_COUNT; i++) {
		add_element(buf, SLICE("<li><a href=\"#"), sections[i].id,
			    SLICE("\">"));
		add_element(buf, SLICE(""),
			    catalogue_label(catalogue, sections[i].key),
			    SLICE("</a></li>\n"));
	}
	for (size_t i = 0; i < catalogue_count(catalogue); i++) {
		const struct entry *entry = catalogue_entry(catalogue, i);

		if (section_of(entry) != SECTION_CODES ||
		    entry->enhanced_count || entry->stages)
			continue;
		add_element(buf, SLICE("<li><a href=\"#"), entry->id,
			    SLICE("\">"));
		codes_write_name(entry, buf);
		buf_add(buf, SLICE("</a></li>\n"));
	}
	buf_add(buf, SLICE("</ul></nav>\n<main>\n"));
}

void codes_write_html(const struct catalogue *catalogue, struct buf *buf)
{
	add_head(catalogue, buf);
	add_navigation(catalogue, buf);
	for (enum section i = 0; i < SECTION_COUNT; i++)
		add_section(catalogue, i, buf);
	buf_add(buf, SLICE("</main>\n</body>\n</html>\n"));
}
