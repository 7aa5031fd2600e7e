/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How near a host is, told by its address: whether what it says of the own mail
 * system can be believed. Content filters stand on the same host or in the same
 * private network; nobody outside has such an address.
 */
#ifndef MAILWHY_PARSE_NEARNESS_H
#define MAILWHY_PARSE_NEARNESS_H

#include "base/slice.h"

enum nearness {
	NEAR_UNKNOWN, /* no address */
	NEAR_OUTSIDE,
	NEAR_INSIDE, /* private or link-local (RFC 1918, 4193, 3927) */
	NEAR_SELF,   /* loopback */
};

/* `ip` as a mail server writes it of a connection: "192.0.2.1", "fe80::1". */
enum nearness nearness_of(struct slice ip);

#endif
