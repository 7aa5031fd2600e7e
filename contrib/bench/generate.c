/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes a synthetic Postfix log to standard output, as large as wanted, for
 * measuring. The same options give the same bytes on every machine: there is
 * no clock, no locale and no floating point in it. Messages overlap as on a
 * busy server, the receiving domains follow Zipf's law. With --truth it says
 * on standard error what a reader of the log must have counted.
 *
 * Only outcomes of deliveries contain "status=", and only inbound rejects
 * contain "NOQUEUE: reject:": grep can check the truth.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"
#include "replies.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	OUTPUT_SIZE = 1 << 20,
	LINE_SIZE = 2048, /* Postfix cuts its messages at 2000 bytes */
	VALUE_SIZE = 112,
	ACTIVE_MESSAGES = 32,
	DOMAINS_MAX = 1000000,
	LINE_GAP_US = 80000, /* at most; half of it on average */
	MONDAY = 20458,      /* 2026-01-05 in days since 1970 */
	DAY_S = 86400,
	SECOND_US = 1000000,
};

/* A run of bytes that grows up to `size`; what does not fit is dropped. */
struct sink {
	char *at;
	size_t len;
	size_t size;
};

struct value {
	size_t len;
	char at[VALUE_SIZE];
};

struct domain {
	struct value name;
	struct value host;
	struct value address;
	enum place place;
	uint64_t share; /* of this domain and all before it */
};

/* The rows of a table that belong to one place. */
struct group {
	const struct outcome *first;
	unsigned weight;
};

/* One message on its way. Its values are named by capital letters. */
struct message {
	struct value values[26];
	size_t step;
	unsigned pid;
	unsigned left; /* recipients that are still to come */
	bool local;    /* handed in by a program of this machine */
	bool bounced;
	bool deferred;
	enum place place; /* of the recipient in hand */
};

struct options {
	uint64_t bytes;
	uint64_t failures; /* per cent */
	uint64_t seed;
	uint64_t domains;
	bool only_failures;
	bool rfc3339;
	bool truth;
};

struct generator {
	const struct options *options;
	uint64_t random;
	uint64_t now_us;
	uint64_t stamp_s; /* the second that `stamp` shows */
	struct value stamp;
	uint64_t bytes; /* of whole lines given to `output` */
	uint64_t counts[KIND_COUNT];
	bool full;
	bool broken; /* the output took no more */
	struct group sent[PLACE_COUNT];
	struct group failed[PLACE_COUNT];
	struct domain *domains;
	struct message active[ACTIVE_MESSAGES];
	struct message visitor; /* of lines that belong to no message */
	struct sink line;
	struct sink output;
	char line_bytes[LINE_SIZE];
	char output_bytes[OUTPUT_SIZE];
};

static uint64_t random_next(struct generator *generator)
{
	uint64_t mixed = generator->random += 0x9e3779b97f4a7c15U;

	mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
	mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
	return mixed ^ (mixed >> 31);
}

/* 0 to limit - 1; limit is below 2^32. */
static uint64_t below(struct generator *generator, uint64_t limit)
{
	return ((random_next(generator) >> 32) * limit) >> 32;
}

static bool chance(struct generator *generator, uint64_t percent)
{
	return below(generator, 100) < percent;
}

static void put(struct sink *sink, const char *at, size_t len)
{
	size_t room = sink->size - sink->len;

	if (len > room)
		len = room;
	memcpy(sink->at + sink->len, at, len);
	sink->len += len;
}

static void put_string(struct sink *sink, const char *string)
{
	put(sink, string, strlen(string));
}

static void put_value(struct sink *sink, const struct value *value)
{
	put(sink, value->at, value->len);
}

/* At least `width` digits. */
static void put_number(struct sink *sink, uint64_t number, size_t width)
{
	char digits[20];
	size_t at = sizeof(digits);

	while (number || at > sizeof(digits) - width) {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	}
	put(sink, digits + at, sizeof(digits) - at);
}

/* `count` characters of the alphabet, at most twelve. */
static void put_random(struct generator *generator, struct sink *sink,
		       const char *alphabet, size_t count)
{
	uint64_t random = random_next(generator);
	size_t base = strlen(alphabet);
	char text[12];

	for (size_t i = 0; i < count; i++) {
		text[i] = alphabet[random % base];
		random /= base;
	}
	put(sink, text, count);
}

static void put_address(struct generator *generator, struct sink *sink)
{
	put_string(sink, "198.18.");
	put_number(sink, below(generator, 256), 1);
	put(sink, ".", 1);
	put_number(sink, 1 + below(generator, 254), 1);
}

static void put_word(struct generator *generator, struct sink *sink,
		     const char *const *words, size_t count)
{
	put_string(sink, words[below(generator, count)]);
}

/* What a small letter stands for: something new each time. */
static void put_made_up(struct generator *generator, struct sink *sink,
			char letter)
{
	static const char *const first[] = { "anna",  "jonas", "mehmet",
					     "lena",  "paul",  "sofia",
					     "marie", "tom",   "agnieszka",
					     "luca",  "ines",  "oliver" };
	static const char *const last[] = { "schmidt", "meyer",  "yilmaz",
					    "dubois",  "rossi",  "novak",
					    "weber",   "jensen", "becker",
					    "garcia",  "smith",  "kowalska" };
	static const char consonants[] = "0123456789BCDFGHJKLMNPQRSTVWXYZ"
					 "bcdfghjklmnpqrstvwxy";
	static const char *const ciphers[] = {
		"TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)",
		("TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) "
		 "key-exchange X25519 server-signature RSA-PSS (2048 bits) "
		 "server-digest SHA256"),
		"TLSv1.2 with cipher AES256-GCM-SHA384 (256/256 bits)",
	};

	switch (letter) {
	case 'n': /* a small number */
		put_number(sink, 1 + below(generator, 99), 1);
		break;
	case 'k': /* a number of six digits */
		put_number(sink, 100000 + below(generator, 900000), 1);
		break;
	case 'p': /* a port */
		put_number(sink, 1024 + below(generator, 64000), 1);
		break;
	case 'x': /* eight hexadecimal digits */
		put_random(generator, sink, "0123456789abcdef", 8);
		break;
	case 'z': /* an identifier */
		put_random(generator, sink,
			   "0123456789abcdefghijklmnopqrstuvwxyz", 11);
		break;
	case 'q': /* a long queue id */
		put(sink, "4d", 2);
		put_random(generator, sink, consonants, 6);
		put(sink, "z", 1);
		put_random(generator, sink, consonants, 4);
		break;
	case 'i': /* an IPv4 address */
		put_address(generator, sink);
		break;
	case 'c': /* protocol and cipher */
		put_word(generator, sink, ciphers, COUNT(ciphers));
		break;
	case 'f': /* a first name */
		put_word(generator, sink, first, COUNT(first));
		break;
	case 'l': /* a last name */
		put_word(generator, sink, last, COUNT(last));
		break;
	default:
		put(sink, &letter, 1);
	}
}

/*
 * Writes the template with its %-letters replaced. Capitals are values of the
 * message: C client name[address], I its address, E helo, F sender, S sender's
 * domain, Q queue id, M message id, N number of recipients, P smtpd's program,
 * X SASL; R recipient, U its local part, D its domain, H relay host, A relay
 * address. Small letters: put_made_up().
 */
static void expand(struct generator *generator, struct sink *sink,
		   const char *template, const struct message *message)
{
	for (;;) {
		const char *stop = strchr(template, '%');

		if (!stop) {
			put_string(sink, template);
			return;
		}
		put(sink, template, (size_t)(stop - template));
		if (stop[1] >= 'A' && stop[1] <= 'Z')
			put_value(sink, &message->values[stop[1] - 'A']);
		else
			put_made_up(generator, sink, stop[1]);
		template = stop + 2;
	}
}

static void value_set(struct generator *generator, struct value *value,
		      const char *template, const struct message *message)
{
	struct sink sink = { value->at, 0, sizeof(value->at) };

	expand(generator, &sink, template, message);
	value->len = sink.len;
}

static void message_set(struct generator *generator, struct message *message,
			char letter, const char *template)
{
	value_set(generator, &message->values[letter - 'A'], template, message);
}

struct date {
	unsigned year;
	unsigned month; /* 0 to 11 */
	unsigned day;   /* 1 to 31 */
};

/* From days since 1970, by counting: it is asked for once a day of the log. */
static struct date date_from(uint64_t days)
{
	static const unsigned char lengths[] = { 31, 28, 31, 30, 31, 30,
						 31, 31, 30, 31, 30, 31 };
	struct date date = { 1970, 0, 1 };

	for (;;) {
		bool leap = date.year % 4 == 0 &&
			    (date.year % 100 != 0 || date.year % 400 == 0);
		unsigned length = lengths[date.month];

		if (leap && date.month == 1)
			length++;
		if (days < length)
			break;
		days -= length;
		if (++date.month == 12) {
			date.month = 0;
			date.year++;
		}
	}
	date.day += (unsigned)days;
	return date;
}

static void put_clock(struct sink *sink, uint64_t second)
{
	put_number(sink, second / 3600, 2);
	put(sink, ":", 1);
	put_number(sink, second / 60 % 60, 2);
	put(sink, ":", 1);
	put_number(sink, second % 60, 2);
}

/* Renders the second anew; the fraction is added to each line. */
static void stamp_render(struct generator *generator)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct value *stamp = &generator->stamp;
	struct sink sink = { stamp->at, 0, sizeof(stamp->at) };
	uint64_t second = generator->stamp_s;
	struct date date = date_from(second / DAY_S);

	if (generator->options->rfc3339) {
		put_number(&sink, date.year, 4);
		put(&sink, "-", 1);
		put_number(&sink, date.month + 1, 2);
		put(&sink, "-", 1);
		put_number(&sink, date.day, 2);
		put(&sink, "T", 1);
	} else {
		put(&sink, months + 3 * (size_t)date.month, 3);
		put_string(&sink, date.day < 10 ? "  " : " ");
		put_number(&sink, date.day, 1);
		put(&sink, " ", 1);
	}
	put_clock(&sink, second % DAY_S);
	stamp->len = sink.len;
}

static void output_flush(struct generator *generator)
{
	struct sink *output = &generator->output;

	if (fwrite(output->at, 1, output->len, stdout) != output->len)
		generator->broken = generator->full = true;
	output->len = 0;
}

static void line_begin(struct generator *generator, const char *program,
		       unsigned pid, const struct message *message)
{
	struct sink *line = &generator->line;

	generator->now_us += 1 + below(generator, LINE_GAP_US);
	if (generator->now_us / SECOND_US != generator->stamp_s) {
		generator->stamp_s = generator->now_us / SECOND_US;
		stamp_render(generator);
	}
	line->len = 0;
	put_value(line, &generator->stamp);
	if (generator->options->rfc3339) {
		put(line, ".", 1);
		put_number(line, generator->now_us % SECOND_US, 6);
		put_string(line, "+01:00");
	}
	put_string(line, " mx1 ");
	expand(generator, line, program, message);
	put(line, "[", 1);
	put_number(line, pid, 1);
	put(line, "]: ", 3);
}

/* Only a whole line that still fits into the wanted size goes out. */
static void line_end(struct generator *generator, enum kind kind)
{
	struct sink *line = &generator->line;

	if (line->len == line->size)
		line->len--; /* was too long: room for the newline */
	put(line, "\n", 1);
	if (generator->bytes + line->len > generator->options->bytes) {
		generator->full = true;
		return;
	}
	if (line->len > generator->output.size - generator->output.len)
		output_flush(generator);
	put(&generator->output, line->at, line->len);
	generator->bytes += line->len;
	generator->counts[kind]++;
}

static const char *const suffixes[] = { "",        "",       "",    "-bau",
					"-gmbh",   "-shop",  "-it", "-consult",
					"-medien", "-verein" };
static const char *const zones[] = {
	".example",    ".example", ".com.example",
	".de.example", ".test",    ".org.example"
};

/* Where the mail of the smaller domains is hosted: ten equal parts. */
static const struct provider hosters[] = {
	{ "", "mail.%D", PLACE_ANY },
	{ "", "mx1.%D", PLACE_ANY },
	{ "", "mx.%D", PLACE_ANY },
	{ "", "mx0%n.kundenserver.example", PLACE_ANY },
	{ "", "mxlb.ispgateway.example", PLACE_ANY },
	{ "", "aspmx.l.google.com", PLACE_GOOGLE },
	{ "", "alt1.aspmx.l.google.com", PLACE_GOOGLE },
	{ "", "%U.mail.protection.outlook.com", PLACE_MICROSOFT },
	{ "", "%U.mail.protection.outlook.com", PLACE_MICROSOFT },
	{ "", "eu-smtp-inbound-1.mimecast.com", PLACE_GATEWAY },
};

/* A name nobody else has: the number, spelt in syllables. */
static void domain_name(struct generator *generator, struct domain *domain,
			uint64_t number, struct message *scratch)
{
	struct value *name = &scratch->values['U' - 'A'];
	struct sink sink = { name->at, 0, sizeof(name->at) };

	for (number = number * 37 + 5003; number; number /= 64) {
		put(&sink, &"bdfghklmnprstvwz"[number % 16], 1);
		put(&sink, &"aeio"[number / 16 % 4], 1);
	}
	put_word(generator, &sink, suffixes, COUNT(suffixes));
	name->len = sink.len;
	sink = (struct sink){ domain->name.at, 0, sizeof(domain->name.at) };
	put_value(&sink, name);
	put_word(generator, &sink, zones, COUNT(zones));
	domain->name.len = sink.len;
}

static void domain_init(struct generator *generator, size_t rank)
{
	struct domain *domain = &generator->domains[rank];
	struct message *scratch = &generator->visitor;
	const struct provider *provider = &providers[rank % COUNT(providers)];

	if (rank < COUNT(providers)) {
		value_set(generator, &domain->name, provider->domain, scratch);
	} else {
		provider = &hosters[below(generator, COUNT(hosters))];
		domain_name(generator, domain, rank, scratch);
	}
	scratch->values['D' - 'A'] = domain->name;
	domain->place = provider->place;
	value_set(generator, &domain->host, provider->host, scratch);
	value_set(generator, &domain->address,
		  chance(generator, 20) ? "2001:db8:%n:%n::1a" : "%i", scratch);
}

/* Zipf's law: the domain of rank r gets 1/r of what the first one gets. */
static bool domains_init(struct generator *generator)
{
	size_t count = (size_t)generator->options->domains;
	uint64_t share = 0;

	generator->domains = calloc(count, sizeof(*generator->domains));
	if (!generator->domains)
		return false;
	for (size_t i = 0; i < count; i++) {
		domain_init(generator, i);
		share += ((uint64_t)1 << 40) / (i + 1);
		generator->domains[i].share = share;
	}
	return true;
}

static const struct domain *domain_pick(struct generator *generator)
{
	const struct domain *domains = generator->domains;
	size_t first = 0;
	size_t last = (size_t)generator->options->domains - 1;
	uint64_t wanted = random_next(generator) % domains[last].share;

	while (first < last) {
		size_t middle = first + (last - first) / 2;

		if (domains[middle].share > wanted)
			last = middle;
		else
			first = middle + 1;
	}
	return &domains[first];
}

static void groups_init(struct group *groups, const struct outcome *outcomes,
			size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct group *group = &groups[outcomes[i].place];

		if (!group->first)
			group->first = &outcomes[i];
		group->weight += outcomes[i].weight;
	}
	for (size_t i = 0; i < PLACE_COUNT; i++)
		if (!groups[i].first)
			groups[i] = groups[PLACE_ANY];
}

static const struct outcome *outcome_pick(struct generator *generator,
					  enum place place, bool fails)
{
	const struct group *group = &generator->sent[place];
	const struct outcome *outcome;
	uint64_t wanted;

	if (fails) {
		if (place < PLACE_LMTP &&
		    chance(generator, place == PLACE_ANY ? 30 : 12))
			place = PLACE_NETWORK;
		group = &generator->failed[place];
	}
	wanted = below(generator, group->weight);
	for (outcome = group->first; wanted >= outcome->weight; outcome++)
		wanted -= outcome->weight;
	return outcome;
}

static void recipient_set(struct generator *generator, struct message *message)
{
	static const char *const locals[] = {
		"%f.%l", "%f.%l", "%f%n", "%l",      "info", "kontakt",
		"%l.%f", "%f_%l", "%l%n", "office",  "%f",   "%f.%l%n",
		"sales", "%f-%l", "i%x",  "news+%z",
	};
	static const char *const own[] = { "mail.example", "kunden.example",
					   "lists.mail.example" };
	const struct domain *domain;

	message_set(generator, message, 'U',
		    below(generator, 400)
			    ? locals[below(generator, COUNT(locals))]
			    : "\"%f %l\"");
	if (chance(generator, 14)) {
		message->place = (enum place)(
			PLACE_LMTP +
			below(generator, PLACE_COUNT - PLACE_LMTP));
		message_set(generator, message, 'D',
			    own[below(generator, COUNT(own))]);
	} else {
		domain = domain_pick(generator);
		message->place = domain->place;
		message->values['D' - 'A'] = domain->name;
		message->values['H' - 'A'] = domain->host;
		message->values['A' - 'A'] = domain->address;
	}
	message_set(generator, message, 'R', "%U@%D");
}

/* Seconds as Postfix writes them: about two digits that count. */
static void put_delay(struct sink *sink, uint64_t hundredths)
{
	unsigned rest = (unsigned)(hundredths % 100);

	put_number(sink, hundredths / 100, 1);
	if (hundredths >= 1000)
		return;
	if (hundredths >= 100)
		rest -= rest % 10;
	if (!rest)
		return;
	put(sink, ".", 1);
	if (rest % 10)
		put_number(sink, rest, 2);
	else
		put_number(sink, rest / 10, 1);
}

/* "delay=1.2, delays=0.1/0.02/0.9/0.2, " */
static void put_delays(struct generator *generator, struct sink *sink,
		       bool deferred)
{
	uint64_t parts[4];
	uint64_t sum = 0;

	parts[0] = below(generator, 60);
	parts[1] = below(generator, 5);
	parts[2] = below(generator, 250);
	parts[3] = below(generator, 180);
	if (deferred && chance(generator, 40))
		parts[0] += below(generator, 40000000); /* days in the queue */
	for (size_t i = 0; i < COUNT(parts); i++)
		sum += parts[i];
	put_string(sink, "delay=");
	put_delay(sink, sum);
	put_string(sink, ", delays=");
	for (size_t i = 0; i < COUNT(parts); i++) {
		if (i)
			put(sink, "/", 1);
		put_delay(sink, parts[i]);
	}
	put(sink, ", ", 2);
}

static void deliver(struct generator *generator, struct message *message,
		    bool fails)
{
	static const char *const status[] = { "sent", "bounced", "deferred" };
	const struct outcome *outcome = outcome_pick(generator, message->place,
						     fails);
	struct sink *line = &generator->line;

	line_begin(generator, routes[outcome->route].program,
		   message->pid + ROUTE_COUNT - outcome->route, message);
	expand(generator, line, "%Q: to=<%R>, ", message);
	if (chance(generator, 6))
		expand(generator, line, "orig_to=<%f@mail.example>, ", message);
	put_string(line, "relay=");
	expand(generator, line, routes[outcome->route].relay, message);
	put(line, ", ", 2);
	if (outcome->route == ROUTE_SMTP && chance(generator, 10))
		expand(generator, line, "conn_use=%n, ", message);
	put_delays(generator, line, outcome->status == DEFERRED);
	put_string(line, "dsn=");
	put_string(line, outcome->dsn);
	put_string(line, ", status=");
	put_string(line, status[outcome->status]);
	put(line, " (", 2);
	expand(generator, line, outcome->text, message);
	put(line, ")", 1);
	message->bounced |= outcome->status == BOUNCED;
	message->deferred |= outcome->status == DEFERRED;
	line_end(generator, fails ? KIND_FAILED : KIND_SENT);
}

static void client_set(struct generator *generator, struct message *message)
{
	static const char *const names[] = {
		"mail.%S",
		"unknown",
		"mx%n.%S",
		"out-%n.smtp.%S",
		"p%x.dip0.provider.example",
	};
	static const char *const helos[] = { "mail.%S", "[%I]", "%S",
					     "localhost.localdomain" };

	message_set(generator, message, 'I', "%i");
	message_set(generator, message, 'E',
		    names[below(generator, COUNT(names))]);
	message_set(generator, message, 'C', "%E[%I]");
	message_set(generator, message, 'E',
		    helos[below(generator, COUNT(helos))]);
}

static void message_new(struct generator *generator, struct message *message)
{
	bool own = chance(generator, 35);

	message->step = 0;
	message->bounced = message->deferred = false;
	message->local = chance(generator, 8);
	message->left = 1;
	if (chance(generator, 30))
		message->left += 1 + (unsigned)below(generator, 2);
	message_set(generator, message, 'N',
		    (const char *const[]){ "1", "2", "3" }[message->left - 1]);
	if (own || message->local)
		message_set(generator, message, 'S', "kunden.example");
	else
		message->values['S' - 'A'] = domain_pick(generator)->name;
	message_set(generator, message, 'F',
		    chance(generator, 85) ? "%f.%l@%S" : "bounce-%k@%S");
	message_set(generator, message, 'P',
		    own ? "postfix/submission/smtpd" : "postfix/smtpd");
	message_set(generator, message, 'X',
		    own ? ", sasl_method=PLAIN, sasl_username=%F" : "");
	message_set(generator, message, 'Q', "%q");
	message_set(generator, message, 'M', "%x.%z.%k@%S");
	client_set(generator, message);
	recipient_set(generator, message);
}

static bool step_applies(const struct step *step, const struct message *message)
{
	switch (step->when) {
	case REMOTE:
		return !message->local;
	case LOCAL:
		return message->local;
	case OUTBOUND:
		return message->place < PLACE_LMTP;
	case BOUNCE:
		return message->bounced;
	case FINISHED:
		return !message->deferred;
	default:
		return true;
	}
}

/* One qmgr, one pickup; a smtpd and a smtp for each message under way. */
static unsigned step_pid(const struct step *step, const struct message *message)
{
	if (step->when == REMOTE)
		return message->pid;
	if (step->when == OUTBOUND)
		return message->pid + ROUTE_COUNT;
	return !strcmp(step->program, "postfix/qmgr")
		       ? 1001
		       : 1002 + (unsigned)(step - steps);
}

/* Writes the next line of the message, and begins a new one after the last. */
static void message_go_on(struct generator *generator, struct message *message)
{
	const struct step *step;

	do {
		if (message->step == COUNT(steps))
			message_new(generator, message);
		step = &steps[message->step++];
	} while (!step_applies(step, message) ||
		 !chance(generator, step->percent));
	if (step->when != DELIVERY) {
		line_begin(generator, step->program, step_pid(step, message),
			   message);
		expand(generator, &generator->line, step->template, message);
		line_end(generator, KIND_OTHER);
		return;
	}
	deliver(generator, message,
		chance(generator, generator->options->failures));
	if (--message->left) {
		message->step = RECIPIENT_STEP;
		recipient_set(generator, message);
	}
}

static void chatter(struct generator *generator)
{
	struct message *visitor = &generator->visitor;
	const struct chatter *row =
		&chatters[below(generator, COUNT(chatters))];

	message_new(generator, visitor);
	message_set(generator, visitor, 'R', "%U@kunden.example");
	line_begin(generator, row->program, 900 + (unsigned)(row - chatters),
		   visitor);
	expand(generator, &generator->line, row->template, visitor);
	line_end(generator, row->kind);
}

static bool generator_init(struct generator *generator,
			   const struct options *options)
{
	generator->options = options;
	generator->random = options->seed;
	generator->now_us = (uint64_t)MONDAY * DAY_S * SECOND_US;
	generator->line = (struct sink){ generator->line_bytes, 0,
					 sizeof(generator->line_bytes) };
	generator->output = (struct sink){ generator->output_bytes, 0,
					   sizeof(generator->output_bytes) };
	groups_init(generator->sent, sent_outcomes, COUNT(sent_outcomes));
	groups_init(generator->failed, failed_outcomes, COUNT(failed_outcomes));
	if (!domains_init(generator))
		return false;
	for (size_t i = 0; i < ACTIVE_MESSAGES; i++) {
		generator->active[i].pid = 2000 + 16 * (unsigned)i;
		message_new(generator, &generator->active[i]);
	}
	return true;
}

static void generator_run(struct generator *generator)
{
	while (!generator->full) {
		struct message *message =
			&generator->active[below(generator, ACTIVE_MESSAGES)];

		if (generator->options->only_failures) {
			message_new(generator, message);
			deliver(generator, message, true);
		} else if (chance(generator, 12)) {
			chatter(generator);
		} else {
			message_go_on(generator, message);
		}
	}
	output_flush(generator);
	if (fflush(stdout))
		generator->broken = true;
}

static void say_truth(const struct generator *generator)
{
	const uint64_t *counts = generator->counts;
	uint64_t deliveries = counts[KIND_SENT] + counts[KIND_FAILED];

	(void)fprintf(stderr,
		      "lines=%llu deliveries=%llu sent=%llu failures=%llu "
		      "rejects=%llu\n",
		      (unsigned long long)(deliveries + counts[KIND_OTHER] +
					   counts[KIND_REJECT]),
		      (unsigned long long)deliveries,
		      (unsigned long long)counts[KIND_SENT],
		      (unsigned long long)counts[KIND_FAILED],
		      (unsigned long long)counts[KIND_REJECT]);
}

static int usage(void)
{
	(void)fputs("usage: generate [--bytes N[K|M|G]] [--failures PERCENT] "
		    "[--only-failures]\n"
		    "                [--seed N] [--stamps rfc3164|rfc3339] "
		    "[--domains N] [--truth]\n",
		    stderr);
	return 2;
}

/* Digits, and one letter for powers of 1000. */
static bool number_parse(const char *text, uint64_t least, uint64_t most,
			 uint64_t *number)
{
	static const char units[] = "KMG";
	const char *unit;
	uint64_t found = 0;

	if (!*text)
		return false;
	for (; *text >= '0' && *text <= '9'; text++) {
		found = found * 10 + (uint64_t)(*text - '0');
		if (found > most)
			return false;
	}
	if (*text) {
		unit = strchr(units, *text++);
		if (!unit || *text)
			return false;
		for (; unit >= units; unit--)
			found *= 1000;
	}
	*number = found;
	return found >= least && found <= most;
}

static bool stamps_parse(const char *text, bool *rfc3339)
{
	*rfc3339 = !strcmp(text, "rfc3339");
	return *rfc3339 || !strcmp(text, "rfc3164");
}

static bool flag_parse(const char *name, struct options *options)
{
	if (!strcmp(name, "--only-failures"))
		options->only_failures = true;
	else if (!strcmp(name, "--truth"))
		options->truth = true;
	else
		return false;
	return true;
}

static bool option_parse(const char *name, const char *value,
			 struct options *options)
{
	static const uint64_t petabyte = 1000000000000000;

	if (!strcmp(name, "--bytes"))
		return number_parse(value, 1, petabyte, &options->bytes);
	if (!strcmp(name, "--failures"))
		return number_parse(value, 0, 100, &options->failures);
	if (!strcmp(name, "--seed"))
		return number_parse(value, 0, petabyte, &options->seed);
	if (!strcmp(name, "--domains"))
		return number_parse(value, 1, DOMAINS_MAX, &options->domains);
	if (!strcmp(name, "--stamps"))
		return stamps_parse(value, &options->rfc3339);
	return false;
}

int main(int argc, char **argv)
{
	struct options options = {
		.bytes = 100000000,
		.failures = 8,
		.seed = 1,
		.domains = 5000,
	};
	struct generator *generator;
	bool broken;

	for (int i = 1; i < argc; i++) {
		if (flag_parse(argv[i], &options))
			continue;
		if (i + 1 == argc ||
		    !option_parse(argv[i], argv[i + 1], &options))
			return usage();
		i++;
	}
	generator = calloc(1, sizeof(*generator));
	if (!generator || !generator_init(generator, &options)) {
		free(generator);
		(void)fputs("generate: out of memory\n", stderr);
		return 1;
	}
	generator_run(generator);
	if (options.truth)
		say_truth(generator);
	broken = generator->broken;
	if (broken)
		(void)fputs("generate: cannot write the output\n", stderr);
	free(generator->domains);
	free(generator);
	return broken ? 1 : 0;
}
