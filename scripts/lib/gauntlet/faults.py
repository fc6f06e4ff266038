# SPDX-License-Identifier: MIT
"""Every system call on the data path fails in turn: the first, the second, … until a run is clean.

strace makes the N-th call of one kind fail in every thread (it counts per thread). The client runs
under it from its start; the server is attached to while it serves, so that its start is out of the
way, and a second sweep covers the start. After each point the promises are checked: the process
ended by itself or lives, with a code of its manual page; nothing wrong or incomplete has a final
name; the server gave back its descriptors and threads; and the next run, without a fault, finishes
what is missing and verifies it."""
import collections
import concurrent.futures
import itertools
import random
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import programs
from programs import Broken

# What can fail, and how it does in the field.
ERRORS = {
    "openat": ("EMFILE", "ENFILE", "EIO", "EACCES"), "openat2": ("EMFILE", "EIO", "EAGAIN"),
    "read": ("EIO", "EINTR"), "pread64": ("EIO", "EINTR"), "readv": ("EIO",),
    "write": ("EIO", "ENOSPC", "EINTR"), "pwrite64": ("EIO", "ENOSPC", "EDQUOT", "EINTR"),
    "writev": ("EIO",), "fsync": ("EIO", "ENOSPC"), "fdatasync": ("EIO",),
    "syncfs": ("EIO",), "sync_file_range": ("EIO",), "ftruncate": ("EIO", "ENOSPC"),
    "fallocate": ("ENOSPC", "EOPNOTSUPP", "EDQUOT"),
    "rename": ("EIO", "EROFS"), "renameat": ("EIO",), "renameat2": ("EIO", "EROFS", "EINVAL"),
    "linkat": ("EIO", "EROFS", "EDQUOT", "EMLINK"), "unlink": ("EIO",), "unlinkat": ("EIO", "EROFS"),
    "mkdir": ("ENOSPC", "EROFS"), "mkdirat": ("ENOSPC", "EROFS"), "close": ("EIO",),
    "newfstatat": ("EIO",), "fstat": ("EIO",), "statx": ("EIO",), "fstatfs": ("EIO",),
    "statfs": ("EIO",), "utimensat": ("EIO", "EROFS"), "fchmod": ("EROFS",), "fcntl": ("EINVAL",),
    "lseek": ("EINVAL",), "flock": ("ENOLCK",), "getdents64": ("EIO",), "ioctl": ("ENOTTY",),
    "sendfile": ("EIO", "EAGAIN", "EINTR", "ENOMEM"), "sendto": ("ECONNRESET", "EINTR", "ENOBUFS"),
    "sendmsg": ("ECONNRESET", "EINTR"), "recvfrom": ("ECONNRESET", "EINTR", "ENOMEM"),
    "recvmsg": ("ECONNRESET", "EINTR"), "poll": ("EINTR", "ENOMEM"), "ppoll": ("EINTR", "ENOMEM"),
    "socket": ("EMFILE", "ENOBUFS"), "connect": ("ECONNREFUSED", "ENETUNREACH", "EINTR"),
    "bind": ("EADDRINUSE",), "listen": ("EADDRINUSE",),
    "accept": ("EMFILE", "ENFILE"), "accept4": ("EMFILE", "ENFILE", "ECONNABORTED", "ENOMEM"),
    "getsockopt": ("ENOBUFS",), "setsockopt": ("ENOPROTOOPT",), "getsockname": ("ENOBUFS",),
    "getpeername": ("ENOTCONN",), "shutdown": ("ENOTCONN",), "clone3": ("EAGAIN",),
    "clone": ("EAGAIN",), "eventfd2": ("EMFILE",), "pipe2": ("EMFILE",), "pipe": ("EMFILE",),
    "getrandom": ("EINTR",), "mmap": ("ENOMEM",), "mprotect": ("ENOMEM",),
    "madvise": ("EINVAL",),
}
# Not brk: glibc's own malloc() crashes when it fails once and works afterwards, which no kernel does.

# Without memory, or the descriptors of a thread, libraries below Ferry end the process: the C++
# run-time, Qt's event dispatcher. The promises about files hold all the same.
MAY_ABORT = {"mmap", "mprotect", "eventfd2", "pipe2", "pipe"}
SIZES = {"t/large": 2_300_000, "t/small": 1000, "t/empty": 0, "t/sub/other": 70_000}
# What broke a promise once; always among the points.
FOUND = [("client", "clone3", "EAGAIN", 1), ("client", "clone3", "EAGAIN", 2),
         ("client", "recvfrom", "ECONNRESET", 57), ("server", "newfstatat", "EIO", 6),
         ("server", "newfstatat", "EIO", 7), ("server", "newfstatat", "EIO", 9),
         ("server", "openat2", "EMFILE", 2), ("start", "pipe2", "EMFILE", 1),
         *(("start", "write", "EINTR", when) for when in range(4, 9))]
NOT_STARTED = ("error while loading shared libraries", "cannot allocate", "cannot create",
               "loader cannot", "cannot apply additional", "FATAL: kernel too old")


def points_of(calls, most):
    """1, 2, … `most`, then ever wider steps: whoever calls a thousand times does the same thing."""
    counted, n = [], 1
    while n <= calls + 1:
        counted.append(n)
        n += 1 if n < most else max(1, n // 8)
    return counted


def call_counts(log):
    """System call → the most often that one thread called it."""
    counts = collections.Counter()
    pattern = re.compile(rb"^(\d+)\s+(\w+)\(")
    for line in Path(log).read_bytes().splitlines():
        if found := pattern.match(line):
            counts[found.group(1), found.group(2).decode()] += 1
    most = collections.Counter()
    for (_, name), count in counts.items():
        most[name] = max(most[name], count)
    return most


def strace(log, calls, error=None, when=0):
    command = ["strace", "-f", "-qq", "-o", str(log), "-e", "signal=none"]
    if error:
        return command + ["-e", f"trace={calls}", "-e", f"inject={calls}:error={error}:when={when}"]
    return command + ["-e", "trace=" + ",".join("?" + call for call in calls)]


def injected(log):
    return b"(INJECTED)" in Path(log).read_bytes()


class Place:
    """A server, its share and a folder to fetch into; one per worker."""

    def __init__(self, root, number, sizes=None):
        self.folder = Path(root) / str(number)
        self.share = self.folder / "share"
        self.files = programs.make_tree(self.share, sizes or SIZES)
        self.log = self.folder / "strace"
        self.inbox = self.folder / "in"
        self.inbox.mkdir()
        self.server = programs.Server(
            self.folder / "server", self.share,
            more=["--inbox", f"in={self.inbox}", "--keep-free", "0"]).started()
        self.count = itertools.count()

    def fresh(self):
        """A new target folder and a new data folder."""
        base = self.folder / f"run{next(self.count)}"
        (base / "target").mkdir(parents=True)
        return base

    def get(self, base, classic=False, options=()):
        make = programs.classic_command if classic else programs.get_command
        paths = ["/s/t/large", "/s/t/small"] if classic else ["/s/t"]
        return make(self.server, base / "target", base / "data", paths, options)

    def put(self, base, options=()):
        """The same files the other way, into a folder of the inbox that is named as `base`."""
        return programs.put_command(self.server, base / "data", f"/in/{base.name}",
                                    [self.share / "t"], options)

    def check_put(self, base, complete=False):
        there = self.inbox / base.name
        if wrong := programs.wrong_uploads(there, self.files):
            raise Broken(f"wrong under a final name in the inbox: {wrong}")
        if complete and (missing := programs.missing_files(there, self.files)):
            raise Broken(f"said to be sent and is not there: {missing}")

    def finish_put(self, base):
        """A run without a fault: it completes what is missing."""
        code, said = programs.run(self.put(base))
        if code != 0:
            raise Broken(f"the next upload ends with {code}: {said[-500:]}")
        self.check_put(base, complete=True)
        shutil.rmtree(self.inbox / base.name)

    def check_files(self, base, classic=False):
        files = {Path(name).name: content for name, content in self.files.items()} if classic \
            else self.files
        if wrong := programs.wrong_files(base / "target", files):
            raise Broken(f"wrong under a final name: {wrong}")

    def check_complete(self, base):
        self.check_files(base)
        if missing := programs.missing_files(base / "target", self.files):
            raise Broken(f"said to be fetched and is not there: {missing}")

    def follow_up(self, base):
        """A run without a fault: it completes, verifies, and leaves nothing behind."""
        code, said = programs.run(self.get(base, options=("-c", "--existing", "resume")))
        if code != 0:
            raise Broken(f"the next run ends with {code}: {said[-500:]}")
        self.check_complete(base)
        if rest := programs.strangers_in(base / "target", self.files):
            raise Broken(f"left behind: {rest}")

    def close(self):
        if self.server.alive:
            self.server.stop()


def before_main(place, program, call, when, code, said):
    """Whether the loader of shared libraries met the fault: none of Ferry's code ran."""
    if code == 127 or any(words in said for words in NOT_STARTED):
        return True
    if code >= 0:
        return False
    log = str(place.log) + "-loader"
    programs.run([*strace(log, [call]), programs.Programs.path(program), "--version"])
    return when <= call_counts(log)[call]


def client_point(place, call, error, when):
    """True if the fault took place."""
    base = place.fresh()
    code, said = programs.run([*strace(place.log, call, error, when), *place.get(base)])
    happened = injected(place.log)
    early = happened and before_main(place, "ferry", call, when, code, said)
    aborted = code == -signal.SIGABRT and call in MAY_ABORT
    if happened and code not in programs.CLIENT_CODES and not early and not aborted:
        raise Broken(f"exit code {code}: {said[-800:]}")
    if code == 0:
        place.check_complete(base)
    place.check_files(base)
    place.follow_up(base)
    shutil.rmtree(base)
    return "not reached" if not happened else "before main" if early else \
        "no memory" if aborted else "survived"


class Attached:
    """strace on a running process."""

    def __init__(self, place, call, error, when):
        self.process = subprocess.Popen(
            [*strace(place.log, call, error, when), "-p", str(place.server.pid)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        status = Path(f"/proc/{place.server.pid}/status")
        if not programs.wait_until(lambda: "TracerPid:\t0\n" not in status.read_text()):
            raise Broken("strace cannot attach")

    def detach(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(programs.PATIENCE)


def quiet_server(place):
    """Descriptors and threads when nobody is connected."""
    return programs.descriptors(place.server.pid), programs.threads(place.server.pid)


def at_rest(place, spared=0):
    descriptors, threads = quiet_server(place)
    return threads == place.baseline[1] and 0 <= descriptors - place.baseline[0] <= spared


def server_point(place, call, error, when):
    server = place.server
    base, classic = place.fresh(), place.fresh()
    if not programs.wait_until(lambda: at_rest(place)):
        raise Broken(f"not at rest before the point: {quiet_server(place)} {place.baseline}")
    attached = Attached(place, call, error, when)
    try:
        code, said = programs.run(place.get(base, options=("--timeout", "10")))
        second, more = programs.run(place.get(classic, classic=True, options=("--timeout", "10")))
        third, last = programs.run(place.put(base, options=("--timeout", "10")))
    finally:
        attached.detach()
    happened = injected(place.log)
    for one in (code, second):
        if one not in programs.CLIENT_CODES:
            raise Broken(f"the client ends with {one}: {said[-500:]}{more[-500:]}")
    if third not in programs.PUT_CODES:
        raise Broken(f"the upload ends with {third}: {last[-500:]}")
    if not server.alive:
        aborted = server.process.returncode == -signal.SIGABRT and call in MAY_ABORT
        tail = server.log_tail()
        ended = server.process.returncode
        server.started()
        place.settle()
        if not aborted:
            raise Broken(f"ferryd ended with {ended}: {tail}")
    if code == 0:
        place.check_complete(base)
    place.check_files(base)
    place.check_files(classic, classic=True)
    place.check_put(base, complete=third == 0)
    place.follow_up(base)
    place.finish_put(base)
    # strace makes a call fail by not making it: then close() leaves a descriptor open, each time.
    spared = Path(place.log).read_bytes().count(b"(INJECTED)") if call == "close" else 0
    if not programs.wait_until(lambda: at_rest(place, spared)):
        found = quiet_server(place)
        server.kill()
        server.started()
        place.settle()
        raise Broken(f"descriptors and threads {place.baseline} before, {found} after")
    if spared:
        place.settle()
    shutil.rmtree(base)
    shutil.rmtree(classic)
    return "survived" if happened else "not reached"


def start_point(place, call, error, when):
    """A fault while ferryd starts: it says what is wrong and ends, or it serves."""
    server = programs.Server(place.fresh(), place.share,
                             before=strace(place.log, call, error, when))
    ready = server.start()
    if ready:
        # strace counts on in every session, so what is fetched now may meet the same fault.
        base = place.fresh()
        own, place.server = place.server, server
        try:
            # Without a line about it nobody knows where it listens.
            got, said = programs.run(place.get(base)) if server.port and server.fingerprint \
                else (7, "")
            if got not in programs.CLIENT_CODES:
                raise Broken(f"the client ends with {got}: {said[-500:]}")
            if got == 0:
                place.check_complete(base)
            place.check_files(base)
        finally:
            place.server = own
            code = stop_traced(server)
    else:
        code = server.process.returncode
    happened = injected(place.log)
    said = server.log_tail()
    early = happened and before_main(place, "ferryd", call, when, code, said)
    aborted = code == -signal.SIGABRT and call in MAY_ABORT
    if happened and code not in programs.SERVER_CODES and not early and not aborted:
        raise Broken(f"ferryd ends with {code}: {said}")
    shutil.rmtree(server.folder, ignore_errors=True)
    return "not reached" if not happened else "before main" if early else \
        "no memory" if aborted else "survived"


def stop_traced(server):
    """SIGTERM for the ferryd below strace; strace ends with its code."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    # The first may be lost to the very fault.
    for way, seconds in (("-TERM", 10), ("-TERM", 10), ("-KILL", programs.PATIENCE)):
        for child in children:
            subprocess.run(["kill", way, child], check=False, stderr=subprocess.DEVNULL)
        try:
            code = server.process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
        if way == "-KILL":
            break
        return code
    raise Broken("ferryd does not end")


def calls_of(place, side):
    """What is there to fail, learnt from a run without a fault."""
    base = place.fresh()
    calls = list(ERRORS)
    if side == "client":
        programs.run([*strace(place.log, calls), *place.get(base)])
    elif side == "server":
        attached = Attached.__new__(Attached)
        attached.process = subprocess.Popen(
            [*strace(place.log, calls), "-p", str(place.server.pid)], stderr=subprocess.DEVNULL)
        status = Path(f"/proc/{place.server.pid}/status")
        programs.wait_until(lambda: "TracerPid:\t0\n" not in status.read_text())
        programs.run(place.get(base))
        programs.run(place.get(place.fresh(), classic=True))
        programs.run(place.put(base))
        attached.detach()
        place.finish_put(base)
    else:
        server = programs.Server(place.fresh(), place.share, before=strace(place.log, calls))
        if not server.start():
            raise Broken("ferryd does not start under strace")
        stop_traced(server)
    return call_counts(place.log)


POINT = {"client": client_point, "server": server_point, "start": start_point}


class Sweep:
    """Points of both sides, by several workers with a server each."""

    def __init__(self, root, workers, most, say):
        self.places = [self.make_place(root, number) for number in range(workers)]
        self.most, self.say, self.until = most, say, float("inf")
        self.lock = threading.Lock()  # guards the two below
        self.results = collections.Counter()
        self.findings = []

    def make_place(self, root, number):
        place = Place(root, number)
        place.settle = lambda: setattr(place, "baseline", settled(place))
        place.settle()
        return place

    def perform(self, place, side, *point):
        return POINT[side](place, *point)

    def calls_of(self, side):
        return calls_of(self.places[0], side)

    def points(self, side):
        counts = self.calls_of(side)
        # What cannot be printed at the start cannot be said in another way either.
        errors = dict(ERRORS, write=("EINTR",)) if side == "start" else ERRORS
        return [(side, call, error, when) for call in sorted(counts) for error in errors[call]
                for when in points_of(counts[call], self.most)]

    def work(self, place, todo):
        while True:
            with self.lock:
                point = next(todo, None)
            if point is None or time.monotonic() > self.until:
                return
            try:
                result = self.perform(place, *point)
            except Broken as broken:
                result = "BROKEN"
                self.say(f"BROKEN {' '.join(map(str, point))}: {broken}")
                with self.lock:
                    self.findings.append((point, str(broken)))
            with self.lock:
                self.results[point[0], result] += 1

    def run(self, points):
        todo = iter(points)
        with concurrent.futures.ThreadPoolExecutor(len(self.places)) as pool:
            for done in [pool.submit(self.work, place, todo) for place in self.places]:
                done.result()

    def close(self):
        for place in self.places:
            place.close()


def settled(place):
    """What the server holds at rest, once it has served both dialects."""
    base, classic = place.fresh(), place.fresh()
    programs.run(place.get(base))
    programs.run(place.get(classic, classic=True))
    place.finish_put(base)
    return programs.steady(lambda: quiet_server(place))


def usable():
    """Why strace cannot be used here, or nothing."""
    if not shutil.which("strace"):
        return "strace is not installed"
    with tempfile.NamedTemporaryFile() as log:
        done = subprocess.run(["strace", "-f", "-o", log.name, "-e", "trace=getpid", "true"],
                              stderr=subprocess.DEVNULL, check=False)
    return "" if done.returncode == 0 else "this machine lets nobody trace"


def main(options, say):
    return attack(options, say, Sweep, POINT, FOUND)


def attack(options, say, kind, sides, found):
    """A sweep of that kind; `found`: the points that broke a promise once."""
    if reason := usable():
        say(f"skipped: {reason}")
        return 77
    with tempfile.TemporaryDirectory(prefix="ferry-gauntlet-") as root:
        sweep = kind(root, options.jobs, 3 if options.quick else 40, say)
        try:
            points = [point for side in options.side or sides for point in sweep.points(side)
                      if not options.call or point[1] in options.call]
            if options.quick:
                points = found + points[::max(1, len(points) // 30)]
            say(f"{len(points)} points")
            if options.amount:  # as many as there is time for, of all kinds
                random.Random(1).shuffle(points)
                sweep.until = time.monotonic() + options.amount * 60
            sweep.run(points)
        finally:
            sweep.close()
    for (side, result), count in sorted(sweep.results.items()):
        say(f"{side}: {count} {result}")
    total = sum(count for (_, result), count in sweep.results.items() if result == "survived")
    say(f"{total} failing calls survived, {len(sweep.findings)} broke a promise")
    return 1 if sweep.findings or not total else 0
