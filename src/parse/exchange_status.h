/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Exchange writes into recipient-status of its message tracking log: one
 * text a recipient, with ";" between. A text is a reply, its own or a server's
 * ("550 5.1.1 RESOLVER.ADR.RecipNotFound; not found"), or a list of them of
 * which LED is the last error ("[{LRT=...};{LED=...};{FQDN=...};{IP=...}]"); a
 * server's may stand in Exchange's words about it.
 */
#ifndef MAILWHY_PARSE_EXCHANGE_STATUS_H
#define MAILWHY_PARSE_EXCHANGE_STATUS_H

#include "base/buf.h"
#include "parse/delivery.h"

/*
 * Takes the first element and its ";" off the front of a list; false at its
 * end. An element in single quotes, which are doubled inside of it, may hold
 * anything; in one without them a ";" before a blank, or inside of "[{" and
 * "}]", is no separator. The element is borrowed from the list, or from `buf`,
 * which has room for the list and does not grow.
 */
bool exchange_list_next(struct slice *list, struct buf *buf,
			struct slice *element);

/*
 * Reads the text of one recipient into text, form, stage, dsn, relay_host and
 * relay_ip of *share, of which the last two stay as they are where it names no
 * host. False, and nothing filled, if it tells of success (a reply of class 2).
 */
bool exchange_status_read(struct slice text, struct share *share);

/* Whether the text, as exchange_status_read() gives it, is that of a message
 * that waited too long. */
bool exchange_status_is_expiry(struct slice text);

#endif
