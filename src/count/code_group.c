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
