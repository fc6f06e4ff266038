#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What comes with the programs says the same as the programs.

    service_files.py configuration TREE FERRYD    ferryd.conf has all options, and they are taken
    service_files.py units SERVICE SOCKET…        what systemd says of the units; 77 without systemd
    service_files.py version TREE                 everybody names the same version
    service_files.py needs TREE                   debian/control has what scripts/packages has
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
SETTING = re.compile(r"^#([a-z-]+) = (.+)$", re.MULTILINE)
# In tenths, as `systemd-analyze security` counts; the rest is for what a server cannot be without.
MOST_EXPOSURE = 15


def settings_in_help(ferryd):
    text = subprocess.run([ferryd, "--help"], capture_output=True, text=True, check=True, timeout=60).stdout
    return set(re.findall(r"^  --([a-z-]+) [^ ]", text, re.MULTILINE)) - {"config"}


def configuration_faults(tree, ferryd):
    text = pathlib.Path(tree, "resources/ferryd.conf").read_text(encoding="utf-8")
    named = [name for name, _ in SETTING.findall(text)]
    faults = [f"ferryd.conf lacks {name}" for name in settings_in_help(ferryd) - set(named)]
    faults += [f"ferryd.conf has {name} more than once" for name in set(named) if named.count(name) > 1]
    with tempfile.TemporaryDirectory() as folder:
        here = pathlib.Path(folder)
        for name in ("share", "team", "inbox"):
            (here / name).mkdir()
        for name in ("password", "classic"):
            (here / name).write_text("trampoline\n")
            (here / name).chmod(0o600)
        own = {"share": f"Public={here}/share", "share-add": f"Team={here}/team",
               "inbox": f"Inbox={here}/inbox", "listen": "127.0.0.1:0", "classic": "127.0.0.1:0",
               "password-file": f"{here}/password", "classic-password-file": f"{here}/classic",
               "data-dir": f"{here}/data", "log-file": f"{here}/log"}
        path = here / "ferryd.conf"
        path.write_text(SETTING.sub(lambda line: f"{line[1]} = {own.get(line[1], line[2])}", text))
        server = subprocess.Popen([ferryd, "--config", path, "--listen", "127.0.0.1:0", "--classic",
                                   "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        said = []
        while line := server.stdout.readline():
            said.append(line)
            if line == b"ready\n":
                break
        server.terminate()
        _, errors = server.communicate(timeout=60)
        if said[-1:] != [b"ready\n"]:
            faults.append(f"with all lines of ferryd.conf: {errors.decode()}")
    return faults


def units_faults(*units):
    if not shutil.which("systemd-analyze"):
        print("skipped: no systemd-analyze here")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        # A system that has the programs of the units, and the usual targets.
        root = pathlib.Path(folder)
        place = root / "lib/systemd/system"
        place.mkdir(parents=True)
        for target in ("basic", "multi-user", "network", "shutdown", "sockets", "sysinit"):
            (place / f"{target}.target").write_text("[Unit]\n")
        for unit in map(pathlib.Path, units):
            text = unit.read_text(encoding="utf-8")
            (place / unit.name).write_text(text)
            for program in re.findall(r"^Exec\w+=(\S+)", text, re.MULTILINE):
                (root / program[1:]).parent.mkdir(parents=True, exist_ok=True)
                (root / program[1:]).touch(mode=0o755)
        names = [pathlib.Path(unit).name for unit in units]
        verified = subprocess.run(["systemd-analyze", "verify", f"--root={root}", "--recursive-errors=no",
                                   "--man=no", *names], capture_output=True, text=True, check=False, timeout=60)
        faults = verified.stderr.splitlines()
        if verified.returncode and not faults:
            faults.append(f"systemd-analyze verify ended with {verified.returncode}")
    for unit in units:
        if not unit.endswith(".service"):
            continue
        judged = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager",
                                 f"--threshold={MOST_EXPOSURE}", unit],
                                capture_output=True, text=True, check=False, timeout=60)
        print((judged.stdout.splitlines() or [""])[-1])
        if judged.returncode:
            faults.append(f"{unit}: more exposed than {MOST_EXPOSURE / 10}: {judged.stderr}")
    return faults


def version_faults(tree):
    def found(name, pattern):
        text = pathlib.Path(tree, name).read_text(encoding="utf-8")
        match = re.search(pattern, text, re.MULTILINE)
        return match[1] if match else "no version"

    version = found("CMakeLists.txt", r"^project\(ferry VERSION (\S+)")
    places = {"debian/changelog": r"^ferry \((\S+?)\) "}
    for page in pathlib.Path(tree, "resources/man").glob("*.1"):
        places[f"resources/man/{page.name}"] = r'^\.TH .* "Ferry (\S+)"'
    for page in pathlib.Path(tree, "resources").glob("*.metainfo.xml"):
        places[f"resources/{page.name}"] = r'<release version="([^"]+)"'
    return [f"{name}: {found(name, pattern)}, not {version}" for name, pattern in places.items()
            if found(name, pattern) != version]


def needs_faults(tree):
    listed = pathlib.Path(tree, "scripts/packages").read_text(encoding="utf-8")
    wanted = set(re.findall(r"^build +(\S+)$", listed, re.MULTILINE)) - {"g++"}  # build-essential has it
    control = pathlib.Path(tree, "debian/control").read_text(encoding="utf-8")
    depends = re.search(r"^Build-Depends:(.*?)^\S", control, re.MULTILINE | re.DOTALL)[1]
    given = {entry.split()[0] for entry in depends.split(",")} - {
        "debhelper-compat", "dh-sequence-installsysusers"}
    return [f"debian/control lacks {name}" for name in wanted - given] + [
        f"the group build of scripts/packages lacks {name}" for name in given - wanted]


def main():
    check, *arguments = sys.argv[1:]
    faults = {"configuration": configuration_faults, "units": units_faults,
              "version": version_faults, "needs": needs_faults}[check](*arguments)
    print("\n".join(faults) or f"{check}: nothing found")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
