#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A person at the client window: picks files and a folder in the browser, watches them arrive,
pauses, reorders, goes on after the server was killed and started again, and retries a failed one.

    client_person.py --bin DIR [--keyboard] [--screenshots DIR]

With --keyboard no mouse is touched. Browser, rows and states are read as a screen reader reads
them. Exit code 0 only if everything is as it should be.
"""

import hashlib
import pathlib
import re
import signal
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from desktop import PATIENCE, Control, Desktop, NotSeen, arguments, own_session, run, wait_for  # noqa: E402

LOCALHOST = "127.0.0.1"
PASSWORD = "kelp oval ninety mist"
TABLES = ("tree table", "tree", "table")
BROWSER, QUEUE = "Files on the server", "Downloads"
STATE = 4  # column of the queue
BIG = ["big1.bin", "big2.bin", "big3.bin"]
SLOW = "600k"  # bytes per second: there is time to do something meanwhile


def make_files(folder):
    folder.mkdir()
    (folder / "notes.txt").write_text("Notes for the crossing\n" * 50)
    (folder / "gone.txt").write_text("here and gone and here again\n")
    (folder / "album" / "empty").mkdir(parents=True)
    for number in range(3):
        (folder / "album" / f"picture {number}.raw").write_bytes(
            hashlib.shake_256(b"p%d" % number).digest(200_000))
    for name in BIG:
        (folder / name).write_bytes(hashlib.shake_256(name.encode()).digest(24_000_000))


class Server:
    """ferryd on one port, whatever happens to it."""

    def __init__(self, desktop, options, share):
        self.desktop, self.options, self.share = desktop, options, share
        self.port = 0
        self.process = None

    def start(self, *limits):
        self.process = subprocess.Popen(
            [self.options.bin / "ferryd", "--share", f"Things={self.share}", "--listen",
             f"127.0.0.1:{self.port}", "--classic", "off", "--data-dir",
             self.desktop.folder / "server", "--log-file", self.desktop.folder / "server.log",
             *limits],
            stdout=subprocess.PIPE, text=True, env={**self.desktop.env, "FERRY_PASSWORD": PASSWORD})
        self.desktop.servers.append(self.process)
        for line in self.process.stdout:
            if listening := re.match(r"listening tls .*:(\d+)", line):
                self.port = int(listening.group(1))
            if line.startswith("ready"):
                return
        raise NotSeen(f"ferryd ready: {(self.desktop.folder / 'server.log').read_text()}")

    def kill(self):
        self.process.kill()
        self.process.wait()


class Person:
    """What a person does, with the mouse or with keys alone."""

    def __init__(self, desktop, client, keyboard):
        self.desktop, self.client, self.keyboard = desktop, client, keyboard

    def connect(self, port):
        address = self.client.find("combo box", "Address of the server")
        password = self.client.find("password text", "Password of the server")
        if self.keyboard:
            self.desktop.xdotool("type", "--delay", "4", "--", f"{LOCALHOST}:{port}")
            for _ in range(6):
                if password.has("focused"):
                    break
                self.desktop.key("Tab")
            wait_for(lambda: password.has("focused"), "the cursor in the field of the password")
            self.desktop.xdotool("type", "--delay", "4", "--", PASSWORD)
            self.desktop.key("Return")
            self.client.find("push button", "It matches.*")
            self.desktop.key("alt+m")
        else:
            address.type(f"{LOCALHOST}:{port}")
            password.type(PASSWORD)
            self.client.find("push button", "Communicate").click()
            self.client.find("push button", "It matches.*").click()
        self.client.wait_for_text("Connected")

    def cell(self, table, name):
        """Of the first column; the name alone, or followed by the state."""
        def seen():
            accessible = self.client.find(TABLES, table).accessible.get_table_iface()
            for row in range(accessible.get_n_rows()):
                found = accessible.get_accessible_at(row, 0)
                if found is not None and re.fullmatch(rf"{re.escape(name)}(, .*)?",
                                                      found.get_name() or ""):
                    return Control(self.desktop, found)
            return None
        return wait_for(seen, lambda: f"“{name}” in {table}: {self.client.table(table)}")

    def enter(self, table):
        """By keys: to a pane."""
        for _ in range(10):
            if any(t.has("focused") for t in self.client.all(TABLES, table)):
                return
            self.desktop.key("F6")
        raise NotSeen(f"the cursor in {table}\n{self.client.describe()}")

    def choose_in_dialog(self, path):
        """In the dialog that asks for a file or a folder."""
        name = self.client.find("text", "(Directory|Folder|File [nN]ame):?")
        if self.keyboard:
            wait_for(lambda: name.has("focused"), "the cursor in the field of the name")
            self.desktop.key("ctrl+a")
            self.desktop.xdotool("type", "--delay", "4", "--", str(path))
        else:
            name.type(str(path))
        self.desktop.key("Return")

    def choose(self, table, name):
        cell = self.cell(table, name)
        if not self.keyboard:
            cell.click()
        else:
            self.enter(table)
            count = len(self.client.table(table))
            self.desktop.key("Down", "Home")  # Home alone changes nothing where it is already
            wait_for(lambda: self.selected(table, count) == [0], f"the first row of {table}")
            for row in range(1, count):
                if cell.has("selected"):
                    break
                self.desktop.key("Down")
                wait_for(lambda: self.selected(table, count) == [row], f"row {row} of {table}")
        wait_for(lambda: cell.has("selected"), f"{cell} selected")
        return cell

    def selected(self, table, count):
        accessible = self.client.find(TABLES, table).accessible.get_table_iface()
        cells = (accessible.get_accessible_at(row, 0) for row in range(count))
        return [row for row, cell in enumerate(cells)
                if cell is not None and Control(self.desktop, cell).has("selected")]

    def open_folder(self, name):
        cell = self.choose(BROWSER, name)
        if self.keyboard:
            self.desktop.key("Return")
        else:
            cell.click(times=2)

    def download(self, name):
        self.choose(BROWSER, name)
        self.press("Download", "ctrl+d")

    def press(self, name, key):
        if self.keyboard:
            self.desktop.key(key)
        else:
            self.client.find("push button", name).click()

    def pause_everything(self):
        if self.keyboard:
            self.enter(QUEUE)
            self.desktop.key("ctrl+a", "space")
        else:
            # Whatever is selected: the menu means all.
            self.client.find("menu item", "Transfer").click()
            self.client.find("menu item", "Pause all").click()

    def resume_everything(self):
        if self.keyboard:
            self.enter(QUEUE)
            self.desktop.key("ctrl+a", "space")
        else:
            self.client.find("menu item", "Transfer").click()
            self.client.find("menu item", "Resume all").click()

    def unfold(self, name):
        cell = self.choose(QUEUE, name)
        if self.keyboard:
            self.desktop.key("Right")
        else:
            cell.click(times=2)

    def retry(self, name):
        self.choose(QUEUE, name)
        if self.keyboard:
            self.desktop.key("ctrl+r")
        else:
            self.client.find("push button", "Retry failed").click()


def row_of(client, name):
    """The cells of a download, as a screen reader reads them; nothing if it is not there."""
    for row in client.table(QUEUE):
        if re.fullmatch(rf"(.*/)?{re.escape(name)}, .*", row[0]):
            return row
    return None


def wait_for_state(client, name, pattern, seconds=PATIENCE):
    def seen():
        row = row_of(client, name)
        return row if row and re.search(pattern, row[STATE]) else None
    row = wait_for(seen, lambda: f"{name}: “{pattern}” in {client.table(QUEUE)}", seconds)
    if row[STATE] not in row[0]:
        # The first cell says it all to whoever reads only that; it may be a moment later.
        wait_for(lambda: (r := row_of(client, name)) and r[STATE] in r[0], f"the state in {row[0]}")
    return row


def start_client(desktop, options):
    client = desktop.start(options.bin / "ferry-client", "--data-dir", desktop.folder / "client")
    client.place(10, 30, 1280, 900)
    return client


def same(original, copy):
    if not copy.is_file() or copy.read_bytes() != original.read_bytes():
        raise NotSeen(f"{copy} like {original}")


def main():
    options = arguments().parse_args()
    own_session()
    with Desktop() as desktop:
        things, arrived = desktop.folder / "Things", desktop.home / "Downloads"
        make_files(things)
        server = Server(desktop, options, things)
        server.start("--limit-rate", SLOW)
        client = start_client(desktop, options)
        person = Person(desktop, client, options.keyboard)
        person.connect(server.port)
        print("connected")

        person.open_folder("Things")
        shown = [wait_for(lambda: person.cell(BROWSER, name), name).name
                 for name in ("album", *BIG, "gone.txt", "notes.txt")]
        print("the browser lists", ", ".join(shown))
        person.download("notes.txt")
        person.download("album")
        wait_for_state(client, "notes.txt", "Verified")
        wait_for_state(client, "album", "^Verified, 3 files$")
        person.unfold("album")
        for number in range(3):
            wait_for_state(client, f"picture {number}.raw", "Verified")
            same(things / "album" / f"picture {number}.raw", arrived / "album" / f"picture {number}.raw")
        same(things / "notes.txt", arrived / "notes.txt")
        if not (arrived / "album" / "empty").is_dir():
            raise NotSeen("the empty folder")
        print("a file and a folder arrived, verified")

        for name in BIG:
            person.download(name)
        wait_for_state(client, BIG[0], "Downloading|Stalled")
        person.pause_everything()
        for name in BIG:
            wait_for_state(client, name, "Paused")
        person.choose(QUEUE, BIG[2])
        for _ in range(2):
            person.press("Move up", "ctrl+Up")
        def order():
            return [r[0].split(",")[0] for r in client.table(QUEUE) if r[0].startswith("big")]
        wait_for(lambda: order() == [BIG[2], BIG[0], BIG[1]], lambda: f"the new order: {order()}")
        if options.screenshots:
            client.screenshot(options.screenshots / "client-paused.png")
        person.resume_everything()
        wait_for_state(client, BIG[2], "Downloading")
        print("paused, put in another order, resumed")

        server.kill()
        client.wait_for_text("Connection lost.*")
        client.find("push button", "Stop")
        client.find("push button", "Try now")
        if client.all(None, "Not connected"):
            raise NotSeen("one word for one state")
        for name in BIG:
            row = row_of(client, name)
            if not re.search(r"Waiting|retrying|Verified", row[STATE]):
                raise NotSeen(f"{name} waits: {row}")
        server.start()
        for name in BIG:
            wait_for_state(client, name, "Verified", 90)
            same(things / name, arrived / name)
        print("after the server came back, the rest arrived")

        # The browser would see that it is gone: the server shall answer nothing meanwhile.
        content = (things / "gone.txt").read_bytes()
        server.process.send_signal(signal.SIGSTOP)
        person.download("gone.txt")
        wait_for(lambda: row_of(client, "gone.txt"), "gone.txt in the queue")
        (things / "gone.txt").unlink()
        server.process.send_signal(signal.SIGCONT)
        wait_for_state(client, "gone.txt", "Not found on the server")
        client.find("page tab", "Attention 1")
        (things / "gone.txt").write_bytes(content)
        person.retry("gone.txt")
        wait_for_state(client, "gone.txt", "Verified")
        same(things / "gone.txt", arrived / "gone.txt")
        client.find("page tab", "Attention 0")
        print("a failed one was retried")
        if options.screenshots:
            client.screenshot(options.screenshots / "client-person.png")
        parts = [p.name for p in arrived.rglob("*.part*")]
        if parts:
            raise NotSeen(f"no parts left: {parts}")
        if code := client.close():
            raise NotSeen(f"a proper end: {code}\n{client.log.read_text()}")
    print("All as it should be.")
    return 0


if __name__ == "__main__":
    run(main)
