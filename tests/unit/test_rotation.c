/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "read/rotation.h"

static const char *const of_mail_log[] = {
	"mail.log",
	"mail.log.1",
	"mail.log.0",
	"mail.log.27.gz",
	"mail.log.365.bz2",
	"mail.log.1.zst",
	"mail.log.old",
	"mail.log-20261123",
	"mail.log-20261123.xz",
	"mail.log.20261123",
	"mail.log-2026-11-23",
	"mail.log-20261123-10",
	"mail.log-20261123-101112.lz4",
	"mail.log_1795428000",
	"mail-20261123.log",
	"mail-20261123.log.gz",
	"mail.1.log",
	"mail.log.gz",
};

static const char *const others[] = {
	"",          "mail",        "mail-1.log",    "mail2.log",
	"mail.err",  "mail.err.1",  "./mail.log",    "old/mail.log.1",
	"mail.log1", "mail.log.1a", "mail.log.1234", "mx1.mail.log",
	".1",        "1",           "mail.logs",     "MAIL.LOG",
};

static void knows_the_files_of_one_rotation(void **state)
{
	struct rotation log = rotation_of(SLICE("mail.log"));

	(void)state;
	for (size_t i = 0; i < COUNT(of_mail_log); i++) {
		struct slice name = slice_from(of_mail_log[i]);

		if (rotation_compare(rotation_of(name), log) != 0)
			fail_msg("%s is of another", of_mail_log[i]);
	}
	for (size_t i = 0; i < COUNT(others); i++) {
		struct slice name = slice_from(others[i]);

		if (rotation_compare(rotation_of(name), log) == 0)
			fail_msg("%s is of it", others[i]);
	}
}

static void a_folder_and_a_name_without_ending_are_kept(void **state)
{
	(void)state;
	assert_int_equal(
		rotation_compare(
			rotation_of(SLICE("/var/log/maillog")),
			rotation_of(SLICE("/var/log/maillog-20261123"))),
		0);
	assert_int_not_equal(
		rotation_compare(rotation_of(SLICE("/var/log/maillog")),
				 rotation_of(SLICE("/srv/log/maillog.1"))),
		0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_the_files_of_one_rotation),
		cmocka_unit_test(a_folder_and_a_name_without_ending_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
