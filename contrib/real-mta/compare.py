#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""compare.py EVENTS TRUTH LOG: holds mailwhy's events against the truth.

EVENTS: what `mailwhy --events all --format json LOG` wrote. Prints each event
that has a field wrong, and the share of those that have none. A field that is
empty counts as right only if the log has nothing for it: no line with the
event's queue id and recipient names it. A
program instead of a recipient (Sendmail's "|/bin/program") is left out. Exit
status 1: under 99 % are right."""

import collections
import csv
import json
import re
import sys

import scenario

FIELDS = "status smtp_code enhanced_code text relay_ip relay_host".split()
# Of these not every server writes a line: see README.md.
SILENT = ("dns", "expired", "local", "not-tried")
ENOUGH = 0.99
LONG = 900  # a text of this length may be cut


def bare(text):
    """Without what a log may change: blanks, control and 8-bit bytes, escapes,
    quotes, the codes before each line."""
    text = re.sub(r"\\x[0-9a-f]{2}|\\[nt]|#[0-7]{3}|[^\x21-\x7e]", " ", text)
    text = re.sub(r"(?:^|(?<=\s))[2-5]\d\d(?:[ -]|$)", " ", text)
    text = re.sub(r"(?:^|(?<=\s))[245]\.\d{1,3}\.\d{1,3}(?=\s|$)", " ", text)
    return re.sub(r'[\s"\\]', "", text)


def shortened(got, want):
    """A log may cut the end off, or (Sendmail) the middle: "abc...xyz"."""
    if len(got) > LONG:
        got = re.sub(r"[\d.-]+$", "", got)  # half of a further line's code
    return got == want or (bool(got) and want.startswith(got)) or any(
        want.startswith(got[:dots.start()]) and
        want.endswith(got[dots.start() + 3:])
        for dots in re.finditer(r"(?=\.\.\.)", got))


def same_text(event, row):
    """What has no code stands behind words of the mail server."""
    got = bare(event)
    want = bare(scenario.unescape(row["text"]).decode("utf-8", "replace"))
    return shortened(got, want) or (not row["smtp_code"] and want in got)


def wrong_fields(event, row, lines):
    """The fields of an event that the log had otherwise."""
    if row["stage"] == "expired" and event["status"] == "expired":
        return []  # with the words and codes of the last attempt
    wrong = []
    for field in FIELDS:
        want = row[field]
        got = event.get("reply" if field == "text" else field)
        got = "" if got is None else str(got)
        if row["stage"] in ("dns", "not-tried") and field != "status":
            good = True  # no server was asked: the truth says nothing
        elif field == "text":
            # Without a reply the server's own words stand there.
            good = not want or same_text(got, row) or (
                not any(bare(want)[:20] in bare(line) for line in lines))
        elif field == "relay_host":
            good = shortened(got.lower().strip("[]"),
                             want.lower().strip("[]")) or (
                not got and not any(want and want.lower() in line.lower()
                                    for line in lines))
        elif not want and field != "status":
            # The mail server's own enhanced codes.
            good = field != "smtp_code" or not got
        else:
            good = got == want or (not got and not any(
                re.search(r"(?<![\w.])%s(?![\w.])" % re.escape(want), line)
                for line in lines))
        if not good:
            wrong.append("%s %s, not %s" % (field, got or "-", want or "-"))
    return wrong


def best_rows(events, rows, lines_of):
    """[(event, row or None, wrong fields)]; each row is taken once, in order
    of how well it fits."""
    fits = sorted((len(wrong_fields(event, row, lines_of(event))), abs(i - j),
                   i, j) for i, event in enumerate(events)
                  for j, row in enumerate(rows))
    taken, used = {}, set()
    for _, _, i, j in fits:
        if i not in taken and j not in used:
            taken[i] = j
            used.add(j)
    found = []
    for i, event in enumerate(events):
        row = rows[taken[i]] if i in taken else None
        found.append((event, row, wrong_fields(event, row, lines_of(event))
                      if row else ["no such attempt"]))
    return found, [row for j, row in enumerate(rows) if j not in used]


def main():
    events_path, truth_path, log_path = sys.argv[1:]
    events, rows = collections.defaultdict(list), collections.defaultdict(list)
    unparsed = 0
    with open(events_path, encoding="utf-8") as lines:
        for event in map(json.loads, lines):
            if (event["event"] in ("sent", "failure")
                    and not event["recipient"].startswith('"|')):
                events[event["recipient"].lower()].append(event)
            elif event["event"] == "summary":
                unparsed = event["unparsed"]
    with open(truth_path, encoding="utf-8") as lines:
        for row in csv.DictReader(
                (line for line in lines if not line.startswith("#")),
                delimiter="\t", quoting=csv.QUOTE_NONE):
            rows[row["recipient"].lower()].append(row)
    log_lines = collections.defaultdict(list)
    with open(log_path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            for word in set(re.findall(r"[\w-]{6,}", line)):
                log_lines[word].append(line)

    def lines_of(event):
        time = event["@timestamp"][11:19]  # logs are in UTC
        return [line for line in log_lines[event["queue_id"]]
                if event["recipient"].lower() in line.lower()
                and time in line]

    right = wrong = missed = 0
    for recipient in sorted(set(events) | set(rows)):
        found, left = best_rows(events[recipient], rows[recipient], lines_of)
        for event, row, fields in found:
            right += not fields
            wrong += bool(fields)
            if fields:
                print("%s %s (%s): %s" % (event["queue_id"], recipient,
                                          row["stage"] if row else "-",
                                          "; ".join(fields)))
        for row in left:
            missed += row["stage"] not in SILENT
            if row["stage"] != "expired":
                print("- %s: no event for %s at %s, %s" % (
                    recipient, row["status"], row["stage"], row["phase"]))
    share = right / max(right + wrong + unparsed + missed, 1)
    print("%d events right, %d wrong, %d lines unparsed, %d attempts without "
          "an event: %.2f %% right" % (right, wrong, unparsed, missed,
                                       100 * share))
    sys.exit(share < ENOUGH)


if __name__ == "__main__":
    main()
