#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What comes in: files, pipes, and all that is not as it should be.

load lib.bash

missing="No such file or directory"

summary() {
	tail -n 1 <<<"$output" | jq -c "[$1]"
}

@test "without FILE, and with -, standard input is read" {
	"$mailwhy" "${fixed[@]}" "$sample" >expected
	mw "${fixed[@]}" <"$sample"
	same "$status $stderr" "0 "
	same "$output" "$(<expected)"
	mw "${fixed[@]}" - <"$sample"
	same "$status $stderr" "0 "
	same "$output" "$(<expected)"
}

@test "files and standard input are read in their order" {
	bounce_line a@a.example >a
	bounce_line b@a.example >b
	bounce_line c@a.example >c
	mw --tally none "${fixed[@]}" a - c <b
	same "$status $stderr" "0 "
	same "$(jq -r .recipient <<<"$output" | tr '\n' ' ')" \
		"a@a.example b@a.example c@a.example "
}

@test "a missing file, a dangling link, a directory: said, exit 1" {
	ln -s nowhere dangling
	mkdir folder
	while IFS='|' read -r name message; do
		mw "${fixed[@]}" "$name"
		same "$status" 1
		same "$stderr" "mailwhy: $name: $message"
		same "$(summary .lines)" "[0]"
	done <<TABLE
missing|$missing
dangling|$missing
folder|is a directory; name the files in it
TABLE
}

@test "standard input that is a directory is refused" {
	mw "${fixed[@]}" </
	same "$status" 1
	same "$stderr" \
		"mailwhy: standard input: is a directory; name the files in it"
}

@test "what can be read is read, whatever stands beside it" {
	mkdir folder
	bounce_line a@a.example >a
	bounce_line c@a.example >c
	mw "${fixed[@]}" missing a folder - c </dev/null
	same "$status" 1
	same "$stderr" "mailwhy: missing: $missing
mailwhy: folder: is a directory; name the files in it"
	same "$(summary .lines,.failures)" "[2,2]"
	mw report --format json "${fixed[@]}" missing a c
	same "$status" 1
	same "$stderr" "mailwhy: missing: $missing"
	same "$(jq -c '[.lines,.failures]' <<<"$output")" "[2,2]"
}

@test "an empty input has a summary and no event" {
	mw "${fixed[@]}" </dev/null
	same "$status $stderr" "0 "
	same "$output" '{"event":"summary","window_start":null,"window_end":null,"lines":0,"deliveries":0,"sent":0,"failures":0,"rejects":0,"unparsed":0,"probes":0,"dropped":0,"cut":0,"shared":0}'
}

@test "binary garbage is counted and harms nothing" {
	awk 'BEGIN { srand(42); for (i = 0; i < 300000; i++)
		printf "%c", int(rand() * 256) }' >garbage
	mw "${fixed[@]}" garbage
	same "$status $stderr" "0 "
	count=$(wc -l <garbage)
	[ "$(tail -c 1 garbage | od -An -tx1)" = " 0a" ] || count=$((count + 1))
	same "$(summary '.lines,.dropped+.unparsed,.deliveries,.rejects')" \
		"[$count,$count,0,0]"
}

@test "lines between binary garbage are still found" {
	{
		printf '\0\377\376\n\n\n\r\n<999999>\n'
		bounce_line a@a.example
		printf 'Nov 23 10:00:00 mx1 postfix/smtp[1]: \0: to=<\377>, status=sent (\n'
		bounce_line b@a.example
		head -c 5000 /dev/zero
	} >mixed
	mw "${fixed[@]}" mixed
	same "$status $stderr" "0 "
	same "$(jq -s -c 'map(.recipient|values)' <<<"$output")" \
		'["a@a.example","b@a.example"]'
	same "$(summary .lines,.failures,.dropped+.unparsed)" "[9,2,7]"
}

@test "a truncated last line is one line, counted once" {
	line=$(bounce_line a@a.example)
	for len in 1 20 60 90 120 150 170 200 230; do
		{
			bounce_line b@a.example
			printf '%s' "${line:0:len}"
		} >log
		mw "${fixed[@]}" log
		same "$status $stderr" "0 "
		same "$(summary '.lines,.lines-.dropped-.deliveries-.rejects-.unparsed')" \
			"[2,0]"
	done
}

@test "a line of 100 MB is cut and counted, memory stays small" {
	command -v /usr/bin/time >/dev/null || skip "GNU time is not there"
	big() {
		bounce_line a@a.example | tr -d '\n'
		head -c 100000000 /dev/zero | tr '\0' x
		echo
		bounce_line b@a.example
	}
	big | /usr/bin/time -o memory -f %M "$mailwhy" "${fixed[@]}" >out 2>err
	same "$(<err)" ""
	output=$(<out)
	same "$(summary .lines,.failures,.cut)" "[2,2,1]"
	is_sanitized || [ "$(<memory)" -lt 65536 ]
}

@test "each overlong line is counted as cut, the lines between them are whole" {
	for ((i = 0; i < 20; i++)); do
		bounce_line "a$i@a.example"
		head -c 70000 /dev/zero | tr '\0' x
		echo
	done >log
	mw "${fixed[@]}" log
	same "$status $stderr" "0 "
	same "$(summary .lines,.failures,.cut,.dropped)" "[40,20,20,20]"
}

@test "the limit of a line is 64 KiB" {
	{
		bounce_line a@a.example | tr -d '\n'
		head -c 70000 /dev/zero | tr '\0' x
	} >long
	for len in 65535 65536 65537; do
		{ head -c $len long; echo; } >log
		mw "${fixed[@]}" log
		same "$(summary .failures,.cut)" "[1,$((len > 65536))]"
	done
}

@test "a clock that jumps loses and doubles nothing" {
	{
		for stamp in "Nov 23 10:00:00" "Nov 23 09:00:00" \
			"Nov 22 23:59:59" "Nov 23 10:00:01" "Nov 24 10:00:00" \
			"Nov 23 10:00:02"; do
			bounce_line a@a.example | sed "s/^.\{15\}/$stamp/"
		done
	} >log
	mw --tally 3600 "${fixed[@]}" log
	same "$status $stderr" "0 "
	same "$(jq -s -c '[(map(select(.event=="failure"))|length),
		(map(select(.event=="tally").count)|add),
		(map(select(.event=="summary").failures)|add),
		(map(select(.event=="summary").lines)|add)]' <<<"$output")" \
		"[6,6,6,6]"
	mw report --format json "${fixed[@]}" log
	same "$(jq -c '[.from,.to,.failures]' <<<"$output")" \
		'["2026-11-22T23:59:59+00:00","2026-11-24T10:00:00+00:00",6]'
}

@test "an impossible stamp is no reason to lose a line" {
	for stamp in "Feb 30 10:00:00" "Nov 31 10:00:00" "Nov 23 24:61:61" \
		"2026-13-01T00:00:00Z" "2026-02-29T00:00:00Z"; do
		bounce_line a@a.example | sed "s/^.\{15\}/$stamp/"
	done >log
	mw "${fixed[@]}" log
	same "$status $stderr" "0 "
	same "$(summary '.lines,.failures+.unparsed')" "[5,5]"
}

@test "the year is inferred from the time of the file" {
	bounce_line a@a.example >log
	sed 's/^Nov 23/Dec 31/' log >dec
	touch -d '2024-01-01 00:30:00 UTC' dec
	mw --timezone UTC --tally none dec
	same "$(jq -r '.["@timestamp"]' <<<"$output")" "2023-12-31T10:00:00+00:00"
	touch -d '2024-12-31 12:00:00 UTC' dec
	mw --timezone UTC --tally none dec
	same "$(jq -r '.["@timestamp"]' <<<"$output")" "2024-12-31T10:00:00+00:00"
}

@test "the zone is the local one, unless --timezone is given" {
	bounce_line a@a.example >log
	TZ=Europe/Berlin mw --year 2026 --tally none log
	same "$(jq -r '.["@timestamp"]' <<<"$output")" "2026-11-23T10:00:00+01:00"
	TZ=Europe/Berlin mw --year 2026 --tally none --timezone America/New_York log
	same "$(jq -r '.["@timestamp"]' <<<"$output")" "2026-11-23T10:00:00-05:00"
}
