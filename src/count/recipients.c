/* SPDX-License-Identifier: Apache-2.0 */
#include "count/recipients.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"

/* Messages are known by a seeded hash already. */
static uint64_t hash_of(uint64_t message, uint32_t address)
{
	return hash_mix(message ^ address, 0x9e3779b97f4a7c15u);
}

static uint64_t hash_number(const void *owner, uint32_t number)
{
	const struct recipients *recipients = owner;
	const struct recipient *recipient = &recipients->at[number];

	return hash_of(recipient->message, recipient->address);
}

void recipients_init(struct recipients *recipients)
{
	*recipients = (struct recipients){
		.free = RECIPIENTS_NONE,
		.slots = { .hash = hash_number, .owner = recipients },
	};
}

void recipients_clear(struct recipients *recipients)
{
	free(recipients->at);
	slots_clear(&recipients->slots);
	recipients_init(recipients);
}

uint32_t recipients_find(const struct recipients *recipients, uint64_t message,
			 uint32_t address)
{
	uint64_t at = hash_of(message, address);
	uint32_t number;

	while ((number = slots_next(&recipients->slots, &at)) != SLOTS_NONE)
		if (recipients->at[number].address == address &&
		    recipients->at[number].message == message)
			return number;
	return RECIPIENTS_NONE;
}

static uint32_t take_place(struct recipients *recipients)
{
	uint32_t number = recipients->free;

	if (number != RECIPIENTS_NONE) {
		recipients->free = recipients->at[number].next;
		return number;
	}
	if (recipients->count == recipients->size) {
		recipients->size += recipients->size / 2 + 16;
		recipients->at = memory_resize(recipients->at, recipients->size,
					       sizeof(*recipients->at));
	}
	return recipients->count++;
}

/* Puts it at the end of the list. */
static void append(struct recipients *recipients, uint32_t number,
		   uint32_t *head)
{
	struct recipient *first;

	recipients->at[number].next = RECIPIENTS_NONE;
	recipients->at[number].previous = number;
	if (*head == RECIPIENTS_NONE) {
		*head = number;
		return;
	}
	first = &recipients->at[*head];
	recipients->at[number].previous = first->previous;
	recipients->at[first->previous].next = number;
	first->previous = number;
}

static void detach(struct recipients *recipients, uint32_t number,
		   uint32_t *head)
{
	uint32_t next = recipients->at[number].next;
	uint32_t previous = recipients->at[number].previous;

	if (number == *head)
		*head = next;
	else
		recipients->at[previous].next = next;
	/* The last one's neighbour is the first, if one is left. */
	if (next == RECIPIENTS_NONE)
		next = *head;
	if (next != RECIPIENTS_NONE)
		recipients->at[next].previous = previous;
}

uint32_t recipients_add(struct recipients *recipients, uint64_t message,
			uint32_t address, uint32_t *head)
{
	uint32_t number = take_place(recipients);

	recipients->at[number] = (struct recipient){
		.message = message,
		.address = address,
	};
	append(recipients, number, head);
	slots_add(&recipients->slots, number);
	recipients->live++;
	return number;
}

/* A free place is of no message. */
void recipients_remove(struct recipients *recipients, uint32_t number,
		       uint32_t *head)
{
	slots_remove(&recipients->slots, number);
	detach(recipients, number, head);
	recipients->at[number] = (struct recipient){ .next = recipients->free };
	recipients->free = number;
	recipients->live--;
}

void recipients_hand_on(struct recipients *recipients, uint32_t number,
			uint32_t *from, uint64_t message, uint32_t *head)
{
	struct recipient moved = recipients->at[number];
	struct recipient *there;
	uint32_t place;

	recipients_remove(recipients, number, from);
	place = recipients_find(recipients, message, moved.address);
	if (place == RECIPIENTS_NONE)
		place = recipients_add(recipients, message, moved.address,
				       head);
	there = &recipients->at[place];
	if (!there->attempts) {
		there->last_us = moved.last_us;
		there->entry = moved.entry;
		there->enhanced = moved.enhanced;
		there->code = moved.code;
		there->reason = moved.reason;
	}
	there->first_us = moved.first_us;
	there->attempts += moved.attempts;
}

uint32_t recipients_remove_all(struct recipients *recipients, uint32_t *head)
{
	uint32_t count = 0;

	for (; *head != RECIPIENTS_NONE; count++)
		recipients_remove(recipients, *head, head);
	return count;
}

void recipients_mark(const struct recipients *recipients, uint32_t *marks)
{
	for (uint32_t i = 0; i < recipients->count; i++) {
		if (!recipients->at[i].message)
			continue;
		marks[recipients->at[i].address] = 1;
		marks[recipients->at[i].entry] = 1;
	}
}

static uint32_t renumbered(const uint32_t *numbers, uint32_t number)
{
	return number == RECIPIENTS_NONE ? number : numbers[number];
}

uint32_t *recipients_pack(struct recipients *recipients, const uint32_t *texts)
{
	uint32_t *numbers = memory_new((size_t)recipients->count + 1,
				       sizeof(*numbers));
	uint32_t count = 0;

	for (uint32_t i = 0; i < recipients->count; i++) {
		if (!recipients->at[i].message)
			continue;
		numbers[i] = count;
		recipients->at[count++] = recipients->at[i];
	}
	recipients->count = count;
	recipients->size = count + 16;
	recipients->at = memory_resize(recipients->at, recipients->size,
				       sizeof(*recipients->at));
	recipients->free = RECIPIENTS_NONE;
	slots_reset(&recipients->slots, count);
	for (uint32_t i = 0; i < count; i++) {
		struct recipient *recipient = &recipients->at[i];

		recipient->next = renumbered(numbers, recipient->next);
		recipient->previous = renumbered(numbers, recipient->previous);
		recipient->address = texts[recipient->address];
		recipient->entry = texts[recipient->entry];
		slots_add(&recipients->slots, i);
	}
	return numbers;
}

/* Places that are only reserved take no memory yet. */
size_t recipients_bytes(const struct recipients *recipients)
{
	return recipients->count * sizeof(*recipients->at) +
	       slots_bytes(&recipients->slots);
}
