/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that the visitors of a tally see, as text, so that tests compare whole
 * tallies at once:
 *   gmx.de sent 3 failed 2
 *    550 gmx-blocked 7: 2 0        code, entry, reason: permanent, temporary
 *   rejects: sent 0 failed 1
 *    ...
 *   provider gmx sent 3 failed 2
 * Include it after unit.h.
 */
#ifndef MAILWHY_TESTS_TALLY_TEXT_H
#define MAILWHY_TESTS_TALLY_TEXT_H

#include "base/buf.h"
#include "count/tally.h"

static inline void tally_text_number(struct buf *text, struct slice before,
				     uint64_t number)
{
	buf_add(text, before);
	buf_add_number(text, number);
}

static inline void tally_text_domain(const struct tally_domain *domain,
				     void *context)
{
	struct buf *text = context;
	uint64_t failures = 0;

	buf_add(text, domain->name);
	tally_text_number(text, SLICE(" sent "), domain->sent);
	tally_text_number(text, SLICE(" failed "), domain->failures);
	buf_add_char(text, '\n');
	for (size_t i = 0; i < domain->cell_count; i++) {
		const struct tally_cell *cell = &domain->cells[i];

		tally_text_number(text, SLICE(" "), cell->smtp_code);
		buf_add_char(text, ' ');
		buf_add(text, cell->entry);
		tally_text_number(text, SLICE(" "), cell->reason);
		tally_text_number(text, SLICE(": "), cell->permanent);
		tally_text_number(text, SLICE(" "), cell->temporary);
		buf_add_char(text, '\n');
		failures += cell->permanent + cell->temporary;
	}
	assert_true(failures == domain->failures);
}

static inline void tally_text_provider(const struct tally_provider *provider,
				       void *context)
{
	struct buf *text = context;

	buf_add(text, SLICE("provider "));
	buf_add(text, provider->name);
	tally_text_number(text, SLICE(" sent "), provider->sent);
	tally_text_number(text, SLICE(" failed "), provider->failures);
	buf_add_char(text, '\n');
}

/* Sets *text, which the caller clears; a NUL follows. */
static inline const char *tally_text(const struct tally *tally,
				     struct buf *text)
{
	buf_reset(text);
	tally_each_domain(tally, tally_text_domain, text);
	buf_add(text, SLICE("rejects:"));
	tally_visit_rejects(tally, tally_text_domain, text);
	tally_each_provider(tally, tally_text_provider, text);
	buf_add_char(text, '\0');
	return text->at;
}

#endif
