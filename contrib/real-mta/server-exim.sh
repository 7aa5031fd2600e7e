# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Exim 4.96. exim: its main log with the default settings; exim-all: with
# log_selector = +all; exim-syslog: by syslog.

server_packages() {
	echo exim4-daemon-light
}

# exim_configure RETRY: how long an address may fail, and when to try again.
exim_configure() {
	# shellcheck disable=SC2154 # set by inside.sh
	case $server in
	exim-all)
		selector=+all
		path=/var/log/exim4/%slog
		;;
	exim-syslog)
		selector=
		path=syslog
		;;
	*)
		selector=
		path=/var/log/exim4/%slog
		;;
	esac
	cat >/etc/exim4/exim4.conf <<-END
		primary_hostname = mailout.sender.example
		domainlist local_domains = mailer.example
		log_file_path = $path
		${selector:+log_selector = $selector}
		keep_environment =
		local_interfaces = 127.0.0.1
		disable_ipv6
		tls_advertise_hosts =
		allow_domain_literals
		smtp_accept_queue_per_connection = 0
		smtp_accept_max = 100
		acl_smtp_rcpt = check_rcpt
		untrusted_set_sender = *
		begin acl
		check_rcpt:
		  accept
		begin routers
		literal:
		  driver = ipliteral
		  domains = ! +local_domains
		  transport = remote_smtp
		  self = send
		dnslookup:
		  driver = dnslookup
		  domains = ! +local_domains
		  transport = remote_smtp
		  self = send
		  no_more
		system_aliases:
		  driver = redirect
		  data = \${lookup{\$local_part}lsearch{/etc/aliases}}
		  user = mail
		  pipe_transport = address_pipe
		userforward:
		  driver = redirect
		  check_local_user
		  file = \$home/.forward
		local_user:
		  driver = accept
		  check_local_user
		  transport = mail_spool
		begin transports
		remote_smtp:
		  driver = smtp
		  connect_timeout = 3s
		  command_timeout = 3s
		  data_timeout = 3s
		  final_timeout = 3s
		mail_spool:
		  driver = appendfile
		  file = /var/mail/\$local_part_data
		  group = mail
		  mode = 0660
		address_pipe:
		  driver = pipe
		  return_fail_output
		begin retry
		* * $1
	END
}

server_start() {
	exim_configure 'F,2h,15m'
	mkdir -p /run/exim4
	chown Debian-exim: /run/exim4
	# shellcheck disable=SC2034 # used by inside.sh
	[ "$path" = syslog ] || log=/var/log/exim4/mainlog
	exim4 -bdf &
	exim_pid=$!
	wait_until 10 listening
}

# Attempts are made whether or not their time has come.
server_retry() {
	exim4 -qf
}

server_expire() {
	exim_configure 'F,1s,1s'
	exim4 -qf
}

server_stop() {
	kill "$exim_pid"
}
