/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How good the catalogue is: classifies each reply of $srcdir/tests/catalogue/
 * NAME.tsv (catalogue_rows.h) as the same reply in a log would be, with the
 * catalogue of $srcdir/rules, and compares the reason with that of the row.
 *
 * Prints TAP: a test for each file, which fails below the file's floor in
 * floors.tsv (columns file, floor in %) or when a row is no good, and one for
 * all rows together. What went wrong and where stands in the comments. The
 * rows of files named "held-out..." are never shown: they tell how the
 * catalogue does on replies that nobody has looked at.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "catalogue_rows.h"
#include "cmd/places.h"
#include "why/explain.h"

enum {
	PATH_LIMIT = 4096,
	ROWS_NEEDED = 1000, /* of all files together */
	CONFUSIONS_SHOWN = 30,
	WRONG_SHOWN = 40,
	NO_FLOOR = 1001 /* more than can be reached, in thousandths */
};

/* What came out for some rows. */
struct score {
	size_t rows;
	size_t right;
	size_t faults;
	size_t wanted_got[REASON_COUNT][REASON_COUNT];
};

/* Those that will be shown, and how many there are. */
struct wrong_rows {
	size_t count;
	struct {
		const struct row *row;
		const struct entry *got;
	} shown[WRONG_SHOWN];
};

struct confusion {
	size_t count;
	enum reason wanted;
	enum reason got;
};

struct runner {
	struct catalogue *catalogue;
	struct explainer *explainer;
	size_t *hits; /* by position of the entry */
	struct buf floors;
	struct score all;
	struct buf text;
	struct buf scratch;
	unsigned test_number;
	bool failed;
};

static void give_up(const struct fault *fault)
{
	printf("Bail out! %s\n", fault->text);
	exit(1);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool is_held_out(const char *path)
{
	return slice_starts(slice_from(base_name(path)), SLICE("held-out"));
}

static size_t thousandths(size_t part, size_t whole)
{
	return whole ? part * 1000 / whole : 0;
}

static const char *word(enum reason reason)
{
	return reason_word(reason).at;
}

static void say_result(struct runner *runner, bool good)
{
	printf("%s %u - ", good ? "ok" : "not ok", ++runner->test_number);
	runner->failed |= !good;
}

/* "94" or "94.5" in thousandths; NO_FLOOR if it is neither. */
static size_t floor_parse(struct slice text)
{
	struct slice whole = text;
	uint64_t percent;
	uint64_t tenth = 0;

	if (slice_cut(&text, '.', &whole) &&
	    (text.len != 1 || !slice_number(text, &tenth)))
		return NO_FLOOR;
	if (!slice_number(whole, &percent) || percent > 100)
		return NO_FLOOR;
	return (size_t)(percent * 10 + tenth);
}

static size_t floor_of(const struct runner *runner, const char *name)
{
	struct slice rest = buf_slice(&runner->floors);
	struct slice line;
	struct slice file;

	while (slice_cut(&rest, '\n', &line))
		if (slice_cut(&line, '\t', &file) &&
		    slice_equal(file, slice_from(name)))
			return floor_parse(line);
	return NO_FLOOR;
}

static void score_add(struct score *score, const struct score *more)
{
	score->rows += more->rows;
	score->right += more->right;
	score->faults += more->faults;
	for (size_t i = 0; i < REASON_COUNT; i++)
		for (size_t j = 0; j < REASON_COUNT; j++)
			score->wanted_got[i][j] += more->wanted_got[i][j];
}

static size_t count_got(const struct score *score, enum reason got)
{
	size_t count = 0;

	for (size_t i = 0; i < REASON_COUNT; i++)
		count += score->wanted_got[i][got];
	return count;
}

/* The most frequent first, then by the names. */
static int compare_confusions(const void *a, const void *b)
{
	const struct confusion *x = a;
	const struct confusion *y = b;
	int order = slice_compare(reason_word(x->wanted),
				  reason_word(y->wanted));

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return order ? order
		     : slice_compare(reason_word(x->got), reason_word(y->got));
}

static void print_confusions(const struct score *score)
{
	struct confusion list[REASON_COUNT * REASON_COUNT];
	size_t count = 0;

	for (size_t i = 0; i < REASON_COUNT; i++)
		for (size_t j = 0; j < REASON_COUNT; j++)
			if (i != j && score->wanted_got[i][j])
				list[count++] = (struct confusion){
					score->wanted_got[i][j], (enum reason)i,
					(enum reason)j
				};
	qsort(list, count, sizeof(list[0]), compare_confusions);
	for (size_t i = 0; i < count && i < CONFUSIONS_SHOWN; i++)
		printf("#   %s -> %s: %zu\n", word(list[i].wanted),
		       word(list[i].got), list[i].count);
	if (count > CONFUSIONS_SHOWN)
		printf("#   and %zu more pairs\n", count - CONFUSIONS_SHOWN);
}

static void print_score(const char *name, const struct score *score)
{
	size_t right = thousandths(score->right, score->rows);
	size_t policy = thousandths(count_got(score, REASON_POLICY),
				    score->rows);
	size_t other = thousandths(count_got(score, REASON_OTHER), score->rows);

	printf("# %s: %zu rows, %zu.%zu %% right, policy %zu.%zu %%, "
	       "other %zu.%zu %%; wanted -> got:\n",
	       name, score->rows, right / 10, right % 10, policy / 10,
	       policy % 10, other / 10, other % 10);
	print_confusions(score);
}

static void classify(struct runner *runner, const struct row *row,
		     struct verdict *verdict)
{
	struct delivery delivery;
	struct reply reply;

	row_deliver(row, &runner->text, &delivery);
	reply_parse(&delivery, &runner->scratch, &reply);
	explain_delivery(runner->explainer, &delivery, &reply,
			 (struct slice){ 0 }, verdict);
	runner->hits[verdict->entry->position]++;
}

static void print_wrong(const char *name, const struct wrong_rows *wrong)
{
	size_t shown = wrong->count < WRONG_SHOWN ? wrong->count : WRONG_SHOWN;

	for (size_t i = 0; i < shown; i++) {
		const struct row *row = wrong->shown[i].row;
		const struct entry *got = wrong->shown[i].got;

		printf("#   %s:%zu: wanted %s, got %s by %s: [%.*s] %.*s\n",
		       name, row->line, word(row->reason), word(got->reason),
		       got->id.at, (int)row->host.len, row->host.at,
		       (int)row->reply.len, row->reply.at);
	}
	if (wrong->count > shown)
		printf("#   and %zu more\n", wrong->count - shown);
}

static void judge_row(struct runner *runner, const struct row *row,
		      struct score *score, struct wrong_rows *wrong)
{
	struct verdict verdict;
	enum reason got;

	classify(runner, row, &verdict);
	got = verdict.entry->reason;
	score->rows++;
	if (got == row->reason || got == row->also) {
		score->right++;
		score->wanted_got[got][got]++;
		return;
	}
	score->wanted_got[row->reason][got]++;
	if (wrong->count < WRONG_SHOWN) {
		wrong->shown[wrong->count].row = row;
		wrong->shown[wrong->count].got = verdict.entry;
	}
	wrong->count++;
}

static void judge_file(struct runner *runner, const char *path,
		       struct score *score)
{
	struct rows rows = { 0 };
	struct wrong_rows wrong = { 0 };
	struct fault fault;

	if (rows_read(path, &rows, &fault) < 0) {
		printf("# %s\n", fault.text);
		score->faults++;
	}
	for (size_t i = 0; i < rows.count; i++) {
		const char *what = row_check(&rows.items[i]);

		if (what) {
			printf("# %s:%zu: %s\n", path, rows.items[i].line,
			       what);
			score->faults++;
			continue;
		}
		judge_row(runner, &rows.items[i], score, &wrong);
	}
	print_score(base_name(path), score);
	if (!is_held_out(path))
		print_wrong(base_name(path), &wrong);
	rows_clear(&rows);
}

static void test_file(struct runner *runner, const char *path)
{
	const char *name = base_name(path);
	size_t floor = floor_of(runner, name);
	struct score score = { 0 };
	size_t right;

	judge_file(runner, path, &score);
	right = thousandths(score.right, score.rows);
	say_result(runner, score.rows && !score.faults &&
				   score.right * 1000 >= score.rows * floor);
	printf("%s: accuracy %zu.%zu %% ", name, right / 10, right % 10);
	if (floor == NO_FLOOR)
		printf("(no floor in floors.tsv)\n");
	else
		printf("(floor %zu.%zu %%)\n", floor / 10, floor % 10);
	score_add(&runner->all, &score);
}

static void test_all(struct runner *runner)
{
	print_score("all files", &runner->all);
	say_result(runner, runner->all.rows >= ROWS_NEEDED);
	printf("all files: %zu rows (at least %d)\n", runner->all.rows,
	       ROWS_NEEDED);
}

static void print_unhit(const struct runner *runner)
{
	size_t count = catalogue_count(runner->catalogue);
	size_t unhit = 0;

	printf("# entries that no row hits:\n");
	for (size_t i = 0; i < count; i++) {
		if (runner->hits[i])
			continue;
		printf("#   %s\n",
		       catalogue_entry(runner->catalogue, i)->id.at);
		unhit++;
	}
	printf("# that is %zu of %zu entries\n", unhit, count);
}

static void prepare(struct runner *runner, const char *dir)
{
	char path[PATH_LIMIT];
	struct catalogue_source source = { .dir = path, .lang = "en" };
	struct fault fault;

	(void)snprintf(path, sizeof(path), "%s/rules", dir);
	if (catalogue_load(&source, &runner->catalogue, &fault) < 0 ||
	    explainer_open(runner->catalogue, places_cache(),
			   &runner->explainer, &fault) < 0)
		give_up(&fault);
	runner->hits = memory_new(catalogue_count(runner->catalogue),
				  sizeof(runner->hits[0]));
	(void)snprintf(path, sizeof(path), "%s/tests/catalogue/floors.tsv",
		       dir);
	if (rows_read_bytes(path, &runner->floors, &fault) < 0)
		give_up(&fault);
}

static void clear(struct runner *runner)
{
	explainer_close(runner->explainer);
	catalogue_free(runner->catalogue);
	free(runner->hits);
	buf_clear(&runner->floors);
	buf_clear(&runner->text);
	buf_clear(&runner->scratch);
}

int main(void)
{
	const char *dir = getenv("srcdir");
	char pattern[PATH_LIMIT];
	glob_t found = { 0 };
	struct runner runner = { 0 };

	if (!dir || !dir[0])
		dir = ".";
	prepare(&runner, dir);
	(void)snprintf(pattern, sizeof(pattern), "%s/tests/catalogue/*.tsv",
		       dir);
	(void)glob(pattern, 0, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc; i++)
		if (strcmp(base_name(found.gl_pathv[i]), "floors.tsv") != 0)
			test_file(&runner, found.gl_pathv[i]);
	test_all(&runner);
	print_unhit(&runner);
	printf("1..%u\n", runner.test_number);
	globfree(&found);
	clear(&runner);
	return runner.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
