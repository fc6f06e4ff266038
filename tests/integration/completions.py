#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the shells offer is what the programs' --help lists. Each shell that is here is asked itself.

    completions.py BIN COMPLETIONS MANUALS SHELL    SHELL: bash, zsh, fish; 77 if it is not here
"""
import pathlib
import re
import shutil
import subprocess
import sys

SKIPPED = 77


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def options_in(help_text):
    """The rows of options, and what is in brackets in the usage."""
    rows = " ".join(re.findall(r"^  (-.*?)(?:  |$)", help_text, re.MULTILINE))
    usage = " ".join(re.findall(r"\[(-.*?)\]", help_text))
    return set(re.findall(r"(?<!\S)-{1,2}[A-Za-z0-9][\w-]*", rows + " " + usage))


def commands_in(help_text):
    """Of `ferry` and `ferry queue` as rows, of ferryd and its commands in the usage."""
    rows = re.findall(r"^  ([a-z]+) {2,}\S", help_text, re.MULTILINE)
    usage = re.search(r"^(?:usage:| ) +ferryd( \w+)?? (\w+(?: [A-Z]+)? \|[^.\[]*)", help_text, re.MULTILINE)
    if usage:
        rows += [choice.split()[0] for choice in usage[2].split("|")]
    return set(rows)


class Bash:
    @staticmethod
    def offered(completions, program, words):
        script = """source "$1"; shift
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
            compopt() { :; } # there is no line being typed
            read -r _ _ function _ < <(complete -p "$1")
            "$function"; printf '%s\\n' "${COMPREPLY[@]}" """
        return run("bash", "--norc", "-c", script, "bash", completions / "bash" / program, program,
                   *words).split()


class Zsh:
    """The specifications as zsh reads them; _arguments would ask for a line being typed."""
    @staticmethod
    def offered(completions, program, words):
        script = """_arguments() { print -rl -- "$@" }
            file=$1; shift; words=("$@"); CURRENT=$#; source $file"""
        found = []
        for spec in run("zsh", "-f", "-c", script, "zsh", completions / "zsh" / f"_{program}", program,
                        *words).splitlines():
            option = re.match(r"\*(-[\w-]+)", spec)
            choices = re.match(r"1:command:\((.*)\)", spec)
            found += [option[1]] if option else choices[1].split() if choices else []
        return [name for name in found if name.startswith("-") == (words[-1] == "-")]


class Fish:
    @staticmethod
    def offered(completions, program, words):
        # For one dash alone it lists both kinds, for two the long ones.
        line = " ".join([program, *words])
        script = f"set fish_complete_path; source $argv[1]; complete -C '{line}'"
        text = run("fish", "--no-config", "-c", script, completions / "fish" / f"{program}.fish")
        return [row.split("\t")[0] for row in text.splitlines()]


def faults_of(shell, binaries, completions, manuals):
    faults = []
    asked = 0
    for program in ("ferry", "ferryd", "ferry-client", "ferry-server"):
        if not (binaries / program).exists():
            continue
        manual = (manuals / f"{program}.1").read_text(encoding="utf-8").replace("\\-", "-")
        top = run(binaries / program, "--help")
        for command in ["", *sorted(commands_in(top))]:
            words = [command] if command else []
            help_text = run(binaries / program, *words, "--help")
            for typed, wanted in (("-", options_in(help_text)), ("", commands_in(help_text))):
                offered = set(shell.offered(completions, program, [*words, typed]))
                where = " ".join([program, *words, typed])
                if not wanted <= offered:
                    faults.append(f"{where}: not offered: {' '.join(sorted(wanted - offered))}")
                faults += [f"{where}: the manual does not have {name}" for name in offered
                           if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", manual)]
                asked += len(wanted)
    if asked < 60:
        faults.append(f"only {asked} options and commands were found in --help")
    return faults


def control_faults():
    """That the help is read as it is meant."""
    help_text = ("usage: ferryd --share DIR ... [options]\n       ferryd account | ban ... (--help)\n"
                 "  -d DIR, --long F   as in --none\n  --wide VALUE\n                 more\n")
    faults = []
    if options_in(help_text) != {"-d", "--long", "--wide"}:
        faults.append(f"options: {options_in(help_text)}")
    if commands_in(help_text) != {"account", "ban"}:
        faults.append(f"commands: {commands_in(help_text)}")
    usage = "usage: ferryd ban list | add ADDR | remove ADDR [--data-dir D]\nBlocked.\n"
    if commands_in(usage) != {"list", "add", "remove"} or options_in(usage) != {"--data-dir"}:
        faults.append(f"usage: {commands_in(usage)} {options_in(usage)}")
    return faults


def main():
    binaries, completions, manuals = map(pathlib.Path, sys.argv[1:4])
    shells = {"bash": Bash, "zsh": Zsh, "fish": Fish}
    if not shutil.which(sys.argv[4]):
        print(f"skipped: no {sys.argv[4]} here")
        return SKIPPED
    faults = control_faults() + faults_of(shells[sys.argv[4]], binaries, completions, manuals)
    print("\n".join(faults) or "nothing found")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
