#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What goes out: formats, a full disk, a reader that leaves, latency, signals.

load lib.bash

teardown() {
	# Only what this test has started.
	[ -z "${child-}" ] || kill -KILL "$child" 2>/dev/null || true
}

# Starts the filter on a pipe that stays open: descriptor 7 writes to it.
start_filter() {
	mkfifo in
	"$mailwhy" "${fixed[@]}" "$@" <in >out 2>err &
	child=$!
	exec 7>in
}

# Ends it by signal $1 (or, without, by the end of input): exit $2, no word.
end_filter() {
	local result=0
	if [ "$1" = EOF ]; then
		exec 7>&-
	else
		kill "-$1" "$child"
	fi
	wait "$child" || result=$?
	child=
	exec 7>&-
	same "$result" "$2"
	same "$(<err)" ""
}

has_lines() {
	[ "$(wc -l <"$1")" -ge "$2" ]
}

@test "an event leaves without the pipe being closed" {
	start_filter --tally none
	bounce_line a@a.example >&7
	wait_for has_lines out 1
	same "$(jq -r .recipient out)" a@a.example
	bounce_line b@a.example | head -c 100 >&7
	bounce_line b@a.example | tail -c +101 >&7
	wait_for has_lines out 2
	end_filter EOF 0
	same "$(wc -l <out)" 2
}

@test "SIGTERM and SIGINT end it with the tally, exit 0" {
	for signal in TERM INT; do
		rm -f in
		start_filter
		# A job in the background ignores SIGINT until it sets it itself.
		bounce_line a@a.example >&7
		wait_for has_lines out 1
		sent_line b@a.example >&7
		sleep 0.2
		end_filter $signal 0
		same "$(jq -s -c 'map(.event)' out)" '["failure","tally","summary"]'
		same "$(jq -s -c '.[-1]|[.lines,.sent,.failures]' out)" "[2,1,1]"
	done
}

@test "a line that has not ended is finished at SIGTERM" {
	start_filter
	bounce_line a@a.example >&7
	bounce_line b@a.example | tr -d '\n' >&7
	wait_for has_lines out 1
	sleep 0.2
	end_filter TERM 0
	same "$(jq -s -c '.[-1]|[.lines,.failures]' out)" "[2,2]"
}

@test "SIGTERM in the middle of a large file: sums still hold" {
	yes "$(bounce_line a@a.example)" | head -n 200000 >log
	"$mailwhy" "${fixed[@]}" log >out 2>err &
	child=$!
	wait_for has_lines out 10
	kill -TERM "$child"
	wait "$child"
	child=
	same "$(<err)" ""
	same "$(tail -n 1 out | jq -c --argjson events \
		"$(grep -c '"event":"failure"' out)" \
		'[.event,.lines==.failures,.failures==$events]')" \
		'["summary",true,true]'
}

@test "SIGHUP opens the output file anew" {
	start_filter --tally none -o events
	bounce_line a@a.example >&7
	wait_for test -s events
	mv events events.1
	kill -HUP "$child"
	wait_for test -e events
	bounce_line b@a.example >&7
	wait_for test -s events
	end_filter EOF 0
	same "$(jq -r .recipient events.1 events | tr '\n' ' ')" \
		"a@a.example b@a.example "
	same "$(<out)" ""
}

@test "SIGHUP reloads the catalogue; a broken one is refused, the old stays" {
	cp -r "$srcdir/rules" rules
	start_filter --tally none --rules rules
	bounce_line a@a.example >&7
	wait_for has_lines out 1
	cp rules/catalogue.json good.json
	echo '{' >rules/catalogue.json
	kill -HUP "$child"
	wait_for test -s err
	same "$(wc -l <err)" 1
	[[ $(<err) == "mailwhy: reloading: rules/catalogue.json:"*"; the old one stays" ]]
	bounce_line b@a.example >&7
	wait_for has_lines out 2
	cp good.json rules/catalogue.json
	sed -i 's/"text-no-such-user"/"renamed"/' rules/catalogue.json \
		rules/lang/*.json
	: >err
	kill -HUP "$child"
	sleep 0.5
	bounce_line c@a.example >&7
	wait_for has_lines out 3
	end_filter EOF 0
	same "$(jq -r .entry out | tr '\n' ' ')" \
		"text-no-such-user text-no-such-user renamed "
}

@test "a full disk is said once, exit 1" {
	[ -w /dev/full ] || skip "no /dev/full"
	for command in "$fixed_words $sample" "report $fixed_words $sample" \
		"report --format json $fixed_words $sample" "explain 550" codes \
		"codes --format html" --help --version; do
		# shellcheck disable=SC2086 # several words are meant
		run --separate-stderr bash -c '"$@" >/dev/full' - \
			"$mailwhy" $command
		same "$status" 1
		same "$stderr" \
			"mailwhy: standard output: No space left on device"
	done
}

@test "a full disk is found with -o as well" {
	[ -w /dev/full ] || skip "no /dev/full"
	mw "${fixed[@]}" -o /dev/full "$sample"
	refused_with 1 "/dev/full: No space left on device"
}

@test "an output file that cannot be made is said, exit 1" {
	mw "${fixed[@]}" -o missing/out "$sample"
	refused_with 1 "missing/out: No such file or directory"
	mkdir folder
	mw "${fixed[@]}" -o folder "$sample"
	refused_with 1 "folder: Is a directory"
}

@test "the filter adds to its output file" {
	bounce_line a@a.example >log
	"$mailwhy" "${fixed[@]}" --tally none -o out log
	mw "${fixed[@]}" --tally none -o out log
	same "$status $stderr$output" "0 "
	same "$(wc -l <out)" 2
}

@test "a reader that leaves ends it quietly, exit 0" {
	yes "$(bounce_line a@a.example)" | head -n 2000 >log
	for command in "$fixed_words log" "codes" "codes --format json" \
		"report $fixed_words log"; do
		# shellcheck disable=SC2086,SC2016 # several words are meant
		run --separate-stderr bash -c \
			'"$@" | head -n 1 >/dev/null; exit "${PIPESTATUS[0]}"' - \
			"$mailwhy" $command
		same "$status $stderr" "0 "
	done
}

@test "a closed standard output is an error, not a lost event" {
	run --separate-stderr bash -c '"$@" >&-' - "$mailwhy" "${fixed[@]}" "$sample"
	same "$status" 1
	same "$stderr" "mailwhy: standard output: Bad file descriptor"
}

@test "without a terminal: JSON; --format text: text, without colour" {
	mw "${fixed[@]}" "$sample"
	jq -e . <<<"$output" >/dev/null
	mw --format text "${fixed[@]}" "$sample"
	same "$status $stderr" "0 "
	[[ $output != *$'\e'* ]]
	same "${lines[0]}" "2026-11-23 10:00:01  bounced  bert@a.example  550 5.2.1  The mailbox is no longer active"
}

@test "the explanation is written the first time only" {
	for ((i = 0; i < 3; i++)); do bounce_line a@a.example; done >log
	mw --format text --tally none "${fixed[@]}" log
	same "$status $stderr" "0 "
	same "$(grep -c 'What happened?' <<<"$output")" 1
	same "$(grep -c '^2026-11-23 10:00:00  bounced  a@a.example  550 5.1.1' \
		<<<"$output")" 3
}

@test "colour only on a terminal, and not under NO_COLOR" {
	script -qec true typescript >/dev/null 2>&1 ||
		skip "no pseudo-terminals here"
	script --version 2>/dev/null | grep -q util-linux || skip "no script(1)"
	on_terminal() {
		script -qec "$1" /dev/null </dev/null | tr -d '\r'
	}
	words="--format text --tally none $fixed_words $sample"
	plain=$("$mailwhy" --format text --tally none "${fixed[@]}" "$sample")
	coloured=$(on_terminal "TERM=xterm '$mailwhy' $words 2>/dev/null")
	[[ $coloured == *$'\e['* ]]
	stripped=$(sed 's/\x1b\[[0-9;]*m//g' <<<"$coloured" | tr -s ' \n' ' ')
	same "$stripped" "$(tr -s ' \n' ' ' <<<"$plain")"
	without=$(on_terminal "NO_COLOR=1 TERM=xterm '$mailwhy' $words 2>/dev/null")
	[[ $without != *$'\e'* ]]
	# An empty NO_COLOR does not count (no-color.org).
	[[ $(on_terminal "NO_COLOR= TERM=xterm '$mailwhy' $words 2>/dev/null") == *$'\e['* ]]
	# On a terminal text is the default.
	[[ $(on_terminal "NO_COLOR=1 '$mailwhy' $fixed_words $sample 2>/dev/null") == \
		2026-11-23\ 10* ]]
}

@test "what the log holds cannot control the terminal" {
	bounce_line a@a.example $'550 \e[31mred \e]0;title\a \x9b31m \x7f' >log
	for format in text json; do
		"$mailwhy" --format $format "${fixed[@]}" log >out
		same "$(LC_ALL=C tr -d '\n\40-\176\200-\377' <out | wc -c)" 0
		iconv -f utf-8 -t utf-8 out >/dev/null
		# CSI as one character of Latin 1 is no plain text either.
		! grep -qP '\xc2\x9b' out
	done
	"$mailwhy" report "${fixed[@]}" log >out
	same "$(LC_ALL=C tr -d '\n\40-\176\200-\377' <out | wc -c)" 0
}

@test "--events chooses, and all is counted whatever is chosen" {
	cat "$cases"/postfix/{statuses,agents}.log >log
	total=$("$mailwhy" "${fixed[@]}" log | tail -n 1)
	same "$(jq -c '.sent>0 and .failures>0 and .rejects>0' <<<"$total")" true
	for row in 'failures failure,reject' 'rejects reject' \
		'all failure,reject,sent' 'none -'; do
		mw --events "${row% *}" "${fixed[@]}" log
		same "$status $stderr" "0 "
		same "$(jq -s -r '[.[:-1][].event]-["tally"]|unique|join(",")' \
			<<<"$output")" "$(tr -d - <<<"${row#* }")"
		same "${lines[-1]}" "$total"
		jq -s -e '(map(select(.event=="failure"))|length) as $f |
			$f == 0 or $f == .[-1].failures' <<<"$output" >/dev/null
		jq -s -e '(map(select(.event=="reject"))|length) as $r |
			$r == 0 or $r == .[-1].rejects' <<<"$output" >/dev/null
	done
	mw --events all --tally none "${fixed[@]}" log
	same "$(jq -s -c '[(map(select(.event=="sent"))|length),
		(map(select(.event=="sent" and (has("reason") or has("title"))))|length)]' \
		<<<"$output")" "[$(jq .sent <<<"$total"),0]"
}

@test "--tally none: events only; end: one summary" {
	mw --tally none "${fixed[@]}" "$sample"
	same "$(jq -s -c 'map(.event)|unique' <<<"$output")" '["failure"]'
	mw --tally end --events none "${fixed[@]}" "$sample"
	same "$(jq -s -c 'map(.event)|unique' <<<"$output")" '["summary","tally"]'
	same "$(jq -s -c 'map(select(.event=="summary"))|length' <<<"$output")" 1
}

@test "--tally SECONDS: windows of log time, aligned, none lost" {
	for second in 0 1 9 10 11 35; do
		bounce_line a@a.example "550 no" $second
	done >log
	mw --tally 10 --events none "${fixed[@]}" log
	same "$status $stderr" "0 "
	same "$(jq -s -c 'map(select(.event=="summary")|[.window_start[17:19],.window_end[17:19],.failures])' \
		<<<"$output")" '[["00","10",3],["10","20",2],["30","40",1]]'
	same "$(jq -s -c 'map(select(.event=="tally")|[.window_start[17:19],.count])' \
		<<<"$output")" '[["00",3],["10",2],["30",1]]'
}

@test "the language comes from --lang, LC_ALL, LC_MESSAGES, LANG, else English" {
	lang_of() {
		env -u LC_ALL -u LC_MESSAGES -u LANG "$@" explain --format json 550 |
			jq -r '.[0].lang'
	}
	same "$(lang_of "$mailwhy")" en
	same "$(lang_of LANG=de_DE.UTF-8 "$mailwhy")" de
	same "$(lang_of LANG=de_AT "$mailwhy")" de
	same "$(lang_of LANG=en_US LC_MESSAGES=de_DE "$mailwhy")" de
	same "$(lang_of LANG=de_DE LC_ALL=C "$mailwhy")" en
	same "$(lang_of LANG=de_DE LC_ALL= "$mailwhy")" de
	same "$(lang_of LANG=fr_FR "$mailwhy")" fr
	same "$(lang_of LANG=pl_PL "$mailwhy")" en
	same "$(LC_ALL=de_DE "$mailwhy" explain --format json --lang en 550 |
		jq -r '.[0].lang')" en
}

@test "--max-domains keeps the frequent ones, the rest is (other), sums hold" {
	{
		for ((i = 0; i < 40; i++)); do bounce_line a@big.example; done
		for ((i = 0; i < 200; i++)); do
			bounce_line "a@d$i.example"
			sent_line "a@d$i.example"
		done
		for ((i = 0; i < 40; i++)); do bounce_line a@big.example; done
	} >log
	mw report --format json --max-domains 5 "${fixed[@]}" log
	same "$status $stderr" "0 "
	same "$(jq -c '[.failures,.sent,(.domains|map(.failures)|add),
		(.domains|map(.sent)|add),(.domains|map(.codes[].count)|add),
		(.domains|length<=6)]' <<<"$output")" "[280,200,280,200,280,true]"
	same "$(jq -c '.domains[]|select(.domain=="big.example").failures' \
		<<<"$output")" 80
	same "$(jq -c '[.domains[]|select(.domain=="(other)")]|length' \
		<<<"$output")" 1
}

@test "a domain that is called (other) by a sender stays apart or adds up" {
	bounce_line 'a@(other)' >log
	bounce_line 'a@b.example' >>log
	mw report --format json "${fixed[@]}" log
	same "$(jq -c '[.failures,(.domains|map(.failures)|add)]' <<<"$output")" \
		"[2,2]"
}

@test "without a reply there is no heading for one" {
	bounce_line a@a.example | sed 's/(host.*/()/' >log
	mw --format text --tally none "${fixed[@]}" log
	same "$status $stderr" "0 "
	[[ $output == *"For the administrator:"* ]]
	same "$(grep -c ':$' <<<"$output")" 0
}
