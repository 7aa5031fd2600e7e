# SPDX-License-Identifier: Apache-2.0
"""The record: what the scripted servers did to whom, one line each.

Columns: seconds, ip, host, message, recipient, stage, reply. Besides the
stages of the scenario there are "phase" (the reply is its name), "bounce" (a
bounce came for this message; the reply is its machine-readable part)."""

import collections
import os
import time

import scenario

Entry = collections.namedtuple(
    "Entry", "seconds ip host message recipient stage reply")


def add(path, ip, host, message, recipient, stage, reply):
    """One write of one line, so that threads and processes do not mix."""
    line = "\t".join(["%.3f" % time.time(), ip, host, message, recipient,
                      stage, scenario.escape(reply)]) + "\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, line.encode("utf-8", "surrogateescape"))
    finally:
        os.close(descriptor)


class PhaseReader:
    """Tells the phase the run is in; reads only what is new in the record."""

    def __init__(self, path):
        self.path = path
        self.at = 0
        self.phase = scenario.PHASES[0]

    def now(self):
        with open(self.path, "rb") as lines:
            lines.seek(self.at)
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                self.at += len(line)
                fields = line.rstrip(b"\n").split(b"\t")
                if fields[5] == b"phase":
                    self.phase = fields[6].decode()
        return self.phase


def read(path):
    entries = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            fields = line.rstrip("\n").split("\t")
            entries.append(Entry(float(fields[0]), *fields[1:6],
                                 scenario.unescape(fields[6])))
    return entries
