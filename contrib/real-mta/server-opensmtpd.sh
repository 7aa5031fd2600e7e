# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# OpenSMTPD 6.8 by syslog.

# Hosts that cannot be reached are given up after 11 seconds.
# shellcheck disable=SC2034 # used by inside.sh
server_quiet=13

server_packages() {
	echo opensmtpd
}

server_start() {
	cat >/etc/smtpd.conf <<-END
		queue ttl 100s
		table aliases file:/etc/aliases
		listen on 127.0.0.1
		action "local" mbox alias <aliases>
		action "relay" relay helo mailout.sender.example
		match from any for domain "mailer.example" action "local"
		match from any for any action "relay"
	END
	echo mailout.sender.example >/etc/mailname
	smtpd -F &
	smtpd_pid=$!
	begin=$(date +%s)
	wait_until 10 listening
}

server_retry() {
	smtpctl schedule all
}

# All envelopes have the same time to live; it ends by itself.
server_expire() {
	while [ "$(date +%s)" -lt $((begin + 103)) ]; do
		sleep 1
	done
}

server_stop() {
	kill "$smtpd_pid"
}
