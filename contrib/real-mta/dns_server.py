#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Answers MX, A and PTR for the domains of the scenario on 127.0.0.1:53, UDP.

All other names do not exist; some domains fail as the scenario says."""

import socket
import struct
import sys

import scenario

TYPES = {"A": 1, "PTR": 12, "MX": 15}
NXDOMAIN, SERVFAIL = 3, 2


def encode(name):
    return b"".join(bytes([len(label)]) + label.encode()
                    for label in name.split(".") if label) + b"\0"


def decode(packet, at):
    labels = []
    while packet[at]:
        labels.append(packet[at + 1:at + 1 + packet[at]].decode("latin-1"))
        at += packet[at] + 1
    return ".".join(labels).lower(), at + 1


def zone(rows):
    """({(name, type): [data]}, {domain: how it fails})"""
    records, fails = {}, {}

    def add(name, kind, data):
        list_ = records.setdefault((name.lower(), kind), [])
        if data not in list_:
            list_.append(data)

    def host(name, ip):
        add(name, "A", socket.inet_aton(ip))
        add(".".join(reversed(ip.split("."))) + ".in-addr.arpa", "PTR",
            encode(name))

    def exchanger(domain, preference, name):
        add(domain, "MX", struct.pack(">H", preference) + encode(name))

    for row in rows:
        if row.stage == "dns":
            fails[row.domain] = row.deed
            if row.deed == "mx-nxdomain":
                exchanger(row.domain, 10, "mx.nowhere-at-all.example")
            elif row.deed == "nullmx":
                exchanger(row.domain, 0, "")
            else:
                add(row.domain, "", b"")
        elif row.host and not row.host.startswith("["):
            host(row.host, row.ip)
            if row.host != row.domain:
                known = records.get((row.domain, "MX"), [])
                names = [data[2:] for data in known]
                if encode(row.host) not in names:
                    exchanger(row.domain, 10 * (len(known) + 1), row.host)
    exchanger(scenario.SENDER_DOMAIN, 10, scenario.SENDER_HOST)
    host(scenario.SENDER_HOST, scenario.SENDER_IP)
    host("mailout." + scenario.SENDER_DOMAIN, "127.0.0.1")
    add(scenario.LOCAL_DOMAIN, "A", socket.inet_aton("127.0.0.1"))
    return records, fails


def answer(packet, records, fails):
    """The reply, or None for silence."""
    name, end = decode(packet, 12)
    kind = struct.unpack(">H", packet[end:end + 2])[0]
    question = packet[12:end + 4]
    fail = fails.get(name)
    if fail == "silent":
        return None
    code, found = 0, []
    if fail == "servfail":
        code = SERVFAIL
    elif fail == "nxdomain" or name not in {key[0] for key in records}:
        code = NXDOMAIN
    else:
        for word, number in TYPES.items():
            if number == kind:
                found = records.get((name, word), [])
    body = b"".join(b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(data))
                    + data for data in found)
    flags = 0x8580 | code  # response, authoritative, recursion as asked
    return (packet[:2] + struct.pack(">HHHHH", flags, 1, len(found), 0, 0)
            + question + body)


def main():
    records, fails = zone(scenario.read())
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 53))
    while True:
        packet, client = server.recvfrom(4096)
        try:
            reply = answer(packet, records, fails)
        except (IndexError, struct.error) as error:
            print("query not understood: %s" % error, file=sys.stderr)
            continue
        if reply:
            server.sendto(reply, client)


if __name__ == "__main__":
    main()
