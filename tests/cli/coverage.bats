#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# `check --coverage`: which replies the catalogue explains by no more than
# their code.

load lib.bash

# A log whose replies are known by text, by code, by class, and not at all.
make_log() {
	{
		bounce_line a@a.example "550 Grumpf 4XyZ1k2m3n4z <a@a.example>"
		bounce_line b@b.example "550 Grumpf 5AbC9d8e7f6g <b@b.example>"
		bounce_line c@c.example "599 Krawumm [192.0.2.7]" |
			sed 's/dsn=5.0.0/dsn=5.8.8/'
		bounce_line d@d.example "550 Mailbox full"
		bounce_line e@e.example "550 5.1.1 Oink"
		sent_line f@f.example
		bounce_line g@g.example | sed 's/dsn=.*/dsn=4.4.1, status=deferred (connect to mx.g.example[192.0.2.1]:25: Connection timed out)/'
	} >log
}

@test "what only a code explains, masked, the most frequent first" {
	make_log
	mw check --coverage log
	same "$status $stderr" "0 "
	same "$output" "\
6 failures, 0 rejects; explained by provider 0, text 1, enhanced 1, code 2, class 1, local 1
       count   share  code  reply
           2    33.3 %  550   550 Grumpf <id> <address>
           1    16.7 %  599   599 Krawumm [<ip>]"
}

@test "the same as JSON" {
	make_log
	mw check --coverage --format json log
	same "$status $stderr" "0 "
	same "$(jq -c . <<<"$output")" '{"failures":6,"rejects":0,"basis":{"provider":0,"text":1,"enhanced":1,"code":2,"class":1,"local":1},"other":0,"replies":[{"count":2,"share":0.333,"smtp_code":550,"reply":"550 Grumpf <id> <address>"},{"count":1,"share":0.167,"smtp_code":599,"reply":"599 Krawumm [<ip>]"}]}'
}

@test "standard input, several logs, and none of what is no failure" {
	make_log
	expected=$("$mailwhy" check --coverage log)
	mw check --coverage <log
	same "$output" "$expected"
	mw check --coverage - <log
	same "$output" "$expected"
	cp log again
	mw check --coverage log again
	same "$status $stderr" "0 "
	same "${lines[0]}" "12 failures, 0 rejects; explained by provider 0, text 2, enhanced 2, code 4, class 2, local 2"
	sent_line f@f.example >sent
	mw check --coverage sent
	same "$status $stderr" "0 "
	same "$output" "0 failures, 0 rejects; explained by provider 0, text 0, enhanced 0, code 0, class 0, local 0"
	mw check --coverage --format json </dev/null
	same "$(jq -c .replies <<<"$output")" "[]"
}

@test "text has fifty replies and says how many more there are" {
	for i in {a..e}{a..m}; do
		bounce_line a@a.example "550 Grumpf $i"
	done >log
	mw check --coverage log
	same "$status $stderr" "0 "
	same "${#lines[@]}" 53
	same "${lines[2]}" "           1     1.5 %  550   550 Grumpf aa"
	same "${lines[52]}" "15 more; --format json lists all"
	mw check --coverage --format json log
	same "$(jq -c '.replies|length' <<<"$output")" 65
}

@test "it counts what the events say, for each mail server" {
	for mta in "$cases"/*/; do
		mw check --coverage --format json "$mta"*.log
		same "$status $stderr" "0 "
		"$mailwhy" "${fixed[@]}" --tally none "$mta"*.log >events
		jq -e --slurpfile events events '
			($events|group_by(.basis)|
				map({(.[0].basis):length})|add // {}) as $bases |
			.failures == ($events|map(select(.event=="failure"))|length) and
			.rejects == ($events|map(select(.event=="reject"))|length) and
			(.basis|with_entries(select(.value > 0))) == $bases and
			.basis.code + .basis.class ==
				.other + ([.replies[].count]|add // 0)' \
			<<<"$output" >/dev/null || { echo "$mta" >&2; return 1; }
	done
}

@test "an entry of one's own closes the gap" {
	make_log
	mkdir own
	cat >own/grumpf.json <<'EOT'
{"entries":[{"id":"own-grumpf","match":{"text":"Grumpf"},"reason":"policy",
"source":"our log"}]}
EOT
	mw check --coverage --rules own log
	same "$status $stderr" "0 "
	same "${lines[0]}" "6 failures, 0 rejects; explained by provider 0, text 3, enhanced 1, code 0, class 1, local 1"
	same "${#lines[@]}" 3
}

@test "a log that is not there is said, the others are read" {
	make_log
	mw check --coverage nowhere log
	same "$status" 1
	same "$stderr" "mailwhy: nowhere: No such file or directory"
	[[ ${lines[0]} == "6 failures, "* ]]
}
