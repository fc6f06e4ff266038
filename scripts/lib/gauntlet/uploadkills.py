# SPDX-License-Identifier: MIT
"""SIGKILL of either side at random moments of a mixed upload. What has a final name is compared byte
for byte after each kill, and a relay counts what the client sends, so that it is known how much of it
goes over the network twice."""
import random
import shutil
import signal
import socket
import subprocess
import threading
import time

import programs
from programs import Broken

SMALL = {f"small{number}": 30_000 for number in range(60)}
SIZES = SMALL | {f"large{number}": 3_000_000 for number in range(5)} | {"huge": 12_000_000}
RATE = "15M"  # so that most kills fall into the transfer
TWICE = 1024 * 1024  # bytes that each kill may cost


class Relay:
    """Takes connections for the server, and counts what they send."""

    def __init__(self, server):
        self.server = server
        self.sent = 0
        self.lock = threading.Lock()  # guards `sent`
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.server.port), 10)
            except OSError:
                client.close()
                continue
            for one, other, counted in ((client, server, True), (server, client, False)):
                # As little as possible is on its way when somebody dies.
                one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
                threading.Thread(target=self.pass_on, args=(one, other, counted), daemon=True).start()

    def pass_on(self, one, other, counted):
        try:
            while piece := one.recv(64 * 1024):
                if counted:
                    with self.lock:
                        self.sent += len(piece)
                other.sendall(piece)
        except OSError:
            pass
        for end in (one, other):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        one.close()

    def close(self):
        self.listener.close()


class Upload:
    """The files, a server with an inbox for them, and what has come."""

    def __init__(self, root):
        self.source, self.inbox, self.data = root / "mine", root / "in", root / "client"
        self.inbox.mkdir(parents=True)
        (root / "share").mkdir()
        self.files = programs.make_tree(self.source, SIZES, seed=2)
        self.server = programs.Server(
            root / "server", root / "share",
            more=["--inbox", f"in={self.inbox}", "--keep-free", "0"]).started()
        self.relay = Relay(self.server)
        self.needed = sum(SIZES.values())  # bytes that have to be sent

    def there(self):
        """What has a name, or that with a number, has the right content. The names."""
        names = set()
        for path in self.inbox.iterdir():
            if path.name == ".ferry-uploads":
                continue
            plain = path.name.split(" (")[0]
            if plain not in self.files:
                raise Broken(f"nobody sent {path.name}")
            if path.read_bytes() != self.files[plain]:
                raise Broken(f"wrong under a final name: {path.name}")
            names.add(plain)
        return names

    def rest(self):
        there = self.there()
        return [self.source / name for name in sorted(self.files) if name not in there]

    def start_over(self):
        shutil.rmtree(self.inbox)
        self.inbox.mkdir()
        self.needed += sum(SIZES.values())

    def command(self):
        return programs.put_command(self.server, self.data, "/in", self.rest(),
                                    ("--limit-rate", RATE), self.relay.port)

    def described(self):
        return "an upload"

    def kill(self, side, delay):
        """True if it fell into a transfer."""
        if not self.rest():
            self.start_over()
        client = subprocess.Popen(self.command(), env=programs.environment(),
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        time.sleep(delay)
        (self.server if side == "server" else client).kill()
        try:
            code = client.wait(programs.PATIENCE)
        except subprocess.TimeoutExpired:
            client.kill()
            raise Broken("the client hangs after the server was killed") from None
        if code not in programs.PUT_CODES | {-signal.SIGKILL}:
            raise Broken(f"the client ends with {code}")
        self.there()
        if side == "server":
            self.server.started()
        return code != 0

    def finish(self):
        """A run that nobody kills: all is there, and nothing is left of what was not."""
        if self.rest():
            code, said = programs.run(self.command())
            if code != 0:
                raise Broken(f"the last run ends with {code}: {said[-600:]}")
        if rest := self.rest():
            raise Broken(f"not all is there: {rest}")
        # A small file is sent anew, and what came of it before, up to all of it, stays for a day.
        if parts := [part for part in (self.inbox / ".ferry-uploads").iterdir()
                     if part.stat().st_size > max(SMALL.values())]:
            raise Broken(f"left behind: {parts}")
        self.relay.close()
        if self.server.stop() != 0:
            raise Broken("ferryd does not end in order")


def kill_both(upload, count, chance, least, say):
    """`count` kills of each side, each at least so many seconds after a client began."""
    cut = sum(upload.kill(("client", "server")[number % 2], chance.uniform(least, 0.6))
              for number in range(2 * count))
    upload.finish()
    twice = upload.relay.sent - upload.needed
    say(f"{count} kills of each side of {upload.described()}, {cut} of them in a transfer: all complete "
        f"and verified, {twice / 2 / count / 1024:.0f} KiB sent twice for each, lines and TLS included")
    if twice > 2 * count * TWICE:
        raise Broken(f"{twice} bytes were sent twice")


def kill_uploads(root, count, say):
    kill_both(Upload(root), count, random.Random(7), 0.05, say)
