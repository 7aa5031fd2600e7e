/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/journal_input.h"

#include <stdio.h>

#include "base/diag.h"
#include "base/stamp.h"
#include "cmd/live.h"
#include "cmd/signals.h"
#include "parse/period.h"
#include "read/cursor_file.h"
#include "read/journal_reader.h"

/* A unit's name has at most 255 bytes. */
enum { MATCH_SIZE = 320 };

/* What mail servers write: by syslog's facility "mail", or by their names, as
 * those that log to standard output have no facility. */
static const char *const mail_matches[] = {
	"SYSLOG_FACILITY=2",
	"SYSLOG_IDENTIFIER=exim",
	"SYSLOG_IDENTIFIER=exim4",
	"SYSLOG_IDENTIFIER=opensmtpd",
	"SYSLOG_IDENTIFIER=postfix",
	"SYSLOG_IDENTIFIER=qmail",
	"SYSLOG_IDENTIFIER=qmail-send",
	"SYSLOG_IDENTIFIER=sendmail",
	"SYSLOG_IDENTIFIER=sm-mta",
	"SYSLOG_IDENTIFIER=smtpd",
	NULL,
};

struct journal_input {
	const struct options *options;
	struct pipeline *pipeline;
	struct journal_reader *reader;
	struct buf cursor;
	struct period_filter filter;
	struct live live;
	char units[UNIT_LIMIT][MATCH_SIZE];
	const char *matches[UNIT_LIMIT + 1];
};

void journal_check_options(const struct options *options)
{
	if (options->journal)
		return;
	if (options->unit_count)
		options_refuse("--unit needs --journal");
	if (options->cursor_file)
		options_refuse("--cursor-file needs --journal");
}

/* "postfix" is "postfix.service", as systemctl has it. */
static const char *const *choose_matches(struct journal_input *input)
{
	size_t count = input->options->unit_count;

	if (!count)
		return mail_matches;
	for (size_t i = 0; i < count; i++) {
		const char *unit = input->options->units[i];

		(void)snprintf(input->units[i], MATCH_SIZE,
			       "_SYSTEMD_UNIT=%s%s", unit,
			       strchr(unit, '.') ? "" : ".service");
		input->matches[i] = input->units[i];
	}
	return input->matches;
}

/* A message may be noted a little before it was written, and clocks are set. */
static uint64_t earliest_us(const struct stamp *since)
{
	int64_t us = since->known ? since->us - PERIOD_SLACK_US : 0;

	return us > 0 ? (uint64_t)us : 0;
}

static int open_journal(struct journal_input *input, struct fault *fault)
{
	const struct options *options = input->options;
	struct journal_source source = {
		.paths = options->operands,
		.path_count = options->operand_count,
		.matches = choose_matches(input),
	};

	if (options->cursor_file &&
	    cursor_file_load(options->cursor_file, &input->cursor, fault) < 0)
		return -1;
	source.cursor = buf_slice(&input->cursor);
	source.since_us = earliest_us(&options->period.since);
	return journal_reader_open(&source, &input->reader, fault);
}

/* Output first, then the cursor: what the cursor says was read has left. */
static int note_read(struct journal_input *input, struct fault *fault)
{
	if (pipeline_flush(input->pipeline, fault) < 0)
		return -1;
	if (!input->options->cursor_file || pipeline_is_done(input->pipeline))
		return 0;
	if (journal_reader_cursor(input->reader, &input->cursor, fault) < 0)
		return -1;
	return cursor_file_save(input->options->cursor_file,
				buf_slice(&input->cursor), fault);
}

static int take(struct journal_input *input, struct slice block,
		struct fault *fault)
{
	if (!period_is_all(&input->options->period))
		block = period_keep(&input->filter, block);
	if (pipeline_block(input->pipeline, block, 0, fault) < 0)
		return -1;
	live_note(&input->live, input->pipeline);
	return note_read(input, fault);
}

static bool goes_on(struct journal_input *input)
{
	if (signals_take_reload())
		pipeline_reload(input->pipeline);
	return !signals_ended() && !pipeline_is_done(input->pipeline);
}

/* Until there may be more records: 1; 0: nobody reads the output any more. */
static int wait_for_more(struct journal_input *input, struct fault *fault)
{
	int result = live_wait(&input->live, input->pipeline,
			       journal_reader_descriptor(input->reader),
			       journal_reader_timeout_ms(input->reader), fault);

	journal_reader_woken(input->reader);
	return result;
}

static int read_journal(struct journal_input *input, struct fault *fault)
{
	struct slice block;
	int got = 1;

	while (got > 0 && goes_on(input)) {
		got = journal_reader_next(input->reader, &block, fault);
		if (got > 0 && take(input, block, fault) < 0)
			return -1;
		if (got == 0 && input->options->follow)
			got = wait_for_more(input, fault);
	}
	return got < 0 ? -1 : 0;
}

/* Whether all records were whole; says how many were not. */
static bool note_damaged(const struct journal_input *input)
{
	uint64_t damaged = journal_reader_damaged(input->reader);

	if (damaged)
		diag("the journal: records that are damaged: %llu; 'journalctl "
		     "--verify' says more",
		     (unsigned long long)damaged);
	return !damaged;
}

int journal_read_all(const struct options *options, struct pipeline *pipeline)
{
	struct journal_input input = { .options = options,
				       .pipeline = pipeline };
	struct calendar calendar;
	struct fault fault;
	int status = 0;

	pipeline_begin(pipeline, stamp_now_us());
	calendar_init(&calendar, stamp_now_us(), options->year);
	period_begin(&input.filter, &options->period, &calendar);
	if (open_journal(&input, &fault) < 0 ||
	    read_journal(&input, &fault) < 0) {
		diag("%s", fault.text);
		status = 1;
	}
	if (input.reader && !note_damaged(&input))
		status = 1;
	journal_reader_close(input.reader);
	period_end(&input.filter);
	buf_clear(&input.cursor);
	return status;
}
