/* SPDX-License-Identifier: Apache-2.0 */
#include "base/diag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fd.h"

__attribute__((format(printf, 1, 0))) static void write_line(const char *format,
							     va_list list)
{
	char line[1024] = "mailwhy: ";
	size_t len = strlen(line);
	int more = vsnprintf(line + len, sizeof(line) - len - 1, format, list);

	if (more > 0)
		len += (size_t)more < sizeof(line) - len - 1
			       ? (size_t)more
			       : sizeof(line) - len - 2;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = '?';
	line[len++] = '\n';
	/* Nobody is left to be told when standard error is gone. */
	(void)fd_write(2, line, len);
}

void diag(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	write_line(format, list);
	va_end(list);
}

void die(int status, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	write_line(format, list);
	va_end(list);
	exit(status);
}
