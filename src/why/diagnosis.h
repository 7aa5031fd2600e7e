/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a paragraph of a non-delivery notice says about the failure: the answer
 * of a server in it, else an enhanced code, else the usual words. General
 * rules, not one for each mail system: a code stands at the start, behind a
 * mark or a word that introduces it, or before an enhanced code of its class.
 */
#ifndef MAILWHY_WHY_DIAGNOSIS_H
#define MAILWHY_WHY_DIAGNOSIS_H

#include "base/slice.h"
#include "parse/enhanced.h"

/* How much a paragraph is worth; more is greater. */
enum diagnosis_worth {
	DIAGNOSIS_NOTHING,
	DIAGNOSIS_WORDS,    /* "user unknown" */
	DIAGNOSIS_ENHANCED, /* "#5.1.1" */
	DIAGNOSIS_ANSWER,   /* "550 5.1.1 ..." */
};

struct diagnosis {
	enum diagnosis_worth worth;
	/* The answer from its code on, or the whole paragraph; as Postfix
	 * writes it ("host H[IP] said: ...") for reply_parse(). */
	struct slice text;
	struct slice host;    /* the server that answered, if named */
	struct enhanced code; /* the first one there is */
};

/* `paragraph` is one line; all slices are borrowed from it. */
void diagnosis_parse(struct slice paragraph, struct diagnosis *diagnosis);

/* The text behind "host: ", "talking to " and their like, up to the end of
 * the name; empty if there is none. */
struct slice diagnosis_host(struct slice text);

#endif
