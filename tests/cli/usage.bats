#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Help, version, and wrong usage: exit 2, one line, a pointer to --help.

load lib.bash

@test "help goes to standard output and names every command and option" {
	mw --help
	same "$status" 0
	same "$stderr" ""
	same "${lines[0]}" "mailwhy says why mail does not arrive."
	for command in report explain codes check; do
		[[ $output == *"mailwhy $command [OPTION]..."* ]]
	done
	for option in format events tally lang omprog timezone year \
		max-domains output rules quiet verbose help version; do
		[[ $output == *"--$option"* ]]
	done
	help=$output
	mw -h
	same "$output" "$help"
}

@test "every command has the help" {
	mw --help
	help=$output
	for command in report explain codes check; do
		mw $command --help
		same "$status $stderr" "0 "
		same "$output" "$help"
	done
}

@test "the manual page documents every option of the help" {
	for option in $("$mailwhy" --help | grep -oE -- '--[a-z-]+' | sort -u); do
		[ "$option" = --help ] ||
			grep -qF -- "-${option#--}" "$srcdir/man/mailwhy.1"
	done
}

@test "version and licence" {
	mw --version
	same "$status $stderr" "0 "
	[[ ${lines[0]} =~ ^mailwhy\ [0-9]+\.[0-9]+ ]]
	same "${lines[1]}" "Licence: Apache-2.0"
	same "${#lines[@]}" 2
	version=$output
	mw -V
	same "$output" "$version"
}

@test "wrong usage is refused in one line" {
	while IFS='|' read -r arguments message; do
		# shellcheck disable=SC2086 # several words are meant
		mw $arguments </dev/null
		refused_with 2 "$message; see 'mailwhy --help'"
	done <<'TABLE'
--nonsense|unknown option '--nonsense'
-Z|unknown option '-Z'
--format|option '--format' needs a value
-o|option '-o' needs a value
--format xml|--format takes text or json, not 'xml'
--format html|--format takes text or json, not 'html'
--events some|--events takes failures, rejects, all or none, not 'some'
--tally 0|--tally takes a number from 1 to 31622400, not '0'
--tally -1|--tally takes a number from 1 to 31622400, not '-1'
--tally 1x|--tally takes a number from 1 to 31622400, not '1x'
--lang xx|--lang takes de, en or fr, not 'xx'
--lang ../lang/de|--lang takes de, en or fr, not '../lang/de'
--year 26|--year takes a number from 1970 to 9999, not '26'
--year 99999999999999999999999|--year takes a number from 1970 to 9999, not '99999999999999999999999'
--max-domains 0|--max-domains takes a number from 1 to 100000000, not '0'
report --events all|'mailwhy report' has no option --events
report --tally 60|'mailwhy report' has no option --tally
explain --year 2026 550|'mailwhy explain' has no option --year
--audience admin|'mailwhy' has no option --audience
explain --audience me 550|--audience takes sender or admin, not 'me'
codes --format csv|--format takes text, json or html, not 'csv'
codes 550|codes takes no FILE
--coverage|'mailwhy' has no option --coverage
report --coverage|'mailwhy report' has no option --coverage
check --format html|--format takes text or json, not 'html'
check --format json|check takes --format only with --coverage
explain|explain needs a code, the text of a reply, or a bounce mail
TABLE
}

@test "the wrong one among several letters is refused, too" {
	mw -qZ </dev/null
	refused_with 2 "unknown option '-qZ'; see 'mailwhy --help'"
}

@test "a wrong option makes no output file" {
	mw -o "$dir/out" --tally x </dev/null
	same "$status" 2
	[ ! -e "$dir/out" ]
}

@test "-- ends the options" {
	bounce_line anna@a.example >-x
	mw --format json --events none "${fixed[@]}" -- -x
	same "$status $stderr" "0 "
	same "$(jq -s -c '.[-1].failures' <<<"$output")" 1
}
