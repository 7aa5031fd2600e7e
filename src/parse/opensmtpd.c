/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/recall.h"
#include "parse/address.h"
#include "parse/format.h"
#include "parse/glued.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Of all sessions, routes and domains those that were seen last. */
enum { SESSIONS = 8192, ROUTES = 4096, DOMAINS = 8192, LOGINS = 4096 };

/* An envelope's id begins with its message's. */
enum { MESSAGE_ID_LEN = 8 };

/* A route that failed stays disabled for an hour at most. */
#define ROUTE_US (3600 * INT64_C(1000000))

/*
 * What a server that could not be talked to has said is told of its session,
 * and each recipient has only "Network error on destination MXs" and the domain
 * it was for. So sessions are joined with the addresses they went to, and
 * addresses with domains: those whose mail they took or refused in this log,
 * and those in which the name of the address is. (The name is of the DNS: whose
 * address it is can choose it, which brings him no more than that his refusal
 * is shown for a domain that failed anyway.)
 */
struct memory {
	struct recall *sessions; /* address, name */
	struct recall *routes;   /* by address: name, why it failed last */
	struct recall *domains;  /* address; second is not empty: by a mail */
	struct recall *logins;   /* by session: SASL user */
	struct buf domain;       /* scratch: one in lower case */
};

static void *memory_make(void)
{
	struct memory *memory = memory_new(1, sizeof(*memory));

	memory->sessions = recall_new(SESSIONS);
	memory->routes = recall_new(ROUTES);
	memory->domains = recall_new(DOMAINS);
	memory->logins = recall_new(LOGINS);
	return memory;
}

static void memory_drop(void *made)
{
	struct memory *memory = made;

	recall_free(memory->sessions);
	recall_free(memory->routes);
	recall_free(memory->domains);
	recall_free(memory->logins);
	buf_clear(&memory->domain);
	free(memory);
}

/* A log may be of many servers. */
static uint64_t key_of(const struct recall *recall,
		       const struct reading *reading, struct slice name)
{
	const struct slice parts[] = { reading->header->host, name };

	return recall_key(recall, parts, COUNT(parts));
}

/* As key_of(), of a domain or a host, in either case. */
static uint64_t domain_key(const struct reading *reading, struct slice name)
{
	struct memory *memory = reading->memory;
	struct buf *lower = &memory->domain;

	buf_reset(lower);
	for (size_t i = 0; i < name.len; i++)
		buf_add_char(lower, (char)tolower((unsigned char)name.at[i]));
	return key_of(memory->domains, reading, buf_slice(lower));
}

/* "<unknown>": the address has no name. */
static struct slice known_name(struct slice host)
{
	return slice_equal(host, SLICE("<unknown>")) ? (struct slice){ 0 }
						     : host;
}

/* "IPv6:2001:db8::1" and "[2001:db8::1]" are 2001:db8::1. */
static struct slice bare_ip(struct slice ip)
{
	(void)slice_skip(&ip, SLICE("IPv6:"));
	if (slice_starts(ip, SLICE("[")) && slice_ends(ip, SLICE("]")))
		ip = slice_head(slice_after(ip, 1), ip.len - 2);
	(void)slice_skip(&ip, SLICE("IPv6:"));
	return ip;
}

/* "192.0.2.1:25" without the port. */
static struct slice without_port(struct slice address)
{
	const char *colon = memrchr(address.at, ':', address.len);

	return colon ? slice_head(address, (size_t)(colon - address.at))
		     : address;
}

/* The names above `host` up to the one below the top are domains that mail may
 * be for. */
static void add_domains(const struct reading *reading, struct slice host,
			struct slice ip)
{
	struct memory *memory = reading->memory;
	struct recall *domains = memory->domains;
	struct slice label;

	while (host.len && memchr(host.at, '.', host.len)) {
		uint64_t key = domain_key(reading, host);
		struct recalled known;

		if (!recall_find(domains, key, &known) || !known.second.len)
			recall_put(domains, key,
				   &(struct recalled){ .first = ip });
		(void)slice_cut(&host, '.', &label);
	}
}

static void note_failed_route(const struct reading *reading)
{
	const struct slice *values = reading->fields->values;
	struct memory *memory = reading->memory;
	struct recalled session;

	if (!recall_find(
		    memory->sessions,
		    key_of(memory->sessions, reading, values[FIELD_SESSION]),
		    &session))
		return;
	recall_put(memory->routes,
		   key_of(memory->routes, reading, session.first),
		   &(struct recalled){ session.second, values[FIELD_TEXT],
				       reading->header->time.us });
	add_domains(reading, session.second, session.first);
}

static void note_login(const struct reading *reading)
{
	const struct slice *values = reading->fields->values;
	struct memory *memory = reading->memory;

	/* The user is the client's word. */
	if (slice_equal(values[FIELD_STATUS], SLICE("ok")))
		recall_put(
			memory->logins,
			key_of(memory->logins, reading, values[FIELD_SESSION]),
			&(struct recalled){
				.first = values[FIELD_SASL_USERNAME] });
}

static void note(const struct reading *reading)
{
	const struct slice *values = reading->fields->values;
	struct memory *memory = reading->memory;
	struct recalled peer = { 0 };

	if (reading->fields->kind == LINE_MESSAGE &&
	    !values[FIELD_CLIENT_IP].len)
		return;
	if (values[FIELD_SASL_USERNAME].len) {
		note_login(reading);
		return;
	}
	if (values[FIELD_CLIENT_IP].len) {
		peer.first = bare_ip(values[FIELD_CLIENT_IP]);
		peer.second = values[FIELD_CLIENT_HOST];
	} else if (values[FIELD_RELAY_IP].len) {
		peer.first = bare_ip(without_port(values[FIELD_RELAY_IP]));
		peer.second = values[FIELD_RELAY_HOST];
	} else {
		note_failed_route(reading);
		return;
	}
	recall_put(memory->sessions,
		   key_of(memory->sessions, reading, values[FIELD_SESSION]),
		   &peer);
}

/* This address takes mail for the recipient's domain, and can be talked to. */
static void note_route(const struct reading *reading,
		       const struct delivery *delivery)
{
	struct memory *memory = reading->memory;
	struct slice domain = address_domain(delivery->recipient,
					     &memory->domain);
	struct recalled ignored;

	(void)recall_take(memory->routes,
			  key_of(memory->routes, reading, delivery->relay_ip),
			  &ignored);
	if (domain.len)
		recall_put(memory->domains,
			   key_of(memory->domains, reading, domain),
			   &(struct recalled){ .first = delivery->relay_ip,
					       .second = SLICE("mail") });
}

static enum status status_of(struct slice result)
{
	static const struct {
		struct slice result;
		enum status status;
	} table[] = {
		{ SLICE("Ok"), STATUS_SENT },
		{ SLICE("TempFail"), STATUS_DEFERRED },
		{ SLICE("PermFail"), STATUS_BOUNCED },
		{ SLICE("LoopDetected"), STATUS_BOUNCED },
		{ SLICE("Expire"), STATUS_EXPIRED },
	};

	for (size_t i = 0; i < COUNT(table); i++)
		if (slice_equal(result, table[i].result))
			return table[i].status;
	return STATUS_NONE;
}

/* Whether the text is a server's answer: it begins with a code. */
static bool is_answer(struct slice text)
{
	struct slice head = slice_head(text, 3);
	uint64_t code;

	return slice_number(head, &code) && head.len == 3 && code >= 200 &&
	       code < 600 && (text.len == 3 || memchr(" -\t", text.at[3], 3));
}

/* "1d2h3m4s" in seconds; empty if it is none. */
static struct slice seconds_of(struct slice duration, struct buf *buf)
{
	static const struct {
		char unit;
		uint64_t seconds;
	} units[] = { { 'd', 86400 }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 } };
	size_t start = buf->len;
	uint64_t sum = 0;

	if (!duration.len)
		return duration;
	for (size_t i = 0; i < COUNT(units); i++) {
		struct slice digits;
		uint64_t number;

		if (!slice_cut(&duration, units[i].unit, &digits))
			continue;
		if (digits.len > 9 || !slice_number(digits, &number))
			return (struct slice){ 0 };
		sum += number * units[i].seconds;
	}
	if (duration.len)
		return (struct slice){ 0 };
	buf_add_number(buf, sum);
	return (struct slice){ buf->at + start, buf->len - start };
}

/* How the reason of a session that failed begins when the server has answered.
 */
static bool take_stage(struct slice *reason, enum stage *stage)
{
	static const struct {
		struct slice words;
		enum stage stage;
	} table[] = {
		{ SLICE("BANNER rejected: "), STAGE_BANNER },
		{ SLICE("HELO rejected: "), STAGE_EHLO },
		{ SLICE("EHLO rejected: "), STAGE_EHLO },
		{ SLICE("LHLO rejected: "), STAGE_EHLO },
		{ SLICE("STARTTLS rejected: "), STAGE_STARTTLS },
		{ SLICE("AUTH rejected: "), STAGE_AUTH },
	};

	for (size_t i = 0; i < COUNT(table); i++) {
		if (!slice_skip(reason, table[i].words))
			continue;
		*stage = table[i].stage;
		return true;
	}
	return false;
}

/* A connection that was not made, by the words of the session. */
static enum stage stage_of_failure(struct slice reason)
{
	static const struct slice words[] = {
		SLICE("Connection failed: "),
		SLICE("IO Error: Connection refused"),
		SLICE("Connection timeout"),
	};

	for (size_t i = 0; i < COUNT(words); i++)
		if (slice_starts(reason, words[i]))
			return STAGE_CONNECT;
	return STAGE_NONE;
}

/* "Network error on destination MXs": what the log proves of the cause. */
static void explain_route(const struct reading *reading, struct slice domain,
			  struct delivery *delivery)
{
	struct memory *memory = reading->memory;
	struct recalled link;
	struct recalled route;

	if (!recall_find(memory->domains, domain_key(reading, domain), &link) ||
	    !recall_find(memory->routes,
			 key_of(memory->routes, reading, link.first), &route) ||
	    reading->header->time.us - route.at_us > ROUTE_US)
		return;
	delivery->relay_ip = link.first;
	delivery->relay_host = known_name(route.first);
	if (take_stage(&route.second, &delivery->stage)) {
		delivery->form = TEXT_ANSWER;
		delivery->text = glued_part(route.second, reading->buf);
		return;
	}
	delivery->stage = stage_of_failure(route.second);
	delivery->text = route.second;
}

/* "smtp failed-command": the command is the client's words, the result mostly
 * the server's own. The first result that can be one counts. */
static struct slice find_result(struct slice text)
{
	struct slice rest = text;
	struct slice before;

	do {
		if (is_answer(rest) && rest.at[0] >= '4')
			return rest;
	} while (slice_cut_at(&rest, SLICE("\" result=\""), &before));
	return text;
}

static enum stage stage_of_command(struct slice *command)
{
	static const struct {
		struct slice word; /* in lower case */
		enum stage stage;
	} table[] = {
		{ SLICE("rcpt to:"), STAGE_RCPT },
		{ SLICE("mail from:"), STAGE_MAIL },
		{ SLICE("helo"), STAGE_EHLO },
		{ SLICE("ehlo"), STAGE_EHLO },
		{ SLICE("starttls"), STAGE_STARTTLS },
		{ SLICE("auth"), STAGE_AUTH },
		{ SLICE("data"), STAGE_DATA },
		{ SLICE("."), STAGE_EOM },
	};

	for (size_t i = 0; i < COUNT(table); i++) {
		if (!slice_starts_nocase(*command, table[i].word))
			continue;
		*command = slice_trim(slice_after(*command, table[i].word.len));
		return table[i].stage;
	}
	/* A filter refuses the client itself before any command. */
	return command->len ? STAGE_NONE : STAGE_CONNECT;
}

/* "<a@b.example> NOTIFY=NEVER" without brackets and what stands behind. */
static struct slice path_of(struct slice argument)
{
	struct slice tail = SLICE("> ");
	struct slice rest = argument;
	struct slice path = address_next(&rest);
	struct slice before;

	rest = path;
	if (slice_cut_at(&rest, tail, &before))
		path = slice_head(path, before.len + 1);
	return address_without_brackets(path);
}

/* Whom the session is with. */
static void fill_client(const struct reading *reading,
			struct delivery *delivery)
{
	const struct slice session = reading->fields->values[FIELD_SESSION];
	struct memory *memory = reading->memory;
	struct recalled client;

	if (!recall_find(memory->sessions,
			 key_of(memory->sessions, reading, session), &client))
		return;
	delivery->client_host = known_name(client.second);
	delivery->nearness = NEAR_INSIDE;
	if (slice_equal(client.first, SLICE("local")))
		return;
	delivery->client_ip = client.first;
	delivery->nearness = nearness_of(client.first);
}

static void fill_reject(const struct reading *reading,
			struct delivery *delivery)
{
	const struct slice *values = reading->fields->values;
	struct slice argument = values[FIELD_COMMAND];

	delivery->service = SLICE("smtp");
	delivery->status = STATUS_REJECTED;
	delivery->queue_id = values[FIELD_SESSION];
	delivery->stage = stage_of_command(&argument);
	if (delivery->stage == STAGE_RCPT)
		delivery->recipient = path_of(argument);
	else if (delivery->stage == STAGE_MAIL)
		delivery->sender = path_of(argument);
	delivery->text = glued_part(find_result(delivery->text), reading->buf);
	fill_client(reading, delivery);
}

/* The message's line, or that of one of its envelopes. */
static void fill_message(const struct reading *reading,
			 struct delivery *delivery)
{
	const struct slice *values = reading->fields->values;
	struct memory *memory = reading->memory;
	struct recalled login;

	delivery->queue_id = slice_head(values[FIELD_QUEUE_ID], MESSAGE_ID_LEN);
	delivery->sender = values[FIELD_SENDER];
	delivery->null_sender = values[FIELD_RECIPIENT].len &&
				!delivery->sender.len;
	delivery->size = values[FIELD_SIZE];
	delivery->nrcpt = values[FIELD_NRCPT];
	fill_client(reading, delivery);
	if (recall_find(memory->logins,
			key_of(memory->logins, reading, values[FIELD_SESSION]),
			&login))
		delivery->sasl_username = login.first;
}

/* mail.lmtp delivers by LMTP: what its server said is its answer. */
static void fill_local(struct delivery *delivery)
{
	struct slice rest = delivery->text;
	struct slice before;

	delivery->service = SLICE("mda");
	delivery->stage = STAGE_LOCAL;
	if (!slice_cut_at(&rest, SLICE("LMTP server error: "), &before) ||
	    !is_answer(rest))
		return;
	if (slice_ends(rest, SLICE("\")")))
		rest.len -= 2;
	delivery->form = TEXT_ANSWER;
	delivery->text = rest;
}

/* "550#0115.1.1 no": rsyslog has written the tab behind the code so. */
static struct slice without_tab(struct slice text, struct buf *buf)
{
	size_t start = buf->len;

	if (!slice_starts(slice_after(text, 3), SLICE("#011")))
		return text;
	buf_add(buf, slice_head(text, 3));
	buf_add_char(buf, ' ');
	buf_add(buf, slice_after(text, sizeof("550#011") - 1));
	return (struct slice){ buf->at + start, buf->len - start };
}

static void fill_relayed(const struct reading *reading,
			 struct delivery *delivery)
{
	const struct slice *values = reading->fields->values;

	delivery->service = SLICE("mta");
	delivery->relay_ip = bare_ip(values[FIELD_RELAY_IP]);
	/* Without an address it is a domain, or no server was reached. */
	if (delivery->relay_ip.len) {
		delivery->relay_host = known_name(values[FIELD_RELAY_HOST]);
		note_route(reading, delivery);
	}
	delivery->text = without_tab(delivery->text, reading->buf);
	if (is_answer(delivery->text)) {
		delivery->form = TEXT_ANSWER;
		delivery->text = glued_part(delivery->text, reading->buf);
	} else if (slice_equal(delivery->text,
			       SLICE("Network error on destination MXs"))) {
		explain_route(reading, values[FIELD_RELAY_HOST], delivery);
	}
}

static void fill_delivery(const struct reading *reading,
			  struct delivery *delivery)
{
	const struct slice *values = reading->fields->values;
	struct slice channel = values[FIELD_CHANNEL];

	delivery->queue_id = values[FIELD_QUEUE_ID];
	delivery->message = slice_head(delivery->queue_id, MESSAGE_ID_LEN);
	delivery->recipient = values[FIELD_RECIPIENT];
	if (!slice_equal(values[FIELD_ORIG_TO], SLICE("-")) &&
	    !slice_equal(values[FIELD_ORIG_TO], values[FIELD_RECIPIENT]))
		delivery->orig_to = values[FIELD_ORIG_TO];
	delivery->delay = seconds_of(values[FIELD_DELAY], reading->buf);
	delivery->status = status_of(values[FIELD_STATUS]);
	delivery->untried = delivery->status == STATUS_EXPIRED;
	delivery->form = TEXT_OWN;
	if (slice_equal(channel, SLICE("mda")) ||
	    slice_equal(channel, SLICE("delivery")))
		fill_local(delivery);
	else
		fill_relayed(reading, delivery);
}

static bool read(const struct reading *reading, struct delivery *delivery)
{
	const struct fields *fields = reading->fields;
	bool reject = fields->kind == LINE_REJECT;

	if (fields->kind == LINE_MESSAGE) {
		fill_message(reading, delivery);
		return true;
	}
	delivery->text = fields->values[FIELD_TEXT];
	if ((reject ||
	     slice_equal(fields->values[FIELD_CHANNEL], SLICE("mta"))) &&
	    slice_ends(delivery->text, SLICE("\"")))
		delivery->text.len--;
	/* Nothing is in it yet; a text that was kept may need more room than
	 * this line does. */
	buf_reserve(reading->buf, 2 * RECALL_TEXT_MAX);
	if (reject)
		fill_reject(reading, delivery);
	else
		fill_delivery(reading, delivery);
	return delivery->status != STATUS_NONE;
}

static bool suspects(struct slice message)
{
	static const struct slice marks[] = {
		SLICE("delivery evpid="),
		SLICE("failed-command command="),
		SLICE(": Expire for "),
	};

	for (size_t i = 0; i < COUNT(marks); i++)
		if (slice_find(message, marks[i]) != SIZE_MAX)
			return true;
	return false;
}

const struct format opensmtpd_format = {
	.read = read,
	.suspects = suspects,
	.memory_new = memory_make,
	.memory_free = memory_drop,
	.note = note,
};
