#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A file includes what it uses. The precompiled headers (cmake/FerryPrecompiled.cmake) hide it when it
does not, until somebody builds without them; a compiler that parses each file alone takes minutes.

    used_headers.py TREE QT_HEADERS CXX    what each file names is in what it includes, however indirectly
    used_headers.py control QT_HEADERS CXX that this does find a missing include

Looked at are Qt's classes that have a header of their name, and names of namespace std; the preprocessor's
conditions are not. CXX: the compiler, asked where its headers are.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

from tree_rules import tracked

INCLUDE = re.compile(r'^[ \t]*#[ \t]*(?:include|include_next)[ \t]*(["<])([^">]+)[">]', re.MULTILINE)
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
NO_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)+\'', re.DOTALL)
QT_NAME = re.compile(r"\bQ[A-Z]\w+")
STD_NAME = re.compile(r"\bstd::(\w+)")
DECLARED = re.compile(r"\b(?:class|struct)\s+(Q\w+)\s*;")
WORD = re.compile(r"\w+")


class Headers:
    """Where files lie that are included, and what is in them. Files are strings: a set of them is quick."""

    def __init__(self, roots, qt_headers, compiler):
        said = subprocess.run([compiler, "-xc++", "-E", "-v", "/dev/null"], capture_output=True,
                              text=True, check=True).stderr
        listed = said[said.index("#include <...>"):said.index("End of search")].splitlines()[1:]
        qt_modules = [each.path for each in os.scandir(qt_headers) if each.is_dir()]
        self._own = tuple(f"{root}/" for root in roots)
        self._folders = [*roots, *qt_modules, qt_headers, *(line.strip() for line in listed)]
        self._texts, self._codes, self._includes = {}, {}, {}
        self._found, self._words, self._qt = {}, {}, {}

    def text(self, path):
        if path not in self._texts:
            self._texts[path] = pathlib.Path(path).read_text(encoding="utf-8", errors="replace")
        return self._texts[path]

    def code(self, path):
        if path not in self._codes:
            self._codes[path] = INCLUDE.sub("", NO_CODE.sub(" ", self.text(path)))
        return self._codes[path]

    def find(self, name, beside=None):
        """The file that `#include "name"` or <name> means; None: not of this machine, or generated."""
        key = (name, beside)
        if key not in self._found:
            folders = [beside, *self._folders] if beside else self._folders
            paths = (f"{folder}/{name}" for folder in folders)
            self._found[key] = next((path for path in paths if os.path.isfile(path)), None)
        return self._found[key]

    def is_own(self, path):
        return path.startswith(self._own)

    def includes(self, path):
        if path not in self._includes:
            folder = os.path.dirname(path)
            found = (self.find(name, folder) for _, name in INCLUDE.findall(self.text(path)))
            self._includes[path] = [each for each in found if each]
        return self._includes[path]

    def reached(self, path):
        """All that is included by it, however indirectly."""
        reached, ahead = set(), [path]
        while ahead:
            for each in self.includes(ahead.pop()):
                if each not in reached:
                    reached.add(each)
                    ahead.append(each)
        return reached

    def words(self, path):
        if path not in self._words:
            self._words[path] = set(WORD.findall(COMMENT.sub("", self.text(path))))
        return self._words[path]

    def of_class(self, name):
        """The header that has Qt's class: <QString> only forwards to qstring.h."""
        if name not in self._qt:
            forward = self.find(name)
            self._qt[name] = self.includes(forward) if forward else []
        return self._qt[name]


def faults_of(path, headers):
    code = headers.code(path)
    reached = headers.reached(path)
    own = [each for each in reached if headers.is_own(each)] + [path]
    declared = {name for each in own for name in DECLARED.findall(headers.code(each))}
    for name in sorted(set(QT_NAME.findall(code)) - declared):
        having = headers.of_class(name)
        if having and not reached.intersection(having):
            yield f"{name}: <{name}> is missing"
    system = [each for each in reached if not headers.is_own(each)]
    for name in sorted(set(STD_NAME.findall(code))):
        if not any(name in headers.words(each) for each in system):
            yield f"std::{name}: its header is missing"


def faults(tree, qt_headers, compiler):
    roots = [os.path.join(os.path.realpath(tree), name) for name in ("libproto", "apps", "tests")]
    headers = Headers(roots, qt_headers, compiler)
    files = [str(path) for path in tracked(os.path.realpath(tree), "*.h", "*.cpp")]
    return [f"{os.path.relpath(path, tree)}: {fault}" for path in files for fault in faults_of(path, headers)] + (
        [] if files else [f"no sources in {tree}"])


def control_faults(qt_headers, compiler):
    """What is expected, and only that, is found in each of these."""
    expected = [
        ("QString a();", ["QString: <QString> is missing"]),
        ("#include <QString>\nQString a(QByteArray);", []),  # qstring.h has the other one, too
        ("#include <QWidget>\nQLabel *a(QWidget *);", ["QLabel: <QLabel> is missing"]),
        ("class QLabel;\nQLabel *a();", []),
        ("// QLabel\nconst char *a = \"QLabel\";", []),
        ("#include <cstddef>\nstd::deque<int> a;", ["std::deque: its header is missing"]),
        ("#include <deque>\nstd::deque<int> a;", []),
    ]
    wrong = []
    for text, faulty in expected:
        with tempfile.TemporaryDirectory() as tree:
            path = pathlib.Path(tree, "libproto", "a.cpp")
            path.parent.mkdir()
            path.write_text(text, encoding="utf-8")
            found = faults(tree, qt_headers, compiler)
            if found != [f"libproto/a.cpp: {each}" for each in faulty]:
                wrong.append(f"{text!r}: {found}")
    return wrong


def main(what, *arguments):
    found = control_faults(*arguments) if what == "control" else faults(what, *arguments)
    print("\n".join(found) or "nothing found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
