/* SPDX-License-Identifier: Apache-2.0 */
/* The commands; each returns the exit status. */
#ifndef MAILWHY_CMD_COMMANDS_H
#define MAILWHY_CMD_COMMANDS_H

struct options;

int filter_command(const struct options *options);
int report_command(const struct options *options);
int explain_command(const struct options *options);
int codes_command(const struct options *options);
int check_command(const struct options *options);
/* What check does with --coverage. */
int coverage_command(const struct options *options);

#endif
