/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mail servers whose lines have a form of their own instead of a header with
 * the program's name: Haraka's "[NOTICE] [UUID.1] [outbound] ...", Stalwart's
 * "INFO Message delivered (delivery.delivered) ...". Syslog or a service
 * manager may put its header before them.
 */
#ifndef MAILWHY_PARSE_OWN_FORM_H
#define MAILWHY_PARSE_OWN_FORM_H

#include "base/slice.h"

/* The name of the program that wrote the line, which begins behind its stamp;
 * empty if it has none of these forms. */
struct slice own_form_program(struct slice text);

#endif
