/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a rulebase says of a message: its kind, which is the rule's tag, and the
 * fields, all of them text. The names are the same in all rulebases; odd
 * addresses come in pieces.
 */
#ifndef MAILWHY_PARSE_FIELDS_H
#define MAILWHY_PARSE_FIELDS_H

#include "base/slice.h"

enum line_kind {
	LINE_UNKNOWN, /* no rule knows it */
	LINE_OTHER,   /* known to be no attempt */
	LINE_DELIVERY,
	LINE_REJECT,
	LINE_MESSAGE, /* no attempt; tells of a message */
};

enum field {
	FIELD_QUEUE_ID,
	FIELD_RECIPIENT,
	FIELD_RECIPIENT_LOCAL,
	FIELD_RECIPIENT_DOMAIN,
	FIELD_RECIPIENT_TAIL,
	FIELD_OTHERS,
	FIELD_ORIG_TO,
	FIELD_ORIG_TO_LOCAL,
	FIELD_ORIG_TO_DOMAIN,
	FIELD_SERVICE,
	FIELD_RELAY_HOST,
	FIELD_RELAY_IP,
	FIELD_RELAY_PORT,
	FIELD_RELAY_PATH,
	FIELD_DELAY,
	FIELD_DELAYS,
	FIELD_DSN,
	FIELD_STATUS,
	FIELD_TEXT,
	FIELD_SMTP_CODE,
	FIELD_COMMAND,
	FIELD_CLIENT_HOST,
	FIELD_CLIENT_IP,
	FIELD_SENDER,
	FIELD_HELO,
	FIELD_SESSION,
	FIELD_CHANNEL,
	FIELD_SENDER_LOCAL,
	FIELD_SENDER_DOMAIN,
	FIELD_ORIG_CLIENT_HOST,
	FIELD_ORIG_CLIENT_IP,
	FIELD_SASL_USERNAME,
	FIELD_MESSAGE_ID,
	FIELD_SIZE,
	FIELD_NRCPT,
	FIELD_ORIG_ID,
	FIELD_UID,
	FIELD_COUNT
};

struct fields {
	enum line_kind kind;
	/* Borrowed from the normaliser, until its next line; empty: absent. */
	struct slice values[FIELD_COUNT];
};

/* The field named `name`; FIELD_COUNT if there is none. */
enum field field_from_name(struct slice name);

#endif
