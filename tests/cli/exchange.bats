#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Exchange's message tracking logs: the order of columns, threads, options.

load lib

@test "threads keep to the order of columns that the head has told" {
	sed -n 14p "$cases/exchange/columns.log" >log
	yes "$(sed -n 15p "$cases/exchange/columns.log")" | head -n 30000 >>log
	[ "$(stat -c %s log)" -gt 4194304 ]
	mw "${fixed[@]}" --events none --format json -j1 log
	one=$output
	[[ $output == *'"lines":30001,"deliveries":30000,"sent":0,"failures":30000,"rejects":0,"unparsed":0,'* ]]
	mw "${fixed[@]}" --events none --format json -j4 log
	same "$output" "$one"
}

@test "a syslog that has its own tag is read with --mta exchange" {
	sed 's/^/Nov 23 10:00:00 fwd EX1: /' "$cases/exchange/events.log" >log
	mw "${fixed[@]}" --format json --mta exchange log
	with=$(grep -v '"event":"summary"' <<<"$output")
	mw "${fixed[@]}" --format json "$cases/exchange/events.log"
	same "$with" "$(grep -v '"event":"summary"' <<<"$output")"
	mw "${fixed[@]}" --format json log
	[[ $output == *'"deliveries":0,'* ]]
}

@test "explain reads a line, with each of its recipients" {
	grep y1@corp.example "$cases/exchange/events.log" >line
	mw explain --lang en --format json "$(cat line)"
	same "$(grep -o '"recipient":"[^"]*"' <<<"$output" | tr '\n' ' ')" \
		'"recipient":"y1@corp.example" "recipient":"y2@corp.example" '
	[[ $output == *'"reply":"441 4.4.1 Error encountered'* ]]
}
