/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "why/catalogue_build.h"
#include "why/explain.h"

/* A small catalogue: for each level of the precedence an entry that another
 * one of the neighbouring level competes with. */
static const struct {
	const char *id;
	enum reason reason;
	const char *provider;
	const char *texts[3];
	const char *regex;
	uint16_t codes[3];
	struct enhanced_range enhanced[2];
	uint32_t stages;
	uint8_t class;
	bool local;
	bool weak;
	uint16_t weight;
} entries[] = {
	{ .id = "class-5", .reason = REASON_OTHER, .class = 5 },
	{ .id = "class-4", .reason = REASON_OTHER, .class = 4 },
	{ .id = "anything", .reason = REASON_OTHER },
	{ .id = "code-550", .reason = REASON_POLICY, .codes = { 550, 551 } },
	{ .id = "code-552", .reason = REASON_MAILBOX_FULL, .codes = { 552 } },
	{ .id = "code-552-again", .codes = { 552 } },
	{ .id = "code-552-data",
	  .codes = { 552 },
	  .stages = 1u << STAGE_DATA | 1u << STAGE_EOM },
	{ .id = "code-554-5.7.1",
	  .codes = { 554 },
	  .enhanced = { { 5, 7, 1, 1 } } },
	{ .id = "code-554", .codes = { 554 } },
	{ .id = "enhanced-x.1.1", .enhanced = { { 0, 1, 1, 1 } } },
	{ .id = "enhanced-x.7.1", .enhanced = { { 0, 7, 1, 1 } } },
	{ .id = "enhanced-4.2.2", .enhanced = { { 4, 2, 2, 2 } } },
	{ .id = "range-606-649", .enhanced = { { 0, 7, 606, 649 } } },
	{ .id = "text-full", .texts = { "mailbox full", "quota exceeded" } },
	{ .id = "text-full-long", .texts = { "mailbox full for good" } },
	{ .id = "text-full-again", .texts = { "mailbox full" } },
	{ .id = "text-of-552", .texts = { "too much" }, .codes = { 552 } },
	{ .id = "regex-listed", .regex = "listed (at|by) [a-z.]+" },
	{ .id = "weak-unknown", .texts = { "user unknown" }, .weak = true },
	{ .id = "heavy-grey", .regex = "gr[ae]ylist", .weight = 100 },
	{ .id = "gmx-text", .provider = "gmx", .texts = { "full" } },
	{ .id = "gmx-550", .provider = "gmx", .codes = { 550 } },
	{ .id = "gmx-x.7.1",
	  .provider = "gmx",
	  .enhanced = { { 0, 7, 1, 1 } } },
	{ .id = "local-refused",
	  .texts = { "connection refused" },
	  .local = true },
	{ .id = "local-4.4.1", .enhanced = { { 0, 4, 1, 1 } }, .local = true },
};

static const struct text some_text = {
	SLICE("Title"),
	SLICE("Explanation."),
	SLICE("Advice."),
	SLICE("Admin."),
};

static void add_entry(struct catalogue *catalogue, size_t at)
{
	struct slice texts[3];
	struct slice regex;
	struct entry entry = {
		.id = slice_from(entries[at].id),
		.reason = entries[at].reason,
		.texts = texts,
		.codes = entries[at].codes,
		.enhanced = entries[at].enhanced,
		.stages = entries[at].stages,
		.class = entries[at].class,
		.local = entries[at].local,
		.weak = entries[at].weak,
		.weight = entries[at].weight,
	};

	if (entries[at].provider)
		entry.provider = slice_from(entries[at].provider);
	for (; entries[at].texts[entry.text_count]; entry.text_count++)
		texts[entry.text_count] = slice_from(
			entries[at].texts[entry.text_count]);
	while (entry.codes[entry.code_count])
		entry.code_count++;
	while (entry.enhanced[entry.enhanced_count].last_detail)
		entry.enhanced_count++;
	if (entries[at].regex) {
		regex = slice_from(entries[at].regex);
		entry.regexes = &regex;
		entry.regex_count = 1;
	}
	assert_true(catalogue_add(catalogue, &entry));
}

/* What all tests ask; made once for the group. */
static struct catalogue *catalogue;
static struct explainer *explainer;

static int open_all(void **state)
{
	struct providers *providers;
	struct fault fault = { "" };

	(void)state;
	catalogue = catalogue_new();
	providers = catalogue_own_providers(catalogue);
	providers_add_relay(providers, SLICE("gmx.net"), SLICE("gmx"));
	providers_add_domain(providers, SLICE("gmx.de"), SLICE("gmx"));
	for (size_t i = 0; i < COUNT(entries); i++)
		add_entry(catalogue, i);
	for (enum reason i = 0; i < REASON_COUNT; i++)
		catalogue_set_reason_text(catalogue, i, &some_text);
	if (catalogue_finish(catalogue, &fault) < 0 ||
	    explainer_open(catalogue, NULL, &explainer, &fault) < 0) {
		print_message("%s\n", fault.text);
		return -1;
	}
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	explainer_close(explainer);
	explainer_close(NULL);
	catalogue_free(catalogue);
	return 0;
}

struct expected {
	const char *text;
	uint16_t code;
	struct enhanced enhanced;
	const char *provider; /* NULL: unknown */
	enum stage stage;
	bool local;
	const char *id;
	enum basis basis;
};

static void check(const struct expected *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct question question = {
			.text = slice_from(cases[i].text),
			.code = cases[i].code,
			.enhanced = cases[i].enhanced,
			.stage = cases[i].stage,
			.local = cases[i].local,
		};
		struct verdict verdict;

		if (cases[i].provider)
			question.provider = slice_from(cases[i].provider);
		explain(explainer, &question, &verdict);
		print_message("case %zu: %s: %s, wanted %s\n", i, cases[i].text,
			      verdict.entry->id.at, cases[i].id);
		assert_true(slice_equal(verdict.entry->id,
					slice_from(cases[i].id)));
		assert_int_equal(verdict.basis, cases[i].basis);
		assert_true(slice_equal(verdict.provider, question.provider));
	}
}

/* Two levels that lie next to each other speak, the stronger one is heard. */
static const struct expected levels[] = {
	/* The provider's text; a text, although longer. */
	{ "550 5.1.1 mailbox full for good",
	  550,
	  { 5, 1, 1 },
	  "gmx",
	  STAGE_RCPT,
	  false,
	  "gmx-text",
	  BASIS_PROVIDER },
	{ "550 5.1.1 mailbox full for good",
	  550,
	  { 5, 1, 1 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "text-full-long",
	  BASIS_TEXT },
	/* A text; the provider's code. */
	{ "550 quota exceeded",
	  550,
	  { 0 },
	  "gmx",
	  STAGE_RCPT,
	  false,
	  "text-full",
	  BASIS_TEXT },
	/* The provider's code; an enhanced code that says something. */
	{ "550 5.1.1 no",
	  550,
	  { 5, 1, 1 },
	  "gmx",
	  STAGE_RCPT,
	  false,
	  "gmx-550",
	  BASIS_PROVIDER },
	/* An enhanced code that says something; weak words. */
	{ "550 5.1.1 user unknown",
	  550,
	  { 5, 1, 1 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "enhanced-x.1.1",
	  BASIS_ENHANCED },
	/* Weak words; the basic code. */
	{ "550 user unknown",
	  550,
	  { 0 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "weak-unknown",
	  BASIS_TEXT },
	{ "550 5.7.1 user unknown",
	  550,
	  { 5, 7, 1 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "weak-unknown",
	  BASIS_TEXT },
	/* The basic code; an enhanced code that says nothing. */
	{ "550 5.7.1 no",
	  550,
	  { 5, 7, 1 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "code-550",
	  BASIS_CODE },
	/* An enhanced code that says nothing; the class. */
	{ "553 5.7.1 no",
	  553,
	  { 5, 7, 1 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "enhanced-x.7.1",
	  BASIS_ENHANCED },
	{ "553 5.9.9 no",
	  553,
	  { 5, 9, 9 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "class-5",
	  BASIS_CLASS },
};

static void the_stronger_of_two_neighbours_decides(void **state)
{
	(void)state;
	check(levels, COUNT(levels));
}

static const struct expected equals[] = {
	/* The longer text wins, wherever it stands. */
	{ "mailbox full for good, quota exceeded",
	  0,
	  { 0 },
	  NULL,
	  STAGE_NONE,
	  false,
	  "text-full-long",
	  BASIS_TEXT },
	{ "mailbox full, quota exceeded",
	  0,
	  { 0 },
	  NULL,
	  STAGE_NONE,
	  false,
	  "text-full",
	  BASIS_TEXT },
	/* A regular expression counts as long as the least it matches. */
	{ "mailbox full, listed by zen.example.org",
	  0,
	  { 0 },
	  NULL,
	  STAGE_NONE,
	  false,
	  "text-full",
	  BASIS_TEXT },
	{ "450 mailbox full for good, greylisted",
	  450,
	  { 0 },
	  NULL,
	  STAGE_NONE,
	  false,
	  "heavy-grey",
	  BASIS_TEXT },
	/* Of the same length the earlier one: text-full, code-552. */
	{ "mailbox full",
	  0,
	  { 0 },
	  NULL,
	  STAGE_NONE,
	  false,
	  "text-full",
	  BASIS_TEXT },
	{ "552 no",
	  552,
	  { 0 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "code-552",
	  BASIS_CODE },
	/* Of codes the one that asks for more. */
	{ "552 no",
	  552,
	  { 0 },
	  NULL,
	  STAGE_EOM,
	  false,
	  "code-552-data",
	  BASIS_CODE },
	{ "554 5.7.1 no",
	  554,
	  { 5, 7, 1 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "code-554-5.7.1",
	  BASIS_CODE },
	{ "554 4.7.1 no",
	  554,
	  { 4, 7, 1 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "code-554",
	  BASIS_CODE },
};

static void of_equals_the_longer_then_the_earlier_decides(void **state)
{
	(void)state;
	check(equals, COUNT(equals));
}

static const struct expected borrowed[] = {
	/* In quotes: somebody else's words, weaker than a code. */
	{ "550 you wrote \"mailbox full\" there",
	  550,
	  { 0 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "code-550",
	  BASIS_CODE },
	{ "553 5.7.1 you wrote \"mailbox full\"",
	  553,
	  { 5, 7, 1 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "enhanced-x.7.1",
	  BASIS_ENHANCED },
	{ "553 you wrote \"mailbox full\" there",
	  553,
	  { 0 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "text-full",
	  BASIS_TEXT },
	{ "553 \"mailbox full for good\", quota exceeded",
	  553,
	  { 0 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "text-full",
	  BASIS_TEXT },
	{ "550 it said \"full\"",
	  550,
	  { 0 },
	  "gmx",
	  STAGE_RCPT,
	  false,
	  "gmx-550",
	  BASIS_PROVIDER },
	/* A reply that is quoted as a whole speaks for itself. */
	{ "550 \"full\"",
	  550,
	  { 0 },
	  "gmx",
	  STAGE_RCPT,
	  false,
	  "gmx-text",
	  BASIS_PROVIDER },
	/* Between two quotations is outside. */
	{ "550 \"x\" mailbox full \"y\"",
	  550,
	  { 0 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "text-full",
	  BASIS_TEXT },
	/* A single quotation mark quotes nothing. */
	{ "550 5\" disk: mailbox full",
	  550,
	  { 0 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "text-full",
	  BASIS_TEXT },
	/* In an address: whoever chose it chose the words. */
	{ "550 <mailbox full@b.example>: no",
	  550,
	  { 0 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "code-550",
	  BASIS_CODE },
	{ "550 <a@mailbox full>: no",
	  550,
	  { 0 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "code-550",
	  BASIS_CODE },
	{ "550 <a@b.example>: mailbox full",
	  550,
	  { 0 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "text-full",
	  BASIS_TEXT },
	{ "550 mailbox full <a@b.example>",
	  550,
	  { 0 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "text-full",
	  BASIS_TEXT },
	/* Brackets without an address. */
	{ "550 <mailbox full>",
	  550,
	  { 0 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "text-full",
	  BASIS_TEXT },
	{ "550 a < b mailbox full",
	  550,
	  { 0 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "text-full",
	  BASIS_TEXT },
};

static void words_of_others_count_only_when_nothing_else_speaks(void **state)
{
	(void)state;
	check(borrowed, COUNT(borrowed));
}

static const struct expected conditions[] = {
	/* Texts are compared after folding. */
	{ "550 MAILBOX \t full",
	  550,
	  { 0 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "text-full",
	  BASIS_TEXT },
	/* All conditions must hold. */
	{ "552 too much",
	  552,
	  { 0 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "text-of-552",
	  BASIS_TEXT },
	{ "550 too much",
	  550,
	  { 0 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "code-550",
	  BASIS_CODE },
	{ "551 no",
	  551,
	  { 0 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "code-550",
	  BASIS_CODE },
	{ "550 full",
	  550,
	  { 0 },
	  "other",
	  STAGE_RCPT,
	  false,
	  "code-550",
	  BASIS_CODE },
	/* Only of the own mail system. */
	{ "connect to h: Connection refused",
	  0,
	  { 4, 4, 1 },
	  NULL,
	  STAGE_CONNECT,
	  true,
	  "local-refused",
	  BASIS_LOCAL },
	{ "450 4.4.1 connection refused",
	  450,
	  { 4, 4, 1 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "class-4",
	  BASIS_CLASS },
	{ "connect to h: what?",
	  0,
	  { 4, 4, 1 },
	  NULL,
	  STAGE_CONNECT,
	  true,
	  "local-4.4.1",
	  BASIS_LOCAL },
	{ "mailbox full",
	  0,
	  { 5, 2, 2 },
	  NULL,
	  STAGE_LOCAL,
	  true,
	  "text-full",
	  BASIS_TEXT },
	/* Classes and ranges of enhanced codes. */
	{ "",
	  0,
	  { 4, 2, 2 },
	  NULL,
	  STAGE_NONE,
	  false,
	  "enhanced-4.2.2",
	  BASIS_ENHANCED },
	{ "", 0, { 5, 2, 2 }, NULL, STAGE_NONE, false, "class-5", BASIS_CLASS },
	{ "",
	  0,
	  { 5, 7, 605 },
	  NULL,
	  STAGE_NONE,
	  false,
	  "class-5",
	  BASIS_CLASS },
	{ "",
	  0,
	  { 5, 7, 606 },
	  NULL,
	  STAGE_NONE,
	  false,
	  "range-606-649",
	  BASIS_ENHANCED },
	{ "",
	  0,
	  { 4, 7, 630 },
	  NULL,
	  STAGE_NONE,
	  false,
	  "range-606-649",
	  BASIS_ENHANCED },
	{ "",
	  0,
	  { 5, 7, 649 },
	  NULL,
	  STAGE_NONE,
	  false,
	  "range-606-649",
	  BASIS_ENHANCED },
	{ "",
	  0,
	  { 5, 7, 650 },
	  NULL,
	  STAGE_NONE,
	  false,
	  "class-5",
	  BASIS_CLASS },
	{ "",
	  0,
	  { 5, 6, 630 },
	  NULL,
	  STAGE_NONE,
	  false,
	  "class-5",
	  BASIS_CLASS },
	{ "550 no",
	  550,
	  { 5, 7, 1 },
	  "gmx",
	  STAGE_RCPT,
	  false,
	  "gmx-550",
	  BASIS_PROVIDER },
	{ "553 no",
	  553,
	  { 5, 7, 1 },
	  "gmx",
	  STAGE_RCPT,
	  false,
	  "gmx-x.7.1",
	  BASIS_PROVIDER },
};

static void an_entry_speaks_only_if_all_its_conditions_hold(void **state)
{
	(void)state;
	check(conditions, COUNT(conditions));
}

static const struct expected resorts[] = {
	{ "what?",
	  559,
	  { 0 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "class-5",
	  BASIS_CLASS },
	{ "what?",
	  459,
	  { 0 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "class-4",
	  BASIS_CLASS },
	/* The basic code's class before the enhanced code's. */
	{ "what?",
	  459,
	  { 5, 9, 9 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "class-4",
	  BASIS_CLASS },
	{ "what?",
	  0,
	  { 4, 9, 9 },
	  NULL,
	  STAGE_NONE,
	  false,
	  "class-4",
	  BASIS_CLASS },
	{ "what?", 0, { 0 }, NULL, STAGE_NONE, true, "anything", BASIS_CLASS },
	{ "what?",
	  250,
	  { 2, 0, 0 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "anything",
	  BASIS_CLASS },
	{ "what?",
	  999,
	  { 0 },
	  NULL,
	  STAGE_RCPT,
	  false,
	  "anything",
	  BASIS_CLASS },
	{ "", 0, { 0 }, NULL, STAGE_NONE, false, "anything", BASIS_CLASS },
};

static void there_is_always_a_last_resort(void **state)
{
	(void)state;
	check(resorts, COUNT(resorts));
}

static const struct {
	enum status status;
	const char *relay;
	const char *host; /* of the reply's text */
	const char *domain;
	uint16_t code;
	struct enhanced dsn;
	struct enhanced enhanced;
	const char *text;
	const char *id;
	const char *provider;
} deliveries[] = {
	/* The relay that answered tells the provider. */
	{ STATUS_BOUNCED,
	  "mx.gmx.net",
	  "",
	  "firma.example",
	  550,
	  { 5, 0, 0 },
	  { 0 },
	  "550 no",
	  "gmx-550",
	  "gmx" },
	{ STATUS_DEFERRED,
	  "",
	  "mx.gmx.net",
	  "firma.example",
	  550,
	  { 5, 0, 0 },
	  { 0 },
	  "550 no",
	  "gmx-550",
	  "gmx" },
	{ STATUS_BOUNCED,
	  "gateway.example",
	  "",
	  "gmx.de",
	  550,
	  { 5, 0, 0 },
	  { 0 },
	  "550 no",
	  "code-550",
	  "" },
	{ STATUS_DEFERRED,
	  "",
	  "",
	  "gmx.de",
	  0,
	  { 4, 4, 1 },
	  { 0 },
	  "Connection refused",
	  "local-refused",
	  "gmx" },
	/* The server's own enhanced code before the mail system's. */
	{ STATUS_BOUNCED,
	  "x.example",
	  "",
	  "x.example",
	  553,
	  { 5, 7, 620 },
	  { 5, 1, 1 },
	  "553 5.1.1 no",
	  "enhanced-x.1.1",
	  "" },
	{ STATUS_BOUNCED,
	  "x.example",
	  "",
	  "x.example",
	  553,
	  { 5, 7, 620 },
	  { 0 },
	  "553 no",
	  "range-606-649",
	  "" },
	/* What this server refuses is nobody's reply, nor the own system's. */
	{ STATUS_REJECTED,
	  "",
	  "",
	  "gmx.de",
	  550,
	  { 0 },
	  { 0 },
	  "550 full",
	  "code-550",
	  "" },
	{ STATUS_REJECTED,
	  "",
	  "",
	  "gmx.de",
	  0,
	  { 0 },
	  { 4, 4, 1 },
	  "4.4.1 connection refused",
	  "class-4",
	  "" },
};

static void asks_what_a_delivery_asks(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(deliveries); i++) {
		struct delivery delivery = {
			.status = deliveries[i].status,
			.relay_host = slice_from(deliveries[i].relay),
			.dsn = deliveries[i].dsn,
		};
		struct reply reply = {
			.host = slice_from(deliveries[i].host),
			.code = deliveries[i].code,
			.enhanced = deliveries[i].enhanced,
			.cause_code = deliveries[i].code,
			.cause_enhanced = deliveries[i].enhanced,
			.local = deliveries[i].code == 0 &&
				 deliveries[i].status != STATUS_REJECTED,
			.text = slice_from(deliveries[i].text),
		};
		struct verdict verdict;

		explain_delivery(explainer, &delivery, &reply,
				 slice_from(deliveries[i].domain), &verdict);
		print_message("case %zu: %s, wanted %s\n", i,
			      verdict.entry->id.at, deliveries[i].id);
		assert_true(slice_equal(verdict.entry->id,
					slice_from(deliveries[i].id)));
		assert_true(slice_equal(verdict.provider,
					slice_from(deliveries[i].provider)));
	}
}

static void every_basis_has_its_word(void **state)
{
	static const char *const words[BASIS_COUNT] = {
		[BASIS_CLASS] = "class",       [BASIS_CODE] = "code",
		[BASIS_ENHANCED] = "enhanced", [BASIS_TEXT] = "text",
		[BASIS_PROVIDER] = "provider", [BASIS_LOCAL] = "local",
	};

	(void)state;
	for (enum basis i = 0; i < BASIS_COUNT; i++)
		assert_true(slice_equal(basis_word(i), slice_from(words[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_stronger_of_two_neighbours_decides),
		cmocka_unit_test(of_equals_the_longer_then_the_earlier_decides),
		cmocka_unit_test(
			words_of_others_count_only_when_nothing_else_speaks),
		cmocka_unit_test(
			an_entry_speaks_only_if_all_its_conditions_hold),
		cmocka_unit_test(there_is_always_a_last_resort),
		cmocka_unit_test(asks_what_a_delivery_asks),
		cmocka_unit_test(every_basis_has_its_word),
	};

	return cmocka_run_group_tests_name("explain", tests, open_all,
					   close_all);
}
