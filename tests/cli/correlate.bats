#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# --correlate: what other lines tell of a message, and what becomes of it.

load lib.bash

log=correlate/services.log

# Lines of messages of which nobody hears again, $1 of them.
endless() {
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) {
		h = sprintf("Nov 23 10:%02d:00 mx1 postfix/", i * 60 / n)
		printf "%scleanup[1]: 4X%dz: message-id=<%d@app.a.example>\n", h, i, i
		printf "%sqmgr[2]: 4X%dz: from=<s%d@a.example>, size=9, nrcpt=1 (queue active)\n", h, i, i
		printf "%serror[3]: 4X%dz: to=<r%d@b.example>, relay=none, delay=1, delays=1/0/0/0, dsn=4.4.1, status=deferred (connect to b.example[192.0.2.1]:25: Connection refused)\n", h, i, i
	} }'
}

@test "without the option nothing is different" {
	mw "${fixed[@]}" "$cases/$log"
	same "$status $stderr" "0 "
	same "$(jq -c 'select(.event=="fate" or .size or .nrcpt or .message_id or .sasl_username or .waiting)' <<<"$output")" ""
}

@test "with the option the attempts are the same, and told of alike" {
	mw "${fixed[@]}" "$cases"/*/*.log
	same "$status $stderr" "0 "
	jq -c 'del(.client_host, .client_ip, .sender)' <<<"$output" >without
	[ "$(wc -l <without)" -gt 500 ]
	mw --correlate "${fixed[@]}" "$cases"/*/*.log
	same "$status" 0
	jq -c 'select(.event != "fate") | del(.client_host, .client_ip, .sender,
		.sasl_username, .message_id, .size, .nrcpt, .messages,
		.delivered, .bounced, .expired, .removed, .waiting, .evicted,
		.aged, .message_ids_evicted)' <<<"$output" >with
	diff without with >&2
}

@test "the summary tells of messages and recipients" {
	mw --correlate "${fixed[@]}" "$cases/$log"
	same "$status $stderr" "0 "
	same "$(jq -c 'select(.event=="summary") | [.messages, .delivered, .bounced, .expired, .removed, .waiting, .evicted, .aged, .message_ids_evicted]' <<<"$output")" \
		"[8,3,3,2,1,1,0,0,0]"
}

@test "the counts are those of the events" {
	for one in "$cases"/correlate/*.log; do
		"$mailwhy" --correlate --events all "${fixed[@]}" "$one" |
			jq -s -e '.[-1] as $s | map(select(.event == "fate")) |
				$s.delivered == (map(select(.status == "delivered")) | length) and
				$s.bounced == (map(select(.status == "bounced")) | length) and
				$s.expired == (map(select(.status == "expired")) | length) and
				all(.attempts >= .deferrals and .waited >= 0 and .first <= .["@timestamp"])' \
				>/dev/null || { echo "$one" >&2; return 1; }
	done
}

@test "a fate has its fields in their order" {
	mw --correlate "${fixed[@]}" "$cases/$log"
	same "$(jq -c 'select(.event=="fate") | keys_unsorted' <<<"$output" | head -n 1)" \
		'["@timestamp","event","host","mta","queue_id","client_host","client_ip","sasl_username","sender","message_id","size","nrcpt","recipient","domain","status","attempts","deferrals","first","waited","smtp_code","enhanced_code","reason","entry","title","lang"]'
}

@test "which fates become events" {
	fates() {
		"$mailwhy" --correlate "${fixed[@]}" "$@" "$cases/$log" |
			jq -s 'map(select(.event == "fate")) | length'
	}
	same "$(fates)" 7
	same "$(fates --events all)" 8
	same "$(fates --events rejects)" 0
	same "$(fates --events none)" 0
}

@test "each window counts its own; who waits is told as of its end" {
	{
		sent_line a@b.example 0
		echo 'Nov 23 10:00:01 mx1 postfix/smtp[1]: 4A: to=<w@b.example>, relay=none, delay=1, delays=1/0/0/0, dsn=4.4.1, status=deferred (connect to b.example[192.0.2.1]:25: Connection refused)'
		echo 'Nov 23 10:01:00 mx1 postfix/smtp[1]: 4B: to=<w@b.example>, relay=none, delay=1, delays=1/0/0/0, dsn=4.4.1, status=deferred (connect to b.example[192.0.2.1]:25: Connection refused)'
	} >log
	mw --correlate --tally 60 "${fixed[@]}" log
	same "$(jq -c 'select(.event=="summary") | [.messages, .delivered, .waiting]' <<<"$output")" \
		"$(printf '[2,1,1]\n[1,0,2]')"
}

@test "people are told what waited, and not what the failure just said" {
	mw --correlate --format text --tally none "${fixed[@]}" "$cases/$log"
	same "$status $stderr" "0 "
	same "$(grep -E 'attempts:' <<<"$output")" "$(
		cat <<-'END'
			2026-11-23 10:15:01  delivered at last  grey@b.example  (attempts: 2, 0:15:00)
			2026-11-23 10:15:03  bounced in the end  slow@d.example  (attempts: 2, 0:15:00)
			2026-11-28 11:00:02  given up  full@a.example  (attempts: 2, 1:00:00)
			2026-11-28 12:00:03  delivered at last  u@a.example  (attempts: 2, 0:00:02)
		END
	)"
}

@test "the report tells messages from attempts, in each language" {
	mw report --correlate "${fixed[@]}" "$cases/$log"
	same "$status $stderr" "0 "
	same "$(grep -A 6 '^What became' <<<"$output")" "$(
		cat <<-'END'
			What became of the mail
			  messages                                        8
			  recipients: delivered                           3
			  recipients: bounced                             3
			  recipients: given up                            2
			  recipients: still waiting                       1
			  recipients: removed from queue                  1
		END
	)"
	mw report --correlate --lang de --timezone UTC "$cases/$log"
	[[ $output == *"Empfänger: warten noch "*" 1"* ]]
	mw report --correlate --lang fr --timezone UTC "$cases/$log"
	[[ $output == *"destinataires : en attente "*" 1"* ]]
	mw report "${fixed[@]}" "$cases/$log"
	[[ $output != *"What became"* ]]
}

@test "so does the report in JSON" {
	mw report --correlate --format json "${fixed[@]}" "$cases/$log"
	same "$(jq -c '[.messages, .delivered, .bounced, .expired, .removed, .waiting]' <<<"$output")" "[8,3,3,2,1,1]"
	mw report --format json "${fixed[@]}" "$cases/$log"
	same "$(jq -c 'has("waiting")' <<<"$output")" false
}

@test "what is not heard of for five days is forgotten, and that is said" {
	{
		echo 'Nov 20 10:00:00 mx1 postfix/smtp[1]: 4A: to=<a@b.example>, relay=none, delay=1, delays=1/0/0/0, dsn=4.4.1, status=deferred (connect to b.example[192.0.2.1]:25: Connection refused)'
		echo 'Nov 20 10:00:00 mx1 postfix/qmgr[1]: 4B: from=<a@b.example>, size=1, nrcpt=1 (queue active)'
		echo 'Nov 26 10:00:00 mx1 postfix/qmgr[1]: 4C: from=<a@b.example>, size=1, nrcpt=1 (queue active)'
		echo 'Nov 26 10:00:01 mx1 postfix/qmgr[1]: 4C: from=<a@b.example>, size=1, nrcpt=1 (queue active)'
	} >log
	mw --correlate "${fixed[@]}" log
	same "$status" 0
	same "$stderr" "mailwhy: --correlate: forgotten: 0 open messages and 0 message-ids for want of memory (256 MB), 1 messages that were not heard of for 5 days"
	same "$(jq -c 'select(.event=="summary") | [.waiting, .aged]' <<<"$output")" "[0,1]"
	mw --correlate -q "${fixed[@]}" log
	same "$status $stderr" "0 "
}

# The input stays open, so that the program can be looked at when it has read all.
@test "messages that never end stay within the memory" {
	mkfifo in
	"$mailwhy" --correlate --tally none "${fixed[@]}" - <in >events &
	pid=$!
	exec 9>in
	endless 100000 >&9
	printf '\n' >&9
	tell=4X99999z
	wait_for grep -q "$tell" events
	peak=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status")
	exec 9>&-
	wait "$pid"
	echo "peak: $peak kB" >&2
	is_sanitized || ((peak < 120000))
}

@test "threads are not used, and the order stays" {
	for ((i = 0; i < 9; i++)); do
		cat "$cases/$log"
	done >some
	for ((i = 0; i < 60; i++)); do
		cat some
	done >big
	"$mailwhy" --correlate -j 1 "${fixed[@]}" big >one
	"$mailwhy" --correlate -j 4 "${fixed[@]}" big >four
	cmp one four
}
