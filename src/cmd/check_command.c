/* SPDX-License-Identifier: Apache-2.0 */
#include "base/diag.h"
#include "cmd/commands.h"
#include "cmd/options.h"
#include "cmd/places.h"
#include "parse/normalise.h"
#include "why/explain.h"

static const char *const langs[] = { "de", "en" };

/* Everything that a run would load, and each language. */
static int check_catalogue(const char *dir, const char *lang,
			   struct fault *fault)
{
	struct catalogue *catalogue = NULL;
	struct explainer *explainer = NULL;
	int result = catalogue_load(dir, places_extra_rules(), lang, &catalogue,
				    fault);

	if (result == 0)
		result = explainer_open(catalogue, NULL, &explainer, fault);
	explainer_close(explainer);
	catalogue_free(catalogue);
	return result;
}

int check_command(const struct options *options)
{
	const char *dir = places_rules(options->rules);
	struct normaliser *normaliser = NULL;
	struct fault fault;
	int status = 0;

	if (options->operand_count)
		options_refuse("check takes no FILE");
	if (normaliser_open(dir, places_extra_rules(), &normaliser, &fault) <
	    0) {
		diag("%s", fault.text);
		status = 1;
	}
	normaliser_close(normaliser);
	for (size_t i = 0; i < sizeof(langs) / sizeof(langs[0]); i++) {
		if (check_catalogue(dir, langs[i], &fault) == 0)
			continue;
		diag("%s", fault.text);
		status = 1;
	}
	if (options->verbose && status == 0)
		diag("%s: nothing is wrong", dir);
	return status;
}
