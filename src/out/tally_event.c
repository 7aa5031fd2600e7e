/* SPDX-License-Identifier: Apache-2.0 */
#include "out/tally_event.h"

#include "base/jsonout.h"
#include "count/code_group.h"
#include "out/event.h"
#include "out/fate_event.h"

struct writing {
	const struct account *account;
	const struct catalogue *catalogue;
	struct buf *buf;
};

void tally_event_write_stamp(struct buf *buf, struct slice key,
			     struct stamp stamp)
{
	jsonout_key(buf, key);
	if (!stamp.known) {
		buf_add(buf, SLICE("null"));
		return;
	}
	buf_add_char(buf, '"');
	stamp_write(buf, stamp);
	buf_add_char(buf, '"');
}

static void write_window(const struct writing *writing, struct slice name)
{
	jsonout_first_key(writing->buf, SLICE("event"));
	jsonout_string(writing->buf, name);
	tally_event_write_stamp(writing->buf, SLICE("window_start"),
				writing->account->window.start);
	tally_event_write_stamp(writing->buf, SLICE("window_end"),
				writing->account->window.end);
}

void tally_event_write_reasons(struct buf *buf,
			       const uint64_t counts[REASON_COUNT])
{
	uint64_t left[REASON_COUNT];
	enum reason reason;
	uint64_t count;
	bool first = true;

	memcpy(left, counts, sizeof(left));
	jsonout_key(buf, SLICE("reasons"));
	buf_add_char(buf, '{');
	while (code_group_next_reason(left, &reason, &count)) {
		if (!first)
			buf_add_char(buf, ',');
		first = false;
		jsonout_string(buf, reason_word(reason));
		buf_add_char(buf, ':');
		buf_add_number(buf, count);
	}
	buf_add_char(buf, '}');
}

void tally_event_write_totals(struct buf *buf, const struct totals *totals)
{
	jsonout_count(buf, SLICE("lines"), totals->lines);
	jsonout_count(buf, SLICE("deliveries"), totals_deliveries(totals));
	jsonout_count(buf, SLICE("sent"), totals->sent);
	jsonout_count(buf, SLICE("failures"), totals->failures);
	jsonout_count(buf, SLICE("rejects"), totals->rejects);
	jsonout_count(buf, SLICE("unparsed"), totals->unparsed);
	jsonout_count(buf, SLICE("probes"), totals->probes);
	jsonout_count(buf, SLICE("dropped"), totals->dropped);
	jsonout_count(buf, SLICE("cut"), totals->cut);
	jsonout_count(buf, SLICE("shared"), totals->shared);
}

static void write_group(const struct writing *writing,
			const struct tally_domain *domain,
			const struct code_group *group)
{
	struct buf *buf = writing->buf;
	const struct entry *entry = catalogue_find(writing->catalogue,
						   group->entry);

	write_window(writing, SLICE("tally"));
	jsonout_member(buf, SLICE("domain"), domain->name);
	event_write_code(buf, group->smtp_code);
	jsonout_count(buf, SLICE("count"), code_group_count(group));
	jsonout_count(buf, SLICE("permanent"), group->permanent);
	jsonout_count(buf, SLICE("temporary"), group->temporary);
	jsonout_count(buf, SLICE("sent"), domain->sent);
	tally_event_write_reasons(buf, group->reasons);
	jsonout_member(buf, SLICE("entry"), group->entry);
	if (entry)
		event_write_texts(buf, &entry->text);
	jsonout_member(buf, SLICE("lang"), catalogue_lang(writing->catalogue));
	buf_add(buf, SLICE("}\n"));
}

static void write_domain(const struct tally_domain *domain, void *context)
{
	size_t at = 0;

	while (at < domain->cell_count) {
		struct code_group group;

		at = code_group_take(domain, at, &group);
		write_group(context, domain, &group);
	}
}

void tally_event_write(const struct account *account,
		       const struct catalogue *catalogue, struct buf *buf)
{
	struct writing writing = { account, catalogue, buf };

	tally_each_domain(account->tally, write_domain, &writing);
	write_window(&writing, SLICE("summary"));
	tally_event_write_totals(buf, &account->totals);
	if (account->has_fates)
		fate_event_write_counts(buf, &account->fates);
	buf_add(buf, SLICE("}\n"));
}
