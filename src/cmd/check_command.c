/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/intern.h"
#include "base/memory.h"
#include "cmd/commands.h"
#include "cmd/options.h"
#include "cmd/places.h"
#include "parse/normalise.h"
#include "why/explain.h"

/* What is checked: the rules of all places, in each language. */
struct checking {
	struct places places;
	const char **over; /* with the files that are named; NULL behind */
	struct intern *told;
	bool failed;
};

/* Each fault once: the same files are read for each language. */
static void tell(const struct fault *fault, void *context)
{
	struct checking *checking = context;
	uint32_t known = intern_count(checking->told);

	checking->failed = true;
	if (intern_add(checking->told, slice_from(fault->text)) == known)
		diag("%s", fault->text);
}

static void check_rulebases(struct checking *checking)
{
	struct normaliser *normaliser = NULL;
	struct fault fault;

	if (normaliser_open(checking->places.dir, checking->over, &normaliser,
			    &fault) < 0 ||
	    normaliser_prepare_all(normaliser, &fault) < 0)
		tell(&fault, checking);
	normaliser_close(normaliser);
}

/* Everything that a run would load. NULL, and told, if there is a fault. */
static struct catalogue *check_catalogue(struct checking *checking,
					 const char *lang)
{
	struct catalogue_source source = { checking->places.dir, checking->over,
					   lang };
	struct catalogue *catalogue = NULL;

	(void)catalogue_check(&source, &catalogue, tell, checking);
	return catalogue;
}

static void check_patterns(struct checking *checking,
			   struct catalogue *catalogue)
{
	struct explainer *explainer = NULL;
	struct fault fault;

	if (explainer_open(catalogue, NULL, &explainer, &fault) < 0)
		tell(&fault, checking);
	explainer_close(explainer);
}

/* Texts that one of two languages has, and the other lacks. */
static void compare_langs(struct checking *checking,
			  const struct catalogue *one,
			  const struct catalogue *other)
{
	for (size_t i = 0; i < catalogue_count(one); i++) {
		struct slice id = catalogue_entry(one, i)->id;
		const char *field = catalogue_lacks(other, one, id);
		struct slice has = catalogue_lang(one);
		struct slice lacks = catalogue_lang(other);
		struct fault fault;

		if (!field)
			continue;
		fault_set(&fault,
			  "entry \"%.*s\": the language \"%.*s\" lacks the %s "
			  "that \"%.*s\" has",
			  (int)id.len, id.at, (int)lacks.len, lacks.at, field,
			  (int)has.len, has.at);
		tell(&fault, checking);
	}
}

static void check_langs(struct checking *checking)
{
	struct catalogue *first = NULL;
	struct buf langs = { 0 };
	struct slice rest;
	struct slice lang;

	places_langs(checking->places.dir, &langs);
	/* English stands in for what is missing elsewhere. */
	if (!places_has_lang(&langs, SLICE("en")))
		buf_add(&langs, (struct slice){ "en", 3 });
	rest = buf_slice(&langs);
	while (slice_cut(&rest, '\0', &lang)) {
		struct catalogue *next = check_catalogue(checking, lang.at);

		if (!next)
			continue;
		if (!first) {
			first = next;
			check_patterns(checking, first);
			continue;
		}
		compare_langs(checking, first, next);
		compare_langs(checking, next, first);
		catalogue_free(next);
	}
	catalogue_free(first);
	buf_clear(&langs);
}

/* The places of the rules, then the files that are named. */
static void list_places(struct checking *checking,
			const struct options *options)
{
	size_t count = 0;

	places_find(options->rules, &checking->places);
	checking->over = memory_new(options->operand_count + 4,
				    sizeof(checking->over[0]));
	while (checking->places.over[count]) {
		checking->over[count] = checking->places.over[count];
		count++;
	}
	for (size_t i = 0; i < options->operand_count; i++) {
		struct fault fault;

		checking->over[count++] = options->operands[i];
		if (access(options->operands[i], R_OK) == 0)
			continue;
		fault_set(&fault, "%s: %s", options->operands[i],
			  strerror(errno));
		tell(&fault, checking);
	}
}

int check_command(const struct options *options)
{
	struct checking checking = { 0 };

	if (options->coverage)
		return coverage_command(options);
	if (options->format != FORMAT_DEFAULT)
		options_refuse("check takes --format only with --coverage");
	if (!period_is_all(&options->period))
		options_refuse("check takes --since and --until only with "
			       "--coverage");
	checking.told = intern_new();
	list_places(&checking, options);
	check_rulebases(&checking);
	check_langs(&checking);
	if (options->verbose && !checking.failed)
		diag("%s: nothing is wrong", checking.places.dir);
	free(checking.over);
	intern_free(checking.told);
	return checking.failed ? 1 : 0;
}
