/* SPDX-License-Identifier: Apache-2.0 */
#include "count/tally.h"

#include <assert.h>
#include <stdlib.h>

#include "base/intern.h"
#include "base/memory.h"
#include "count/cells.h"

enum {
	/* Rows that are no domain, and the first that is one. */
	REJECTS = 0,
	OTHER = 1,
	FIRST_DOMAIN = 2,
	DOMAIN_SIZE = 255, /* RFC 5321, 4.5.3.1.2 */
	DOMAIN_CELLS = 256,
	SPARE_DOMAINS = 16, /* makes cuts rare when the limit is tiny */
	CODE_COUNT = 1000,
};

/*
 * A domain. Its weight is its count less what each cut has taken from all
 * domains alike (the summary of Misra and Gries): a domain with more than one
 * in max_domains + 1 of all deliveries always has weight left, so it is never
 * among those that go, and what was frequent long ago does not stay for ever.
 */
struct row {
	uint64_t sent;
	uint64_t failures;
	uint64_t weight;
	uint32_t cells;
};

/*
 * Between two cuts there may be half as many domains again as the limit, so
 * that the price of a cut is shared by many additions; visitors never see
 * them.
 */
struct tally {
	size_t max_domains;
	struct intern *domains; /* number + 1 is the row */
	struct row *rows;
	size_t row_count;
	size_t row_size;
	struct intern *entries;
	struct cells cells;
	struct intern *providers;
	struct tally_provider *outcomes; /* by number of the provider */
	size_t outcome_count;
	size_t outcome_size;
};

static void *grown(void *array, size_t *size, size_t each)
{
	*size += *size / 2 + 16;
	return memory_resize(array, *size, each);
}

static void add_row(struct tally *tally)
{
	if (tally->row_count == tally->row_size)
		tally->rows = grown(tally->rows, &tally->row_size,
				    sizeof(*tally->rows));
	tally->rows[tally->row_count++] = (struct row){ 0 };
}

/* "(other)" is the first name, so that a domain which really has this name
 * finds the same row. */
static void add_first_rows(struct tally *tally)
{
	intern_add(tally->domains, TALLY_OTHER);
	add_row(tally);
	add_row(tally);
}

struct tally *tally_new(size_t max_domains)
{
	struct tally *tally = memory_new(1, sizeof(*tally));

	assert(max_domains > 0);
	/* Numbers of domains, twice as many while merging, have 32 bits. */
	tally->max_domains = max_domains < UINT32_MAX / 8 ? max_domains
							  : UINT32_MAX / 8;
	tally->domains = intern_new();
	tally->entries = intern_new();
	tally->providers = intern_new();
	cells_init(&tally->cells);
	add_first_rows(tally);
	return tally;
}

static void clear(struct tally *tally)
{
	intern_free(tally->domains);
	intern_free(tally->entries);
	intern_free(tally->providers);
	free(tally->rows);
	cells_clear(&tally->cells);
	free(tally->outcomes);
}

void tally_free(struct tally *tally)
{
	if (!tally)
		return;
	clear(tally);
	free(tally);
}

void tally_reset(struct tally *tally)
{
	intern_reset(tally->domains);
	intern_reset(tally->entries);
	intern_reset(tally->providers);
	tally->row_count = 0;
	tally->outcome_count = 0;
	cells_reset(&tally->cells);
	add_first_rows(tally);
}

static uint32_t row_of(struct tally *tally, struct slice domain)
{
	uint32_t row = OTHER;

	if (domain.len <= DOMAIN_SIZE)
		row = intern_add(tally->domains, domain) + 1;
	if (row == tally->row_count)
		add_row(tally);
	return row;
}

static struct slice name_of(const struct tally *tally, uint32_t row)
{
	return intern_text(tally->domains, row - 1);
}

static struct tally_provider *outcomes_of(struct tally *tally,
					  struct slice provider)
{
	uint32_t number = intern_add(tally->providers, provider);

	if (number == tally->outcome_size)
		tally->outcomes = grown(tally->outcomes, &tally->outcome_size,
					sizeof(*tally->outcomes));
	if (number == tally->outcome_count)
		tally->outcomes[tally->outcome_count++] =
			(struct tally_provider){
				.name = intern_text(tally->providers, number),
			};
	return &tally->outcomes[number];
}

/* Adds the counts of `more` to the cell of the same row and kind. */
static void count_cell(struct tally *tally, struct cell more)
{
	size_t before = tally->cells.count;
	struct cell *cell;

	if (more.row >= FIRST_DOMAIN &&
	    tally->rows[more.row].cells >= DOMAIN_CELLS &&
	    !cells_find(&tally->cells, &more))
		more.row = OTHER;
	cell = cells_add(&tally->cells, &more);
	cell->permanent += more.permanent;
	cell->temporary += more.temporary;
	tally->rows[more.row].failures += more.permanent + more.temporary;
	if (tally->cells.count > before)
		tally->rows[more.row].cells++;
}

static size_t domains_in(const struct tally *tally)
{
	return tally->row_count - FIRST_DOMAIN;
}

static size_t own_cells(const struct tally *tally)
{
	return tally->cells.count - tally->rows[REJECTS].cells -
	       tally->rows[OTHER].cells;
}

static size_t cell_limit(const struct tally *tally)
{
	return tally->max_domains * 4 + (size_t)64 * DOMAIN_CELLS;
}

/* The domains that stay: all heavier than `weight`, and `ties` of those of
 * just this weight. */
struct cut {
	uint64_t weight;
	size_t ties;
};

/* Finds the cut that leaves `budget` domains, byte by byte of the weight,
 * highest first: no order of the input makes this slow. */
static struct cut find_cut(const struct tally *tally, size_t budget)
{
	struct cut cut = { .ties = budget };
	uint64_t mask = 0;

	if (budget >= domains_in(tally))
		return cut;
	for (int shift = 56; shift >= 0; shift -= 8) {
		size_t counts[256] = { 0 };
		size_t byte = 255;

		for (size_t i = FIRST_DOMAIN; i < tally->row_count; i++) {
			uint64_t weight = tally->rows[i].weight;

			if ((weight & mask) == cut.weight)
				counts[(weight >> shift) & 255]++;
		}
		while (counts[byte] <= cut.ties)
			cut.ties -= counts[byte--];
		cut.weight |= (uint64_t)byte << shift;
		mask |= (uint64_t)255 << shift;
	}
	return cut;
}

static bool stays(struct cut *cut, uint64_t weight)
{
	if (weight != cut->weight)
		return weight > cut->weight;
	if (cut->ties == 0)
		return false;
	cut->ties--;
	return true;
}

/* Adds the domains of `from` without their cells; returns the row in `into`
 * for each of its rows. */
static uint32_t *add_rows(struct tally *into, const struct tally *from,
			  struct cut cut)
{
	uint32_t *map = memory_new(from->row_count, sizeof(*map));
	uint32_t count = (uint32_t)from->row_count;

	map[OTHER] = OTHER; /* REJECTS is 0 already */
	into->rows[OTHER].sent += from->rows[OTHER].sent;
	for (uint32_t i = FIRST_DOMAIN; i < count; i++) {
		const struct row *row = &from->rows[i];

		map[i] = OTHER;
		if (stays(&cut, row->weight)) {
			map[i] = row_of(into, name_of(from, i));
			into->rows[map[i]].weight += row->weight - cut.weight;
		}
		into->rows[map[i]].sent += row->sent;
	}
	return map;
}

static void add_cells(struct tally *into, const struct tally *from,
		      const uint32_t *rows)
{
	uint32_t count = intern_count(from->entries);
	uint32_t *entries = memory_new(count, sizeof(*entries));

	for (uint32_t i = 0; i < count; i++)
		entries[i] = intern_add(into->entries,
					intern_text(from->entries, i));
	for (size_t i = 0; i < from->cells.count; i++) {
		struct cell cell = from->cells.at[i];

		cell.row = rows[cell.row];
		cell.entry = entries[cell.entry];
		count_cell(into, cell);
	}
	free(entries);
}

static void add_outcomes(struct tally *into, const struct tally *from)
{
	for (size_t i = 0; i < from->outcome_count; i++) {
		const struct tally_provider *more = &from->outcomes[i];
		struct tally_provider *sum = outcomes_of(into, more->name);

		sum->sent += more->sent;
		sum->failures += more->failures;
	}
}

static void add_all(struct tally *into, const struct tally *from,
		    struct cut cut)
{
	uint32_t *rows = add_rows(into, from, cut);

	add_cells(into, from, rows);
	add_outcomes(into, from);
	free(rows);
}

/* A copy with at most `budget` domains, and memory for no more than that. */
static struct tally *cut_copy(const struct tally *tally, size_t budget)
{
	struct tally *copy = tally_new(tally->max_domains);

	add_all(copy, tally, find_cut(tally, budget));
	return copy;
}

static void cut_down(struct tally *tally, size_t budget)
{
	struct tally *copy = cut_copy(tally, budget);

	clear(tally);
	*tally = *copy;
	free(copy);
}

/*
 * Too many cells have only been seen from servers that answer each command
 * with another code: then the least frequent half of the domains goes, until
 * there is room for a good while.
 */
static void keep_bounds(struct tally *tally)
{
	size_t budget = tally->max_domains;

	if (domains_in(tally) > budget + budget / 2 + SPARE_DOMAINS)
		cut_down(tally, budget);
	if (own_cells(tally) <= cell_limit(tally))
		return;
	if (budget > domains_in(tally))
		budget = domains_in(tally);
	while (own_cells(tally) > cell_limit(tally) / 2) {
		budget /= 2;
		cut_down(tally, budget);
	}
}

static struct cell cell_from(struct tally *tally, uint32_t row,
			     const struct tally_failure *failure)
{
	bool is_code = failure->smtp_code >= 100 &&
		       failure->smtp_code < CODE_COUNT;

	return (struct cell){
		.permanent = failure->permanent,
		.temporary = !failure->permanent,
		.row = row,
		.entry = intern_add(tally->entries, failure->entry),
		.code = is_code ? failure->smtp_code : 0,
		.reason = failure->reason,
	};
}

void tally_add_failure(struct tally *tally, const struct tally_failure *failure)
{
	uint32_t row = row_of(tally, failure->domain);

	tally->rows[row].weight++;
	count_cell(tally, cell_from(tally, row, failure));
	if (failure->provider.len)
		outcomes_of(tally, failure->provider)->failures++;
	keep_bounds(tally);
}

void tally_add_reject(struct tally *tally, const struct tally_failure *reject)
{
	count_cell(tally, cell_from(tally, REJECTS, reject));
}

void tally_add_sent(struct tally *tally, struct slice domain,
		    struct slice provider)
{
	uint32_t row = row_of(tally, domain);

	tally->rows[row].weight++;
	tally->rows[row].sent++;
	if (provider.len)
		outcomes_of(tally, provider)->sent++;
	keep_bounds(tally);
}

void tally_merge(struct tally *into, const struct tally *from)
{
	assert(into != from);
	add_all(into, from, find_cut(from, SIZE_MAX));
	keep_bounds(into);
}

static bool has_other(const struct tally *tally)
{
	return tally->rows[OTHER].sent || tally->rows[OTHER].failures;
}

size_t tally_domain_count(const struct tally *tally)
{
	if (domains_in(tally) > tally->max_domains)
		return tally->max_domains + 1;
	return domains_in(tally) + has_other(tally);
}

size_t tally_bytes(const struct tally *tally)
{
	return sizeof(*tally) + intern_bytes(tally->domains) +
	       intern_bytes(tally->entries) + intern_bytes(tally->providers) +
	       tally->row_size * sizeof(*tally->rows) +
	       cells_bytes(&tally->cells) +
	       tally->outcome_size * sizeof(*tally->outcomes);
}

/* What the visits of one call share. */
struct view {
	const struct tally *tally;
	uint32_t *first; /* by row: where its cells begin in `order` */
	uint32_t *order; /* places of cells, row by row */
	struct tally_cell *shown;
	uint64_t by_code[CODE_COUNT]; /* of the row in hand */
};

static void view_init(struct view *view, const struct tally *tally)
{
	uint32_t *first = memory_new(tally->row_count + 1, sizeof(*first));
	uint32_t *order = memory_new(tally->cells.count, sizeof(*order));
	uint32_t begin = 0;
	size_t most = 0;

	/* A counting sort: ends first, then each cell moves one forward. */
	for (size_t i = 0; i < tally->row_count; i++) {
		uint32_t cells = tally->rows[i].cells;

		begin += cells;
		first[i] = begin;
		most = cells > most ? cells : most;
	}
	first[tally->row_count] = begin;
	for (size_t i = tally->cells.count; i-- > 0;)
		order[--first[tally->cells.at[i].row]] = (uint32_t)i;
	*view = (struct view){ .tally = tally, .first = first, .order = order };
	view->shown = memory_new(most, sizeof(*view->shown));
}

static void view_clear(struct view *view)
{
	free(view->first);
	free(view->order);
	free(view->shown);
}

/* With the arguments changed round: rising. */
static int falling(uint64_t a, uint64_t b)
{
	return (a < b) - (a > b);
}

static uint64_t total(const struct cell *cell)
{
	return cell->permanent + cell->temporary;
}

/* 0, the code of servers that sent none, comes after all others. */
static unsigned code_place(const struct cell *cell)
{
	return cell->code ? cell->code : CODE_COUNT;
}

static int compare_cells(const void *left, const void *right, void *context)
{
	const struct view *view = context;
	const struct tally *tally = view->tally;
	const struct cell *a = &tally->cells.at[*(const uint32_t *)left];
	const struct cell *b = &tally->cells.at[*(const uint32_t *)right];
	int order = falling(view->by_code[a->code], view->by_code[b->code]);

	if (!order)
		order = falling(code_place(b), code_place(a));
	if (!order)
		order = falling(total(a), total(b));
	if (!order)
		order = slice_compare(intern_text(tally->entries, a->entry),
				      intern_text(tally->entries, b->entry));
	return order ? order : falling(b->reason, a->reason);
}

/* Puts the cells of `row` in order into view->shown; returns their number. */
static size_t show_cells(struct view *view, uint32_t row)
{
	const struct tally *tally = view->tally;
	uint32_t *places = view->order + view->first[row];
	size_t count = tally->rows[row].cells;

	for (size_t i = 0; i < count; i++)
		view->by_code[tally->cells.at[places[i]].code] = 0;
	for (size_t i = 0; i < count; i++) {
		const struct cell *cell = &tally->cells.at[places[i]];

		view->by_code[cell->code] += total(cell);
	}
	if (count > 1)
		qsort_r(places, count, sizeof(*places), compare_cells, view);
	for (size_t i = 0; i < count; i++) {
		const struct cell *cell = &tally->cells.at[places[i]];

		view->shown[i] = (struct tally_cell){
			.entry = intern_text(tally->entries, cell->entry),
			.smtp_code = cell->code,
			.reason = cell->reason,
			.permanent = cell->permanent,
			.temporary = cell->temporary,
		};
	}
	return count;
}

static struct tally_domain show(struct view *view, uint32_t row)
{
	const struct tally *tally = view->tally;

	return (struct tally_domain){
		.name = row == REJECTS ? SLICE("") : name_of(tally, row),
		.sent = tally->rows[row].sent,
		.failures = tally->rows[row].failures,
		.cell_count = show_cells(view, row),
		.cells = view->shown,
	};
}

static int compare_rows(const void *left, const void *right, void *context)
{
	const struct view *view = context;
	const struct tally *tally = view->tally;
	uint32_t a = *(const uint32_t *)left;
	uint32_t b = *(const uint32_t *)right;
	int order = falling(tally->rows[a].failures, tally->rows[b].failures);

	return order ? order
		     : slice_compare(name_of(tally, a), name_of(tally, b));
}

void tally_each_domain(const struct tally *tally,
		       void (*visit)(const struct tally_domain *domain,
				     void *context),
		       void *context)
{
	struct tally *copy = NULL;
	struct view view;
	uint32_t *rows;
	size_t count = 0;

	if (domains_in(tally) > tally->max_domains)
		copy = cut_copy(tally, tally->max_domains);
	if (copy)
		tally = copy;
	view_init(&view, tally);
	rows = memory_new(tally->row_count, sizeof(*rows));
	for (uint32_t i = OTHER; i < tally->row_count; i++)
		if (i != OTHER || has_other(tally))
			rows[count++] = i;
	qsort_r(rows, count, sizeof(*rows), compare_rows, &view);
	for (size_t i = 0; i < count; i++) {
		struct tally_domain domain = show(&view, rows[i]);

		visit(&domain, context);
	}
	free(rows);
	view_clear(&view);
	tally_free(copy);
}

void tally_visit_rejects(const struct tally *tally,
			 void (*visit)(const struct tally_domain *rejects,
				       void *context),
			 void *context)
{
	struct tally_domain rejects;
	struct view view;

	view_init(&view, tally);
	rejects = show(&view, REJECTS);
	visit(&rejects, context);
	view_clear(&view);
}

static int compare_providers(const void *left, const void *right)
{
	const struct tally_provider *a = left;
	const struct tally_provider *b = right;

	return slice_compare(a->name, b->name);
}

void tally_each_provider(const struct tally *tally,
			 void (*visit)(const struct tally_provider *provider,
				       void *context),
			 void *context)
{
	size_t count = tally->outcome_count;
	struct tally_provider *list = memory_new(count, sizeof(*list));

	if (count)
		memcpy(list, tally->outcomes, count * sizeof(*list));
	qsort(list, count, sizeof(*list), compare_providers);
	for (size_t i = 0; i < count; i++)
		visit(&list[i], context);
	free(list);
}
