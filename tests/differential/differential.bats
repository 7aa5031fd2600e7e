#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The same failures through four mail servers are told alike. README.md says
# where the logs are from and what the tables hold.

load ../cli/lib.bash

# The tallies of the log of $1: domain, status, code, reason, how many. What
# went to the sender's own domain are bounces.
tallies() {
	"$mailwhy" "${fixed[@]}" --events all --tally none --format json \
		"$differential/$1.log" >events.jsonl
	jq -r 'select(.event == "sent" or .event == "failure")
		| select(.domain != "sender.example")
		| [(.domain | ascii_downcase), .status, .smtp_code // "-",
			.reason // "-"] | @tsv' events.jsonl | sort | uniq -c |
		awk -v OFS='\t' '{ print $2, $3, $4, $5, $1 }' | sort
}

# The rows of a table without its comments.
rows() {
	grep -v '^#' "$differential/$1"
}

# What is expected of $1: the common tallies, but for its differences. One that
# takes away what is not there, or adds what is, is no difference.
expected() {
	rows differences.tsv | awk -F'\t' -v OFS='\t' -v server="$1" '
		$1 == server { print $2, $3, $4, $5, $6, $7 }' >differences
	awk -F'\t' -v OFS='\t' '
		{ row = $(NF - 4) OFS $(NF - 3) OFS $(NF - 2) OFS $(NF - 1) OFS $NF }
		FNR == NR && $1 == "-" { lacks[row]; next }
		FNR == NR { has[row]; next }
		row in lacks { delete lacks[row]; next }
		row in has { print "not needed: + " row }
		{ print row }
		END {
			for (row in lacks)
				print "not needed: - " row
			for (row in has)
				print row
		}' differences <(rows expected.tsv) | sort
}

check() {
	differential=$srcdir/tests/differential
	same "$(tallies "$1")" "$(expected "$1")"
}

@test "Postfix: the common tallies" {
	check postfix
}

@test "Exim: the common tallies" {
	check exim
}

@test "Sendmail: the common tallies" {
	check sendmail
}

@test "OpenSMTPD: the common tallies" {
	check opensmtpd
}

@test "each difference has a known server, a sign and a cause" {
	differential=$srcdir/tests/differential
	rows differences.tsv | awk -F'\t' '
		NF != 8 || $8 == "" || $2 !~ /^[-+]$/ ||
			$1 !~ /^(postfix|exim|sendmail|opensmtpd)$/ { print; bad = 1 }
		END { exit bad || !NR }'
}
