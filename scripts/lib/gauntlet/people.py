# SPDX-License-Identifier: MIT
"""People on one server: a thousand who wait for news and should cost nothing, thirty-two who write as
fast as they can, and how soon a message is there, also beside hostile sockets."""
import contextlib
import os
import re
import resource
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import load
import programs
from programs import Broken

MOST_IN_FLOOD = 4096  # KiB more than at rest
MUST = {"alone": 0.1, "beside the crowd": 1.0}  # seconds, p99


class Person:
    """Logged in by AUTH, and on in the extended dialect, at either door."""

    def __init__(self, server, encrypted):
        self.socket = socket.create_connection(
            (server.listen, server.port if encrypted else server.classic_port), programs.PATIENCE)
        if encrypted:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            self.socket = context.wrap_socket(self.socket)
        self.file = self.socket.makefile("rb")
        self.say(f"AUTH {programs.PASSWORD}\r\nHELLO ferry/1")
        if not [self.line() for _ in range(3)][-1].startswith("#HELLO"):
            raise Broken("nobody can log in")

    def say(self, text):
        self.socket.sendall(text.encode() + b"\r\n")

    def line(self):
        return self.file.readline().decode().strip()

    def answer(self, request):
        """All lines of an answer, to its end."""
        self.say(request)
        lines = [self.line()]
        while lines[-1] and not re.match(r"#END|#TOLD|!", lines[-1]):
            lines.append(self.line())
        return lines

    def expect_note(self):
        note, end = self.line(), self.line()
        if not note.startswith("#NOTE ") or not end.startswith("#END "):
            raise Broken(f"no note came, but {note} {end}")
        return int(re.search(r"next=(\d+)", end)[1])

    def close(self):
        self.file.close()
        self.socket.close()


def field(pid, task, name):
    text = Path(f"/proc/{pid}/{task}status").read_text(encoding="ascii")
    return int(re.search(rf"^{name}:\s+(\d+)", text, re.MULTILINE)[1])


def memory(server):
    return field(server.pid, "", "VmRSS")


def sleeps(server):
    """How often the threads of sessions went to sleep so far."""
    total = 0
    for task in os.listdir(f"/proc/{server.pid}/task"):
        if Path(f"/proc/{server.pid}/task/{task}/comm").read_text(encoding="ascii").startswith("session"):
            total += field(server.pid, f"task/{task}/", "voluntary_ctxt_switches")
    return total


def processor(server):
    words = Path(f"/proc/{server.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def serving(root, name):
    (root / "share").mkdir(exist_ok=True)
    server = programs.Server(root / name, root / "share",
                             more=["--members", "on", "--max-sessions", "1300"]).started()
    try:
        yield server
    finally:
        server.kill()


def waiting(root, encrypted, count, seconds, say):
    with serving(root, f"waiting-{encrypted}") as server:
        alone = memory(server)
        people = [Person(server, encrypted) for _ in range(count)]
        for person in people:
            person.say("NEWS since=0 wait=3600")
        before = -1
        for _ in range(20):  # until the last of them lie down
            before, lying = sleeps(server), before
            if before == lying:
                break
            time.sleep(0.5)
        before, spent = sleeps(server), processor(server)
        time.sleep(seconds)
        woken, spent = sleeps(server) - before, processor(server) - spent
        each = (memory(server) - alone) / count
        began = time.monotonic()
        writer = Person(server, encrypted)
        writer.say("TELL to=all text=hello")
        for person in people:
            person.expect_note()
        took = time.monotonic() - began
        say(f"{count} wait, {'TLS' if encrypted else 'plain'}: {each:.1f} KiB each; in {seconds} s "
            f"{spent:.2f} s of a processor, {woken} wake-ups of theirs; a note to all was with all "
            f"of them after {took * 1000:.0f} ms")
        return [f"{woken} wake-ups of sessions that wait"] if woken else []


def flood(root, seconds, say):
    with serving(root, "flood") as server:
        people = [Person(server, False) for _ in range(32)]
        for person in people:
            person.answer("NEWS since=0")
        time.sleep(2)
        rest = memory(server)
        counts, end = [[0, 0] for _ in people], time.monotonic() + seconds

        def write(number):
            requests = "\r\n".join(f"TELL to={1 + (number + i) % len(people)} text={'a' * 2000}"
                                   for i in range(16))
            while time.monotonic() < end:
                people[number].say(requests)
                for _ in range(16):
                    counts[number][0] += 1
                    counts[number][1] += people[number].line().startswith("#TOLD")

        threads = [threading.Thread(target=write, args=(i,)) for i in range(len(people))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        more = field(server.pid, "", "VmHWM") - rest
        asked, told = (sum(column) for column in zip(*counts))
        say(f"a flood of {asked / seconds:,.0f} messages a second, {told} of {asked} taken: "
            f"{more} KiB more than at rest")
        if told < len(people) or told > len(people) * (seconds + 10):
            raise Broken(f"{told} messages were taken in {seconds} s")
        return [f"{more} KiB more in a flood"] if more > MOST_IN_FLOOD else []


def latency(root, crowd, rounds, say):
    """One waits, and twenty take turns to write: as often as they may."""
    name = "beside the crowd" if crowd else "alone"
    with serving(root, f"latency-{bool(crowd)}") as server:
        reader, writers = Person(server, True), [Person(server, True) for _ in range(20)]
        since = int(re.search(r"next=(\d+)", reader.answer("NEWS since=0")[-1])[1])
        number = re.search(r"session=(\d+).* self=yes", "\n".join(reader.answer("WHO")))[1]
        hostile = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("crowd.py")), server.listen,
             str(server.port), str(server.classic_port),
             *(f"{kind}={count}" for kind, count in crowd.items())],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) if crowd else None
        seconds = []
        time.sleep(2)  # what one may write is earned while connected
        try:
            for i in range(rounds):
                reader.say(f"NEWS since={since} wait=60")
                time.sleep(0.06)
                began = time.monotonic()
                writers[i % len(writers)].say(f"TELL to={number} text=hello")
                since = reader.expect_note()
                seconds.append(time.monotonic() - began)
                writers[i % len(writers)].line()
        finally:
            if hostile:
                hostile.stdin.close()
                hostile.wait(programs.PATIENCE)
        p99 = load.percentile(seconds, 0.99)
        say(f"a message is read, {name}: p50 {load.percentile(seconds, 0.5) * 1000:.1f} ms, "
            f"p99 {p99 * 1000:.1f} ms")
        return [f"p99 {name} is {p99:.2f} s"] if p99 > MUST[name] else []


def main(options, say):
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 8192), most))
    count, seconds = (60, 2) if options.quick else (1000, 20)
    crowd = {kind: n // 20 if options.quick else n for kind, n in load.CROWD.items()}
    missed = []
    try:
        with tempfile.TemporaryDirectory(prefix="ferry-gauntlet-") as name:
            root = Path(name)
            for encrypted in (False, True):
                missed += waiting(root, encrypted, count, seconds, say)
            slow = flood(root, seconds, say) + latency(root, {}, 20 if options.quick else 300, say)
            slow += latency(root, crowd, 20 if options.quick else 300, say)
            missed += [] if options.quick else slow  # a test does not judge the machine
    except Broken as broken:
        missed.append(str(broken))
    for text in missed:
        say(f"BROKEN {text}")
    return 1 if missed else 0
