/* SPDX-License-Identifier: Apache-2.0 */
/* How the table of messages keeps within its memory, and forgets. */
#include <stdlib.h>

#include "base/memory.h"
#include "count/messages_table.h"

/* Below that nothing is worth moving. */
enum { FIRST_TIDY_BYTES = 1024 * 1024, SWEEP_S = MESSAGES_AGE_S / 20 };

/* What a message costs besides its own size, to guess what one gives back. */
enum { MESSAGE_COST = 64, RECIPIENT_COST = 128 };

uint32_t messages_seconds(int64_t us)
{
	int64_t seconds = us / SECOND_US;

	if (seconds < 0)
		return 0;
	return seconds < UINT32_MAX ? (uint32_t)seconds : UINT32_MAX;
}

/* Places that are only reserved take no memory yet. */
size_t messages_bytes(const struct messages *messages)
{
	return messages->count * sizeof(*messages->at) +
	       slots_bytes(&messages->slots) +
	       recipients_bytes(&messages->recipients) +
	       intern_bytes(messages->texts) + intern_bytes(messages->ids) +
	       messages->id_size * sizeof(*messages->id_owners);
}

static uint32_t *marks_new(const struct intern *intern)
{
	return memory_new((size_t)intern_count(intern) + 1, sizeof(uint32_t));
}

static void mark(uint32_t *marks, uint32_t text)
{
	if (text != INTERN_NONE)
		marks[text] = 1;
}

static uint32_t renumbered(const uint32_t *numbers, uint32_t number)
{
	return number == UINT32_MAX ? number : numbers[number];
}

/* Message-ids that no message has go; the others get new numbers. From the
 * newest message to the oldest: the oldest stays the owner. */
static void sweep_ids(struct messages *messages)
{
	uint32_t *numbers = marks_new(messages->ids);

	for (uint32_t i = 0; i < messages->count; i++)
		if (messages->at[i].key)
			mark(numbers, messages->at[i].message_id);
	intern_sweep(messages->ids, numbers);
	messages->id_size = intern_count(messages->ids);
	messages->id_owners = memory_resize(messages->id_owners,
					    (size_t)messages->id_size + 1,
					    sizeof(*messages->id_owners));
	for (uint32_t i = messages->count; i-- > 0;) {
		struct message *message = &messages->at[i];

		if (!message->key || message->message_id == INTERN_NONE)
			continue;
		message->message_id = numbers[message->message_id];
		messages->id_owners[message->message_id] = i;
	}
	free(numbers);
}

/* The same for the other texts, and recipients are packed. */
static void sweep_texts(struct messages *messages)
{
	uint32_t *texts = marks_new(messages->texts);
	uint32_t *recipients;

	for (uint32_t i = 0; i < messages->count; i++) {
		if (!messages->at[i].key)
			continue;
		mark(texts, messages->at[i].sender);
		mark(texts, messages->at[i].origin);
	}
	recipients_mark(&messages->recipients, texts);
	intern_sweep(messages->texts, texts);
	recipients = recipients_pack(&messages->recipients, texts);
	for (uint32_t i = 0; i < messages->count; i++) {
		struct message *message = &messages->at[i];

		if (!message->key)
			continue;
		message->sender = renumbered(texts, message->sender);
		message->origin = renumbered(texts, message->origin);
		message->recipients = renumbered(recipients,
						 message->recipients);
	}
	free(texts);
	free(recipients);
}

static void close_gaps(struct messages *messages)
{
	uint32_t count = 0;

	slots_reset(&messages->slots, messages->live);
	for (uint32_t i = 0; i < messages->count; i++) {
		if (!messages->at[i].key)
			continue;
		messages->at[count] = messages->at[i];
		slots_add(&messages->slots, count++);
	}
	messages->count = count;
	messages->size = count + 64;
	messages->at = memory_resize(messages->at, messages->size,
				     sizeof(*messages->at));
}

/* Gives back the memory of what is not used any more. */
static void compact(struct messages *messages)
{
	close_gaps(messages);
	sweep_texts(messages);
	sweep_ids(messages);
	messages->freed = 0;
}

/* Forgets the message-ids of the older half of those that have one. */
static void drop_message_ids(struct messages *messages)
{
	uint64_t holders = 0;
	uint64_t dropped = 0;

	for (uint32_t i = 0; i < messages->count; i++)
		holders += messages->at[i].key &&
			   messages->at[i].message_id != INTERN_NONE;
	for (uint32_t i = 0; dropped < (holders + 1) / 2; i++) {
		struct message *message = &messages->at[i];

		if (!message->key || message->message_id == INTERN_NONE)
			continue;
		message->message_id = INTERN_NONE;
		dropped++;
	}
	messages->lost.message_ids += dropped;
	sweep_ids(messages);
}

/* Whether nothing more is to be heard of it, unless an alias has more
 * recipients behind it than the message. */
static bool is_done(const struct message *message)
{
	return message->nrcpt && message->decided >= message->nrcpt &&
	       message->recipients == RECIPIENTS_NONE;
}

/* Forgets the oldest messages, which give back about so many bytes. */
static void evict(struct messages *messages, size_t bytes)
{
	size_t freed = 0;

	for (uint32_t i = 0; i < messages->count && freed < bytes; i++) {
		if (!messages->at[i].key)
			continue;
		messages->lost.evicted += !is_done(&messages->at[i]);
		freed += MESSAGE_COST +
			 messages_close(messages, i) * (size_t)RECIPIENT_COST;
	}
}

/* Whether moving what is left would give back much. */
static bool has_gaps(const struct messages *messages)
{
	return messages->freed > (messages->live + (size_t)1) / 8;
}

/* What may be used: moving needs memory, too. */
static size_t usable(const struct messages *messages)
{
	return messages->limit - messages->limit / 16;
}

/* A part of it is made free, so that moving costs a message little in the
 * mean. */
static void make_room(struct messages *messages)
{
	size_t target = usable(messages) - messages->limit / 32;

	if (has_gaps(messages))
		compact(messages);
	while (messages_bytes(messages) > target && intern_count(messages->ids))
		drop_message_ids(messages);
	if (messages_bytes(messages) > target)
		compact(messages);
	while (messages_bytes(messages) > target && messages->live) {
		evict(messages, messages_bytes(messages) - target);
		compact(messages);
	}
}

/* How long it is waited for news, in seconds. */
static uint64_t age_of(const struct message *message)
{
	return is_done(message) ? MESSAGES_DONE_S : MESSAGES_AGE_S;
}

/* Forgets what was not heard of for long. Without recipients waiting nothing is
 * lost: it is only not known that the message ended. */
static void sweep(struct messages *messages)
{
	uint32_t now_s = messages_seconds(messages->now_us);

	messages->swept_us = messages->now_us;
	messages->lines_since_sweep = 0;
	for (uint32_t i = 0; i < messages->count; i++)
		if (messages->at[i].key &&
		    messages->at[i].last_s + age_of(&messages->at[i]) < now_s)
			messages->lost.aged += messages_close(messages, i) > 0;
}

void messages_tidy(struct messages *messages, int64_t now_us)
{
	size_t bytes = messages_bytes(messages);

	/* A single stamp that is far off ages nothing. */
	messages->now_us = now_us < messages->stamp_us ? now_us
						       : messages->stamp_us;
	messages->stamp_us = now_us;
	messages->lines_since_sweep++;
	/* As many lines as messages: the walk costs a line little. */
	if (messages->now_us - messages->swept_us > SWEEP_S * SECOND_US &&
	    messages->lines_since_sweep > messages->live)
		sweep(messages);
	if (bytes > usable(messages))
		make_room(messages);
	if (bytes <= messages->next_tidy)
		return;
	if (has_gaps(messages))
		compact(messages);
	messages->next_tidy = 2 * messages_bytes(messages) + FIRST_TIDY_BYTES;
}

void messages_settle(struct messages *messages)
{
	sweep(messages);
}
