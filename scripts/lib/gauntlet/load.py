# SPDX-License-Identifier: MIT
"""A thousand hostile sockets from hundreds of addresses, and honest users beside them, one whom the
server knows and many who come for the first time: how many are let in, and what a login and a
download take before, meanwhile and afterwards. Runs in a network namespace, so that
the addresses are no loopback ones and the limits per address count."""
import collections
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import programs
from programs import Broken

HOST = "10.77.0.1"
CROWD = {"tlstrickler": 400, "trickler": 200, "nonreader": 200, "guesser": 100, "flooder": 50,
         "tlsflooder": 50}
LOGIN_MUST = 1.0  # seconds, p99
RECOVERY_MUST = 1.0
RATE_MUST = 200  # logins per second
# The share of honest logins that may be refused beside a crowd. Whom the server knows comes first. A
# newcomer is no better than the crowd until that is doubted, which takes it one visit or a second:
# in the short form, whose crowd stays for four, that is a quarter of them at the most.
REFUSED_MOST = {"known": 0.0, "newcomers": 0.25}
LOGINS_LEAST = 40  # of each kind, so that a share means something on a slow machine, too


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def come_from(address):
    """From now on, whoever connects to HOST and chose no address comes from this one."""
    subprocess.run(["ip", "route", "replace", "local", HOST, "dev", "lo", "src", address, "table",
                    "local"], check=True)


class Logins:
    """How those of one kind went."""

    def __init__(self):
        self.seconds, self.refused, self.reasons = [], 0, collections.Counter()

    def add(self, took, said):
        if took is not None:
            self.seconds.append(took)
        else:
            self.refused += 1
            self.reasons[(said.strip().splitlines() or ["no word"])[-1][-80:]] += 1

    @property
    def count(self):
        return self.refused + len(self.seconds)

    @property
    def share_refused(self):
        return self.refused / max(1, self.count)

    def __str__(self):
        if not self.seconds:
            return f"all {self.refused} refused"
        return (f"{len(self.seconds)} logins, p50 {percentile(self.seconds, 0.5) * 1000:.0f} ms, "
                f"p99 {percentile(self.seconds, 0.99) * 1000:.0f} ms (with the start of the "
                f"program), {self.refused} refused")


class Honest:
    """A user who logs in again and again, and fetches a file now and then; and others, each of whom
    logs in once, from an address that never came before."""

    newcomers = 0

    def __init__(self, root, server, files):
        self.root, self.server, self.files = root, server, files
        self.count = 0

    def list(self, **more):
        """Code and words of a login with a listing of one folder."""
        return programs.run(
            [programs.Programs.path("ferry"), "ls", "--pin", self.server.fingerprint, "--data-dir",
             str(self.root / "data"), f"{HOST}:{self.server.port}", "/s"], **more)

    def login(self):
        """Seconds from the start of the program to its end."""
        began = time.monotonic()
        code, said = self.list()
        return time.monotonic() - began if code == 0 else None, said

    def newcomer_login(self):
        number = Honest.newcomers
        Honest.newcomers += 1
        come_from(f"10.77.{100 + number // 250}.{1 + number % 250}")
        try:
            return self.login()
        finally:
            come_from(HOST)

    def download(self):
        self.count += 1
        target = self.root / f"honest{self.count}"
        target.mkdir()
        began = time.monotonic()
        code, said = programs.run(programs.get_command(self.server, target, self.root / "data",
                                                       ["/s/large"]))
        seconds = time.monotonic() - began
        if programs.wrong_files(target, self.files):
            raise Broken("an honest download is wrong")
        shutil.rmtree(target)
        return seconds if code == 0 else None, said

    def live(self, seconds, say, what, least=0):
        """How the logins and the downloads of this time went."""
        logins = {"known": Logins(), "newcomers": Logins()}
        downloads = Logins()
        end = time.monotonic() + seconds
        while time.monotonic() < end or logins["newcomers"].count < least:
            for _ in range(5):
                took, said = self.login()
                logins["known"].add(took, said)
                if took is None:
                    time.sleep(1)  # as a person would; who hammers is taken for one of the crowd
                logins["newcomers"].add(*self.newcomer_login())
            downloads.add(*self.download())
        rates = [len(self.files["large"]) / took / 1e6 for took in downloads.seconds]
        say(f"{what}: downloads "
            + (f"{percentile(rates, 0.5):.0f} MB/s" if rates else "none")
            + (f", {downloads.refused} refused" if downloads.refused else ""))
        for kind, gone in logins.items():
            say(f"    {kind}: {gone}")
            for why, count in gone.reasons.items():
                say(f"        {count} {why}")
        logins["downloads"] = downloads
        return logins


class Crowd:
    def __init__(self, server, kinds):
        script = Path(__file__).with_name("crowd.py")
        self.process = subprocess.Popen(
            ["nice", "-n", "5", sys.executable, str(script), server.listen, str(server.port),
             str(server.classic_port), *(f"{kind}={count}" for kind, count in kinds.items())],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def end(self):
        said, _ = self.process.communicate(b"")
        return said.decode().strip()


def limits(descriptors, address_space=None):
    def apply():
        resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))
        if address_space:
            resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    return apply


def refusals(logins):
    """What is wrong with how those who came beside a crowd were received."""
    return [f"{kind}: {logins[kind].refused} honest logins were refused, a share of "
            f"{logins[kind].share_refused:.2f}; at most {most} may be"
            for kind, most in REFUSED_MOST.items() if logins[kind].share_refused > most]


def under_attack(root, files, seconds, scale, say):
    server = programs.Server(root / "server", root / "share", listen=HOST,
                             more=["--max-sessions", "1000"], preexec=limits(8192)).started()
    honest = Honest(root, server, files)
    missed = refusals(honest.live(seconds / 4, say, "alone"))
    rest = programs.descriptors(server.pid), programs.threads(server.pid)
    crowd = Crowd(server, {kind: max(1, count // scale) for kind, count in CROWD.items()})
    logins = honest.live(seconds, say, "beside the crowd, from its first moment", LOGINS_LEAST)
    say("    " + crowd.end())
    missed += refusals(logins)
    if logins["downloads"].refused:
        missed.append(f"{logins['downloads'].refused} downloads were refused")
    began = time.monotonic()
    if not programs.wait_until(lambda: honest.login()[0] is not None):
        raise Broken("nobody gets in after the crowd left")
    recovery = time.monotonic() - began
    say(f"the first login after the crowd left: {recovery * 1000:.0f} ms")
    held = lambda: (programs.descriptors(server.pid), programs.threads(server.pid))
    # Those who never read leave with their sockets; strangers at the latest after their time.
    if not programs.wait_until(lambda: held()[1] <= rest[1] and held()[0] <= rest[0], 60):
        raise Broken(f"descriptors and threads {rest} before, {held()} after")
    if server.stop() != 0:
        raise Broken("ferryd does not end in order")
    times = logins["known"].seconds + logins["newcomers"].seconds
    return missed, percentile(times, 0.99) if times else float("inf"), recovery


def few_addresses(root, files, say):
    """Eight addresses hold eight places each, all there are, and nobody of them is doubted yet: who
    comes from another address is let in at once."""
    server = programs.Server(root / "few", root / "share", listen=HOST).started()
    honest = Honest(root, server, files)
    rest = programs.threads(server.pid)
    logins = Logins()
    for turn in range(5):
        crowd = []
        for number in range(64):
            peer = socket.socket()
            peer.bind((f"10.77.{50 + turn}.{1 + number // 8}", 0))
            peer.connect((HOST, server.port))
            crowd.append(peer)
        logins.add(*honest.newcomer_login())
        for peer in crowd:
            peer.close()
        if not programs.wait_until(lambda: programs.threads(server.pid) <= rest):
            raise Broken("the places of those who left are not given back")
    say(f"beside 64 silent sockets from 8 addresses: {logins}")
    if server.stop() != 0:
        raise Broken("ferryd does not end in order")
    return ["a newcomer was kept out by few addresses"] if logins.refused else []


def guessing(root, say):
    """A wrong password locks its address out, over the end of the connection and at both doors, and
    nobody else."""
    server = programs.Server(root / "guessing", root / "share", listen=HOST).started()
    honest = Honest(root, server, {})
    missed = []
    come_from("10.77.90.1")
    codes = [honest.list(password="marsh-novel-candy-otter-lemon-brick")[0], honest.list()[0]]
    if codes != [67, 7]:
        missed.append(f"a wrong password and then the right one: exit {codes}, not 67 and 7")
    with socket.socket() as peer:
        peer.settimeout(programs.PATIENCE)
        peer.connect((HOST, server.classic_port))
        peer.sendall(b"AUTH " + programs.PASSWORD.encode() + b"\r\nQUIT\r\n")
        heard = peer.makefile("rb").read()
        if b"logged in" in heard:
            missed.append("who is locked out at one door gets in at the other")
    come_from("10.77.90.2")
    if honest.list()[0] != 0:
        missed.append("one address's wrong password locks out another")
    come_from(HOST)
    if server.stop() != 0:
        raise Broken("ferryd does not end in order")
    if not missed:
        say("after a wrong password its address is locked out, and another is not")
    return missed


def scarce(root, files, seconds, say):
    """Few descriptors, little address space: it refuses, lives, and is there within a second."""
    for name, preexec in (("100 descriptors", limits(100)),
                          ("700 MiB of address space", limits(4096, 700 << 20))):
        server = programs.Server(root / name, root / "share", listen=HOST,
                                 more=["--max-sessions", "1000"], preexec=preexec).started()
        honest = Honest(root, server, files)
        crowd = Crowd(server, {kind: max(1, count // 4) for kind, count in CROWD.items()})
        time.sleep(seconds)
        crowd.end()
        began = time.monotonic()
        if not programs.wait_until(lambda: honest.login()[0] is not None):
            raise Broken(f"{name}: nobody gets in afterwards")
        took = time.monotonic() - began
        if not server.alive:
            raise Broken(f"{name}: ferryd ended: {server.log_tail()}")
        if server.stop() != 0:
            raise Broken(f"{name}: ferryd does not end in order")
        say(f"{name}: survived; the first login after the crowd left: {took * 1000:.0f} ms")
        yield took


def login_rate(say):
    program = Path(programs.Programs.folder).parent / "benchmarks" / "holdsessions"
    if not program.exists():
        say("logins per second: holdsessions is not built")
        return None
    done = subprocess.run([program, "--quick"], stdout=subprocess.PIPE, check=False,
                          env=dict(os.environ, FERRY_BIN=str(programs.Programs.folder)))
    rate = None
    for line in done.stdout.decode().splitlines():
        say("    " + line)
        if "logins per second" in line:
            rate = float(line.split("logins per second")[0].split()[-1].replace(",", ""))
    return rate


def attack(options, say):
    with tempfile.TemporaryDirectory(prefix="ferry-gauntlet-") as name:
        root = Path(name)
        files = programs.make_tree(root / "share", {"large": 20_000_000})
        seconds = 4 if options.quick else options.amount or 40
        missed, p99, recovery = under_attack(root, files, seconds, 4 if options.quick else 1, say)
        missed += few_addresses(root, files, say)
        missed += guessing(root, say)
        recoveries = [recovery, *scarce(root, files, 1 if options.quick else 5, say)]
        if not options.quick:  # a test does not judge the machine
            rate = login_rate(say)
            if p99 > LOGIN_MUST:
                missed.append(f"p99 of the logins is {p99:.2f} s")
            if max(recoveries) > RECOVERY_MUST:
                missed.append(f"recovery took {max(recoveries):.2f} s")
            if rate is not None and rate < RATE_MUST:
                missed.append(f"{rate} logins per second")
    for text in missed:
        say(f"BROKEN {text}")
    return 1 if missed else 0


def enter_network(say):
    """A network namespace of our own; 77 if the machine allows none."""
    for way in (["unshare", "-n"], ["unshare", "-rn"]):
        if subprocess.run([*way, "ip", "link", "set", "lo", "up"], stderr=subprocess.DEVNULL,
                          check=False).returncode == 0:
            return subprocess.run([*way, sys.executable, *sys.argv], check=False,
                                  env=dict(os.environ, FERRY_GAUNTLET_INSIDE="1")).returncode
    say("skipped: this machine lets nobody make a network")
    return 77


def inside_network(work, options, say):
    """`work(options, say)` where HOST is this machine and no loopback address."""
    if "FERRY_GAUNTLET_INSIDE" not in os.environ:
        return enter_network(say)
    for command in ("link set lo up", f"addr add {HOST}/16 dev lo"):
        subprocess.run(["ip", *command.split()], check=True)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 60_000), most))
    try:
        return work(options, say)
    except Broken as broken:
        say(f"BROKEN {broken}")
        return 1


def main(options, say):
    return inside_network(attack, options, say)
