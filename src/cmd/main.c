/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "cmd/options.h"
#include "cmd/signals.h"

int main(int argc, char **argv)
{
	struct options options;

	memory_prepare();
	options_parse(argc, argv, &options);
	signals_init();
	return options.command->run(&options);
}
