#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Plays the mail servers of the scenario, each at port 25 of its address.

smtp_server.py RECORD: writes what it answered to whom (record.py). The sender
of a message is MESSAGE@sender.example, which tells the message of a MAIL
command; for what is said before MAIL, all recipients that wait for the host
are meant."""

import re
import socket
import struct
import sys
import threading

import record
import scenario

SIZE_LIMIT = 4000
SILENCE_S = 30


class Closed(Exception):
    """The connection ends here."""


class Play:
    """The rows of one address and how far each recipient has come."""

    def __init__(self, ip, rows, record_path):
        self.ip = ip
        self.rows = rows
        self.record_path = record_path
        self.attempts = {}
        self.lock = threading.Lock()
        self.phases = record.PhaseReader(record_path)
        self.host = rows[0].host if rows else scenario.SENDER_HOST
        self.limit = any(row.stage == "size" for row in rows)

    def phase(self):
        with self.lock:
            return self.phases.now()

    def row(self, message, recipient):
        """The row that answers to this attempt."""
        rows = [row for row in self.rows if row.message == message
                and row.recipient.lower() == recipient.lower()]
        if not rows:
            return None
        done = self.attempts.get((message, recipient.lower()), 0)
        return scenario.current(rows, done, self.phase())

    def waiting(self, stage):
        """The rows of all recipients of a host that speaks at `stage`."""
        if not any(row.stage == stage for row in self.rows):
            return []
        phase = self.phase()
        names = {(row.message, row.recipient): None for row in self.rows
                 if row.phase == phase or phase not in ("first", "later")}
        rows = [self.row(*name) for name in names]
        return [row for row in rows if row.stage == stage]

    def of_message(self, message, stage):
        rows = [row for row in self.rows if row.message == message]
        rows = [self.row(message, row.recipient) for row in rows]
        return [row for row in rows if row.stage == stage]

    def done(self, message, recipient, stage, reply, host=None):
        with self.lock:
            key = (message, recipient.lower())
            self.attempts[key] = self.attempts.get(key, 0) + 1
        record.add(self.record_path, self.ip, host or self.host, message,
                   recipient, stage, reply)


class Session:
    def __init__(self, connection, play):
        self.connection = connection
        self.lines = connection.makefile("rb")
        self.play = play
        self.message = None
        self.accepted = []
        self.refused = []  # by EHLO; HELO may follow

    def say(self, reply):
        self.connection.sendall(reply.replace(b"\n", b"\r\n") + b"\r\n")

    def act(self, rows, stage):
        """Does what the rows say, to all their recipients."""
        for row in rows:
            self.play.done(row.message, row.recipient, stage, row.answer,
                           row.host)
        if rows[0].deed == "silent":
            self.connection.settimeout(SILENCE_S)
            try:
                while self.connection.recv(4096):
                    pass
            except OSError:
                pass
            raise Closed
        if rows[0].deed == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                       struct.pack("ii", 1, 0))
            raise Closed
        if rows[0].deed:
            raise Closed
        self.say(rows[0].answer)

    def run(self):
        rows = self.play.waiting("banner")
        if rows:
            self.act(rows, "banner")
        else:
            self.say(b"220 %s ESMTP" % self.play.host.encode())
        for line in self.lines:
            line = line.rstrip(b"\r\n")
            verb = line[:4].upper()
            handler = {b"EHLO": self.ehlo, b"HELO": self.helo,
                       b"MAIL": self.mail, b"RCPT": self.rcpt,
                       b"DATA": self.data}.get(verb)
            if handler:
                handler(line)
            elif verb == b"QUIT":
                self.say(b"221 2.0.0 Bye")
                return
            elif verb in (b"RSET", b"NOOP"):
                self.message, self.accepted = None, []
                self.say(b"250 2.0.0 Ok")
            else:
                self.say(b"502 5.5.2 Error: command not recognized")

    def ehlo(self, line):
        del line
        self.refused = self.play.waiting("ehlo")
        if self.refused:
            self.act(self.refused, "ehlo")
        elif self.play.limit:
            self.say(b"250-%s\n250-PIPELINING\n250 SIZE %d" % (
                self.play.host.encode(), SIZE_LIMIT))
        else:
            self.say(b"250-%s\n250-PIPELINING\n250-ENHANCEDSTATUSCODES\n"
                     b"250-SIZE 52428800\n250 8BITMIME"
                     % self.play.host.encode())

    def helo(self, line):
        del line
        if self.refused:
            self.say(self.refused[0].answer)
        else:
            self.say(b"250 %s" % self.play.host.encode())

    def mail(self, line):
        sender = re.search(rb"<([^>]*)>", line).group(1).decode()
        self.message, self.accepted = sender.partition("@")[0], []
        rows = self.play.of_message(self.message, "mail")
        size = re.search(rb"SIZE=(\d+)", line, re.I)
        if not rows and size and int(size.group(1)) > SIZE_LIMIT:
            rows = self.play.of_message(self.message, "size")
        if rows:
            self.act(rows, rows[0].stage)
            self.message = None
        else:
            self.say(b"250 2.1.0 Ok")

    def rcpt(self, line):
        if self.message is None:
            self.say(b"503 5.5.1 Error: need MAIL command")
            return
        recipient = re.match(rb'RCPT TO:\s*<((?:"(?:\\.|[^"])*"|[^>"])*)>',
                             line, re.I).group(1).decode()
        row = self.play.row(self.message, recipient)
        if row and row.stage == "rcpt":
            self.act([row], "rcpt")
            return
        if not row and self.play.ip != scenario.SENDER_IP:
            print("%s: nobody expects %s for %s" % (
                self.play.ip, self.message, recipient), file=sys.stderr)
        self.accepted.append((row, recipient))
        self.say(b"250 2.1.5 Ok")

    def data(self, line):
        del line
        if not self.accepted:
            self.say(b"554 5.5.1 Error: no valid recipients")
            return
        rows = [row for row, _ in self.accepted if row]
        stop = [row for row in rows if row.stage == "data"]
        if stop:
            self.act(stop, "data")
            return
        self.say(b"354 End data with <CR><LF>.<CR><LF>")
        body = b""
        for text in self.lines:
            if text.rstrip(b"\r\n") == b".":
                break
            body += text
        else:
            raise Closed
        if rows:
            self.act(rows, rows[0].stage)
        else:
            self.bounce(body)
        self.message, self.accepted = None, []

    def bounce(self, body):
        """Mail for a sender: keeps what it says of the recipients."""
        reply = b"250 2.0.0 Ok: queued as B0FFCE"
        part = re.search(rb"^Content-Type: message/delivery-status(.*?)^--",
                         body.replace(b"\r\n", b"\n"),
                         re.S | re.M | re.I)
        for _, recipient in self.accepted:
            record.add(self.play.record_path, self.play.ip, self.play.host,
                       recipient.partition("@")[0], recipient, "bounce",
                       part.group(1) if part else body)
            self.play.done("", recipient, "eom", reply)
        self.say(reply)


def serve(connection, play):
    try:
        Session(connection, play).run()
    except (Closed, OSError):
        pass
    finally:
        connection.close()


def listen(play):
    server = socket.create_server((play.ip, 25), backlog=100)
    while True:
        connection, _ = server.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=serve, args=(connection, play),
                         daemon=True).start()


def main():
    rows = [row for row in scenario.read() if row.ip
            and row.stage != "connect"]
    plays = [Play(scenario.SENDER_IP, [], sys.argv[1])]
    for ip in sorted({row.ip for row in rows}):
        plays.append(Play(ip, [row for row in rows if row.ip == ip],
                          sys.argv[1]))
    threads = [threading.Thread(target=listen, args=(play,), daemon=True)
               for play in plays]
    for thread in threads:
        thread.start()
    print("ready", flush=True)
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
