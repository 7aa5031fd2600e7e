/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events for people: what happened and what to do. An explanation is given in
 * full the first time; after that the failure takes one line.
 */
#ifndef MAILWHY_OUT_TEXT_H
#define MAILWHY_OUT_TEXT_H

#include "out/event.h"
#include "out/layout.h"

struct text_writer;

/* The catalogue must outlive the writer. Never NULL. */
struct text_writer *text_writer_new(const struct catalogue *catalogue);
void text_writer_free(struct text_writer *writer); /* NULL is allowed */

void text_write(struct text_writer *writer, const struct event *event,
		const struct layout *layout);

/* "2026-11-23 10:11:12": people know their zone. */
void text_write_time(const struct layout *layout, struct stamp stamp);

/* Who an explanation is for. */
enum audience { AUDIENCE_ALL, AUDIENCE_SENDER, AUDIENCE_ADMIN };

/* Title, explanation, advice for `audience`, and links of an entry. */
void text_write_entry(const struct catalogue *catalogue,
		      const struct entry *entry, enum audience audience,
		      const struct layout *layout);

#endif
