/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdlib.h>

#include "parse/qmail_words.h"

static const struct {
	const char *logged;
	const char *words;
	const char *recipient; /* NULL: not known */
} cases[] = {
	{ "", "", NULL },
	{ "_", " ", NULL },
	{ "/", "/", NULL },
	{ "did_1+0+0", "did 1+0+0", NULL },
	{ "550_5.1.1_no_such_user", "550 5.1.1 no such user", NULL },
	/* Lines of a reply: each has its code, the last one a blank. */
	{ "550-5.1.1_a/550-5.1.1_b/550_5.1.1_c",
	  "550-5.1.1 a 550-5.1.1 b 550 5.1.1 c", NULL },
	{ "550-a/550", "550-a 550", NULL },
	{ "220-mx/421_4.2.1_refused", "220-mx 421 4.2.1 refused", NULL },
	/* After the last one there are no more. */
	{ "550-a/550_b/550-c", "550-a 550 b/550-c", NULL },
	{ "550_see_a/550-b_c", "550 see a/550-b c", NULL },
	{ "550-1/2_full/550_and/or", "550-1/2 full 550 and/or", NULL },
	/* Addresses. */
	{ "550_<a_b@c_d.example>:_no", "550 <a_b@c_d.example>: no", NULL },
	{ "550_a_b@c.example_no", "550 a_b@c.example no", "a_b@c.example" },
	{ "550_a_b@c.example_no", "550 a b@c.example no", NULL },
	{ "550_a_no", "550 a no", "a_" },
	{ "553_<a_b>_no", "553 <a b> no", NULL },
	{ "<a_b@c.example", "<a b@c.example", NULL },
	/* URLs. */
	{ "see_http://x.example/a/b_and_go", "see http://x.example/a/b and go",
	  NULL },
	{ "http://www.google.example/mail/help/bulk_mail.html_to_review",
	  "http://www.google.example/mail/help/bulk_mail.html to review",
	  NULL },
	{ "http://m.example/help/help_spam_16.htm?ip=192.0.2.1&hostid=a_b",
	  "http://m.example/help/help_spam_16.htm?ip=192.0.2.1&hostid=a b",
	  NULL },
	{ "https://x.example/?bounce_ip=192.0.2.1_(x)",
	  "https://x.example/?bounce_ip=192.0.2.1 (x)", NULL },
	{ "https://x.example_read_me.html", "https://x.example read me.html",
	  NULL },
	{ "HTTPS://x.example/A_B.PHP_c", "HTTPS://x.example/A_B.PHP c", NULL },
	{ "550-go_to/550_https://s.example/mail/?p=No_c1-gsmtp",
	  "550-go to 550 https://s.example/mail/?p=No c1-gsmtp", NULL },
	{ "550-https://s.example/a/550-5.1.1_b/550_c",
	  "550-https://s.example/a 550-5.1.1 b 550 c", NULL },
	{ "<http://x.example/a_b.html>_c", "<http://x.example/a_b.html> c",
	  NULL },
	{ "https://", "https://", NULL },
	{ "https://x.example/_", "https://x.example/ ", NULL },
	/* Sentences of qmail's own, and paths. */
	{ "Sorry,_no._(#5.1.1)/This_is_it.", "Sorry, no. (#5.1.1) This is it.",
	  NULL },
	{ "Unable_to_open_./Maildir/:_access_denied._(#4.3.0)",
	  "Unable to open ./Maildir/: access denied. (#4.3.0)", NULL },
	{ "for_that_host,/it_isn't_in_my_control/locals_file",
	  "for that host, it isn't in my control/locals file", NULL },
	{ "over_quota./", "over quota. ", NULL },
	{ "../Up", "../Up", NULL },
	{ "see_http://x.example/a./Bye.", "see http://x.example/a. Bye.",
	  NULL },
};

/* A text that ends at an unmapped byte for the sanitizer. */
static struct slice copy(const char *text)
{
	size_t len = strlen(text);
	char *bytes = malloc(len ? len : 1);

	assert_non_null(bytes);
	memcpy(bytes, text, len);
	return (struct slice){ bytes, len };
}

static void undoes_what_is_likely(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct slice logged = copy(cases[i].logged);
		struct slice recipient = { 0 };
		struct buf buf = { 0 };
		struct slice words;
		union {
			const char *borrowed;
			void *owned;
		} bytes = { logged.at };

		if (cases[i].recipient)
			recipient = slice_from(cases[i].recipient);
		words = qmail_words_add(logged, recipient, &buf);
		print_message("case %zu: %.*s\n", i, (int)words.len, words.at);
		assert_true(slice_equal(words, slice_from(cases[i].words)));
		assert_true(words.len <= logged.len);
		buf_clear(&buf);
		free(bytes.owned);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(undoes_what_is_likely),
	};

	return cmocka_run_group_tests_name("qmail_words", tests, NULL, NULL);
}
