/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <time.h>

#include "base/memory.h"
#include "cmd/options.h"
#include "cmd/signals.h"

int main(int argc, char **argv)
{
	struct options options;

	memory_prepare();
	options_parse(argc, argv, &options);
	/* Stamps without a zone are read by the C library's local time. */
	if (options.timezone)
		(void)setenv("TZ", options.timezone, 1);
	tzset();
	signals_init();
	return options.command->run(&options);
}
