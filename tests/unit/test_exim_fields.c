/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "parse/exim_fields.h"

/* In the order of struct exim_fields; error: what "defer (N)" says, or NULL. */
static const struct {
	const char *text;
	struct {
		const char *transport;
		const char *host;
		const char *ip;
		const char *port;
		const char *confirmation;
		const char *queue_time;
		const char *delivery_time;
		const char *error;
		const char *error_text;
		const char *text;
	} want;
} cases[] = {
	{ "", { NULL } },
	{ ": Unrouteable address", { .text = "Unrouteable address" } },
	{ " R=aliases: No Such User", { .text = "No Such User" } },
	{ " R=aliases : 550 No", { .text = "550 No" } },
	{ " R=aliases :", { NULL } },
	{ " R=r T=t", { .transport = "t" } },
	{ " R=r T=t: a: b", { .transport = "t", .text = "a: b" } },
	{ " H=mx.a [192.0.2.1]: x",
	  { .host = "mx.a", .ip = "192.0.2.1", .text = "x" } },
	{ " H=mx.a [192.0.2.1]* C=\"x\"",
	  { .host = "mx.a", .ip = "192.0.2.1", .confirmation = "x" } },
	{ " H=mx.a DS [2001:db8::1]:25*: x",
	  { .host = "mx.a", .ip = "2001:db8::1", .port = "25", .text = "x" } },
	{ " H=mx.a T=t", { .host = "mx.a", .transport = "t" } },
	{ " H=mx.a [192.0.2.1", { .host = "mx.a" } },
	{ " H=[192.0.2.1] [192.0.2.1]: x",
	  { .host = "[192.0.2.1]", .ip = "192.0.2.1", .text = "x" } },
	/* Each of them, and in between what nobody asks for. */
	{ " F=<a@b> Q=q SRS=<s@b> P=<a@b> R=r T=t S=1 H=h [1::2]:25* "
	  "PRX=[1.2.3.4]:1080 I=[1.2.3.5]:1 TFO* X=TLS1.3:A:256* CV=yes "
	  "DN=\"/CN=h\" A=p:u:s L* PRDR K C=\"250 ok\" QT=1s DT=2s",
	  { .transport = "t",
	    .host = "h",
	    .ip = "1::2",
	    .port = "25",
	    .confirmation = "250 ok",
	    .queue_time = "1s",
	    .delivery_time = "2s" } },
	{ " NEW=1 words T=t", { .transport = "t" } },
	/* An address may hold what looks like fields. */
	{ " F=<\"a> T=x: y\"@b> T=t: z", { .transport = "t", .text = "z" } },
	{ " P=<\"a> T=x: \\\"y\"@b> T=t: z",
	  { .transport = "t", .text = "z" } },
	{ " F=<unfinished T=t: z", { .transport = "t", .text = "z" } },
	/* The server's words: quotes are escaped there. */
	{ " C=\"250 a\\\" QT=9s\\\\\" QT=1s",
	  { .confirmation = "250 a\\\" QT=9s\\\\", .queue_time = "1s" } },
	{ " C=\"250 cut: x QT=1s", { .confirmation = "250 cut: x QT=1s" } },
	/* A certificate's are not: a name ends where a field ends. */
	{ " DN=\"/CN=a\"b: c\" T=t: x", { .transport = "t", .text = "x" } },
	{ " DN=\"/CN=a\": x", { .text = "x" } },
	{ " DN=\"cut: x", { NULL } },
	/* What the certificate brings comes too late. */
	{ " T=t H=h [1.2.3.4] DN=\"x\" T=u H=g [1.2.3.5] y\": z",
	  { .transport = "t", .host = "h", .ip = "1.2.3.4", .text = "z" } },
	{ " T=t defer (-44) H=h [1.2.3.4]: x",
	  { .transport = "t",
	    .host = "h",
	    .ip = "1.2.3.4",
	    .error = "-44",
	    .text = "x" } },
	{ " defer (111): Connection refused",
	  { .error = "111", .error_text = "Connection refused" } },
	{ " defer (110): Connection timed out H=h [1.2.3.4] DT=1s: x H=y",
	  { .host = "h",
	    .ip = "1.2.3.4",
	    .delivery_time = "1s",
	    .error = "110",
	    .error_text = "Connection timed out",
	    .text = "x H=y" } },
	{ " defer (110): Connection timed out: SMTP timeout",
	  { .error = "110",
	    .error_text = "Connection timed out",
	    .text = "SMTP timeout" } },
	{ " routing defer (-1): x: y", { .error = "-1", .text = "x: y" } },
	{ " defer (0): x", { .error = "0", .text = "x" } },
	{ " defer (-99999999999): x", { .text = "x" } },
	{ " defer (x): y", { .text = "y" } },
	{ " defer (1", { NULL } },
	/* Nothing behind the colon is a field. */
	{ " T=t: x defer (-1) T=u H=h [1.2.3.4] C=\"y\" DT=1s",
	  { .transport = "t",
	    .text = "x defer (-1) T=u H=h [1.2.3.4] C=\"y\" DT=1s" } },
};

static void assert_slice(const char *name, struct slice got, const char *want)
{
	if (!want)
		want = "";
	if (!slice_equal(got, slice_from(want)))
		fail_msg("%s is \"%.*s\", not \"%s\"", name, (int)got.len,
			 got.len ? got.at : "", want);
}

static void reads_the_list_from_the_left(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t len = strlen(cases[i].text);
		char *copy = malloc(len + 1); /* reading past its end is seen */
		struct exim_fields got;

		print_message("%s\n", cases[i].text);
		assert_non_null(copy);
		memcpy(copy, cases[i].text, len);
		exim_fields_parse((struct slice){ copy, len }, &got);
		assert_slice("T=", got.transport, cases[i].want.transport);
		assert_slice("H=", got.host, cases[i].want.host);
		assert_slice("ip", got.ip, cases[i].want.ip);
		assert_slice("port", got.port, cases[i].want.port);
		assert_slice("C=", got.confirmation,
			     cases[i].want.confirmation);
		assert_slice("QT=", got.queue_time, cases[i].want.queue_time);
		assert_slice("DT=", got.delivery_time,
			     cases[i].want.delivery_time);
		assert_int_equal(got.deferred, cases[i].want.error != NULL);
		if (got.deferred)
			assert_int_equal(got.error,
					 strtol(cases[i].want.error, NULL, 10));
		assert_slice("error", got.error_text, cases[i].want.error_text);
		assert_slice("text", got.text, cases[i].want.text);
		free(copy);
	}
}

/* Every field that may be there or not, in all 2048 combinations. */
static void reads_every_combination(void **state)
{
	static const char *const fields[] = {
		" F=<a@b.example>",
		" P=<a@b.example>",
		" R=dnslookup",
		" S=450",
		" I=[192.0.2.9]:1",
		" X=TLS1.3:AES:256",
		" CV=no",
		" DN=\"/CN=a b\"",
		" A=login",
		" L",
		" K",
	};
	char text[512];

	(void)state;
	for (unsigned set = 0; set < 1u << COUNT(fields); set++) {
		struct exim_fields got;
		size_t len = 0;

		for (size_t i = 0; i < COUNT(fields); i++) {
			if (i == 3)
				len += (size_t)snprintf(
					text + len, sizeof(text) - len,
					" T=smtp H=h [1.2.3.4]");
			if (set & 1u << i)
				len += (size_t)snprintf(text + len,
							sizeof(text) - len,
							"%s", fields[i]);
		}
		(void)snprintf(text + len, sizeof(text) - len, ": 550 T=x: y");
		exim_fields_parse(slice_from(text), &got);
		assert_slice("T=", got.transport, "smtp");
		assert_slice("H=", got.host, "h");
		assert_slice("ip", got.ip, "1.2.3.4");
		assert_slice("text", got.text, "550 T=x: y");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_list_from_the_left),
		cmocka_unit_test(reads_every_combination),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
