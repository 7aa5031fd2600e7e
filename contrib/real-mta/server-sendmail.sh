# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Sendmail 8.17 by syslog.

server_packages() {
	echo sendmail-bin sensible-mda procmail
}

server_start() {
	cat >/etc/mail/sendmail.mc <<-'END'
		include(`/usr/share/sendmail/cf/m4/cf.m4')
		OSTYPE(`debian')
		define(`confDOMAIN_NAME', `mailout.sender.example')
		undefine(`confHOST_STATUS_DIRECTORY')
		define(`confTRUSTED_USER', `smmta')
		define(`ALIAS_FILE', `/etc/aliases')
		define(`confTO_ICONNECT', `3s')
		define(`confTO_CONNECT', `3s')
		define(`confTO_INITIAL', `3s')
		define(`confTO_HELO', `3s')
		define(`confTO_MAIL', `3s')
		define(`confTO_RCPT', `3s')
		define(`confTO_DATAINIT', `3s')
		define(`confTO_DATABLOCK', `3s')
		define(`confTO_DATAFINAL', `3s')
		define(`confTO_RSET', `3s')
		define(`confTO_QUIT', `3s')
		define(`confTO_RESOLVER_RETRANS', `1s')
		define(`confTO_RESOLVER_RETRY', `1')
		define(`confLOG_LEVEL', `9')
		FEATURE(`no_default_msa')
		FEATURE(`accept_unresolvable_domains')
		FEATURE(`accept_unqualified_senders')
		DAEMON_OPTIONS(`Family=inet, Name=MTA, Port=smtp, Addr=127.0.0.1')
		LOCAL_DOMAIN(`mailer.example')
		FEATURE(`local_procmail')
		MAILER(`local')
		MAILER(`smtp')
	END
	m4 /etc/mail/sendmail.mc >/etc/mail/sendmail.cf
	newaliases >/dev/null
	# Messages for local recipients do not pass a second queue.
	export SENDMAIL_OPTIONS=-Am
	sendmail -L sm-mta -bD &
	sendmail_pid=$!
	wait_until 10 listening
}

server_retry() {
	sendmail -Am -L sm-mta -q
}

server_expire() {
	sendmail -Am -L sm-mta -q -OTimeout.queuereturn=1s
}

server_stop() {
	kill "$sendmail_pid"
}
