/* SPDX-License-Identifier: Apache-2.0 */
/* The forms themselves are cases: tests/cases/envelope. Here is what a case
 * cannot show: who is believed, and what memory is touched. */
#include "unit.h"

#include <stdlib.h>
#include <time.h>

#include "parse/envelope.h"

#define REFERENCE_US INT64_C(1795424400000000) /* 2026-11-23T09:00:00Z */

static const struct {
	const char *line;
	const char *time;
	const char *host;
	const char *program;
	const char *pid;
	const char *message;
} opened[] = {
	/* no envelope */
	{ "Nov 23 10:00:00 mx1 postfix/smtp[1]: msg",
	  "2026-11-23T10:00:00+00:00", "mx1", "postfix/smtp", "1", "msg" },
	{ "Nov 23 10:00:00 mx1 postfix/smtp[1]: {msg",
	  "2026-11-23T10:00:00+00:00", "mx1", "postfix/smtp", "1", "{msg" },
	{ "Nov 23 10:00:00 mx1 postfix/smtp[1]: @cee: {\"a\":1}",
	  "2026-11-23T10:00:00+00:00", "mx1", "postfix/smtp", "1",
	  "@cee: {\"a\":1}" },
	/* the better name is believed, wherever it stands */
	{ "{\"time\":\"2026-11-23T10:00:00Z\",\"fromhost\":\"a\","
	  "\"hostname\":\"b\",\"programname\":\"postfix\","
	  "\"syslogtag\":\"postfix/smtp[1]:\",\"procid\":\"2\",\"msg\":\"m\"}",
	  "2026-11-23T10:00:00+00:00", "b", "postfix/smtp", "1", "m" },
	{ "{\"msg\":\"m\",\"syslogtag\":\"postfix:\",\"procid\":\"2\","
	  "\"timestamp\":\"2026-11-23T10:00:00Z\",\"programname\":\"x\"}",
	  "2026-11-23T10:00:00+00:00", "", "postfix", "2", "m" },
	{ "{\"msg\":\"m\",\"syslogtag\":\"[]\",\"program\":\"postfix/smtp\","
	  "\"procid\":\"-\",\"timestamp\":1795428001.5,\"hostname\":\"-\"}",
	  "2026-11-23T10:00:01.5+00:00", "", "postfix/smtp", "", "m" },
	{ "{\"short_message\":\"m\",\"full_message\":\"m, whole\","
	  "\"timestamp\":1795428001,\"_program\":\"exim\"}",
	  "2026-11-23T10:00:01+00:00", "", "exim", "", "m, whole" },
	{ "{\"log\":{\"syslog\":{\"appname\":\"postfix/smtp\",\"a\":{}}},"
	  "\"process\":{\"name\":\"smtp\",\"pid\":7},\"message\":\"m\","
	  "\"@timestamp\":\"2026-11-23T10:00:00Z\"}",
	  "2026-11-23T10:00:00+00:00", "", "postfix/smtp", "7", "m" },
	/* journald */
	{ "{\"MESSAGE\":[109,9,255],\"SYSLOG_IDENTIFIER\":[\"postfix/smtp\","
	  "\"x\"],\"__REALTIME_TIMESTAMP\":\"1795428001000001\","
	  "\"_SOURCE_REALTIME_TIMESTAMP\":\"1795428001123456\"}",
	  "2026-11-23T10:00:01.123456+00:00", "", "postfix/smtp", "",
	  "m\t\xff" },
	{ "{\"MESSAGE\":[[109,50],[109,51]],\"_COMM\":\"exim4\","
	  "\"__REALTIME_TIMESTAMP\":\"1795428001000001\"}",
	  "2026-11-23T10:00:01.000001+00:00", "", "exim4", "", "m2" },
	/* a mail server's line may stand inside of a mail server's */
	{ "{\"message\":\"Nov 23 10:00:00 mx1 postfix/smtp[1]: m\","
	  "\"program\":\"postfix\",\"host\":\"h\","
	  "\"timestamp\":\"2026-11-23T11:00:00Z\"}",
	  "2026-11-23T10:00:00+00:00", "mx1", "postfix/smtp", "1", "m" },
	/* but not inside of somebody else's */
	{ "{\"message\":\"Nov 23 10:00:00 mx1 postfix/smtp[1]: m\","
	  "\"program\":\"nginx\",\"host\":\"h\","
	  "\"timestamp\":\"2026-11-23T11:00:00Z\"}",
	  "2026-11-23T11:00:00+00:00", "h", "nginx", "",
	  "Nov 23 10:00:00 mx1 postfix/smtp[1]: m" },
	{ "Nov 23 11:00:00 h 0123456789ag[5]: "
	  "Nov 23 10:00:00 mx1 postfix/smtp[1]: m",
	  "2026-11-23T11:00:00+00:00", "h", "0123456789ag", "5",
	  "Nov 23 10:00:00 mx1 postfix/smtp[1]: m" },
	{ "Nov 23 11:00:00 h 0123456789ab[5]: no line of its own",
	  "2026-11-23T11:00:00+00:00", "h", "0123456789ab", "5",
	  "no line of its own" },
	/* what is put before a line */
	{ "mail-1  | [pod/a/b] 2026-11-23T10:00:00.5Z stdout F "
	  "2026-11-23T10:00:00Z postfix/smtp[1]: m",
	  "2026-11-23T10:00:00+00:00", "", "postfix/smtp", "1", "m" },
};

static const char *const refused[] = {
	"",
	"{",
	"{}",
	"{\"message\":\"m\"}",
	"{\"message\":\"m\",\"program\":\"postfix\"}",
	"{\"message\":\"m\",\"timestamp\":1795428001}",
	"{\"program\":\"postfix\",\"timestamp\":1795428001}",
	"{\"message\":\"m\",\"program\":\"postfix\",\"timestamp\":1795428001",
	"{\"message\":\"m\",\"program\":\"postfix\",\"timestamp\":1795428001}x",
	"{\"message\":\"\",\"program\":\"postfix\",\"timestamp\":1795428001}",
	"{\"message\":{},\"program\":\"postfix\",\"timestamp\":1795428001}",
	"{\"message\":[256],\"program\":\"postfix\",\"timestamp\":1795428001}",
	"[\"message\",\"m\",\"program\",\"postfix\",\"timestamp\",1795428001]",
	"@cee:",
	"@cee: {}",
	"a b | Nov 23 10:00:00 mx1 postfix/smtp[1]: msg",
	"| Nov 23 10:00:00 mx1 postfix/smtp[1]: msg",
	"a |Nov 23 10:00:00 mx1 postfix/smtp[1]: msg",
	"[pod/a]Nov 23 10:00:00 mx1 postfix/smtp[1]: msg",
	"2026-11-23T10:00:00Z stdout X Nov 23 10:00:00 mx1 postfix[1]: msg",
	"2026-11-23T10:00:00Z stdin F Nov 23 10:00:00 mx1 postfix[1]: msg",
};

static void start(struct calendar *calendar)
{
	assert_int_equal(setenv("TZ", "UTC", 1), 0);
	tzset();
	calendar_init(calendar, REFERENCE_US, 0);
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

/* A copy with nothing behind it, so that the sanitizer sees over-reading. */
static bool open_copy(struct envelope *envelope, struct slice line,
		      struct header *header, char **copy)
{
	struct calendar calendar;

	*copy = malloc(line.len ? line.len : 1);
	assert_non_null(*copy);
	if (line.len)
		memcpy(*copy, line.at, line.len);
	start(&calendar);
	memset(header, 0xff, sizeof(*header));
	return envelope_open(envelope, (struct slice){ *copy, line.len },
			     &calendar, header);
}

static void opens_envelopes(void **state)
{
	struct envelope *envelope = envelope_new();

	(void)state;
	for (size_t i = 0; i < COUNT(opened); i++) {
		struct buf time = { 0 };
		struct header header;
		char *copy;

		print_message("line: %s\n", opened[i].line);
		assert_true(open_copy(envelope, slice_from(opened[i].line),
				      &header, &copy));
		stamp_write(&time, header.time);
		assert_slice(buf_slice(&time), opened[i].time);
		assert_slice(header.host, opened[i].host);
		assert_slice(header.program, opened[i].program);
		assert_slice(header.pid, opened[i].pid);
		assert_slice(header.message, opened[i].message);
		buf_clear(&time);
		free(copy);
	}
	envelope_free(envelope);
	envelope_free(NULL);
}

static void refuses_what_is_no_line_of_a_log(void **state)
{
	struct envelope *envelope = envelope_new();

	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct header header;
		char *copy;

		print_message("line: %s\n", refused[i]);
		assert_false(open_copy(envelope, slice_from(refused[i]),
				       &header, &copy));
		assert_zeroed(&header);
		free(copy);
	}
	envelope_free(envelope);
}

static void stays_within_lines_that_are_cut(void **state)
{
	struct envelope *envelope = envelope_new();

	(void)state;
	for (size_t i = 0; i < COUNT(opened); i++) {
		struct slice line = slice_from(opened[i].line);

		while (line.len--) {
			struct header header;
			char *copy;

			if (!open_copy(envelope, line, &header, &copy))
				assert_zeroed(&header);
			else
				assert_true(header.program.len > 0);
			free(copy);
		}
	}
	envelope_free(envelope);
}

/* What is undone lives in the envelope; it tells, so that the sieve can be
 * asked again. */
static void tells_when_escapes_were_undone(void **state)
{
	static const struct {
		const char *line;
		bool rewritten;
	} lines[] = {
		{ "{\"log\":\"Nov 23 10:00:00 a postfix: =\\u003e\"}", true },
		{ "{\"log\":\"Nov 23 10:00:00 a postfix: =>\"}", false },
		{ "{\"log\":\"Nov 23 10:00:00 a postfix: x\",\"y\":\"\\n\"}",
		  false },
		{ "{\"MESSAGE\":[109],\"PROGRAM\":\"p\",\"DATE\":1795428001}",
		  true },
		{ "Nov 23 10:00:00 a postfix: \\u003e", false },
	};
	struct envelope *envelope = envelope_new();

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct header header;
		char *copy;

		print_message("line: %s\n", lines[i].line);
		assert_true(open_copy(envelope, slice_from(lines[i].line),
				      &header, &copy));
		assert_int_equal(envelope_has_rewritten(envelope),
				 lines[i].rewritten);
		free(copy);
	}
	envelope_free(envelope);
}

/* The witness of one line is not that of the next. */
static void forgets_a_witness(void **state)
{
	struct envelope *envelope = envelope_new();
	struct calendar calendar;
	struct header header;

	(void)state;
	start(&calendar);
	assert_true(envelope_open(
		envelope,
		SLICE("2024-11-23T12:00:00Z Nov 23 10:00:00 a postfix: x"),
		&calendar, &header));
	assert_int_equal(header.time.offset_s, -7200);
	assert_true(envelope_open(envelope,
				  SLICE("Nov 23 10:00:00 a postfix: x"),
				  &calendar, &header));
	assert_int_equal(header.time.offset_s, 0);
	assert_int_equal(header.time.us, INT64_C(1795428000000000));
	envelope_free(envelope);
}

/* Lines of a megabyte: of brackets, quotes, members, envelopes. */
static void takes_long_lines(void **state)
{
	static const struct slice pieces[] = {
		SLICE("{"),
		SLICE("["),
		SLICE("{\"log\":"),
		SLICE("\"log\":\"a\","),
		SLICE("\"MESSAGE\":[1,2,3],"),
		SLICE("\\"),
		SLICE("\\u003e"),
		SLICE("\xff"),
		SLICE("@cee:"),
		SLICE("2026-11-23T12:00:00Z "),
		SLICE("{\"host\":"),
	};
	static const struct slice heads[] = { SLICE(""), SLICE("{"),
					      SLICE("{\"log\":\"") };
	static const struct slice tails[] = { SLICE(""), SLICE("\"x\":1}"),
					      SLICE("\"}") };
	struct envelope *envelope = envelope_new();

	(void)state;
	for (size_t i = 0; i < COUNT(pieces) * COUNT(heads); i++) {
		size_t which = i % COUNT(heads);
		struct buf line = { 0 };
		struct header header;
		char *copy;

		buf_add(&line, heads[which]);
		while (line.len < 1 << 20)
			buf_add(&line, pieces[i / COUNT(heads)]);
		buf_add(&line, tails[which]);
		if (!open_copy(envelope, buf_slice(&line), &header, &copy))
			assert_zeroed(&header);
		free(copy);
		buf_clear(&line);
	}
	envelope_free(envelope);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_envelopes),
		cmocka_unit_test(refuses_what_is_no_line_of_a_log),
		cmocka_unit_test(stays_within_lines_that_are_cut),
		cmocka_unit_test(tells_when_escapes_were_undone),
		cmocka_unit_test(forgets_a_witness),
		cmocka_unit_test(takes_long_lines),
	};

	return cmocka_run_group_tests_name("envelope", tests, NULL, NULL);
}
