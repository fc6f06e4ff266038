# SPDX-License-Identifier: MIT
"""Every fuzz target for so many executions (10^7 by default), seeded as in ctest; a line per target
with executions, their rate, and what was found. New inputs and findings stay in build/gauntlet."""
import concurrent.futures
import json
import re
import subprocess
from pathlib import Path

LONG_SHARE = 50  # of so many executions, one has an input of up to LONG_BYTES
LONG_BYTES = 20000


def targets(build):
    """Name → command and seed folders, from what ctest replays."""
    listed = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"], check=True,
                            stdout=subprocess.PIPE)
    found = {}
    for test in json.loads(listed.stdout)["tests"]:
        name = test["name"].removesuffix("_seeds")
        if name.startswith("fuzz_") and name != test["name"]:
            command = test["command"]
            found[name] = command[0], [word for word in command[1:] if not word.startswith("-")]
    return found


def search(name, program, seeds, executions, length, folder):
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["nice", "-n", "19", program, f"-runs={executions}", f"-max_len={length}",
         "-rss_limit_mb=2048", "-timeout=25", "-print_final_stats=1",
         f"-artifact_prefix={folder}/finding-", folder, *seeds],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    said = done.stderr.decode(errors="replace")
    figures = dict(re.findall(r"stat::(\w+):\s+(\d+)", said))
    counted = int(figures.get("number_of_executed_units", 0))
    text = (f"{name}, inputs to {length} bytes: {counted:,} executions, "
            f"{int(figures.get('average_exec_per_sec', 0)):,} a second")
    if done.returncode != 0:
        text += f": FOUND (exit code {done.returncode}), see {folder}\n{said[-1500:]}"
    return counted, done.returncode == 0, text


def attack(name, program, seeds, executions, folder):
    long = max(1, executions // LONG_SHARE)
    results = [search(name, program, seeds, executions - long, 256, folder / name),
               search(name, program, seeds, long, LONG_BYTES, folder / f"{name}_long")]
    return sum(result[0] for result in results), all(result[1] for result in results), \
        "\n".join(result[2] for result in results)


def main(options, say):
    build = Path(options.programs).parent
    executions = int(options.amount or 1e7)
    failed = False
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        running = [pool.submit(attack, name, program, seeds, executions,
                               build.parent / "gauntlet" / "fuzz")
                   for name, (program, seeds) in targets(build).items()]
        for done in concurrent.futures.as_completed(running):
            counted, good, text = done.result()
            say(text)
            failed = failed or not good or counted < executions
    return 1 if failed or not running else 0
