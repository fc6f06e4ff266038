# SPDX-License-Identifier: MIT
"""A desktop of our own (Xvfb, openbox, D-Bus, AT-SPI), and a person to use it.

Controls are found by role and accessible name, as a screen reader finds them; mouse and keys are
real X events at the control's place on the screen. Every wait is for a condition and bounded.

A program that uses this starts with own_session(), which runs it again inside a session bus that
ends with it. Needs the packages of the group `desktop` in scripts/packages.
"""

import argparse
import contextlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PATIENCE = 60  # seconds a person waits before calling it broken
SCREEN = "2000x1300x24"
SKIPPED = 77  # exit code
_TOOLS = ("dbus-run-session", "Xvfb", "openbox", "xdotool", "import")
_MARK = "FERRY_DESKTOP_SESSION"
_KEPT = 20  # descriptors that carry standard output and error past the bus


class NotSeen(AssertionError):
    """What was waited for did not come."""


def arguments():
    """What every run of persons is told; it may ask for more."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--keyboard", action="store_true")
    parser.add_argument("--screenshots", type=pathlib.Path)
    return parser


def own_session():
    """Goes on in a new session bus with a home and a runtime folder of its own."""
    if os.environ.get(_MARK):
        # The bus and what it starts talk into its log; this program goes on talking to whoever
        # started it.
        for kept, stream in ((_KEPT, 1), (_KEPT + 1, 2)):
            os.dup2(kept, stream)
            os.close(kept)
        return
    missing = [tool for tool in _TOOLS if not shutil.which(tool)]
    if missing:
        print(f"skipped: {', '.join(missing)} missing; scripts/run installs what is needed")
        sys.exit(SKIPPED)
    os.environ[_MARK] = "1"
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "AT_SPI_BUS_ADDRESS"):
        os.environ.pop(name, None)
    for kept, stream in ((_KEPT, 1), (_KEPT + 1, 2)):
        os.dup2(stream, kept, inheritable=True)
    log = tempfile.TemporaryFile()
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)
    os.execvp("dbus-run-session", ["dbus-run-session", "--", sys.executable, *sys.argv])


def run(main):
    """Ends the program with main()'s code, or says what was not seen."""
    try:
        sys.exit(main())
    except NotSeen as fault:
        sys.exit(f"WRONG: {fault}")


def wait_for(condition, what, seconds=PATIENCE):
    """The first true value of condition(); NotSeen, with `what`, if there is none in time."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise NotSeen(f"{what() if callable(what) else what}: not within {seconds} s")
        time.sleep(0.05)


class Control:
    """One accessible object. Reads are answered by the program, never from a cache."""

    def __init__(self, desktop, accessible):
        self.desktop = desktop
        self.accessible = accessible

    @property
    def name(self):
        return self.accessible.get_name() or ""

    @property
    def role(self):
        return self.accessible.get_role_name()

    @property
    def text(self):
        """The content of a field, or the name of whatever else."""
        text = self.accessible.get_text_iface()
        if text is None:
            return self.name
        return self.desktop.atspi.Text.get_text(text, 0, text.get_character_count())

    def has(self, state):
        state = getattr(self.desktop.atspi.StateType, state.upper())
        return self.accessible.get_state_set().contains(state)

    @property
    def enabled(self):
        return self.has("enabled")

    @property
    def area(self):
        component = self.accessible.get_component_iface()
        box = component.get_extents(self.desktop.atspi.CoordType.SCREEN)
        return box.x, box.y, box.width, box.height

    def below(self, most=20000):
        """Everything inside, in order."""
        waiting = [self.accessible]
        while waiting and most:
            accessible = waiting.pop(0)
            most -= 1
            try:
                children = [accessible.get_child_at_index(i)
                            for i in range(accessible.get_child_count())]
            except self.desktop.gone:
                continue  # it went away while we looked
            for child in children:
                if child is not None:
                    yield Control(self.desktop, child)
            waiting.extend(c for c in children if c is not None)

    def click(self, button=1, times=1):
        wait_for(lambda: self.enabled and self.has("showing"), f"{self} ready for a click")
        x, y, width, height = self.area
        self.desktop.xdotool("mousemove", "--sync", str(x + width // 2), str(y + height // 2))
        self.desktop.xdotool("click", "--repeat", str(times), "--delay", "60", str(button))

    def type(self, text):
        """Clicks into the field and replaces what it holds."""
        self.click()
        wait_for(lambda: self.has("focused") or any(c.has("focused") for c in self.below()),
                 f"{self} with the cursor in it")
        self.desktop.key("ctrl+a")
        self.desktop.xdotool("type", "--delay", "4", "--", text)

    def __str__(self):
        try:
            return f"{self.role} “{self.name}”"
        except self.desktop.gone:
            return "a control that is gone"


class Program:
    """A started program with its window."""

    def __init__(self, desktop, arguments, env):
        self.desktop = desktop
        self.name = pathlib.Path(arguments[0]).name
        self.log = desktop.folder / f"{self.name}-{len(desktop.programs)}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(arguments, env=env, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=subprocess.STDOUT)

    def check_alive(self):
        if self.process.poll() is not None:
            raise NotSeen(f"{self.name} ended with {self.process.returncode}:\n"
                          + self.log.read_text(errors="replace"))

    @property
    def root(self):
        """The program as a control, or nothing if it is not to be seen yet."""
        self.check_alive()
        for control in Control(self.desktop, self.desktop.top()).below(most=1):
            try:
                if control.accessible.get_process_id() == self.process.pid:
                    return control
            except self.desktop.gone:
                continue
        return None

    def all(self, role=None, name=None):
        """Controls that are on the screen, by role and a regular expression for the whole name."""
        self.desktop.settle()
        root = self.root
        found = []
        for control in root.below() if root else ():
            try:
                if role and control.role not in ([role] if isinstance(role, str) else role):
                    continue
                if name and not re.fullmatch(name, control.name):
                    continue
                if control.has("showing"):
                    found.append(control)
            except self.desktop.gone:
                continue
        return found

    def find(self, role=None, name=None, seconds=PATIENCE):
        return wait_for(lambda: (self.all(role, name) or [None])[0],
                        lambda: f"{self.name}: {role or 'control'} “{name}”\n{self.describe()}",
                        seconds)

    def texts(self):
        """Every text on the screen: labels, cells, fields."""
        return [t for t in (c.text for c in self.all()) if t]

    def wait_for_text(self, pattern, seconds=PATIENCE):
        """The first match of `pattern` in any text of the window."""
        def seen():
            for text in self.texts():
                match = re.search(pattern, text)
                if match:
                    return match
            return None
        return wait_for(seen, lambda: f"{self.name}: “{pattern}”\n{self.describe()}", seconds)

    def table(self, name, most=1000):
        """The rows of a table or list as lists of texts."""
        accessible = self.find(("table", "tree table", "tree", "list"), name).accessible
        table = accessible.get_table_iface()
        rows = []
        for row in range(min(table.get_n_rows(), most)):
            cells = (table.get_accessible_at(row, column) for column in range(table.get_n_columns()))
            rows.append([cell.get_name() if cell is not None else "" for cell in cells])
        return rows

    def describe(self):
        """What a screen reader finds, for the message of a failure."""
        lines = []
        for control in self.all():
            name, text = control.name, control.text
            if name or text:
                lines.append(f"  {control}{'' if text == name else f' holds {text!r}'}"
                             f"{'' if control.enabled else ' (disabled)'}")
        return "\n".join(lines)

    def window(self):
        """The X window, once it is mapped."""
        def ids():
            self.check_alive()
            found = self.desktop.xdotool("search", "--onlyvisible", "--pid", str(self.process.pid),
                                         check=False)
            return found.split()
        return wait_for(ids, f"{self.name}: a window")[0]

    def place(self, x, y, width=None, height=None):
        window = self.window()
        if width:
            self.desktop.xdotool("windowsize", "--sync", window, str(width), str(height))
        self.desktop.xdotool("windowmove", window, str(x), str(y))
        self.desktop.xdotool("windowactivate", "--sync", window)

    def activate(self):
        self.desktop.xdotool("windowactivate", "--sync", self.window())

    def screenshot(self, path):
        pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
        self.activate()
        # Of the screen: a picture of the window alone is black where a dialog stands before it.
        subprocess.run(["import", "-screen", "-window", self.window(), str(path)], check=True,
                       env=self.desktop.env, timeout=PATIENCE)
        return path

    def close(self, seconds=PATIENCE):
        """Closes the window as its close button does; the program's exit code."""
        if self.process.poll() is None:
            self.activate()
            self.desktop.key("alt+F4")
        return self.process.wait(seconds)

    def kill(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def keep_to_this_computer(folder):
    """A data folder of ferry-server as a person would leave it who lets in this computer only, at
    ports that are free: whatever else runs on the machine, nobody is in the way of anybody."""
    folder.mkdir()
    (folder / "ferry-server.ini").write_text(
        "format=1\ntls\\reach=local\ntls\\port=0\nclassic\\reach=local\nclassic\\port=0\n")
    return folder


def listening(process):
    """The ports on which a process listens."""
    held = set()
    for link in pathlib.Path(f"/proc/{process.pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            held.add(os.readlink(link))
    rows = pathlib.Path(f"/proc/{process.pid}/net/tcp").read_text().splitlines()[1:]
    words = [row.split() for row in rows]
    return {int(w[1].split(":")[1], 16) for w in words
            if w[3] == "0A" and f"socket:[{w[9]}]" in held}


class Desktop:
    """`with Desktop() as desktop:` … everything started in it ends with it."""

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ferry-desktop-"))
        self.programs = []
        self.servers = []
        self.env = dict(os.environ)
        for name, value in (("HOME", "home"), ("XDG_RUNTIME_DIR", "runtime")):
            (self.folder / value).mkdir(mode=0o700)
            self.env[name] = str(self.folder / value)
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            self.env.pop(name, None)
        self.env.update(QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1", QT_QPA_PLATFORM="xcb", LC_ALL="C.UTF-8",
                        QT_LOGGING_RULES="qt.*.debug=false")
        try:
            self._start_display()
            self._start_accessibility()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for program in self.programs:
            program.kill()
        for server in reversed(self.servers):
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start_display(self):
        read, write = os.pipe()
        log = (self.folder / "display.log").open("wb")
        self.servers.append(subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", SCREEN, "-nolisten", "tcp"],
            pass_fds=[write], stdout=log, stderr=log))
        os.close(write)
        with os.fdopen(read) as numbers:
            number = numbers.readline().strip()
        if not number:
            raise NotSeen("Xvfb did not start:\n" + (self.folder / "display.log").read_text())
        self.env["DISPLAY"] = f":{number}"
        self.servers.append(subprocess.Popen(["openbox"], env=self.env, stdout=log, stderr=log))
        wait_for(lambda: subprocess.run(["xdotool", "get_desktop"], env=self.env, check=False,
                                        capture_output=True).returncode == 0, "openbox")

    def _start_accessibility(self):
        os.environ.update({k: self.env[k] for k in ("DISPLAY", "XDG_RUNTIME_DIR", "HOME")})
        import gi
        gi.require_version("Atspi", "2.0")
        from gi.repository import Atspi, GLib
        self.atspi = Atspi
        self.gone = GLib.Error
        self.context = GLib.MainContext.default()
        Atspi.init()
        Atspi.set_timeout(5000, 15000)
        self.top().set_cache_mask(Atspi.Cache.NONE)

    def top(self):
        return self.atspi.get_desktop(0)

    def settle(self):
        """Handles what the accessibility bus has told meanwhile (new and gone programs)."""
        while self.context.iteration(False):
            pass

    def start(self, *arguments, env=None):
        program = Program(self, [str(a) for a in arguments], {**self.env, **(env or {})})
        self.programs.append(program)
        program.window()
        def seen():
            self.settle()
            return program.root
        wait_for(seen, f"{program.name} on the accessibility bus")
        return program

    def xdotool(self, *arguments, check=True):
        done = subprocess.run(["xdotool", *arguments], env=self.env, check=False, timeout=PATIENCE,
                              capture_output=True, text=True)
        if check and done.returncode:
            raise NotSeen(f"xdotool {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout

    def key(self, *keys):
        self.xdotool("key", "--delay", "30", *keys)

    @property
    def home(self):
        return pathlib.Path(self.env["HOME"])


def interrupted(*_):
    sys.exit(130)


signal.signal(signal.SIGTERM, interrupted)
