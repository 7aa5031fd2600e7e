/* SPDX-License-Identifier: Apache-2.0 */
#include "base/diag.h"
#include "cmd/commands.h"
#include "cmd/input.h"
#include "cmd/journal_input.h"
#include "out/report.h"

int report_command(const struct options *options)
{
	struct options quiet = *options;
	struct pipeline *pipeline = NULL;
	struct layout layout;
	struct fault fault;
	int status;

	journal_check_options(options);
	quiet.events = EVENTS_NONE;
	quiet.tally = TALLY_NONE;
	if (pipeline_open(&quiet, &pipeline, &fault) < 0)
		die(1, "%s", fault.text);
	status = input_read_all(&quiet, pipeline);
	pipeline_settle(pipeline);
	layout = pipeline_layout(pipeline);
	if (options->format == FORMAT_JSON)
		report_write_json(pipeline_account(pipeline),
				  pipeline_catalogue(pipeline), layout.buf);
	else
		report_write_text(pipeline_account(pipeline),
				  pipeline_catalogue(pipeline), &layout);
	if (pipeline_close(pipeline, &fault) < 0) {
		diag("%s", fault.text);
		status = 1;
	}
	return status;
}
