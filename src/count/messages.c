/* SPDX-License-Identifier: Apache-2.0 */
#include "count/messages.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "count/messages_table.h"

static uint64_t hash_number(const void *owner, uint32_t number)
{
	const struct messages *messages = owner;

	return messages->at[number].key;
}

struct messages *messages_new(size_t limit)
{
	struct messages *messages = memory_new(1, sizeof(*messages));

	messages->slots = (struct slots){ .hash = hash_number,
					  .owner = messages };
	recipients_init(&messages->recipients);
	messages->texts = intern_new();
	messages->ids = intern_new();
	messages->seed = hash_seed();
	messages->limit = limit;
	return messages;
}

void messages_free(struct messages *messages)
{
	if (!messages)
		return;
	free(messages->at);
	slots_clear(&messages->slots);
	recipients_clear(&messages->recipients);
	intern_free(messages->texts);
	intern_free(messages->ids);
	free(messages->id_owners);
	buf_clear(&messages->scratch);
	free(messages);
}

static uint64_t key_of(const struct messages *messages,
		       const struct delivery *delivery, struct slice queue_id)
{
	uint64_t seed = hash_slice(delivery->host, messages->seed);
	uint64_t key = hash_slice(queue_id, hash_slice(delivery->mta, seed));

	return key ? key : 1;
}

static uint32_t find(const struct messages *messages, uint64_t key)
{
	uint64_t at = key;
	uint32_t number;

	while ((number = slots_next(&messages->slots, &at)) != SLOTS_NONE)
		if (messages->at[number].key == key)
			return number;
	return MESSAGES_NONE;
}

uint32_t messages_find(const struct messages *messages,
		       const struct delivery *delivery, struct slice queue_id)
{
	return find(messages, key_of(messages, delivery, queue_id));
}

static struct slice own_id(const struct delivery *delivery)
{
	return delivery->message.len ? delivery->message : delivery->queue_id;
}

uint32_t messages_find_own(const struct messages *messages,
			   const struct delivery *delivery)
{
	return messages_find(messages, delivery, own_id(delivery));
}

static uint32_t add(struct messages *messages, uint64_t key)
{
	if (messages->count == messages->size) {
		messages->size += messages->size / 2 + 64;
		messages->at = memory_resize(messages->at, messages->size,
					     sizeof(*messages->at));
	}
	messages->at[messages->count] = (struct message){
		.key = key,
		.sender = INTERN_NONE,
		.origin = INTERN_NONE,
		.message_id = INTERN_NONE,
		.recipients = RECIPIENTS_NONE,
	};
	slots_add(&messages->slots, messages->count);
	messages->live++;
	return messages->count++;
}

uint32_t messages_open(struct messages *messages,
		       const struct delivery *delivery)
{
	uint64_t key = key_of(messages, delivery, own_id(delivery));
	uint32_t number = find(messages, key);

	if (number == MESSAGES_NONE)
		number = add(messages, key);
	messages->at[number].last_s = messages_seconds(delivery->time.us);
	return number;
}

uint32_t messages_close(struct messages *messages, uint32_t number)
{
	struct message *message = &messages->at[number];
	uint32_t waiting = recipients_remove_all(&messages->recipients,
						 &message->recipients);

	slots_remove(&messages->slots, number);
	message->key = 0;
	messages->live--;
	messages->freed += 1 + waiting;
	/* Most messages end soon after they came. */
	while (messages->count && !messages->at[messages->count - 1].key)
		messages->count--;
	return waiting;
}

static uint32_t keep(struct intern *intern, struct slice text)
{
	return text.len <= MESSAGES_TEXT_LIMIT ? intern_add(intern, text)
					       : INTERN_NONE;
}

static void learn_origin(struct messages *messages, struct message *message,
			 const struct delivery *delivery)
{
	struct buf *buf = &messages->scratch;

	buf_reset(buf);
	buf_add(buf, delivery->client_host);
	buf_add_char(buf, '\0');
	buf_add(buf, delivery->client_ip);
	buf_add_char(buf, '\0');
	buf_add(buf, delivery->sasl_username);
	message->origin = keep(messages->texts, buf_slice(buf));
	message->nearness = (uint8_t)delivery->nearness;
}

static void set_message_id(struct messages *messages, uint32_t number,
			   uint32_t id)
{
	if (id != INTERN_NONE && id >= messages->id_size) {
		messages->id_size = id + id / 2 + 64;
		messages->id_owners = memory_resize(
			messages->id_owners, messages->id_size,
			sizeof(*messages->id_owners));
	}
	messages->at[number].message_id = id;
}

/* Whether that message is still the one that has it. */
static bool owns_id(const struct messages *messages, uint32_t number,
		    uint32_t id)
{
	return number < messages->count && messages->at[number].key &&
	       messages->at[number].message_id == id;
}

static void learn_message_id(struct messages *messages, uint32_t number,
			     struct slice text)
{
	uint32_t count = intern_count(messages->ids);
	uint32_t id = keep(messages->ids, text);

	set_message_id(messages, number, id);
	if (id == INTERN_NONE)
		return;
	if (id == count || !owns_id(messages, messages->id_owners[id], id))
		messages->id_owners[id] = number;
}

static void learn_number(uint32_t *known, struct slice digits)
{
	uint64_t number;

	if (slice_number(digits, &number))
		*known = number < UINT32_MAX ? (uint32_t)number : UINT32_MAX;
}

void messages_learn(struct messages *messages, uint32_t number,
		    const struct delivery *delivery)
{
	struct message *message = &messages->at[number];

	if (delivery->sender.len || delivery->null_sender)
		message->sender = keep(messages->texts, delivery->sender);
	if (delivery->client_host.len || delivery->client_ip.len ||
	    delivery->sasl_username.len)
		learn_origin(messages, message, delivery);
	else if (delivery->nearness)
		message->nearness = (uint8_t)delivery->nearness;
	if (delivery->message_id.len)
		learn_message_id(messages, number, delivery->message_id);
	learn_number(&message->size, delivery->size);
	learn_number(&message->nrcpt, delivery->nrcpt);
	if (delivery->status && delivery->status != STATUS_REJECTED)
		message->tried = true;
}

/* A copy in `scratch`, which has room for it. */
static struct slice copy(struct buf *scratch, struct slice text)
{
	size_t start = scratch->len;

	buf_add(scratch, text);
	return (struct slice){ scratch->at + start, text.len };
}

static struct slice digits(struct buf *scratch, uint32_t number)
{
	size_t start = scratch->len;

	if (number)
		buf_add_number(scratch, number);
	return (struct slice){ scratch->at + start, scratch->len - start };
}

static void tell_if(struct slice *field, struct slice text)
{
	if (!field->len)
		*field = text;
}

static void tell_origin(struct slice origin, struct delivery *delivery)
{
	struct slice host;
	struct slice ip;

	if (!slice_cut(&origin, '\0', &host) || !slice_cut(&origin, '\0', &ip))
		return;
	tell_if(&delivery->client_host, host);
	tell_if(&delivery->client_ip, ip);
	tell_if(&delivery->sasl_username, origin);
}

void messages_tell(const struct messages *messages, uint32_t number,
		   struct buf *scratch, struct delivery *delivery)
{
	const struct message *message = &messages->at[number];
	const struct intern *texts = messages->texts;

	/* It must not grow below. */
	buf_reset(scratch);
	buf_reserve(scratch, 4 * MESSAGES_TEXT_LIMIT);
	if (message->sender != INTERN_NONE && !delivery->null_sender) {
		tell_if(&delivery->sender,
			copy(scratch, intern_text(texts, message->sender)));
		delivery->null_sender = !delivery->sender.len;
	}
	if (message->origin != INTERN_NONE)
		tell_origin(copy(scratch, intern_text(texts, message->origin)),
			    delivery);
	if (message->message_id != INTERN_NONE)
		tell_if(&delivery->message_id,
			copy(scratch,
			     intern_text(messages->ids, message->message_id)));
	tell_if(&delivery->size, digits(scratch, message->size));
	tell_if(&delivery->nrcpt, digits(scratch, message->nrcpt));
}

void messages_hand_on(struct messages *messages, uint32_t from, uint32_t to)
{
	const struct message *source = &messages->at[from];
	struct message *target = &messages->at[to];

	if (source->origin != INTERN_NONE)
		target->origin = source->origin;
	if (target->message_id == INTERN_NONE)
		target->message_id = source->message_id;
	if (target->sender == INTERN_NONE)
		target->sender = source->sender;
}

uint32_t messages_origin(const struct messages *messages, uint32_t number)
{
	const struct message *message = &messages->at[number];
	uint32_t owner;

	if (message->message_id == INTERN_NONE ||
	    (message->nearness != NEAR_SELF && message->nearness))
		return MESSAGES_NONE;
	owner = messages->id_owners[message->message_id];
	if (owner == number || !owns_id(messages, owner, message->message_id) ||
	    messages->at[owner].tried)
		return MESSAGES_NONE;
	return owner;
}

bool messages_is_tried(const struct messages *messages, uint32_t number)
{
	return messages->at[number].tried;
}

bool messages_is_inside(const struct messages *messages, uint32_t number)
{
	return messages->at[number].nearness != NEAR_OUTSIDE;
}

struct recipient *messages_waiting(const struct messages *messages,
				   uint32_t number, struct slice address)
{
	const struct message *message = &messages->at[number];
	uint32_t text;
	uint32_t found;

	if (message->recipients == RECIPIENTS_NONE)
		return NULL;
	text = intern_find(messages->texts, address);
	if (text == INTERN_NONE)
		return NULL;
	found = recipients_find(&messages->recipients, message->key, text);
	return found == RECIPIENTS_NONE ? NULL
					: &messages->recipients.at[found];
}

struct recipient *messages_wait(struct messages *messages, uint32_t number,
				struct slice address, struct slice entry)
{
	struct message *message = &messages->at[number];
	uint32_t text = keep(messages->texts, address);
	uint32_t id = keep(messages->texts, entry);
	uint32_t found;

	if (text == INTERN_NONE || id == INTERN_NONE)
		return NULL;
	found = recipients_find(&messages->recipients, message->key, text);
	if (found == RECIPIENTS_NONE)
		found = recipients_add(&messages->recipients, message->key,
				       text, &message->recipients);
	messages->recipients.at[found].entry = id;
	return &messages->recipients.at[found];
}

static uint32_t place_of(const struct messages *messages,
			 const struct recipient *recipient)
{
	return (uint32_t)(recipient - messages->recipients.at);
}

void messages_decide(struct messages *messages, uint32_t number,
		     struct recipient *recipient)
{
	recipients_remove(&messages->recipients, place_of(messages, recipient),
			  &messages->at[number].recipients);
	messages->freed++;
}

void messages_count_decided(struct messages *messages, uint32_t number)
{
	struct message *message = &messages->at[number];

	if (message->decided < UINT16_MAX)
		message->decided++;
}

void messages_move(struct messages *messages, uint32_t from,
		   struct recipient *recipient, uint32_t to)
{
	recipients_hand_on(&messages->recipients, place_of(messages, recipient),
			   &messages->at[from].recipients, messages->at[to].key,
			   &messages->at[to].recipients);
}

struct recipient *messages_any_waiting(const struct messages *messages,
				       uint32_t number)
{
	uint32_t head = messages->at[number].recipients;

	return head == RECIPIENTS_NONE ? NULL : &messages->recipients.at[head];
}

struct slice messages_address(const struct messages *messages,
			      const struct recipient *recipient)
{
	return intern_text(messages->texts, recipient->address);
}

struct slice messages_entry(const struct messages *messages,
			    const struct recipient *recipient)
{
	return intern_text(messages->texts, recipient->entry);
}

size_t messages_count(const struct messages *messages)
{
	return messages->live;
}

size_t messages_waiting_count(const struct messages *messages)
{
	return messages->recipients.live;
}

const struct messages_lost *messages_lost(const struct messages *messages)
{
	return &messages->lost;
}
