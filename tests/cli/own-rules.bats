#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Rules of one's own, laid over those of mailwhy, and what `check` says of them.

load lib.bash

answer() {
	mw explain --format json --rules "$1" "${@:2}"
	jq -r '.[0]|[.reason,.entry,.title]|join(" ")' <<<"$output"
}

@test "the example is right, in every language" {
	mw check -v "$srcdir/contrib/rules.d/example.json"
	same "$status" 0
	[[ $stderr == *"nothing is wrong" ]]
	same "$(answer "$srcdir/contrib/rules.d/example.json" --lang de \
		552 list for members only)" \
		"recipient_restricted our-list-members Dieses Postfach nimmt Ihre E-Mail nicht an"
}

@test "an entry replaces the one of its id, a text replaces a text" {
	cat >mine.json <<'JSON'
{"entries": [{"id": "code-550", "match": {"code": 550}, "reason": "virus",
  "texts": {"en": {"title": "Ours"}}}],
 "texts": {"en": {"entries": {"code-551": {"title": "Our own words"}},
  "labels": {"what_to_do": "Please:"}}}}
JSON
	same "$(answer mine.json --lang en 550)" "virus code-550 Ours"
	same "$(answer mine.json --lang en 551 | cut -d' ' -f2-)" \
		"code-551 Our own words"
	mw explain --rules mine.json --lang en 551
	[[ $output == *"Please: "* ]]
	# Without it all is as before.
	[[ $("$mailwhy" explain --format json 550 | jq -r '.[0].reason') == \
		bad_mailbox ]]
}

@test "all files of a directory, the later name is the stronger" {
	mkdir rules.d
	for name in a b; do
		echo '{"entries":[{"id":"mine","match":{"text":"frobnicated"},"reason":"policy","detail":"'$name'"}]}' \
			>rules.d/$name.json
	done
	mw explain --format json --rules rules.d "550 frobnicated"
	same "$(jq -r '.[0].detail' <<<"$output")" b
	mv rules.d/b.json rules.d/0.json
	mw explain --format json --rules rules.d "550 frobnicated"
	same "$(jq -r '.[0].detail' <<<"$output")" a
}

@test "check tells each fault with file, line and key" {
	cat >bad.json <<'JSON'
{
 "entries": [
  {"id": "one", "match": {"text": ["ab"],
    "txet": "x"}, "reason": "mailbox_ful"},
  {"id": "two", "match": {"regex": "a(b"}, "reason": "policy",
   "texts": {"de": {"titel": "x"}}},
  {"id": "three", "match": {"phrase": "x"},
   "reason": "policy"},
  {"match": {}, "reason": "policy"},
  {"id": "five", "reason": "policy"},
  {"id": "six", "match": {"provider": "nobody"}, "reason": "policy"}
 ],
 "colour": "red"
}
JSON
	mw check bad.json
	same "$status" 1
	same "$output" ""
	same "$(sort -t: -k3n <<<"$stderr" | cut -d: -f2-4)" "$(
		cat <<'TEXT'
 bad.json:3: entry "one"
 bad.json:4: entry "one"
 bad.json:4: entry "one"
 bad.json:5: entry "two"
 bad.json:6: entry "two"
 bad.json:7: entry "three"
 bad.json:9: "entries"
 bad.json:10: entry "five"
 bad.json:11: entry "six"
 bad.json:13: "colour"
TEXT
	)"
	[[ $stderr == *'"match.txet": mailwhy knows no such key'* ]]
	[[ $stderr == *'"reason": "mailbox_ful" is none of the reasons'* ]]
	[[ $stderr == *'"match.regex": regular expression "a(b"'* ]]
	[[ $stderr == *'"match.provider": "nobody" is none'* ]]
}

@test "a text that one language lacks is found" {
	cat >half.json <<'JSON'
{"entries": [{"id": "half", "match": {"text": "frobnicated"},
  "reason": "policy", "texts": {"de": {"title": "Halb"}}}]}
JSON
	mw check half.json
	same "$status" 1
	same "${#stderr_lines[@]}" 2
	[[ ${stderr_lines[0]} == *'entry "half": the language "en" lacks the title that "de" has' ]]
}

@test "broken files of one's own are refused in one line, exit 1" {
	echo '{' >broken.json
	for command in "" report explain codes; do
		# shellcheck disable=SC2086 # no word for the filter
		mw $command --rules broken.json </dev/null
		same "$status" 1
		same "$output" ""
		same "${#stderr_lines[@]}" 1
		[[ $stderr == "mailwhy: broken.json:"[12]": not valid JSON"* ]]
	done
	mw check nowhere.json
	refused_with 1 "nowhere.json: No such file or directory"
}

@test "a language is only data" {
	cp -r "$srcdir/rules" rules
	jq '.lang="xx"|.name="Xxish"|.reasons.virus.title="Xx"' \
		rules/lang/en.json >rules/lang/xx.json
	mw check --rules rules
	same "$status $stderr" "0 "
	mw explain --rules rules --lang xx --format json "550 virus found"
	same "$(jq -r '.[0].lang' <<<"$output")" xx
	LANG=xx_XX LC_ALL='' mw explain --rules rules --format json 550
	same "$(jq -r '.[0].lang' <<<"$output")" xx
}
