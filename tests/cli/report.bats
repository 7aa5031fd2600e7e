#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The report, and the sums that hold on every log.

load lib.bash

# What is true of every summary and report.
sums='(.lines + .shared == .dropped + .deliveries + .rejects + .unparsed) and
	(.deliveries == .sent + .failures + .probes)'

# The logs of one mail server are one input: a case starts few programs, and
# says whose logs it was.
@test "the sums hold on all logs of the cases" {
	for mta in "$cases"/*/; do
		mw "${fixed[@]}" "$mta"*.log
		same "$status $stderr" "0 "
		# The number of each one's last line, which may lack its LF.
		count=$(($(sed -sn '$=' "$mta"*.log | paste -sd +)))
		jq -s -e --argjson count "$count" "
			.[-1] as \$s | (\$s|$sums) and \$s.lines == \$count and
			(map(select(.event==\"failure\"))|length) == \$s.failures and
			(map(select(.event==\"reject\"))|length) == \$s.rejects and
			((map(select(.event==\"tally\").count)|add)//0) == \$s.failures and
			(map(select(.event==\"tally\"))|all(.count == .permanent + .temporary
				and .count == (.reasons|add)))" \
			<<<"$output" >/dev/null || { echo "$mta" >&2; return 1; }
	done
}

@test "the report in JSON says the same as the events" {
	for mta in "$cases"/*/; do
		mw report --format json "${fixed[@]}" "$mta"*.log
		same "$status $stderr" "0 "
		"$mailwhy" "${fixed[@]}" "$mta"*.log >events
		jq -e --slurpfile events events "
			(\$events|map(select(.event==\"failure\"))) as \$f |
			(\$events|map(select(.event==\"reject\"))) as \$r |
			($sums) and .failures == (\$f|length) and
			.rejects == (\$r|length) and
			((.domains|map(.failures)|add)//0) == .failures and
			((.domains|map(.sent)|add)//0) == .sent and
			((.domains|map(.codes[].count)|add)//0) == .failures and
			((.inbound|map(.count)|add)//0) == .rejects and
			((.reasons|add)//0) == .failures and
			.reasons == (\$f|group_by(.reason)|
				map({(.[0].reason):length})|add // {}) and
			(.unparsed_samples|length) <= .unparsed and
			((.unparsed > 0) == (.unparsed_samples|length > 0))" \
			<<<"$output" >/dev/null || { echo "$mta" >&2; return 1; }
	done
}

@test "the fields of the report are those of the contract, in their order" {
	mw report --format json "${fixed[@]}" "$sample"
	same "$(jq -c 'keys_unsorted' <<<"$output")" '["from","to","lines","deliveries","sent","failures","rejects","unparsed","probes","dropped","cut","shared","domains","reasons","providers","inbound","unparsed_samples","lang"]'
	same "$(jq -c '.domains[0]|keys_unsorted' <<<"$output")" \
		'["domain","sent","failures","codes"]'
	same "$(jq -c '.domains[0].codes[0]|keys_unsorted' <<<"$output")" '["smtp_code","count","permanent","temporary","reasons","entry","title","explanation","advice"]'
}

@test "domains by failures, then name; codes by count, then code, null last" {
	{
		bounce_line a@b.example "550 no"
		bounce_line a@c.example "550 no"
		bounce_line a@c.example "554 no"
		bounce_line a@c.example "552 no"
		bounce_line a@c.example "552 no"
		bounce_line a@a.example "550 no"
		bounce_line a@c.example | sed 's/status=.*/status=bounced (x)/'
		sent_line a@z.example
	} >log
	mw report --format json "${fixed[@]}" log
	same "$(jq -c '.domains|map(.domain)' <<<"$output")" \
		'["c.example","a.example","b.example","z.example"]'
	same "$(jq -c '.domains[0].codes|map([.smtp_code,.count])' <<<"$output")" \
		'[[552,2],[550,1],[554,1],[null,1]]'
}

@test "several files make one report" {
	mw report --format json "${fixed[@]}" "$cases"/postfix/{agents,statuses}.log
	same "$status $stderr" "0 "
	cat "$cases"/postfix/{agents,statuses}.log >both
	same "$output" "$("$mailwhy" report --format json "${fixed[@]}" both)"
}

@test "the report as text holds the figures of the one in JSON" {
	for lang in en de; do
		mw report --format json "${fixed[@]}" "$sample"
		figures=$(jq -r '.lines,.deliveries,.failures' <<<"$output")
		mw report "${fixed[@]}" --lang $lang "$sample"
		same "$status $stderr" "0 "
		[[ $output != *$'\e'* ]]
		for figure in $figures; do
			grep -qE "[^0-9]$figure([^0-9]|$)" <<<"$output"
		done
		[[ $output == *a.example* ]]
	done
}

@test "the report of nothing is a report" {
	mw report --format json </dev/null
	same "$status $stderr" "0 "
	same "$(jq -c '[.from,.to,.lines,.domains,.reasons,.inbound]' <<<"$output")" \
		'[null,null,0,[],{},[]]'
	mw report </dev/null
	same "$status $stderr" "0 "
}

@test "every event is an object with the fields of the contract in their order" {
	"$mailwhy" --events all "${fixed[@]}" "$cases"/*/*.log >events
	[ "$(wc -l <events)" -gt 500 ]
	# The order is that of this list; none is written twice.
	same "$(jq -c 'keys_unsorted' events | sort -u | jq -c '
		["@timestamp","event","host","mta","service","pid","queue_id",
		"client_host","client_ip","sender","recipient","orig_to",
		"window_start","window_end","domain","relay_host","relay_ip",
		"relay_port","status","smtp_code","lines","deliveries","count",
		"enhanced_code","permanent","temporary","sent","reasons",
		"stage","delay","delays","reply","reason","provider","actor",
		"retry","basis","entry","detail","title","explanation",
		"advice","admin","probe","links","lang"] as $order |
		map(. as $key | $order|index($key)) as $at |
		select(((index("lines") != null) or
			(($at|all(. != null)) and $at == ($at|sort) and
				$at == ($at|unique)))|not)')" ""
	same "$(jq -c 'select(.event=="failure" or .event=="reject")|
		select((has("smtp_code") and has("enhanced_code") and
		(.permanent|type) == "boolean" and (.domain|type) == "string" and
		([.reason,.actor,.retry,.basis,.entry,.title,.explanation,
			.advice,.admin,.lang]|all(type == "string" and . != "")) and
		(.title|length) <= 60)|not)' events)" ""
	iconv -f utf-8 -t utf-8 events >/dev/null
}

# A log that is shared out to threads: the cases of one day, again and again,
# with lines that differ, so that order shows. (Stamps without a year that jump
# by months take their year from the block they stand in.)
@test "threads change nothing: events, tally, report, samples" {
	cat "$cases"/postfix/*.log | grep -a '^Nov 23 10:' >once
	for i in $(seq 150); do
		sed "s/@/$i@/; s/10:00:/1$((i % 10)):00:/" once
	done >large.log
	[ "$(wc -c <large.log)" -gt 5000000 ]
	for jobs in 2 5; do
		for command in "--format json" "--events all --format json" \
			"report --format json" report; do
			# shellcheck disable=SC2086 # several words are meant
			"$mailwhy" $command "${fixed[@]}" -j1 large.log >one
			# shellcheck disable=SC2086
			"$mailwhy" $command "${fixed[@]}" -j$jobs large.log \
				>many
			cmp one many
		done
	done
}
