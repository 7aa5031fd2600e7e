/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/places.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/options.h"

/* The program's own directory, without the name; empty if unknown. */
static void own_directory(char *into, size_t size)
{
	ssize_t len = readlink("/proc/self/exe", into, size - 1);
	char *slash;

	into[len > 0 ? len : 0] = '\0';
	slash = strrchr(into, '/');
	if (slash)
		*slash = '\0';
}

/* The set that comes with mailwhy. */
static void find_shipped(char path[PLACES_PATH])
{
	/* From the build tree, and from wherever it was installed to. */
	static const char *const beside[] = { "rules", "../share/mailwhy" };
	char own[PLACES_PATH / 2];

	own_directory(own, sizeof(own));
	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
		char probe[PLACES_PATH + 64];

		(void)snprintf(path, PLACES_PATH, "%s/%s", own, beside[i]);
		(void)snprintf(probe, sizeof(probe), "%s/catalogue.json", path);
		if (access(probe, R_OK) == 0)
			return;
	}
	(void)snprintf(path, PLACES_PATH, "%s", RULES_DIR);
}

/* A directory with languages; or nothing at all, which is then told when it is
 * to be read. */
static bool is_whole_set(const char *path)
{
	char probe[PLACES_PATH + 8];

	(void)snprintf(probe, sizeof(probe), "%s/lang", path);
	return access(probe, F_OK) == 0 || access(path, F_OK) < 0;
}

void places_find(const char *chosen, struct places *places)
{
	*places = (struct places){ .over = { EXTRA_RULES_DIR } };
	if (chosen && is_whole_set(chosen)) {
		(void)snprintf(places->dir, sizeof(places->dir), "%s", chosen);
		return;
	}
	find_shipped(places->dir);
	places->over[1] = chosen;
}

const char *places_cache(void)
{
	static const struct {
		const char *variable;
		const char *below;
	} candidates[] = {
		{ "CACHE_DIRECTORY", "" },
		{ "XDG_CACHE_HOME", "/mailwhy" },
		{ "HOME", "/.cache/mailwhy" },
	};
	static char path[4096];

	for (size_t i = 0; i < sizeof(candidates) / sizeof(candidates[0]);
	     i++) {
		const char *base = getenv(candidates[i].variable);

		if (!base || base[0] != '/')
			continue;
		(void)snprintf(path, sizeof(path), "%s%s", base,
			       candidates[i].below);
		return path;
	}
	return NULL;
}

static int is_lang_file(const struct dirent *file)
{
	struct slice name = slice_from(file->d_name);

	return slice_ends(name, SLICE(".json")) && name.len > 6 &&
	       name.len < 9 && name.at[0] != '.';
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

void places_langs(const char *dir, struct buf *langs)
{
	struct dirent **names = NULL;
	char path[PLACES_PATH + 8];
	int count;

	(void)snprintf(path, sizeof(path), "%s/lang", dir);
	count = scandir(path, &names, is_lang_file, by_name);
	for (int i = 0; i < count; i++) {
		struct slice rest = slice_from(names[i]->d_name);
		struct slice lang;

		if (slice_cut(&rest, '.', &lang)) {
			buf_add(langs, lang);
			buf_add_char(langs, '\0');
		}
		free(names[i]);
	}
	free(names);
}

bool places_has_lang(const struct buf *langs, struct slice lang)
{
	struct slice rest = buf_slice(langs);
	struct slice one;

	while (slice_cut(&rest, '\0', &one))
		if (slice_equal(one, lang))
			return true;
	return false;
}

static void refuse_lang(const char *chosen, const struct buf *langs)
{
	struct slice rest = buf_slice(langs);
	struct slice one;
	struct buf list = { 0 };

	while (slice_cut(&rest, '\0', &one)) {
		if (list.len)
			buf_add(&list, rest.len ? SLICE(", ") : SLICE(" or "));
		buf_add(&list, one);
	}
	options_refuse("--lang takes %.*s, not '%.40s'", (int)list.len,
		       list.len ? list.at : "", chosen);
}

/* The two or three letters at the start of "de_AT.UTF-8"; empty: none set. */
static struct slice lang_of_environment(void)
{
	static const char *const variables[] = { "LC_ALL", "LC_MESSAGES",
						 "LANG" };

	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		const char *value = getenv(variables[i]);

		if (value && value[0])
			return (struct slice){ value, strcspn(value, "_.@") };
	}
	return (struct slice){ 0 };
}

const char *places_lang(const char *chosen, const char *dir)
{
	static char found[8];
	struct slice wanted = chosen ? slice_from(chosen)
				     : lang_of_environment();
	struct buf langs = { 0 };

	places_langs(dir, &langs);
	/* English must be there; if it is not, loading tells. */
	if (chosen && !places_has_lang(&langs, wanted) &&
	    !slice_equal(wanted, SLICE("en")))
		refuse_lang(chosen, &langs);
	if (!places_has_lang(&langs, wanted))
		wanted = SLICE("en");
	(void)snprintf(found, sizeof(found), "%.*s", (int)wanted.len,
		       wanted.at);
	buf_clear(&langs);
	return found;
}
