/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The messages that are open: of which a line told, and none that they ended.
 * What the lines tell of one is kept until then, and the recipients that wait.
 *
 * The memory is bounded. When the limit is reached, message-ids go first, the
 * older half at a time, then the messages that were opened first, with all they
 * have; what went is counted. So does a message of which nothing was heard for
 * MESSAGES_AGE_S of log time, longer than a queue waits between two attempts;
 * where all recipients are decided, after MESSAGES_DONE_S.
 *
 * A message is known by a seeded hash of host, mail system and queue id: two
 * that are taken for one are rarer than broken memory, and nobody outside can
 * bring it about. Senders and clients, which come again and again, are kept
 * once; what is longer than MESSAGES_TEXT_LIMIT is no address and not kept.
 * Numbers of messages are good until messages_tidy().
 */
#ifndef MAILWHY_COUNT_MESSAGES_H
#define MAILWHY_COUNT_MESSAGES_H

#include "base/buf.h"
#include "count/recipients.h"
#include "parse/delivery.h"

struct messages;

#define MESSAGES_NONE UINT32_MAX

enum {
	MESSAGES_AGE_S = 5 * 86400,
	MESSAGES_DONE_S = 3600,
	MESSAGES_TEXT_LIMIT = 1000
};

/* What had to be forgotten, since the start. */
struct messages_lost {
	uint64_t evicted; /* open messages, for want of memory */
	uint64_t aged;    /* messages with recipients waiting, for their age */
	uint64_t message_ids; /* for want of memory */
};

/* `limit` is in bytes. Never NULL; free with messages_free(). */
struct messages *messages_new(size_t limit);
void messages_free(struct messages *messages); /* NULL is allowed */

/* To be called before each line, which was written then: forgets what is too
 * old or too much. Moves memory only when there is much to gain. */
void messages_tidy(struct messages *messages, int64_t now_us);

/* As messages_tidy(), at the end: all that is too old goes now. */
void messages_settle(struct messages *messages);

/* The message of that queue id of the delivery's host and mail system;
 * MESSAGES_NONE if it is not open. */
uint32_t messages_find(const struct messages *messages,
		       const struct delivery *delivery, struct slice queue_id);

/* The same for the delivery's own message; the second opens it if it was not.
 */
uint32_t messages_find_own(const struct messages *messages,
			   const struct delivery *delivery);
uint32_t messages_open(struct messages *messages,
		       const struct delivery *delivery);

/* Forgets it; returns how many recipients were waiting. */
uint32_t messages_close(struct messages *messages, uint32_t number);

/* Keeps what the line tells of its message. */
void messages_learn(struct messages *messages, uint32_t number,
		    const struct delivery *delivery);

/* Fills what `delivery` lacks of its message; the texts are put into `scratch`,
 * which is reset. */
void messages_tell(const struct messages *messages, uint32_t number,
		   struct buf *scratch, struct delivery *delivery);

/* `to` is the same mail as `from`, which came first: client, user and
 * message-id are handed on. */
void messages_hand_on(struct messages *messages, uint32_t from, uint32_t to);

/* The other open message that had this one's message-id first and was never
 * tried, so that the two may be one mail on its way through a filter, of which
 * this one came back from there. MESSAGES_NONE: there is none. */
uint32_t messages_origin(const struct messages *messages, uint32_t number);

/* Whether a delivery was tried. */
bool messages_is_tried(const struct messages *messages, uint32_t number);

/* Whether it came from this host or a private network, or in no session. */
bool messages_is_inside(const struct messages *messages, uint32_t number);

/* The recipient that waits; NULL if it does not. Borrowed until another one is
 * added. */
struct recipient *messages_waiting(const struct messages *messages,
				   uint32_t number, struct slice address);
/* The same, with no attempt yet if it did not. Of the failure, `entry` is
 * kept. NULL if the address is longer than any is. */
struct recipient *messages_wait(struct messages *messages, uint32_t number,
				struct slice address, struct slice entry);
/* It waits no more. */
void messages_decide(struct messages *messages, uint32_t number,
		     struct recipient *recipient);
/* What becomes of one more recipient, who may not have waited, is decided. A
 * message with as many as it has recipients, and none waiting, may have ended:
 * that not every mail system says. */
void messages_count_decided(struct messages *messages, uint32_t number);
/* It waits in another message. */
void messages_move(struct messages *messages, uint32_t from,
		   struct recipient *recipient, uint32_t to);
/* Any of the recipients that wait; NULL if none does. */
struct recipient *messages_any_waiting(const struct messages *messages,
				       uint32_t number);

/* Texts of a recipient. */
struct slice messages_address(const struct messages *messages,
			      const struct recipient *recipient);
struct slice messages_entry(const struct messages *messages,
			    const struct recipient *recipient);

size_t messages_count(const struct messages *messages);
size_t messages_waiting_count(const struct messages *messages);
const struct messages_lost *messages_lost(const struct messages *messages);
size_t messages_bytes(const struct messages *messages);

#endif
