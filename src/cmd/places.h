/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the rulebases and the catalogue are: where the user says; else beside
 * the program, when it runs from its build tree; else where it was installed.
 */
#ifndef MAILWHY_CMD_PLACES_H
#define MAILWHY_CMD_PLACES_H

/* The directory; `chosen` is the user's, or NULL. Valid until the next call. */
const char *places_rules(const char *chosen);

/* The user's additions, added on top. */
const char *places_extra_rules(void);

/*
 * Where compiled texts are kept: CACHE_DIRECTORY (systemd sets it),
 * XDG_CACHE_HOME/mailwhy, HOME/.cache/mailwhy; NULL: nowhere. Valid until the
 * next call.
 */
const char *places_cache(void);

/* "de" or "en": `chosen`, else by LC_ALL, LC_MESSAGES, LANG; else "en". */
const char *places_lang(const char *chosen);

#endif
