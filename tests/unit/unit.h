/* SPDX-License-Identifier: Apache-2.0 */
/* What every unit test includes first: cmocka needs these, in this order. */
#ifndef MAILWHY_TESTS_UNIT_H
#define MAILWHY_TESTS_UNIT_H

/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
