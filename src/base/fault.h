/* SPDX-License-Identifier: Apache-2.0 */
/* What went wrong, in words for the user. Filled in depth, printed by cmd/. */
#ifndef MAILWHY_BASE_FAULT_H
#define MAILWHY_BASE_FAULT_H

struct fault {
	char text[512]; /* "FILE:LINE: reason; what to do", no newline */
};

/* For those who go on after a fault: called for each. */
typedef void fault_visit(const struct fault *fault, void *context);

/* Always returns -1, so that a caller can `return fault_set(...)`. */
int fault_set(struct fault *fault, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
