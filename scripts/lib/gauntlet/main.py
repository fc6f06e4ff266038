# SPDX-License-Identifier: MIT
"""Attacks Ferry's promises, one way after the other. Started by scripts/gauntlet and by ctest."""
import argparse
import importlib
import os
import sys
from pathlib import Path

sys.dont_write_bytecode = True
import programs

NAMES = {
    "faults": "every failing system call",
    "windows": "every failing system call of the two windows",
    "disks": "disks that fill, are read-only, lose power",
    "line": "bits flipped, connections reset, bytes delayed on the way",
    "kills": "SIGKILL of client and server at random moments",
    "load": "hostile sockets, and an honest user meanwhile",
    "people": "a thousand who wait for news, and a flood of messages",
    "fuzz": "every parser, 10^7 executions",
    "soak": "mixed load and faults for a long time",
}


def say(text):
    print(text, flush=True)


def main():
    parser = argparse.ArgumentParser(prog="scripts/gauntlet", description=__doc__.split("\n", 1)[0])
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("amount", nargs="?", type=float, help="minutes of soak, number of kills")
    parser.add_argument("--quick", action="store_true", help="a sample, in seconds")
    parser.add_argument("--jobs", type=int, default=max(1, (os.cpu_count() or 2) - 1))
    parser.add_argument("--side", action="append", choices=("client", "server", "start", "client-start", "server-start"))
    parser.add_argument("--call", action="append", help="only this system call")
    parser.add_argument("--programs", required=True, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    programs.Programs.folder = options.programs
    return importlib.import_module(options.name).main(options, say)


sys.exit(main())
