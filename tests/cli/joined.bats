#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Logs that tell of an attempt in several lines: qmail, OpenSMTPD.

load lib.bash

# $1 deliveries of qmail; each ends 3000 lines after it has started, so that
# the two are in different blocks.
qmail_log() {
	awk -v count="$1" 'BEGIN {
		for (i = 1; i <= count + 1500; i++) {
			stamp = sprintf("Nov 23 %02d:%02d:%02d mx1 qmail: 1795477808.%06d ",
				i / 36000, i / 600 % 60, i / 10 % 60, i % 1000000)
			if (i <= count)
				print stamp "starting delivery " i ": msg " i " to remote user" i "@d" i % 97 ".example"
			if (i > 1500)
				print stamp "delivery " i - 1500 ": failure: 192.0.2.1_does_not_like_recipient./Remote_host_said:_550_5.1.1_no_user" i - 1500 "/Giving_up_on_192.0.2.1./"
		}
	}'
}

# $1 mails of OpenSMTPD that all fail before any recipient.
opensmtpd_log() {
	awk -v count="$1" 'BEGIN {
		for (i = 1; i <= count + 500; i++) {
			stamp = sprintf("Nov 23 %02d:%02d:%02d mx1 smtpd[7]: ",
				i / 36000, i / 600 % 60, i / 10 % 60)
			if (i <= count) {
				printf "%s%016x mta connecting address=smtp://198.51.%d.%d:25 host=mx.d%d.example\n",
					stamp, i, i / 250 % 250, i % 250, i
				printf "%s%016x mta error reason=BANNER rejected: 554 5.7.1 no %d\n", stamp, i, i
			}
			if (i > 500)
				printf "%s0000000000000000 mta delivery evpid=%016x from=<a@b.example> to=<c@d%d.example> rcpt=<-> source=\"-\" relay=\"d%d.example\" delay=11s result=\"TempFail\" stat=\"Network error on destination MXs\"\n",
					stamp, i, i - 500, i - 500
		}
	}'
}

postfix_log() {
	local i
	for ((i = 0; i < 500; i++)); do
		bounce_line "a$i@a.example" "550 5.1.1 delivery $i: failure: x/"
	done >once
	for ((i = 0; i < 48; i++)); do
		cat once
	done
}

# As one thread, so three, for the given files; and each recipient is there.
threads_agree() {
	local command
	for command in "--events all" "report --format json"; do
		# shellcheck disable=SC2086 # several words are meant
		"$mailwhy" $command "${fixed[@]}" -j1 "$@" >one
		# shellcheck disable=SC2086
		"$mailwhy" $command "${fixed[@]}" -j3 "$@" >many
		cmp one many
	done
}

@test "qmail: threads change nothing, each delivery has its recipient" {
	qmail_log 25000 >log
	[ "$(wc -c <log)" -gt 5000000 ]
	threads_agree log
	"$mailwhy" "${fixed[@]}" -j3 --tally none log >events
	same "$(jq -r '.recipient + " " + .reply' events |
		sed 's/user\([0-9]*\)@.* no user\1$/same/' | sort -u)" same
	same "$(wc -l <events)" 25000
}

@test "OpenSMTPD: threads change nothing, each mail has its cause" {
	opensmtpd_log 13000 >log
	[ "$(wc -c <log)" -gt 5000000 ]
	threads_agree log
	"$mailwhy" "${fixed[@]}" -j3 --tally none log >events
	same "$(jq -r '.domain + " " + .reply' events |
		sed 's/d\([0-9]*\)\.example .* \1$/same/' | sort -u)" same
	same "$(wc -l <events)" 13000
}

@test "a log of several servers, and what began in the file before" {
	postfix_log >postfix
	[ "$(wc -c <postfix)" -gt 5000000 ]
	qmail_log 12000 >qmail
	{ cat postfix; head -n 11000 qmail; } >first
	{ tail -n +11001 qmail; cat postfix; } >second
	threads_agree first second
	"$mailwhy" "${fixed[@]}" -j3 --tally none first second >events
	same "$(jq -r 'select(.recipient|not)' events)" ""
	same "$(wc -l <events)" $((12000 + 2 * 24000))
}

@test "a million deliveries that never end take no memory" {
	awk 'BEGIN {
		for (i = 0; i < 1000000; i++)
			print "Nov 23 10:00:00 mx1 qmail: starting delivery " i ": msg 1 to remote user" i "@a.example"
		print "Nov 23 10:00:00 mx1 qmail: delivery 3: failure: late/"
		print "Nov 23 10:00:00 mx1 qmail: delivery 999999: failure: soon/"
	}' >log
	head -n 20000 log >start
	/usr/bin/time -f %M -o little "$mailwhy" report "${fixed[@]}" -j1 start
	/usr/bin/time -f %M -o much "$mailwhy" --tally none "${fixed[@]}" -j1 \
		log >events
	is_sanitized || [ $(($(<much) - $(<little))) -lt 8192 ]
	same "$(jq -r '(.recipient // "none") + " " + .reply' events)" \
		"none late
user999999@a.example soon"
}
