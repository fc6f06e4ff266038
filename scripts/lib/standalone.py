#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every file includes what it uses: each is parsed by clang as it is, without the precompiled headers
that hide a missing include from the builds.

    standalone.py BUILD JOBS    BUILD: a finished build (for its flags, and moc's files)
"""
import concurrent.futures
import json
import shlex
import subprocess
import sys
from pathlib import Path


def parsing(entry):
    """The command that only parses, and whether it left out a precompiled header."""
    words = iter(shlex.split(entry["command"])[1:])
    command, left_out = ["clang++", "-fsyntax-only"], False
    for word in words:
        if word == "-o":
            next(words)
        elif word == "-include":
            header = next(words)
            if Path(header).name == "cmake_pch.hxx":
                left_out = True
            else:
                command += [word, header]
        elif word != "-Winvalid-pch":
            command.append(word)
    return command, left_out


def parse(command, entry):
    done = subprocess.run(command, cwd=entry["directory"], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    return entry["file"], done.returncode, done.stdout.decode(errors="replace")


def main(build, jobs):
    build = Path(build).resolve()
    wanted = []
    for entry in json.loads((build / "compile_commands.json").read_text()):
        command, left_out = parsing(entry)
        if left_out and not Path(entry["file"]).is_relative_to(build):
            wanted.append((command, entry))
    if not wanted:
        sys.exit(f"{build} has no file with a precompiled header, or is not by gcc")
    faults = 0
    with concurrent.futures.ThreadPoolExecutor(int(jobs)) as pool:
        for file, status, said in pool.map(parse, *zip(*wanted)):
            if status != 0:
                faults += 1
                print(f"{file}:\n{said}", flush=True)
    print(f"{len(wanted)} files parsed on their own, {faults} with faults")
    return faults > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
