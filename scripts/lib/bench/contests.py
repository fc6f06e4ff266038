# SPDX-License-Identifier: MIT
"""What is compared with what. Every round runs the contestants one after the other, so that what
the machine does besides falls on all of them; what was fetched is compared outside the time."""
import os
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import data
import measure

# Seconds after which a contest that has its fewest rounds ends: a slow machine measures all in time.
LONGEST = 240
FEWEST_ROUNDS = 3


@dataclass
class Contestant:
    name: str
    command: list
    server: object = None
    got: str = ""  # where below the target the files are; empty: under their own name
    samples: list = field(default_factory=list)


@dataclass
class Contest:
    title: str
    path: str  # below the root
    contestants: list
    aims: list = field(default_factory=list)  # Aim; of the first contestant
    per: str = ""  # what the work is counted in, such as GiB; empty: one piece
    amount: float = 1.0  # of that


@dataclass
class Aim:
    """The first contestant's median against that of `against`."""

    against: str
    must: float
    aim: float
    field: str = "seconds"


def same(a, b):
    return subprocess.run(["diff", "-rq", a, b], stdout=subprocess.DEVNULL, check=False).returncode == 0


def run_contest(contest, root, target, rounds, environment, say):
    end = time.monotonic() + LONGEST
    for number in range(rounds + 1):
        if number > FEWEST_ROUNDS and time.monotonic() > end:
            break
        # Each one is first and last in turn, since what ran before leaves the memory in its state.
        first = number % len(contest.contestants)
        for contestant in contest.contestants[first:] + contest.contestants[:first]:
            shutil.rmtree(target, ignore_errors=True)
            os.makedirs(target)
            try:
                sample = measure.run(contestant.command, contestant.server, environment)
            except subprocess.CalledProcessError as error:
                raise RuntimeError(f"{contestant.name}: {error}: "
                                   f"{error.stderr.decode(errors='replace')[:500]}") from error
            got = Path(target) / (contestant.got or Path(contest.path).name)
            # Only the first round compares, and it does not count: a virtual machine takes back
            # memory that lies idle for a second, and whoever is next pays for getting it again.
            if number == 0:
                if not same(Path(root) / contest.path, got):
                    raise RuntimeError(f"{contestant.name}: what was fetched is not what is there")
                continue
            contestant.samples.append(sample)
            say(f"  {contest.title}, round {number}: {contestant.name} "
                f"{sample.seconds:.2f} s")
    shutil.rmtree(target, ignore_errors=True)


# Of the first contestant's time, or what else is named, against that of the other one: must, aim.
# With few cores less runs side by side, so work counts for more than waiting.
AIMS = {
    "large": [Aim("nginx → curl, https", 0.50, 0.35), Aim("nginx → curl, http", 1.0, 1.0),
              Aim("nginx → curl, https", 1.2, 0.9, "server_cpu")],
    "plain": [Aim("nginx → curl, http", 0.75, 0.60), Aim("cp", 1.6, 1.25)],
    "small": [Aim("rsync daemon", 1.0, 0.6), Aim("cp", 3.0, 1.8)],
    "far": [Aim("rsync daemon", 1.2, 0.8)],
    "upload": [Aim("curl → nginx, https", 0.8, 0.65)],
    "upload-small": [Aim("rsync daemon", 1.0, 0.8)],
    "upload-far": [Aim("rsync daemon", 1.0, 0.8)],
}
AIMS_FEW_CORES = {
    "large": [Aim("nginx → curl, https", 0.75, 0.60), Aim("rsync daemon", 1.1, 0.9),
              Aim("nginx → curl, https", 0.82, 0.70, "both_cpu")],
    "plain": [Aim("nginx → curl, http", 0.62, 0.55), Aim("cp", 1.25, 1.1)],
    "small": [Aim("rsync daemon", 0.85, 0.65), Aim("cp", 2.3, 1.8),
              Aim("rsync daemon", 1.2, 1.0, "both_cpu")],
    "mixed": [Aim("rsync daemon", 0.80, 0.65)],
    "far": [Aim("rsync daemon", 0.85, 0.75)],
    "upload": [Aim("curl → nginx, https", 0.8, 0.65)],
    "upload-small": [Aim("rsync daemon", 1.0, 0.8)],
    "upload-far": [Aim("rsync daemon", 1.0, 0.8)],
}
FEW_CORES = 3


def contests(peers, names, target, proxies):
    """Those that the peers which run here allow."""
    ferryd = peers["ferryd"]
    nginx, rsyncd = peers.get("nginx"), peers.get("rsyncd")
    vsftpd, sshd = peers.get("vsftpd"), peers.get("sshd")
    root = ferryd.root

    def copy(path):
        return Contestant("cp", ["cp", "-r", root / path, target])

    def ferry(path, **more):
        return Contestant("Ferry, TLS", ferryd.get(path, target, **more), ferryd)

    def curl(path, tls):
        return nginx and Contestant(f"nginx → curl, {'https' if tls else 'http'}",
                                    nginx.get(path, target, tls), nginx)

    def rsync(path, **more):
        return rsyncd and Contestant("rsync daemon", rsyncd.get(path, target, **more), rsyncd)

    def scp(path):
        return sshd and Contestant("scp", sshd.get(path, target), sshd)

    gibibytes = {"per": "GiB", "amount": data.size_of(root / "large") / (1 << 30)}

    def files(name):
        return {"per": "1,000 files", "amount": len(names[name]) / 1000}

    titles = {
        "large": ("2 GiB, encrypted", "large", gibibytes, [
            ferry("large"), curl("large", True), curl("large", False), rsync("large"),
            scp("large")]),
        "plain": ("2 GiB, unencrypted", "large", gibibytes, [
            Contestant("Ferry, classic", ferryd.get_classic("large", target), ferryd),
            copy("large"), curl("large", False),
            vsftpd and Contestant("vsftpd → curl", vsftpd.get("large", target), vsftpd)]),
        "small": ("10,000 small files", "small", files("small"), [
            ferry("small"), copy("small"), rsync("small"),
            nginx and Contestant("nginx → curl ×8, https", nginx.get_many(
                [f"small/{name}" for name in names["small"]], target, True), nginx)]),
        "mixed": ("mixed tree", "mixed",
                  {"per": "GiB", "amount": data.size_of(root / "mixed") / (1 << 30)}, [
                      ferry("mixed"), copy("mixed"), rsync("mixed")]),
        "far": ("1,000 small files at 50 ms", "thousand", files("thousand"), [
            ferry("thousand", port=proxies["ferryd"].port),
            rsyncd and rsync("thousand", port=proxies["rsyncd"].port)]),
        "tiny": ("a file of 2 kB, from start to exit", "tiny", {}, [
            ferry("tiny"), curl("tiny", True), scp("tiny")]),
        "upload": ("2 GiB, encrypted, given to the server", "large", gibibytes, [
            Contestant("Ferry, TLS", ferryd.put("large"), ferryd),
            nginx and Contestant("curl → nginx, https", nginx.put("large"), nginx),
            rsyncd and Contestant("rsync daemon", rsyncd.put("large"), rsyncd)]),
        "upload-small": ("10,000 small files, given to the server", "small", files("small"), [
            Contestant("Ferry, TLS", ferryd.put("small"), ferryd),
            rsyncd and Contestant("rsync daemon", rsyncd.put("small"), rsyncd)]),
        "upload-far": (
            "1,000 small files at 50 ms, given to the server", "thousand", files("thousand"), [
                Contestant("Ferry, TLS", ferryd.put("thousand", proxies["ferryd"].port), ferryd),
                rsyncd and Contestant(
                    "rsync daemon", rsyncd.put("thousand", proxies["rsyncd"].port), rsyncd)]),
    }
    aims = AIMS_FEW_CORES if len(os.sched_getaffinity(0)) <= FEW_CORES else AIMS
    return {name: Contest(title, path, [one for one in those if one], aims.get(name, []), **work)
            for name, (title, path, work, those) in titles.items()}
