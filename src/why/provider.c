/* SPDX-License-Identifier: Apache-2.0 */
#include "why/provider.h"

#include <stdlib.h>

#include "base/intern.h"
#include "base/memory.h"

/* Texts by number, each with the number of its provider. */
struct provider_index {
	struct intern *texts;
	uint32_t *owners;
	uint32_t size;
};

struct providers {
	struct intern *ids;
	struct intern *names;
	uint32_t *name_of; /* by number of the id; INTERN_NONE: not said */
	uint32_t name_size;
	struct provider_index relays;
	struct provider_index domains;
};

struct providers *providers_new(void)
{
	struct providers *providers = memory_new(1, sizeof(*providers));

	providers->ids = intern_new();
	providers->names = intern_new();
	providers->relays.texts = intern_new();
	providers->domains.texts = intern_new();
	return providers;
}

void providers_free(struct providers *providers)
{
	if (!providers)
		return;
	intern_free(providers->ids);
	intern_free(providers->names);
	intern_free(providers->relays.texts);
	intern_free(providers->domains.texts);
	free(providers->name_of);
	free(providers->relays.owners);
	free(providers->domains.owners);
	free(providers);
}

static void index_add(struct provider_index *index, struct slice text,
		      uint32_t owner)
{
	uint32_t number = intern_add(index->texts, text);

	if (number >= index->size) {
		index->size = index->size ? index->size * 2 : 64;
		index->owners = memory_resize(index->owners, index->size,
					      sizeof(index->owners[0]));
	}
	index->owners[number] = owner;
}

void providers_add(struct providers *providers, struct slice id)
{
	(void)intern_add(providers->ids, id);
}

void providers_set_name(struct providers *providers, struct slice id,
			struct slice name)
{
	uint32_t number = intern_add(providers->ids, id);

	if (number >= providers->name_size) {
		uint32_t old = providers->name_size;

		providers->name_size = number + 64;
		providers->name_of = memory_resize(providers->name_of,
						   providers->name_size,
						   sizeof(uint32_t));
		for (uint32_t i = old; i < providers->name_size; i++)
			providers->name_of[i] = INTERN_NONE;
	}
	providers->name_of[number] = intern_add(providers->names, name);
}

void providers_add_relay(struct providers *providers, struct slice suffix,
			 struct slice id)
{
	index_add(&providers->relays, suffix, intern_add(providers->ids, id));
}

void providers_add_domain(struct providers *providers, struct slice domain,
			  struct slice id)
{
	index_add(&providers->domains, domain, intern_add(providers->ids, id));
}

bool providers_know(const struct providers *providers, struct slice id)
{
	return intern_find(providers->ids, id) != INTERN_NONE;
}

uint32_t providers_number(const struct providers *providers, struct slice id)
{
	return intern_find(providers->ids, id);
}

struct slice providers_id(const struct providers *providers, uint32_t number)
{
	return intern_text(providers->ids, number);
}

struct slice providers_name(const struct providers *providers, struct slice id)
{
	uint32_t number = intern_find(providers->ids, id);

	if (number == INTERN_NONE || number >= providers->name_size ||
	    providers->name_of[number] == INTERN_NONE)
		return id;
	return intern_text(providers->names, providers->name_of[number]);
}

static struct slice find_owner(const struct providers *providers,
			       const struct provider_index *index,
			       struct slice text)
{
	uint32_t number = intern_find(index->texts, text);

	if (number == INTERN_NONE)
		return (struct slice){ 0 };
	return intern_text(providers->ids, index->owners[number]);
}

/* Host names of logs are short; a longer one is nobody's. Less behind a gap
 * than this tells nothing; Sendmail leaves 17 bytes. */
enum { HOST_LIMIT = 255, LEAST_TAIL = 16 };

/* How much of the start of `suffix` the end of `head` holds, from the beginning
 * of a label on. */
static size_t overlap(struct slice head, struct slice suffix)
{
	size_t length = head.len < suffix.len ? head.len : suffix.len;

	for (; length; length--) {
		size_t at = head.len - length;

		if ((at == 0 || head.at[at - 1] == '.') &&
		    slice_equal(slice_after(head, at),
				slice_head(suffix, length)))
			return length;
	}
	return 0;
}

/*
 * The owner of "contoso-com.mail.p...ction.outlook.com", as Sendmail shortens
 * long names: of a suffix that ends with all that is left behind the gap. Of
 * several the one that what is left before it speaks for most, then the
 * shortest. Empty if there is none.
 */
static struct slice find_shortened(const struct providers *providers,
				   struct slice host)
{
	const struct provider_index *index = &providers->relays;
	struct slice owner = { 0 };
	struct slice head;
	struct slice tail = host;
	size_t best_overlap = 0;
	size_t best_length = SIZE_MAX;

	if (!slice_cut_at(&tail, SLICE("..."), &head))
		return owner;
	/* "fabrikam-com.mail....ction.outlook.com" */
	while (slice_skip(&tail, SLICE(".")))
		head.len++;
	if (tail.len < LEAST_TAIL)
		return owner;
	for (uint32_t i = 0; i < intern_count(index->texts); i++) {
		struct slice text = intern_text(index->texts, i);
		size_t shared;

		if (text.len <= tail.len || !slice_ends(text, tail))
			continue;
		shared = overlap(head, slice_head(text, text.len - tail.len));
		if (shared < best_overlap ||
		    (shared == best_overlap && text.len >= best_length))
			continue;
		best_overlap = shared;
		best_length = text.len;
		owner = intern_text(providers->ids, index->owners[i]);
	}
	return owner;
}

struct slice providers_find(const struct providers *providers,
			    struct slice relay_host, struct slice domain)
{
	char lower[HOST_LIMIT];
	struct slice rest = { lower, relay_host.len };
	struct slice owner;
	struct slice label;

	if (relay_host.len == 0)
		return find_owner(providers, &providers->domains, domain);
	if (relay_host.len > HOST_LIMIT)
		return (struct slice){ 0 };
	for (size_t i = 0; i < relay_host.len; i++) {
		char c = relay_host.at[i];

		lower[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	if (slice_ends(rest, SLICE(".")))
		rest.len--;
	owner = find_shortened(providers, rest);
	while (!owner.len && rest.len) {
		owner = find_owner(providers, &providers->relays, rest);
		if (!slice_cut(&rest, '.', &label))
			break;
	}
	return owner;
}
