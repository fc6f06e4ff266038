# SPDX-License-Identifier: MIT
"""Many rude peers in one process, each from an address of its own choice:
    crowd.py HOST TLS_PORT CLASSIC_PORT KIND=COUNT…
until standard input ends; then it says what they did. The kinds stand at the bottom."""
import errno
import heapq
import itertools
import os
import selectors
import socket
import struct
import sys
import time

sys.dont_write_bytecode = True
from programs import PASSWORD

HELLO = bytes.fromhex("16030101000100 00fc0303".replace(" ", "")) + bytes(240)
NOT_YET = (errno.EINPROGRESS, errno.EAGAIN)


class Peer:
    """One socket after the other. `step()` says in how many seconds it wants to act again."""

    tls = False
    again = 0.5  # seconds until it comes back

    def __init__(self, crowd, number):
        self.crowd, self.number, self.socket = crowd, number, None

    def connect(self):
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.prepare()
        if self.crowd.spread:
            # Thirty of a kind to an address would be too many for it alone.
            self.socket.bind((f"10.77.{10 + self.number // 200}.{1 + self.number % 200}", 0))
        port = self.crowd.tls_port if self.tls else self.crowd.classic_port
        code = self.socket.connect_ex((self.crowd.host, port))
        if code not in (0, *NOT_YET):
            raise OSError(code, "connect")
        self.crowd.selector.register(self.socket, selectors.EVENT_READ, self)
        self.crowd.connections += 1

    def prepare(self):
        pass

    def close(self):
        if self.socket:
            try:
                self.crowd.selector.unregister(self.socket)
            except (KeyError, ValueError):
                pass
            self.socket.close()
        self.socket = None

    def act(self):
        """At its time: connects, or does its next rudeness."""
        try:
            if not self.socket:
                self.connect()
                return 0.05
            return self.step()
        except OSError as error:
            if error.errno in NOT_YET:
                return 0.2
            self.close()
            return self.again

    def readable(self):
        """True if the server hung up."""
        try:
            got = self.socket.recv(4096)
        except OSError as error:
            return error.errno not in NOT_YET
        self.heard(got)
        return not got

    def heard(self, got):
        pass


class Trickler(Peer):
    """A byte a second, for ever."""

    def __init__(self, *more):
        super().__init__(*more)
        self.sent = 0

    def text(self):
        return b"A"

    def connect(self):
        self.sent = 0
        super().connect()

    def step(self):
        text = self.text()
        self.socket.send(text[self.sent % len(text):][:1])
        self.sent += 1
        return 1.0


class TlsTrickler(Trickler):
    tls = True

    def text(self):
        return HELLO


class Guesser(Peer):
    """Wrong passwords as fast as the answers come."""

    again = 0.1

    def step(self):
        self.socket.send(b"AUTH guess%d\r\n" % self.number)
        return 1.0


class NonReader(Peer):
    """Knows the password, asks for a large file, and never reads it."""

    again = 1.0

    def prepare(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.asked = False

    def step(self):
        if not self.asked:
            self.socket.send(b"AUTH " + PASSWORD.encode() + b"\r\nFILE /s/large\r\n")
            self.asked = True
            self.crowd.selector.unregister(self.socket)
            return 5.0
        # Without reading, only an error tells that the server gave up.
        if self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(errno.ECONNRESET, "gone")
        if struct.unpack("B", self.socket.getsockopt(socket.SOL_TCP, socket.TCP_INFO, 1))[0] != 1:
            raise OSError(errno.ECONNRESET, "gone")
        return 1.0


class Flooder(Peer):
    """Connects and resets, as fast as it may."""

    again = 0.2

    def step(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()
        return self.again


class TlsFlooder(Flooder):
    tls = True


KINDS = {"trickler": Trickler, "tlstrickler": TlsTrickler, "guesser": Guesser,
         "nonreader": NonReader, "flooder": Flooder, "tlsflooder": TlsFlooder}


class Crowd:
    def __init__(self, host, tls_port, classic_port):
        self.host, self.tls_port, self.classic_port = host, tls_port, classic_port
        self.spread = not host.startswith("127.")
        self.selector = selectors.DefaultSelector()
        self.connections = 0

    def run(self, peers):
        order = itertools.count()
        now = time.monotonic()
        due = [(now + index * 0.001, next(order), peer) for index, peer in enumerate(peers)]
        heapq.heapify(due)
        self.selector.register(sys.stdin, selectors.EVENT_READ)
        while True:
            for key, _ in self.selector.select(0.01):
                if key.data is None:
                    if not os.read(0, 1):
                        return
                elif key.data.socket and key.data.readable():
                    key.data.close()
            now = time.monotonic()
            while due and due[0][0] <= now:
                peer = heapq.heappop(due)[2]
                heapq.heappush(due, (now + peer.act(), next(order), peer))


def main():
    host, tls_port, classic_port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    crowd = Crowd(host, tls_port, classic_port)
    peers, number = [], itertools.count()
    for word in sys.argv[4:]:
        kind, count = word.split("=")
        peers += [KINDS[kind](crowd, next(number)) for _ in range(int(count))]
    crowd.run(peers)
    held = sum(peer.socket is not None for peer in peers)
    print(f"{len(peers)} rude peers made {crowd.connections} connections; {held} were open",
          flush=True)


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, KeyboardInterrupt):
        pass  # whoever started it is gone
