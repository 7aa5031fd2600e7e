/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page: one file without scripts or anything to fetch, readable by screen
 * readers, on a phone, in the dark and on paper. Each code, each reason and
 * each entry has an anchor: #550, #554-5.7.1, #5.7.1, #reason-mailbox_full,
 * #code-550.
 */
#include "base/intern.h"
#include "out/codes.h"
#include "out/codes_article.h"
#include "out/codes_order.h"
#include "out/html.h"

static const char page_style[] =
	":root{color-scheme:light dark;--text:#1b1f24;--page:#fff;"
	"--soft:#f1f3f6;--line:#d0d7de;--faint:#57606a;--link:#0b57b5;"
	"--mark:#fff3c4}"
	"@media(prefers-color-scheme:dark){:root{--text:#e4e8ed;"
	"--page:#14181d;--soft:#1f252c;--line:#3a434d;--faint:#9ba6b2;"
	"--link:#82b7ff;--mark:#453a10}}"
	"*{box-sizing:border-box}"
	"body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;"
	"padding:1rem 1rem 4rem;color:var(--text);background:var(--page);"
	"overflow-wrap:anywhere}"
	"a{color:var(--link)}"
	"a:focus-visible,summary:focus-visible{outline:3px solid "
	"var(--link);outline-offset:2px}"
	"h1{font-size:1.7rem;line-height:1.2}"
	"h2{margin:3rem 0 1rem;font-size:1.4rem;border-bottom:2px solid "
	"var(--line)}"
	"h3{margin:2.2rem 0 .6rem;font-size:1.2rem}"
	"h4{margin:1.6rem 0 .5rem;font-size:1.05rem}"
	"h5{margin:0 0 .4rem;font-size:1rem}"
	"article>h4{margin-top:0}"
	"nav h2{margin:1.5rem 0 .5rem;font-size:1rem;border:0}"
	"ul{margin:.5rem 0;padding-left:1.2rem}"
	"ul.c{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.35rem}"
	"ul.c a{display:block;min-width:3rem;padding:.2rem "
	".5rem;text-align:center;"
	"text-decoration:none;background:var(--soft);border:1px solid "
	"var(--line);border-radius:.4rem;font-variant-numeric:tabular-nums}"
	"ul.c a:hover{border-color:var(--link)}"
	"ul.l{columns:17rem;padding:0;list-style:none}"
	"ul.l li{break-inside:avoid;padding:.15rem 0}"
	"article{margin:.8rem 0;padding:.1rem 0 .1rem .9rem;border-left:3px "
	"solid var(--line)}"
	"article.s{font-size:.95rem}"
	"code,samp{font:.92em/1.45 ui-monospace,monospace}"
	"h3 code,h4 code{font-size:1em;font-weight:700}"
	"samp{display:table;margin:.15rem 0;padding:.05rem .4rem;"
	"background:var(--soft);border-radius:.3rem}"
	"li>samp{display:inline}"
	"dl{margin:0}dt{font-weight:600}dd{margin:0 0 .5rem}dd+dt{margin-top:0}"
	"@media(min-width:46rem){dl{display:grid;grid-template-columns:11rem "
	"1fr;column-gap:1rem}dt{grid-column:1;margin-bottom:.5rem}dd{grid-"
	"column:2}}"
	"p{margin:.3rem 0}p.w{color:var(--faint);font-size:.9rem}"
	"article.s a{margin-right:.6rem}a.e:before{content:\"→ \"}"
	"summary{cursor:pointer;color:var(--faint)}"
	"[id]{scroll-margin-top:1rem}"
	"article:target,span:target+article,li:has(span:target),"
	"section:target>h3,section:target>h4,h4:has(span:target){background:"
	"var(--mark)}"
	"p.skip a{position:absolute;left:-99rem}"
	"p.skip a:focus{left:1rem;top:0;padding:.5rem;background:var(--page)}"
	"a.u{position:fixed;right:.8rem;bottom:.8rem;padding:.4rem .9rem;"
	"background:var(--soft);border:1px solid var(--line);"
	"border-radius:2rem;text-decoration:none}"
	"@media print{:root{font-size:8pt}body{max-width:none;padding:0}"
	"nav,p.skip,a.u{display:none}dd{break-inside:avoid}"
	"h2,h3,h4,h5,dt{break-after:avoid}}";

struct page {
	const struct catalogue *catalogue;
	struct buf *buf;
	struct codes_order order;
	struct intern *ids; /* anchors that were given */
	struct buf id;      /* scratch */
};

static struct slice label(const struct page *page, struct slice key)
{
	return catalogue_label(page->catalogue, key);
}

/* Whether the anchor page->id is free. The ids of entries are theirs. */
static bool claim(struct page *page)
{
	struct slice id = buf_slice(&page->id);
	uint32_t count = intern_count(page->ids);

	return !catalogue_find(page->catalogue, id) &&
	       intern_add(page->ids, id) == count;
}

/* `<tag id="...">`, the anchor being page->id. */
static void open_tag(struct page *page, struct slice tag)
{
	buf_add_char(page->buf, '<');
	buf_add(page->buf, tag);
	if (claim(page))
		html_element(page->buf, SLICE(" id=\""), buf_slice(&page->id),
			     SLICE("\""));
	buf_add_char(page->buf, '>');
}

/* One more anchor at this place: page->id. */
static void add_anchor(struct page *page)
{
	if (claim(page))
		html_element(page->buf, SLICE("<span id=\""),
			     buf_slice(&page->id), SLICE("\"></span>"));
}

static void set_id(struct page *page, struct slice id)
{
	buf_reset(&page->id);
	buf_add(&page->id, id);
}

/* "5.7.1" after what page->id holds. */
static void add_enhanced_id(struct page *page, unsigned class, unsigned subject,
			    unsigned detail)
{
	buf_add_number(&page->id, class);
	buf_add_char(&page->id, '.');
	buf_add_number(&page->id, subject);
	buf_add_char(&page->id, '.');
	buf_add_number(&page->id, detail);
}

/* "X.7.1", "X.606-649", as the catalogue writes it. */
static void add_details(const struct codes_place *place, struct buf *buf)
{
	buf_add(buf, SLICE("X."));
	buf_add_number(buf, place->group);
	buf_add_char(buf, '.');
	buf_add_number(buf, place->first_detail);
	if (place->last_detail == place->first_detail)
		return;
	buf_add_char(buf, '-');
	buf_add_number(buf, place->last_detail);
}

static void set_group_id(struct page *page, const struct codes_place *place)
{
	buf_reset(&page->id);
	switch (place->part) {
	case PART_BASIC:
		buf_add_number(&page->id, place->group);
		break;
	case PART_ENHANCED:
		buf_add(&page->id, SLICE("X."));
		buf_add_number(&page->id, place->group);
		break;
	case PART_TEXTS:
		buf_add(&page->id, SLICE("reason-"));
		buf_add(&page->id, reason_word(codes_reason(place->group)));
		break;
	default:
		break;
	}
}

/* The anchors "554-5.7.1" of a place under 554: of each pair asked for. */
static void add_pair_anchors(struct page *page, const struct codes_place *place)
{
	const struct entry *entry = place->entry;

	if (place->part != PART_BASIC)
		return;
	for (size_t i = 0; i < entry->enhanced_count; i++) {
		const struct enhanced_range *range = &entry->enhanced[i];
		unsigned class =
			range->class ? range->class : place->group / 100;

		for (unsigned k = range->first_detail; k <= range->last_detail;
		     k++) {
			buf_reset(&page->id);
			buf_add_number(&page->id, place->group);
			buf_add_char(&page->id, '-');
			add_enhanced_id(page, class, range->subject, k);
			add_anchor(page);
		}
	}
}

/* Places [from, to) of one part: the homes, then the links to the others. */
static void add_places(struct page *page, size_t from, size_t to,
		       unsigned level)
{
	const struct codes_place *places = page->order.places;
	bool open = false;

	for (size_t i = from; i < to; i++) {
		/* The title of what leads is the heading of the part. */
		bool heads = i == from && places[i].leads;

		if (!places[i].home)
			continue;
		add_pair_anchors(page, &places[i]);
		codes_article(page->catalogue, &places[i], heads ? 0 : level,
			      page->buf);
	}
	for (size_t i = from; i < to; i++) {
		if (places[i].home)
			continue;
		if (!open)
			html_element(page->buf, SLICE("<p class=\"w\">"),
				     label(page, SLICE("codes_see_also")),
				     SLICE("</p>\n<ul>\n"));
		open = true;
		buf_add(page->buf, SLICE("<li>"));
		add_pair_anchors(page, &places[i]);
		codes_article_link(places[i].entry, page->buf);
		buf_add(page->buf, SLICE("</li>\n"));
	}
	if (open)
		buf_add(page->buf, SLICE("</ul>\n"));
}

/* End of the run of places that begins at `from`. */
static size_t run_end(const struct codes_order *order, size_t from,
		      bool (*same)(const struct codes_place *a,
				   const struct codes_place *b))
{
	size_t to = from + 1;

	while (to < order->count &&
	       same(&order->places[from], &order->places[to]))
		to++;
	return to;
}

static void add_code_group(struct page *page, size_t from, size_t to)
{
	const struct codes_place *place = &page->order.places[from];

	set_group_id(page, place);
	open_tag(page, SLICE("section"));
	buf_add(page->buf, SLICE("<h3><code>"));
	buf_add_number(page->buf, place->group);
	buf_add(page->buf, SLICE("</code> "));
	if (place->leads)
		html_text(page->buf, place->entry->text.title);
	buf_add(page->buf, SLICE("</h3>\n"));
	add_places(page, from, to, 4);
	buf_add(page->buf, SLICE("</section>\n"));
}

/* More anchors than that of one range nobody will use. */
enum { RANGE_LIMIT = 100 };

/* What a reader may look for: "5.7.1", "4.7.1", and of the codes that are no
 * error "2.1.5". */
static void add_enhanced_anchors(struct page *page,
				 const struct codes_place *place)
{
	static const unsigned classes[] = { 5, 4, 2 };
	unsigned last = place->last_detail;
	size_t count = place->first_detail == last ? 3 : 2;

	if (last - place->first_detail >= RANGE_LIMIT)
		last = place->first_detail;
	for (unsigned k = place->first_detail; k <= last; k++) {
		for (size_t i = 0; i < count; i++) {
			buf_reset(&page->id);
			add_enhanced_id(page, classes[i], place->group, k);
			add_anchor(page);
		}
	}
}

/* "5.7.1", "5.7.606-649": a range has an anchor of its own, too. */
static void set_details_id(struct page *page, const struct codes_place *place)
{
	buf_reset(&page->id);
	add_enhanced_id(page, 5, place->group, place->first_detail);
	if (place->last_detail == place->first_detail)
		return;
	buf_add_char(&page->id, '-');
	buf_add_number(&page->id, place->last_detail);
}

static void add_details_part(struct page *page, size_t from, size_t to)
{
	const struct codes_place *place = &page->order.places[from];

	set_details_id(page, place);
	open_tag(page, SLICE("section"));
	buf_add(page->buf, SLICE("<h4>"));
	add_enhanced_anchors(page, place);
	buf_add(page->buf, SLICE("<code>"));
	add_details(place, page->buf);
	buf_add(page->buf, SLICE("</code> "));
	if (place->leads)
		html_text(page->buf, place->entry->text.title);
	buf_add(page->buf, SLICE("</h4>\n"));
	add_places(page, from, to, 5);
	buf_add(page->buf, SLICE("</section>\n"));
}

/* What "X.7.0" says is what all "X.7" have in common. */
static void add_subject_title(struct page *page,
			      const struct codes_place *place)
{
	if (place->leads && !place->first_detail)
		html_text(page->buf, place->entry->text.title);
}

static void add_enhanced_group(struct page *page, size_t from, size_t to)
{
	const struct codes_place *places = page->order.places;

	set_group_id(page, &places[from]);
	open_tag(page, SLICE("section"));
	buf_add(page->buf, SLICE("<h3><code>X."));
	buf_add_number(page->buf, places[from].group);
	buf_add(page->buf, SLICE("</code> "));
	add_subject_title(page, &places[from]);
	buf_add(page->buf, SLICE("</h3>\n<ul class=\"c\">\n"));
	for (size_t at = from; at < to;
	     at = run_end(&page->order, at, codes_same_part)) {
		set_details_id(page, &places[at]);
		html_element(page->buf, SLICE("<li><a href=\"#"),
			     buf_slice(&page->id), SLICE("\">"));
		add_details(&places[at], page->buf);
		buf_add(page->buf, SLICE("</a></li>\n"));
	}
	buf_add(page->buf, SLICE("</ul>\n"));
	while (from < to) {
		size_t end = run_end(&page->order, from, codes_same_part);

		add_details_part(page, from, end);
		from = end;
	}
	buf_add(page->buf, SLICE("</section>\n"));
}

/* Of each reason, whether it has entries or not: others point to it. */
static void add_reason_group(struct page *page, uint32_t rank, size_t from,
			     size_t to)
{
	const struct codes_place group = { .part = PART_TEXTS, .group = rank };
	const struct text *text = catalogue_reason_text(page->catalogue,
							codes_reason(rank));

	set_group_id(page, &group);
	open_tag(page, SLICE("section"));
	html_element(page->buf, SLICE("<h3>"), text->title, SLICE("</h3>\n"));
	buf_add(page->buf, SLICE("<dl>\n"));
	codes_article_text(page->catalogue, text, NULL, page->buf);
	buf_add(page->buf, SLICE("</dl>\n"));
	while (from < to) {
		size_t end = run_end(&page->order, from, codes_same_part);
		struct slice provider = page->order.places[from].provider;

		if (provider.len)
			html_element(page->buf, SLICE("<h4>"), provider,
				     SLICE("</h4>\n"));
		add_places(page, from, end, provider.len ? 5 : 4);
		from = end;
	}
	buf_add(page->buf, SLICE("</section>\n"));
}

static void add_reason_groups(struct page *page, size_t from, size_t to)
{
	for (uint32_t rank = 0; rank < REASON_COUNT; rank++) {
		size_t end = from;

		while (end < to && page->order.places[end].group == rank)
			end++;
		add_reason_group(page, rank, from, end);
		from = end;
	}
}

static void add_code_groups(struct page *page, size_t from, size_t to)
{
	while (from < to) {
		size_t end = run_end(&page->order, from, codes_same_group);

		add_code_group(page, from, end);
		from = end;
	}
}

static void add_enhanced_groups(struct page *page, size_t from, size_t to)
{
	while (from < to) {
		size_t end = run_end(&page->order, from, codes_same_group);

		add_enhanced_group(page, from, end);
		from = end;
	}
}

static void add_rest(struct page *page, size_t from, size_t to)
{
	add_places(page, from, to, 3);
}

static const struct {
	struct slice id;
	struct slice key;
	struct slice intro; /* key of a sentence below the heading, or empty */
	void (*add)(struct page *page, size_t from, size_t to);
} parts[PART_COUNT] = {
	[PART_BASIC] = { SLICE("codes"),
			 SLICE("codes_basic"),
			 { 0 },
			 add_code_groups },
	[PART_ENHANCED] = { SLICE("enhanced"), SLICE("codes_enhanced"),
			    SLICE("codes_enhanced_intro"),
			    add_enhanced_groups },
	[PART_TEXTS] = { SLICE("texts"), SLICE("codes_texts"),
			 SLICE("codes_texts_intro"), add_reason_groups },
	[PART_REST] = { SLICE("rest"), SLICE("codes_rest"), { 0 }, add_rest },
};

static bool same_part_of_page(const struct codes_place *a,
			      const struct codes_place *b)
{
	return a->part == b->part;
}

/* The places of a part of the page, [*from, *to). */
static void find_part(const struct codes_order *order, enum codes_part part,
		      size_t *from, size_t *to)
{
	*from = 0;
	while (*from < order->count && order->places[*from].part < part)
		(*from)++;
	*to = *from;
	if (*from < order->count && order->places[*from].part == part)
		*to = run_end(order, *from, same_part_of_page);
}

static void add_part(struct page *page, enum codes_part part)
{
	size_t from;
	size_t to;

	set_id(page, parts[part].id);
	open_tag(page, SLICE("section"));
	html_element(page->buf, SLICE("<h2>"), label(page, parts[part].key),
		     SLICE("</h2>\n"));
	if (parts[part].intro.len)
		html_element(page->buf, SLICE("<p>"),
			     label(page, parts[part].intro), SLICE("</p>\n"));
	find_part(&page->order, part, &from, &to);
	parts[part].add(page, from, to);
	buf_add(page->buf, SLICE("</section>\n"));
}

static void add_head(const struct page *page)
{
	struct slice title = label(page, SLICE("codes_title"));

	html_element(
		page->buf, SLICE("<!DOCTYPE html>\n<html lang=\""),
		catalogue_lang(page->catalogue),
		SLICE("\">\n<head>\n<meta charset=\"utf-8\">\n"
		      "<meta name=\"viewport\" "
		      "content=\"width=device-width,initial-scale=1\">\n"));
	html_element(page->buf, SLICE("<title>"), title,
		     SLICE("</title>\n<style>"));
	buf_add(page->buf, slice_from(page_style));
	html_element(page->buf,
		     SLICE("</style>\n</head>\n<body>\n<p class=\"skip\">"
			   "<a href=\"#codes\">"),
		     label(page, SLICE("skip")), SLICE("</a></p>\n"));
	html_element(page->buf, SLICE("<header><h1>"), title, SLICE("</h1>\n"));
	html_element(page->buf, SLICE("<p>"), label(page, SLICE("codes_intro")),
		     SLICE("</p></header>\n"));
}

/* A link to page->id, whose text follows. */
static void open_link(const struct page *page)
{
	html_element(page->buf, SLICE("<li><a href=\"#"), buf_slice(&page->id),
		     SLICE("\">"));
}

static void add_group_links(struct page *page, enum codes_part part)
{
	size_t from;
	size_t to;

	find_part(&page->order, part, &from, &to);
	while (from < to) {
		const struct codes_place *place = &page->order.places[from];

		set_group_id(page, place);
		open_link(page);
		buf_add(page->buf, buf_slice(&page->id));
		if (part == PART_ENHANCED) {
			buf_add_char(page->buf, ' ');
			add_subject_title(page, place);
		}
		buf_add(page->buf, SLICE("</a></li>\n"));
		from = run_end(&page->order, from, codes_same_group);
		/* A line for each hundred. */
		if (part == PART_BASIC && from < to &&
		    page->order.places[from].group / 100 != place->group / 100)
			buf_add(page->buf, SLICE("</ul>\n<ul class=\"c\">\n"));
	}
}

static void add_reason_links(struct page *page)
{
	for (uint32_t rank = 0; rank < REASON_COUNT; rank++) {
		const struct codes_place group = { .part = PART_TEXTS,
						   .group = rank };

		set_group_id(page, &group);
		open_link(page);
		html_element(page->buf, SLICE(""),
			     catalogue_reason_text(page->catalogue,
						   codes_reason(rank))
				     ->title,
			     SLICE("</a></li>\n"));
	}
}

static void add_navigation(struct page *page)
{
	set_id(page, SLICE("contents"));
	html_element(page->buf, SLICE("<nav aria-label=\""),
		     label(page, SLICE("contents")), SLICE("\">\n"));
	add_anchor(page);
	for (enum codes_part i = 0; i < PART_COUNT; i++) {
		html_element(page->buf, SLICE("<h2><a href=\"#"), parts[i].id,
			     SLICE("\">"));
		html_element(page->buf, SLICE(""), label(page, parts[i].key),
			     SLICE("</a></h2>\n"));
		if (i == PART_REST)
			continue;
		buf_add(page->buf, i == PART_BASIC
					   ? SLICE("<ul class=\"c\">\n")
					   : SLICE("<ul class=\"l\">\n"));
		if (i == PART_TEXTS)
			add_reason_links(page);
		else
			add_group_links(page, i);
		buf_add(page->buf, SLICE("</ul>\n"));
	}
	buf_add(page->buf, SLICE("</nav>\n<main>\n"));
}

void codes_write_html(const struct catalogue *catalogue, struct buf *buf)
{
	struct page page = { .catalogue = catalogue,
			     .buf = buf,
			     .ids = intern_new() };

	codes_order_init(&page.order, catalogue);
	add_head(&page);
	add_navigation(&page);
	for (enum codes_part i = 0; i < PART_COUNT; i++)
		add_part(&page, i);
	html_element(buf,
		     SLICE("</main>\n<p><a class=\"u\" href=\"#contents\" "
			   "aria-label=\""),
		     label(&page, SLICE("contents")),
		     SLICE("\">↑</a></p>\n</body>\n</html>\n"));
	codes_order_clear(&page.order);
	intern_free(page.ids);
	buf_clear(&page.id);
}
