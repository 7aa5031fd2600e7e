/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the single words of a reply speak for. Where no entry knows the wording,
 * its words still tell most of the reason: each has weights, learned from
 * labelled replies (contrib/learn), that are added up. The last thing to be
 * asked before a bare code, and only believed when it is sure.
 *
 * Words in quotes, in addresses and in links count for nothing: somebody else
 * chose them.
 */
#ifndef MAILWHY_WHY_WORDS_H
#define MAILWHY_WHY_WORDS_H

#include "base/fault.h"
#include "base/slice.h"
#include "parse/enhanced.h"
#include "why/reason.h"

struct words;

/* Never NULL. Free with words_free(). */
struct words *words_new(void);
void words_free(struct words *words); /* NULL is allowed */

/* A weight, in hundredths, of a feature (see words_each) for a reason. */
void words_add(struct words *words, struct slice feature, enum reason reason,
	       int weight);

/*
 * Adds what a file holds: a feature a line, then its weights, "quota
 * mailbox_full:120 spam_content:-30"; lines that begin with "#" are comments.
 * No such file: no words. -1 and a fault with file and line.
 */
int words_load(struct words *words, const char *path, struct fault *fault);

/* A reply as words see it. */
struct wording {
	struct slice folded; /* pattern_fold() */
	uint16_t code;
	struct enhanced enhanced;
	bool local; /* no server speaks */
};

/*
 * Calls `visit` for each feature of the reply: its words, cut to 7 bytes, and
 * those longer than 5 also cut to 5, "~" before them; then "=550", "=5",
 * "=5.1.1", "=.1.1", "=local". The slices live for the call. A feature may come
 * more than once.
 */
void words_each(const struct wording *wording,
		void (*visit)(struct slice feature, void *context),
		void *context);

/*
 * The reason that the reply speaks for, and its share of all, 0 to 1. A share
 * of 0 if none of its words is known.
 */
enum reason words_judge(const struct words *words,
			const struct wording *wording, double *share);

#endif
