/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which mail provider runs a server or a domain: by the suffixes of the host
 * names of its servers (which serve its customers' domains too), and by its
 * own domains. Owns all it keeps; filled once, then only read.
 */
#ifndef MAILWHY_WHY_PROVIDER_H
#define MAILWHY_WHY_PROVIDER_H

#include "base/slice.h"

struct providers;

struct providers *providers_new(void);
void providers_free(struct providers *providers); /* NULL is allowed */

/* Makes a provider known by its id; adding it twice is no error. */
void providers_add(struct providers *providers, struct slice id);

/* What people call the provider `id`: "Gmail / Google Workspace". */
void providers_set_name(struct providers *providers, struct slice id,
			struct slice name);

/* A suffix of host names ("gmx.net" also stands for "mx00.gmx.net") or a
 * domain of the provider `id`; both in lower case. */
void providers_add_relay(struct providers *providers, struct slice suffix,
			 struct slice id);
void providers_add_domain(struct providers *providers, struct slice domain,
			  struct slice id);

bool providers_know(const struct providers *providers, struct slice id);

/* A provider's number, which stays, and its id by that number. */
uint32_t providers_number(const struct providers *providers, struct slice id);
struct slice providers_id(const struct providers *providers, uint32_t number);

/* What people call it; the id if that was not said. */
struct slice providers_name(const struct providers *providers, struct slice id);

/*
 * The id of the provider that answered: the one `relay_host` belongs to; when
 * no server is known (`relay_host` is empty) the one that runs `domain`. Empty
 * if unknown: a server of nobody's may well be a gateway in between. A name
 * that lacks its middle ("contoso-com.mail.p...ction.outlook.com") is found by
 * what is left.
 */
struct slice providers_find(const struct providers *providers,
			    struct slice relay_host, struct slice domain);

#endif
