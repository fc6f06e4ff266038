# SPDX-License-Identifier: MIT
"""The two windows while their system calls fail, one point after the other as in faults.py.

The programs run as they are, offscreen; tests/gauntlet/person.cpp, preloaded, presses what a person
would and writes down what is shown. Four sides: each window while it is made (from the moment that
Qt has its application) and while it works. After each point: the window lives and answers, nothing
wrong has a final name, and once the fault is over the same window finishes everything."""
import mmap
import os
import re
import shutil
import signal
import struct
import subprocess
import tempfile
import time
from pathlib import Path

import faults
import programs
from programs import Broken

BOARD_BYTES = 64 * 1024
SIZES = {"large": 2_300_000, "small": 1000, "empty": 0, "other": 70_000}
# Below Ferry: Qt's event dispatcher needs a descriptor when a thread starts, and the C++ run-time
# memory. What can be asked first, is; what is counted here is a failure after the asking.
MAY_ABORT = {"mmap", "mprotect", "eventfd2", "pipe2", "pipe"}
QT_NEEDS_A_THREAD = "QThread::start: Thread creation error"
# Qt wakes a thread by a write to a descriptor that takes it always, and asks no second time.
LOST_WAKEUP = rb'write\(\d+, "\\1\\0\\0\\0\\0\\0\\0\\0", 8\) += -1 .*\(INJECTED\)'
# What broke a promise once; always among the points.
FOUND = [("client", "clone3", "EAGAIN", 1), ("client", "clone3", "EAGAIN", 2),
         ("client-start", "clone3", "EAGAIN", 1), ("client-start", "openat", "EIO", 1),
         ("client-start", "read", "EIO", 2),
         ("client", "unlink", "EIO", 1), ("client", "unlink", "EIO", 2),
         ("client", "newfstatat", "EIO", 9)]


def is_done(row):
    """A row of the queue; one that had its name before the fault is compared and skipped."""
    return "Verified" in row or "Already up to date" in row


class Window:
    """One of the two programs, with a person before it. `env`: more of the environment."""

    def __init__(self, program, folder, arguments, preexec=None):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        board = self.folder / "board"
        board.write_bytes(bytes(BOARD_BYTES))
        with open(board, "r+b") as file:
            self.board = mmap.mmap(file.fileno(), BOARD_BYTES)
        self.log = open(self.folder / "said", "ab")
        env = programs.environment(
            LD_PRELOAD=str(Path(programs.Programs.folder).parent / "tests" / "ferry_person.so"),
            FERRY_PERSON=str(board), QT_QPA_PLATFORM="offscreen", HOME=str(self.folder),
            XDG_RUNTIME_DIR=str(self.folder), DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent",
            QT_LOGGING_RULES="qt.*.debug=false", LC_ALL="C.UTF-8", NO_AT_BRIDGE="1")
        self.process = subprocess.Popen(
            [programs.Programs.path(program), *map(str, arguments)], env=env,
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, start_new_session=True,
            preexec_fn=preexec)
        self.wait(lambda: self.looks == 1, "reaches main()")

    @property
    def pid(self):
        return self.process.pid

    @property
    def alive(self):
        return self.process.poll() is None

    @property
    def looks(self):
        return struct.unpack_from("=Q", self.board, 8)[0]

    def lines(self):
        """What is shown now: of one look, not half of the next."""
        shown = b""

        def is_whole():
            nonlocal shown
            before = self.looks
            shown = self.board[16:]
            return (self.board[1] == 0 and self.looks == before) or not self.alive

        programs.wait_until(is_whole)
        return shown.split(b"\0", 1)[0].decode(errors="replace").split("\n")

    def shows(self, words):
        return any(words in line for line in self.lines())

    def rows(self):
        return [line for line in self.lines() if line.startswith("row ")]

    def press(self, command):
        self.board[0:1] = command.encode()
        self.wait(lambda: self.board[0] == 0 or not self.alive, "obeys")

    def begin(self):
        self.board[0:1] = b"g"

    def answering(self):
        """A look that began after this call; false if the program ended."""
        last = self.looks
        self.wait(lambda: self.looks > last + 1 or not self.alive, "answers")
        return self.alive

    def wait(self, condition, what, seconds=programs.PATIENCE):
        if not programs.wait_until(condition, seconds):
            state = self.said() + "\n".join(self.lines())
            self.kill()
            raise Broken(f"the window never {what}: {state[-1500:]}")

    def kill(self):
        if self.alive:
            self.process.kill()
        self.process.wait()
        self.log.close()

    def close(self):
        """As a person closes it; its exit code."""
        if self.alive:
            self.board[0:1] = b"q"
        try:
            code = self.process.wait(programs.PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Broken(f"the window does not close: {self.lines()}") from None
        self.log.close()
        return code

    def said(self):
        return (self.folder / "said").read_bytes()[-800:].decode(errors="replace")


def ended_by(window, call, log):
    """Why a window ended: nothing if that is allowed, else what is broken."""
    code = window.process.wait()
    if code == -signal.SIGABRT and (call in MAY_ABORT or QT_NEEDS_A_THREAD in window.said() or
                                    lost_wakeup(log)):
        return None
    return f"ended with {code}: {window.said()}"


class Trace(faults.Attached):
    def __init__(self, log, window, call, error=None, when=0):
        self.process = subprocess.Popen(
            [*faults.strace(log, call, error, when), "-p", str(window.pid)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        status = Path(f"/proc/{window.pid}/status")
        if not programs.wait_until(lambda: "TracerPid:\t0\n" not in status.read_text()):
            raise Broken("strace cannot attach")


class Place:
    """Both ends of a transfer, one of which is a window; one per worker."""

    def __init__(self, root, number):
        self.folder = Path(root) / str(number)
        self.share = self.folder / "share"
        self.files = programs.make_tree(self.share, SIZES)
        self.log = self.folder / "strace"
        self.number = 0
        self.server = programs.Server(self.folder / "server", self.share).started()
        self.window = None
        self.opened = []  # windows that may still be there

    def open(self, *arguments):
        window = Window(*arguments)
        self.opened = [one for one in self.opened if one.alive] + [window]
        return window

    def fresh(self):
        self.number += 1
        base = self.folder / f"run{self.number}"
        (base / "target").mkdir(parents=True)
        return base

    def check(self, target, complete):
        if wrong := programs.wrong_files(target, self.files):
            raise Broken(f"wrong under a final name: {wrong}")
        if complete and (missing := programs.missing_files(target, self.files)):
            raise Broken(f"missing: {missing}")
        if complete and (rest := programs.strangers_in(target, self.files)):
            raise Broken(f"left behind: {rest}")

    # --- The client's window ---------------------------------------------------------------

    def client(self, base, data=None, paths=True, preexec=None):
        """Made, not shown yet; what it is to fetch is on its command line."""
        data = data or base / "data"
        data.mkdir(exist_ok=True)
        host = f"127.0.0.1:{self.server.port}"
        target = base / "target"
        if not (data / "client.ini").exists():
            (data / "known_servers").write_text(f"{host} {self.server.fingerprint}\n")
            (data / "client.ini").write_text(
                f"[ferry]\nversion=1\n[queue]\ndestination={target}\n")
        return self.open("ferry-client", base / "window",
                         ["--data-dir", data, host, *(f"/s/{name}" for name in self.files if paths)],
                         preexec)

    def finish(self, window, base):
        """Whatever has happened, the person now connects, and tries again what failed."""
        def done():
            if not window.alive:
                return True
            if window.shows("action &Communicate"):
                window.press("c")
            else:
                window.press("r")
            rows = window.rows()
            time.sleep(0.1)
            return len(rows) == len(self.files) and all(is_done(row) for row in rows)
        window.wait(done, "finishes")
        if not window.alive:
            raise Broken(f"ended afterwards: {window.said()}")
        # Without its settings it says so, and saves where everybody does.
        lost = window.shows("dialog") and window.shows("starts with fresh settings")
        self.check(base / "window" / "Downloads" if lost else base / "target", True)

    # --- The server's window ---------------------------------------------------------------

    def server_window(self, base, data=None, preexec=None):
        data = data or base / "data"
        data.mkdir(parents=True, exist_ok=True)
        if not (data / "ferry-server.ini").exists():
            shutil.copy(self.server.folder / "data" / "identity.pem", data)
            (data / "ferry-server.ini").write_text(
                f"format=1\npassword={programs.PASSWORD}\n"
                "tls\\reach=local\ntls\\port=0\nclassic\\reach=local\nclassic\\port=0\n"
                "limits\\startWithProgram=true\nlimits\\failureDelay=0\n"
                f"shares\\size=1\nshares\\1\\name=s\nshares\\1\\folder={self.share}\n")
        return self.open("ferry-server", base / "window", ["--data-dir", data], preexec)

    def get(self, window, base, classic=False):
        """Code of `ferry get` from the window's server."""
        ports = listening(window.pid)
        tls = [int(line.rsplit(":", 1)[1]) for line in window.lines()
               if line.startswith("label Running at ")]
        if len(ports) != 2 or not tls or tls[0] not in ports:
            return None, f"listens on {ports}, shows {tls}"
        make = programs.classic_command if classic else programs.get_command
        at = Reached(tls[0], sum(ports) - tls[0], self.server.fingerprint)
        return programs.run(make(at, base / "target", base / "data",
                                 [f"/s/{name}" for name in self.files],
                                 ("--timeout", "10", "--existing",
                                  "overwrite" if classic else "resume", *(() if classic else ("-c",)))))

    def close(self):
        for one in self.opened:
            if one.alive:
                one.kill()
        self.server.stop()


class Reached:
    listen = "127.0.0.1"

    def __init__(self, port, classic_port, fingerprint):
        self.port, self.classic_port, self.fingerprint = port, classic_port, fingerprint


def listening(pid):
    """The ports a process listens on, in the order in which they were opened."""
    states = {}
    for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]:
        words = line.split()
        if words[3] == "0A":
            states[words[9]] = int(words[1].split(":")[1], 16)
    found = []
    for fd in sorted(os.listdir(f"/proc/{pid}/fd"), key=int):
        try:
            link = os.readlink(f"/proc/{pid}/fd/{fd}")
        except FileNotFoundError:
            continue
        if link.startswith("socket:[") and link[8:-1] in states:
            found.append(states[link[8:-1]])
    return found


def shown(window, log=None):
    """The window is there and its person looks; false if it ended. `log`: what strace writes."""
    # Qt's first use of D-Bus waits for ever for a thread that does not start, or does not wake.
    deaf = lambda: window.looks < 3 and (QT_NEEDS_A_THREAD in window.said() or lost_wakeup(log))
    window.wait(lambda: window.looks > 3 or not window.alive or deaf(), "appears")
    if window.alive and deaf() and not programs.wait_until(lambda: window.looks > 3, 2):
        window.process.send_signal(signal.SIGABRT)
        window.process.wait()
    return window.alive


def lost_wakeup(log):
    return log and log.exists() and re.search(LOST_WAKEUP, log.read_bytes())


def outcome(place, window, call, happened):
    """For a window that ended under the fault."""
    if broken := ended_by(window, call, place.log):
        raise Broken(broken)
    return "below Ferry" if happened else "not reached"


def quit_in_order(window):
    if code := window.close():
        raise Broken(f"ends with {code}: {window.said()}")


def client_start_point(place, call, error, when):
    base = place.fresh()
    window = place.client(base)
    trace = Trace(place.log, window, call, error, when)
    try:
        window.begin()
        shown(window, place.log)
    finally:
        trace.detach()
    happened = faults.injected(place.log)
    place.check(base / "target", False)
    if not window.alive:
        return outcome(place, window, call, happened)
    place.finish(window, base)
    quit_in_order(window)
    shutil.rmtree(base)
    return "survived" if happened else "not reached"


def client_point(place, call, error, when):
    base = place.fresh()
    window = place.client(base)
    window.begin()
    shown(window)
    trace = Trace(place.log, window, call, error, when)
    try:
        window.press("c")
        settle(window, len(place.files))
    finally:
        trace.detach()
    happened = faults.injected(place.log)
    place.check(base / "target", False)
    if not window.alive:
        return outcome(place, window, call, happened)
    window.answering()
    place.finish(window, base)
    quit_in_order(window)
    shutil.rmtree(base)
    return "survived" if happened else "not reached"


def settle(window, count):
    """Until every row is at an end, or nothing has moved for a second, or ten have passed."""
    last, since, end = None, time.monotonic(), time.monotonic() + 10
    while window.alive and time.monotonic() < end:
        rows = window.rows()
        if len(rows) == count and all(is_done(row) for row in rows):
            return
        now = [line for line in window.lines() if not line.startswith("log ")]
        if now != last:
            last, since = now, time.monotonic()
        if time.monotonic() - since > 1:
            return
        time.sleep(0.03)


def serve_again(place, window):
    """After the fault: it serves, or says that it does not and why, and Start makes it."""
    if window.shows("Ferry starts with fresh"):  # and so shares nothing, by itself
        return
    if len(listening(window.pid)) != 2:
        if not window.shows("Couldn't start") and not window.shows("label Stopped"):
            raise Broken(f"does not listen and does not say so: {window.lines()}")
        window.press("s")
        window.wait(lambda: not window.alive or len(listening(window.pid)) == 2, "listens")
    base = place.fresh()
    code, said = place.get(window, base)
    if code != 0:
        raise Broken(f"the next fetch ends with {code}: {said[-500:]}")
    place.check(base / "target", True)
    # A window that still sees a session asks before it closes.
    window.wait(lambda: not window.alive or window.shows("label 0 of "), "sees its sessions end")
    shutil.rmtree(base)


def server_start_point(place, call, error, when):
    base = place.fresh()
    window = place.server_window(base)
    trace = Trace(place.log, window, call, error, when)
    try:
        window.begin()
        if shown(window, place.log) and len(listening(window.pid)) == 2:
            place.get(window, base)
    finally:
        trace.detach()
    happened = faults.injected(place.log)
    place.check(base / "target", False)
    if not window.alive:
        return outcome(place, window, call, happened)
    window.answering()
    serve_again(place, window)
    quit_in_order(window)
    shutil.rmtree(base)
    return "survived" if happened else "not reached"


def held_by(pid):
    """Descriptors, but for one that each thread has which Qt draws with: those come and go."""
    names = [task.read_text() for task in Path(f"/proc/{pid}/task").glob("*/comm")]
    return programs.descriptors(pid) - names.count("Thread (pooled)\n")


def standing_server(place):
    """One window serves many points; another is made when it has ended."""
    if place.window is None or not place.window.alive:
        base = place.fresh()
        place.window = place.server_window(base)
        place.window.begin()
        shown(place.window)
        serve_again(place, place.window)
        place.get(place.window, place.fresh(), classic=True)
        place.held = programs.steady(lambda: held_by(place.window.pid))
    return place.window


def server_point(place, call, error, when):
    window = standing_server(place)
    base, classic = place.fresh(), place.fresh()
    held = place.held
    trace = Trace(place.log, window, call, error, when)
    try:
        code, said = place.get(window, base)
        second, more = place.get(window, classic, classic=True)
    finally:
        trace.detach()
    happened = faults.injected(place.log)
    for one in (code, second):
        if one not in programs.CLIENT_CODES and window.alive:
            raise Broken(f"the client ends with {one}: {said[-500:]}{more[-500:]}")
    place.check(base / "target", code == 0)
    place.check(classic / "target", False)
    if not window.alive:
        return outcome(place, window, call, happened)
    window.answering()
    serve_again(place, window)
    spared = Path(place.log).read_bytes().count(b"(INJECTED)") if call == "close" else 0
    if not programs.wait_until(lambda: held_by(window.pid) <= held + spared):
        now = [os.readlink(link) for link in Path(f"/proc/{window.pid}/fd").iterdir()]
        window.kill()
        raise Broken(f"descriptors: {held} before, after: {sorted(now)}")
    if spared:  # they are not for the next point to find
        window.kill()
    shutil.rmtree(base)
    shutil.rmtree(classic)
    return "survived" if happened else "not reached"


POINT = {"client-start": client_start_point, "client": client_point,
         "server-start": server_start_point, "server": server_point}


class Sweep(faults.Sweep):
    def make_place(self, root, number):
        return Place(root, number)

    def perform(self, place, side, *point):
        return POINT[side](place, *point)

    def calls_of(self, side):
        """What is there to fail, learnt from a run without a fault."""
        self.perform(self.places[0], side, tuple(faults.ERRORS), None, 0)
        return faults.call_counts(self.places[0].log)


def built():
    return (Path(programs.Programs.folder).parent / "tests" / "ferry_person.so").exists()


def main(options, say):
    if not built():
        say("skipped: the windows are not built")
        return 77
    return faults.attack(options, say, Sweep, POINT, FOUND)
