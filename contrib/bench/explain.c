/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Measures what it costs to say why: the processor time of reply_parse() and
 * of explain_delivery() for one reply, over the replies of tests/catalogue.
 *
 *	explain RULES_DIR CACHE_DIR ROUNDS FILE.tsv...
 *
 * Prints "ENTRIES REPLIES PARSE_NS EXPLAIN_NS SUM": the median of ROUNDS
 * rounds over all replies, in nanoseconds a reply. SUM depends on the entries
 * that were found: with the same rules and replies it must stay the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/diag.h"
#include "base/hash.h"
#include "base/memory.h"
#include "catalogue_rows.h"
#include "why/explain.h"

enum { ROUNDS_MAX = 100000 };

/* A reply made ready. Its slices are borrowed from the bufs. */
struct sample {
	struct delivery delivery;
	struct reply reply;
	struct buf text;
	struct buf joined;
};

struct bench {
	struct catalogue *catalogue;
	struct explainer *explainer;
	struct sample *samples;
	size_t count;
	struct buf scratch;
	uint64_t sum;
};

static void give_up(const struct fault *fault)
{
	die(1, "%s", fault->text);
}

/* The rows stay until the end of the program, as all else here. */
static void add_file(struct bench *bench, const char *path, struct rows *rows)
{
	struct fault fault;

	if (rows_read(path, rows, &fault) < 0)
		give_up(&fault);
	bench->samples = memory_resize(bench->samples,
				       bench->count + rows->count + 1,
				       sizeof(bench->samples[0]));
	for (size_t i = 0; i < rows->count; i++) {
		const char *what = row_check(&rows->items[i]);
		struct sample *sample = &bench->samples[bench->count++];

		if (what)
			die(1, "%s:%zu: %s", path, rows->items[i].line, what);
		*sample = (struct sample){ 0 };
		row_deliver(&rows->items[i], &sample->text, &sample->delivery);
		reply_parse(&sample->delivery, &sample->joined, &sample->reply);
	}
}

static uint64_t now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint64_t time_parse(struct bench *bench)
{
	uint64_t start = now_ns();

	for (size_t i = 0; i < bench->count; i++) {
		struct reply reply;

		reply_parse(&bench->samples[i].delivery, &bench->scratch,
			    &reply);
		bench->sum += reply.code;
	}
	return now_ns() - start;
}

static uint64_t time_explain(struct bench *bench)
{
	uint64_t start = now_ns();

	for (size_t i = 0; i < bench->count; i++) {
		const struct sample *sample = &bench->samples[i];
		struct verdict verdict;

		explain_delivery(bench->explainer, &sample->delivery,
				 &sample->reply, (struct slice){ 0 }, &verdict);
		bench->sum = bench->sum * 31 + verdict.entry->position +
			     (uint64_t)verdict.basis;
	}
	return now_ns() - start;
}

static int compare_times(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The median round of `measure`, in nanoseconds a reply. */
static double median(struct bench *bench, uint64_t rounds,
		     uint64_t (*measure)(struct bench *bench))
{
	uint64_t *times = memory_new(rounds, sizeof(times[0]));
	double middle;

	(void)measure(bench); /* warms the caches */
	bench->sum = 0;
	for (uint64_t i = 0; i < rounds; i++)
		times[i] = measure(bench);
	qsort(times, rounds, sizeof(times[0]), compare_times);
	middle = (double)times[rounds / 2] / (double)bench->count;
	free(times);
	return middle;
}

int main(int argc, char **argv)
{
	struct bench bench = { 0 };
	struct fault fault;
	struct rows *rows;
	uint64_t rounds = 0;
	double parse;
	double explained;

	if (argc < 5 || !slice_number(slice_from(argv[3]), &rounds) ||
	    rounds < 1 || rounds > ROUNDS_MAX)
		die(2, "usage: explain RULES_DIR CACHE_DIR ROUNDS FILE...");
	if (catalogue_load(
		    &(struct catalogue_source){ .dir = argv[1], .lang = "en" },
		    &bench.catalogue, &fault) < 0 ||
	    explainer_open(bench.catalogue, argv[2], &bench.explainer, &fault) <
		    0)
		give_up(&fault);
	rows = memory_new((size_t)argc, sizeof(rows[0]));
	for (int i = 4; i < argc; i++)
		add_file(&bench, argv[i], &rows[i]);
	if (!bench.count)
		die(1, "no replies in the files named");
	parse = median(&bench, rounds, time_parse);
	explained = median(&bench, rounds, time_explain);
	printf("%zu %zu %.0f %.0f %016llx\n", catalogue_count(bench.catalogue),
	       bench.count, parse, explained, (unsigned long long)bench.sum);
	return 0;
}
