# SPDX-License-Identifier: MIT
"""The figures as text: on the terminal as they come, and as docs/BENCHMARKS.md."""
import os
import platform
import re
from pathlib import Path

import measure


def machine():
    """What matters of the machine, without its name."""
    info = Path("/proc/cpuinfo").read_text().splitlines()

    def first(key):
        return next((line.split(":", 1)[1].strip() for line in info if line.startswith(key)), "?")

    flags = set(first("flags").split())
    memory = next(int(line.split()[1]) for line in Path("/proc/meminfo").read_text().splitlines()
                  if line.startswith("MemTotal:"))
    wanted = ["aes", "vaes", "vpclmulqdq", "avx2", "avx512f", "sha_ni"]
    return [f"{len(os.sched_getaffinity(0))} cores of {first('model name')}",
            f"{memory / (1 << 20):.0f} GiB of memory; source and target are files in memory",
            "instructions: " + ", ".join(flag if flag in flags else f"no {flag}"
                                         for flag in wanted),
            f"{platform.system()} {platform.release().split('-')[0]}, loopback interface"]


def table(contest):
    first = contest.contestants[0]
    base = measure.median(first.samples, "seconds")
    # What it costs does not depend on what else the machine does, as the time does.
    per = f" | CPU s per {contest.per}" if contest.per else ""
    lines = [f"### {contest.title}", "",
             f"| {len(first.samples)} rounds | median s | from – to | Ferry / this | CPU s client "
             f"| server | both | Ferry / this{per} | peak MiB client | server |",
             "|---|---|---|---|---|---|---|---|---|---|" + ("---|" if per else "")]
    for one in contest.contestants:
        if not one.samples:
            continue

        def middle(field):
            return measure.median(one.samples, field)

        least, most = measure.spread(one.samples)
        both = middle("both_cpu")
        ratio = f"{measure.median(first.samples, 'both_cpu') / both:.2f}" if both else ""
        cells = [one.name, f"{middle('seconds'):.2f}", f"{least:.2f} – {most:.2f}",
                 f"{base / middle('seconds'):.2f}", f"{middle('client_cpu'):.2f}",
                 f"{middle('server_cpu'):.2f}" if one.server else "", f"{both:.2f}", ratio]
        if contest.per:
            cells.append(f"{both / contest.amount:.3f}")
        cells += [f"{middle('client_peak') / 1024:.0f}",
                  f"{middle('server_peak') / 1024:.0f}" if one.server else ""]
        lines.append("| " + " | ".join(cells) + " |")
    return lines + [""]


def verdict(ratio, must, aim):
    if ratio <= aim:
        return "aim reached"
    return "must reached" if ratio <= must else "**missed**"


# What an aim is about, behind the title of its contest.
WORDS = {"seconds": "", "server_cpu": ", server CPU", "both_cpu": ", CPU of both ends"}


def aims(contests):
    lines = ["| what | against | measured ratio | must | aim | |", "|---|---|---|---|---|---|"]
    for contest in contests:
        first = contest.contestants[0]
        for aim in contest.aims:
            other = next((one for one in contest.contestants if one.name == aim.against), None)
            what = contest.title + WORDS[aim.field]
            if not other or not other.samples or not first.samples:
                lines.append(f"| {what} | {aim.against} | not measured | | | |")
                continue
            divisor = measure.median(other.samples, aim.field)
            ratio = measure.median(first.samples, aim.field) / divisor if divisor else 0.0
            lines.append(f"| {what} | {aim.against} | {ratio:.2f} | ≤ {aim.must:.2f} "
                         f"| ≤ {aim.aim:.2f} | {verdict(ratio, aim.must, aim.aim)} |")
    return lines


def fairness(held):
    """The line of the table of aims about clients that share the server."""
    for line in held:
        if match := re.match(r"(\d+) clients at once .* ratio ([\d.]+);", line):
            ratio = float(match[2])
            return [f"| {match[1]} clients at once, the fastest | the slowest | {ratio:.2f} "
                    f"| ≤ 1.50 | ≤ 1.20 | {verdict(ratio, 1.5, 1.2)} |"]
    return []


def write(path, lines):
    Path(path).write_text("\n".join(lines) + "\n")
