/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/fields.h"

static const struct slice names[FIELD_COUNT] = {
	[FIELD_QUEUE_ID] = SLICE("queue_id"),
	[FIELD_RECIPIENT] = SLICE("recipient"),
	[FIELD_RECIPIENT_LOCAL] = SLICE("recipient_local"),
	[FIELD_RECIPIENT_DOMAIN] = SLICE("recipient_domain"),
	[FIELD_RECIPIENT_TAIL] = SLICE("recipient_tail"),
	[FIELD_OTHERS] = SLICE("others"),
	[FIELD_ORIG_TO] = SLICE("orig_to"),
	[FIELD_ORIG_TO_LOCAL] = SLICE("orig_to_local"),
	[FIELD_ORIG_TO_DOMAIN] = SLICE("orig_to_domain"),
	[FIELD_SERVICE] = SLICE("service"),
	[FIELD_RELAY_HOST] = SLICE("relay_host"),
	[FIELD_RELAY_IP] = SLICE("relay_ip"),
	[FIELD_RELAY_PORT] = SLICE("relay_port"),
	[FIELD_RELAY_PATH] = SLICE("relay_path"),
	[FIELD_DELAY] = SLICE("delay"),
	[FIELD_DELAYS] = SLICE("delays"),
	[FIELD_DSN] = SLICE("dsn"),
	[FIELD_STATUS] = SLICE("status"),
	[FIELD_TEXT] = SLICE("text"),
	[FIELD_SMTP_CODE] = SLICE("smtp_code"),
	[FIELD_COMMAND] = SLICE("command"),
	[FIELD_CLIENT_HOST] = SLICE("client_host"),
	[FIELD_CLIENT_IP] = SLICE("client_ip"),
	[FIELD_SENDER] = SLICE("sender"),
	[FIELD_HELO] = SLICE("helo"),
	[FIELD_SESSION] = SLICE("session"),
	[FIELD_CHANNEL] = SLICE("channel"),
	[FIELD_SENDER_LOCAL] = SLICE("sender_local"),
	[FIELD_SENDER_DOMAIN] = SLICE("sender_domain"),
	[FIELD_ORIG_CLIENT_HOST] = SLICE("orig_client_host"),
	[FIELD_ORIG_CLIENT_IP] = SLICE("orig_client_ip"),
	[FIELD_SASL_USERNAME] = SLICE("sasl_username"),
	[FIELD_MESSAGE_ID] = SLICE("message_id"),
	[FIELD_SIZE] = SLICE("size"),
	[FIELD_NRCPT] = SLICE("nrcpt"),
	[FIELD_ORIG_ID] = SLICE("orig_id"),
	[FIELD_UID] = SLICE("uid"),
};

enum field field_from_name(struct slice name)
{
	for (enum field field = 0; field < FIELD_COUNT; field++)
		if (name.len && name.at[0] == names[field].at[0] &&
		    slice_equal(name, names[field]))
			return field;
	return FIELD_COUNT;
}
