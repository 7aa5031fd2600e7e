/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/buf.h"
#include "why/provider.h"

static const struct {
	const char *id;
	const char *relays[3];
	const char *domains[3];
} known[] = {
	{ "gmx", { "gmx.net", "emig.gmx.net" }, { "gmx.de", "gmx.net" } },
	{ "outlook.com",
	  { "olc.protection.outlook.com", "outlook.com" },
	  { "outlook.de", "hotmail.com" } },
	/* A longer suffix of another provider's. */
	{ "exchange", { "mail.protection.outlook.com" }, { NULL } },
	{ "bare", { NULL }, { NULL } },
};

static struct providers *fill(void)
{
	struct providers *providers = providers_new();

	for (size_t i = 0; i < COUNT(known); i++) {
		struct slice id = slice_from(known[i].id);

		providers_add(providers, id);
		providers_add(providers, id);
		for (size_t k = 0; k < 3 && known[i].relays[k]; k++)
			providers_add_relay(providers,
					    slice_from(known[i].relays[k]), id);
		for (size_t k = 0; k < 3 && known[i].domains[k]; k++)
			providers_add_domain(
				providers, slice_from(known[i].domains[k]), id);
	}
	return providers;
}

static const struct {
	const char *relay;
	const char *domain;
	const char *id; /* "": unknown */
} cases[] = {
	{ "mx00.emig.gmx.net", "gmx.de", "gmx" },
	{ "gmx.net", "", "gmx" },
	{ "MX00.EMIG.GMX.NET", "", "gmx" },
	{ "mx00.emig.gmx.net.", "", "gmx" },
	/* A customer's domain, served by the provider. */
	{ "firma-de.mail.protection.outlook.com", "firma.de", "exchange" },
	{ "x.olc.protection.outlook.com", "hotmail.com", "outlook.com" },
	{ "y.protection.outlook.com", "", "outlook.com" },
	/* Sendmail shortens long names. */
	{ "contoso-com.mail.p...ction.outlook.com", "", "exchange" },
	{ "fabrikam-com.mail....ction.outlook.com.", "", "exchange" },
	{ "hotmail-co-uk.olc....ction.outlook.com", "", "outlook.com" },
	{ "mx00.servers-of-so...f-server.gmx.net.", "", "gmx" },
	{ "mx00.servers-of-so...her-is-notgmx.net.", "", "" },
	/* Too little is left to tell. */
	{ "mx...k.com", "", "" },
	{ "mx...t", "", "" },
	{ "mx...", "", "" },
	{ "...", "", "" },
	/* Labels are whole. */
	{ "notgmx.net", "", "" },
	{ "gmx.net.evil.example", "", "" },
	{ "net", "", "" },
	{ ".", "", "" },
	{ "..", "", "" },
	/* The server that answered decides: a gateway in between is nobody's.
	 */
	{ "gateway.example", "gmx.de", "" },
	{ "", "gmx.de", "gmx" },
	{ "", "hotmail.com", "outlook.com" },
	/* Domains are whole: a subdomain is somebody else's. */
	{ "", "mail.gmx.de", "" },
	{ "", "example.org", "" },
	{ "", "", "" },
	{ "bare", "bare", "" },
	/* A suffix of servers is no domain, and the other way round. */
	{ "", "emig.gmx.net", "" },
	{ "mx.gmx.de", "", "" },
};

static void finds_whose_server_or_domain_it_is(void **state)
{
	struct providers *providers = fill();

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct slice id = providers_find(providers,
						 slice_from(cases[i].relay),
						 slice_from(cases[i].domain));

		print_message("case: %s, %s\n", cases[i].relay,
			      cases[i].domain);
		assert_true(slice_equal(id, slice_from(cases[i].id)));
	}
	providers_free(providers);
}

static void knows_ids_that_were_added(void **state)
{
	struct providers *providers = fill();

	(void)state;
	for (size_t i = 0; i < COUNT(known); i++)
		assert_true(providers_know(providers, slice_from(known[i].id)));
	assert_false(providers_know(providers, SLICE("gmx.net")));
	assert_false(providers_know(providers, SLICE("")));
	providers_free(providers);
	providers_free(NULL);
}

/* The longest name of RFC 1035 is looked up, a longer one is nobody's. */
static void takes_no_name_longer_than_the_dns_does(void **state)
{
	struct providers *providers = fill();
	struct buf host = { 0 };

	(void)state;
	for (size_t total = 250; total < 300; total++) {
		struct slice id;

		buf_reset(&host);
		while (host.len < total - 8)
			buf_add_char(&host, host.len % 50 ? 'a' : '.');
		buf_add(&host, SLICE(".gmx.net"));
		id = providers_find(providers, buf_slice(&host),
				    (struct slice){ 0 });
		assert_int_equal(host.len, total);
		assert_true(slice_equal(id, total <= 255 ? SLICE("gmx")
							 : SLICE("")));
	}
	buf_clear(&host);
	providers_free(providers);
}

static void keeps_many(void **state)
{
	struct providers *providers = providers_new();
	struct buf name = { 0 };

	(void)state;
	for (unsigned pass = 0; pass < 2; pass++) {
		for (uint64_t i = 0; i < 1000; i++) {
			struct slice id;

			buf_reset(&name);
			buf_add_char(&name, 'p');
			buf_add_number(&name, i);
			if (pass == 0) {
				providers_add_relay(providers, buf_slice(&name),
						    buf_slice(&name));
				continue;
			}
			id = providers_find(providers, buf_slice(&name),
					    (struct slice){ 0 });
			assert_true(slice_equal(id, buf_slice(&name)));
		}
	}
	buf_clear(&name);
	providers_free(providers);
}

static void tells_what_people_call_it(void **state)
{
	struct providers *providers = fill();

	(void)state;
	providers_set_name(providers, SLICE("bare"), SLICE("Bare & Sons"));
	providers_set_name(providers, SLICE("new"), SLICE("New"));
	assert_true(slice_equal(providers_name(providers, SLICE("bare")),
				SLICE("Bare & Sons")));
	assert_true(slice_equal(providers_name(providers, SLICE("new")),
				SLICE("New")));
	assert_true(slice_equal(providers_name(providers, SLICE("gmx")),
				SLICE("gmx")));
	assert_true(slice_equal(providers_name(providers, SLICE("nobody")),
				SLICE("nobody")));
	providers_free(providers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_people_call_it),
		cmocka_unit_test(finds_whose_server_or_domain_it_is),
		cmocka_unit_test(knows_ids_that_were_added),
		cmocka_unit_test(takes_no_name_longer_than_the_dns_does),
		cmocka_unit_test(keeps_many),
	};

	return cmocka_run_group_tests_name("provider", tests, NULL, NULL);
}
