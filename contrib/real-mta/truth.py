#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""truth.py SERVER RECORD: writes what became of every attempt.

Made from the record of the scripted servers (record.py), not from the mail
server's log. Attempts that no server saw (DNS, refused connections, local
delivery) are taken from the scenario, one for each phase in which the recipient
waited. Whether an attempt was the last one is told by the bounces that came."""

import collections
import re
import sys

import record
import scenario

COLUMNS = ("recipient status smtp_code enhanced_code text relay_ip relay_host"
           " stage phase envelope").split()

# These make no attempt before they give up what is too old.
GIVES_UP_UNTRIED = ("opensmtpd",)
# These say nothing of a further attempt whose names are still not found.
DNS_SAID_ONCE = ("sendmail",)
# These say of an alias that its message went on to a remote address.
SAYS_FORWARDED = ("postfix",)

Attempt = collections.namedtuple(
    "Attempt", "seconds phase row message recipient stage reply ip host")


def normal(address):
    return re.sub(r'["\\ ]', "", address).lower()


class Bounces:
    """Which recipients of which message were given up, and when."""

    def __init__(self, entries):
        self.found = []
        for entry in entries:
            if entry.stage != "bounce":
                continue
            text = entry.reply.decode("utf-8", "replace")
            # An action belongs to the Final-Recipient of its block.
            for block in re.split(r"\n[ \t]*\n", text):
                if re.search(r"^Action:\s*(failed|delayed\s+Status: 4\.4\.7)",
                             block, re.M | re.I):
                    addresses = re.findall(
                        r"^(?:Final|Original)-Recipient:\s*rfc822;(.*)$",
                        block, re.M | re.I)
                    self.found.append(
                        (entry.seconds, entry.message,
                         {normal(one.strip(" <>")) for one in addresses}))

    def failed(self, message, recipient, begin, end, alone):
        return any(begin <= seconds <= end and message == of
                   and (alone or normal(recipient) in addresses)
                   for seconds, of, addresses in self.found)


def phases_of(entries):
    """[(name, begin, end)]"""
    begins = [(entry.reply.decode(), entry.seconds) for entry in entries
              if entry.stage == "phase"]
    ends = [seconds for _, seconds in begins[1:]] + [float("inf")]
    return [(name, begin, end) for (name, begin), end in zip(begins, ends)]


def seen_of(entries, scripted, phases):
    """[Attempt]: what was answered to a recipient."""
    found = []
    for host in dict.fromkeys(row.host for row in scripted):
        rows = [row for row in scripted if row.host == host]
        here = [entry for entry in entries
                if entry.message == rows[0].message
                and entry.recipient.lower() == rows[0].recipient.lower()
                and entry.host == host and entry.stage != "bounce"]
        for at, entry in enumerate(here):
            phase = phase_at(phases, entry.seconds)
            found.append(Attempt(
                entry.seconds, phase, scenario.current(rows, at, phase),
                rows[0].message, rows[0].recipient, entry.stage, entry.reply,
                entry.ip, entry.host))
    return sorted(found, key=lambda attempt: attempt.seconds)


def phase_at(phases, seconds):
    return [name for name, begin, end in phases if begin <= seconds < end][0]


def unseen(server, phase, begin, row):
    """[Attempt]: what no scripted server can have seen."""
    if phase == "expire" and server in GIVES_UP_UNTRIED:
        return []
    if (row.stage == "dns" and phase in ("retry", "expire")
            and server in DNS_SAID_ONCE):
        return []
    # A host known to be down may not even be tried.
    stage = row.stage if row.stage in ("dns", "connect", "local") else (
        "not-tried")
    near = stage == "connect"
    return [Attempt(begin, phase, row, row.message, row.recipient, stage, b"",
                    row.ip if near else "", row.host if near else "")]


def attempts(server, entries):
    """[(attempt, status)] in order, those of bounces too."""
    rows = scenario.read()
    phases = phases_of(entries)
    bounces = Bounces(entries)
    by_recipient = {}
    for row in rows:
        if row.expected_of(server) not in ("skip", "none"):
            by_recipient.setdefault((row.message, row.recipient),
                                    []).append(row)
    done = [(Attempt(entry.seconds, phase_at(phases, entry.seconds), None, "",
                     entry.recipient, "eom", entry.reply, entry.ip,
                     entry.host), "sent")
            for entry in entries
            if entry.stage == "eom" and not entry.message]
    for (message, recipient), scripted in by_recipient.items():
        alone = len({row.recipient for row in rows
                     if row.message == message}) == 1
        seen = [attempt for attempt in seen_of(entries, scripted, phases)
                if attempt.row.expected_of(server) != "event"]
        row = [row for row in scripted
               if row.expected_of(server) != "event"][0]
        if row.via and row.stage != "local" and server in SAYS_FORWARDED:
            done.append((Attempt(phases[0][1], "first", None, message,
                                 row.via, "local", b"", "", ""), "sent"))
        for name, begin, end in phases:
            here = [attempt for attempt in seen if attempt.phase == name]
            if not here and name in (row.phase, "retry", "expire"):
                here = unseen(server, name, begin, row)
            given_up = bounces.failed(message, recipient, begin, end, alone)
            status = "deferred"
            for attempt in here:
                if attempt.reply.startswith(b"2") or (
                        attempt.stage == "local"
                        and attempt.row.deed == "mailbox"):
                    status = "sent"
                elif (attempt is here[-1] and given_up
                      and name != "expire"):
                    status = "bounced"
                done.append((attempt, status))
            if given_up and name == "expire":
                done.append((Attempt(end, name, row, message, recipient,
                                     "expired", b"", "", ""), "bounced"))
            if status != "deferred":
                break
    return sorted(done, key=lambda one: one[0].seconds)


def compare(server, done):
    """Says where the scenario expected something else."""
    wrong = 0
    for attempt, status in done:
        if attempt.row is None or attempt.stage in ("expired", "not-tried"):
            continue
        row = attempt.row
        expected = [row.expected_of(server),
                    row.smtp_code, row.enhanced_code,
                    scenario.reply_parts(row.answer)[2] if row.text == "="
                    else row.text]
        if attempt.phase == "expire":
            expected[0] = status
        got = [status, *scenario.reply_parts(attempt.reply)]
        if got != expected:
            wrong += 1
            print("%s to %s, %s: got %s, expected %s" % (
                attempt.message, attempt.recipient, attempt.phase, got,
                expected), file=sys.stderr)
    return wrong


def main():
    server, path = sys.argv[1:]
    sys.stdout.reconfigure(encoding="utf-8")
    done = attempts(server, record.read(path))
    print("# SPDX-License-Identifier: Apache-2.0")
    print("\t".join(COLUMNS))
    for attempt, status in done:
        code, enhanced, text = scenario.reply_parts(attempt.reply)
        text = scenario.escape(text.encode("utf-8", "surrogateescape"))
        print("\t".join([attempt.recipient, status, code, enhanced, text,
                         attempt.ip, attempt.host, attempt.stage,
                         attempt.phase,
                         attempt.row.via if attempt.row else ""]))
    wrong = compare(server, done)
    print("%s: %d attempts, %d not as the scenario expects" % (
        server, len(done), wrong), file=sys.stderr)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
