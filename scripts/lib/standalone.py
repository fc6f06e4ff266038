#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every file includes what it uses: each is parsed by clang as it is, without the precompiled headers
that hide a missing include from the builds.

    standalone.py BUILD JOBS    BUILD: a finished build by clang (its flags, and moc's files)
"""
import concurrent.futures
import json
import re
import subprocess
import sys
from pathlib import Path

PRECOMPILED = re.compile(r" -Xclang -include-pch -Xclang \S+ -Xclang -include -Xclang \S+| -Winvalid-pch")
OBJECT = re.compile(r" -o (\S+)")
NOT_FOR_PARSING = re.compile(r" -o \S+| -fsanitize=\S+| -fno-sanitize-recover=\S+")


def parse(entry):
    command, found = PRECOMPILED.subn("", entry["command"])
    command = NOT_FOR_PARSING.sub("", command) + " -fsyntax-only"
    done = subprocess.run(command, shell=True, cwd=entry["directory"], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    return found > 0, entry["file"], done.returncode, done.stdout.decode(errors="replace")


def main(build, jobs):
    build = Path(build).resolve()
    entries = [e for e in json.loads((build / "compile_commands.json").read_text())
               if not Path(e["file"]).is_relative_to(build) and "-include-pch" in e["command"]
               and (build / OBJECT.search(e["command"])[1]).exists()]
    if not entries:
        sys.exit(f"{build} has no file with a precompiled header, or is not by clang")
    faults = 0
    with concurrent.futures.ThreadPoolExecutor(int(jobs)) as pool:
        for replaced, file, status, said in pool.map(parse, entries):
            if status != 0 or not replaced:
                faults += 1
                print(f"{file}:\n{said}", flush=True)
    print(f"{len(entries)} files parsed on their own, {faults} with faults")
    return faults > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
