/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/places.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

const char *places_rules(const char *chosen)
{
	/* From the build tree, and from wherever it was installed to. */
	static const char *const beside[] = { "rules", "../share/mailwhy" };
	static char path[4096];
	char own[2048];

	if (chosen)
		return chosen;
	own_directory(own, sizeof(own));
	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
		char probe[4096 + 64];

		(void)snprintf(path, sizeof(path), "%s/%s", own, beside[i]);
		(void)snprintf(probe, sizeof(probe), "%s/catalogue.json", path);
		if (access(probe, R_OK) == 0)
			return path;
	}
	return RULES_DIR;
}

const char *places_extra_rules(void)
{
	return EXTRA_RULES_DIR;
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

const char *places_lang(const char *chosen)
{
	static const char *const variables[] = { "LC_ALL", "LC_MESSAGES",
						 "LANG" };

	if (chosen)
		return chosen;
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		const char *value = getenv(variables[i]);

		if (value && value[0])
			return strncmp(value, "de", 2) ? "en" : "de";
	}
	return "en";
}
