#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The rules of the tree that a compiler does not check (docs/ARCHITECTURE.md).

    tree_rules.py includes TREE QT_HEADERS    who may include whom
    tree_rules.py rooms TREE                  no circle between a layer's folders
    tree_rules.py sources TREE                first line, length, no path of somebody's machine
    tree_rules.py ports TREE                  tests listen on loopback, at ports of the system's
    tree_rules.py tests TREE                  what test files hide from each other
    tree_rules.py words TREE                  what is counted has a singular and a plural
    tree_rules.py docs TREE                   every lock is in docs/THREADS.md, links lead somewhere
    tree_rules.py format TREE                 clang-format; skipped (77) without version 14
    tree_rules.py control QT_HEADERS          that each rule does find what breaks it
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from xml.etree import ElementTree

SKIPPED = 77

# Folder below the top -> the folders of quoted includes it may name, and the Qt modules.
LAYERS = {
    "libproto/wire": ({"wire"}, {"QtCore"}),
    "libproto/net": ({"wire", "net"}, {"QtCore", "QtNetwork", "QtSql"}),
    "libproto/server": ({"wire", "net", "server"}, {"QtCore", "QtNetwork", "QtSql"}),
    "libproto/client": ({"wire", "net", "client"}, {"QtCore", "QtNetwork", "QtSql"}),
    "apps/common": ({"wire", "net", "common"}, {"QtCore"}),
    "apps/server-cli": ({"wire", "net", "server", "common", "server-cli"}, {"QtCore", "QtNetwork"}),
    "apps/client-cli": ({"wire", "net", "client", "common", "client-cli"}, {"QtCore", "QtNetwork"}),
    "apps/gui-common": ({"wire", "net", "common", "gui-common"}, None),
    "apps/server-gui": ({"wire", "net", "server", "common", "gui-common", "server-gui"}, None),
    "apps/client-gui": ({"wire", "net", "client", "common", "gui-common", "client-gui"}, None),
}

# wire works on values: no socket, file, clock, random number, thread or QObject.
NOT_IN_WIRE = re.compile(
    r"Q(Object|File.*|Dir.*|SaveFile|IODevice.*|Timer|ElapsedTimer|DeadlineTimer|DateTime|Date|Time"
    r"|RandomGenerator.*|Thread.*|Mutex.*|Semaphore|WaitCondition|Process|CoreApplication|Settings)"
    r"|fstream|filesystem|random|ctime|time\.h|thread|mutex|condition_variable|unistd\.h|fcntl\.h"
    r"|(sys|netinet|arpa|linux)/.*|netdb\.h|poll\.h")

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
LOCK = re.compile(r"^( *)(?:mutable\s+)?(?:QMutex|QRecursiveMutex|QReadWriteLock|std::\w*mutex)"
                  r"\s+(\w+);", re.MULTILINE)
TYPE = re.compile(r"^( *)(?:class|struct)\s+(?:\w+::)*(\w+)[^;{]*$", re.MULTILINE)
# README's row of a layer that has rooms.
TREE_ROW = re.compile(r"^\| `((?:libproto/\w+|apps/(?:client|server)-gui))` \| (.*)$", re.M)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
FERRY_TEST = re.compile(r"^FERRY_TEST\((\w+)\)", re.MULTILINE)
OWN_TYPE = re.compile(r"(?:class|struct|enum class|enum|union) (\w+)(?!.*;$)")
MOST_LINES = 500

# What is passed to a door is loopback, at port 0 or (started again) at the one that it had. The
# gauntlet's servers take their address from their caller, whose crowds run in a network namespace.
BETWEEN = r'(?:[\s,)<"]|QStringLiteral\(|f(?="))*'
OWN_DOOR = BETWEEN + r"(?:127\.\d+\.\d+\.\d+|\[::1\]|\{self\.listen\}):(?:0|%1|\{[\w.]+\})(?!\d)"
FERRYD = re.compile(r'(?:[pP]ath|runProgram)\(\s*(?:QStringLiteral\()?"ferryd"'
                    r'|\b(?:bin|programs)\s*/\s*"ferryd"|/ferryd(?=["\s])')
DOORS = {"--listen": re.compile("--listen" + OWN_DOOR),
         "--classic": re.compile(f"--classic(?:{OWN_DOOR}|{BETWEEN}off\\b)")}
NO_SERVER = re.compile(r'"(?:account|ban|history)"')
WINDOW = re.compile(r'(?:[pP]ath\(|\bbin\s*/\s*|Window\(\s*)"ferry-server"|/ferry-server(?=["\s])')
KEPT_WINDOW = re.compile(r"keep_to_this_computer\(|reach=local")
CONFIG = [r"tlsAddress = QHostAddress\(QHostAddress::LocalHost", r"tlsPort = ",
          r"classicAddress = QHostAddress\(QHostAddress::LocalHost", r"classicPort = 0;"]
FIXED = re.compile(
    r"\.listen\((?:\)|[^;]*?(?:QHostAddress::Any|,\s*[1-9]\d*\)))"
    r"|\bbind\(\(\s*(?:[\"'](?:0\.0\.0\.0|::)?[\"']|[^()]*,\s*[1-9]\d*\s*\)\))"
    r"|\bstart_server\([^()]*,\s*[1-9]\d*\)|\bhtons\(\s*[1-9]|\bINADDR_ANY\b|\bin6addr_any\b"
    r"|\b(?:tls|classic)Port = (?:[1-9]|limits::)|\b(?:tls|classic)Address = [^;]*::Any"
    r'|--listen(?=["\s])(?!' + OWN_DOOR + r')[\s,)"<]+(?:QStringLiteral\()?f?"?[^\s"]*:\d+'
    r'|--(?:classic-)?port(?:=|["\s,)<]+(?:QStringLiteral\()?"?)[1-9]')
# They read options and open nothing.
PARSERS = {"tests/unit/server/tst_serveroptions.cpp", "tests/gui/server/tst_serversettings.cpp"}
MACHINE_PATH = re.compile(r"(?<![\w./])/(?:(?:work|root)/\w|home/\w+/\w)")


def tracked(tree, *patterns):
    """The tree's files: git's, or in an unpacked archive everything outside of build/."""
    found = subprocess.run(["git", "-C", tree, "ls-files", "-z", "--", *patterns],
                           capture_output=True, check=False)
    if found.returncode == 0:
        names = [pathlib.Path(tree, n.decode()) for n in found.stdout.split(b"\0") if n]
    else:
        names = [p for pattern in patterns for p in pathlib.Path(tree).rglob(pattern)
                 if "build" not in p.relative_to(tree).parts]
    return sorted(p for p in names if p.is_file())


def qt_modules(qt_headers):
    """Header name -> the Qt modules that have it."""
    modules = {}
    for folder in pathlib.Path(qt_headers).iterdir():
        if folder.is_dir() and folder.name.startswith("Qt"):
            for header in folder.iterdir():
                modules.setdefault(header.name, set()).add(folder.name)
    if "QWidget" not in modules or "QByteArray" not in modules:
        sys.exit(f"no Qt headers in {qt_headers}")
    return modules


def include_faults(tree, qt_headers):
    modules = qt_modules(qt_headers)
    faults = []
    files = [p for p in tracked(tree, "*.h", "*.cpp")]
    for path in files:
        name = path.relative_to(tree).as_posix()
        layer = "/".join(name.split("/")[:2])
        if layer not in LAYERS:
            if name.startswith(("libproto/", "apps/")):
                faults.append(f"{name}: no rule for the folder {layer}")
            continue
        folders, allowed = LAYERS[layer]
        for quoted, angled in INCLUDE.findall(path.read_text(encoding="utf-8")):
            if quoted:
                folder = quoted.split("/")[0] if "/" in quoted else None
                beside = folder is None and layer.startswith("apps/") and (
                    quoted.endswith(".moc") or path.with_name(quoted).exists())
                if folder not in folders and not beside:
                    faults.append(f'{name}: "{quoted}" is not for {layer}')
                continue
            if layer == "libproto/wire" and NOT_IN_WIRE.fullmatch(angled.removeprefix("QtCore/")):
                faults.append(f"{name}: <{angled}>: wire has values only")
            first, _, rest = angled.partition("/")
            has = {first} if first.startswith("Qt") and rest else modules.get(angled, set())
            if allowed is not None and has and not has & allowed:
                faults.append(f"{name}: <{angled}> of {', '.join(sorted(has))} is not for {layer}")
    if not files:
        faults.append(f"no sources in {tree}")
    return faults


def room_faults(tree):
    """Within a layer, a room is a folder; a file beside the rooms is one by itself, together with its
    …private.h. A fault for each room that includes, however indirectly, itself."""
    edges = {}
    for path in tracked(tree, "*.h", "*.cpp"):
        parts = path.relative_to(tree).parts
        if len(parts) not in (3, 4) or "/".join(parts[:2]) not in LAYERS:
            continue
        room = "/".join(parts[1:3]) if len(parts) == 4 else f"{parts[1]}/{path.stem}".removesuffix("private")
        for quoted, _ in INCLUDE.findall(path.read_text(encoding="utf-8")):
            folders = quoted.split("/")
            other = "/".join(folders[:2]).removesuffix(".h").removesuffix("private")
            if folders[0] == parts[1] and other != room:
                edges.setdefault(room, {}).setdefault(other, path.relative_to(tree).as_posix())

    def reached(start):
        seen, waiting = set(), [start]
        while waiting:
            for other in edges.get(waiting.pop(), {}):
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        return seen

    return [f"{edges[room][other]}: {room} includes {other}, which includes {room}"
            for room in sorted(edges) for other in sorted(edges[room]) if room in reached(other)]


def source_faults(tree):
    faults = []
    for path in tracked(tree, "*.h", "*.cpp", "*.cmake", "*CMakeLists.txt", "*.py", "*.sh"):
        name = path.relative_to(tree).as_posix()
        lines = path.read_text(encoding="utf-8").splitlines()
        if not any("SPDX-License-Identifier: MIT" in line for line in lines[:2]):
            faults.append(f"{name}: no licence line at the top")
        if len(lines) > MOST_LINES:
            faults.append(f"{name}: {len(lines)} lines; over {MOST_LINES} a file wants to be two")
    for path in tracked(tree, "*"):
        name = path.relative_to(tree).as_posix()
        if path.suffix in {".png", ".bin"} or name.endswith("tree_rules.py") or "/corpus/" in name:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace")
                                      .splitlines(), 1):
            if MACHINE_PATH.search(line):
                faults.append(f"{name}:{number}: a path of somebody's machine: {line.strip()}")
    return faults


def test_faults(tree):
    """Several test files make one program: of two types or functions of one name in it, the linker
    silently takes one. So all but the test class itself stands in an unnamed namespace. And a file
    that no program names is never run."""
    faults = []
    lists = pathlib.Path(tree, "tests/CMakeLists.txt")
    listed = set(re.findall(r"\w+", lists.read_text(encoding="utf-8"))) if lists.exists() else set()
    for path in tracked(tree, "*.cpp"):
        text = path.read_text(encoding="utf-8")
        announced = FERRY_TEST.search(text)
        if not announced or not path.relative_to(tree).as_posix().startswith("tests/"):
            continue
        if path.stem not in listed:
            faults.append(f"{path.relative_to(tree)}: is in no list of tests/CMakeLists.txt")
        hidden = False
        for number, line in enumerate(text.split("\n"), 1):
            if line.startswith("namespace"):
                hidden = line.startswith("namespace {")
            elif line.startswith("}"):
                hidden = hidden and "namespace" not in line
            found = OWN_TYPE.match(line)
            if found and not hidden and found[1] != announced[1]:
                faults.append(f"{path.relative_to(tree)}:{number}: {found[1]} is in no unnamed namespace")
    return faults


def port_faults(tree):
    """Whatever else runs on the machine, a test is not in its way, nor reachable from elsewhere."""
    faults = []
    for path in tracked(tree, "*"):
        name = path.relative_to(tree).as_posix()
        if (not name.startswith(("tests/", "scripts/")) or "/corpus/" in name or name in PARSERS
                or path.suffix not in {".cpp", ".h", ".py", ".sh", ""}
                or name.endswith("tree_rules.py")):
            continue
        text = path.read_text(encoding="utf-8")

        def fault(at, what):
            faults.append(f"{name}:{text.count(chr(10), 0, at) + 1}: {what}")

        for start in FERRYD.finditer(text):
            statement = re.split(r";|\n\s*\n", text[start.start():], maxsplit=1)[0]
            missing = [door for door, own in DOORS.items() if not own.search(statement)]
            if missing and not NO_SERVER.search(statement):
                fault(start.start(), f"ferryd without {' and '.join(missing)} on loopback, port 0")
        for start in WINDOW.finditer(text):
            if not KEPT_WINDOW.search(text) and name != "scripts/run":  # that one is no test
                fault(start.start(), "ferry-server that lets in others than this computer")
        for start in re.finditer(r"\bstart\(config\)", text):
            if not all(re.search(line, text) for line in CONFIG):
                fault(start.start(), "a server without both doors on loopback, port 0")
        for found in FIXED.finditer(text):
            fault(found.start(), f"a fixed port, or every interface: {found[0]}")
    return faults


def plurals(ts):
    """What a file of Qt Linguist counts: (class, sentence) -> its forms."""
    return {(context.findtext("name"), message.findtext("source")):
            [form.text or "" for form in message.iter("numerusform")]
            for context in ElementTree.parse(ts).iter("context") for message in context.iter("message")}


def word_faults(tree):
    """A number takes tr("%n files", nullptr, n), and both forms are in ferry_en.ts."""
    sources = {}
    for path in tracked(tree, "*.h", "*.cpp"):
        if path.relative_to(tree).parts[0] in ("libproto", "apps"):
            sources[path.relative_to(tree).as_posix()] = path.read_text(encoding="utf-8")
    faults = [f"{name}: {found[0]}" for name, text in sources.items()
              for found in re.finditer(r'"[^"\n]*\w\((?:e?s|ies)\)[^"\n]*"', text)]
    counting = {name: text for name, text in sources.items() if re.search(r"%L?n\b", text)}
    tool = shutil.which("lupdate", path="/usr/lib/qt6/bin:" + os.environ.get("PATH", ""))
    if not counting:
        return faults
    with tempfile.TemporaryDirectory() as folder:
        ts = pathlib.Path(folder, "ferry_en.ts")
        subprocess.run([tool, "-silent", "-pluralonly", "-target-language", "en", "-locations", "none",
                        "-I", "libproto", "-I", "apps", *counting, "-ts", ts],
                       cwd=tree, capture_output=True, check=True)
        # Outside of the windows tr() is a function of the library (net/base/translate.h).
        used = {(where if where.startswith("ferry::gui::") else "ferry", what)
                for where, what in plurals(ts)}
    page = pathlib.Path(tree, "resources/i18n/ferry_en.ts")
    known = plurals(page) if page.exists() else {}
    for name, text in counting.items():
        for found in re.finditer(r'"[^"\n]*%L?n\b', text):
            if not any(found[0][1:] in sentence for _, sentence in used):
                faults.append(f"{name}: no tr() with a number around {found[0]}")
    faults += [f"resources/i18n/ferry_en.ts lacks: {where}: {what}" for where, what in used
               if len(set(known.get((where, what), []))) != 2]
    return faults + [f"resources/i18n/ferry_en.ts: nobody says any more: {where}: {what}"
                     for where, what in known if (where, what) not in used]


def docs_faults(tree):
    faults = []
    page = pathlib.Path(tree, "docs/THREADS.md")
    threads = page.read_text(encoding="utf-8") if page.exists() else ""
    for path in tracked(tree, "*.h", "*.cpp"):
        name = path.relative_to(tree).as_posix()
        if not name.startswith(("libproto/", "apps/")):
            continue
        text = path.read_text(encoding="utf-8")
        for lock in LOCK.finditer(text):
            owners = [owner for indent, owner in TYPE.findall(text, 0, lock.start())
                      if len(indent) < len(lock[1])]
            full = f"{owners[-1]}::{lock[2]}" if owners else lock[2]
            if full not in threads:
                faults.append(f"{name}: docs/THREADS.md does not say what {full} guards")
    page = pathlib.Path(tree, "README.md")
    for layer, words in TREE_ROW.findall(page.read_text(encoding="utf-8")) if page.exists() else []:
        faults += [f"README.md: the row of {layer} does not name {room.name}"
                   for room in sorted(pathlib.Path(tree, layer).iterdir())
                   if room.is_dir() and f"`{room.name}`" not in words]
    for path in tracked(tree, "*.md"):
        for target in LINK.findall(path.read_text(encoding="utf-8")):
            if "://" not in target and not (path.parent / target).exists():
                faults.append(f"{path.relative_to(tree)}: {target} is not there")
    return faults


def format_faults(tree):
    try:
        version = subprocess.run(["clang-format", "--version"], capture_output=True, text=True,
                                 check=True).stdout
    except OSError:
        version = ""
    if " 14." not in version:
        print("skipped: clang-format 14 is not here; other versions format otherwise")
        sys.exit(SKIPPED)
    files = tracked(tree, "*.h", "*.cpp")
    if not files:
        return [f"no sources in {tree}"]
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", *files], capture_output=True,
                          text=True, check=False)
    return done.stderr.splitlines() if done.returncode else []


def control_faults(qt_headers):
    """Each of these sources breaks one rule; a fault that is not found is a fault."""
    spdx = "// SPDX-License-Identifier: MIT\n"
    wrong = [
        ("libproto/wire/a.h", spdx + '#include "net/channel.h"\n', include_faults),
        ("libproto/wire/b.h", spdx + "#include <QFile>\n", include_faults),
        ("libproto/wire/c.h", spdx + "#include <QHostAddress>\n", include_faults),
        ("libproto/wire/d.h", spdx + "#include <QtCore/QObject>\n", include_faults),
        ("libproto/net/a.h", spdx + '#include "server/share.h"\n', include_faults),
        ("libproto/server/a.h", spdx + '#include "client/client.h"\n', include_faults),
        ("libproto/client/a.h", spdx + '#include "server/server.h"\n', include_faults),
        ("libproto/client/b.h", spdx + "#include <QtWidgets/QWidget>\n", include_faults),
        ("libproto/server/b.h", spdx + "#include <QLabel>\n", include_faults),
        ("apps/server-gui/a.cpp", spdx + '#include "client/client.h"\n', include_faults),
        ("apps/client-cli/a.cpp", spdx + '#include "gui-common/look/icon.h"\n', include_faults),
        ("apps/new/a.cpp", spdx, include_faults),
        ("libproto/net/base/a.h", spdx + '#include "net/base/b.h"\n#include "net/circle.h"\n',
         room_faults),
        ("libproto/net/c.h", "#pragma once\n", source_faults),
        ("libproto/net/d.h", spdx + "\n" * MOST_LINES, source_faults),
        ("docs/a.md", "see /home/" + "someone/notes\n", source_faults),
        ("docs/b.md", "see [that](missing.md)\n", docs_faults),
        ("tests/unit/p.cpp", "namespace {\n\nstruct In\n{\n};\n\n} // namespace\n\nstruct Out\n{\n};\n"
         "class T : public QObject\n{\n};\nFERRY_TEST(T)\n", test_faults),
        ("tests/a.cpp", 'p.start(programPath(QStringLiteral("ferryd")), {"--share", a, "--classic",'
         ' "127.0.0.1:0"});\nq.start({"--listen", "127.0.0.1:0"});\n', port_faults),
        ("tests/b.py", 'run([bin / "ferryd", "--classic", "off"])\n',
         port_faults),
        ("tests/c.py", 'run([bin / "ferryd", "--listen", f"127.0.0.1:0", "--classic",\n'
         '     "127.0.0.1:7421"])\n', port_faults),
        ("scripts/d", '"$bin/ferryd" --share a --listen 127.0.0.1:0\n', port_faults),
        ("tests/e.py", 'desktop.start(options.bin / "ferry-server", "--port", "0")\n', port_faults),
        ("tests/f.py", 'run([ferry_server, "--port", "7420"])\n', port_faults),
        ("tests/g.cpp", "config.tlsEnabled = true;\nserver.start(config);\n", port_faults),
        ("tests/h.cpp", "m_host->config.tlsPort = 7420;\n", port_faults),
        ("tests/i.cpp", "config.tlsAddress = QHostAddress(QHostAddress::Any);\n", port_faults),
        ("tests/j.cpp", "server.listen(QHostAddress::LocalHost, 7421);\n", port_faults),
        ("tests/k.cpp", "server.listen();\n", port_faults),
        ("tests/l.cpp", "address.sin_port = htons(7421);\n", port_faults),
        ("tests/m.py", 'probe.bind(("127.0.0.1", 7421))\n', port_faults),
        ("tests/n.py", 'probe.bind(("", 0))\n', port_faults),
        ("tests/o.cpp", 'more({QStringLiteral("--listen"), QStringLiteral("0.0.0.0:7420")});\n',
         port_faults),
        ("apps/client-cli/b.cpp", spdx + 'QString s = tr("file(s)");\n', word_faults),
        ("apps/client-cli/c.cpp", spdx + 'QString s = text("%n files");\n', word_faults),
        ("libproto/net/e.h", spdx + "class E\n{\n    QMutex m_mutex;\n};\n", docs_faults),
        ("libproto/net/f.cpp", spdx + "struct F\n{\n    std::mutex lock;\n};\n", docs_faults),
    ]
    faults = []
    for name, text, rule in wrong:
        with tempfile.TemporaryDirectory() as tree:
            path = pathlib.Path(tree, name)
            path.parent.mkdir(parents=True)
            path.write_text(text, encoding="utf-8")
            if rule is room_faults:
                path.parents[1].joinpath("circle.h").write_text(f'#include "{name[9:]}"\n',
                                                                encoding="utf-8")
            found = rule(tree, qt_headers) if rule is include_faults else rule(tree)
            if len(found) != (2 if rule in (room_faults, test_faults) else 1) or name not in "".join(found):
                faults.append(f"{name}: expected one fault, got {found}")
    return faults


def main():
    rule, *arguments = sys.argv[1:]
    faults = {"includes": include_faults, "rooms": room_faults, "sources": source_faults, "docs": docs_faults,
              "ports": port_faults, "words": word_faults, "tests": test_faults, "format": format_faults,
              "control": control_faults}[rule](*arguments)
    print("\n".join(faults) or f"{rule}: nothing found")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
