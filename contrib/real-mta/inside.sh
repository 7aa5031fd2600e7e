#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# inside.sh SERVER PHASES: called by contain.sh in the root made for this run, with
# nothing but a loopback network. Plays the scenario; of PHASES "first", only as
# far as nothing is tried again.
set -eu
server=$1
phases=$2
here=/run/real-mta
out=/run/out
work=/var/real-mta # of this run's root
log=$work/mail.log
record=$work/record.tsv
python=/usr/bin/python3
export PYTHONDONTWRITEBYTECODE=1
export REAL_MTA_SCENARIO=/run/scenario.tsv
umask 022

server_quiet=5
# shellcheck source=/dev/null
. "$here/server-${server%%-*}.sh"

start_network() {
	ip link set lo up
	# Servers with addresses that are not those of a filter on this host.
	ip route add local 192.0.2.128/25 dev lo
	# Packets to 198.51.100.9 vanish, 192.0.2.9 has no route; there is no
	# network for other addresses.
	ip link add hole type veth peer name hole-end
	ip link set hole up
	ip link set hole-end up
	ip addr add 198.51.100.1/24 dev hole
	ip neigh add 198.51.100.9 lladdr 02:00:00:00:00:09 dev hole
	ip route add unreachable 192.0.2.9/32
	echo 1 >/proc/sys/net/ipv4/tcp_syn_retries
	printf '127.0.0.1 localhost mailout.sender.example mailout\n' \
		>/etc/hosts
	printf 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n' \
		>/etc/resolv.conf
	sed -i 's/^hosts:.*/hosts: files dns/' /etc/nsswitch.conf
}

start_scripted_servers() {
	: >"$record"
	chmod 666 "$record"
	"$python" "$here/dns_server.py" 2>>"$work/complaints" &
	pids=$!
	"$python" "$here/smtp_server.py" "$record" >"$work/smtp.out" \
		2>>"$work/complaints" &
	pids="$pids $!"
	wait_until 10 grep -q ready "$work/smtp.out"
}

# Stamps as Debian 12 writes them to a file, or as rsyslog does by itself.
start_syslog() {
	template=RSYSLOG_TraditionalFileFormat
	case $server in
	*-rfc3339) template=RSYSLOG_FileFormat ;;
	esac
	cat >"$work/rsyslog.conf" <<-END
		module(load="imuxsock" SysSock.Name="/dev/log"
			SysSock.RateLimit.Interval="0")
		mail.* action(type="omfile" file="$log" template="$template")
	END
	rsyslogd -n -f "$work/rsyslog.conf" -i "$work/rsyslogd.pid" &
	pids="$pids $!"
	wait_until 10 test -S /dev/log
}

# The local recipients: a user, one who forwards, aliases, programs.
add_local_recipients() {
	for user in anna otto; do
		useradd -m -s /bin/sh "$user"
	done
	echo otto.neu@short.example >/home/otto/.forward
	chown otto: /home/otto/.forward
	cat >/etc/aliases <<-END
		root: anna@mailer.example
		postmaster: anna@mailer.example
		mailer-daemon: anna@mailer.example
		verkauf: anna@mailer.example
		extern: karl.extern@gmail.com
		pipe75: "|/usr/local/bin/fail-75"
		pipe1: "|/usr/local/bin/fail-1"
	END
	# The programs write to the record themselves.
	for status in 75 1; do
		cat >"/usr/local/bin/fail-$status" <<-END
			#!/bin/sh
			cat >/dev/null
			printf '%s\t\t\tpipe-%s\tpipe%s@mailer.example\tlocal\t\n' \
				"\$(date +%s.%3N)" $status $status >>$record
			echo no luck
			exit $status
		END
		chmod 755 "/usr/local/bin/fail-$status"
	done
}

# wait_until SECONDS COMMAND...
wait_until() {
	left=$(($1 * 10))
	shift
	until "$@"; do
		left=$((left - 1))
		[ "$left" -gt 0 ] || return 1
		sleep 0.1
	done
}

# Whether the mail server accepts connections.
listening() {
	ss -Hltn src 127.0.0.1:25 | grep -q .
}

# Waits until log and record did not grow for some seconds, at most 40.
settle() {
	quiet=0
	left=40
	before=
	while [ "$quiet" -lt "$server_quiet" ] && [ "$left" -gt 0 ]; do
		sleep 1
		left=$((left - 1))
		now=$(cat "$log" "$record" 2>/dev/null | wc -c)
		quiet=$((quiet + 1))
		[ "$now" = "$before" ] || quiet=0
		before=$now
	done
}

phase() {
	printf '%s\t\t\t\t\tphase\t%s\n' "$(date +%s.%3N)" "$1" >>"$record"
}

submit() {
	"$python" "$here/submit.py" "${server%%-*}" "$1" "$record"
}

stop_all() {
	server_stop
	# shellcheck disable=SC2086 # one word a process
	kill $pids
	wait
}

mkdir -p "$work"
: >"$log"
start_network
start_scripted_servers
start_syslog
add_local_recipients
server_start
submit first
settle
submit later
settle
if [ "$phases" != first ]; then
	phase retry
	server_retry
	settle
	phase expire
	server_expire
	settle
fi
stop_all
cat "$log" >"$out/$server.log"
cat "$record" >"$out/$server.record.tsv"
cat "$work/complaints" >&2
"$python" "$here/truth.py" "${server%%-*}" "$record" >"$out/$server.truth.tsv"
