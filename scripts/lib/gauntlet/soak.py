# SPDX-License-Identifier: MIT
"""Mixed load and faults for a long time: honest clients that fetch and verify, clients that are
killed, files that change while they are sent, guessers, tricklers and floods that come and go.
Every minute a line; in the end the server holds as many descriptors and threads as before, and as
much memory as after its first minutes."""
import concurrent.futures
import os
import random
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import load
import programs
from programs import Broken

CROWD = {"tlstrickler": 60, "trickler": 30, "nonreader": 20, "guesser": 30, "flooder": 10,
         "tlsflooder": 10}
SIZES = {f"t/small{number}": 10_000 + number for number in range(60)} | {"t/large": 8_000_000,
                                                                     "large": 20_000_000}
# KiB that the server may hold more at the end than after its first minutes.
MEMORY_MUST = 16 * 1024
# The same while those first minutes are not over: each thread of the crowd warms the allocator.
MEMORY_EARLY = 64 * 1024
WARM = 5  # minutes


class Work:
    """What honest clients do until `over`; counts and the first thing that broke a promise."""

    def __init__(self, root, server, files):
        self.root, self.server, self.files = root, server, files
        self.over = threading.Event()
        self.lock = threading.Lock()  # guards the counts
        self.counts = {}

    def count(self, what):
        with self.lock:
            self.counts[what] = self.counts.get(what, 0) + 1

    def fetch(self, number):
        """Again and again; some are killed, and what they left is continued."""
        chance = random.Random(number)
        base = self.root / f"client{number}"
        while not self.over.is_set():
            shutil.rmtree(base, ignore_errors=True)
            (base / "target").mkdir(parents=True)
            command = programs.get_command(self.server, base / "target", base / "data", ["/s/t"],
                                           ("-c", "--existing", "resume"))
            if chance.random() < 0.3:
                client = subprocess.Popen(command, env=programs.environment(),
                                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                          stderr=subprocess.DEVNULL)
                time.sleep(chance.uniform(0.01, 0.2))
                client.kill()
                client.wait()
                self.count("killed")
            code, said = programs.run(command, seconds=120)
            self.count(f"get {code}")
            tree = {name: content for name, content in self.files.items() if name[:2] == "t/"}
            if wrong := programs.wrong_files(base / "target", tree):
                raise Broken(f"wrong under a final name: {wrong}")
            if code == 0 and programs.missing_files(base / "target", tree):
                raise Broken("said to be fetched and is not there")
            if code not in programs.CLIENT_CODES:
                raise Broken(f"exit code {code}: {said[-300:]}")
            self.over.wait(0.2)

    def change(self):
        """A file that is never twice the same, and somebody who fetches it meanwhile."""
        chance, base = random.Random(99), self.root / "changing"
        path = self.root / "share" / "changing"
        while not self.over.is_set():
            byte = bytes([chance.randrange(256)])
            shutil.rmtree(base, ignore_errors=True)
            base.mkdir()
            whole = path.with_name("next")
            whole.write_bytes(byte * 6_000_000)
            whole.replace(path)
            client = subprocess.Popen(
                programs.get_command(self.server, base, base / "data", ["/s/changing"]),
                env=programs.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0.0, 0.1))
            how = chance.randrange(3)
            if how == 0:
                os.truncate(path, 100_000)
            elif how == 1:
                with open(path, "ab") as file:
                    file.write(bytes([byte[0] ^ 1]) * 1_000_000)
            else:
                whole.write_bytes(bytes([byte[0] ^ 2]) * 6_000_000)
                whole.replace(path)
            self.count(f"changing {client.wait(120)}")
            got = base / "changing"
            if got.exists():
                content = got.read_bytes()
                versions = (byte * 6_000_000, byte * 100_000, bytes([byte[0] ^ 2]) * 6_000_000,
                            byte * 6_000_000 + bytes([byte[0] ^ 1]) * 1_000_000)
                if content not in versions:
                    raise Broken("a mixture of two versions has a final name")
            self.over.wait(0.3)

    def rude(self):
        """A crowd that comes for twenty seconds and goes for ten."""
        while not self.over.is_set():
            crowd = load.Crowd(self.server, CROWD)
            self.over.wait(20)
            crowd.end()
            self.count("crowds")
            self.over.wait(10)


def held(server):
    return (programs.resident(server.pid), programs.descriptors(server.pid),
            programs.threads(server.pid))


def soak(root, minutes, say):
    files = programs.make_tree(root / "share", SIZES)
    server = programs.Server(root / "server", root / "share", listen=load.HOST,
                             more=["--max-sessions", "1000", "--history", "on", "--limit-rate",
                                   "60M"], preexec=load.limits(8192)).started()
    work = Work(root, server, files)
    # What is opened for the first delivery stays open.
    (root / "first").mkdir()
    code, said = programs.run(programs.get_command(server, root / "first", root / "data", ["/s/t"]))
    if code != 0:
        raise Broken(f"the first fetch ends with {code}: {said[-300:]}")
    rest = programs.steady(lambda: held(server)[1:])
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(work.fetch, number) for number in range(2)]
        jobs += [pool.submit(work.change), pool.submit(work.rude)]
        warm = None
        while time.monotonic() - began < minutes * 60:
            done, _ = concurrent.futures.wait(jobs, timeout=min(60, minutes * 20),
                                              return_when=concurrent.futures.FIRST_EXCEPTION)
            memory, descriptors, threads = held(server) if server.alive else (0, 0, 0)
            passed = (time.monotonic() - began) / 60
            say(f"{passed:.1f} min: {memory} KiB, {descriptors} descriptors, {threads} threads, "
                f"{dict(sorted(work.counts.items()))}")
            if passed >= min(WARM, minutes / 3):
                warm = warm or memory
            if done or not server.alive:
                break
        work.over.set()
        for job in jobs:
            job.result()
    if not server.alive:
        raise Broken(f"ferryd ended: {server.log_tail()}")
    # Strangers and those who never read are gone with the crowd; nobody is left after that.
    if not programs.wait_until(lambda: held(server)[1] <= rest[0] and held(server)[2] <= rest[1],
                               90):
        raise Broken(f"descriptors, threads: {rest} before, {held(server)[1:]} after")
    last = held(server)
    say(f"at rest: {rest} before, {last[1:]} after (descriptors, threads); {last[0]} KiB, {warm} after "
        "the first minutes")
    if last[0] > warm + (MEMORY_MUST if minutes > WARM else MEMORY_EARLY):
        raise Broken("the server's memory grew")
    if server.stop() != 0:
        raise Broken("ferryd does not end in order")
    return (time.monotonic() - began) / 60


def attack(options, say):
    minutes = 0.3 if options.quick else options.amount or 60
    with tempfile.TemporaryDirectory(prefix="ferry-gauntlet-") as root:
        say(f"{soak(Path(root), minutes, say):.1f} minutes survived")
    return 0


def main(options, say):
    return load.inside_network(attack, options, say)
