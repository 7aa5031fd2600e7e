/* SPDX-License-Identifier: Apache-2.0 */
#include "out/codes.h"

#include "base/diag.h"
#include "cmd/commands.h"
#include "cmd/options.h"
#include "cmd/pipeline.h"
#include "out/sink.h"

int codes_command(const struct options *options)
{
	struct catalogue *catalogue = NULL;
	struct sink sink;
	struct layout layout;
	struct fault fault;
	int status = 0;

	if (options->operand_count)
		options_refuse("codes takes no FILE");
	if (pipeline_load_catalogue(options, &catalogue, &fault) < 0)
		die(1, "%s", fault.text);
	if (sink_open_empty(&sink, options->output, &fault) < 0)
		die(1, "%s", fault.text);
	layout = layout_for(&sink.pending, sink.fd);
	if (options->format == FORMAT_JSON)
		codes_write_json(catalogue, &sink.pending);
	else if (options->format == FORMAT_HTML)
		codes_write_html(catalogue, &sink.pending);
	else
		codes_write_text(catalogue, &layout);
	if (sink_close(&sink, &fault) < 0) {
		diag("%s", fault.text);
		status = 1;
	}
	catalogue_free(catalogue);
	return status;
}
