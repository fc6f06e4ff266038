# SPDX-License-Identifier: MIT
"""A bad line between ferry and ferryd: tests/support/delayproxy.py flips a bit or resets the
connection at one place after the other, in both directions and dialects, and cuts, delays and slows
what passes. Whatever has its final name over TLS is what the server has; nobody hangs; the server
gives back what it held; and the next run, over a good line, finishes what is missing."""
import collections
import concurrent.futures
import itertools
import queue
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import faults
import programs
from programs import Broken

PROXY = Path(__file__).resolve().parents[3] / "tests" / "support" / "delayproxy.py"
# Enough for several connections to one file, and for small ones before and behind it.
SIZES = {"t/large": 9_000_000, "t/small": 1000, "t/empty": 0, "t/sub/other": 70_000}
# The handshake, the login and the first requests and replies are within these bytes.
DENSE = 5000
# A line that breaks nothing, but takes its time.
SLOW = [("--slice", 1), ("--slice", 2), ("--slice", 7), ("--slice", 1460, "--delay", 1),
        ("--delay", 60), ("--rate", 300_000), ("--rate", 40_000, "--slice", 100)]


class Line:
    """The proxy before one port of a server; for programs.get_command it is that server."""

    listen = "127.0.0.1"

    def __init__(self, server, classic, options):
        self.fingerprint = server.fingerprint
        self.process = subprocess.Popen(
            [sys.executable, str(PROXY), str(server.classic_port if classic else server.port),
             *map(str, options)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        words = self.process.stdout.readline().split()
        if words[:1] != ["listening"]:
            raise Broken("the proxy did not start")
        self.port = self.classic_port = int(words[1])

    def close(self):
        """The most bytes that one connection took from the client and from the server."""
        self.process.send_signal(signal.SIGTERM)
        said, _ = self.process.communicate(timeout=programs.PATIENCE)
        return dict(zip(("client", "server"), map(int, said.split()[1:])))


def fetch(place, base, classic, paths, options):
    """Code of `ferry get` over such a line, and what passed."""
    line = Line(place.server, classic, options)
    make = programs.classic_command if classic else programs.get_command
    try:
        code, said = programs.run(make(line, base / "target", base / "data", paths,
                                       ("--timeout", "10")))
    finally:
        passed = line.close()
    if code not in programs.CLIENT_CODES:
        raise Broken(f"exit code {code}: {said[-500:]}")
    if not place.server.alive:
        raise Broken(f"ferryd ended: {place.server.log_tail()}")
    return code, passed


def whole(classic):
    """What a run asks for."""
    return ["/s/t/large", "/s/t/small"] if classic else ["/s/t"]


def rest(place):
    if not programs.wait_until(lambda: faults.at_rest(place)):
        raise Broken(f"the server held {place.baseline} and now {faults.quiet_server(place)}")


def broken_line(place, classic, how, side, where):
    base = place.fresh()
    code, _ = fetch(place, base, classic, whole(classic), (f"--{how}-at", where, "--breaks", side))
    # In the classic dialect nobody can tell a flipped bit; a content that is cut short they can.
    if not (classic and how == "flip"):
        place.check_files(base, classic)
    if code == 0 and not classic:
        place.check_complete(base)
    asked = {"large", "small"} if classic else place.files
    if strange := [name for name in programs.strangers_in(base / "target", asked)
                   if re.sub(r"\.[0-9a-f]{8}(-\d+)?\.part$", "", name) not in asked]:
        raise Broken(f"nobody asked for {strange}")
    if not classic:
        place.follow_up(base)
    rest(place)
    shutil.rmtree(base)
    return "went well all the same" if code == 0 else "noticed"


def slow_line(place, classic, options):
    base = place.fresh()
    code, _ = fetch(place, base, classic, ["/s/t/small", "/s/t/sub/other"], options)
    if code != 0:
        raise Broken(f"exit code {code} though nothing was broken")
    place.check_files(base, classic)
    rest(place)
    shutil.rmtree(base)
    return "survived"


def places_of(total, count, chance):
    """Half of them early, where every byte means something, the rest anywhere."""
    early = min(DENSE, total)
    step = max(1, 2 * early // count)
    late = sorted(chance.sample(range(early, total), min(count // 2, total - early)))
    return [*range(0, early, step), *late]


def points_of(place, count):
    """(name, what to call) for all points."""
    chance = random.Random(3)
    for classic, how in itertools.product((False, True), ("flip", "reset")):
        code, passed = fetch(place, place.fresh(), classic, whole(classic), ())
        if code != 0:
            raise Broken(f"nothing was broken, and ferry ends with {code}")
        dialect = "classic" if classic else "TLS"
        for side in ("server", "client"):
            for where in places_of(passed[side], count, chance):
                yield (f"{dialect} {how} {side}", f"{where}",
                       lambda place, point=(classic, how, side, where): broken_line(place, *point))
    for classic, options in itertools.product((False, True), SLOW):
        yield ("slow", f"{'classic' if classic else 'TLS'} {options}",
               lambda place, point=(classic, options): slow_line(place, *point))


def attack(root, options, say):
    places = queue.SimpleQueue()
    opened = []
    for number in range(options.jobs):
        place = faults.Place(root, number, SIZES)
        opened.append(place)
        place.baseline = faults.settled(place)
        places.put(place)
    points = list(points_of(opened[0], 4 if options.quick else int(options.amount or 200)))
    say(f"{len(points)} lines")

    def attempt(point):
        kind, where, call = point
        place = places.get()
        try:
            return kind, call(place)
        except Broken as broken:
            say(f"BROKEN {kind} {where}: {broken}")
            return kind, "BROKEN"
        finally:
            places.put(place)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = collections.Counter(pool.map(attempt, points))
    for place in opened:
        place.close()
    for (kind, result), number in sorted(results.items()):
        say(f"{kind}: {number} {result}")
    wrong = sum(number for (_, result), number in results.items() if result == "BROKEN")
    say(f"{len(points)} bad lines, {wrong} broke a promise")
    return 1 if wrong or not any(result == "noticed" for _, result in results) else 0


def main(options, say):
    with tempfile.TemporaryDirectory(prefix="ferry-gauntlet-") as root:
        return attack(root, options, say)
