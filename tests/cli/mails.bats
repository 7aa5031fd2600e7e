#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# `explain` with bounce mails: the collection in tests/mails, what a help desk
# gives and gets, and mails that nobody well-meaning wrote.

load lib.bash

mails=$BATS_TEST_DIRNAME/../mails

# What a mail says, as NAME.expected has it; the answers as JSON are read from
# standard input.
answers() {
	jq -r '.[]|[.recipient,.status,(.smtp_code//"-"|tostring),
		(.enhanced_code//"-"),(.reason//"-")]|@tsv'
}

# Recipient, codes and reply of each answer, in one line.
told() {
	jq -c 'map([.recipient,.smtp_code,.enhanced_code,.reply])' <<<"$output"
}

# The header of a bounce up to its first part, and a report about $1.
bounce_head() {
	cat <<'EOT'
Return-Path: <>
From: MAILER-DAEMON@mx.example.org
To: paula@example.org
Subject: Undelivered Mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=B

EOT
}

status_part() {
	cat <<EOT
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; ${1-bob@b.example}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

EOT
}

# Runs mailwhy on the mail FILE: 20 seconds and 300 MB of memory at most.
bounded() {
	command -v /usr/bin/time >/dev/null || skip "GNU time is not there"
	run --separate-stderr timeout 20 /usr/bin/time -o memory -f %M \
		"$mailwhy" explain --lang en --format json "$1"
	is_sanitized || [ "$(tail -n 1 memory)" -lt 307200 ]
}

@test "every mail of the collection is answered as expected" {
	cd "$mails"
	mw explain --format json --lang en -- *.eml
	for mail in *.eml; do
		jq -c --arg file "$mail" 'map(select(.file == $file))' \
			<<<"$output" | answers |
			diff -u --label "$mail, expected" --label answered \
				"${mail%.eml}.expected" - >&2 ||
			wrong=$((wrong + 1))
		[ -s "${mail%.eml}.expected" ] ||
			said+="mailwhy: $mail: this mail tells of no delivery that failed"$'\n'
	done
	same "${wrong-0}" 0
	same "$stderr"$'\n' "$said"
	same "$status" 1
}

@test "every mail of the collection has its expected answers, and is named" {
	for mail in "$mails"/*.eml; do
		name=$(basename "$mail" .eml)
		[ -f "$mails/$name.expected" ]
		grep -qE "(^|[ (])$name([ ,;.(]|\$)" "$mails/README.md" || {
			echo "$name is not in README.md" >&2
			return 1
		}
	done
}

@test "several files as JSON are one array, each object with its file" {
	cp "$mails/zimbra.eml" "$mails/qmail.eml" .
	mw explain --format json --lang en zimbra.eml qmail.eml
	same "$status $stderr" "0 "
	same "$(jq -c 'map([.file,.recipient])' <<<"$output")" \
		'[["zimbra.eml","sicher@b.example"],["zimbra.eml","info@alt.example.net"],["qmail.eml","stefan@b.example"]]'
}

@test "recipients that differ each get their own answer" {
	mw explain --format json --lang en "$mails/notqmail-multi.eml"
	same "$status $stderr" "0 "
	same "$(told)" '[["ina@b.example",554,"5.7.1","554 5.7.1 Message rejected: virus found (Eicar-Test-Signature)"],["otto@c.example",550,"5.7.1","550 5.7.1 <otto@c.example>: Recipient address rejected: Mail from outside to this list is not allowed, members only"],["ex-mitglied@example.org",null,"5.1.1","Sorry, no mailbox here by that name. (#5.1.1)"],["uwe@nirgendwo.example",null,"5.1.2","Sorry, I couldn'"'"'t find any host named nirgendwo.example. (#5.1.2)"]]'
	mw explain --format json --lang en "$mails/sendmail-mixed.eml"
	same "$(told)" '[["dora@b.example",550,"5.2.1","550 5.2.1 <dora@b.example>... The email account that you tried to reach is disabled"],["emil@example.org",null,"2.1.5",null]]'
}

@test "a mail on standard input is answered as the file is" {
	for mail in yahoo exchange-online-html-only forwarded-inline; do
		expected=$("$mailwhy" explain --lang de "$mails/$mail.eml")
		mw explain --lang de <"$mails/$mail.eml"
		same "$status $stderr" "0 "
		same "$output" "$expected"
		mw explain --lang de - <"$mails/$mail.eml"
		same "$output" "$expected"
	done
}

@test "a mail of 50 MB takes little time and memory" {
	{
		bounce_head
		status_part
		printf '%s\n' --B 'Content-Type: message/rfc822' '' \
			'From: paula@example.org' \
			'Content-Type: application/pdf' \
			'Content-Transfer-Encoding: base64' ''
		head -c 37500000 /dev/zero | base64
		echo --B--
	} >big.eml
	bounded big.eml
	same "$status $stderr" "0 "
	same "$(told)" '[["bob@b.example",550,"5.1.1","550 5.1.1 no such user"]]'
	# One line, behind the notice.
	{
		cat "$mails/postfix-unknown.eml"
		head -c 50000000 /dev/zero | tr '\0' x
	} >big.eml
	bounded big.eml
	same "$status $stderr" "0 "
	same "$(answers <<<"$output")" "$(<"$mails/postfix-unknown.expected")"
}

@test "a thousand nested parts are no trouble" {
	{
		bounce_head
		status_part
		for ((i = 0; i < 1000; i++)); do
			printf -- '--%s\nContent-Type: multipart/mixed; boundary=%s\n\n' \
				"${last-B}" "N$i"
			last=N$i
		done
		printf -- '--%s\n\n<eve@c.example>: 550 5.1.1 deep down\n' "$last"
	} >nested.eml
	bounded nested.eml
	same "$status $stderr" "0 "
	same "$(told)" '[["bob@b.example",550,"5.1.1","550 5.1.1 no such user"]]'
	{
		bounce_head
		head=$(bounce_head)
		for ((i = 0; i < 1000; i++)); do
			printf -- '--B\nContent-Type: message/rfc822\n\n%s\n\n' \
				"$head"
		done
	} >nested.eml
	bounded nested.eml
	same "$status" 1
	same "$output" "[]"
}

@test "a boundary that is broken or cut hides nothing" {
	{
		bounce_head | sed 's/boundary=B/boundary="B/'
		status_part
	} >broken.eml
	bounded broken.eml
	same "$(told)" '[["bob@b.example",550,"5.1.1","550 5.1.1 no such user"]]'
	{
		bounce_head | sed 's/boundary=B/boundary=other/'
		status_part
	} >broken.eml
	bounded broken.eml
	same "$(told)" '[["bob@b.example",550,"5.1.1","550 5.1.1 no such user"]]'
	{
		bounce_head
		status_part | head -n 8
	} >broken.eml
	bounded broken.eml
	same "$(jq -c 'map([.recipient,.status])' <<<"$output")" \
		'[["bob@b.example","bounced"]]'
}

@test "an attachment is never opened" {
	{
		bounce_head | sed 's/multipart.*;/multipart\/mixed;/'
		printf '%s\n' --B 'Content-Type: text/plain' '' \
			'This is the mail system at host mx.example.org.' '' \
			'<bob@b.example>: 550 5.1.1 no such user' '' \
			--B 'Content-Type: application/octet-stream; name=a.txt' \
			'Content-Disposition: attachment; filename=a.txt' '' \
			'<eve@c.example>: 550 5.7.1 attached' '' \
			--B 'Content-Type: message/external-body;' \
			' access-type=local-file; name="secret"' '' \
			'Content-Type: text/plain' '' --B--
	} >attached.eml
	echo '<eve@c.example>: 550 5.7.1 secret' >secret
	mw explain --format json --lang en attached.eml
	same "$status $stderr" "0 "
	same "$(told)" '[["bob@b.example",550,"5.1.1","550 5.1.1 no such user"]]'
	if command -v strace >/dev/null && strace -V >/dev/null 2>&1; then
		strace -f -o calls -e trace=%network,execve,openat \
			"$mailwhy" explain --lang en attached.eml >/dev/null ||
			skip "strace may not trace here"
		same "$(grep -c execve calls)" 1
		! grep -qE 'secret|a\.txt|connect\(|socket\(' calls
	fi
}

@test "HTML alone is read" {
	mw explain --format json --lang en "$mails/exchange-online-html-only.eml"
	same "$status $stderr" "0 "
	same "$(answers <<<"$output")" \
		"$(<"$mails/exchange-online-html-only.expected")"
}

@test "a letter in German: two recipients, one without a server's answer" {
	mw explain --format mail --lang de "$mails/t-online.eml"
	same "$status $stderr" "0 "
	same "$output" "Betreff: Ihre E-Mail an gerda@b.example

Guten Tag,

Ihre E-Mail an gerda@b.example konnte nicht zugestellt werden.

Das Postfach des Empfängers hat keinen Platz mehr. Es nimmt erst wieder
E-Mails an, wenn dort aufgeräumt wurde.

Bitten Sie den Empfänger auf anderem Weg, etwa telefonisch, sein
Postfach aufzuräumen. Senden Sie die E-Mail danach neu.

Kommt die Meldung nach einem Tag noch immer, melden Sie sich bitte
wieder bei uns.

Die Antwort des anderen Mailservers lautete:
  552 5.2.2 <600000000000-0001> Quota exceeded (mailbox for user is
  full)

Ihre E-Mail an erwin@b.example konnte nicht zugestellt werden.

Der Mailserver des Empfängers kennt diese E-Mail-Adresse nicht. Meist
steckt ein Tippfehler darin, oder die Adresse gibt es nicht mehr.

Prüfen Sie die Adresse Zeichen für Zeichen und senden Sie die E-Mail mit
der richtigen Adresse noch einmal. Sind Sie sicher, dass sie stimmt,
fragen Sie den Empfänger auf anderem Weg, zum Beispiel am Telefon.

Kommt die Meldung auch dann noch, melden Sie sich bitte wieder bei uns.

Meldung des Mailsystems:
  unknown user / Teilnehmer existiert nicht

Mit freundlichen Grüßen"
}

@test "a letter in English: the mail waits" {
	mw explain --format mail --lang en "$mails/postfix-delay.eml"
	same "$status $stderr" "0 "
	same "$output" "Subject: Your email to office@b.example

Hello,

Your email to office@b.example has not arrived yet. The mail server
keeps trying by itself.

The other mail server as a whole has no room left, not just one mailbox.
Its operator has to make room.

Wait some hours; your mail server usually tries again by itself. If the
email came back, send it again tomorrow. If it goes on, tell the
recipient another way.

If the email has not arrived by tomorrow, please contact us again.

The other mail server answered:
  452 4.3.1 Insufficient system storage

Your email to order@c.example has not arrived yet. The mail server keeps
trying by itself.

Your mail server could not find out which server handles the recipient's
mail. This is usually a passing fault.

Nothing for now: your mail server tries again by itself. If you are
notified after some hours that delivery failed, check the address.

If the email has not arrived by tomorrow, please contact us again.

The mail system's message:
  Host or domain name not found. Name service error for name=c.example
  type=MX: Host not found, try again

Kind regards"
}

@test "a letter in French: the other server says much" {
	mw explain --format mail --lang fr "$mails/exchange-online-fr.eml"
	same "$status $stderr" "0 "
	same "$output" "Objet : Votre e-mail à contact@inexistant.example

Bonjour,

Votre e-mail à contact@inexistant.example n’a pas pu être remis.

La partie de l’adresse après le @ est introuvable sur Internet, ou n’est
pas configurée pour recevoir des e-mails. Il s’agit le plus souvent
d’une faute de frappe.

Vérifiez surtout la partie après le @, y compris la fin, comme .fr ou
.com. Renvoyez ensuite l’e-mail à la bonne adresse.

Si le message d’erreur revient malgré tout, merci de nous recontacter.

Réponse de l’autre serveur de messagerie :
  550 5.4.310 DNS domain inexistant.example does not exist
  [Message=InfoDomainNonexistent]
  [LastAttemptedServerName=inexistant.example]
  [PR0P264MB0001.FRAP264.PROD.OUTLOOK.COM 2026-03-03T09:41:06.881Z
  08DE7900AA11BB22]

Cordialement"
}

@test "a letter tells of those who were reached, too" {
	mw explain --format mail --lang en "$mails/postfix-success.eml"
	same "$status $stderr" "0 "
	same "$output" "Subject: Your email to anna@b.example

Hello,

Your email to anna@b.example was delivered.

Your email to lager@example.org was delivered.

Kind regards"
	mw explain --format mail --lang en "$mails/sendmail-mixed.eml"
	same "${lines[0]}" "Subject: Your email to dora@b.example"
	same "${lines[-2]}" "Your email to emil@example.org was delivered."
}

@test "a recipient and what became of the mail, in three languages" {
	for row in "de~emil@example.org: zugestellt" \
		"en~emil@example.org: delivered" \
		"fr~emil@example.org : remis"; do
		mw explain --lang "${row%%~*}" "$mails/sendmail-mixed.eml"
		same "$status $stderr" "0 "
		same "${lines[-1]}" "${row#*~}"
	done
}

@test "a letter about several who failed alike names all and each answer" {
	{
		bounce_head
		status_part a@b.example
		status_part c@b.example | sed 's/no such user/& here/' | tail -n +6
		status_part d@b.example | tail -n +6
		echo --B--
	} >alike.eml
	mw explain --format mail --lang en alike.eml
	same "$status $stderr" "0 "
	same "$(sed -n '5p;/answered:/,$p' <<<"$output")" "Your email to a@b.example, c@b.example, d@b.example could not be
The other mail server answered:
  550 5.1.1 no such user
  550 5.1.1 no such user here

Kind regards"
}

@test "no line of a letter is longer than 72 columns" {
	long=$(head -c 300 /dev/zero | tr '\0' x)
	{
		bounce_head
		status_part "$long@b.example" | sed "s/no such user/&$long リストリスト/"
		echo --B--
	} >long.eml
	cp "$mails"/*.eml .
	for lang in de en fr; do
		mw explain --format mail --lang $lang -- *.eml
		[ "${#lines[@]}" -gt 500 ]
		same "$(grep -E '^.{73}' <<<"$output")" ""
	done
	same "$("$mailwhy" explain --format mail --lang en long.eml |
		head -n 1)" "Subject: Your email that did not arrive"
}

@test "nothing of a hostile mail but text reaches terminal or letter" {
	{
		bounce_head
		printf '%s\n' --B 'Content-Type: message/delivery-status' \
			'Content-Transfer-Encoding: 8bit' '' \
			'Reporting-MTA: dns; mx.example.org' ''
		printf 'Final-Recipient: rfc822; "bob\\\n \033[2J"@b.example\n'
		printf 'Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; '
		printf '550 5.1.1 no such user \033]0;owned\a\302\233m\n'
		printf ' \342\200\256gpj.exe\342\201\246 \rSubject: forged\n\n'
		printf 'Final-Recipient: utf-8; eve\342\200\256@c.example\n'
		printf 'Action: failed\nDiagnostic-Code: smtp; 550 5.1.1 '
		printf '=?utf-8?b?G1szMW1mdWxsCg==?=\n\n'
		echo --B--
	} >hostile.eml
	for format in text mail json; do
		for lang in de en fr; do
			mw explain --format $format --lang $lang hostile.eml
			same "$status $stderr" "0 "
			same "$(tr -d '\n' <<<"$output" |
				LC_ALL=C grep -c '[[:cntrl:]]')" 0
			same "$(grep -cP '\xc2[\x80-\x9f]' <<<"$output")" 0
			same "$(grep -c '^Subject: forged' <<<"$output")" 0
			[ $format = json ] ||
				same "$(grep -cP '[\x{202a}-\x{202e}\x{2066}-\x{2069}]' \
					<<<"$output")" 0
		done
	done
	mw explain --format mail --lang en hostile.eml
	same "$(grep -E '^Subject:|^Your email|^  ' <<<"$output")" \
		"Subject: Your email to \"bob\\ [2J\"@b.example
Your email to \"bob\\ [2J\"@b.example could not be delivered.
  550 5.1.1 no such user ]0;owned m ?gpj.exe? Subject: forged
Your email to eve?@c.example could not be delivered.
  550 5.1.1 [31mfull"
}

@test "an endless recipient or answer is cut in the letter" {
	{
		bounce_head
		status_part "$(head -c 60000 /dev/zero | tr '\0' y)@b.example" |
			sed "s/no such user/& $(head -c 60000 /dev/zero | tr '\0' z)/"
		echo --B--
	} >endless.eml
	mw explain --format mail --lang en endless.eml
	same "$status $stderr" "0 "
	[ "${#output}" -lt 3000 ]
	[[ $output == *"zzz..."* && $output == *"yyy..."* ]]
}

@test "--audience leaves out the other's advice for a mail, too" {
	mw explain --lang en --audience sender "$mails/yahoo.eml"
	same "$status $stderr" "0 "
	[[ $output == *"What can you do?"* && $output != *"For the administrator"* ]]
	mw explain --lang en --audience admin "$mails/yahoo.eml"
	[[ $output != *"What can you do?"* && $output == *"For the administrator"* ]]
}

@test "what is no bounce, empty or not there gets one line, the rest answers" {
	cp "$mails"/{ordinary,autoreply,read-receipt,yahoo}.eml .
	: >empty.eml
	mw explain --lang en ordinary.eml autoreply.eml read-receipt.eml \
		empty.eml x.eml yahoo.eml
	same "$status" 1
	same "$stderr" "mailwhy: ordinary.eml: this mail tells of no delivery that failed
mailwhy: autoreply.eml: this mail tells of no delivery that failed
mailwhy: read-receipt.eml: this mail tells of no delivery that failed
mailwhy: empty.eml: is empty
mailwhy: x.eml: No such file or directory"
	same "$output" "yahoo.eml
$("$mailwhy" explain --lang en yahoo.eml)"
	for mail in ordinary autoreply read-receipt; do
		mw explain --lang en $mail.eml
		refused_with 1 "$mail.eml: this mail tells of no delivery that failed"
	done
	mw explain --lang en empty.eml
	refused_with 1 "empty.eml: is empty"
	mw explain --lang en x.eml
	refused_with 1 "x.eml: No such file or directory"
	mw explain --format json --lang en x.eml yahoo.eml
	same "$status" 1
	same "$(jq -c 'map(.file)' <<<"$output")" '["yahoo.eml"]'
}

@test "lines of a log are questions, one or several" {
	bounce_line bob@b.example >one.log
	mw explain --lang en --format json one.log
	same "$status $stderr" "0 "
	same "$(told)" '[["bob@b.example",550,"5.1.1","550 5.1.1 no such user"]]'
	mw explain --lang en --format json "$(<one.log)"
	same "$status $stderr" "0 "
	same "$(told)" '[["bob@b.example",550,"5.1.1","550 5.1.1 no such user"]]'
	{
		sent_line anna@b.example
		bounce_line bob@b.example
		bounce_line eve@c.example "552 5.2.2 mailbox full" 3
	} >several.log
	mw explain --lang en --format json - <several.log
	same "$status $stderr" "0 "
	same "$(jq -c 'map([.recipient,.status,.reply])' <<<"$output")" \
		'[["anna@b.example","sent","250 2.0.0 Ok"],["bob@b.example","bounced","550 5.1.1 no such user"],["eve@c.example","bounced","552 5.2.2 mailbox full"]]'
}

@test "a notice that somebody pasted needs no header" {
	notice='This is the mail system at host mx.example.org.

<bob@b.example>: host mx.b.example[192.0.2.2] said: 550 5.1.1
    <bob@b.example>: no such user (in reply to RCPT TO command)

<eve@c.example>: host mx.c.example[192.0.2.3] said: 552 5.2.2 mailbox full'
	expected='[["bob@b.example",550,"5.1.1","550 5.1.1 <bob@b.example>: no such user"],["eve@c.example",552,"5.2.2","552 5.2.2 mailbox full"]]'
	mw explain --format json --lang en <<<"$notice"
	same "$status $stderr" "0 "
	same "$(told)" "$expected"
	mw explain --format json --lang en "$notice"
	same "$(told)" "$expected"
}

@test "a reply of several lines on standard input is one answer" {
	mw explain --format json --lang en <<'EOT'
552-5.2.2 The recipient's inbox is out of storage space.
552 5.2.2 Please direct the recipient to clean up.
EOT
	same "$status $stderr" "0 "
	same "$(told)" '[[null,552,"5.2.2","552 5.2.2 The recipient'"'"'s inbox is out of storage space. Please direct the recipient to clean up."]]'
}
