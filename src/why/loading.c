/* SPDX-License-Identifier: Apache-2.0 */
#include "why/loading.h"

#include <stdarg.h>
#include <stdio.h>

#include "why/json_file.h"

void loading_enter(struct loading *loading, const char *name)
{
	if (loading->depth < LOADING_DEPTH)
		loading->steps[loading->depth] = (struct json_step){ name, 0 };
	loading->depth++;
}

void loading_enter_index(struct loading *loading, size_t index)
{
	if (loading->depth < LOADING_DEPTH)
		loading->steps[loading->depth] = (struct json_step){ NULL,
								     index };
	loading->depth++;
}

void loading_leave(struct loading *loading)
{
	loading->depth--;
}

/* "match.code" of the entry in hand, or the whole way down from the file. */
static void write_key(const struct loading *loading, char *key, size_t size)
{
	/* Behind "entries" and its number. */
	size_t from = loading->entry.len ? 2 : 0;
	size_t len = 0;

	key[0] = '\0';
	for (size_t i = from; i < loading->depth && i < LOADING_DEPTH; i++) {
		const char *name = loading->steps[i].name;
		int wrote = 0;

		if (!name)
			continue;
		wrote = snprintf(key + len, size - len, "%s%s", len ? "." : "",
				 name);
		if (wrote > 0 && (size_t)wrote < size - len)
			len += (size_t)wrote;
	}
}

int loading_refuse(struct loading *loading, const char *format, ...)
{
	size_t depth = loading->depth < LOADING_DEPTH ? loading->depth
						      : LOADING_DEPTH;
	size_t line = json_file_line(loading->path, loading->steps, depth);
	char reason[256];
	char entry[128] = "";
	char key[128];
	va_list list;

	va_start(list, format);
	(void)vsnprintf(reason, sizeof(reason), format, list);
	va_end(list);
	write_key(loading, key, sizeof(key));
	if (loading->entry.len)
		(void)snprintf(entry, sizeof(entry),
			       "entry \"%.*s\": ", (int)loading->entry.len,
			       loading->entry.at);
	fault_set(loading->fault, "%s:%zu: %s%s%s%s%s", loading->path, line,
		  entry, key[0] ? "\"" : "", key, key[0] ? "\": " : "", reason);
	loading->fault_count++;
	if (!loading->visit)
		return -1;
	loading->visit(loading->fault, loading->context);
	return 0;
}

int loading_refuse_member(struct loading *loading, const char *name,
			  const char *reason)
{
	int result;

	loading_enter(loading, name);
	result = loading_refuse(loading, "%s", reason);
	loading_leave(loading);
	return result;
}

struct slice loading_string(struct fjson_object *value)
{
	if (!fjson_object_is_type(value, fjson_type_string))
		return (struct slice){ 0 };
	return (struct slice){ fjson_object_get_string(value),
			       (size_t)fjson_object_get_string_len(value) };
}

struct slice loading_member(struct fjson_object *object, const char *name)
{
	struct fjson_object *value = NULL;

	if (!fjson_object_object_get_ex(object, name, &value))
		return (struct slice){ 0 };
	return loading_string(value);
}

size_t loading_count(struct fjson_object *value)
{
	if (!value)
		return 0;
	if (!fjson_object_is_type(value, fjson_type_array))
		return 1;
	return (size_t)fjson_object_array_length(value);
}

struct fjson_object *loading_at(struct fjson_object *value, size_t at)
{
	if (!fjson_object_is_type(value, fjson_type_array))
		return value;
	return fjson_object_array_get_idx(value, (int)at);
}

int loading_each(struct loading *loading, struct fjson_object *object,
		 int (*visit)(struct loading *loading,
			      const struct member *member, void *context),
		 void *context)
{
	struct fjson_object_iterator at = fjson_object_iter_begin(object);
	struct fjson_object_iterator end = fjson_object_iter_end(object);

	while (!fjson_object_iter_equal(&at, &end)) {
		struct member member = { fjson_object_iter_peek_name(&at),
					 fjson_object_iter_peek_value(&at) };
		int result;

		loading_enter(loading, member.name);
		result = visit(loading, &member, context);
		loading_leave(loading);
		if (result < 0)
			return -1;
		fjson_object_iter_next(&at);
	}
	return 0;
}
