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
           " stage phase").split()

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
                if re.search(r"^Action:\s*failed", block, re.M | re.I):
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


def seen_of(entries, scripted):
    """[(entry, row)]: what was answered to a recipient, and by which row."""
    found = []
    for row in scripted:
        if row.host in {one.host for _, one in found}:
            continue
        rows = [one for one in scripted if one.host == row.host]
        here = [entry for entry in entries if entry.message == row.message
                and entry.recipient.lower() == row.recipient.lower()
                and entry.host == row.host and entry.stage != "bounce"]
        found += [(entry, rows[min(at, len(rows) - 1)])
                  for at, entry in enumerate(here)]
    return sorted(found, key=lambda one: one[0].seconds)


def attempts(server, entries):
    """All attempts in order, those of bounces too; without their status."""
    rows = scenario.read()
    phases = phases_of(entries)
    bounces = Bounces(entries)
    by_recipient = collections.OrderedDict()
    for row in rows:
        if row.expected_of(server) not in ("skip", "none"):
            by_recipient.setdefault((row.message, row.recipient),
                                    []).append(row)
    done = []
    for entry in entries:
        if entry.stage == "eom" and not entry.message:
            name = [phase for phase, begin, end in phases
                    if begin <= entry.seconds < end][0]
            done.append((Attempt(entry.seconds, name, None, "",
                                 entry.recipient, "eom", entry.reply,
                                 entry.ip, entry.host), "sent"))
    for (message, recipient), scripted in by_recipient.items():
        alone = len({row.recipient for row in rows
                     if row.message == message}) == 1
        seen = [Attempt(entry.seconds, "", row, message, recipient,
                        entry.stage, entry.reply, entry.ip, entry.host)
                for entry, row in seen_of(entries, scripted)
                if row.expected_of(server) != "event"]
        scripted = [row for row in scripted
                    if row.expected_of(server) != "event"]
        for name, begin, end in phases:
            here = [attempt._replace(phase=name) for attempt in seen
                    if begin <= attempt.seconds < end]
            if not here and name in (scripted[0].phase, "retry", "expire"):
                row = scripted[0]
                # Known to be down: the mail server did not even try.
                stage = row.stage if row.stage in (
                    "dns", "connect", "local") else "not-tried"
                here = [Attempt(begin, name, row, message, recipient, stage,
                                b"", row.ip if stage == "connect" else "",
                                row.host if stage == "connect" else "")]
            status = "deferred"
            for attempt in here:
                if attempt.reply.startswith(b"2") or (
                        attempt.stage == "local"
                        and attempt.row.deed == "mailbox"):
                    status = "sent"
                elif attempt is here[-1] and bounces.failed(
                        message, recipient, begin, end, alone):
                    status = "bounced"
                if status == "bounced" and name == "expire":
                    done.append((attempt, "deferred"))
                    attempt = attempt._replace(stage="expired", reply=b"")
                done.append((attempt, status))
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
                         attempt.phase]))
    wrong = compare(server, done)
    print("%s: %d attempts, %d not as the scenario expects" % (
        server, len(done), wrong), file=sys.stderr)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
