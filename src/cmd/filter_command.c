/* SPDX-License-Identifier: Apache-2.0 */
#include "base/diag.h"
#include "cmd/commands.h"
#include "cmd/follow.h"
#include "cmd/input.h"
#include "cmd/journal_input.h"
#include "cmd/omprog_input.h"

static void say_totals(const struct totals *totals)
{
	diag("%llu lines: %llu deliveries, %llu sent, %llu failed, %llu "
	     "refused inbound, %llu not understood",
	     (unsigned long long)totals->lines,
	     (unsigned long long)totals_deliveries(totals),
	     (unsigned long long)totals->sent,
	     (unsigned long long)totals->failures,
	     (unsigned long long)totals->rejects,
	     (unsigned long long)totals->unparsed);
}

int filter_command(const struct options *options)
{
	struct pipeline *pipeline = NULL;
	struct fault fault;
	int status;

	journal_check_options(options);
	if (options->omprog)
		omprog_check_options(options);
	if (pipeline_open(options, &pipeline, &fault) < 0)
		die(1, "%s", fault.text);
	if (options->omprog)
		status = omprog_read_all(options, pipeline);
	else if (options->follow && options->operand_count && !options->journal)
		status = follow_read_all(options, pipeline);
	else
		status = input_read_all(options, pipeline);
	pipeline_settle(pipeline);
	if (pipeline_finish(pipeline, &fault) < 0) {
		diag("%s", fault.text);
		status = 1;
	}
	if (options->verbose)
		say_totals(&pipeline_account(pipeline)->totals);
	if (pipeline_close(pipeline, &fault) < 0) {
		diag("%s", fault.text);
		status = 1;
	}
	return status;
}
