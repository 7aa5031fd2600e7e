/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdlib.h>
#include <time.h>

#include "parse/header.h"

#define REFERENCE_US INT64_C(1795424400000000) /* 2026-11-23T09:00:00Z */

static const struct {
	const char *line;
	const char *time; /* as stamp_write() has it */
	const char *host;
	const char *program;
	const char *pid;
	const char *message;
} headers[] = {
	/* Haraka and Stalwart, also behind a header of syslog */
	{ "2026-11-23T10:11:12.001Z [INFO] [-] [core] msg",
	  "2026-11-23T10:11:12.001+00:00", "", "haraka", "",
	  "[INFO] [-] [core] msg" },
	{ "Nov 23 10:11:12 mx1 haraka[12]: 2026-11-23T09:11:12.001Z [INFO] "
	  "[0E174DE1-B730-471F-AA64-4B7D27F814D5.1.1] [outbound] msg",
	  "2026-11-23T09:11:12.001+00:00", "mx1", "haraka", "12",
	  "[INFO] [0E174DE1-B730-471F-AA64-4B7D27F814D5.1.1] [outbound] msg" },
	{ "2026-11-23T10:11:12Z INFO A b (c.d-e) f = 1",
	  "2026-11-23T10:11:12+00:00", "", "stalwart", "",
	  "INFO A b (c.d-e) f = 1" },
	/* RFC 3164 */
	{ "Nov 23 10:11:12 mx1 postfix/smtp[12]: msg",
	  "2026-11-23T10:11:12+01:00", "mx1", "postfix/smtp", "12", "msg" },
	{ "Nov  3 10:11:12 mx1 postfix/submission/smtpd[4711]: msg",
	  "2026-11-03T10:11:12+01:00", "mx1", "postfix/submission/smtpd",
	  "4711", "msg" },
	/* postfix_exporter's mail.log: one blank, no padding */
	{ "Jan 1 00:00:00 hostname postfix/unknown[12345]: foo",
	  "2026-01-01T00:00:00+01:00", "hostname", "postfix/unknown", "12345",
	  "foo" },
	{ "Jan 01 00:00:00 hostname postfix1[12345]: foo",
	  "2026-01-01T00:00:00+01:00", "hostname", "postfix1", "12345", "foo" },
	{ "Nov 23 10:11:12.123456 mx1 postfix/smtp[12]: msg",
	  "2026-11-23T10:11:12.123456+01:00", "mx1", "postfix/smtp", "12",
	  "msg" },
	{ "<22>Nov 23 10:11:12 mx1 postfix/smtp[12]: msg",
	  "2026-11-23T10:11:12+01:00", "mx1", "postfix/smtp", "12", "msg" },
	{ "<0>Nov 23 10:11:12 mx1 postfix: msg", "2026-11-23T10:11:12+01:00",
	  "mx1", "postfix", "", "msg" },
	{ "<191>Nov 23 10:11:12 mx1 postfix: msg", "2026-11-23T10:11:12+01:00",
	  "mx1", "postfix", "", "msg" },
	/* Exchange's message tracking log: 20 columns at least */
	{ "2026-11-23T10:11:12.345Z,,,,EX1,,,ROUTING,FAIL,1,,,,,,,,,,",
	  "2026-11-23T10:11:12.345+00:00", "", "exchange", "",
	  ",,,EX1,,,ROUTING,FAIL,1,,,,,,,,,," },
	/* multilog, and qmail's own stamps without syslog */
	{ "@40000000419f13a508f3214c delivery 5: failure: x/",
	  "2004-11-20T10:51:23.150151+01:00", "", "qmail", "",
	  "delivery 5: failure: x/" },
	{ "1795477808.237823 new msg 1", "2026-11-24T00:50:08.237823+01:00", "",
	  "qmail", "", "new msg 1" },
	/* /dev/log: no host */
	{ "<22>Nov 23 10:00:01 postfix/smtp[12]: msg",
	  "2026-11-23T10:00:01+01:00", "", "postfix/smtp", "12", "msg" },
	{ "Nov 23 10:00:01 postfix: a b[1]: c", "2026-11-23T10:00:01+01:00", "",
	  "postfix", "", "a b[1]: c" },
	{ "Nov 23 10:00:01  postfix/smtp[12]: msg", "2026-11-23T10:00:01+01:00",
	  "", "postfix/smtp", "12", "msg" },
	{ "Nov 23 10:00:01 - postfix/smtp[12]: msg",
	  "2026-11-23T10:00:01+01:00", "", "postfix/smtp", "12", "msg" },
	{ "Nov 23 10:00:01 2001:db8::25 postfix/smtp[12]: msg",
	  "2026-11-23T10:00:01+01:00", "2001:db8::25", "postfix/smtp", "12",
	  "msg" },
	{ "Nov 23 10:00:01 2001:db8:: postfix/smtp[12]: msg",
	  "2026-11-23T10:00:01+01:00", "2001:db8::", "postfix/smtp", "12",
	  "msg" },
	{ "Nov 23 10:00:01 [2001:db8::1] postfix/smtp[12]: msg",
	  "2026-11-23T10:00:01+01:00", "[2001:db8::1]", "postfix/smtp", "12",
	  "msg" },
	/* one blank before the message, no less and no more */
	{ "Nov 23 10:00:01 mx1 postfix/smtp[12]:msg",
	  "2026-11-23T10:00:01+01:00", "mx1", "postfix/smtp", "12", "msg" },
	{ "Nov 23 10:00:01 mx1 postfix/smtp[12]:  msg ",
	  "2026-11-23T10:00:01+01:00", "mx1", "postfix/smtp", "12", " msg " },
	{ "Nov 23 10:00:01 mx1 postfix/smtp[12]:\tmsg",
	  "2026-11-23T10:00:01+01:00", "mx1", "postfix/smtp", "12", "\tmsg" },
	{ "Nov 23 10:00:01 mx1 postfix/smtp[12]:", "2026-11-23T10:00:01+01:00",
	  "mx1", "postfix/smtp", "12", "" },
	{ "Nov 23 10:00:01 mx1 postfix/smtp[12]: ", "2026-11-23T10:00:01+01:00",
	  "mx1", "postfix/smtp", "12", "" },
	{ "Nov 23 10:00:01 mx1 postfix/smtp[99999999999999999999999]: msg",
	  "2026-11-23T10:00:01+01:00", "mx1", "postfix/smtp",
	  "99999999999999999999999", "msg" },

	/* RSYSLOG_FileFormat */
	{ "2026-11-23T10:00:01.123456+01:00 mx1 postfix/smtp[12]: msg",
	  "2026-11-23T10:00:01.123456+01:00", "mx1", "postfix/smtp", "12",
	  "msg" },
	{ "<22>2026-11-23T10:00:01Z mx1 postfix/smtp[12]: msg",
	  "2026-11-23T10:00:01+00:00", "mx1", "postfix/smtp", "12", "msg" },
	{ "2026-11-23T10:00:01-05:00 mx1 postfix: msg",
	  "2026-11-23T10:00:01-05:00", "mx1", "postfix", "", "msg" },
	/* came to rsyslog as RFC 5424 */
	{ "2026-11-23T10:00:01.123456+01:00 mx1 postfix/smtp[12] 3F1: msg",
	  "2026-11-23T10:00:01.123456+01:00", "mx1", "postfix/smtp", "12",
	  "3F1: msg" },
	{ "2026-11-23T10:00:01+01:00 mx1 postfix/smtp[12]",
	  "2026-11-23T10:00:01+01:00", "mx1", "postfix/smtp", "12", "" },
	{ "2026-11-23T10:00:01+01:00 postfix/smtp[12]: msg",
	  "2026-11-23T10:00:01+01:00", "", "postfix/smtp", "12", "msg" },
	/* journalctl -o short-iso-precise */
	{ "2026-11-23T10:00:01.123456+0000 mx1 postfix/smtp[12]: msg",
	  "2026-11-23T10:00:01.123456+00:00", "mx1", "postfix/smtp", "12",
	  "msg" },
	/* journalctl -o short-full, with --utc, in a zone without letters */
	{ "Mon 2026-11-23 10:00:01 CET mx1 postfix/smtp[12]: msg",
	  "2026-11-23T10:00:01+01:00", "mx1", "postfix/smtp", "12", "msg" },
	{ "Wed 2026-07-01 10:00:01 CEST mx1 postfix/smtp[12]: msg",
	  "2026-07-01T10:00:01+02:00", "mx1", "postfix/smtp", "12", "msg" },
	{ "Mon 2026-11-23 10:00:01 UTC mx1 postfix/smtp[12]: msg",
	  "2026-11-23T10:00:01+00:00", "mx1", "postfix/smtp", "12", "msg" },
	{ "Mon 2026-11-23 10:00:01.25 -03 postfix/smtp[12]: msg",
	  "2026-11-23T10:00:01.25-03:00", "", "postfix/smtp", "12", "msg" },
	{ "Mon 2026-11-23 10:00:01 +0545 mx1 postfix/smtp[12]: msg",
	  "2026-11-23T10:00:01+05:45", "mx1", "postfix/smtp", "12", "msg" },
	/* journalctl -o short-unix */
	{ "1795428001.123456 mx1 postfix/smtp[12]: msg",
	  "2026-11-23T11:00:01.123456+01:00", "mx1", "postfix/smtp", "12",
	  "msg" },

	/* RFC 5424 */
	{ "<22>1 2026-11-23T10:11:12.123456+01:00 mx1 postfix/smtp 4711 - - "
	  "msg",
	  "2026-11-23T10:11:12.123456+01:00", "mx1", "postfix/smtp", "4711",
	  "msg" },
	{ "1 2026-11-23T10:11:12Z mx1 postfix/smtp 4711 - - msg",
	  "2026-11-23T10:11:12+00:00", "mx1", "postfix/smtp", "4711", "msg" },
	{ "<22>1 2026-11-23T10:11:12Z - postfix/smtp - - - msg",
	  "2026-11-23T10:11:12+00:00", "", "postfix/smtp", "", "msg" },
	{ "<22>1 2026-11-23T10:11:12Z mx1 postfix/smtp worker7 ID47 - msg",
	  "2026-11-23T10:11:12+00:00", "mx1", "postfix/smtp", "", "msg" },
	{ "<22>1 2026-11-23T10:11:12Z mx1 postfix/smtp 1 - "
	  "[id a=\"b\\]c\"][x y=\"\\\"\"] msg",
	  "2026-11-23T10:11:12+00:00", "mx1", "postfix/smtp", "1", "msg" },
	{ "<22>1 2026-11-23T10:11:12Z mx1 postfix/smtp 1 - "
	  "[id a=\"] [\\\\\"] [no data",
	  "2026-11-23T10:11:12+00:00", "mx1", "postfix/smtp", "1", "[no data" },
	{ "<22>1 2026-11-23T10:11:12Z mx1 postfix/smtp 1 - [id]",
	  "2026-11-23T10:11:12+00:00", "mx1", "postfix/smtp", "1", "" },
	{ "<22>1 2026-11-23T10:11:12Z mx1 postfix/smtp 1 - -",
	  "2026-11-23T10:11:12+00:00", "mx1", "postfix/smtp", "1", "" },
	{ "<22>1 2026-11-23T10:11:12Z mx1 postfix/smtp 1 - - \xef\xbb\xbf"
	  "m\xc3\xbcll",
	  "2026-11-23T10:11:12+00:00", "mx1", "postfix/smtp", "1",
	  "m\xc3\xbcll" },
	{ "<22>1 2026-11-23T10:11:12Z mx1 postfix/smtp 1 - - \xef\xbb",
	  "2026-11-23T10:11:12+00:00", "mx1", "postfix/smtp", "1", "\xef\xbb" },
	/* RSYSLOG_SyslogProtocol23Format keeps the blank of RFC 3164 */
	{ "<22>1 2026-11-23T10:11:12Z mx1 postfix 1 - -  msg",
	  "2026-11-23T10:11:12+00:00", "mx1", "postfix", "1", "msg" },
	{ "<22>1 2026-11-23T10:11:12Z mx1 postfix 1 - -   msg",
	  "2026-11-23T10:11:12+00:00", "mx1", "postfix", "1", " msg" },

	/* Exim's own log */
	{ "2026-11-23 10:11:12 1xVdeN-0008O6-1D ** a@b: msg",
	  "2026-11-23T10:11:12+01:00", "", "exim", "",
	  "1xVdeN-0008O6-1D ** a@b: msg" },
	{ "2026-07-23 10:11:12.345 -0330 [4711] msg",
	  "2026-07-23T10:11:12.345-03:30", "", "exim", "4711", "msg" },
	{ "2026-07-23 10:11:12 [4711] msg", "2026-07-23T10:11:12+02:00", "",
	  "exim", "4711", "msg" },
	{ "2026-07-23 10:11:12 [4711]", "2026-07-23T10:11:12+02:00", "", "exim",
	  "4711", "" },
	{ "2026-11-23 10:11:12 [4711]: msg", "2026-11-23T10:11:12+01:00", "",
	  "exim", "", "[4711]: msg" },
	{ "2026-11-23 10:11:12 H=a [192.0.2.1]: msg",
	  "2026-11-23T10:11:12+01:00", "", "exim", "", "H=a [192.0.2.1]: msg" },
};

static const char *const refused[] = {
	/* 19 columns: some other CSV, as Exchange's protocol logs */
	"2026-11-23T10:11:12.345Z,,,,EX1,,,ROUTING,FAIL,1,,,,,,,,,",
	"2026-11-23T10:11:12.345Z,Internet,08DE,1,,,<,\"550 a, b\",",
	"2026-11-23T10:11:12.345Z,",
	"#Fields: date-time",
	"#Software: Microsoft Exchange Server",
	"@40000000419f13a508f3214c",
	"1795477808.237823",
	"<22>1795477808.237823 new msg 1",
	"",
	"2026-11-23 10:11:12",
	"2026-11-23 10:11:12 mx1 postfix/smtp[12]: a syslog without zones",
	"2026-11-31 10:11:12 msg",
	"2026-11-23  10:11:12 msg",
	"<",
	"<22>",
	"<22",
	"Jan",
	"Jan 1 00:00:00",
	"Jan 1 00:00:00 ",
	"Foo 1 00:00:00 hostname",
	"Jan: 1 00:00:00 hostname postfix/postscreen[12345]: foo",
	"Jan 1 00:00:00 hostname postfix/postscreen",
	"Jan 1 00:00:00 hostname postfix/postscreen[abcde]: foo",
	/* No host: the tag is not to pass for one. */
	"Jan 1 00:00:00 postfix/postscreen[abcde]: foo: bar",
	"Jan 1 00:00:00 hostname postfix/smtp[]: foo",
	"Jan 1 00:00:00 hostname postfix/smtp[-1]: foo",
	"Jan 1 00:00:00 hostname postfix/smtp[1 2]: foo",
	"Jan 1 00:00:00 hostname postfix/smtp[1: foo",
	"Jan 1 00:00:00 hostname postfix/smtp[1]x: foo",
	"Jan 1 00:00:00 hostname [1]: foo",
	"Jan 1 00:00:00 hostname : foo",
	"Jan 1 00:00:00 hostname  postfix: foo",
	"Jan 1 00:00:00hostname postfix: foo",
	"Jan 1 00:00:00. hostname postfix: foo",
	"Jan 1 24:00:00 hostname postfix: foo",
	"Jan 1 00:60:00 hostname postfix: foo",
	"Feb 30 00:00:00 hostname postfix: foo",
	/* Without a colon only where rsyslog writes it so. */
	"Jan 1 00:00:00 hostname postfix/smtp[1] foo",
	"2026-11-23T10:00:01Z hostname postfix foo",
	"2026-11-23T10:00:01Z postfix/smtp[12] foo",
	"2026-11-23T10:00:01Z hostname postfix/smtp[12]foo",
	"2026-11-23T10:00:01 hostname postfix: foo",
	"2026-02-30T10:00:01Z hostname postfix: foo",
	"2026-11-23T10:00:01+99:99 hostname postfix: foo",
	"2026-11-23T10:00:01Z",
	" Jan 1 00:00:00 hostname postfix: foo",
	"<>Jan 1 00:00:00 hostname postfix: foo",
	"<2222>Jan 1 00:00:00 hostname postfix: foo",
	"<2x>Jan 1 00:00:00 hostname postfix: foo",
	"<22> Jan 1 00:00:00 hostname postfix: foo",
	"<22><22>Jan 1 00:00:00 hostname postfix: foo",
	"<22>1 - mx1 postfix 1 - - msg",
	"<22>1 2026-11-23T10:11:12Z mx1 - 1 - - msg",
	"<22>1 2026-11-23T10:11:12Z mx1 postfix 1 -",
	"<22>1 2026-11-23T10:11:12Z mx1 postfix 1 - ",
	"<22>1 2026-11-23T10:11:12Z  postfix 1 - - msg",
	"<22>1 2026-11-23T10:11:12Z mx1 postfix 1 - msg",
	"<22>1 2026-11-23T10:11:12Z mx1 postfix 1 - -msg",
	"<22>1 2026-11-23T10:11:12Z mx1 postfix 1 - [id msg",
	"<22>1 2026-11-23T10:11:12Z mx1 postfix 1 - [id a=\"b] msg",
	"<22>1 2026-11-23T10:11:12Z mx1 postfix 1 - [id a=\"\\",
	"<22>1 2026-11-23T10:11:12Z mx1 postfix 1 - [id]msg",
	"<22>2 2026-11-23T10:11:12Z mx1 postfix 1 - - msg",
	"Mon 2026-11-23 10:00:01 mx1 postfix/smtp[12]: msg",
	"Mon 2026-11-23 10:00:01 cet mx1 postfix/smtp[12]: msg",
	"Mon 2026-11-23 10:00:01 C mx1 postfix/smtp[12]: msg",
	"Mon 2026-11-31 10:00:01 CET mx1 postfix/smtp[12]: msg",
	"Mit 2026-11-25 10:00:01 CET mx1 postfix/smtp[12]: msg",
	"Mon 2026-11-23 10:00:01 +0260 mx1 postfix/smtp[12]: msg",
	"1795428001.123456: mx1 postfix/smtp[12]: msg",
	"[ 1234.567890] mx1 postfix/smtp[12]: msg",
	"<22>1 Nov 23 10:11:12 mx1 postfix[1]: msg",
};

static void start(struct calendar *calendar)
{
	assert_int_equal(setenv("TZ", "Europe/Berlin", 1), 0);
	tzset();
	calendar_init(calendar, REFERENCE_US, 0);
}

/* A line with nothing behind it, so that the sanitizer sees over-reading. */
static struct slice copy_line(struct slice line)
{
	char *copy = malloc(line.len ? line.len : 1);

	assert_non_null(copy);
	if (line.len)
		memcpy(copy, line.at, line.len);
	return (struct slice){ copy, line.len };
}

static void free_line(struct slice line)
{
	free((char *)(uintptr_t)line.at);
}

static void assert_slice(struct slice found, const char *expected)
{
	struct slice text = slice_from(expected);

	assert_int_equal(found.len, text.len);
	if (text.len)
		assert_memory_equal(found.at, text.at, text.len);
}

static void assert_zeroed(const struct header *header)
{
	static const struct header none;

	assert_memory_equal(header, &none, sizeof(none));
}

static void takes_headers_off(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(headers); i++) {
		struct slice line = copy_line(slice_from(headers[i].line));
		struct buf time = { 0 };
		struct calendar calendar;
		struct header header;

		print_message("line: %s\n", headers[i].line);
		start(&calendar);
		memset(&header, 0xff, sizeof(header));
		assert_true(header_parse(line, &calendar, &header));
		assert_true(header.time.known);
		stamp_write(&time, header.time);
		assert_slice(buf_slice(&time), headers[i].time);
		assert_slice(header.host, headers[i].host);
		assert_slice(header.program, headers[i].program);
		assert_slice(header.pid, headers[i].pid);
		assert_slice(header.message, headers[i].message);
		buf_clear(&time);
		free_line(line);
	}
}

static void refuses_what_is_no_header(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct slice line = copy_line(slice_from(refused[i]));
		struct calendar calendar;
		struct header header;

		print_message("line: %s\n", refused[i]);
		start(&calendar);
		memset(&header, 0xff, sizeof(header));
		assert_false(header_parse(line, &calendar, &header));
		assert_zeroed(&header);
		free_line(line);
	}
}

/* It has no stamp, and nothing is taken off. */
static void knows_the_head_of_columns(void **state)
{
	struct slice line = SLICE("#Fields: date-time,client-ip");
	struct calendar calendar;
	struct header header;

	(void)state;
	start(&calendar);
	assert_true(header_parse(line, &calendar, &header));
	assert_false(header.time.known);
	assert_slice(header.program, "exchange");
	assert_slice(header.message, line.at);
}

static void takes_tags_alone(void **state)
{
	static const struct {
		const char *tag;
		const char *program; /* NULL: it is none */
		const char *pid;
	} tags[] = {
		{ "postfix/smtp[12]:", "postfix/smtp", "12" },
		{ "postfix/smtp[12]", "postfix/smtp", "12" },
		{ "postfix:", "postfix", "" },
		{ "postfix", NULL, NULL },
		{ "postfix[x]:", NULL, NULL },
		{ "[12]:", NULL, NULL },
		{ ":", NULL, NULL },
		{ "", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(tags); i++) {
		struct header header = { .program = SLICE("before") };
		bool good = header_parse_tag(slice_from(tags[i].tag), &header);

		print_message("tag: %s\n", tags[i].tag);
		assert_int_equal(good, tags[i].program != NULL);
		assert_slice(header.program, good ? tags[i].program : "before");
		assert_slice(header.pid, good ? tags[i].pid : "");
	}
}

/* Every line of the table, cut at every byte, with nothing behind the cut. */
static void stays_within_lines_that_are_cut(void **state)
{
	struct calendar calendar;

	(void)state;
	start(&calendar);
	for (size_t i = 0; i < COUNT(headers); i++) {
		struct slice whole = slice_from(headers[i].line);

		for (size_t len = 0; len < whole.len; len++) {
			struct slice line = copy_line(slice_head(whole, len));
			struct header header;

			memset(&header, 0xff, sizeof(header));
			if (!header_parse(line, &calendar, &header))
				assert_zeroed(&header);
			else
				assert_true(header.program.len > 0);
			free_line(line);
		}
	}
}

static void takes_a_line_without_bytes(void **state)
{
	struct calendar calendar;
	struct header header;

	(void)state;
	start(&calendar);
	memset(&header, 0xff, sizeof(header));
	assert_false(header_parse((struct slice){ 0 }, &calendar, &header));
	assert_zeroed(&header);
}

static void takes_nul_as_any_byte(void **state)
{
	struct slice line = SLICE("Nov 23 10:00:01 m\0x p\0q[12]: a\0b");
	struct calendar calendar;
	struct header header;

	(void)state;
	start(&calendar);
	assert_true(header_parse(line, &calendar, &header));
	assert_true(slice_equal(header.host, SLICE("m\0x")));
	assert_true(slice_equal(header.program, SLICE("p\0q")));
	assert_true(slice_equal(header.message, SLICE("a\0b")));
	line = SLICE("Nov 23 10:00:01\0mx1 postfix[12]: msg");
	assert_false(header_parse(line, &calendar, &header));
	line = SLICE("Nov 23 10:00:01 mx1 postfix[1\0]: msg");
	assert_false(header_parse(line, &calendar, &header));
}

/* Lines of a megabyte: all blanks, all brackets, all of one word. */
static void takes_long_lines(void **state)
{
	static const struct slice heads[] = {
		SLICE("Nov 23 10:00:01 "),
		SLICE("Nov 23 10:00:01 mx1 postfix"),
		SLICE("Nov 23 10:00:01 mx1 postfix["),
		SLICE("<22>1 2026-11-23T10:11:12Z mx1 postfix 1 - "),
	};
	static const char bytes[] = { ' ', '[', ']', ':', '0', '\\', '"', '<' };
	size_t len = 1 << 20;
	char *line = malloc(len);

	(void)state;
	assert_non_null(line);
	for (size_t i = 0; i < COUNT(heads) * COUNT(bytes); i++) {
		struct slice head = heads[i / COUNT(bytes)];
		struct calendar calendar;
		struct header header;

		start(&calendar);
		memset(line, bytes[i % COUNT(bytes)], len);
		memcpy(line, head.at, head.len);
		if (!header_parse((struct slice){ line, len }, &calendar,
				  &header))
			assert_zeroed(&header);
	}
	free(line);
}

/* The lines of one input share what they know of the year. */
static void follows_the_year_from_line_to_line(void **state)
{
	static const char *const lines[][2] = {
		{ "Dec 31 23:59:59 mx1 postfix: a",
		  "2025-12-31T23:59:59+01:00" },
		{ "2026-01-01T00:00:00+02:00 mx1 postfix: b",
		  "2026-01-01T00:00:00+02:00" },
		{ "Jan  1 00:00:00 mx1 postfix: c",
		  "2026-01-01T00:00:00+01:00" },
	};
	struct calendar calendar;

	(void)state;
	start(&calendar);
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct buf time = { 0 };
		struct header header;

		assert_true(header_parse(slice_from(lines[i][0]), &calendar,
					 &header));
		stamp_write(&time, header.time);
		assert_slice(buf_slice(&time), lines[i][1]);
		buf_clear(&time);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_headers_off),
		cmocka_unit_test(refuses_what_is_no_header),
		cmocka_unit_test(knows_the_head_of_columns),
		cmocka_unit_test(takes_tags_alone),
		cmocka_unit_test(stays_within_lines_that_are_cut),
		cmocka_unit_test(takes_a_line_without_bytes),
		cmocka_unit_test(takes_nul_as_any_byte),
		cmocka_unit_test(takes_long_lines),
		cmocka_unit_test(follows_the_year_from_line_to_line),
	};

	return cmocka_run_group_tests_name("header", tests, NULL, NULL);
}
