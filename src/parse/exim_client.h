/* SPDX-License-Identifier: Apache-2.0 */
/* How Exim describes a client, behind "H=" and elsewhere. */
#ifndef MAILWHY_PARSE_EXIM_CLIENT_H
#define MAILWHY_PARSE_EXIM_CLIENT_H

#include "parse/delivery.h"

/*
 * Takes "NAME (HELO) [IP]:PORT" off the front, NAME only where DNS knows it,
 * and fills client and HELO. A HELO with a blank would have been refused,
 * unless Exim is told to take junk; such a client is not believed: false, and
 * *rest untouched.
 */
bool exim_client_take(struct slice *rest, struct delivery *client);

#endif
