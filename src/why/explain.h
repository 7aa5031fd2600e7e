/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Picks the catalogue entry that says why: what decides, strongest first, is a
 * text of the provider, a text, a code of the provider, an enhanced code that
 * says something, the basic code, the class. Text beats code because servers
 * misuse codes. Never fails: the last resort is the reason "other".
 */
#ifndef MAILWHY_WHY_EXPLAIN_H
#define MAILWHY_WHY_EXPLAIN_H

#include "base/fault.h"
#include "parse/delivery.h"
#include "parse/reply.h"
#include "why/catalogue.h"

/* What decided; the event's field. */
enum basis {
	BASIS_CLASS,
	BASIS_CODE,
	BASIS_ENHANCED,
	BASIS_TEXT,
	BASIS_PROVIDER,
	BASIS_LOCAL,
	BASIS_COUNT
};

struct verdict {
	const struct entry *entry; /* never NULL; the catalogue's */
	enum basis basis;
	struct slice provider; /* empty: unknown; the catalogue's */
};

struct explainer; /* one a thread */

/*
 * The catalogue stays the caller's and must outlive it. `cache` is a directory
 * for compiled texts, or NULL (pattern_compile). -1 and a fault if the texts
 * cannot be made ready for searching.
 */
int explainer_open(struct catalogue *catalogue, const char *cache,
		   struct explainer **opened, struct fault *fault);
/* For questions that are codes alone: searches no texts, and so opens at once
 * even where nothing was compiled before. Never NULL. */
struct explainer *explainer_open_codes(const struct catalogue *catalogue);

void explainer_close(struct explainer *explainer); /* NULL is allowed */

/* `question.provider` may be empty; `question.bare` is found here. */
void explain(struct explainer *explainer, const struct question *question,
	     struct verdict *verdict);

/* The same for a delivery of a log; `domain` is its recipient's. */
void explain_delivery(struct explainer *explainer,
		      const struct delivery *delivery,
		      const struct reply *reply, struct slice domain,
		      struct verdict *verdict);

/* The word of the event's field: "provider", "text". */
struct slice basis_word(enum basis basis);

/*
 * The enhanced code that counts: the server's if it sent one, else the mail
 * system's own.
 */
struct enhanced effective_enhanced(const struct delivery *delivery,
				   const struct reply *reply);

#endif
