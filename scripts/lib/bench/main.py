# SPDX-License-Identifier: MIT
"""Measures Ferry side by side with the tools that people use. Started by scripts/bench."""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
import contests
import data
import measure
import peers
import report

# With what a quick run gives them: rows; sessions, transfers, flooders, seconds, lines per second.
WINDOWS = {"bench_clientwindow": ["5000"],
           "bench_serverwindow": ["100", "5", "4", "2", "20000"]}
FREE_NEEDED = 8 << 30  # bytes of /dev/shm: the files, and twice what is fetched


def say(text):
    print(text, flush=True)


def start_peers(folder, root):
    started, skipped = {}, []
    for kind in (peers.Ferryd, peers.Nginx, peers.Rsyncd, peers.Vsftpd, peers.Sshd):
        try:
            started[kind.name] = kind(folder, root)
        except (peers.Unavailable, subprocess.CalledProcessError, OSError) as error:
            if kind is peers.Ferryd:
                raise
            skipped.append(f"{kind.name}: {error}")
    return started, skipped


def start_proxies(folder, started, source):
    ports = {name: started[name].port for name in ("ferryd", "rsyncd") if name in started}
    script = source / "tests" / "support" / "delayproxy.py"
    return {name: peers.DelayProxy(folder, script, port, 25) for name, port in ports.items()}


def together(ferryd, target, clients, environment):
    """Bytes per second that so many clients at once got, each a program of its own."""
    size = data.size_of(ferryd.root / "client")
    shutil.rmtree(target, ignore_errors=True)
    folders = [Path(target) / str(index) for index in range(clients)]
    for folder in folders:
        os.makedirs(folder)
    seconds = measure.run_together(
        [ferryd.get("client", folder, options=("-j", "1")) for folder in folders], environment)
    for folder in folders:
        if not contests.same(ferryd.root / "client", folder / "client"):
            raise RuntimeError("what a client fetched is not what is there")
    shutil.rmtree(target, ignore_errors=True)
    return clients * size / max(seconds)


def limited(ferryd, target, environment, options=()):
    """Bytes per second, from the start of the client to its end."""
    size = data.size_of(ferryd.root / "limited")
    shutil.rmtree(target, ignore_errors=True)
    os.makedirs(target)
    sample = measure.run(ferryd.get("limited", target, options=options), ferryd, environment)
    shutil.rmtree(target, ignore_errors=True)
    return size / sample.seconds


def measure_limits(folder, started, target, environment):
    """A line for a limit of the client and one for the server's; that ferryd is a new one then."""
    limit = 40_000_000
    lines = []

    def note(whose, rate):
        lines.extend([f"{whose} limited to {limit / 1e6:.0f} MB/s: {rate / 1e6:.2f} MB/s, start of "
                      "the client and login included.", ""])
        say(lines[-2])

    note("Client", limited(started["ferryd"], target, environment, ("--limit-rate", limit)))
    started["ferryd"].stop()
    peers.Ferryd.more = ("--limit-rate", limit)
    shutil.rmtree(folder / "ferryd")
    started["ferryd"] = peers.Ferryd(folder, started["ferryd"].root)
    note("Server", limited(started["ferryd"], target, environment))
    return lines


def run_program(path, arguments):
    done = subprocess.run([path, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=dict(os.environ, QT_QPA_PLATFORM="offscreen"), check=False)
    text = done.stdout.decode(errors="replace").strip()
    if done.returncode != 0:
        return [f"{Path(path).name} failed: {done.stderr.decode(errors='replace').strip()}"]
    return text.splitlines()


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--quick", action="store_true",
                        help="a sixteenth of the data and two rounds: does it all work?")
    parser.add_argument("--only", action="append", metavar="NAME",
                        help="large, plain, small, mixed, far, tiny, upload, upload-small, "
                             "upload-far, clients, limit, "
                             "sessions, windows, micro")
    parser.add_argument("--write", action="store_true", help="write docs/BENCHMARKS.md")
    parser.add_argument("--source", required=True, type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--build", required=True, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    rounds = 2 if options.quick else options.rounds
    wanted = lambda name: not options.only or name in options.only

    memory = Path("/dev/shm")
    if shutil.disk_usage(memory).free < FREE_NEEDED:
        sys.exit("scripts/bench needs 8 GiB free in /dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="ferry-bench-", dir=memory))
    started, proxies = {}, {}
    peers.Ferryd.programs = options.build / "bin"
    environment = dict(os.environ, FERRY_PASSWORD=peers.Ferryd.password)
    lines = ["# Benchmarks", "",
             "Written by `scripts/bench --write`. Every round runs the contestants one after the "
             "other; medians count, and only ratios within one run mean anything. Ferry verifies "
             "every file by checksum and gives it its final name after a sync; the others do not. "
             "Where the time goes: [decision 0017](decisions/0017-where-the-time-goes.md).",
             "", "The machine:", ""] + [f"- {line}" for line in report.machine()] + [""]
    try:
        folder.chmod(0o755)
        root, target = folder / "files", folder / "target"
        say("Making files")
        root.mkdir(mode=0o755)
        names = data.make(root, options.quick)
        started, skipped = start_peers(folder, root)
        for reason in skipped:
            say(f"skipped: {reason}")
            lines += [f"Not compared: {reason}.", ""]
        proxies = start_proxies(folder, started, options.source)
        done = []
        for name, contest in contests.contests(started, names, target, proxies).items():
            if wanted(name):
                contests.run_contest(contest, root, target, rounds, environment, say)
                done.append(contest)
        summary = report.aims(done)
        ferryd = started["ferryd"]
        if wanted("clients"):
            for clients in (1, 50):
                rates = [together(ferryd, target, clients, environment) for _ in range(rounds)]
                rate = sorted(rates)[len(rates) // 2]
                lines += [f"{clients} client{'s' if clients > 1 else ''} at once, 40 MiB each, from "
                          f"start to exit: {rate / 1e9:.2f} GB/s together.", ""]
                say(lines[-2])
        if wanted("limit"):
            lines += measure_limits(folder, started, target, environment)
        held = []
        if wanted("sessions"):
            held = run_program(options.build / "benchmarks" / "holdsessions",
                               ["--quick"] if options.quick else [])
            summary += report.fairness(held)
        lines += ["## Against the aims", ""] + summary + ["", "## Figures", ""]
        for contest in done:
            lines += report.table(contest)
        if held:
            lines += ["### Sessions", ""] + [f"- {line}" for line in held] + [""]
        if wanted("windows"):
            lines += ["### Windows", "", "```"]
            for program, few in WINDOWS.items():
                lines += run_program(options.build / "benchmarks" / program,
                                     few if options.quick else [])
            lines += ["```", ""]
        if wanted("micro"):
            lines += ["### Small pieces", "", "```"]
            for name in ("bench_codec", "bench_checksum", "bench_listing", "bench_queue"):
                lines += [line for line in run_program(options.build / "benchmarks" / name, [])
                          if "RESULT" in line or "per iteration" in line or "failed" in line]
            lines += ["```", ""]
        say("\n".join(lines))
        if options.write:
            report.write(options.source / "docs" / "BENCHMARKS.md", lines)
    finally:
        for one in [*proxies.values(), *started.values()]:
            one.stop()
        shutil.rmtree(folder, ignore_errors=True)


main()
