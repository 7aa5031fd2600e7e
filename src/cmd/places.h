/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the rulebases, the catalogue and the languages are. Those that come
 * with mailwhy lie beside the program when it runs from its build tree, else
 * where it was installed. Over them lie the administrator's, and over those
 * what the user names.
 */
#ifndef MAILWHY_CMD_PLACES_H
#define MAILWHY_CMD_PLACES_H

#include "base/buf.h"

enum { PLACES_PATH = 4096 };

struct places {
	char dir[PLACES_PATH]; /* a whole set of rules */
	const char *over[3];   /* what is laid over it, weakest first; NULL */
};

/*
 * `chosen` is what the user names, or NULL: a directory that holds languages
 * (lang/) is a whole set and takes the place of the shipped one; any other
 * file or directory is laid over. It must outlive *places.
 */
void places_find(const char *chosen, struct places *places);

/*
 * Where compiled texts are kept: CACHE_DIRECTORY (systemd sets it),
 * XDG_CACHE_HOME/mailwhy, HOME/.cache/mailwhy; NULL: nowhere. Valid until the
 * next call.
 */
const char *places_cache(void);

/* Adds the languages that `dir` has, sorted, each with a NUL behind it. */
void places_langs(const char *dir, struct buf *langs);
bool places_has_lang(const struct buf *langs, struct slice lang);

/*
 * The language: `chosen`, which must be one of `dir`, else the program ends
 * with status 2; else by LC_ALL, LC_MESSAGES, LANG; else "en". Valid until the
 * next call.
 */
const char *places_lang(const char *chosen, const char *dir);

#endif
