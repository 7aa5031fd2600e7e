/* SPDX-License-Identifier: Apache-2.0 */
#include "why/entry_load.h"

#include "base/utf8.h"
#include "parse/delivery.h"
#include "why/catalogue_build.h"

enum { LIST_LIMIT = 64, TITLE_LIMIT = 60 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* An entry with the arrays that hold its conditions until the catalogue has
 * copied it. */
struct draft {
	struct entry entry;
	uint16_t codes[LIST_LIMIT];
	struct enhanced_range enhanced[LIST_LIMIT];
	struct slice links[LIST_LIMIT];
	struct slice texts[LIST_LIMIT];
	struct slice regexes[LIST_LIMIT];
	struct slice phrases[LIST_LIMIT];
	bool has_match;
	bool has_reason;
};

/* A member of an entry or of its conditions, and who reads it. */
struct reader {
	const char *name;
	int (*read)(struct loading *loading, struct draft *draft,
		    struct fjson_object *value);
};

struct readers {
	const struct reader *list;
	size_t count;
	struct draft *draft;
};

static int visit_member(struct loading *loading, const struct member *member,
			void *context)
{
	const struct readers *readers = context;

	for (size_t i = 0; i < readers->count; i++)
		if (!strcmp(readers->list[i].name, member->name))
			return readers->list[i].read(loading, readers->draft,
						     member->value);
	return loading_refuse(loading, "mailwhy knows no such key");
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

static int read_codes(struct loading *loading, struct draft *draft,
		      struct fjson_object *value)
{
	for (size_t i = 0; i < loading_count(value); i++) {
		struct fjson_object *item = loading_at(value, i);
		int code = fjson_object_get_int(item);

		if (i == LIST_LIMIT ||
		    !fjson_object_is_type(item, fjson_type_int) || code < 100 ||
		    code > 999)
			return loading_refuse(loading,
					      "takes numbers from 100 to 999, "
					      "at most 64 of them");
		draft->codes[draft->entry.code_count++] = (uint16_t)code;
	}
	draft->entry.codes = draft->codes;
	return 0;
}

static int read_enhanced(struct loading *loading, struct draft *draft,
			 struct fjson_object *value)
{
	for (size_t i = 0; i < loading_count(value); i++) {
		struct slice text = loading_string(loading_at(value, i));

		if (i == LIST_LIMIT || !parse_range(text, &draft->enhanced[i]))
			return loading_refuse(loading,
					      "takes codes like \"5.7.1\", "
					      "\"X.7.1\" or \"X.7.606-649\"");
		draft->entry.enhanced_count++;
	}
	draft->entry.enhanced = draft->enhanced;
	return 0;
}

static int read_stages(struct loading *loading, struct draft *draft,
		       struct fjson_object *value)
{
	for (size_t i = 0; i < loading_count(value); i++) {
		enum stage stage = stage_from_word(
			loading_string(loading_at(value, i)));

		if (stage == STAGE_NONE)
			return loading_refuse(
				loading, "takes connect, banner, ehlo, "
					 "starttls, auth, mail, rcpt, data, "
					 "eom or local");
		draft->entry.stages |= 1u << stage;
	}
	return 0;
}

static int read_provider(struct loading *loading, struct draft *draft,
			 struct fjson_object *value)
{
	draft->entry.provider = loading_string(value);
	if (providers_know(catalogue_own_providers(loading->catalogue),
			   draft->entry.provider))
		return 0;
	return loading_refuse(
		loading, "\"%.*s\" is none of the providers",
		(int)draft->entry.provider.len,
		draft->entry.provider.len ? draft->entry.provider.at : "");
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
	for (size_t i = 0; i < loading_count(value); i++) {
		struct slice text = loading_string(loading_at(value, i));

		if (i == LIST_LIMIT || folded_length(text) < 3)
			return loading_refuse(loading,
					      "takes texts of at least 3 "
					      "bytes, at most 64 of them");
		draft->texts[draft->entry.text_count++] = text;
	}
	draft->entry.texts = draft->texts;
	return 0;
}

static int read_regexes(struct loading *loading, struct draft *draft,
			struct fjson_object *value)
{
	for (size_t i = 0; i < loading_count(value); i++) {
		struct slice regex = loading_string(loading_at(value, i));
		struct fault inner;

		if (i == LIST_LIMIT || !regex.len)
			return loading_refuse(loading,
					      "takes regular expressions, at "
					      "most 64 of them");
		/* Takes its time, which the start has not for the shipped. */
		if ((loading->visit || !loading->shipped) &&
		    pattern_check_regex(regex, &inner) < 0)
			return loading_refuse(loading, "%s", inner.text);
		draft->regexes[draft->entry.regex_count++] = regex;
	}
	draft->entry.regexes = draft->regexes;
	return 0;
}

static int read_phrases(struct loading *loading, struct draft *draft,
			struct fjson_object *value)
{
	for (size_t i = 0; i < loading_count(value); i++) {
		struct slice phrase = loading_string(loading_at(value, i));
		struct fault inner;

		if (i == LIST_LIMIT)
			return loading_refuse(loading, "at most 64 of them");
		if (phrase_check(phrase, &inner) < 0)
			return loading_refuse(loading, "%s", inner.text);
		draft->phrases[draft->entry.phrase_count++] = phrase;
	}
	draft->entry.phrases = draft->phrases;
	return 0;
}

static int read_by(struct loading *loading, struct draft *draft,
		   struct fjson_object *value)
{
	draft->entry.local = slice_equal(loading_string(value), SLICE("local"));
	if (!draft->entry.local)
		return loading_refuse(loading, "can only be \"local\"");
	return 0;
}

static int take_boolean(struct loading *loading, struct fjson_object *value,
			bool *into)
{
	*into = fjson_object_get_boolean(value);
	if (fjson_object_is_type(value, fjson_type_boolean))
		return 0;
	return loading_refuse(loading, "is true or false");
}

static int read_weak(struct loading *loading, struct draft *draft,
		     struct fjson_object *value)
{
	return take_boolean(loading, value, &draft->entry.weak);
}

static int read_bare(struct loading *loading, struct draft *draft,
		     struct fjson_object *value)
{
	return take_boolean(loading, value, &draft->entry.bare);
}

static int read_general(struct loading *loading, struct draft *draft,
			struct fjson_object *value)
{
	return take_boolean(loading, value, &draft->entry.general);
}

static int read_weight(struct loading *loading, struct draft *draft,
		       struct fjson_object *value)
{
	int weight = fjson_object_get_int(value);

	if (!fjson_object_is_type(value, fjson_type_int) || weight < 1 ||
	    weight > 1000)
		return loading_refuse(loading, "takes a number from 1 to 1000");
	draft->entry.weight = (uint16_t)weight;
	return 0;
}

static int read_class(struct loading *loading, struct draft *draft,
		      struct fjson_object *value)
{
	int class = fjson_object_get_int(value);

	if (!fjson_object_is_type(value, fjson_type_int) ||
	    (class != 4 && class != 5))
		return loading_refuse(loading, "is 4 or 5");
	draft->entry.class = (uint8_t) class;
	return 0;
}

static int read_match(struct loading *loading, struct draft *draft,
		      struct fjson_object *value)
{
	static const struct reader conditions[] = {
		{ "provider", read_provider }, { "code", read_codes },
		{ "enhanced", read_enhanced }, { "stage", read_stages },
		{ "text", read_texts },        { "regex", read_regexes },
		{ "phrase", read_phrases },    { "by", read_by },
		{ "weak", read_weak },         { "general", read_general },
		{ "weight", read_weight },     { "class", read_class },
		{ "bare", read_bare },
	};
	struct readers readers = { conditions, COUNT(conditions), draft };

	draft->has_match = true;
	if (!fjson_object_is_type(value, fjson_type_object))
		return loading_refuse(loading, "is not an object");
	return loading_each(loading, value, visit_member, &readers);
}

static int read_reason(struct loading *loading, struct draft *draft,
		       struct fjson_object *value)
{
	struct slice word = loading_string(value);

	draft->has_reason = true;
	if (reason_from_word(word, &draft->entry.reason))
		return 0;
	return loading_refuse(loading,
			      "\"%.*s\" is none of the reasons that mailwhy "
			      "knows",
			      (int)word.len, word.len ? word.at : "");
}

static int read_links(struct loading *loading, struct draft *draft,
		      struct fjson_object *value)
{
	for (size_t i = 0; i < loading_count(value); i++) {
		struct slice link = loading_string(loading_at(value, i));

		if (i == LIST_LIMIT ||
		    (!slice_starts(link, SLICE("https://")) &&
		     !slice_starts(link, SLICE("http://"))))
			return loading_refuse(loading,
					      "takes addresses that begin "
					      "with https:// or http://");
		draft->links[draft->entry.link_count++] = link;
	}
	draft->entry.links = draft->links;
	return 0;
}

/* A member that is a string. */
static int take_string(struct loading *loading, struct fjson_object *value,
		       struct slice *into)
{
	*into = loading_string(value);
	if (fjson_object_is_type(value, fjson_type_string))
		return 0;
	return loading_refuse(loading, "takes a text");
}

static int read_id(struct loading *loading, struct draft *draft,
		   struct fjson_object *value)
{
	return take_string(loading, value, &draft->entry.id);
}

static int read_detail(struct loading *loading, struct draft *draft,
		       struct fjson_object *value)
{
	return take_string(loading, value, &draft->entry.detail);
}

static int read_source(struct loading *loading, struct draft *draft,
		       struct fjson_object *value)
{
	return take_string(loading, value, &draft->entry.source);
}

static int read_comment(struct loading *loading, struct draft *draft,
			struct fjson_object *value)
{
	struct slice ignored;

	(void)draft;
	return take_string(loading, value, &ignored);
}

static int visit_text(struct loading *loading, const struct member *member,
		      void *context)
{
	struct text *text = context;
	struct {
		const char *name;
		struct slice *into;
	} fields[] = {
		{ "title", &text->title },
		{ "explanation", &text->explanation },
		{ "advice", &text->advice },
		{ "admin", &text->admin },
	};

	for (size_t i = 0; i < COUNT(fields); i++) {
		if (strcmp(fields[i].name, member->name))
			continue;
		if (take_string(loading, member->value, fields[i].into) < 0)
			return -1;
		if (i == 0 && utf8_count(text->title) > TITLE_LIMIT)
			return loading_refuse(loading,
					      "longer than 60 characters");
		return 0;
	}
	return loading_refuse(loading, "none of title, explanation, advice, "
				       "admin");
}

int entry_load_text(struct loading *loading, struct fjson_object *object,
		    struct text *text)
{
	*text = (struct text){ 0 };
	if (!fjson_object_is_type(object, fjson_type_object))
		return loading_refuse(loading, "is not an object");
	return loading_each(loading, object, visit_text, text);
}

static int visit_own_text(struct loading *loading, const struct member *member,
			  void *context)
{
	struct text ignored;

	(void)context;
	return entry_load_text(loading, member->value, &ignored);
}

/* Texts in the entry itself, by language; they are taken when all entries are
 * known (catalogue_load.c), and only checked here. */
static int read_own_texts(struct loading *loading, struct draft *draft,
			  struct fjson_object *value)
{
	(void)draft;
	if (!fjson_object_is_type(value, fjson_type_object))
		return loading_refuse(loading, "is not an object");
	return loading_each(loading, value, visit_own_text, NULL);
}

static int check_complete(struct loading *loading, const struct draft *draft)
{
	if (!draft->entry.id.len)
		return loading_refuse(loading, "an \"id\" is missing");
	if (!draft->has_match)
		return loading_refuse(loading, "\"match\" is missing");
	if (!draft->has_reason)
		return loading_refuse(loading, "\"reason\" is missing");
	return 0;
}

static int add_draft(struct loading *loading, const struct draft *draft,
		     size_t before)
{
	if (catalogue_add(loading->catalogue, &draft->entry))
		return 0;
	if (catalogue_find(loading->catalogue, draft->entry.id)->position <
	    before)
		return 0;
	return loading_refuse(loading, "there are two of this id");
}

int entry_load(struct loading *loading, struct fjson_object *object,
	       size_t before)
{
	static const struct reader members[] = {
		{ "id", read_id },           { "match", read_match },
		{ "reason", read_reason },   { "detail", read_detail },
		{ "links", read_links },     { "source", read_source },
		{ "texts", read_own_texts }, { "comment", read_comment },
	};
	struct draft draft = { 0 };
	struct readers readers = { members, COUNT(members), &draft };
	size_t faults = loading->fault_count;
	int result;

	if (!fjson_object_is_type(object, fjson_type_object))
		return loading_refuse(loading, "is not an object");
	loading->entry = loading_member(object, "id");
	result = loading_each(loading, object, visit_member, &readers);
	if (result == 0)
		result = check_complete(loading, &draft);
	if (result == 0 && loading->fault_count == faults)
		result = add_draft(loading, &draft, before);
	loading->entry = (struct slice){ 0 };
	return result;
}
