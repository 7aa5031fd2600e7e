/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All texts of the catalogue searched at once: one pass over a reply whatever
 * the number of patterns, by Hyperscan (or Vectorscan). A pattern has a number
 * that its owner gives it.
 *
 * Both sides are folded before they are compared (pattern_fold): servers
 * differ in case and blanks, and people paste typographic apostrophes.
 */
#ifndef MAILWHY_WHY_PATTERN_H
#define MAILWHY_WHY_PATTERN_H

#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

struct pattern_set;
struct pattern_scanner;

/* Where a pattern was found, in bytes of the folded text. */
struct pattern_match {
	uint32_t number;
	size_t start; /* of a regular expression: at the latest */
	size_t end;
	size_t weight; /* the longer, the more it says */
};

/* Never NULL. Free with pattern_set_free(). */
struct pattern_set *pattern_set_new(void);
void pattern_set_free(struct pattern_set *set); /* NULL is allowed */

/* A literal, folded here; at least one byte. */
void pattern_add_literal(struct pattern_set *set, struct slice text,
			 uint32_t number);

/*
 * A regular expression in Hyperscan's syntax; it sees the folded text. Its
 * weight is the least it can match, in bytes, which is known beforehand. One
 * that cannot be used is told by pattern_compile(), or before by
 * pattern_check_regex().
 */
void pattern_add_regex(struct pattern_set *set, struct slice regex,
		       uint32_t number);

/* -1 and a fault if the expression cannot be used. */
int pattern_check_regex(struct slice regex, struct fault *fault);

/*
 * Makes the set ready for scanners; nothing can be added after. What was
 * compiled before is taken from the directory `cache`, or kept there; NULL:
 * neither. -1 and a fault if the patterns cannot be compiled.
 */
int pattern_compile(struct pattern_set *set, const char *cache,
		    struct fault *fault);

/* One a thread; the set must outlive it. Never NULL. */
struct pattern_scanner *pattern_scanner_new(const struct pattern_set *set);
void pattern_scanner_free(struct pattern_scanner *scanner);

/* Calls `visit` for each match in `folded`, in no useful order, perhaps more
 * than once for the same. */
void pattern_scan(struct pattern_scanner *scanner, struct slice folded,
		  void (*visit)(const struct pattern_match *match,
				void *context),
		  void *context);

/*
 * Puts the folded form of `text` into `into`, which is reset: Latin, Greek and
 * Cyrillic letters in lower case, runs of white space as one blank and none at
 * the ends, typographic apostrophes and accents used as such (U+2018, U+2019,
 * U+00B4, "`") as "'".
 */
void pattern_fold(struct slice text, struct buf *into);

#endif
