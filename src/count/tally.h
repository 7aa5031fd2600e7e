/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts deliveries by recipient domain, SMTP code and catalogue entry, inbound
 * rejects by code and entry, and both outcomes by provider.
 *
 * A tally owns all it keeps: what is added may be gone after the call. Its
 * memory is bounded by `max_domains`: when there are more, those with the least
 * deliveries are added up under "(other)", so that sums always equal the
 * totals; a domain that had to go and comes again starts anew, its earlier
 * counts stay in "(other)". A domain with more than one in max_domains + 1 of
 * all deliveries is always among those kept. Not locked: each worker has its
 * own, and they are merged at the end; the order of merging does not show in
 * the result as long as nothing had to go to "(other)".
 *
 * To "(other)" goes too what no real domain has: names of more than 255 bytes,
 * further cells of a domain that has 256, and the less frequent domains when
 * all have more than 4 cells on average. A domain of the name "(other)" is
 * counted in that row.
 */
#ifndef MAILWHY_COUNT_TALLY_H
#define MAILWHY_COUNT_TALLY_H

#include <stdint.h>

#include "base/slice.h"

struct tally;

#define TALLY_OTHER SLICE("(other)")

/* One failure or reject, as it is added. */
struct tally_failure {
	struct slice domain;   /* lower case; empty: recipient without one */
	struct slice entry;    /* id of the catalogue's entry */
	struct slice provider; /* empty: unknown */
	uint16_t smtp_code;    /* 100 to 999; any other is 0: none sent */
	uint8_t reason;        /* enum reason of why/reason.h */
	bool permanent;
};

/* Deliveries of one (code, entry, reason), as a visitor sees it. */
struct tally_cell {
	struct slice entry;
	uint16_t smtp_code;
	uint8_t reason;
	uint64_t permanent;
	uint64_t temporary;
};

/* One domain with its cells: by code (count of the whole code falling, then
 * the code, 0 last), within a code by count falling, then entry, reason. */
struct tally_domain {
	struct slice name;
	uint64_t sent;
	uint64_t failures; /* sum of all cells */
	const struct tally_cell *cells;
	size_t cell_count;
};

struct tally_provider {
	struct slice name;
	uint64_t sent;
	uint64_t failures;
};

/* Never NULL; max_domains is at least 1. Free with tally_free(). */
struct tally *tally_new(size_t max_domains);
void tally_free(struct tally *tally); /* NULL is allowed */

/* Forgets all counts, keeps the memory. */
void tally_reset(struct tally *tally);

void tally_add_failure(struct tally *tally,
		       const struct tally_failure *failure);
/* An inbound reject: counted by code and entry only. */
void tally_add_reject(struct tally *tally, const struct tally_failure *reject);
/* `provider` may be empty. */
void tally_add_sent(struct tally *tally, struct slice domain,
		    struct slice provider);

/* Adds all of `from` to `into`, which is another; `from` stays as it is. */
void tally_merge(struct tally *into, const struct tally *from);

/* Number of domains a visitor sees, "(other)" included if it has counts: at
 * most max_domains + 1. */
size_t tally_domain_count(const struct tally *tally);

/* Bytes of memory in use. */
size_t tally_bytes(const struct tally *tally);

/*
 * Calls `visit` for each domain: most failures first, then by name; domains
 * without failures come too, last. What the visitor sees is borrowed for the
 * visit.
 */
void tally_each_domain(const struct tally *tally,
		       void (*visit)(const struct tally_domain *domain,
				     void *context),
		       void *context);

/* One visit: the inbound rejects, of which there may be none, as one "domain"
 * with an empty name; sent is 0. */
void tally_visit_rejects(const struct tally *tally,
			 void (*visit)(const struct tally_domain *rejects,
				       void *context),
			 void *context);

/* Each provider, by name. */
void tally_each_provider(const struct tally *tally,
			 void (*visit)(const struct tally_provider *provider,
				       void *context),
			 void *context);

#endif
