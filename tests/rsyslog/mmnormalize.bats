#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# rsyslog's own mmnormalize loads the rulebase and finds the same fields.

load common

setup() {
	find_rsyslogd
	cd "$BATS_TEST_TMPDIR" || return
	mkdir work
	daemon=
}

teardown() {
	[ -z "$daemon" ] || kill_tree "$daemon"
}

# recipient|relay|dsn|status|text; the dsn is also what the event calls
# enhanced_code.
deliveries() {
	cat <<'LINES'
a@gmx.de|mx00.emig.gmx.net[212.227.15.9]:25|5.1.1|bounced|host mx00.emig.gmx.net[212.227.15.9] said: 550 5.1.1 <a@gmx.de>: User unknown (in reply to RCPT TO command)
b@example.org|mx.example.org[192.0.2.1]:25|4.7.1|deferred|host mx.example.org[192.0.2.1] said: 450 4.7.1 <b@example.org>: Greylisted (in reply to RCPT TO command)
c@example.org|none|4.4.1|deferred|connect to mx.example.org[192.0.2.1]:25: Connection timed out
d@example.org|none|5.4.4|bounced|Host or domain name not found. Name service error for name=example.org type=A: Host not found
e@example.org|mx.example.org[2001:db8::1]:25|5.2.2|bounced|host mx.example.org[2001:db8::1] said: 552 5.2.2 Mailbox full (in reply to end of DATA command)
f@example.org|local|5.1.1|bounced|unknown user: "f"
g@example.org|mx.example.org[192.0.2.1]:25|2.0.0|sent|250 2.0.0 Ok: queued as 4Xy
"h, i"@example.org|mx.example.org[192.0.2.1]:25|5.7.1|bounced|host mx.example.org[192.0.2.1] said: 554 5.7.1 status=sent (250 ok) (in reply to MAIL FROM command)
j+k@bücher.example|mx.example.org[192.0.2.1]:25|5.6.7|bounced|host mx.example.org[192.0.2.1] said: 550 5.6.7 no SMTPUTF8 (in reply to MAIL FROM command)
l@example.org|mx.example.org[192.0.2.1]:25|4.4.2|deferred|lost connection with mx.example.org[192.0.2.1] while sending RCPT TO
m@example.org|mx.example.org[192.0.2.1]:587|5.7.8|bounced|host mx.example.org[192.0.2.1] said: 535 5.7.8 Error (in reply to AUTH command)
n@example.org|none|5.4.6|bounced|mail for example.org loops back to myself
LINES
}

log_lines() {
	local number=0 recipient relay dsn status text

	while IFS='|' read -r recipient relay dsn status text; do
		number=$((number + 1))
		printf '2026-11-23T10:00:01.%06d+01:00 mx1 postfix/smtp[12]: 3F%06d: to=<%s>, relay=%s, delay=1.2, delays=0.1/0/0.9/0.2, dsn=%s, status=%s (%s)\n' \
			$number $number "$recipient" "$relay" "$dsn" \
			"$status" "$text"
	done < <(deliveries)
}

has_lines() {
	[ "$(wc -l <fields.jsonl 2>/dev/null || echo 0)" -ge "$1" ]
}

@test "mmnormalize and the program find the same fields" {
	log_lines >lines
	TEMPLATE=mmnormalize configure
	start_daemon
	sed 's/^/<22>/' lines >"/dev/tcp/127.0.0.1/$(cat port)"
	wait_for 20 has_lines "$(wc -l <lines)"
	stop_daemon
	[ "$(jq -r .parsed fields.jsonl | sort -u)" = OK ]
	"$MAILWHY" --format json --events all --tally none lines >events.jsonl
	# A local part in quotes comes apart in the rulebase, the program puts
	# it together; so does it find a relay in the text where Postfix names
	# none.
	diff <(jq -c '[.queue_id, .dsn, .status]' fields.jsonl) \
		<(jq -c '[.queue_id, .enhanced_code, .status]' events.jsonl)
	diff <(jq -c 'select(.recipient != "") | [.queue_id, .recipient]' \
		fields.jsonl) \
		<(jq -c 'select(.recipient | startswith("\"") | not) |
			[.queue_id, .recipient]' events.jsonl)
	diff <(jq -c 'select(.relay_ip != "") | [.queue_id, .relay_host,
			.relay_ip]' fields.jsonl) \
		<(jq -c 'select(.queue_id | IN("3F000003", "3F000004",
			"3F000006", "3F000012") | not) | [.queue_id,
			.relay_host, .relay_ip]' events.jsonl)
	[ "$(jq -r 'select(.relay_ip != "") | .queue_id' fields.jsonl |
		wc -l)" -eq 8 ]
	# The rulebase leaves the parenthesis that ends the text to the reader.
	diff <(deliveries | sed 's/.*|//') \
		<(jq -r .text fields.jsonl | sed 's/)$//')
}
