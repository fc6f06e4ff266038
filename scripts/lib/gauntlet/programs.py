# SPDX-License-Identifier: MIT
"""The two programs under attack: a ferryd, runs of ferry, what a process holds, and a tree of files
that is compared byte for byte."""
import os
import random
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

PASSWORD = "rigid-juicy-temple-cow-bison-exam"  # of the generated kind, so that deriving is quick
PATIENCE = 30  # seconds: whatever takes longer hangs

# What `ferry` may end with (its manual page).
CLIENT_CODES = {0, 2, 3, 4, 6, 7, 8, 9, 13, 18, 28, 32, 36, 60, 67, 130, 143}
# What `ferry put` may end with.
PUT_CODES = CLIENT_CODES | {14, 15}
# What `ferryd` may end with.
SERVER_CODES = {0, 2, 98}


class Programs:
    """Where the built programs are."""

    folder = None

    @classmethod
    def path(cls, name):
        return str(Path(cls.folder) / name)


class Broken(Exception):
    """A promise was not kept."""


def environment(password=PASSWORD, **more):
    return dict(os.environ, FERRY_PASSWORD=password, **more)


def wait_until(condition, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while True:
        if condition():
            return True
        if time.monotonic() > end:
            return False
        time.sleep(0.01)


def steady(look, seconds=0.5):
    """What `look` gives, once it has given the same for so long."""
    last, since = look(), time.monotonic()
    while time.monotonic() - since < seconds:
        time.sleep(0.02)
        now = look()
        if now != last:
            last, since = now, time.monotonic()
    return last


class Server:
    """A ferryd with one share, `/s`. `before` is put in front of its command line."""

    def __init__(self, folder, share, more=(), before=(), listen="127.0.0.1", preexec=None):
        self.folder, self.share = Path(folder), Path(share)
        self.more, self.before, self.listen, self.preexec = list(more), list(before), listen, preexec
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process, self.fingerprint, self.port, self.classic_port = None, None, 0, 0

    def start(self):
        """True when it is ready; False if it ended before."""
        self.log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen(
            [*self.before, Programs.path("ferryd"), "--share", f"s={self.share}", "--listen",
             f"{self.listen}:{self.port}", "--classic", f"{self.listen}:{self.classic_port}",
             "--data-dir", str(self.folder / "data"), *self.more],
            env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.log,
            preexec_fn=self.preexec, start_new_session=True)
        # With what it runs below strace: that would keep the pipe open.
        watchdog = threading.Timer(PATIENCE, lambda: os.killpg(self.process.pid, signal.SIGKILL))
        watchdog.start()
        try:
            return self._read_until_ready()
        finally:
            watchdog.cancel()

    def _read_until_ready(self):
        for line in self.process.stdout:
            words = line.decode(errors="replace").split()
            if words == ["ready"]:
                return True
            if words[:1] == ["fingerprint"]:
                self.fingerprint = words[1]
            elif words[:2] == ["listening", "tls"]:
                self.port = int(words[2].rsplit(":", 1)[1])
            elif words[:2] == ["listening", "classic"]:
                self.classic_port = int(words[2].rsplit(":", 1)[1])
        self.process.wait(PATIENCE)
        return False

    def started(self):
        if not self.start():
            raise Broken("ferryd did not start: " + self.log_tail())
        return self

    @property
    def pid(self):
        return self.process.pid

    @property
    def alive(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        if self.alive:
            self.process.kill()
        self.process.wait(PATIENCE)
        self.process.stdout.close()
        self.log.close()

    def stop(self):
        """Its exit code after SIGTERM; what hangs is killed and Broken."""
        if self.alive:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Broken("ferryd does not end") from None
        self.process.stdout.close()
        self.log.close()
        return code

    def log_tail(self):
        return (self.folder / "log").read_bytes()[-800:].decode(errors="replace")


def get_command(server, target, data, paths, options=()):
    return [Programs.path("ferry"), "get", "--quiet", "--pin", server.fingerprint, "--data-dir",
            str(data), "-d", str(target), *options, f"{server.listen}:{server.port}", *paths]


def put_command(server, data, folder, files, options=(), port=None):
    return [Programs.path("ferry"), "put", "--quiet", "--pin", server.fingerprint, "--data-dir",
            str(data), "-t", folder, *options, f"{server.listen}:{port or server.port}",
            *map(str, files)]


def classic_command(server, target, data, paths, options=()):
    return [Programs.path("ferry"), "get", "--quiet", "--classic", "--data-dir", str(data), "-d",
            str(target), *options, f"{server.listen}:{server.classic_port}", *paths]


def run(command, seconds=PATIENCE, password=PASSWORD, **more):
    """Code and both outputs; Broken if it hangs."""
    # A file, because a pipe that an orphan still holds would keep communicate() waiting.
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, env=environment(password), stdin=subprocess.DEVNULL,
                                   stdout=said, stderr=subprocess.STDOUT, start_new_session=True,
                                   **more)
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise Broken(f"hangs: {' '.join(command)}") from None
        said.seek(0)
        return code, said.read().decode(errors="replace")


def make_tree(folder, sizes, seed=1):
    """Files of these sizes below `folder`: name → bytes."""
    random_bytes = random.Random(seed)
    files = {}
    for name, size in sizes.items():
        files[name] = random_bytes.randbytes(size)
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files[name])
    return files


def wrong_files(folder, files):
    """Files under a final name that are not what they should be."""
    wrong = []
    for name, content in files.items():
        try:
            if (Path(folder) / name).read_bytes() != content:
                wrong.append(name)
        except FileNotFoundError:
            pass
    return wrong


def wrong_uploads(folder, files):
    """What was put in and is none of these, or not as it was sent. A file that was sent again has a
    number."""
    wrong = []
    for path in Path(folder).rglob("*"):
        name = str(path.relative_to(folder)).split(" (")[0]
        if path.is_file() and files.get(name) != path.read_bytes():
            wrong.append(str(path.relative_to(folder)))
    return wrong


def missing_files(folder, files):
    return [name for name in files if not (Path(folder) / name).exists()]


def strangers_in(folder, files):
    """What lies there and was never asked for (partial files included)."""
    return [str(path.relative_to(folder)) for path in sorted(Path(folder).rglob("*"))
            if path.is_file() and str(path.relative_to(folder)) not in files]


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def threads(pid):
    return len(os.listdir(f"/proc/{pid}/task"))


def resident(pid):
    """KiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0
