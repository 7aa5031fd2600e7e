#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""submit.py SERVER PHASE RECORD: hands the messages of a phase to 127.0.0.1:25.

Messages with a local recipient go through /usr/sbin/sendmail, since some
servers refuse an unknown local user in the SMTP dialogue."""

import os
import smtplib
import subprocess
import sys

import record
import scenario


def messages(server, phase):
    """{message: [envelope addresses]}, in the order of the scenario."""
    found = {}
    for row in scenario.read():
        if row.phase == phase and row.expected_of(server) != "skip":
            recipients = found.setdefault(row.message, [])
            if row.envelope not in recipients:
                recipients.append(row.envelope)
    return found


def body(message, large):
    lines = ["From: <%s@%s>" % (message, scenario.SENDER_DOMAIN),
             "To: undisclosed-recipients:;", "Subject: %s" % message,
             "Message-ID: <%s@app01.%s>" % (message, scenario.SENDER_DOMAIN),
             "Date: Mon, 23 Nov 2026 23:40:43 +0000", "",
             "This is the message %s." % message]
    lines += ["A line that makes this message large. " * 2] * (
        100 if large else 0)
    return "\r\n".join(lines) + "\r\n"


def main():
    server, phase, record_path = sys.argv[1:]
    record.add(record_path, "", "", "", "", "phase", phase.encode())
    large = {row.message for row in scenario.read() if row.stage == "size"}
    for message, recipients in messages(server, phase).items():
        sender = "%s@%s" % (message, scenario.SENDER_DOMAIN)
        text = body(message, message in large)
        local = any(one.endswith("@" + scenario.LOCAL_DOMAIN)
                    for one in recipients)
        if local:
            command = [os.environ.get("SENDMAIL", "/usr/sbin/sendmail"),
                       "-i", "-f", sender]
            command[1:1] = os.environ.get("SENDMAIL_OPTIONS", "").split()
            done = subprocess.run(command + recipients,
                                  input=text.replace("\r\n", "\n").encode(),
                                  check=False)
            if done.returncode:
                print("%s: %s ended with %d" % (message, command[0],
                                                done.returncode))
            continue
        client = smtplib.SMTP("127.0.0.1", 25, "app01.sender.example")
        client.ehlo()
        # smtplib would rewrite quoted addresses.
        taken = 0
        for command in ["MAIL FROM:<%s>" % sender] + [
                "RCPT TO:<%s>" % one for one in recipients]:
            code, reply = client.docmd(command)
            taken += code == 250
            if code != 250:
                print("%s: %s: %d %s" % (message, command, code, reply))
        if taken < 2:  # MAIL and one RCPT
            client.quit()
            continue
        code, reply = client.data(text)
        if code != 250:
            print("%s: %d %s" % (message, code, reply))
        client.quit()


if __name__ == "__main__":
    main()
