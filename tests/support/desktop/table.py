# SPDX-License-Identifier: MIT
"""An operator and a guest with a window each, side by side on one display."""
import hashlib
import re
import subprocess

from client_person import BROWSER, LOCALHOST, PASSWORD, QUEUE, TABLES, Person
from desktop import Control, NotSeen, keep_to_this_computer, wait_for

LARGE = 1_500_000_000  # long enough to be seen while it is compared
SLOW = 1_500_000  # bytes per second


def need(true, what):
    if not true:
        raise NotSeen(what() if callable(what) else what)


class Hands(Person):
    """The same hands at either window."""

    def look(self):
        self.client.activate()

    def go_to(self, control, key="Tab"):
        self.look()
        if not self.keyboard:
            return control.click()
        for _ in range(80):
            # The current cell of a table counts as focused wherever the focus is.
            inside = [] if control.role in TABLES else control.below(50)
            if control.has("focused") or any(c.has("focused") for c in inside):
                return None
            self.desktop.key(key)
        raise NotSeen(f"the focus on {control}\n{self.client.describe()}")

    def write(self, control, text):
        self.go_to(control)
        wait_for(lambda: control.has("focused"), f"the cursor in {control}")
        self.desktop.key("ctrl+a")
        self.desktop.xdotool("type", "--delay", "4", "--", text)

    def answer(self, button, key):
        """In a dialog."""
        found = self.client.find("push button", button)
        if self.keyboard:
            wait_for(lambda: found.has("showing"), f"{found} shown")
            self.desktop.key(key)
        else:
            found.click()

    def menu(self, path, *keys):
        """An item by its menus, or by keys."""
        self.look()
        if self.keyboard:
            return self.desktop.key(*keys)
        for name in path:
            self.client.find(("menu item", "menu", "check menu item", "radio menu item"), name).click()
        return None


class Table:
    """The two windows, beside each other."""

    def __init__(self, desktop, options):
        self.desktop, self.options = desktop, options
        self.things = desktop.folder / "Things"
        self.things.mkdir()
        for number in range(3):
            (self.things / f"note {number}.txt").write_text(f"note {number}\n" * 100)
            (self.things / f"slow {number}.bin").write_bytes(
                hashlib.shake_256(b"%d" % number).digest(60_000_000))
        with (self.things / "large.bin").open("wb") as large:
            large.truncate(LARGE)
        self.data = keep_to_this_computer(desktop.folder / "server")
        settings = self.data / "ferry-server.ini"
        settings.write_text(settings.read_text().replace("format=1\n", f"format=1\npassword={PASSWORD}\n"))
        server = desktop.start(options.bin / "ferry-server", "--data-dir", self.data,
                               "--share", f"Things={self.things}")
        server.place(10, 40, 960, 700)
        self.host = Hands(desktop, server, options.keyboard)
        self.port = 0
        self.start()
        folder = desktop.folder / "client"
        folder.mkdir(mode=0o700)
        (folder / "client.ini").write_text(
            f"[ferry]\nversion=1\n[queue]\nbytesPerSecond={SLOW}\n[people]\nname=Anna\n")
        client = desktop.start(options.bin / "ferry-client", "--data-dir", folder)
        client.place(990, 40, 960, 700)
        self.guest = Hands(desktop, client, options.keyboard)
        self.saved = desktop.home / "Downloads"

    # The server's part.
    def start(self):
        self.host.look()
        button = self.host.client.find("push button", "Start")
        wait_for(lambda: button.enabled, "Start enabled")
        self.host.press("Start", "ctrl+shift+s")
        self.port = int(self.host.client.wait_for_text(r"Running at .*?:(\d+)").group(1))

    def stop(self):
        self.host.look()
        self.host.press("Stop", "ctrl+shift+s")

    def sessions(self):
        return self.host.client.table("Sessions")

    def row_with(self, *words):
        def seen():
            return next((row for row in self.sessions()
                         if all(re.search(word, " ".join(row)) for word in words)), None)
        return wait_for(seen, lambda: f"{words} among {self.sessions()}")

    def another_server(self):
        """On the same settings."""
        return self.desktop.start(self.options.bin / "ferry-server", "--data-dir", self.data)

    # The client's part.
    def type_in(self, place, password):
        guest = self.guest
        guest.look()
        address = guest.client.find("text", "Address of the server")
        if address.text != place:
            guest.write(address, place)
        guest.write(guest.client.find("password text", "Password of the server"), password)
        guest.press("Communicate", "Return")

    def be_connected(self):
        guest = self.guest
        guest.look()
        if guest.client.all(None, "Connected.*"):
            return
        if guest.client.all("push button", "Communicate"):
            self.type_in(f"{LOCALHOST}:{self.port}", PASSWORD)
        guest.client.wait_for_text("^Connected")

    def be_in_things(self):
        self.be_connected()
        self.guest.look()
        if not any(row[0].startswith("note 0") for row in self.guest.client.table(BROWSER)):
            self.guest.open_folder("Things")
            wait_for(lambda: self.guest.cell(BROWSER, "note 0.txt"), "the listing")

    def clear_queue(self):
        guest = self.guest
        guest.look()
        if not guest.client.all(TABLES, QUEUE) or not guest.client.table(QUEUE):
            return
        if guest.keyboard:
            guest.enter(QUEUE)
        else:
            first = guest.client.find(TABLES, QUEUE).accessible.get_table_iface().get_accessible_at(0, 0)
            Control(guest.desktop, first).click()
        guest.desktop.key("ctrl+a", "Delete")
        wait_for(lambda: not guest.client.all(TABLES, QUEUE) or not guest.client.table(QUEUE),
                 "an empty queue")

    def popup(self):
        """Whether a window without a frame stands beside the two."""
        found = self.desktop.xdotool("search", "--onlyvisible", "--pid",
                                     str(self.guest.client.process.pid), check=False)
        return len(found.split()) > 1

    def picture(self, name):
        if self.options.screenshots:
            self.options.screenshots.mkdir(parents=True, exist_ok=True)
            subprocess.run(["import", "-window", "root", "-crop", "1960x760+0+0",
                            str(self.options.screenshots / f"look-{name}.png")], check=True,
                           env=self.desktop.env, timeout=60)
