/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands behind the addresses in Exim's lines of deliveries: a list of
 * fields, each of which may be there or not, then the text.
 *
 *     R=dnslookup T=remote_smtp H=mx.example [192.0.2.1]:25* X=TLS1.3:...:256
 *     CV=no DN="/CN=mx.example" C="250 Ok" QT=1h2m DT=0.1s
 *     R=dnslookup T=remote_smtp defer (-44) H=mx.example [192.0.2.1]: SMTP ...
 *
 * It is read from the left, by what Exim writes: a text begins at the first
 * ": " outside of quotes, and nothing behind it is a field.
 */
#ifndef MAILWHY_PARSE_EXIM_FIELDS_H
#define MAILWHY_PARSE_EXIM_FIELDS_H

#include "base/slice.h"

struct exim_fields {
	struct slice transport;
	struct slice host;
	struct slice ip;
	struct slice port;
	struct slice confirmation; /* C="...", with Exim's backslashes */
	struct slice queue_time;   /* "1h2m", "0.138s" */
	struct slice delivery_time;
	/* Of deferrals: "defer (110): Connection timed out". */
	bool deferred;
	int64_t error; /* errno, or Exim's own if negative */
	struct slice error_text;
	struct slice text; /* why; empty for what was delivered */
};

/* What is known of a list with something else in it stays filled. */
void exim_fields_parse(struct slice rest, struct exim_fields *fields);

#endif
