/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "parse/nearness.h"

static const struct {
	const char *ip;
	enum nearness nearness;
} cases[] = {
	{ "127.0.0.1", NEAR_SELF },     { "127.8.9.10", NEAR_SELF },
	{ "::1", NEAR_SELF },           { "10.1.2.3", NEAR_INSIDE },
	{ "192.168.0.9", NEAR_INSIDE }, { "172.16.0.1", NEAR_INSIDE },
	{ "172.31.0.1", NEAR_INSIDE },  { "169.254.1.1", NEAR_INSIDE },
	{ "fe80::1", NEAR_INSIDE },     { "FD00::1", NEAR_INSIDE },
	{ "fc01::1", NEAR_INSIDE },     { "172.15.0.1", NEAR_OUTSIDE },
	{ "172.32.0.1", NEAR_OUTSIDE }, { "172.2.0.1", NEAR_OUTSIDE },
	{ "1.127.0.0", NEAR_OUTSIDE },  { "192.0.2.1", NEAR_OUTSIDE },
	{ "100.1.2.3", NEAR_OUTSIDE },  { "2001:db8::1", NEAR_OUTSIDE },
	{ "::1:2", NEAR_OUTSIDE },      { "", NEAR_UNKNOWN },
	{ "unknown", NEAR_UNKNOWN },    { "172.", NEAR_OUTSIDE },
};

static void tells_how_near_an_address_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("case: %s\n", cases[i].ip);
		assert_int_equal(nearness_of(slice_from(cases[i].ip)),
				 cases[i].nearness);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_how_near_an_address_is),
	};

	return cmocka_run_group_tests_name("nearness", tests, NULL, NULL);
}
