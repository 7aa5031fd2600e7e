/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include <libfastjson/json.h>

#include "base/buf.h"
#include "parse/delivery.h"
#include "why/catalogue.h"
#include "why/catalogue_build.h"
#include "why/json_file.h"

enum { LIST_LIMIT = 64 };

/* What is being read, for faults. */
struct loading {
	struct catalogue *catalogue;
	const char *path;
	struct fault *fault;
};

/* One member of an object, in a loop. */
struct member {
	const char *name;
	struct fjson_object *value;
};

static int refuse(struct loading *loading, struct slice id, const char *reason)
{
	return fault_set(loading->fault, "%s: entry \"%.*s\": %s",
			 loading->path, (int)id.len, id.at ? id.at : "",
			 reason);
}

static struct slice string_of(struct fjson_object *value)
{
	if (!fjson_object_is_type(value, fjson_type_string))
		return (struct slice){ 0 };
	return (struct slice){ fjson_object_get_string(value),
			       (size_t)fjson_object_get_string_len(value) };
}

static struct slice member_string(struct fjson_object *object, const char *name)
{
	struct fjson_object *value = NULL;

	if (!fjson_object_object_get_ex(object, name, &value))
		return (struct slice){ 0 };
	return string_of(value);
}

/*
 * A value or a list of values: the number of them, and the one at `at`. So
 * that conditions may be written either way.
 */
static size_t list_count(struct fjson_object *value)
{
	if (!value)
		return 0;
	if (!fjson_object_is_type(value, fjson_type_array))
		return 1;
	return (size_t)fjson_object_array_length(value);
}

static struct fjson_object *list_at(struct fjson_object *value, size_t at)
{
	if (!fjson_object_is_type(value, fjson_type_array))
		return value;
	return fjson_object_array_get_idx(value, (int)at);
}

/* A number up to 999 at the start of *rest. */
static bool take_small(struct slice *rest, uint16_t *number)
{
	size_t len = 0;
	uint64_t value = 0;

	while (len < rest->len && rest->at[len] >= '0' && rest->at[len] <= '9')
		len++;
	if (len > 3 || !slice_number(slice_head(*rest, len), &value))
		return false;
	*number = (uint16_t)value;
	*rest = slice_after(*rest, len);
	return true;
}

/* "5.7.1", "X.7.1", "X.7.606-649". */
static bool parse_range(struct slice text, struct enhanced_range *range)
{
	*range = (struct enhanced_range){ 0 };
	if (text.len < 2 || text.at[1] != '.' || !memchr("X245", text.at[0], 4))
		return false;
	if (text.at[0] != 'X')
		range->class = (uint8_t)(text.at[0] - '0');
	text = slice_after(text, 2);
	if (!take_small(&text, &range->subject) ||
	    !slice_skip(&text, SLICE(".")) ||
	    !take_small(&text, &range->first_detail))
		return false;
	range->last_detail = range->first_detail;
	if (slice_skip(&text, SLICE("-")) &&
	    !take_small(&text, &range->last_detail))
		return false;
	return text.len == 0 && range->last_detail >= range->first_detail;
}

/* The conditions of an entry, with the arrays that hold them until the
 * catalogue has copied the entry. */
struct draft {
	struct entry entry;
	uint16_t codes[LIST_LIMIT];
	struct enhanced_range enhanced[LIST_LIMIT];
	struct slice links[LIST_LIMIT];
	struct slice texts[LIST_LIMIT];
	struct slice regex;
};

static int read_codes(struct loading *loading, struct draft *draft,
		      struct fjson_object *value)
{
	for (size_t i = 0; i < list_count(value); i++) {
		struct fjson_object *item = list_at(value, i);
		int code = fjson_object_get_int(item);

		if (i == LIST_LIMIT ||
		    !fjson_object_is_type(item, fjson_type_int) || code < 100 ||
		    code > 999)
			return refuse(loading, draft->entry.id,
				      "\"code\" takes numbers from 100 to 999, "
				      "at most 64 of them");
		draft->codes[draft->entry.code_count++] = (uint16_t)code;
	}
	draft->entry.codes = draft->codes;
	return 0;
}

static int read_enhanced(struct loading *loading, struct draft *draft,
			 struct fjson_object *value)
{
	for (size_t i = 0; i < list_count(value); i++) {
		struct slice text = string_of(list_at(value, i));

		if (i == LIST_LIMIT || !parse_range(text, &draft->enhanced[i]))
			return refuse(
				loading, draft->entry.id,
				"\"enhanced\" takes codes like \"5.7.1\", "
				"\"X.7.1\" or \"X.7.606-649\"");
		draft->entry.enhanced_count++;
	}
	draft->entry.enhanced = draft->enhanced;
	return 0;
}

static int read_stages(struct loading *loading, struct draft *draft,
		       struct fjson_object *value)
{
	for (size_t i = 0; i < list_count(value); i++) {
		enum stage stage = stage_from_word(
			string_of(list_at(value, i)));

		if (stage == STAGE_NONE)
			return refuse(
				loading, draft->entry.id,
				"\"stage\" takes connect, banner, ehlo, "
				"starttls, auth, mail, rcpt, data, eom or "
				"local");
		draft->entry.stages |= 1u << stage;
	}
	return 0;
}

static int read_provider(struct loading *loading, struct draft *draft,
			 struct fjson_object *value)
{
	draft->entry.provider = string_of(value);
	if (!providers_know(catalogue_own_providers(loading->catalogue),
			    draft->entry.provider))
		return refuse(loading, draft->entry.id,
			      "\"provider\" is none of providers.json");
	return 0;
}

/* Length without white space at the ends, which folding takes away: a text of
 * nothing else could not be searched for. */
static size_t folded_length(struct slice text)
{
	static const char blanks[] = " \t\n\v\f\r";

	while (text.len && memchr(blanks, text.at[0], sizeof(blanks) - 1))
		text = slice_after(text, 1);
	while (text.len &&
	       memchr(blanks, text.at[text.len - 1], sizeof(blanks) - 1))
		text.len--;
	return text.len;
}

static int read_texts(struct loading *loading, struct draft *draft,
		      struct fjson_object *value)
{
	for (size_t i = 0; i < list_count(value); i++) {
		struct slice text = string_of(list_at(value, i));

		if (i == LIST_LIMIT || folded_length(text) < 3)
			return refuse(loading, draft->entry.id,
				      "\"text\" takes strings of at least 3 "
				      "bytes, at most 64 of them");
		draft->texts[draft->entry.text_count++] = text;
	}
	draft->entry.texts = draft->texts;
	return 0;
}

static int read_regex(struct loading *loading, struct draft *draft,
		      struct fjson_object *value)
{
	draft->regex = string_of(value);
	if (!draft->regex.len)
		return refuse(loading, draft->entry.id,
			      "\"regex\" takes a string");
	return 0;
}

static int read_by(struct loading *loading, struct draft *draft,
		   struct fjson_object *value)
{
	draft->entry.local = slice_equal(string_of(value), SLICE("local"));
	if (!draft->entry.local)
		return refuse(loading, draft->entry.id,
			      "\"by\" can only be \"local\"");
	return 0;
}

static int read_weak(struct loading *loading, struct draft *draft,
		     struct fjson_object *value)
{
	if (!fjson_object_is_type(value, fjson_type_boolean))
		return refuse(loading, draft->entry.id,
			      "\"weak\" is true or false");
	draft->entry.weak = fjson_object_get_boolean(value);
	return 0;
}

static int read_class(struct loading *loading, struct draft *draft,
		      struct fjson_object *value)
{
	int class = fjson_object_get_int(value);

	if (class != 4 && class != 5)
		return refuse(loading, draft->entry.id, "\"class\" is 4 or 5");
	draft->entry.class = (uint8_t) class;
	return 0;
}

static const struct {
	const char *name;
	int (*read)(struct loading *loading, struct draft *draft,
		    struct fjson_object *value);
} conditions[] = {
	{ "provider", read_provider },
	{ "code", read_codes },
	{ "enhanced", read_enhanced },
	{ "stage", read_stages },
	{ "text", read_texts },
	{ "regex", read_regex },
	{ "by", read_by },
	{ "weak", read_weak },
	{ "class", read_class },
};

static int read_condition(struct loading *loading, struct draft *draft,
			  const struct member *member)
{
	char reason[128];

	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++)
		if (!strcmp(conditions[i].name, member->name))
			return conditions[i].read(loading, draft,
						  member->value);
	(void)snprintf(reason, sizeof(reason), "unknown condition \"%s\"",
		       member->name);
	return refuse(loading, draft->entry.id, reason);
}

/* Calls `visit` for each member until one fails. */
static int each_member(struct fjson_object *object,
		       int (*visit)(const struct member *member, void *context),
		       void *context)
{
	struct fjson_object_iterator at = fjson_object_iter_begin(object);
	struct fjson_object_iterator end = fjson_object_iter_end(object);

	while (!fjson_object_iter_equal(&at, &end)) {
		struct member member = { fjson_object_iter_peek_name(&at),
					 fjson_object_iter_peek_value(&at) };

		if (visit(&member, context) < 0)
			return -1;
		fjson_object_iter_next(&at);
	}
	return 0;
}

struct match_context {
	struct loading *loading;
	struct draft *draft;
};

static int visit_condition(const struct member *member, void *context)
{
	struct match_context *match = context;

	return read_condition(match->loading, match->draft, member);
}

static int read_links(struct loading *loading, struct draft *draft,
		      struct fjson_object *value)
{
	for (size_t i = 0; i < list_count(value); i++) {
		struct slice link = string_of(list_at(value, i));

		if (i == LIST_LIMIT ||
		    (!slice_starts(link, SLICE("https://")) &&
		     !slice_starts(link, SLICE("http://"))))
			return refuse(loading, draft->entry.id,
				      "\"links\" takes addresses that begin "
				      "with https:// or http://");
		draft->links[draft->entry.link_count++] = link;
	}
	draft->entry.links = draft->links;
	return 0;
}

static int add_regex(struct loading *loading, const struct draft *draft)
{
	struct fault inner;

	if (!draft->regex.len ||
	    catalogue_add_regex(loading->catalogue, draft->regex, &inner) == 0)
		return 0;
	return refuse(loading, draft->entry.id, inner.text);
}

/* The parts of an entry besides its conditions. */
static int read_parts(struct loading *loading, struct draft *draft,
		      struct fjson_object *object)
{
	struct fjson_object *links = NULL;

	draft->entry.id = member_string(object, "id");
	draft->entry.detail = member_string(object, "detail");
	draft->entry.source = member_string(object, "source");
	if (!draft->entry.id.len)
		return refuse(loading, draft->entry.id, "an \"id\" is missing");
	if (!reason_from_word(member_string(object, "reason"),
			      &draft->entry.reason))
		return refuse(loading, draft->entry.id,
			      "\"reason\" is none that mailwhy knows");
	if (fjson_object_object_get_ex(object, "links", &links))
		return read_links(loading, draft, links);
	return 0;
}

/* Of the same id, one of the first `before` entries stays: it came from the
 * user's own file, which was read first. */
static int read_entry(struct loading *loading, struct fjson_object *object,
		      size_t before)
{
	struct draft draft = { 0 };
	struct match_context context = { loading, &draft };
	struct fjson_object *match = NULL;

	if (!fjson_object_is_type(object, fjson_type_object))
		return fault_set(loading->fault,
				 "%s: an entry is not an object",
				 loading->path);
	if (read_parts(loading, &draft, object) < 0)
		return -1;
	if (!fjson_object_object_get_ex(object, "match", &match) ||
	    !fjson_object_is_type(match, fjson_type_object))
		return refuse(loading, draft.entry.id, "\"match\" is missing");
	if (each_member(match, visit_condition, &context) < 0)
		return -1;
	if (draft.entry.text_count && draft.regex.len)
		return refuse(loading, draft.entry.id,
			      "\"text\" and \"regex\" exclude each other");
	if (catalogue_add(loading->catalogue, &draft.entry))
		return add_regex(loading, &draft);
	if (catalogue_find(loading->catalogue, draft.entry.id)->position <
	    before)
		return 0;
	return refuse(loading, draft.entry.id, "there are two of this id");
}

static int read_entries(struct loading *loading, struct fjson_object *root)
{
	size_t before = catalogue_count(loading->catalogue);
	struct fjson_object *entries = NULL;

	if (!fjson_object_object_get_ex(root, "entries", &entries) ||
	    !fjson_object_is_type(entries, fjson_type_array))
		return fault_set(loading->fault, "%s: \"entries\" is missing",
				 loading->path);
	for (size_t i = 0; i < list_count(entries); i++)
		if (read_entry(loading, list_at(entries, i), before) < 0)
			return -1;
	return 0;
}

static int read_providers(struct loading *loading, struct fjson_object *root)
{
	struct providers *providers = catalogue_own_providers(
		loading->catalogue);
	struct fjson_object *list = NULL;

	if (!fjson_object_object_get_ex(root, "providers", &list) ||
	    !fjson_object_is_type(list, fjson_type_array))
		return fault_set(loading->fault, "%s: \"providers\" is missing",
				 loading->path);
	for (size_t i = 0; i < list_count(list); i++) {
		struct fjson_object *one = list_at(list, i);
		struct fjson_object *names = NULL;
		struct slice id = member_string(one, "id");

		if (!id.len)
			return fault_set(loading->fault,
					 "%s: provider %zu has no \"id\"",
					 loading->path, i + 1);
		providers_add(providers, id);
		if (fjson_object_object_get_ex(one, "relay", &names))
			for (size_t k = 0; k < list_count(names); k++)
				providers_add_relay(
					providers, string_of(list_at(names, k)),
					id);
		names = NULL;
		if (fjson_object_object_get_ex(one, "domains", &names))
			for (size_t k = 0; k < list_count(names); k++)
				providers_add_domain(
					providers, string_of(list_at(names, k)),
					id);
	}
	return 0;
}

static struct text text_of(struct fjson_object *object)
{
	return (struct text){
		.title = member_string(object, "title"),
		.explanation = member_string(object, "explanation"),
		.advice = member_string(object, "advice"),
		.admin = member_string(object, "admin"),
	};
}

static int visit_reason_text(const struct member *member, void *context)
{
	struct loading *loading = context;
	struct text text = text_of(member->value);
	enum reason reason;

	if (!reason_from_word(slice_from(member->name), &reason))
		return fault_set(loading->fault,
				 "%s: texts for the reason \"%s\", which "
				 "mailwhy does not know",
				 loading->path, member->name);
	catalogue_set_reason_text(loading->catalogue, reason, &text);
	return 0;
}

static int visit_entry_text(const struct member *member, void *context)
{
	struct loading *loading = context;
	struct text text = text_of(member->value);

	catalogue_set_text(loading->catalogue, slice_from(member->name), &text);
	return 0;
}

static int visit_label(const struct member *member, void *context)
{
	struct loading *loading = context;

	catalogue_set_label(loading->catalogue, slice_from(member->name),
			    string_of(member->value));
	return 0;
}

static int read_lang(struct loading *loading, struct fjson_object *root)
{
	static const struct {
		const char *name;
		int (*visit)(const struct member *member, void *context);
	} parts[] = {
		{ "labels", visit_label },
		{ "reasons", visit_reason_text },
		{ "entries", visit_entry_text },
	};
	struct slice lang = member_string(root, "lang");

	if (lang.len)
		catalogue_set_lang(loading->catalogue, lang,
				   member_string(root, "name"));
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct fjson_object *part = NULL;

		if (fjson_object_object_get_ex(root, parts[i].name, &part) &&
		    each_member(part, parts[i].visit, loading) < 0)
			return -1;
	}
	return 0;
}

enum part { PART_PROVIDERS, PART_ENTRIES, PART_LANG };

/* One file of the catalogue; `extra` ones need not exist. */
static int load_part(struct loading *loading, enum part part, const char *name,
		     bool extra)
{
	struct fjson_object *root = NULL;
	int result = -1;

	loading->path = name;
	if (json_file_load(name, extra, &root, loading->fault) < 0)
		return -1;
	if (!root)
		return 0;
	switch (part) {
	case PART_PROVIDERS:
		result = read_providers(loading, root);
		break;
	case PART_ENTRIES:
		result = read_entries(loading, root);
		break;
	case PART_LANG:
		result = read_lang(loading, root);
		break;
	}
	fjson_object_put(root);
	return result;
}

/* What is loaded later: entries yield to those that are there, texts replace
 * them; so the user's entries come first and the user's texts last. */
static int load_parts(struct loading *loading, const char *dir,
		      const char *extra_dir, const char *lang)
{
	static const char *const files[] = {
		[PART_PROVIDERS] = "providers.json",
		[PART_ENTRIES] = "catalogue.json",
		[PART_LANG] = "lang",
	};
	static const struct {
		enum part part;
		bool extra;
	} order[] = {
		{ PART_PROVIDERS, false }, { PART_PROVIDERS, true },
		{ PART_ENTRIES, true },    { PART_ENTRIES, false },
		{ PART_LANG, false },      { PART_LANG, true },
	};

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		const char *from = order[i].extra ? extra_dir : dir;
		bool is_lang = order[i].part == PART_LANG;
		char path[4096];

		if (!from)
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s%s%s%s", from,
			       files[order[i].part], is_lang ? "/" : "",
			       is_lang ? lang : "", is_lang ? ".json" : "");
		if (load_part(loading, order[i].part, path, order[i].extra) < 0)
			return -1;
	}
	return 0;
}

int catalogue_load(const char *dir, const char *extra_dir, const char *lang,
		   struct catalogue **loaded, struct fault *fault)
{
	struct loading loading = { .fault = fault };
	struct fault inner = { 0 };

	*loaded = NULL;
	loading.catalogue = catalogue_new();
	if (load_parts(&loading, dir, extra_dir, lang) < 0)
		goto fail;
	if (catalogue_finish(loading.catalogue, &inner) < 0) {
		fault_set(fault, "%s/catalogue.json, lang/%s.json: %s", dir,
			  lang, inner.text);
		goto fail;
	}
	*loaded = loading.catalogue;
	return 0;
fail:
	catalogue_free(loading.catalogue);
	return -1;
}
