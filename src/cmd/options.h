/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line: commands and options are two tables, from which they are
 * parsed and --help is written, and against which the manual is checked.
 */
#ifndef MAILWHY_CMD_OPTIONS_H
#define MAILWHY_CMD_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "out/text.h"
#include "parse/mta.h"
#include "parse/period.h"

enum format {
	FORMAT_DEFAULT,
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_HTML,
	FORMAT_MAIL
};

enum events { EVENTS_FAILURES, EVENTS_REJECTS, EVENTS_ALL, EVENTS_NONE };

enum { TALLY_NONE = -1, TALLY_END = 0 };

enum { UNIT_LIMIT = 32 };

struct command;

/* What the user asked for. All pointers are borrowed from argv or constant. */
struct options {
	const struct command *command;
	char *const *operands; /* files, or what is to be explained */
	size_t operand_count;
	enum format format;
	enum events events;
	int64_t tally;     /* seconds, or TALLY_END, TALLY_NONE */
	const char *lang;  /* NULL: by the environment */
	const char *rules; /* NULL: the installed ones, or the build tree's */
	enum mta mta;      /* MTA_NONE: by line */
	const char *timezone;
	const char *since; /* as the user wrote them */
	const char *until;
	struct period period; /* what they mean */
	const char *output;
	int year; /* 0: inferred */
	size_t max_domains;
	size_t jobs; /* threads for files, at least 1 */
	enum audience audience;
	const char *units[UNIT_LIMIT]; /* of the journal; none: mail servers' */
	size_t unit_count;
	const char *cursor_file;
	bool journal; /* the operands are a journal's; none: this machine's */
	bool omprog;
	bool follow;
	bool coverage; /* check reads logs */
	bool correlate;
	bool quiet;
	bool verbose;
};

struct command {
	const char *name; /* "" for the filter */
	const char *operands;
	const char *summary;
	int (*run)(const struct options *options); /* returns the exit status */
	bool appends; /* to the file of -o; else it is written anew */
};

/*
 * Parses the command line and sets the local zone. Wrong usage ends the program
 * with status 2 and one line; --help and --version are done here and end it
 * with 0.
 */
void options_parse(int argc, char **argv, struct options *options);

/* Ends the program with status 2: "mailwhy: REASON; see 'mailwhy --help'". */
void options_refuse(const char *format, ...)
	__attribute__((format(printf, 1, 2), noreturn));

#endif
