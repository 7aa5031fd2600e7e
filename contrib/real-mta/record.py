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


def read(path):
    entries = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            fields = line.rstrip("\n").split("\t")
            entries.append(Entry(float(fields[0]), *fields[1:6],
                                 scenario.unescape(fields[6])))
    return entries
