/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers to a question as text for people: for each recipient what happened
 * and what to do, or honestly that it is not known.
 */
#ifndef MAILWHY_OUT_EXPLANATION_H
#define MAILWHY_OUT_EXPLANATION_H

#include "out/event.h"
#include "out/text.h"

/* Adds the answers; an explanation that stood already is not repeated. */
void explanation_write(const struct catalogue *catalogue,
		       const struct event *events, size_t count,
		       enum audience audience, const struct layout *layout);

#endif
