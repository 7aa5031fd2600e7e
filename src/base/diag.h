/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only writer of standard error: one line a message, "mailwhy: " before
 * it, in one write so that lines of several threads do not mix.
 */
#ifndef MAILWHY_BASE_DIAG_H
#define MAILWHY_BASE_DIAG_H

#include <stdarg.h>
#include <stddef.h>

/* No newline in `format`; control bytes of the text are shown as '?'. */
void diag(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* As diag(), then ends the program with `status` (1: cannot go on, 2: usage).
 */
void die(int status, const char *format, ...)
	__attribute__((format(printf, 2, 3), noreturn));

#endif
