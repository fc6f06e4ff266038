# SPDX-License-Identifier: MIT
"""One command, measured: time, processor seconds and peak memory of both ends."""
import os
import statistics
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Sample:
    seconds: float
    client_cpu: float = 0.0
    client_peak: int = 0  # KiB
    server_cpu: float = 0.0
    server_peak: int = 0  # KiB

    @property
    def both_cpu(self):
        """Firmer than the time where something else runs on the machine, too."""
        return self.client_cpu + self.server_cpu


def family(pid):
    """The process and everything below it."""
    found, todo = [], [pid]
    children = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            children.setdefault(parent, []).append(int(entry.name))
    while todo:
        one = todo.pop()
        found.append(one)
        todo += children.get(one, [])
    return found


def cpu_seconds(pid):
    """Of the process, what lives below it, and what ended below it."""
    total = 0
    for one in family(pid):
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += sum(int(field) for field in fields[11:15])
    return total / TICK


def peak_memory(pid):
    """KiB, of all processes of the server together."""
    total = 0
    for one in family(pid):
        try:
            status = Path(f"/proc/{one}/status").read_text()
        except OSError:
            continue
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                total += int(line.split()[1])
    return total


def wait_with_usage(process):
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage


def run(command, server=None, environment=None):
    """A Sample of one run. CalledProcessError if it fails."""
    # The kernel counts a new process's peak from that of the one that started it, and Python is
    # larger than most clients; time(1) is small.
    with tempfile.NamedTemporaryFile("r") as peak:
        return run_below_time(["time", "-q", "-f", "%M", "-o", peak.name, *command], peak, server,
                              environment)


def run_below_time(command, peak, server, environment):
    pid = server.process.pid if server else None
    before = cpu_seconds(pid) if pid else 0.0
    began = time.monotonic()
    process = subprocess.Popen(
        [str(word) for word in command], env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    usage = wait_with_usage(process)
    seconds = time.monotonic() - began
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command, stderr=errors)
    return Sample(seconds, usage.ru_utime + usage.ru_stime, int(peak.read()),
                  cpu_seconds(pid) - before if pid else 0.0, peak_memory(pid) if pid else 0)


def run_together(commands, environment=None):
    """Seconds that each of the commands took, all started at once."""
    seconds = [0.0] * len(commands)
    failed = []

    def one(index):
        began = time.monotonic()
        done = subprocess.run(
            [str(word) for word in commands[index]], env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        seconds[index] = time.monotonic() - began
        if done.returncode != 0:
            failed.append(done.stderr.decode(errors="replace"))

    threads = [threading.Thread(target=one, args=(index,)) for index in range(len(commands))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise RuntimeError(failed[0])
    return seconds


def median(samples, field):
    return statistics.median(getattr(sample, field) for sample in samples)


def spread(samples):
    values = [sample.seconds for sample in samples]
    return min(values), max(values)
