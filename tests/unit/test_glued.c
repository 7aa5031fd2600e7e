/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "parse/glued.h"

static const struct {
	const char *reply;
	const char *parted; /* NULL: the same */
} cases[] = {
	{ "", NULL },
	{ "550", NULL },
	{ "550-", NULL },
	{ "550- User", NULL },
	{ "550 allocationQuota", NULL },
	{ "552-aborted: exceeded storage allocationQuota exceeded. The "
	  "mailbox is full.For explanation visit https://x.example/e?c=quOta",
	  "552-aborted: exceeded storage allocation Quota exceeded. The "
	  "mailbox is full. For explanation visit "
	  "https://x.example/e?c=quOta" },
	{ "554-Transaction failedReject due to policy restrictions.For more",
	  "554-Transaction failed Reject due to policy restrictions. For "
	  "more" },
	{ "554-not availableNo SMTP serviceIP address",
	  "554-not available No SMTP service IP address" },
	/* What has capitals inside by itself. */
	{ "550-see https://x.example/NoSuchUser or Bob.Smith@mailHost.example",
	  NULL },
	{ "550-iCloud, eBay, host abc1Def, U.S.A. McDonald", NULL },
	/* With an enhanced code there is a blank already, or the code. */
	{ "550-5.1.1 the accountThat a b", NULL },
	{ "550-5.7.26 not accepted due to5.7.26 domain's policy",
	  "550-5.7.26 not accepted due to domain's policy" },
	{ "550-5.7.1 version5.7.1", NULL },
	{ "550-5.7.1 a 5.7.1 b", NULL },
};

static void parts_where_a_line_began(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *wanted = cases[i].parted ? cases[i].parted
						     : cases[i].reply;
		struct buf buf = { 0 };
		struct slice parted = glued_part(slice_from(cases[i].reply),
						 &buf);

		print_message("case %zu: %.*s\n", i, (int)parted.len,
			      parted.at);
		assert_true(slice_equal(parted, slice_from(wanted)));
		buf_clear(&buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_where_a_line_began),
	};

	return cmocka_run_group_tests_name("glued", tests, NULL, NULL);
}
