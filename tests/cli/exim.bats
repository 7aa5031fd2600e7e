#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What Exim tells in several lines: order, threads, parts that are lost.

load lib

syslog_line() {
	printf 'Nov 23 10:00:00 mx1 exim[%s]: %s\n' "$1" "$2"
}

# More than threads are started for, $1 lines of it between the two halves of
# a message and between a deferral and the end of its message.
long_log() {
	syslog_line 1 '1xVdeN-0008O6-10 == a@b.example R=r T=t defer (-44) H=mx.b [192.0.2.1]: SMTP error from remote mail server after RCPT TO:<a@b.example>: 452 4.2.2 mailbox full'
	syslog_line 2 '[1/2] 1xVdeN-0008O6-11 ** c@b.example R=r T=t H=mx.b [192.0.2.1]: SMTP error from remote mail server after RCPT TO:<c@b.example>: 550 5.1.1 no such'
	yes "$(syslog_line 3 '1xVdeN-0008O6-12 => d@b.example R=r T=t H=mx.b [192.0.2.1] C="250 ok"')" |
		head -n "$1"
	syslog_line 2 '[2/2]  user here'
	syslog_line 1 '1xVdeN-0008O6-10 ** a@b.example: retry timeout exceeded'
}

@test "threads do not tear apart what is told in several lines" {
	long_log 60000 >log
	[ "$(stat -c %s log)" -gt 4194304 ]
	mw "${fixed[@]}" --format json -j1 log
	one=$output
	mw "${fixed[@]}" --format json -j4 log
	same "$output" "$one"
	[[ $output == *'"reply":"550 5.1.1 no such user here"'* ]]
	[[ $output == *'"status":"expired","smtp_code":452,"enhanced_code":"4.2.2"'* ]]
	[[ $output == *'"lines":60004,"deliveries":60003,"sent":60000,"failures":3,"rejects":0,"unparsed":0,"probes":0,"dropped":1,'* ]]
}

@test "a log of another server that begins the file loses nothing" {
	yes "$(sent_line x@y.example)" | head -n 40000 >log
	long_log 10 >>log
	mw "${fixed[@]}" --format json -j1 log
	one=$output
	mw "${fixed[@]}" --format json -j4 log
	same "$output" "$one"
	[[ $output == *'"lines":40014,"deliveries":40013,"sent":40010,'* ]]
}

@test "parts are joined across files, as a log is rotated" {
	syslog_line 2 '[1/2] 1xVdeN-0008O6-11 ** c@b.example: one' >log.1
	syslog_line 2 '[2/2]  and two' >log
	mw "${fixed[@]}" --format json log.1 log
	[[ $output == *'"reply":"one and two"'* ]]
	[[ $output == *'"lines":2,"deliveries":1,'*'"dropped":1,'* ]]
}

@test "half a message is taken as far as it came" {
	syslog_line 2 '[1/2] 1xVdeN-0008O6-11 ** c@b.example: one half' >log
	mw "${fixed[@]}" --format json log
	[[ $output == *'"reply":"one half"'* ]]
	[[ $output == *'"lines":1,"deliveries":1,'*'"dropped":0,'* ]]
	mw "${fixed[@]}" report --format json log
	[[ $output == *'"lines":1,"deliveries":1,'* ]]
	mw "${fixed[@]}" explain --format json log
	[[ $output == *'"reply":"one half"'* ]]
}

@test "--mta exim reads lines whose tag says something else" {
	printf 'Nov 23 10:00:00 mx1 mailer[1]: 1xVdeN-0008O6-11 ** c@b.example: no\n' >log
	mw "${fixed[@]}" --format json log
	[[ $output == *'"deliveries":0,'* ]]
	mw "${fixed[@]}" --mta exim --format json log
	[[ $output == *'"deliveries":1,'* ]]
}
