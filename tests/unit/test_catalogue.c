/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue of $srcdir/rules in all languages, and broken ones. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "why/catalogue.h"
#include "why/explain.h"

enum { DE, EN, FR, LANG_COUNT };

static const char *const langs[LANG_COUNT] = {
	[DE] = "de", [EN] = "en", [FR] = "fr"
};
static struct catalogue *real[LANG_COUNT];

static void keep_first(const struct fault *fault, void *context)
{
	struct fault *first = context;

	if (!first->text[0])
		*first = *fault;
}

/* Loads with a look at everything; *fault is the first one. */
static int load(const char *dir_of_rules, const char *lang,
		struct catalogue **loaded, struct fault *fault)
{
	struct catalogue_source source = { dir_of_rules, NULL, lang };

	return catalogue_check(&source, loaded, keep_first, fault);
}

static int load_real(void **state)
{
	const char *source = getenv("srcdir");
	struct fault fault = { "" };
	char rules[4096];

	(void)state;
	(void)snprintf(rules, sizeof(rules), "%s/rules", source ? source : ".");
	for (size_t i = 0; i < LANG_COUNT; i++) {
		if (load(rules, langs[i], &real[i], &fault) < 0) {
			print_message("%s\n", fault.text);
			return -1;
		}
	}
	return 0;
}

static int free_real(void **state)
{
	(void)state;
	for (size_t i = 0; i < LANG_COUNT; i++)
		catalogue_free(real[i]);
	catalogue_free(NULL);
	return 0;
}

enum { TITLE, EXPLANATION, ADVICE, ADMIN, FIELD_COUNT };

static struct slice field(const struct text *text, size_t at)
{
	const struct slice fields[FIELD_COUNT] = {
		[TITLE] = text->title,
		[EXPLANATION] = text->explanation,
		[ADVICE] = text->advice,
		[ADMIN] = text->admin,
	};

	return fields[at];
}

/* All texts of one language: the reasons', then the entries'. */
static const struct text *text_at(size_t lang, size_t at)
{
	if (at < REASON_COUNT)
		return catalogue_reason_text(real[lang], (enum reason)at);
	return &catalogue_entry(real[lang], at - REASON_COUNT)->text;
}

static const char *name_at(size_t at)
{
	if (at < REASON_COUNT)
		return reason_word((enum reason)at).at;
	return catalogue_entry(real[DE], at - REASON_COUNT)->id.at;
}

static size_t text_total(void)
{
	return REASON_COUNT + catalogue_count(real[DE]);
}

/* Counts what is wrong, so that one run tells all of it. */
static unsigned complain(size_t lang, size_t at, const char *what)
{
	print_message("%s: %s: %s\n", langs[lang], name_at(at), what);
	return 1;
}

static bool is_plain_text(struct slice text)
{
	while (text.len) {
		size_t len = utf8_sequence(text);
		unsigned char c = (unsigned char)text.at[0];

		if (len == 0 || c < 0x20 || c == 0x7f)
			return false;
		text = slice_after(text, len);
	}
	return true;
}

static void every_entry_has_all_texts_and_a_short_title(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t lang = 0; lang < LANG_COUNT; lang++) {
		for (size_t at = 0; at < text_total(); at++) {
			const struct text *text = text_at(lang, at);

			for (size_t i = 0; i < FIELD_COUNT; i++) {
				struct slice one = field(text, i);

				if (!slice_trim(one).len ||
				    slice_trim(one).len != one.len)
					wrong += complain(lang, at,
							  "empty, or blanks "
							  "at an end");
				if (!is_plain_text(one))
					wrong += complain(lang, at,
							  "bad bytes");
			}
			if (utf8_count(text->title) > 60)
				wrong += complain(lang, at, "title too long");
			if (slice_ends(text->title, SLICE(".")))
				wrong += complain(lang, at,
						  "title with a full stop");
		}
	}
	assert_int_equal(wrong, 0);
}

static void both_languages_have_the_same_entries(void **state)
{
	(void)state;
	assert_int_equal(catalogue_count(real[DE]), catalogue_count(real[EN]));
	assert_true(catalogue_count(real[DE]) > 500);
	for (size_t i = 0; i < catalogue_count(real[DE]); i++) {
		const struct entry *de = catalogue_entry(real[DE], i);
		const struct entry *en = catalogue_entry(real[EN], i);

		assert_int_equal(de->position, i);
		assert_true(slice_equal(de->id, en->id));
		assert_ptr_equal(catalogue_find(real[DE], de->id), de);
	}
	assert_null(catalogue_find(real[DE], SLICE("no-such-entry")));
	for (size_t i = 0; i < LANG_COUNT; i++)
		assert_true(slice_equal(catalogue_lang(real[i]),
					slice_from(langs[i])));
	assert_true(
		slice_equal(catalogue_lang_name(real[DE]), SLICE("Deutsch")));
	assert_true(
		slice_equal(catalogue_lang_name(real[EN]), SLICE("English")));
}

/* None is allowed: whoever adds one that must be equal names it here. */
static const char *const may_be_equal[] = { NULL };

static bool is_excused(const char *name)
{
	for (size_t i = 0; may_be_equal[i]; i++)
		if (!strcmp(may_be_equal[i], name))
			return true;
	return false;
}

static void no_text_is_the_same_in_both_languages(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t at = 0; at < text_total(); at++)
		for (size_t i = 0; i < FIELD_COUNT; i++)
			if (slice_equal(field(text_at(DE, at), i),
					field(text_at(EN, at), i)) &&
			    !is_excused(name_at(at)))
				wrong += complain(EN, at, "as in German");
	assert_int_equal(wrong, 0);
}

/* Words that no German sentence holds, and no name of a thing either. What
 * administrators read quotes replies and settings: it is not looked at. */
static const struct slice english[] = {
	SLICE("the"),     SLICE("and"),     SLICE("your"),  SLICE("with"),
	SLICE("please"),  SLICE("mailbox"), SLICE("of"),    SLICE("recipient"),
	SLICE("blocked"), SLICE("sender"),  SLICE("this"),  SLICE("is"),
	SLICE("message"), SLICE("address"), SLICE("user"),  SLICE("not"),
	SLICE("for"),     SLICE("error"),   SLICE("check"), SLICE("you"),
};

static bool is_letter(char c)
{
	unsigned char u = (unsigned char)c;

	return (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') || u >= 0x80;
}

/* Names that hold such a word: "Sender Score", "mailbox.org". */
static bool is_name(struct slice text, size_t at)
{
	static const struct slice names[] = { SLICE("Sender Score"),
					      SLICE("mailbox.org") };

	for (size_t i = 0; i < COUNT(names); i++)
		if (slice_starts(slice_after(text, at), names[i]))
			return true;
	return false;
}

static bool holds_word(struct slice text, struct slice word)
{
	for (size_t at = 0; at + word.len <= text.len; at++) {
		struct slice here = { text.at + at, word.len };
		bool starts = at == 0 || !is_letter(text.at[at - 1]);
		bool ends = at + word.len == text.len ||
			    !is_letter(text.at[at + word.len]);

		if (starts && ends && slice_equal_nocase(here, word) &&
		    !is_name(text, at))
			return true;
	}
	return false;
}

static void no_german_text_holds_english_words(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t at = 0; at < text_total(); at++)
		for (size_t i = 0; i < ADMIN; i++)
			for (size_t k = 0; k < COUNT(english); k++)
				if (holds_word(field(text_at(DE, at), i),
					       english[k]))
					wrong += complain(DE, at,
							  english[k].at);
	assert_int_equal(wrong, 0);
}

static void links_lead_to_the_web(void **state)
{
	(void)state;
	for (size_t i = 0; i < catalogue_count(real[DE]); i++) {
		const struct entry *entry = catalogue_entry(real[DE], i);

		for (size_t k = 0; k < entry->link_count; k++) {
			struct slice link = entry->links[k];

			assert_true(slice_starts(link, SLICE("https://")) ||
				    slice_starts(link, SLICE("http://")));
			assert_true(slice_find(link, SLICE(" ")) == SIZE_MAX);
			assert_true(is_plain_text(link));
		}
	}
}

/* The same conditions besides the texts. */
static bool asks_the_same(const struct entry *a, const struct entry *b)
{
	if (a->code_count != b->code_count ||
	    a->enhanced_count != b->enhanced_count || a->stages != b->stages ||
	    a->class != b->class || a->local != b->local ||
	    !slice_equal(a->provider, b->provider))
		return false;
	for (size_t i = 0; i < a->code_count; i++)
		if (a->codes[i] != b->codes[i])
			return false;
	for (size_t i = 0; i < a->enhanced_count; i++)
		if (a->enhanced[i].class != b->enhanced[i].class ||
		    a->enhanced[i].subject != b->enhanced[i].subject ||
		    a->enhanced[i].first_detail !=
			    b->enhanced[i].first_detail ||
		    a->enhanced[i].last_detail != b->enhanced[i].last_detail)
			return false;
	return true;
}

/* A text of an entry, folded as it is compared. */
struct literal {
	const struct entry *entry;
	struct buf folded;
};

static int compare_literals(const void *a, const void *b)
{
	const struct literal *x = a;
	const struct literal *y = b;
	int order = slice_compare(buf_slice(&x->folded), buf_slice(&y->folded));

	if (order)
		return order;
	return (x->entry->position > y->entry->position) -
	       (x->entry->position < y->entry->position);
}

static size_t collect_literals(struct literal *into)
{
	size_t count = 0;

	for (size_t i = 0; i < catalogue_count(real[DE]); i++) {
		const struct entry *entry = catalogue_entry(real[DE], i);

		for (size_t k = 0; k < entry->text_count; k++, count++) {
			if (!into)
				continue;
			into[count].entry = entry;
			pattern_fold(entry->texts[k], &into[count].folded);
		}
	}
	return count;
}

/* The later one would never be heard. */
static void no_text_stands_twice_under_the_same_conditions(void **state)
{
	size_t count = collect_literals(NULL);
	struct literal *all = calloc(count, sizeof(*all));
	unsigned wrong = 0;

	(void)state;
	assert_true(count > 1000 && all);
	assert_int_equal(collect_literals(all), count);
	qsort(all, count, sizeof(*all), compare_literals);
	for (size_t i = 0; i < count; i++) {
		struct slice text = buf_slice(&all[i].folded);

		for (size_t k = i + 1;
		     k < count && slice_equal(text, buf_slice(&all[k].folded));
		     k++) {
			if (!asks_the_same(all[i].entry, all[k].entry))
				continue;
			print_message("%s and %s: \"%.*s\"\n",
				      all[i].entry->id.at, all[k].entry->id.at,
				      (int)text.len, text.at);
			wrong++;
		}
	}
	for (size_t i = 0; i < count; i++)
		buf_clear(&all[i].folded);
	free(all);
	assert_int_equal(wrong, 0);
}

static bool speaks_by_codes(const struct entry *entry)
{
	return !entry->has_patterns &&
	       (entry->code_count || entry->enhanced_count);
}

static void no_two_entries_ask_for_the_same_codes_alone(void **state)
{
	size_t count = catalogue_count(real[DE]);
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const struct entry *a = catalogue_entry(real[DE], i);

		for (size_t k = i + 1; speaks_by_codes(a) && k < count; k++) {
			const struct entry *b = catalogue_entry(real[DE], k);

			if (!speaks_by_codes(b) || !asks_the_same(a, b))
				continue;
			print_message("%s and %s\n", a->id.at, b->id.at);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

static void all_texts_can_be_made_ready(void **state)
{
	struct explainer *explainer = NULL;
	struct fault fault = { "" };

	(void)state;
	if (explainer_open(real[EN], NULL, &explainer, &fault) < 0)
		print_message("%s\n", fault.text);
	assert_non_null(explainer);
	explainer_close(explainer);
}

/* Broken catalogues. What is not given is the good file of that name. */

#define LAST_RESORTS                                                    \
	"{\"id\":\"c4\",\"match\":{\"class\":4},\"reason\":\"other\"}," \
	"{\"id\":\"c5\",\"match\":{\"class\":5},\"reason\":\"other\"}," \
	"{\"id\":\"c0\",\"match\":{},\"reason\":\"other\"}"
#define ENTRIES(entry) "{\"entries\":[" entry "," LAST_RESORTS "]}"
#define MATCH(match) \
	ENTRIES("{\"id\":\"x\",\"match\":{" match "},\"reason\":\"policy\"}")

static const char good_providers[] =
	"{\"providers\":[{\"id\":\"gmx\",\"relay\":[\"gmx.net\"],"
	"\"domains\":\"gmx.de\"}]}";
static const char good_entries[] = ENTRIES(
	"{\"id\":\"x\",\"match\":{\"provider\":\"gmx\",\"code\":[550,551],"
	"\"enhanced\":\"X.7.606-649\",\"stage\":\"rcpt\",\"text\":\"full\","
	"\"weak\":true},\"reason\":\"policy\",\"detail\":\"d\",\"links\":"
	"\"https://b.example/\",\"source\":\"s\"}");

enum file { PROVIDERS, ENTRIES_FILE, LANG, FILE_COUNT };

static const char *const file_names[FILE_COUNT] = {
	[PROVIDERS] = "providers.json",
	[ENTRIES_FILE] = "catalogue.json",
	[LANG] = "lang/en.json",
};

static const struct {
	enum file file;
	const char *json;     /* NULL: there is no such file */
	const char *fault[2]; /* what it tells, besides the file's name */
} broken[] = {
	{ PROVIDERS, NULL, { "No such file" } },
	{ ENTRIES_FILE, NULL, { "No such file" } },
	{ LANG, NULL, { "No such file" } },
	{ PROVIDERS, "", { ":1: not valid JSON", "too early" } },
	{ PROVIDERS, "[]", { "not a JSON object" } },
	{ PROVIDERS, "null", { "not" } },
	{ PROVIDERS, "{}", { "\"gmx\" is none of the providers" } },
	{ PROVIDERS, "{\"providers\":{}}", { "\"providers\": is not a list" } },
	{ PROVIDERS,
	  "{\"providers\":[{\"name\":\"x\"}]}",
	  { ":1: ", "a provider has no \"id\"" } },
	{ PROVIDERS,
	  "{\"providers\":[]}",
	  { "\"gmx\" is none of the providers", "\"x\"" } },
	{ ENTRIES_FILE, "{\n\"entries\":[\n{,]}", { ":3: not valid JSON" } },
	{ ENTRIES_FILE, "{\"entries\":[]} x", { "text after its end" } },
	{ ENTRIES_FILE, "{\"entries\":[", { "too early" } },
	{ ENTRIES_FILE, "{\"entries\":1}", { "\"entries\": is not a list" } },
	{ ENTRIES_FILE, "{\"entries\":[1]}", { "not an object" } },
	{ ENTRIES_FILE,
	  ENTRIES("{\"match\":{},\"reason\":\"other\"}"),
	  { "\"id\" is missing" } },
	{ ENTRIES_FILE,
	  ENTRIES("{\"id\":\"x\",\"match\":{}}"),
	  { "\"x\"", "\"reason\" is missing" } },
	{ ENTRIES_FILE,
	  ENTRIES("{\"id\":\"x\",\"match\":{},\"reason\":\"full\"}"),
	  { "\"x\"", "\"reason\": \"full\" is none" } },
	{ ENTRIES_FILE,
	  ENTRIES("{\"id\":\"x\",\"reason\":\"policy\"}"),
	  { "\"x\"", "\"match\" is missing" } },
	{ ENTRIES_FILE,
	  ENTRIES("{\"id\":\"x\",\"match\":[],\"reason\":\"policy\"}"),
	  { "\"x\"", "\"match\": is not an object" } },
	{ ENTRIES_FILE, MATCH("\"cod\":550"), { "\"x\"", "\"match.cod\"" } },
	{ ENTRIES_FILE,
	  MATCH("\"code\":\"550\""),
	  { "\"x\"", "\"match.code\"" } },
	{ ENTRIES_FILE, MATCH("\"code\":99"), { "\"x\"", "\"match.code\"" } },
	{ ENTRIES_FILE, MATCH("\"code\":1000"), { "\"x\"", "\"match.code\"" } },
	{ ENTRIES_FILE,
	  MATCH("\"code\":[550,null]"),
	  { "\"x\"", "\"match.code\"" } },
	{ ENTRIES_FILE,
	  MATCH("\"enhanced\":\"5.7\""),
	  { "\"x\"", "\"match.enhanced\"" } },
	{ ENTRIES_FILE,
	  MATCH("\"enhanced\":\"5.7.1x\""),
	  { "\"x\"", "\"match.enhanced\"" } },
	{ ENTRIES_FILE,
	  MATCH("\"enhanced\":\"3.7.1\""),
	  { "\"x\"", "\"match.enhanced\"" } },
	{ ENTRIES_FILE,
	  MATCH("\"enhanced\":\"X.7.9-1\""),
	  { "\"x\"", "\"match.enhanced\"" } },
	{ ENTRIES_FILE,
	  MATCH("\"enhanced\":\"X.7.1000\""),
	  { "\"x\"", "\"match.enhanced\"" } },
	{ ENTRIES_FILE,
	  MATCH("\"enhanced\":5.7"),
	  { "\"x\"", "\"match.enhanced\"" } },
	{ ENTRIES_FILE,
	  MATCH("\"stage\":\"RCPT\""),
	  { "\"x\"", "\"match.stage\"" } },
	{ ENTRIES_FILE,
	  MATCH("\"provider\":\"web\""),
	  { "\"x\"", "\"match.provider\"" } },
	{ ENTRIES_FILE,
	  MATCH("\"text\":\"ab\""),
	  { "\"x\"", "\"match.text\"" } },
	{ ENTRIES_FILE,
	  MATCH("\"text\":[\"full\",5]"),
	  { "\"x\"", "\"match.text\"" } },
	/* Nothing is left of it when it is folded. */
	{ ENTRIES_FILE,
	  MATCH("\"text\":\"    \""),
	  { "\"x\"", "\"match.text\"" } },
	{ ENTRIES_FILE,
	  MATCH("\"text\":\"\\n\\t\\r\""),
	  { "\"x\"", "\"match.text\"" } },
	{ ENTRIES_FILE, MATCH("\"regex\":\"(a\""), { "\"x\"", "(a" } },
	{ ENTRIES_FILE, MATCH("\"regex\":\"a*\""), { "\"x\"", "a*" } },
	{ ENTRIES_FILE,
	  MATCH("\"regex\":\"\""),
	  { "\"x\"", "\"match.regex\"" } },
	{ ENTRIES_FILE,
	  MATCH("\"weight\":0"),
	  { "\"x\"", "\"match.weight\"" } },
	{ ENTRIES_FILE,
	  MATCH("\"general\":1"),
	  { "\"x\"", "\"match.general\"" } },
	{ ENTRIES_FILE,
	  MATCH("\"by\":\"remote\""),
	  { "\"x\"", "\"match.by\"" } },
	{ ENTRIES_FILE, MATCH("\"weak\":1"), { "\"x\"", "\"match.weak\"" } },
	{ ENTRIES_FILE, MATCH("\"class\":2"), { "\"x\"", "\"match.class\"" } },
	{ ENTRIES_FILE,
	  ENTRIES("{\"id\":\"x\",\"match\":{},\"reason\":\"policy\","
		  "\"links\":[\"ftp://b.example/\"]}"),
	  { "\"x\"", "\"links\"" } },
	{ ENTRIES_FILE,
	  ENTRIES("{\"id\":\"c4\",\"match\":{},\"reason\":\"policy\"}"),
	  { "\"c4\"", "two of this id" } },
	{ ENTRIES_FILE,
	  "{\"entries\":[{\"id\":\"c5\",\"match\":{\"class\":5},"
	  "\"reason\":\"other\"},{\"id\":\"x\",\"match\":{\"code\":550},"
	  "\"reason\":\"other\"}]}",
	  { "last resort" } },
	{ LANG, "{\"lang\":\"en\"}", { "reason \"other\" has no title" } },
	{ LANG, "{\"reasons\":{\"full\":{}}}", { "\"reasons\"" } },
};

/* A text for an entry that is not there, in an else complete language. */
static const struct slice stranger = SLICE("\"y\":{\"title\":\"T\"},");

static char dir[] = "/tmp/test_catalogue.XXXXXX";

/* All reasons with texts; made, so that a new reason needs no change here. */
static void make_lang(struct buf *into, struct slice texts)
{
	buf_add(into, SLICE("{\"lang\":\"en\",\"name\":\"English\",\"labels\":"
			    "{\"sent\":\"delivered\"},\"entries\":{"));
	buf_add(into, texts);
	buf_add(into, SLICE("\"x\":{\"title\":\"Own\"}},\"reasons\":{"));
	for (enum reason i = 0; i < REASON_COUNT; i++) {
		buf_add(into, i ? SLICE(",\"") : SLICE("\""));
		buf_add(into, reason_word(i));
		buf_add(into, SLICE("\":{\"title\":\"T\",\"explanation\":\"E\","
				    "\"advice\":\"A\",\"admin\":\"D\"}"));
	}
	buf_add(into, SLICE("}}"));
}

static void write_file(enum file file, struct slice json)
{
	char path[256];
	FILE *out;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, file_names[file]);
	out = fopen(path, "w");
	assert_non_null(out);
	assert_int_equal(fwrite(json.at, 1, json.len, out), json.len);
	assert_int_equal(fclose(out), 0);
}

static void remove_file(enum file file)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, file_names[file]);
	assert_int_equal(unlink(path), 0);
}

static void write_good(void)
{
	struct buf lang = { 0 };

	make_lang(&lang, SLICE(""));
	write_file(PROVIDERS, slice_from(good_providers));
	write_file(ENTRIES_FILE, slice_from(good_entries));
	write_file(LANG, buf_slice(&lang));
	buf_clear(&lang);
}

static int make_dir(void **state)
{
	char lang[256];

	(void)state;
	if (!mkdtemp(dir))
		return -1;
	(void)snprintf(lang, sizeof(lang), "%s/lang", dir);
	return mkdir(lang, 0700);
}

static int remove_dir(void **state)
{
	char path[256];

	(void)state;
	for (enum file i = 0; i < FILE_COUNT; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir, file_names[i]);
		(void)unlink(path);
	}
	(void)snprintf(path, sizeof(path), "%s/lang", dir);
	(void)rmdir(path);
	return rmdir(dir);
}

static void loads_a_small_one(void **state)
{
	struct catalogue *catalogue = NULL;
	const struct entry *entry;
	struct fault fault = { "" };

	(void)state;
	write_good();
	assert_int_equal(load(dir, "en", &catalogue, &fault), 0);
	entry = catalogue_find(catalogue, SLICE("x"));
	assert_int_equal(catalogue_count(catalogue), 4);
	assert_true(slice_equal(entry->provider, SLICE("gmx")));
	assert_int_equal(entry->code_count, 2);
	assert_int_equal(entry->codes[1], 551);
	assert_int_equal(entry->enhanced[0].first_detail, 606);
	assert_int_equal(entry->enhanced[0].last_detail, 649);
	assert_int_equal(entry->stages, 1u << STAGE_RCPT);
	assert_true(entry->weak && entry->has_patterns && !entry->local);
	assert_int_equal(entry->reason, REASON_POLICY);
	assert_true(slice_equal(entry->detail, SLICE("d")));
	assert_true(slice_equal(entry->text.title, SLICE("Own")));
	assert_true(slice_equal(entry->text.advice, SLICE("A")));
	assert_true(slice_equal(catalogue_label(catalogue, SLICE("sent")),
				SLICE("delivered")));
	assert_true(slice_equal(catalogue_label(catalogue, SLICE("none")),
				SLICE("none")));
	assert_true(
		slice_equal(catalogue_class(catalogue, 4)->id, SLICE("c4")));
	assert_true(
		slice_equal(catalogue_class(catalogue, 3)->id, SLICE("c0")));
	catalogue_free(catalogue);
}

static void refuses_broken_ones_and_says_where(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(broken); i++) {
		struct catalogue *catalogue = NULL;
		struct fault fault = { "" };

		write_good();
		if (broken[i].json)
			write_file(broken[i].file, slice_from(broken[i].json));
		else
			remove_file(broken[i].file);
		print_message("case: %s: %s\n", file_names[broken[i].file],
			      broken[i].json ? broken[i].json : "(none)");
		assert_int_equal(load(dir, "en", &catalogue, &fault), -1);
		print_message("%s\n", fault.text);
		assert_null(catalogue);
		assert_null(strchr(fault.text, '\n'));
		for (size_t k = 0; k < 2 && broken[i].fault[k]; k++)
			assert_non_null(strstr(fault.text, broken[i].fault[k]));
		assert_non_null(strstr(fault.text, dir));
	}
}

static void refuses_texts_for_an_entry_that_is_not_there(void **state)
{
	struct catalogue *catalogue = NULL;
	struct fault fault = { "" };
	struct buf lang = { 0 };

	(void)state;
	write_good();
	make_lang(&lang, stranger);
	write_file(LANG, buf_slice(&lang));
	assert_int_equal(load(dir, "en", &catalogue, &fault), -1);
	assert_non_null(strstr(fault.text, "\"entries.y\""));
	buf_clear(&lang);
}

/* A list takes 64 things, not one more. */
static void refuses_lists_that_are_too_long(void **state)
{
	static const struct {
		const char *head;
		const char *item;
	} lists[] = {
		{ "\"code\":[", "550" },
		{ "\"text\":[", "\"full\"" },
		{ "\"enhanced\":[", "\"5.7.1\"" },
	};

	(void)state;
	write_good();
	for (size_t i = 0; i < COUNT(lists); i++) {
		for (size_t count = 64; count <= 65; count++) {
			struct catalogue *catalogue = NULL;
			struct fault fault = { "" };
			struct buf json = { 0 };

			buf_add(&json, SLICE("{\"entries\":[{\"id\":\"x\","
					     "\"reason\":\"policy\","
					     "\"match\":{"));
			buf_add(&json, slice_from(lists[i].head));
			for (size_t k = 0; k < count; k++) {
				if (k)
					buf_add_char(&json, ',');
				buf_add(&json, slice_from(lists[i].item));
			}
			buf_add(&json, SLICE("]}}," LAST_RESORTS "]}"));
			write_file(ENTRIES_FILE, buf_slice(&json));
			assert_int_equal(load(dir, "en", &catalogue, &fault),
					 count == 64 ? 0 : -1);
			catalogue_free(catalogue);
			buf_clear(&json);
		}
	}
}

static int open_all(void **state)
{
	return load_real(state) < 0 ? -1 : make_dir(state);
}

static int close_all(void **state)
{
	return free_real(state) < 0 ? -1 : remove_dir(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_entry_has_all_texts_and_a_short_title),
		cmocka_unit_test(both_languages_have_the_same_entries),
		cmocka_unit_test(no_text_is_the_same_in_both_languages),
		cmocka_unit_test(no_german_text_holds_english_words),
		cmocka_unit_test(links_lead_to_the_web),
		cmocka_unit_test(
			no_text_stands_twice_under_the_same_conditions),
		cmocka_unit_test(no_two_entries_ask_for_the_same_codes_alone),
		cmocka_unit_test(all_texts_can_be_made_ready),
		cmocka_unit_test(loads_a_small_one),
		cmocka_unit_test(refuses_broken_ones_and_says_where),
		cmocka_unit_test(refuses_texts_for_an_entry_that_is_not_there),
		cmocka_unit_test(refuses_lists_that_are_too_long),
	};

	return cmocka_run_group_tests_name("catalogue", tests, open_all,
					   close_all);
}
