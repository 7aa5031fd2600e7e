/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "count/code_group.h"
#include "out/report.h"
#include "out/text.h"

/* More than that nobody reads; JSON has all. */
enum { DOMAINS_SHOWN = 25, ENTRIES_SHOWN = 12 };

struct writing {
	const struct account *account;
	const struct catalogue *catalogue;
	const struct layout *layout;
	uint64_t *entries; /* failures by position of the entry */
	uint64_t reasons[REASON_COUNT];
	size_t domains; /* with failures */
};

static struct slice label(const struct writing *writing, struct slice key)
{
	return catalogue_label(writing->catalogue, key);
}

static void add_newline(const struct writing *writing)
{
	buf_add_char(writing->layout->buf, '\n');
}

static void add_heading(const struct writing *writing, struct slice key)
{
	add_newline(writing);
	layout_add(writing->layout, STYLE_BOLD, label(writing, key));
	add_newline(writing);
}

/* "12.3 %" of the whole, with the language's decimal mark. */
static void add_share(const struct writing *writing, uint64_t part,
		      uint64_t whole)
{
	struct slice mark = label(writing, SLICE("decimal_mark"));
	uint64_t mille =
		whole ? (uint64_t)((double)part * 1000.0 / (double)whole + 0.5)
		      : 0;
	char text[64];

	(void)snprintf(text, sizeof(text), "%llu%.*s%llu %%",
		       (unsigned long long)(mille / 10), (int)mark.len, mark.at,
		       (unsigned long long)(mille % 10));
	layout_cell(writing->layout, 9, true, slice_from(text));
}

static void note_domain(const struct tally_domain *domain, void *context)
{
	struct writing *writing = context;

	writing->domains += domain->failures > 0;
	for (size_t i = 0; i < domain->cell_count; i++) {
		const struct tally_cell *cell = &domain->cells[i];
		const struct entry *entry = catalogue_find(writing->catalogue,
							   cell->entry);
		uint64_t count = cell->permanent + cell->temporary;

		writing->reasons[cell->reason] += count;
		if (entry)
			writing->entries[entry->position] += count;
	}
}

/* The start of a row: what, and how many. */
static void add_count(const struct writing *writing, struct slice key,
		      uint64_t count)
{
	buf_add(writing->layout->buf, SLICE("  "));
	layout_cell(writing->layout, 34, false, label(writing, key));
	layout_number(writing->layout, 15, count);
}

static void write_totals(const struct writing *writing)
{
	const struct totals *totals = &writing->account->totals;
	uint64_t deliveries = totals_deliveries(totals);
	const struct {
		struct slice key;
		uint64_t count;
		bool share;
	} rows[] = {
		{ SLICE("lines"), totals->lines, false },
		{ SLICE("deliveries"), deliveries, false },
		{ SLICE("sent"), totals->sent, true },
		{ SLICE("failures"), totals->failures, true },
		{ SLICE("probes"), totals->probes, true },
		{ SLICE("rejects"), totals->rejects, false },
		{ SLICE("unparsed"), totals->unparsed, false },
		{ SLICE("cut"), totals->cut, false },
		{ SLICE("shared"), totals->shared, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		/* What is usually nothing is shown when it is something. */
		if (!rows[i].count && i > 3)
			continue;
		add_count(writing, rows[i].key, rows[i].count);
		if (rows[i].share)
			add_share(writing, rows[i].count, deliveries);
		add_newline(writing);
	}
}

/* What became of the mail, apart from how often it was tried. */
static void write_fates(const struct writing *writing)
{
	const struct fates *fates = &writing->account->fates;
	const struct {
		struct slice key;
		uint64_t count;
	} rows[] = {
		{ SLICE("messages"), fates->messages },
		{ SLICE("fates_delivered"), fates->delivered },
		{ SLICE("fates_bounced"), fates->bounced },
		{ SLICE("fates_expired"), fates->expired },
		{ SLICE("fates_waiting"), fates->waiting },
		{ SLICE("fates_removed"), fates->removed },
		{ SLICE("fates_evicted"), fates->evicted },
		{ SLICE("fates_aged"), fates->aged },
	};

	add_heading(writing, SLICE("fates_heading"));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		/* What is usually nothing is shown when it is something. */
		if (!rows[i].count && i > 4)
			continue;
		add_count(writing, rows[i].key, rows[i].count);
		add_newline(writing);
	}
}

static void write_period(const struct writing *writing)
{
	const struct window *window = &writing->account->window;
	struct buf *buf = writing->layout->buf;

	layout_add(writing->layout, STYLE_BOLD,
		   label(writing, SLICE("report_title")));
	if (window->start.known) {
		buf_add(buf, SLICE("  "));
		stamp_write(buf, window->start);
		buf_add(buf, SLICE(" – "));
		stamp_write(buf, window->end);
	}
	add_newline(writing);
}

static void write_reasons(const struct writing *writing)
{
	uint64_t left[REASON_COUNT];
	enum reason reason;
	uint64_t count;

	memcpy(left, writing->reasons, sizeof(left));
	add_heading(writing, SLICE("why_heading"));
	while (code_group_next_reason(left, &reason, &count)) {
		const struct text *text = catalogue_reason_text(
			writing->catalogue, reason);

		layout_number(writing->layout, 12, count);
		add_share(writing, count, writing->account->totals.failures);
		buf_add(writing->layout->buf, SLICE("  "));
		utf8_add_shown(writing->layout->buf, text->title);
		buf_add(writing->layout->buf, SLICE(" ("));
		buf_add(writing->layout->buf, reason_word(reason));
		buf_add(writing->layout->buf, SLICE(")\n"));
	}
}

static void write_group(const struct writing *writing,
			const struct code_group *group)
{
	struct buf *buf = writing->layout->buf;
	const struct entry *entry = catalogue_find(writing->catalogue,
						   group->entry);

	layout_number(writing->layout, 14, code_group_count(group));
	buf_add(buf, SLICE("  "));
	if (group->smtp_code)
		buf_add_number(buf, group->smtp_code);
	else
		buf_add(buf, SLICE("  –"));
	buf_add(buf, SLICE("  "));
	utf8_add_shown(buf, entry ? entry->text.title : group->entry);
	buf_add_char(buf, '\n');
}

struct domain_list {
	const struct writing *writing;
	size_t shown;
};

static void write_codes(const struct writing *writing,
			const struct tally_domain *domain)
{
	size_t at = 0;

	while (at < domain->cell_count) {
		struct code_group group;

		at = code_group_take(domain, at, &group);
		write_group(writing, &group);
	}
}

static void write_domain(const struct tally_domain *domain, void *context)
{
	struct domain_list *list = context;
	const struct writing *writing = list->writing;
	struct slice name = domain->name;

	if (!domain->failures || list->shown == DOMAINS_SHOWN)
		return;
	list->shown++;
	if (!name.len)
		name = label(writing, SLICE("no_domain"));
	buf_add(writing->layout->buf, SLICE("  "));
	layout_add(writing->layout, STYLE_BOLD, name);
	buf_add(writing->layout->buf, SLICE("  "));
	utf8_add_shown(writing->layout->buf, label(writing, SLICE("failures")));
	buf_add_char(writing->layout->buf, ' ');
	layout_number(writing->layout, 0, domain->failures);
	buf_add(writing->layout->buf, SLICE(", "));
	utf8_add_shown(writing->layout->buf, label(writing, SLICE("sent")));
	buf_add_char(writing->layout->buf, ' ');
	layout_number(writing->layout, 0, domain->sent);
	add_newline(writing);
	write_codes(writing, domain);
}

static void write_domains(const struct writing *writing)
{
	struct domain_list list = { .writing = writing };

	add_heading(writing, SLICE("where_heading"));
	tally_each_domain(writing->account->tally, write_domain, &list);
	if (writing->domains > list.shown) {
		layout_number(writing->layout, 6,
			      writing->domains - list.shown);
		buf_add_char(writing->layout->buf, ' ');
		utf8_add_shown(writing->layout->buf,
			       label(writing, SLICE("more_domains")));
		add_newline(writing);
	}
}

static void write_inbound(const struct tally_domain *rejects, void *context)
{
	const struct writing *writing = context;

	if (!rejects->cell_count)
		return;
	add_heading(writing, SLICE("inbound_heading"));
	write_codes(writing, rejects);
}

/* The most frequent entries, each in full. */
static void write_explanations(const struct writing *writing)
{
	add_heading(writing, SLICE("explain_heading"));
	for (size_t shown = 0; shown < ENTRIES_SHOWN; shown++) {
		const struct entry *entry;
		size_t most = 0;

		for (size_t i = 0; i < catalogue_count(writing->catalogue); i++)
			if (writing->entries[i] > writing->entries[most])
				most = i;
		if (!writing->entries[most])
			break;
		entry = catalogue_entry(writing->catalogue, most);
		layout_number(writing->layout, 6, writing->entries[most]);
		buf_add(writing->layout->buf, SLICE("  "));
		layout_add(writing->layout, STYLE_BOLD, entry->text.title);
		add_newline(writing);
		text_write_entry(writing->catalogue, entry, AUDIENCE_ALL,
				 writing->layout);
		writing->entries[most] = 0;
	}
}

static void write_samples(const struct writing *writing)
{
	const struct samples *samples = &writing->account->samples;

	if (!samples->count)
		return;
	add_heading(writing, SLICE("unparsed_heading"));
	for (size_t i = 0; i < samples->count; i++) {
		buf_add(writing->layout->buf, SLICE("  "));
		utf8_add_shown(writing->layout->buf, samples->lines[i]);
		add_newline(writing);
	}
}

void report_write_text(const struct account *account,
		       const struct catalogue *catalogue,
		       const struct layout *layout)
{
	struct writing writing = { .account = account,
				   .catalogue = catalogue,
				   .layout = layout };

	writing.entries = memory_new(catalogue_count(catalogue),
				     sizeof(uint64_t));
	tally_each_domain(account->tally, note_domain, &writing);
	write_period(&writing);
	write_totals(&writing);
	if (account->has_fates)
		write_fates(&writing);
	if (account->totals.failures) {
		write_reasons(&writing);
		write_domains(&writing);
		write_explanations(&writing);
	}
	tally_visit_rejects(account->tally, write_inbound, &writing);
	write_samples(&writing);
	free(writing.entries);
}
