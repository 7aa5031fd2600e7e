#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# `explain` and `codes`. The list that has to be explained first is checked row
# by row, from the code and from the text, in both languages: what has to be
# said is looked for by its key words.

load lib.bash

blocklists="https://mxtoolbox.com/blacklists.aspx,https://dnsblcheck.de/"

# For each answer of each file what a customer reads: the file, the reason, the
# links with a blank round each, the texts in small letters; one line each.
told() {
	jq -r '.[]|[.file,.reason," \(.links // []|join(" ")) ",
		([.title,.explanation,.advice]|join(" "))]|@tsv' <<<"$output" |
		sed -E 's/^([^\t]*\t[^\t]*\t[^\t]*\t)(.*)$/\1\L\2/'
}

# The answer to file $1 in the list `told` has the reason (or a pattern), the
# words (patterns, by ;), and the links.
row_holds() {
	local file reason links text word link
	IFS=$'\t' read -r file reason links text < <(grep "^$1"$'\t' told)
	same "$file" "$1" || return
	[[ $reason =~ ^($2)$ ]] || return
	while read -r -d ';' word; do
		[[ $text =~ $word ]] || return
	done <<<"$3;"
	for link in ${4//,/ }; do
		[[ $links == *" $link "* ]] || return
	done
}

entry_ids() {
	jq -r '.entries[].id' "$srcdir/rules/catalogue.json" | sort -u
}

# The values of an attribute, sorted.
attribute() {
	grep -oE "$1=\"[^\"]*\"" | sed 's/^[^"]*"//; s/"$//' | sort
}

@test "every row of the first list, from code and text, in both languages" {
	count=0
	cat >table <<'TABLE'
101~network~connection;server name;port~verbindung;name;port~
The server is unable to connect~network~connection;server name;port~verbindung;name;port~
101 The server is unable to connect~network~connection;server name;port~verbindung;name;port~
422~mailbox_full~mailbox is full;recipient;phone;clean up~postfach.*voll;empfänger;telefon;aufzuräumen~
The recipient's mailbox has exceeded its storage limit~mailbox_full~mailbox is full;clean up~voll;aufzuräumen~
The recipient´s mailbox has exceeded its storage limit~mailbox_full~mailbox is full;clean up~voll;aufzuräumen~
The recipient’s mailbox has exceeded it’s storage limit~mailbox_full~mailbox is full;clean up~voll;aufzuräumen~
422 The recipient´s mailbox has exceeded its storage limit~mailbox_full~mailbox is full;clean up~voll;aufzuräumen~
450~greylisted|other~no longer exists;block list;may not receive~gibt es nicht mehr;sperrliste;darf~blocklists
Requested mail action not taken: mailbox unavailable~system_busy|other~no longer exists;block list;may not~gibt es nicht mehr;sperrliste;darf~blocklists
Requested mail action ot taken: mailbox unavailabe~system_busy|other~no longer exists;block list;may not~gibt es nicht mehr;sperrliste;darf~blocklists
450 Requested mail action not taken: mailbox unavailable~system_busy|other~no longer exists;block list;may not~gibt es nicht mehr;sperrliste;darf~blocklists
552~mailbox_full~mailbox is full~postfach.*voll~
Requested mail actions aborted: exceeded storage allocation~mailbox_full~mailbox is full~postfach.*voll~
552 Requested mail actions aborted: exceeded storage allocation~mailbox_full~mailbox is full~postfach.*voll~
553~bad_mailbox~to, cc (and|or) bcc;does not exist~„an“, „cc“ (und|oder) „bcc“;gibt es nicht~
Requested action not taken: mailbox name invalid~bad_mailbox~to, cc (and|or) bcc;does not exist~„an“, „cc“ (und|oder) „bcc“;gibt es nicht~
553 Requested action not taken: mailbox name invalid~bad_mailbox~to, cc (and|or) bcc;does not exist~„an“, „cc“ (und|oder) „bcc“;gibt es nicht~
554~policy|ip_blocklisted~block list~sperrliste~blocklists
Rejected: IP address is black listed~ip_blocklisted~mail server;block list~mailserver;sperrliste~blocklists
554 Rejected: IP address is blacklisted~ip_blocklisted~mail server;block list~mailserver;sperrliste~blocklists
554 5.7.1~relay_denied~log.*in;smtp authentication;outlook;account settings;outgoing server~angemeldet;smtp-authentifizierung;outlook;kontoeinstellungen;postausgangsserver~
Relay access denied~relay_denied~smtp authentication;outlook;account settings;outgoing server;authorized~smtp-authentifizierung;outlook;kontoeinstellungen;postausgangsserver;berechtigte~
554 5.7.1 Relay access denied~relay_denied~smtp authentication;outlook;account settings;outgoing server;authorized~smtp-authentifizierung;outlook;kontoeinstellungen;postausgangsserver;berechtigte~
554 5.7.1 <anna@b.example>: Relay access denied~relay_denied~smtp authentication;outlook~smtp-authentifizierung;outlook~
TABLE
	while IFS='~' read -r question rest; do
		printf '%s\n' "$question" >"q$((++count)).txt"
	done <table
	for lang in en de; do
		mw explain --format json --lang $lang q*.txt
		same "$status $stderr" "0 "
		told >told
		same "$(wc -l <told)" "$count"
		count=0
		while IFS='~' read -r question reason english german links; do
			[ $lang = en ] || english=$german
			row_holds "q$((++count)).txt" "$reason" "$english" \
				"${links/blocklists/$blocklists}" || {
				echo "$question ($lang): $english" >&2
				cat told >&2
				return 1
			}
		done <table
	done
}

@test "the complete list is pointed to" {
	link=https://en.wikipedia.org/wiki/List_of_SMTP_server_return_codes
	mw codes --format html --lang de
	[[ $output == *"href=\"$link\""* ]]
	mw explain --lang de 554
	[[ $output == *"$link"* ]]
}

@test "a question may come as words, as one word, or on standard input" {
	expected=$("$mailwhy" explain "554 5.7.1 Relay access denied")
	mw explain 554 5.7.1 Relay access denied
	same "$status $stderr" "0 "
	same "$output" "$expected"
	mw explain - <<<"554 5.7.1 Relay access denied"
	same "$output" "$expected"
	mw explain <<<"554 5.7.1 Relay access denied"
	same "$output" "$expected"
}

@test "a pasted reply of several lines is one reply" {
	mw explain --format json - <<'EOT'
550-5.1.1 The email account that you tried to reach does not exist. Please try
550-5.1.1 double-checking the recipient's email address for typos or
550 5.1.1 unnecessary spaces.
EOT
	same "$status $stderr" "0 "
	same "$(jq -c '.[0]|[.smtp_code,.enhanced_code,.reason,.reply]' \
		<<<"$output")" '[550,"5.1.1","bad_mailbox","550 5.1.1 The email account that you tried to reach does not exist. Please try double-checking the recipient'"'"'s email address for typos or unnecessary spaces."]'
}

@test "what is nobody's code is explained by its class, or honestly not" {
	count=0
	for question in 499 599 999 000 5.9.9 "4.255.255" "qwertz" "650 what"; do
		echo "$question" >"q$((++count)).txt"
	done
	mw explain --format json q*.txt
	same "$status $stderr" "0 "
	same "$(jq -c 'map((.title|length>0) and (.reason|length>0))|
		[length, all]' <<<"$output")" "[$count,true]"
	mw explain --format json "$(head -c 70000 /dev/zero | tr '\0' x)"
	same "$status $stderr" "0 "
	same "$(jq -c 'map([(.title|length>0),(.reason|length>0)])' \
		<<<"$output")" "[[true,true]]"
}

@test "nothing to explain is wrong usage" {
	for question in "" " " $'\n'; do
		mw explain "$question"
		same "$status" 2
	done
	mw explain </dev/null
	same "$status" 2
}

@test "--audience leaves out the other's advice" {
	mw explain --lang en --audience sender 550
	[[ $output == *"What can you do?"* && $output != *"For the administrator"* ]]
	mw explain --lang en --audience admin 550
	[[ $output != *"What can you do?"* && $output == *"For the administrator"* ]]
}

@test "codes as JSON: every entry with all its texts, each id once" {
	for lang in en de; do
		mw codes --format json --lang $lang
		same "$status $stderr" "0 "
		jq -e --slurpfile catalogue "$srcdir/rules/catalogue.json" '
			.entries as $entries |
			($entries|length) >= ($catalogue[0].entries|length) and
			($entries|map(.entry)|length == (unique|length)) and
			($entries|all([.title,.explanation,.advice,.admin]|
				all(type == "string" and . != "")))' \
			<<<"$output" >/dev/null
	done
}

@test "codes as text names every entry" {
	mw codes --lang en
	same "$status $stderr" "0 "
	same "$(comm -13 <(grep -oE '\[[a-z0-9.-]+\]$' <<<"$output" |
		tr -d '[]' | sort -u) <(entry_ids))" ""
}

@test "codes as HTML: a page of its own, with an id for every entry" {
	for lang in en de; do
		mw codes --format html --lang $lang
		same "$status $stderr" "0 "
		same "${lines[0]}" "<!DOCTYPE html>"
		same "${lines[1]}" "<html lang=\"$lang\">"
		same "${lines[-1]}" "</html>"
		! grep -qiE '<script|<iframe|<img|<link|@import|url\(| on[a-z]+=' \
			<<<"$output"
		! grep -qiE '(src|srcset|action)=' <<<"$output"
		attribute ' id' <<<"$output" >ids
		same "$(uniq -d ids)" ""
		same "$(comm -13 ids <(entry_ids))" ""
		# What is pointed to inside of the page is there.
		attribute 'href' <<<"$output" | sed -n 's/^#//p' | sort -u >targets
		same "$(comm -13 ids targets)" ""
	done
}

@test "codes as HTML is well-formed" {
	command -v xmllint >/dev/null || skip "no xmllint"
	for lang in en de; do
		"$mailwhy" codes --format html --lang $lang >page.html
		# libxml2 knows HTML 4 only: the elements of HTML 5 are no error.
		xmllint --html --noout page.html 2>errors || true
		same "$(grep 'error :' errors | grep -vE 'Tag (header|nav|main|article|section|footer|details|summary) invalid')" ""
	done
}

@test "without a question at a terminal explain does not wait" {
	script -qec true typescript >/dev/null 2>&1 ||
		skip "no pseudo-terminals here"
	run timeout 10 script -qec "'$mailwhy' explain" /dev/null
	same "${output%$'\r'}" "mailwhy: explain needs a code, the text of a reply, or a bounce mail; see 'mailwhy --help'"
	same "$status" 2
}
