#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Rulebases and catalogue that are missing or broken: one line that names the
# file and the place, exit 1.

load lib.bash

copy_rules() {
	rm -rf rules
	cp -r "$srcdir/rules" rules
}

# The filter refuses, in one line that matches $1.
filter_refuses() {
	mw --rules rules "${fixed[@]}" "$sample"
	same "$status" 1
	same "$output" ""
	same "${#stderr_lines[@]}" 1
	[[ $stderr =~ $1 ]] || { echo "$stderr" >&2; return 1; }
}

# So does `check`, in a line that matches each of these; it reads all files.
check_names() {
	mw check --rules rules
	same "$status" 1
	same "$output" ""
	for wanted in "$@"; do
		grep -qE "$wanted" <<<"$stderr" || { echo "$stderr" >&2; return 1; }
	done
}

@test "what is installed has no error" {
	mw check
	same "$status $stderr$output" "0 "
	mw check --rules "$srcdir/rules"
	same "$status $stderr$output" "0 "
}

@test "a directory of rules that is not there" {
	mw --rules nowhere "${fixed[@]}" "$sample"
	same "$status" 1
	same "${#stderr_lines[@]}" 1
	[[ $stderr == "mailwhy: nowhere/"*": No such file or directory"* ]]
}

@test "each missing file is named" {
	for file in postfix.rulebase exim.rulebase catalogue.json \
		providers.json lang/en.json; do
		copy_rules
		rm "rules/$file"
		filter_refuses "^mailwhy: rules/$file: No such file or directory"
	done
	rm rules/catalogue.json rules/providers.json rules/exim.rulebase
	check_names "^mailwhy: rules/"{lang/en,catalogue,providers}".json: No such file" \
		"^mailwhy: rules/exim.rulebase: No such file"
	# Not each text of each entry that is not there.
	same "${#stderr_lines[@]}" 4
}

@test "each empty file is named" {
	for file in catalogue.json providers.json lang/en.json; do
		copy_rules
		: >"rules/$file"
		filter_refuses "^mailwhy: rules/$file:"
	done
	: >rules/catalogue.json
	: >rules/providers.json
	check_names "^mailwhy: rules/"{lang/en,catalogue,providers}".json:"
}

# liblognorm loses memory with a rule that it refuses. To unwind that takes so
# long that `check`, which compiles all texts, is run without.
expect_leaks() {
	export ASAN_OPTIONS=fast_unwind_on_malloc=0
	export LSAN_OPTIONS="suppressions=$srcdir/tests/cli/lsan.supp:print_suppressions=0"
}

# The last run said only that the rulebase of $1 is broken.
names_rulebase() {
	same "$status" 1
	same "${#stderr_lines[@]}" 1
	[[ $stderr =~ ^"mailwhy: rules/$1.rulebase:"[0-9]+": " ]] ||
		{ echo "$stderr" >&2; return 1; }
}

exim_line='2026-11-23 10:00:00 1xVdeN-0008O6-10 == n@a.example R=d T=r defer (111): Connection refused'

@test "a rule that liblognorm does not take is named with its file" {
	expect_leaks
	for rule in 'foo=bar' 'rule=delivery:%x:no-such-parser%'; do
		copy_rules
		echo "$rule" >>rules/postfix.rulebase
		mw --rules rules "${fixed[@]}" "$sample"
		names_rulebase postfix
		ASAN_OPTIONS=detect_leaks=0 mw check --rules rules
		names_rulebase postfix
	done
}

@test "a broken rulebase stops with its first line, what was before is there" {
	expect_leaks
	copy_rules
	echo 'foo=bar' >>rules/exim.rulebase
	bounce_line one@a.example >postfix.log
	{ cat postfix.log; echo "$exim_line"; bounce_line two@a.example; } >log
	mw --rules rules "${fixed[@]}" postfix.log
	same "$status $stderr" "0 "
	before=$output
	mw --rules rules "${fixed[@]}" log
	names_rulebase exim
	same "$output" "$before"
	mw report --rules rules "${fixed[@]}" log
	names_rulebase exim
	mw explain --rules rules --lang en "$exim_line"
	names_rulebase exim
	ASAN_OPTIONS=detect_leaks=0 mw check --rules rules
	names_rulebase exim
}

@test "what runs for long finds a broken rulebase when it starts" {
	expect_leaks
	copy_rules
	echo 'foo=bar' >>rules/exim.rulebase
	mw --rules rules --follow "$sample"
	names_rulebase exim
	same "$output" ""
	mw --rules rules --omprog -o events </dev/null
	names_rulebase exim
	same "$output" ""
	[ ! -e events ]
}

@test "a broken rulebase of one's own is named at the start, with any log" {
	expect_leaks
	mkdir own
	printf 'version=2\nfoo=bar\n' >own/exim-ours.rulebase
	mw --rules own "${fixed[@]}" "$sample"
	same "$status $output" "1 "
	same "${#stderr_lines[@]}" 1
	[[ $stderr == "mailwhy: own/exim-ours.rulebase:2: "* ]]
}

@test "a broken rulebase is named once, however many threads need it" {
	expect_leaks
	copy_rules
	echo 'foo=bar' >>rules/sendmail.rulebase
	bounce_line one@a.example >log
	yes "$(sent_line a@b.example)" | head -n 24000 >>log
	for ((i = 0; i < 4; i++)); do
		sed -n '/stat=/{p;q}' "$cases"/sendmail/*.log
		yes "$(sent_line a@b.example)" | head -n 2000
	done >>log
	mw --rules rules "${fixed[@]}" --jobs 4 log
	names_rulebase sendmail
	same "$(jq .recipient <<<"${lines[0]}")" '"one@a.example"'
}

@test "a catalogue that is no JSON is named with the line" {
	copy_rules
	sed -i '3s/.*/ nonsense/' rules/catalogue.json
	filter_refuses "^mailwhy: rules/catalogue\.json:[0-9]+:"
	cp "$srcdir/rules/catalogue.json" rules
	sed -i '2s/.*/ nonsense/' rules/lang/en.json
	filter_refuses "^mailwhy: rules/lang/en\.json:[0-9]+:"
	sed -i '3s/.*/ nonsense/' rules/catalogue.json
	check_names "^mailwhy: rules/"{catalogue,lang/en}"\.json:[0-9]+:"
}

@test "an entry that makes no sense is named" {
	while IFS='~' read -r change id; do
		copy_rules
		jq "$change" "$srcdir/rules/catalogue.json" >rules/catalogue.json
		filter_refuses "^mailwhy: rules/catalogue\.json.*$id"
	done <<'TABLE'
(.entries[]|select(.id=="code-550")).reason="nonsense"~code-550
(.entries[]|select(.id=="code-550")).match.code="x"~code-550
(.entries[]|select(.id=="code-550")).match.stage="nowhere"~code-550
(.entries[]|select(.id=="code-550")).match.colour="red"~code-550
.entries+=[.entries[]|select(.id=="code-550")]~code-550
(.entries[]|select(.id=="code-550"))|=del(.id)~
TABLE
}

@test "an entry or a reason without a text is found by check" {
	copy_rules
	jq 'walk(if type=="object" then del(.bad_mailbox) else . end)' \
		"$srcdir/rules/lang/de.json" >rules/lang/de.json
	mw check --rules rules
	same "$status" 1
	same "${#stderr_lines[@]}" 1
	[[ $stderr == "mailwhy: rules/"*lang/de.json*bad_mailbox* ]]
}
