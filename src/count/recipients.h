/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The recipients that are waiting: an attempt for each has failed for now, and
 * none has decided yet. A message has a list of them, in the order in which
 * they came, and keeps the number of the first, its head; one is found by its
 * message and address, so that a message with any number of recipients is no
 * slower. Texts are numbers that somebody else has given out.
 */
#ifndef MAILWHY_COUNT_RECIPIENTS_H
#define MAILWHY_COUNT_RECIPIENTS_H

#include "base/slots.h"
#include "parse/enhanced.h"

#define RECIPIENTS_NONE UINT32_MAX

struct recipient {
	uint64_t message; /* whose it is */
	int64_t first_us; /* the time of the first attempt */
	int64_t last_us;
	uint32_t address; /* number of a text */
	uint32_t entry;   /* of the id of the last failure's entry */
	uint32_t attempts;
	uint32_t next;            /* in the list of its message */
	uint32_t previous;        /* of the first: the last */
	struct enhanced enhanced; /* of the last failure, as the two below */
	uint16_t code;
	uint8_t reason;
};

struct recipients {
	struct recipient *at;
	uint32_t count; /* places in use, the free ones between included */
	uint32_t size;
	uint32_t free; /* head of the list of free places */
	uint32_t live;
	struct slots slots;
};

/* The struct must stay where it is. */
void recipients_init(struct recipients *recipients);
void recipients_clear(struct recipients *recipients);

/* RECIPIENTS_NONE if there is none. */
uint32_t recipients_find(const struct recipients *recipients, uint64_t message,
			 uint32_t address);

/* Adds one that is not there, of no attempts, to the list of *head. What was
 * borrowed is gone. */
uint32_t recipients_add(struct recipients *recipients, uint64_t message,
			uint32_t address, uint32_t *head);

/* Takes one out of the list of *head. */
void recipients_remove(struct recipients *recipients, uint32_t number,
		       uint32_t *head);

/* Moves the one into the list of another message; what is known of it there
 * already is joined. */
void recipients_hand_on(struct recipients *recipients, uint32_t number,
			uint32_t *from, uint64_t message, uint32_t *head);

/* Takes out all of the list; how many. */
uint32_t recipients_remove_all(struct recipients *recipients, uint32_t *head);

/* Sets the marks of the texts in use to 1. */
void recipients_mark(const struct recipients *recipients, uint32_t *marks);

/* Takes the new numbers of texts, closes the gaps and gives memory back.
 * Returns the new numbers of recipients by the old ones; free() it. */
uint32_t *recipients_pack(struct recipients *recipients, const uint32_t *texts);

size_t recipients_bytes(const struct recipients *recipients);

#endif
