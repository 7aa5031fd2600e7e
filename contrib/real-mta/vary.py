#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""vary.py SEED [REPLIES]: writes another scenario, for logs kept aside.

The messages of scenario.tsv in another order, mixed with one for each reply of
REPLIES (tests/catalogue/*.tsv) that has a code: at MAIL, RCPT or the end of
data, some in several lines."""

import csv
import os
import random
import re
import sys

import scenario

STAGES = ("mail", "rcpt", "rcpt", "rcpt", "eom")


def replies(path):
    with open(path, encoding="utf-8") as lines:
        for row in csv.DictReader(
                (line for line in lines if not line.startswith("#")),
                delimiter="\t", quoting=csv.QUOTE_NONE):
            # One line, and a code that is not 421 (the connection ends).
            if re.match(r"(4[35]\d|5[05]\d) [^\\]{3,400}$", row["reply"]):
                yield row["reply"]


def in_lines(reply):
    """The same reply, cut at some blanks, its codes on every line."""
    codes, text = re.match(r"(\d{3}(?: [45]\.\d{1,3}\.\d{1,3}(?= ))?) *(.*)",
                           reply).groups()
    words = text.split(" ")
    if len(words) < 6:
        return reply
    cuts = sorted(random.sample(range(1, len(words)), 2))
    parts = [words[:cuts[0]], words[cuts[0]:cuts[1]], words[cuts[1]:]]
    lines = [codes[:3] + "-" + (codes + " ")[4:] + " ".join(part)
             for part in parts]
    lines[-1] = lines[-1][:3] + " " + lines[-1][4:]
    return "\\n".join(lines)


def message(number, reply):
    """A row; its columns are those of scenario.tsv."""
    if number % 3 == 0:
        reply = in_lines(reply)
    code, enhanced, _ = scenario.reply_parts(scenario.unescape(reply))
    host = "mx%d.kept-aside.example" % number
    return ["aside-%d" % number, "user.%d@domain%d.example" % (number, number),
            "-", host, "127.0.%d.%d" % (1 + number // 200, 1 + number % 200),
            random.choice(STAGES), reply,
            "bounced" if code[0] == "5" else "deferred", code,
            enhanced or "-", "=", "-"]


def main():
    random.seed(int(sys.argv[1]))
    head, found = [], {}
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                        "scenario.tsv")
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("#") or not head or head[-1].startswith("#"):
                head.append(line)
            else:
                found.setdefault(line.partition("\t")[0], []).append(line)
    if len(sys.argv) > 2:
        for number, reply in enumerate(replies(sys.argv[2])):
            row = message(number, reply)
            found[row[0]] = ["\t".join(row) + "\n"]
    names = list(found)
    random.shuffle(names)
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write("".join(head))
    for name in names:
        sys.stdout.write("".join(found[name]))


if __name__ == "__main__":
    main()
