/* SPDX-License-Identifier: Apache-2.0 */
#include "why/explain.h"

#include <stdlib.h>

#include "base/memory.h"

/*
 * The precedence, weakest first. A text in quotes or in an address is
 * somebody else's words inside the reply: it counts only when no code says
 * anything. Generic words ("access denied") rank below an enhanced code that
 * says something.
 */
enum level {
	LEVEL_NONE,
	LEVEL_QUOTED_TEXT,
	LEVEL_VAGUE_ENHANCED, /* x.7.1 and the like, without a basic code */
	LEVEL_CODE,
	LEVEL_WEAK_TEXT,
	LEVEL_ENHANCED,
	LEVEL_PROVIDER_CODE,
	LEVEL_TEXT,
	LEVEL_PROVIDER_TEXT,
	LEVEL_COUNT
};

static const enum basis level_basis[LEVEL_COUNT] = {
	[LEVEL_NONE] = BASIS_CLASS,
	[LEVEL_QUOTED_TEXT] = BASIS_TEXT,
	[LEVEL_VAGUE_ENHANCED] = BASIS_ENHANCED,
	[LEVEL_CODE] = BASIS_CODE,
	[LEVEL_WEAK_TEXT] = BASIS_TEXT,
	[LEVEL_ENHANCED] = BASIS_ENHANCED,
	[LEVEL_PROVIDER_CODE] = BASIS_PROVIDER,
	[LEVEL_TEXT] = BASIS_TEXT,
	[LEVEL_PROVIDER_TEXT] = BASIS_PROVIDER,
};

static const struct slice basis_words[BASIS_COUNT] = {
	[BASIS_CLASS] = SLICE("class"),       [BASIS_CODE] = SLICE("code"),
	[BASIS_ENHANCED] = SLICE("enhanced"), [BASIS_TEXT] = SLICE("text"),
	[BASIS_PROVIDER] = SLICE("provider"), [BASIS_LOCAL] = SLICE("local"),
};

enum { WAITING_LIMIT = 32 };

struct explainer {
	const struct catalogue *catalogue;
	struct pattern_scanner *scanner; /* NULL: codes alone */
	struct phrase_finder *finder;
	struct buf folded;
};

/* The best entry so far. Of equal level the larger weight wins (the length of
 * the text, or the number of conditions), then the earlier entry. */
struct choice {
	const struct catalogue *catalogue;
	struct question *question;
	/* Of a provider that is perhaps known when all was searched. */
	struct pattern_match waiting[WAITING_LIMIT];
	size_t waiting_count;
	struct slice marked; /* the provider whose words were found */
	struct phrase_finder *finder;
	struct slice folded;
	bool has_quotes;
	bool has_addresses; /* perhaps: a "<" */
	const struct entry *entry;
	enum level level;
	size_t weight;
	/* The best text of each reason that is not general. */
	struct {
		const struct entry *entry;
		size_t weight;
	} closest[REASON_COUNT];
};

struct slice basis_word(enum basis basis)
{
	return basis_words[basis];
}

int explainer_open(struct catalogue *catalogue, const char *cache,
		   struct explainer **opened, struct fault *fault)
{
	struct pattern_set *patterns = catalogue_patterns(catalogue);

	*opened = NULL;
	if (pattern_compile(patterns, cache, fault) < 0)
		return -1;
	*opened = memory_new(1, sizeof(**opened));
	(*opened)->catalogue = catalogue;
	(*opened)->scanner = pattern_scanner_new(patterns);
	(*opened)->finder = phrase_finder_new(catalogue_phrases(catalogue));
	return 0;
}

struct explainer *explainer_open_codes(const struct catalogue *catalogue)
{
	struct explainer *explainer = memory_new(1, sizeof(*explainer));

	explainer->catalogue = catalogue;
	return explainer;
}

void explainer_close(struct explainer *explainer)
{
	if (!explainer)
		return;
	pattern_scanner_free(explainer->scanner);
	phrase_finder_free(explainer->finder);
	buf_clear(&explainer->folded);
	free(explainer);
}

static void consider(struct choice *choice, const struct entry *entry,
		     enum level level, size_t weight)
{
	if (level < choice->level ||
	    (level == choice->level && weight < choice->weight))
		return;
	if (level == choice->level && weight == choice->weight &&
	    choice->entry && choice->entry->position <= entry->position)
		return;
	choice->entry = entry;
	choice->level = level;
	choice->weight = weight;
}

/* Length of the codes at the start: "550 5.7.1 ", "550-". */
static size_t codes_length(struct slice folded)
{
	size_t len = 0;

	while (len < folded.len && memchr("0123456789.- ", folded.at[len], 13))
		len++;
	return len;
}

static size_t count_quotes(struct slice text)
{
	size_t quotes = 0;

	for (size_t i = 0; i < text.len; i++)
		quotes += text.at[i] == '"';
	return quotes;
}

/* Whether the match lies between two double quotes. A reply that is quoted as a
 * whole is nobody else's words. */
static bool is_quoted(struct slice folded, const struct pattern_match *match)
{
	size_t before = count_quotes(slice_head(folded, match->start));
	size_t behind = count_quotes(slice_after(folded, match->end));
	size_t at = codes_length(folded);

	if (before % 2 == 0 || behind == 0)
		return false;
	return before != 1 || behind != 1 || folded.at[at] != '"' ||
	       folded.at[folded.len - 1] != '"';
}

/* Whether the match lies inside "<mailbox.full@example.org>": whoever chose
 * the address chose the words. */
static bool is_in_address(struct slice folded,
			  const struct pattern_match *match)
{
	struct slice before = slice_head(folded, match->start);
	const char *open = before.len ? memrchr(before.at, '<', before.len)
				      : NULL;
	struct slice rest;
	struct slice address;

	if (!open)
		return false;
	rest = slice_after(folded, (size_t)(open - folded.at));
	return slice_cut(&rest, '>', &address) &&
	       address.at + address.len >= folded.at + match->end &&
	       memchr(address.at, '@', address.len);
}

static void note_closest(struct choice *choice, const struct entry *entry,
			 size_t weight)
{
	size_t reason = entry->reason;

	if (choice->closest[reason].entry &&
	    choice->closest[reason].weight >= weight)
		return;
	choice->closest[reason].entry = entry;
	choice->closest[reason].weight = weight;
}

/* A text, a phrase or a regular expression of the entry was found. */
static void consider_found(struct choice *choice,
			   const struct pattern_match *match)
{
	const struct entry *entry = catalogue_entry(choice->catalogue,
						    match->number);
	size_t weight = entry->weight ? entry->weight : match->weight;
	enum level level = LEVEL_TEXT;

	if (!entry_fits(entry, choice->question))
		return;
	if ((choice->has_quotes && is_quoted(choice->folded, match)) ||
	    (choice->has_addresses && is_in_address(choice->folded, match)))
		level = LEVEL_QUOTED_TEXT;
	else if (entry->weak)
		level = LEVEL_WEAK_TEXT;
	else if (entry->provider.len)
		level = LEVEL_PROVIDER_TEXT;
	consider(choice, entry, level, weight);
	if (level >= LEVEL_WEAK_TEXT && !entry->general)
		note_closest(choice, entry, match->weight);
}

/* Whether the entry has to wait until the provider may be known. */
static bool must_wait(struct choice *choice, const struct pattern_match *match)
{
	const struct entry *entry = catalogue_entry(choice->catalogue,
						    match->number);

	if (!entry->provider.len || choice->question->provider.len ||
	    choice->waiting_count == WAITING_LIMIT)
		return false;
	choice->waiting[choice->waiting_count++] = *match;
	return true;
}

static void visit_pattern(const struct pattern_match *match, void *context)
{
	struct choice *choice = context;

	if (match->number >= CATALOGUE_WORDS)
		phrase_note(choice->finder, choice->folded,
			    match->number - CATALOGUE_WORDS, match->start,
			    match->end);
	else if (match->number >= CATALOGUE_MARKS)
		choice->marked = providers_id(
			catalogue_providers(choice->catalogue),
			match->number - CATALOGUE_MARKS);
	else if (!must_wait(choice, match))
		consider_found(choice, match);
}

static void visit_phrase(const struct phrase_match *match, void *context)
{
	struct pattern_match found = { match->number, match->start, match->end,
				       match->weight };

	consider_found(context, &found);
}

static size_t condition_count(const struct entry *entry)
{
	return (size_t)(entry->provider.len > 0) + (entry->code_count > 0) +
	       (entry->enhanced_count > 0) + (entry->stages > 0) + entry->local;
}

/* Before RCPT nothing is known of a mailbox: servers that refuse to talk with
 * "421 4.2.1" mean something else. */
static bool is_misplaced(const struct question *question)
{
	return question->stage >= STAGE_CONNECT &&
	       question->stage <= STAGE_AUTH &&
	       (question->enhanced.subject == 1 ||
		question->enhanced.subject == 2);
}

static void consider_codes(struct choice *choice)
{
	const struct question *question = choice->question;
	enum level plain = enhanced_says_something(question->enhanced)
				   ? LEVEL_ENHANCED
				   : LEVEL_VAGUE_ENHANCED;
	const struct entry *entry = NULL;

	while (!is_misplaced(question) &&
	       (entry = catalogue_next_enhanced(choice->catalogue,
						question->enhanced, entry)))
		if (entry_fits(entry, question))
			consider(choice, entry,
				 entry->provider.len ? LEVEL_PROVIDER_CODE
						     : plain,
				 condition_count(entry));
	while ((entry = catalogue_next_code(choice->catalogue, question->code,
					    entry)))
		if (entry_fits(entry, question))
			consider(choice, entry,
				 entry->provider.len ? LEVEL_PROVIDER_CODE
						     : LEVEL_CODE,
				 condition_count(entry));
}

static unsigned code_class(const struct question *question)
{
	return question->code ? question->code / 100u
			      : question->enhanced.class;
}

/* Whether only something vague has decided: a code, or general wording that no
 * closer text confirms. */
static bool is_vague(const struct choice *choice)
{
	if (choice->question->bare || choice->level == LEVEL_PROVIDER_CODE)
		return false;
	if (choice->level < LEVEL_WEAK_TEXT || choice->level == LEVEL_ENHANCED)
		return true;
	return choice->entry->general &&
	       !choice->closest[choice->entry->reason].entry;
}

/* How sure the single words have to be: against a bare code, against general
 * wording. */
static const double share_against_code = 0.4;
static const double share_against_wording = 0.65;

/* What the words speak for, if they are sure, instead of something vague. */
static void consider_words(struct choice *choice)
{
	const struct question *question = choice->question;
	struct wording wording = { choice->folded, question->code,
				   question->enhanced, question->local };
	const struct entry *general;
	enum reason reason;
	double share;
	double least;

	reason = words_judge(catalogue_words(choice->catalogue), &wording,
			     &share);
	general = catalogue_general(choice->catalogue, reason);
	least = choice->entry && choice->entry->general ? share_against_wording
							: share_against_code;
	if (share < least || !general || !entry_fits(general, question) ||
	    (choice->entry && choice->entry->reason == reason))
		return;
	choice->entry = general;
	choice->level = LEVEL_TEXT;
}

/* A server of nobody's, but the words are a provider's. */
static void take_mark(struct choice *choice)
{
	if (!choice->marked.len || choice->question->provider.len ||
	    choice->question->inbound)
		return;
	choice->question->provider = choice->marked;
	for (size_t i = 0; i < choice->waiting_count; i++)
		consider_found(choice, &choice->waiting[i]);
}

void explain(struct explainer *explainer, const struct question *question,
	     struct verdict *verdict)
{
	struct question whole = *question;
	struct choice choice = {
		.catalogue = explainer->catalogue,
		.question = &whole,
		.finder = explainer->finder,
	};

	pattern_fold(question->text, &explainer->folded);
	choice.folded = buf_slice(&explainer->folded);
	whole.bare = codes_length(choice.folded) == choice.folded.len;
	if (explainer->scanner && choice.folded.len) {
		choice.has_quotes = memchr(choice.folded.at, '"',
					   choice.folded.len);
		choice.has_addresses = memchr(choice.folded.at, '<',
					      choice.folded.len);
		pattern_scan(explainer->scanner, choice.folded, visit_pattern,
			     &choice);
		take_mark(&choice);
		phrase_find(explainer->finder, visit_phrase, &choice);
	}
	if (choice.level <= LEVEL_PROVIDER_CODE)
		consider_codes(&choice);
	if (explainer->scanner && is_vague(&choice))
		consider_words(&choice);
	/* A general entry has found the reason; one that says more of it? */
	if (choice.entry && choice.entry->general &&
	    choice.closest[choice.entry->reason].entry)
		choice.entry = choice.closest[choice.entry->reason].entry;
	if (!choice.entry)
		choice.entry = catalogue_class(explainer->catalogue,
					       code_class(question));
	*verdict = (struct verdict){
		.entry = choice.entry,
		.basis = choice.entry->local ? BASIS_LOCAL
					     : level_basis[choice.level],
		.provider = whole.provider,
	};
}

struct enhanced effective_enhanced(const struct delivery *delivery,
				   const struct reply *reply)
{
	return reply->enhanced.class ? reply->enhanced : delivery->dsn;
}

void explain_delivery(struct explainer *explainer,
		      const struct delivery *delivery,
		      const struct reply *reply, struct slice domain,
		      struct verdict *verdict)
{
	bool inbound = delivery->status == STATUS_REJECTED;
	struct slice server = delivery->relay_host.len ? delivery->relay_host
						       : reply->host;
	struct question question = {
		.code = reply->cause_code,
		.enhanced = reply->cause_enhanced.class ? reply->cause_enhanced
							: delivery->dsn,
		.stage = reply->stage,
		.local = reply->local,
		.inbound = inbound,
	};

	if (!delivery->sender_words)
		question.text = reply->text;
	if (!inbound)
		question.provider = providers_find(
			catalogue_providers(explainer->catalogue), server,
			domain);
	explain(explainer, &question, verdict);
}
