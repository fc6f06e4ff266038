# SPDX-License-Identifier: MIT
"""The same as uploadkills.py for the client's queue: the folder is put into it once, and `ferry queue
run` goes on after each kill. It lives on while the server is killed and comes back."""
import random
import signal
import subprocess
import time

import programs
import uploadkills
from programs import Broken


class QueueUpload(uploadkills.Upload):
    """A queue that has all the files, and who runs it."""

    def __init__(self, root):
        super().__init__(root)
        self.rounds = 0
        self.client = None
        self.fill()

    def described(self):
        return f"a queue of uploads ({self.rounds} rounds)"

    def queue_command(self, work, options=(), words=()):
        return [programs.Programs.path("ferry"), "queue", work, "--data-dir", str(self.data), *options,
                *words]

    def fill(self):
        """A queue of its own for each round, so that it does not only grow."""
        self.rounds += 1
        self.data = self.data.with_name(f"client{self.rounds}")
        code, said = programs.run(self.queue_command(
            "add", ("-t", "/in"), (f"{self.server.listen}:{self.relay.port}",
                                   *map(str, sorted(self.source.iterdir())))))
        if code != 0:
            raise Broken(f"queue add ends with {code}: {said[-600:]}")

    def run(self):
        """A client at work, that has sent something."""
        sent = self.relay.sent
        for _ in range(10):
            if self.client and self.ended():
                self.client = None
            if not self.client:
                self.client = subprocess.Popen(
                    self.queue_command("run", ("--quiet", "--pin", self.server.fingerprint,
                                               "--limit-rate", uploadkills.RATE)),
                    env=programs.environment(), stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if not programs.wait_until(lambda: self.relay.sent > sent or self.client.poll() is not None):
                raise Broken("the queue does not go on")
            if self.client.poll() is None:
                return
        raise Broken("the queue ends again and again")

    def ended(self):
        """True if it has. When all is sent, a new round begins; what failed is tried again."""
        code = self.client.poll()
        if code is None:
            return False
        if code == 0:
            if rest := self.rest():
                raise Broken(f"the queue has ended, and not all is there: {rest}")
            self.start_over()
            self.fill()
        elif code not in programs.PUT_CODES | {-signal.SIGKILL}:
            raise Broken(f"the client ends with {code}")
        else:
            programs.run(self.queue_command("retry"))
        return True

    def kill(self, side, delay):
        """True if it fell into a transfer."""
        self.run()
        time.sleep(delay)
        cut = self.client.poll() is None
        (self.server if side == "server" else self.client).kill()
        if side == "client":
            self.client.wait(programs.PATIENCE)
        self.there()
        if side == "server":
            self.server.started()
        return cut

    def finish(self):
        """A run that nobody kills. What the one before could not do, while others were killed, is tried
        again."""
        if self.client:
            self.client.wait(programs.PATIENCE)
            self.ended()
            self.client = None
        self.run()
        if (code := self.client.wait(programs.PATIENCE)) != 0:
            raise Broken(f"the last run ends with {code}")
        super().finish()


def kill_queues(root, count, say):
    uploadkills.kill_both(QueueUpload(root), count, random.Random(9), 0.01, say)
