/* SPDX-License-Identifier: Apache-2.0 */
#include "base/jsonout.h"
#include "count/code_group.h"
#include "out/event.h"
#include "out/fate_event.h"
#include "out/report.h"
#include "out/tally_event.h"

struct writing {
	const struct catalogue *catalogue;
	struct buf *buf;
	bool first;
	uint64_t reasons[REASON_COUNT];
};

static void separate(struct writing *writing)
{
	if (!writing->first)
		buf_add_char(writing->buf, ',');
	writing->first = false;
}

static void write_group(const struct writing *writing,
			const struct code_group *group)
{
	struct buf *buf = writing->buf;
	const struct entry *entry = catalogue_find(writing->catalogue,
						   group->entry);

	jsonout_first_key(buf, SLICE("smtp_code"));
	if (group->smtp_code)
		buf_add_number(buf, group->smtp_code);
	else
		buf_add(buf, SLICE("null"));
	jsonout_count(buf, SLICE("count"), code_group_count(group));
	jsonout_count(buf, SLICE("permanent"), group->permanent);
	jsonout_count(buf, SLICE("temporary"), group->temporary);
	tally_event_write_reasons(buf, group->reasons);
	jsonout_member(buf, SLICE("entry"), group->entry);
	if (entry)
		event_write_texts(buf, &entry->text);
	buf_add_char(buf, '}');
}

/* `[...]`, a member for each code. */
static void write_codes(const struct writing *writing,
			const struct tally_domain *domain)
{
	size_t at = 0;

	buf_add_char(writing->buf, '[');
	while (at < domain->cell_count) {
		struct code_group group;

		if (at)
			buf_add_char(writing->buf, ',');
		at = code_group_take(domain, at, &group);
		write_group(writing, &group);
	}
	buf_add_char(writing->buf, ']');
}

static void write_domain(const struct tally_domain *domain, void *context)
{
	struct writing *writing = context;

	separate(writing);
	jsonout_first_key(writing->buf, SLICE("domain"));
	jsonout_string(writing->buf, domain->name);
	jsonout_count(writing->buf, SLICE("sent"), domain->sent);
	jsonout_count(writing->buf, SLICE("failures"), domain->failures);
	jsonout_key(writing->buf, SLICE("codes"));
	write_codes(writing, domain);
	buf_add_char(writing->buf, '}');
	for (size_t i = 0; i < domain->cell_count; i++)
		writing->reasons[domain->cells[i].reason] +=
			domain->cells[i].permanent + domain->cells[i].temporary;
}

static void write_inbound(const struct tally_domain *rejects, void *context)
{
	struct writing *writing = context;

	write_codes(writing, rejects);
}

static void write_provider(const struct tally_provider *provider, void *context)
{
	struct writing *writing = context;

	separate(writing);
	jsonout_string(writing->buf, provider->name);
	buf_add_char(writing->buf, ':');
	jsonout_first_key(writing->buf, SLICE("sent"));
	buf_add_number(writing->buf, provider->sent);
	jsonout_count(writing->buf, SLICE("failures"), provider->failures);
	buf_add_char(writing->buf, '}');
}

static void write_samples(const struct samples *samples, struct buf *buf)
{
	jsonout_key(buf, SLICE("unparsed_samples"));
	buf_add_char(buf, '[');
	for (size_t i = 0; i < samples->count; i++) {
		if (i)
			buf_add_char(buf, ',');
		jsonout_string(buf, samples->lines[i]);
	}
	buf_add_char(buf, ']');
}

static void write_time(struct buf *buf, const struct window *window)
{
	size_t start = buf->len;

	tally_event_write_stamp(buf, SLICE("from"), window->start);
	buf->at[start] = '{';
	tally_event_write_stamp(buf, SLICE("to"), window->end);
}

void report_write_json(const struct account *account,
		       const struct catalogue *catalogue, struct buf *buf)
{
	struct writing writing = { .catalogue = catalogue, .buf = buf };

	write_time(buf, &account->window);
	tally_event_write_totals(buf, &account->totals);
	if (account->has_fates)
		fate_event_write_counts(buf, &account->fates);
	jsonout_key(buf, SLICE("domains"));
	buf_add_char(buf, '[');
	writing.first = true;
	tally_each_domain(account->tally, write_domain, &writing);
	buf_add_char(buf, ']');
	tally_event_write_reasons(buf, writing.reasons);
	jsonout_key(buf, SLICE("providers"));
	buf_add_char(buf, '{');
	writing.first = true;
	tally_each_provider(account->tally, write_provider, &writing);
	buf_add_char(buf, '}');
	jsonout_key(buf, SLICE("inbound"));
	tally_visit_rejects(account->tally, write_inbound, &writing);
	write_samples(&account->samples, buf);
	jsonout_member(buf, SLICE("lang"), catalogue_lang(catalogue));
	buf_add(buf, SLICE("}\n"));
}
