# SPDX-License-Identifier: MIT
"""What is compared with what. Every round runs the contestants one after the other, so that what
the machine does besides falls on all of them; what was fetched is compared outside the time."""
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import measure


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
    for number in range(rounds + 1):
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

    def only(*those):
        return [one for one in those if one]

    large = Contest("2 GiB, encrypted", "large", only(
        ferry("large"),
        nginx and Contestant("nginx → curl, https", nginx.get("large", target, True), nginx),
        nginx and Contestant("nginx → curl, http", nginx.get("large", target, False), nginx),
        rsyncd and Contestant("rsync daemon", rsyncd.get("large", target), rsyncd),
        sshd and Contestant("scp", sshd.get("large", target), sshd)),
        [Aim("nginx → curl, https", 0.50, 0.35), Aim("nginx → curl, http", 1.0, 1.0),
         Aim("nginx → curl, https", 1.2, 0.9, "server_cpu")])
    plain = Contest("2 GiB, unencrypted", "large", only(
        Contestant("Ferry, classic", ferryd.get_classic("large", target), ferryd),
        copy("large"),
        nginx and Contestant("nginx → curl, http", nginx.get("large", target, False), nginx),
        vsftpd and Contestant("vsftpd → curl", vsftpd.get("large", target), vsftpd)),
        [Aim("nginx → curl, http", 0.75, 0.60), Aim("cp", 1.6, 1.25)])
    small = Contest("10,000 small files", "small", only(
        ferry("small"), copy("small"),
        rsyncd and Contestant("rsync daemon", rsyncd.get("small", target), rsyncd),
        nginx and Contestant("nginx → curl ×8, https", nginx.get_many(
            [f"small/{name}" for name in names["small"]], target, True), nginx)),
        [Aim("rsync daemon", 1.0, 0.6), Aim("cp", 3.0, 1.8)])
    mixed = Contest("mixed tree", "mixed", only(
        ferry("mixed"), copy("mixed"),
        rsyncd and Contestant("rsync daemon", rsyncd.get("mixed", target), rsyncd)))
    far = Contest("1,000 small files at 50 ms", "thousand", only(
        ferry("thousand", port=proxies["ferryd"].port),
        rsyncd and Contestant("rsync daemon", rsyncd.get(
            "thousand", target, proxies["rsyncd"].port), rsyncd)),
        [Aim("rsync daemon", 1.2, 0.8)])
    return {"large": large, "plain": plain, "small": small, "mixed": mixed, "far": far}
