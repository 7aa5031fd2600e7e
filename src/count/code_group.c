/* SPDX-License-Identifier: Apache-2.0 */
#include "count/code_group.h"

size_t code_group_take(const struct tally_domain *domain, size_t at,
		       struct code_group *group)
{
	const struct tally_cell *cells = domain->cells;

	*group = (struct code_group){
		.smtp_code = cells[at].smtp_code,
		.entry = cells[at].entry,
	};
	while (at < domain->cell_count &&
	       cells[at].smtp_code == group->smtp_code) {
		group->permanent += cells[at].permanent;
		group->temporary += cells[at].temporary;
		group->reasons[cells[at].reason] += cells[at].permanent +
						    cells[at].temporary;
		at++;
	}
	return at;
}

bool code_group_next_reason(uint64_t left[REASON_COUNT], enum reason *reason,
			    uint64_t *count)
{
	*reason = REASON_OTHER;
	for (enum reason i = 0; i < REASON_COUNT; i++)
		if (left[i] > left[*reason])
			*reason = i;
	*count = left[*reason];
	left[*reason] = 0;
	return *count > 0;
}
