/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "why/catalogue_build.h"
#include "why/entry_load.h"
#include "why/json_file.h"
#include "why/loading.h"

/* A file of the catalogue, open until all of them were read. */
struct part {
	char *path;
	struct fjson_object *root;
};

struct parts {
	struct part *list;
	size_t count;
	size_t shipped; /* so many of the first are the shipped ones */
};

static int read_names(struct loading *loading, struct fjson_object *list,
		      struct slice id,
		      void (*add)(struct providers *providers,
				  struct slice name, struct slice id))
{
	for (size_t i = 0; i < loading_count(list); i++) {
		struct slice name = loading_string(loading_at(list, i));

		if (!name.len)
			return loading_refuse(loading, "takes host names");
		add(catalogue_own_providers(loading->catalogue), name, id);
	}
	return 0;
}

/* Words of a provider's replies. */
static int read_marks(struct loading *loading, struct fjson_object *list,
		      struct slice id)
{
	for (size_t i = 0; i < loading_count(list); i++) {
		struct slice mark = loading_string(loading_at(list, i));

		if (slice_trim(mark).len < 4)
			return loading_refuse(loading, "takes texts of at "
						       "least 4 bytes");
		catalogue_add_mark(loading->catalogue, mark, id);
	}
	return 0;
}

static int visit_provider_member(struct loading *loading,
				 const struct member *member, void *context)
{
	const struct slice *id = context;

	if (!strcmp(member->name, "relay"))
		return read_names(loading, member->value, *id,
				  providers_add_relay);
	if (!strcmp(member->name, "domains"))
		return read_names(loading, member->value, *id,
				  providers_add_domain);
	if (!strcmp(member->name, "reply"))
		return read_marks(loading, member->value, *id);
	if (!strcmp(member->name, "id") || !strcmp(member->name, "name"))
		return 0;
	return loading_refuse(loading, "mailwhy knows no such key");
}

static int read_provider(struct loading *loading, struct fjson_object *one)
{
	struct slice id = loading_member(one, "id");

	if (!id.len)
		return loading_refuse(loading, "a provider has no \"id\"");
	providers_add(catalogue_own_providers(loading->catalogue), id);
	if (loading_member(one, "name").len)
		providers_set_name(catalogue_own_providers(loading->catalogue),
				   id, loading_member(one, "name"));
	return loading_each(loading, one, visit_provider_member, &id);
}

/* Calls `read` for each element of the list in hand. */
static int read_list(struct loading *loading, struct fjson_object *list,
		     int (*read)(struct loading *loading,
				 struct fjson_object *one))
{
	int result = 0;

	if (!fjson_object_is_type(list, fjson_type_array))
		return loading_refuse(loading, "is not a list");
	for (size_t i = 0; i < loading_count(list) && result == 0; i++) {
		loading_enter_index(loading, i);
		result = read(loading, loading_at(list, i));
		loading_leave(loading);
	}
	return result;
}

static int read_providers(struct loading *loading, struct fjson_object *list)
{
	return read_list(loading, list, read_provider);
}

static int read_entry(struct loading *loading, struct fjson_object *one)
{
	return entry_load(loading, one, loading->before);
}

static int read_entries(struct loading *loading, struct fjson_object *list)
{
	loading->before = catalogue_count(loading->catalogue);
	return read_list(loading, list, read_entry);
}

static int visit_reason_text(struct loading *loading,
			     const struct member *member, void *context)
{
	enum reason reason;
	struct text text;

	(void)context;
	if (!reason_from_word(slice_from(member->name), &reason))
		return loading_refuse(loading, "none of the reasons that "
					       "mailwhy knows");
	if (entry_load_text(loading, member->value, &text) < 0)
		return -1;
	catalogue_set_reason_text(loading->catalogue, reason, &text);
	return 0;
}

static int visit_entry_text(struct loading *loading,
			    const struct member *member, void *context)
{
	struct slice id = slice_from(member->name);
	struct text text;

	(void)context;
	/* That there are no entries was told of their file. */
	if (!catalogue_count(loading->catalogue))
		return 0;
	if (!catalogue_find(loading->catalogue, id))
		return loading_refuse(loading, "texts for an entry that is not "
					       "in the catalogue");
	if (entry_load_text(loading, member->value, &text) < 0)
		return -1;
	catalogue_set_text(loading->catalogue, id, &text);
	return 0;
}

static int visit_label(struct loading *loading, const struct member *member,
		       void *context)
{
	struct slice text = loading_string(member->value);

	(void)context;
	if (!text.len)
		return loading_refuse(loading, "takes a text");
	catalogue_set_label(loading->catalogue, slice_from(member->name), text);
	return 0;
}

/* The texts of entries: names and texts in turn, where they were many. */
static int each_entry_text(struct loading *loading, struct fjson_object *list)
{
	int result = 0;

	if (fjson_object_is_type(list, fjson_type_object))
		return loading_each(loading, list, visit_entry_text, NULL);
	for (size_t i = 0; i < loading_count(list) && result == 0; i += 2) {
		struct member member = {
			loading_string(loading_at(list, i)).at,
			loading_at(list, i + 1),
		};

		if (!member.name)
			return loading_refuse(loading, "is not an object");
		loading_enter(loading, member.name);
		result = visit_entry_text(loading, &member, NULL);
		loading_leave(loading);
	}
	return result;
}

/* The three kinds of texts, in a language's file or below its name. */
static int visit_lang_part(struct loading *loading, const struct member *member,
			   void *context)
{
	static const struct {
		const char *name;
		int (*visit)(struct loading *loading,
			     const struct member *member, void *context);
	} kinds[] = {
		{ "labels", visit_label },
		{ "reasons", visit_reason_text },
	};

	(void)context;
	if (!strcmp(member->name, "entries"))
		return each_entry_text(loading, member->value);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, member->name))
			continue;
		if (!fjson_object_is_type(member->value, fjson_type_object))
			return loading_refuse(loading, "is not an object");
		return loading_each(loading, member->value, kinds[i].visit,
				    NULL);
	}
	if (!strcmp(member->name, "lang") || !strcmp(member->name, "name"))
		return 0;
	return loading_refuse(loading, "mailwhy knows no such key");
}

/* rules/lang/LL.json. */
static int read_lang(struct loading *loading, struct fjson_object *root)
{
	struct slice lang = loading_member(root, "lang");

	if (!slice_equal(lang, loading->lang))
		return loading_refuse_member(loading, "lang",
					     "must be the file's name");
	catalogue_set_lang(loading->catalogue, lang,
			   loading_member(root, "name"));
	return loading_each(loading, root, visit_lang_part, NULL);
}

/* {"de": {...}, "en": {...}}: what is of the language that is wanted. */
static int visit_lang(struct loading *loading, const struct member *member,
		      void *context)
{
	(void)context;
	if (!slice_equal(slice_from(member->name), loading->lang))
		return 0;
	if (!fjson_object_is_type(member->value, fjson_type_object))
		return loading_refuse(loading, "is not an object");
	return loading_each(loading, member->value, visit_lang_part, NULL);
}

/* The texts that stand in the entries themselves, which are checked. */
static void take_own_texts(struct loading *loading, struct fjson_object *list)
{
	for (size_t i = 0; i < loading_count(list); i++) {
		struct fjson_object *one = loading_at(list, i);
		struct slice id = loading_member(one, "id");
		struct fjson_object *texts = NULL;
		struct fjson_object *own = NULL;
		struct text text;

		if (!fjson_object_object_get_ex(one, "texts", &texts) ||
		    !fjson_object_object_get_ex(texts, loading->lang.at, &own))
			continue;
		if (catalogue_find(loading->catalogue, id) &&
		    entry_load_text(loading, own, &text) == 0)
			catalogue_set_text(loading->catalogue, id, &text);
	}
}

/* What is read out of each file, in this order: entries ask for providers,
 * texts for entries. */
enum step { STEP_PROVIDERS, STEP_ENTRIES, STEP_TEXTS };

static int visit_part(struct loading *loading, const struct member *member,
		      void *context)
{
	const enum step *step = context;

	if (!strcmp(member->name, "providers"))
		return *step == STEP_PROVIDERS
			       ? read_providers(loading, member->value)
			       : 0;
	if (!strcmp(member->name, "entries")) {
		if (*step == STEP_TEXTS)
			take_own_texts(loading, member->value);
		return *step == STEP_ENTRIES
			       ? read_entries(loading, member->value)
			       : 0;
	}
	if (!strcmp(member->name, "texts"))
		return *step == STEP_TEXTS
			       ? loading_each(loading, member->value,
					      visit_lang, NULL)
			       : 0;
	if (!strcmp(member->name, "version") ||
	    !strcmp(member->name, "comment") || *step != STEP_PROVIDERS)
		return 0;
	return loading_refuse(loading, "none of providers, entries, texts, "
				       "version, comment");
}

static int read_part(struct loading *loading, const struct part *part,
		     enum step step)
{
	struct fjson_object *lang = NULL;

	loading->path = part->path;
	if (fjson_object_object_get_ex(part->root, "lang", &lang))
		return step == STEP_TEXTS ? read_lang(loading, part->root) : 0;
	return loading_each(loading, part->root, visit_part, &step);
}

/* Providers and texts of a stronger file come last and replace; of entries
 * the first one of an id stays, so the strongest file is read first. */
static int read_parts(struct loading *loading, const struct parts *parts)
{
	size_t over = parts->count - parts->shipped;
	int result = 0;

	for (size_t i = 0; i < parts->count && result == 0; i++)
		result = read_part(loading, &parts->list[i], STEP_PROVIDERS);
	for (size_t i = 0; i < parts->count && result == 0; i++) {
		size_t at = i < over ? parts->count - 1 - i : i - over;

		loading->shipped = at < parts->shipped;
		result = read_part(loading, &parts->list[at], STEP_ENTRIES);
	}
	for (size_t i = 0; i < parts->count && result == 0; i++)
		result = read_part(loading, &parts->list[i], STEP_TEXTS);
	return result;
}

/* Opens a file; one that is optional need not exist. */
static int add_part(struct loading *loading, struct parts *parts,
		    const char *path, bool optional)
{
	struct fjson_object *root = NULL;

	if (json_file_load(path, "entries", optional, &root, loading->fault) <
	    0) {
		loading->fault_count++;
		if (!loading->visit)
			return -1;
		loading->visit(loading->fault, loading->context);
	}
	if (!root)
		return 0;
	parts->list = memory_resize(parts->list, parts->count + 1,
				    sizeof(parts->list[0]));
	parts->list[parts->count++] =
		(struct part){ memory_string(slice_from(path)), root };
	return 0;
}

static int is_json(const struct dirent *file)
{
	return slice_ends(slice_from(file->d_name), SLICE(".json"));
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* A file that is laid over, or all *.json of a directory and its lang/. */
static int add_over(struct loading *loading, struct parts *parts,
		    const char *over)
{
	struct dirent **names = NULL;
	struct stat status;
	char path[4096];
	int result = 0;
	int count;

	if (stat(over, &status) < 0 || !S_ISDIR(status.st_mode))
		return add_part(loading, parts, over, true);
	count = scandir(over, &names, is_json, by_name);
	for (int i = 0; i < count; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", over,
			       names[i]->d_name);
		if (result == 0)
			result = add_part(loading, parts, path, false);
		free(names[i]);
	}
	free(names);
	(void)snprintf(path, sizeof(path), "%s/lang/%s.json", over,
		       loading->lang.at);
	return result < 0 ? -1 : add_part(loading, parts, path, true);
}

static int add_shipped(struct loading *loading, struct parts *parts,
		       const char *dir)
{
	static const char *const names[] = { "providers", "catalogue" };
	char path[4096];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s.json", dir, names[i]);
		if (add_part(loading, parts, path, false) < 0)
			return -1;
	}
	(void)snprintf(path, sizeof(path), "%s/lang/%s.json", dir,
		       loading->lang.at);
	if (add_part(loading, parts, path, false) < 0)
		return -1;
	parts->shipped = parts->count;
	return 0;
}

/* Words are a help, no need: there may be none. */
static int load_words(struct loading *loading, const char *dir)
{
	char path[4096];
	int result;

	(void)snprintf(path, sizeof(path), "%s/words.tsv", dir);
	result = words_load(catalogue_own_words(loading->catalogue), path,
			    loading->fault);
	if (result == 0)
		return 0;
	loading->fault_count++;
	if (!loading->visit)
		return -1;
	loading->visit(loading->fault, loading->context);
	return 0;
}

static void parts_clear(struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		free(parts->list[i].path);
		fjson_object_put(parts->list[i].root);
	}
	free(parts->list);
}

/* All of it, with a visitor of faults or without. */
static int load(struct loading *loading, const struct catalogue_source *source,
		struct catalogue **loaded)
{
	struct parts parts = { 0 };
	struct fault inner = { 0 };
	int result;

	*loaded = NULL;
	loading->catalogue = catalogue_new();
	result = add_shipped(loading, &parts, source->dir);
	if (result == 0)
		result = load_words(loading, source->dir);
	for (const char *const *over = source->over;
	     result == 0 && over && *over; over++)
		result = add_over(loading, &parts, *over);
	if (result == 0)
		result = read_parts(loading, &parts);
	if (result == 0 && loading->fault_count == 0 &&
	    catalogue_finish(loading->catalogue, &inner) < 0) {
		result = fault_set(loading->fault, "%s/lang/%s.json: %s",
				   source->dir, source->lang, inner.text);
		loading->fault_count++;
		if (loading->visit)
			loading->visit(loading->fault, loading->context);
	}
	parts_clear(&parts);
	if (loading->fault_count || result < 0) {
		catalogue_free(loading->catalogue);
		return -1;
	}
	*loaded = loading->catalogue;
	return 0;
}

int catalogue_load(const struct catalogue_source *source,
		   struct catalogue **loaded, struct fault *fault)
{
	struct loading loading = { .lang = slice_from(source->lang),
				   .fault = fault };

	return load(&loading, source, loaded);
}

int catalogue_check(const struct catalogue_source *source,
		    struct catalogue **loaded, fault_visit *visit,
		    void *context)
{
	struct fault fault;
	struct loading loading = { .lang = slice_from(source->lang),
				   .fault = &fault,
				   .visit = visit,
				   .context = context };

	return load(&loading, source, loaded);
}
