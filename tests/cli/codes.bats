#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The page of `codes --format html`: its groups, its anchors, what stands where.
# (What all formats hold is tested with `explain`.)

load lib.bash

# Rules of one's own over the shipped ones, with $1 as entries.
own_entries() {
	mkdir -p own
	printf '{"entries":[%s]}\n' "$1" >own/own.json
}

page() {
	"$mailwhy" codes --format html --lang en "$@" >page.html
}

# What stands from the line that has $1 to the next one that has $2.
from_to() {
	sed -n "/$1/,/$2/p" page.html
}

@test "every code has a group with an anchor, in order" {
	page
	grep -oE '<section id="[0-9]{3}"' page.html | grep -oE '[0-9]+' >groups
	same "$(cat groups)" "$(jq -r '.entries[].match.code|arrays[],numbers' \
		"$srcdir/rules/catalogue.json" | sort -nu)"
	grep -oE '<li><a href="#[0-9]{3}"' page.html | grep -oE '[0-9]+' >chips
	same "$(cat chips)" "$(cat groups)"
	grep -qF '<section id="550"><h3><code>550</code> Mailbox not available' \
		page.html
	for id in 554-5.7.1 5.7.1 4.7.1 5.7.620 4.7.620 X.7; do
		same "$id $(grep -oF " id=\"$id\"" page.html | wc -l)" "$id 1"
	done
}

@test "every reason has a group that explains it" {
	for lang in de en fr; do
		page --lang $lang
		same "$(grep -oE '<section id="reason-[a-z_]+"' page.html |
			grep -oE 'reason-[a-z_]+' | sort)" \
			"$(jq -r '.reasons|keys[]|"reason-"+.' \
				"$srcdir/rules/lang/$lang.json" | sort)"
		same "$(grep -oE 'href="#reason-[a-z_]+">' page.html | sort -u |
			wc -l)" "$(grep -c '<section id="reason-' page.html)"
	done
}

@test "each entry stands once, in all languages, whatever its place" {
	for lang in de en fr; do
		page --lang $lang
		grep -oE '<article( class="s")? id="[^"]*"' page.html |
			sed 's/.*id="//; s/"//' | sort >articles
		same "$(cat articles)" "$("$mailwhy" codes --format json |
			jq -r '.entries[].entry' | sort)"
	done
}

@test "an entry of several codes is linked from the others" {
	own_entries '{"id":"own-pair","match":{"code":[550,554],
		"enhanced":"5.7.1","text":"Grumpf"},"reason":"policy",
		"source":"x"}'
	page --rules own
	from_to '<section id="550"' '<\/section>' >at550
	grep -qF '<span id="550-5.7.1"></span>' at550
	grep -qF '<article class="s" id="own-pair"><p class="w"><code>550, 554 5.7.1</code> </p>' at550
	link='<a href="#own-pair">A rule of the recipient forbids this email</a> <samp>Grumpf</samp></li>'
	from_to '<section id="554"' '<\/section>' | grep -qF "$link"
	from_to '<section id="5.7.1"' '<\/section>' | grep -qF "<li>$link"
	from_to '<section id="reason-policy"' '<\/section>' | grep -qF "<li>$link"
}

@test "an entry that says its reason is short, one with words of its own is not" {
	own_entries '{"id":"own-short","match":{"text":["Grumpf","Krawumm"]},
		"reason":"virus","links":["https://a.example/x/"],
		"source":"x"},{"id":"own-full","match":{"phrase":
		"a1|b1|c1*|d1|e1|f1 ... g1 .. h1"},"reason":"virus","source":"x",
		"texts":{"en":{"title":"Own","explanation":"It is <so>."}}},
		{"id":"own-regex","match":{"regex":"x{1,3}<y"},
		"reason":"virus","source":"x"}'
	page --rules own
	grep -A3 'id="own-short"' page.html >short
	same "$(head -1 short)" '<article class="s" id="own-short"><div lang="en"><samp>Grumpf</samp><samp>Krawumm</samp></div><p><a class="e" href="#reason-virus">The virus filter refused the email</a> <a href="https://a.example/x/">a.example/x</a></p></article>'
	grep -A5 'id="own-full"' page.html >full
	same "$(head -4 full)" '<article id="own-full"><h4>Own</h4>
<dl>
<dt>Words in the message, in this order</dt><dd><div lang="en"><samp>a1 / b1 / c1 / d1 / e1 / … … g1 … h1</samp></div></dd>
<dt>What happened?</dt><dd>It is &lt;so&gt;.</dd>'
	grep -qF 'Pattern that the message fits</p><div lang="en"><samp>x{1,3}&lt;y</samp>' page.html
}

@test "many wordings fold, none is lost" {
	own_entries '{"id":"own-many","match":{"text":["Grumpf a","Grumpf b",
		"Grumpf c","Grumpf d"]},"reason":"virus","source":"x"}'
	page --rules own
	grep -qF '<samp>Grumpf a</samp><samp>Grumpf b</samp></div><details><summary>2 more wordings</summary><div lang="en"><samp>Grumpf c</samp><samp>Grumpf d</samp></div></details>' page.html
}

@test "an entry whose id is a code keeps its anchor, no id is there twice" {
	own_entries '{"id":"550","match":{"text":"Grumpf"},"reason":"virus",
		"source":"x"},{"id":"texts","match":{"code":[598,598],
		"enhanced":["4.7.1","5.7.1"]},"reason":"virus","source":"x"},
		{"id":"a\u0022<b","match":{"text":"Krawumm"},
		"reason":"virus","source":"x"}'
	page --rules own
	grep -oE ' id="[^"]*"' page.html | sort | uniq -d >twice
	same "$(cat twice)" ""
	grep -qF '<article class="s" id="550">' page.html
	grep -qF 'id="a&#34;&lt;b"' page.html
	same "$(grep -oF 'href="#texts"' page.html | wc -l)" 2
}

@test "the texts of the providers are under their names" {
	page
	from_to '<section id="reason-rate_limited"' '<section id="reason-greylisted"' |
		grep -qF '<h4>Gmail / Google Workspace</h4>'
}

@test "codes as JSON has texts, phrases and regular expressions" {
	own_entries '{"id":"own","match":{"text":"Grumpf","phrase":"aaa|bbb ... ccc",
		"regex":["x+","yy"]},"reason":"virus","source":"x"}'
	mw codes --format json --lang en --rules own
	same "$(jq -c '.entries[]|select(.entry=="own")|[.texts,.phrases,.regexes]' \
		<<<"$output")" '[["Grumpf"],["aaa|bbb ... ccc"],["x+","yy"]]'
	mw codes --lang en --rules own
	same "$(grep -A4 '\[own\]$' <<<"$output")" \
		"The virus filter refused the email [own]
  ~ Grumpf
  ~ aaa|bbb ... ccc
  ~ x+
  ~ yy"
}
