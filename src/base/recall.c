/* SPDX-License-Identifier: Apache-2.0 */
#include "base/recall.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/memory.h"

enum { NONE = UINT32_MAX };

struct entry {
	uint64_t key;
	struct buf texts;
	size_t first_len;
	int64_t at_us;
	uint32_t next;  /* in its chain */
	uint32_t older; /* in the order in which they were put */
	uint32_t newer;
	bool used;
};

struct recall {
	struct entry *entries;
	uint32_t *chains; /* the first entry of each */
	uint64_t mask;    /* number of chains, less 1 */
	uint64_t seed;
	uint32_t size;
	uint32_t oldest; /* what is not used stands before all that is */
	uint32_t newest;
};

struct recall *recall_new(uint32_t size)
{
	struct recall *recall = memory_new(1, sizeof(*recall));
	uint64_t chains = 1;

	while (chains < size)
		chains *= 2;
	recall->entries = memory_new(size, sizeof(recall->entries[0]));
	recall->chains = memory_new(chains, sizeof(recall->chains[0]));
	recall->mask = chains - 1;
	recall->seed = hash_seed();
	recall->size = size;
	for (uint64_t i = 0; i < chains; i++)
		recall->chains[i] = NONE;
	for (uint32_t i = 0; i < size; i++) {
		recall->entries[i].older = i ? i - 1 : NONE;
		recall->entries[i].newer = i + 1 < size ? i + 1 : NONE;
		recall->entries[i].next = NONE;
	}
	recall->newest = size - 1;
	return recall;
}

void recall_free(struct recall *recall)
{
	if (!recall)
		return;
	for (uint32_t i = 0; i < recall->size; i++)
		buf_clear(&recall->entries[i].texts);
	free(recall->entries);
	free(recall->chains);
	free(recall);
}

uint64_t recall_key(const struct recall *recall, const struct slice *parts,
		    size_t count)
{
	uint64_t key = recall->seed;

	for (size_t i = 0; i < count; i++)
		key = hash_slice(parts[i], key);
	return key;
}

static uint32_t *chain_of(const struct recall *recall, uint64_t key)
{
	return &recall->chains[key & recall->mask];
}

static uint32_t find(const struct recall *recall, uint64_t key)
{
	uint32_t at = *chain_of(recall, key);

	while (at != NONE && recall->entries[at].key != key)
		at = recall->entries[at].next;
	return at;
}

/* Out of its chain. */
static void unchain(struct recall *recall, uint32_t at)
{
	uint32_t *link = chain_of(recall, recall->entries[at].key);

	while (*link != at)
		link = &recall->entries[*link].next;
	*link = recall->entries[at].next;
	recall->entries[at].used = false;
}

/* Out of the order; the links to it go round it. */
static void unlink_order(struct recall *recall, const struct entry *entry)
{
	if (entry->older == NONE)
		recall->oldest = entry->newer;
	else
		recall->entries[entry->older].newer = entry->newer;
	if (entry->newer == NONE)
		recall->newest = entry->older;
	else
		recall->entries[entry->newer].older = entry->older;
}

static void make_newest(struct recall *recall, uint32_t at)
{
	struct entry *entry = &recall->entries[at];

	if (recall->newest == at)
		return;
	unlink_order(recall, entry);
	entry->older = recall->newest;
	entry->newer = NONE;
	recall->entries[recall->newest].newer = at;
	recall->newest = at;
}

static void make_oldest(struct recall *recall, uint32_t at)
{
	struct entry *entry = &recall->entries[at];

	if (recall->oldest == at)
		return;
	unlink_order(recall, entry);
	entry->newer = recall->oldest;
	entry->older = NONE;
	recall->entries[recall->oldest].older = at;
	recall->oldest = at;
}

static void forget(struct recall *recall, uint32_t at)
{
	unchain(recall, at);
	make_oldest(recall, at);
}

void recall_put(struct recall *recall, uint64_t key, const struct recalled *put)
{
	uint32_t at = find(recall, key);
	struct entry *entry;

	if (at != NONE)
		forget(recall, at);
	if (put->first.len + put->second.len > RECALL_TEXT_MAX)
		return;
	at = recall->oldest;
	entry = &recall->entries[at];
	if (entry->used)
		unchain(recall, at);
	entry->key = key;
	entry->used = true;
	entry->at_us = put->at_us;
	entry->first_len = put->first.len;
	buf_reset(&entry->texts);
	buf_add(&entry->texts, put->first);
	buf_add(&entry->texts, put->second);
	entry->next = *chain_of(recall, key);
	*chain_of(recall, key) = at;
	make_newest(recall, at);
}

static bool give(const struct recall *recall, uint32_t at,
		 struct recalled *given)
{
	const struct entry *entry;

	*given = (struct recalled){ 0 };
	if (at == NONE)
		return false;
	entry = &recall->entries[at];
	given->first = slice_head(buf_slice(&entry->texts), entry->first_len);
	given->second = slice_after(buf_slice(&entry->texts), entry->first_len);
	given->at_us = entry->at_us;
	return true;
}

bool recall_find(const struct recall *recall, uint64_t key,
		 struct recalled *entry)
{
	return give(recall, find(recall, key), entry);
}

bool recall_take(struct recall *recall, uint64_t key, struct recalled *entry)
{
	uint32_t at = find(recall, key);
	bool found = give(recall, at, entry);

	if (found)
		forget(recall, at);
	return found;
}
