# SPDX-License-Identifier: Apache-2.0
"""Reads scenario.tsv: what each recipient's server answers, what to expect."""

import os
import re

SENDER_DOMAIN = "sender.example"
SENDER_HOST = "mx.sender.example"
SENDER_IP = "127.0.0.2"  # takes the bounces
LOCAL_DOMAIN = "mailer.example"
PHASES = ("first", "later", "retry", "expire")

# What a server or the network does in the place of an answer.
DEEDS = {
    "banner": ("close", "reset", "silent"),
    "connect": ("refused", "noroute", "unreachable", "timeout"),
    "dns": ("nxdomain", "nodata", "nullmx", "servfail", "silent",
            "mx-nxdomain"),
    "local": ("mailbox", "unknown", "exit 75", "exit 1"),
}
for _stage in ("ehlo", "mail", "rcpt", "data", "eom", "size"):
    DEEDS[_stage] = DEEDS["banner"]

_ESCAPE = re.compile(rb"\\(?:x([0-9a-f]{2})|(.))")


def unescape(text):
    """The bytes that a column of the scenario or of the record stands for."""
    def byte(match):
        if match.group(1):
            return bytes([int(match.group(1), 16)])
        return {b"n": b"\n", b"t": b"\t"}.get(match.group(2), match.group(2))
    return _ESCAPE.sub(byte, text.encode("utf-8"))


def escape(raw):
    """The other way: one line of UTF-8 without tabs and control bytes."""
    out = []
    for char in raw.decode("utf-8", "surrogateescape"):
        if char in "\n\t\\":
            out.append({"\n": "\\n", "\t": "\\t", "\\": "\\\\"}[char])
        elif char < " " or char == "\x7f":
            out.append("\\x%02x" % ord(char))
        elif "\udc80" <= char <= "\udcff":
            out.append("\\x%02x" % (ord(char) - 0xdc00))
        else:
            out.append(char)
    return "".join(out)


class Row:
    """One recipient's attempt, or a host that is asked before ("event")."""

    def __init__(self, columns, values):
        for name, value in zip(columns, values):
            setattr(self, {"except": "exceptions"}.get(name, name),
                    "" if value == "-" else value)
        self.deed = self.reply[1:] if self.reply.startswith("!") else None
        if self.deed is not None and self.deed not in DEEDS[self.stage]:
            raise ValueError("%s: nobody does %s at %s" % (
                self.recipient, self.deed, self.stage))
        self.answer = b"" if self.deed else unescape(self.reply)
        self.exceptions = dict(one.split("=")
                               for one in self.exceptions.split())

    def expected_of(self, server):
        """The status. "event": answered, but the attempt goes on; "skip": this
        server does not get the message; "none": it refuses to take it."""
        return self.exceptions.get(server, self.status)

    @property
    def envelope(self):
        """The address that is handed to the mail server."""
        return self.via or self.recipient

    @property
    def domain(self):
        return self.recipient.rpartition("@")[2].lower()

    @property
    def phase(self):
        """When it is handed to the mail server."""
        return "later" if self.message.startswith("later-") else "first"


def current(rows, attempts, phase):
    """The one of a recipient's rows of one host that answers now: the first
    one to the first attempt, the second one to the second or when it is time
    for a second one, and so on; the last one for ever."""
    later = {"retry": 1, "expire": 2}.get(phase, 0)
    return rows[min(max(attempts, later), len(rows) - 1)]


def read():
    """All rows, in order."""
    path = os.environ.get("REAL_MTA_SCENARIO") or os.path.join(
        os.path.dirname(os.path.abspath(__file__)), "scenario.tsv")
    rows = []
    with open(path, encoding="utf-8") as lines:
        lines = [line.rstrip("\n").split("\t") for line in lines
                 if not line.startswith("#")]
    for values in lines[1:]:
        if len(values) != len(lines[0]):
            raise ValueError("%s: %d columns" % (values[0], len(values)))
        rows.append(Row(lines[0], values))
    return rows


def reply_parts(raw):
    """(code, enhanced code, text) of a reply of one or more lines.

    The codes are those of the last line that has them (RFC 5321, 4.2.1). The
    text is the whole reply, its lines joined by one blank; a further line's
    codes are left out where they repeat those of the first line."""
    code = enhanced = ""
    first = None
    words = []
    for line in raw.split(b"\n"):
        basic = re.match(rb"([2-5][0-9][0-9])(?:[ \t-]|$)", line)
        basic = basic.group(1).decode() if basic else ""
        line = line[4 if basic else 0:].decode("utf-8", "surrogateescape")
        detail = basic and re.match(
            r"\s*([245]\.\d{1,3}\.\d{1,3})(?=\s|$)", line)
        if detail:
            line = line[detail.end():]
        detail = detail.group(1) if detail else ""
        code, enhanced = basic or code, detail or enhanced
        if first is None:
            first = [basic, ""]
        if detail and not first[1]:
            first[1] = detail
        elif detail == first[1]:
            detail = ""
        if basic == first[0] and words:
            basic = ""
        words.append(" ".join(part for part in (basic, detail, line.strip())
                              if part))
    text = " ".join(part for part in words if part)
    if code and not enhanced:
        # Some write it elsewhere: "#5.1.0 Address rejected", "no (#5.1.1)".
        match = re.search(
            r"^\d+ #([45]\.\d+\.\d+) |\(#([45]\.\d+\.\d+)\)$", text)
        if match:
            enhanced = match.group(1) or match.group(2)
    return code, enhanced, text
