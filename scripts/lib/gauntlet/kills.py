# SPDX-License-Identifier: MIT
"""SIGKILL at random moments: of the client by client_queue_programs::everyKillLosesNothing, which
counts the bytes that are fetched twice, and of the server here; of both sides of an upload by
uploadkills.py, and of one from the queue by queuekills.py."""
import os
import random
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import programs
import queuekills
import uploadkills
from programs import Broken

SIZES = {f"t/small{number}": 30_000 for number in range(100)} | \
        {f"t/large{number}": 3_000_000 for number in range(5)}
RATE = "15M"  # so that most kills fall into the transfer


def kill_servers(root, count, say):
    files = programs.make_tree(root / "share", SIZES)
    server = programs.Server(root / "server", root / "share",
                             more=["--limit-rate", RATE, "--history", "on"]).started()
    fingerprint, target, data = server.fingerprint, root / "target", root / "data"
    chance = random.Random(5)
    killed = rounds = cut = 0
    while killed < count:
        shutil.rmtree(target, ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)
        target.mkdir()
        rounds += 1
        for _ in range(8):
            client = subprocess.Popen(
                programs.get_command(server, target, data, ["/s/t"],
                                     ("-c", "--existing", "resume")),
                env=programs.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0.02, 0.25))
            server.kill()
            killed += 1
            try:
                code = client.wait(programs.PATIENCE)
            except subprocess.TimeoutExpired:
                client.kill()
                raise Broken("the client hangs after the server was killed") from None
            cut += code != 0
            if code not in programs.CLIENT_CODES:
                raise Broken(f"the client ends with {code}")
            if wrong := programs.wrong_files(target, files):
                raise Broken(f"wrong under a final name: {wrong}")
            server.started()
            if server.fingerprint != fingerprint:
                raise Broken("the server came back as another one")
        code, said = programs.run(programs.get_command(server, target, data, ["/s/t"],
                                                       ("-c", "--existing", "resume")))
        if code != 0:
            raise Broken(f"the last run ends with {code}: {said[-600:]}")
        if programs.wrong_files(target, files) or programs.missing_files(target, files):
            raise Broken("not all is there")
        if rest := programs.strangers_in(target, files):
            raise Broken(f"left behind: {rest}")
    if server.stop() != 0:
        raise Broken("ferryd does not end in order")
    say(f"{killed} kills of the server, {cut} of them in a transfer, in {rounds} rounds: each "
        "ended complete and verified")


def kill_clients(count, say):
    program = Path(programs.Programs.folder).parent / "tests" / "integration_client"
    done = subprocess.run([program, "client_queue_programs", "everyKillLosesNothing"], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False,
                          env=dict(os.environ, FERRY_TEST_KILLS=str(count),
                                   # Qt ends a test after five minutes; each kill takes about one second.
                                   QTEST_FUNCTION_TIMEOUT=str(300_000 + 10_000 * count),
                                   FERRY_BIN=str(programs.Programs.folder)))
    for line in done.stdout.decode(errors="replace").splitlines():
        if "kills:" in line:
            say("client: " + line.split(") ")[-1])
    if done.returncode != 0:
        raise Broken(done.stdout.decode(errors="replace")[-1500:])


def main(options, say):
    try:
        count = 8 if options.quick else int(options.amount or 400)
        with tempfile.TemporaryDirectory(prefix="ferry-gauntlet-") as root:
            kill_servers(Path(root), count, say)
        with tempfile.TemporaryDirectory(prefix="ferry-gauntlet-") as root:
            uploadkills.kill_uploads(Path(root), (count + 1) // 2, say)
        with tempfile.TemporaryDirectory(prefix="ferry-gauntlet-") as root:
            queuekills.kill_queues(Path(root), (count + 1) // 2, say)
        if not options.quick:  # among the tests it is one of its own
            kill_clients(int(options.amount or 400), say)
    except Broken as broken:
        say(f"BROKEN {broken}")
        return 1
    return 0
