/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where each entry of the catalogue stands on the page of codes: under its
 * basic codes; under its enhanced codes; under its reason, if it is found by a
 * text; else with the rest. The first of these is its home, where it stands in
 * full; from the other places it is linked. Owns its array; the entries are
 * the catalogue's.
 */
#ifndef MAILWHY_OUT_CODES_ORDER_H
#define MAILWHY_OUT_CODES_ORDER_H

#include "why/catalogue.h"

/* The parts of the page, in order. */
enum codes_part {
	PART_BASIC,
	PART_ENHANCED,
	PART_TEXTS,
	PART_REST,
	PART_COUNT
};

struct codes_place {
	const struct entry *entry;
	enum codes_part part;
	/* The code; the subject of the enhanced code; the reason's rank. */
	uint32_t group;
	/* In a subject: the details, first and last. */
	uint16_t first_detail;
	uint16_t last_detail;
	struct slice provider; /* in a reason: its name; empty: none */
	bool leads;            /* says what the code as such means */
	bool home;
};

struct codes_order {
	struct codes_place *places;
	size_t count;
	size_t size;
};

/* In the order of the page. Free with codes_order_clear(). */
void codes_order_init(struct codes_order *order,
		      const struct catalogue *catalogue);
void codes_order_clear(struct codes_order *order);

/* Whether two places stand in one group, and within it in one part: the same
 * details, or the same provider. */
bool codes_same_group(const struct codes_place *a, const struct codes_place *b);
bool codes_same_part(const struct codes_place *a, const struct codes_place *b);

/* Reasons in the order of the page: "other" is the last. */
enum reason codes_reason(uint32_t rank);

/*
 * The id of the provider whose words the entry explains: the one it asks for,
 * else the one its id begins with ("gmx-..."). Empty: anybody's.
 */
struct slice codes_provider(const struct catalogue *catalogue,
			    const struct entry *entry);

#endif
