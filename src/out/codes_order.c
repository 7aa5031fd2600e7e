/* SPDX-License-Identifier: Apache-2.0 */
#include "out/codes_order.h"

#include <stdlib.h>

#include "base/memory.h"

enum reason codes_reason(uint32_t rank)
{
	return (enum reason)((rank + 1) % REASON_COUNT);
}

static uint32_t rank_of(enum reason reason)
{
	return ((uint32_t)reason + REASON_COUNT - 1) % REASON_COUNT;
}

struct slice codes_provider(const struct catalogue *catalogue,
			    const struct entry *entry)
{
	const struct providers *providers = catalogue_providers(catalogue);
	struct slice head = entry->id;

	if (entry->provider.len)
		return entry->provider;
	while (head.len--)
		if (head.at[head.len] == '-' && providers_know(providers, head))
			return head;
	return (struct slice){ 0 };
}

/* An entry that names a code twice, as in "4.7.1" and "5.7.1", stands there
 * once. */
static void add_place(struct codes_order *order,
		      const struct codes_place *place)
{
	for (size_t i = order->count; i > 0; i--) {
		const struct codes_place *earlier = &order->places[i - 1];

		if (earlier->entry != place->entry)
			break;
		if (codes_same_part(earlier, place))
			return;
	}
	if (order->count == order->size) {
		order->size = order->size ? order->size * 2 : 1024;
		order->places = memory_resize(order->places, order->size,
					      sizeof(order->places[0]));
	}
	order->places[order->count++] = *place;
}

/* Whether the entry asks for codes and nothing else. */
static bool is_plain(const struct entry *entry)
{
	return !entry->has_patterns && !entry->provider.len && !entry->stages;
}

static void add_codes(struct codes_order *order, const struct entry *entry)
{
	for (size_t i = 0; i < entry->code_count; i++) {
		struct codes_place place = {
			.entry = entry,
			.part = PART_BASIC,
			.group = entry->codes[i],
			.leads = is_plain(entry) && !entry->enhanced_count,
			.home = i == 0,
		};

		add_place(order, &place);
	}
}

static void add_enhanced(struct codes_order *order, const struct entry *entry)
{
	for (size_t i = 0; i < entry->enhanced_count; i++) {
		const struct enhanced_range *range = &entry->enhanced[i];
		struct codes_place place = {
			.entry = entry,
			.part = PART_ENHANCED,
			.group = range->subject,
			.first_detail = range->first_detail,
			.last_detail = range->last_detail,
			.leads = is_plain(entry) && !entry->code_count &&
				 !range->class,
			.home = i == 0 && !entry->code_count,
		};

		add_place(order, &place);
	}
}

static void add_entry(struct codes_order *order,
		      const struct catalogue *catalogue,
		      const struct entry *entry)
{
	struct codes_place place = { .entry = entry, .home = true };

	add_codes(order, entry);
	add_enhanced(order, entry);
	if (entry->has_patterns) {
		struct slice id = codes_provider(catalogue, entry);

		place.part = PART_TEXTS;
		place.group = rank_of(entry->reason);
		place.home = !entry->code_count && !entry->enhanced_count;
		if (id.len)
			place.provider = providers_name(
				catalogue_providers(catalogue), id);
		add_place(order, &place);
	} else if (!entry->code_count && !entry->enhanced_count) {
		place.part = PART_REST;
		add_place(order, &place);
	}
}

static int compare_numbers(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

/* By group; what leads first, what is linked last. */
static int compare_places(const void *a, const void *b)
{
	const struct codes_place *x = a;
	const struct codes_place *y = b;
	int result = compare_numbers(x->part, y->part);

	if (!result)
		result = compare_numbers(x->group, y->group);
	if (!result)
		result = compare_numbers(x->first_detail, y->first_detail);
	if (!result)
		result = compare_numbers(x->last_detail, y->last_detail);
	if (!result)
		result = slice_compare(x->provider, y->provider);
	if (!result)
		result = compare_numbers(y->leads, x->leads);
	if (!result)
		result = compare_numbers(y->home, x->home);
	if (!result)
		result = compare_numbers(x->entry->position,
					 y->entry->position);
	return result;
}

void codes_order_init(struct codes_order *order,
		      const struct catalogue *catalogue)
{
	*order = (struct codes_order){ 0 };
	for (size_t i = 0; i < catalogue_count(catalogue); i++)
		add_entry(order, catalogue, catalogue_entry(catalogue, i));
	if (order->count)
		qsort(order->places, order->count, sizeof(order->places[0]),
		      compare_places);
}

void codes_order_clear(struct codes_order *order)
{
	free(order->places);
	*order = (struct codes_order){ 0 };
}

bool codes_same_group(const struct codes_place *a, const struct codes_place *b)
{
	return a->part == b->part && a->group == b->group;
}

bool codes_same_part(const struct codes_place *a, const struct codes_place *b)
{
	return codes_same_group(a, b) && a->first_detail == b->first_detail &&
	       a->last_detail == b->last_detail &&
	       slice_equal(a->provider, b->provider);
}
