/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/fd.h"
#include "base/when.h"
#include "cmd/commands.h"
#include "config.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct command commands[] = {
	{ "", "[FILE]...", "reads mail logs, writes an event for each failure",
	  filter_command, true },
	{ "report", "[FILE]...", "one report over all input", report_command,
	  false },
	{ "explain", "[CODE|TEXT|FILE]...",
	  "what a code, a server's reply, a bounce mail means", explain_command,
	  false },
	{ "codes", "", "the list of codes with their explanations",
	  codes_command, false },
	{ "check", "[FILE]...", "checks rules; with --coverage, reads logs",
	  check_command, false },
};

/* Which command has an option: bit 1 << position in the table above. */
enum {
	FOR_FILTER = 1,
	FOR_REPORT = 2,
	FOR_EXPLAIN = 4,
	FOR_CODES = 8,
	FOR_CHECK = 16,
	FOR_LOGS = FOR_FILTER | FOR_REPORT,
	FOR_TEXTS = FOR_LOGS | FOR_EXPLAIN | FOR_CODES,
	FOR_READING = FOR_LOGS | FOR_CHECK,
	FOR_ALL = FOR_TEXTS | FOR_CHECK,
};

struct word {
	const char *word;
	int value;
};

static void set_format(struct options *options, const char *value);
static void set_events(struct options *options, const char *value);
static void set_tally(struct options *options, const char *value);
static void set_lang(struct options *options, const char *value);
static void set_audience(struct options *options, const char *value);
static void set_rules(struct options *options, const char *value);
static void set_mta(struct options *options, const char *value);
static void set_timezone(struct options *options, const char *value);
static void set_year(struct options *options, const char *value);
static void set_since(struct options *options, const char *value);
static void set_until(struct options *options, const char *value);
static void set_max_domains(struct options *options, const char *value);
static void set_jobs(struct options *options, const char *value);
static void set_output(struct options *options, const char *value);
static void set_omprog(struct options *options, const char *value);
static void set_follow(struct options *options, const char *value);
static void set_journal(struct options *options, const char *value);
static void set_unit(struct options *options, const char *value);
static void set_cursor_file(struct options *options, const char *value);
static void set_coverage(struct options *options, const char *value);
static void set_correlate(struct options *options, const char *value);
static void set_quiet(struct options *options, const char *value);
static void set_verbose(struct options *options, const char *value);
static void show_help(struct options *options, const char *value);
static void show_version(struct options *options, const char *value);

static const struct option_row {
	const char *name;
	char letter;
	unsigned commands;
	const char *argument; /* NULL: takes none */
	const char *help;
	void (*set)(struct options *options, const char *value);
} rows[] = {
	{ "format", 0, FOR_ALL, "FORMAT",
	  "text or json; codes: also html, explain: also mail, a reply to "
	  "forward (default: text on a terminal, else json; report, explain, "
	  "codes, check: text)",
	  set_format },
	{ "events", 0, FOR_FILTER, "WHICH",
	  "failures (with inbound rejects), rejects, all or none (default: "
	  "failures)",
	  set_events },
	{ "tally", 0, FOR_FILTER, "SECONDS",
	  "tally every SECONDS of log time; or end, none (default: end)",
	  set_tally },
	{ "lang", 0, FOR_TEXTS, "LANG",
	  "de, en, fr (default: LC_ALL, LC_MESSAGES, LANG, else en)",
	  set_lang },
	{ "audience", 0, FOR_EXPLAIN, "WHO",
	  "sender or admin: whose advice (default: both)", set_audience },
	{ "coverage", 0, FOR_CHECK, NULL,
	  "of the logs FILE, the replies that only a code explains",
	  set_coverage },
	{ "correlate", 0, FOR_LOGS, NULL,
	  "join failures with their messages (sender, client, message-id), and "
	  "tell each recipient's fate",
	  set_correlate },
	{ "omprog", 0, FOR_FILTER, NULL,
	  "speak rsyslog's omprog protocol on standard output", set_omprog },
	{ "journal", 0, FOR_LOGS, NULL,
	  "read systemd's journal; FILE: files of one, or a directory of them",
	  set_journal },
	{ "unit", 0, FOR_LOGS, "UNIT",
	  "of the journal only UNIT; may be repeated (default: mail servers)",
	  set_unit },
	{ "cursor-file", 0, FOR_FILTER, "FILE",
	  "keep in FILE how far the journal was read, and go on there",
	  set_cursor_file },
	{ "mta", 0, FOR_LOGS, "NAME",
	  "whose log it is: auto, postfix, exim, sendmail, opensmtpd, qmail, "
	  "dovecot, exchange, haraka, stalwart (default: auto, by line, "
	  "without dovecot)",
	  set_mta },
	{ "follow", 'f', FOR_FILTER, NULL,
	  "read on as files grow and are rotated, until SIGINT or SIGTERM",
	  set_follow },
	{ "since", 0, FOR_READING, "TIME",
	  "only lines from TIME on: 2026-11-23T10:00:00Z, 2026-11-23, 10:00, "
	  "today, \"2 hours ago\" ...",
	  set_since },
	{ "until", 0, FOR_READING, "TIME", "only lines from before TIME",
	  set_until },
	{ "timezone", 0, FOR_LOGS, "TZ",
	  "zone of stamps that have none (default: local)", set_timezone },
	{ "year", 0, FOR_LOGS, "YYYY",
	  "year of the first stamp that has none (default: inferred)",
	  set_year },
	{ "max-domains", 0, FOR_LOGS, "N",
	  "domains kept apart; the rest is counted as \"(other)\" (default: "
	  "100000)",
	  set_max_domains },
	{ "jobs", 'j', FOR_LOGS, "N",
	  "threads for large files (default: the number of processors)",
	  set_jobs },
	{ "output", 'o', FOR_TEXTS, "FILE",
	  "write to FILE (the filter appends) instead of standard output",
	  set_output },
	{ "rules", 0, FOR_ALL, "PATH",
	  "rules of your own, laid over those of mailwhy; or a whole set",
	  set_rules },
	{ "quiet", 'q', FOR_ALL, NULL, "only errors on standard error",
	  set_quiet },
	{ "verbose", 'v', FOR_ALL, NULL, "say on standard error what is done",
	  set_verbose },
	{ "help", 'h', FOR_ALL, NULL, "this help", show_help },
	{ "version", 'V', FOR_ALL, NULL, "version and licence", show_version },
};

void options_refuse(const char *format, ...)
{
	char text[256];
	va_list list;

	va_start(list, format);
	(void)vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	die(2, "%s; see 'mailwhy --help'", text);
}

static int choose(const char *option, const struct word *words, size_t count,
		  const char *value)
{
	struct buf list = { 0 };

	for (size_t i = 0; i < count; i++)
		if (!strcmp(words[i].word, value))
			return words[i].value;
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_add(&list,
				i + 1 < count ? SLICE(", ") : SLICE(" or "));
		buf_add(&list, slice_from(words[i].word));
	}
	options_refuse("--%s takes %.*s, not '%.40s'", option, (int)list.len,
		       list.at, value);
}

/* Which formats there are, by the command. */
static void set_format(struct options *options, const char *value)
{
	static const struct word html[] = {
		{ "text", FORMAT_TEXT },
		{ "json", FORMAT_JSON },
		{ "html", FORMAT_HTML },
	};
	static const struct word mail[] = {
		{ "text", FORMAT_TEXT },
		{ "json", FORMAT_JSON },
		{ "mail", FORMAT_MAIL },
	};
	bool has_html = options->command->run == codes_command;
	bool has_mail = options->command->run == explain_command;

	options->format = (enum format)choose(
		"format", has_mail ? mail : html,
		has_mail || has_html ? COUNT(html) : COUNT(html) - 1, value);
}

static void set_events(struct options *options, const char *value)
{
	static const struct word words[] = {
		{ "failures", EVENTS_FAILURES },
		{ "rejects", EVENTS_REJECTS },
		{ "all", EVENTS_ALL },
		{ "none", EVENTS_NONE },
	};

	options->events = (enum events)choose("events", words, COUNT(words),
					      value);
}

static void set_audience(struct options *options, const char *value)
{
	static const struct word words[] = {
		{ "sender", AUDIENCE_SENDER },
		{ "admin", AUDIENCE_ADMIN },
	};

	options->audience = (enum audience)choose("audience", words,
						  COUNT(words), value);
}

static uint64_t number_in(const char *option, const char *value, uint64_t least,
			  uint64_t most)
{
	uint64_t number = 0;

	if (!slice_number(slice_from(value), &number) || number < least ||
	    number > most)
		options_refuse("--%s takes a number from %llu to %llu, not "
			       "'%.40s'",
			       option, (unsigned long long)least,
			       (unsigned long long)most, value);
	return number;
}

static void set_tally(struct options *options, const char *value)
{
	enum { YEAR_SECONDS = 366 * 86400 };

	if (!strcmp(value, "end"))
		options->tally = TALLY_END;
	else if (!strcmp(value, "none"))
		options->tally = TALLY_NONE;
	else
		options->tally = (int64_t)number_in("tally", value, 1,
						    YEAR_SECONDS);
}

static void set_lang(struct options *options, const char *value)
{
	options->lang = value;
}

static void set_rules(struct options *options, const char *value)
{
	options->rules = value;
}

static void set_mta(struct options *options, const char *value)
{
	options->mta = mta_from_word(slice_from(value));
	if (!options->mta && strcmp(value, "auto") != 0)
		options_refuse("--mta: \"%s\" is none of auto, postfix, exim, "
			       "sendmail, opensmtpd, qmail, dovecot, exchange, "
			       "haraka, stalwart",
			       value);
}

static void set_timezone(struct options *options, const char *value)
{
	options->timezone = value;
}

static void set_year(struct options *options, const char *value)
{
	options->year = (int)number_in("year", value, 1970, 9999);
}

static void set_since(struct options *options, const char *value)
{
	options->since = value;
}

static void set_until(struct options *options, const char *value)
{
	options->until = value;
}

static void set_max_domains(struct options *options, const char *value)
{
	options->max_domains = (size_t)number_in("max-domains", value, 1,
						 100000000);
}

static void set_jobs(struct options *options, const char *value)
{
	options->jobs = (size_t)number_in("jobs", value, 1, 256);
}

static void set_output(struct options *options, const char *value)
{
	options->output = value;
}

static void set_omprog(struct options *options, const char *value)
{
	(void)value;
	options->omprog = true;
}

static void set_follow(struct options *options, const char *value)
{
	(void)value;
	options->follow = true;
}

static void set_journal(struct options *options, const char *value)
{
	(void)value;
	options->journal = true;
}

static void set_unit(struct options *options, const char *value)
{
	if (options->unit_count == UNIT_LIMIT)
		options_refuse("--unit may be given %d times", UNIT_LIMIT);
	options->units[options->unit_count++] = value;
}

static void set_cursor_file(struct options *options, const char *value)
{
	options->cursor_file = value;
}

static void set_coverage(struct options *options, const char *value)
{
	(void)value;
	options->coverage = true;
}

static void set_correlate(struct options *options, const char *value)
{
	(void)value;
	options->correlate = true;
}

static void set_quiet(struct options *options, const char *value)
{
	(void)value;
	options->quiet = true;
}

static void set_verbose(struct options *options, const char *value)
{
	(void)value;
	options->verbose = true;
}

/* Help and version go to standard output; a full disk there is an error. */
static void print_and_exit(struct buf *text)
{
	if (fd_write(STDOUT_FILENO, text->at, text->len) < 0 && errno != EPIPE)
		die(1, "standard output: %s", strerror(errno));
	buf_clear(text);
	exit(0);
}

static void add_string(struct buf *buf, const char *string)
{
	buf_add(buf, slice_from(string));
}

static void add_option_help(struct buf *buf, const struct option_row *row)
{
	size_t start = buf->len;

	add_string(buf, "  ");
	if (row->letter) {
		buf_add_char(buf, '-');
		buf_add_char(buf, row->letter);
		add_string(buf, ", ");
	}
	add_string(buf, "--");
	add_string(buf, row->name);
	if (row->argument) {
		buf_add_char(buf, ' ');
		add_string(buf, row->argument);
	}
	do
		buf_add_char(buf, ' ');
	while (buf->len - start < 26);
	add_string(buf, row->help);
	buf_add_char(buf, '\n');
}

static void show_help(struct options *options, const char *value)
{
	struct buf buf = { 0 };

	(void)value;
	(void)options;
	add_string(&buf, "mailwhy says why mail does not arrive.\n\n");
	for (size_t i = 0; i < COUNT(commands); i++) {
		size_t start = buf.len;

		add_string(&buf, "  mailwhy ");
		if (commands[i].name[0]) {
			add_string(&buf, commands[i].name);
			buf_add_char(&buf, ' ');
		}
		add_string(&buf, "[OPTION]... ");
		add_string(&buf, commands[i].operands);
		do
			buf_add_char(&buf, ' ');
		while (buf.len - start < 46);
		add_string(&buf, commands[i].summary);
		buf_add_char(&buf, '\n');
	}
	add_string(&buf, "\nWithout FILE, or when FILE is -, standard input is "
			 "read.\n\nOptions:\n");
	for (size_t i = 0; i < COUNT(rows); i++)
		add_option_help(&buf, &rows[i]);
	add_string(&buf, "\nExit status: 0 all was read, 1 something could not "
			 "be read or written, 2 wrong usage.\n");
	print_and_exit(&buf);
}

static void show_version(struct options *options, const char *value)
{
	struct buf buf = { 0 };

	(void)value;
	(void)options;
	add_string(&buf, PACKAGE_STRING "\nLicence: Apache-2.0\n");
	print_and_exit(&buf);
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 1; i < COUNT(commands); i++)
		if (name && !strcmp(commands[i].name, name))
			return &commands[i];
	return &commands[0];
}

static void apply(const struct option_row *row, struct options *options,
		  const char *value)
{
	unsigned bit = 1u << (options->command - commands);

	if (!(row->commands & bit))
		options_refuse("'mailwhy%s%s' has no option --%s",
			       options->command->name[0] ? " " : "",
			       options->command->name, row->name);
	row->set(options, value);
}

static const struct option_row *find_letter(int letter)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (letter && rows[i].letter == letter)
			return &rows[i];
	return NULL;
}

/* getopt_long() returns 1000 + row for long options. */
enum { LONG_BASE = 1000 };

static void parse_loop(int argc, char **argv, struct options *options)
{
	struct option longs[COUNT(rows) + 1] = { 0 };
	char shorts[2 * COUNT(rows) + 2] = ":";
	size_t len = 1;
	int got;

	for (size_t i = 0; i < COUNT(rows); i++) {
		int has = rows[i].argument ? required_argument : no_argument;

		longs[i] = (struct option){ rows[i].name, has, NULL,
					    LONG_BASE + (int)i };
		if (rows[i].letter)
			shorts[len++] = rows[i].letter;
		if (rows[i].letter && rows[i].argument)
			shorts[len++] = ':';
	}
	shorts[len] = '\0';
	opterr = 0;
	while ((got = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		const struct option_row *row = got >= LONG_BASE
						       ? &rows[got - LONG_BASE]
						       : find_letter(got);

		if (got == ':')
			options_refuse("option '%.40s' needs a value",
				       argv[optind - 1]);
		if (!row)
			options_refuse("unknown option '%.40s'",
				       argv[optind - 1]);
		apply(row, options, optarg);
	}
}

static struct stamp time_in(const char *option, const char *value,
			    int64_t now_us, int year)
{
	struct stamp stamp = { 0 };

	if (value && !when_parse(slice_from(value), now_us, year, &stamp))
		options_refuse("--%s takes a time such as 2026-11-23T10:00, "
			       "10:00, yesterday or '2 hours ago', not '%.40s'",
			       option, value);
	return stamp;
}

/* Times are in the zone that is named, wherever it stands. */
static void find_period(struct options *options)
{
	int64_t now_us = stamp_now_us();
	struct period *period = &options->period;

	if (options->timezone)
		(void)setenv("TZ", options->timezone, 1);
	tzset();
	period->since = time_in("since", options->since, now_us, options->year);
	period->until = time_in("until", options->until, now_us, options->year);
	if (period->since.known && period->until.known &&
	    period->since.us >= period->until.us)
		options_refuse("nothing lies between --since %.40s and --until "
			       "%.40s",
			       options->since, options->until);
}

void options_parse(int argc, char **argv, struct options *options)
{
	*options = (struct options){
		.max_domains = 100000,
		.jobs = (size_t)get_nprocs(),
	};
	options->command = find_command(argc > 1 ? argv[1] : NULL);
	if (options->command != &commands[0]) {
		argv++;
		argc--;
	}
	parse_loop(argc, argv, options);
	find_period(options);
	options->operands = argv + optind;
	options->operand_count = (size_t)(argc - optind);
}
