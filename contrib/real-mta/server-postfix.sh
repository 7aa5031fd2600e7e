# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Postfix 3.7 by syslog; postfix-rfc3339: with RFC 3339 stamps.

server_packages() {
	echo postfix
}

# One delivery at a time: when it finds its host down, those that wait for the
# same host are "temporarily suspended".
server_start() {
	cat >/etc/postfix/main.cf <<-END
		compatibility_level = 3.6
		myhostname = mailout.sender.example
		mydestination = mailer.example
		inet_interfaces = 127.0.0.1
		inet_protocols = ipv4
		mynetworks = 127.0.0.0/8
		alias_maps = hash:/etc/aliases
		alias_database = hash:/etc/aliases
		smtp_connect_timeout = 3s
		smtp_helo_timeout = 3s
		smtp_mail_timeout = 3s
		smtp_rcpt_timeout = 3s
		smtp_data_init_timeout = 3s
		smtp_data_done_timeout = 3s
		smtputf8_enable = no
		resolve_numeric_domain = yes
		initial_destination_concurrency = 1
	END
	# The scripted DNS is not to be copied into a chroot.
	postconf -F '*/*/chroot = n'
	newaliases
	postfix start
	wait_until 10 listening
}

server_retry() {
	postqueue -f
}

# The last attempt of each message that is still in the queue.
server_expire() {
	postconf maximal_queue_lifetime=1s
	postfix reload
	sleep 1
	postqueue -f
}

server_stop() {
	postfix stop
}
