#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An operator at the server window: from the first run to a delivered file, then clients are
disconnected, banned and let in again.

    server_operator.py --bin DIR [--keyboard] [--screenshots DIR]

With --keyboard no mouse is touched. State, rows and log are read as a screen reader reads them.
Exit code 0 only if everything is as it should be.
"""

import pathlib
import socket
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from desktop import (PATIENCE, Control, Desktop, NotSeen, arguments,  # noqa: E402
                     keep_to_this_computer, listening, own_session, run, wait_for)

LOCALHOST = "127.0.0.1"
CELL = "table cell"
LOG = "Lines of the log"


class Guest:
    """A telnet user from an address of their own."""

    def __init__(self, port, address):
        self.socket = socket.create_connection((LOCALHOST, port), PATIENCE, (address, 0))

    def greeted(self):
        try:
            return self.socket.recv(1000).startswith(b"#Server Ready.")
        except ConnectionError:
            return False

    def login(self, password):
        if not self.greeted():
            raise NotSeen("the greeting")
        self.socket.sendall(b"AUTH " + password.encode() + b"\r\n")
        if not self.socket.recv(1000).startswith(b"#You are logged in."):
            raise NotSeen("the login")

    def wait_for_end(self):
        try:
            while self.socket.recv(1000):
                pass
        except ConnectionError:
            pass


class Operator:
    """What a person does, with the mouse or with keys alone."""

    def __init__(self, desktop, server, keyboard):
        self.desktop, self.server, self.keyboard = desktop, server, keyboard

    def press(self, name, keys):
        """A button: by a click, or by `keys`."""
        button = self.server.find("push button", name)
        if self.keyboard:
            wait_for(lambda: button.enabled, f"{button} enabled")
            self.desktop.key(*keys)
        else:
            button.click()

    def add_folder(self, folder):
        self.press("Add a folder….*", ["Return"])
        self.server.find(("dialog", "file chooser"))
        self.desktop.key("ctrl+a")
        self.desktop.xdotool("type", "--delay", "4", "--", str(folder))
        self.desktop.key("Return")
        self.server.find(CELL, folder.name)

    def choose_row(self, number):
        """The newest session; it stands on top."""
        table = self.server.find(("tree table", "tree", "table"), "Sessions")
        cell = Control(self.desktop, table.accessible.get_table_iface().get_accessible_at(0, 0))
        if cell.name != number:
            raise NotSeen(f"session {number} on top: {cell}")
        if self.keyboard:
            self.server.activate()
            self.desktop.key("ctrl+t", "Home")
        else:
            cell.click()
        wait_for(lambda: cell.has("selected"), f"{cell} selected")

    def row_menu(self, number, item, key):
        self.choose_row(number)
        self.menu("Session", item, key)

    def menu(self, menu, item, key):
        if self.keyboard:
            self.desktop.key(key)
        else:
            self.server.find("menu item", menu).click()
            self.server.find("menu item", item).click()


def no_markup(server):
    """What a screen reader says of each control is words."""
    for control in server.all():
        for said in (control.name, control.accessible.get_description() or ""):
            if any(mark in said for mark in ("<qt", "<span", "<b>", "&lt;", "</")):
                raise NotSeen(f"no markup: {said} of {control}")


def reads(server, *sentences):
    """A screen reader finds each of them: a text, or the description of an empty table."""
    def said():
        return server.texts() + [c.accessible.get_description() for c in server.all()]
    for sentence in sentences:
        wait_for(lambda: any(sentence in text for text in said()),
                 lambda: f"“{sentence}” to be read: {said()}")


def rows(server):
    return server.table("Sessions")


def newest(server, text):
    """The ID in the first row, once the row holds `text`."""
    def seen():
        # Twice the same: cells are read one by one, and a row may come in between.
        table = rows(server)
        same = table and rows(server)[:1] == table[:1]
        return table[0][0] if same and text in " ".join(table[0]) else None
    return wait_for(seen, lambda: f"a row with “{text}” on top: {rows(server)}")


def deliver(desktop, options, port, password, content):
    target = desktop.folder / "arrived"
    target.mkdir()
    subprocess.run([options.bin / "ferry", "get", "-d", target, "--trust-new", "--quiet",
                    f"{LOCALHOST}:{port}", "/Things/notes.txt"], check=True, timeout=PATIENCE,
                   env={**desktop.env, "FERRY_PASSWORD": password}, capture_output=True)
    if (target / "notes.txt").read_bytes() != content:
        raise NotSeen("the file as it was")
    print("a file was delivered")


def main():
    options = arguments().parse_args()
    own_session()
    with Desktop() as desktop:
        things = desktop.folder / "Things"
        things.mkdir()
        content = b"Notes for the crossing\r\n" * 1000
        (things / "notes.txt").write_bytes(content)
        server = desktop.start(options.bin / "ferry-server", "--data-dir",
                               keep_to_this_computer(desktop.folder / "data"))
        server.place(10, 30, 1100, 800)
        server.wait_for_text("Stopped")
        reads(server, "Nobody can connect.", "Nothing is shared yet",
              "Add a folder to share, then press Start.", "Nothing yet",
              "Shared folders are listed here.\nYou can also drop one on this window.")
        operator = Operator(desktop, server, options.keyboard)
        operator.add_folder(things)
        reads(server, "Ready")
        operator.press("Start", ["ctrl+shift+s"])
        port = int(server.wait_for_text(r"Running at .*:(\d+)").group(1))
        classic, = listening(server.process) - {port}
        reads(server, "Waiting")
        print("it listens")
        password = server.find("text", "Password").text
        deliver(desktop, options, port, password, content)
        newest(server, "verified")

        guest = Guest(classic, "127.0.0.7")
        guest.login(password)
        operator.row_menu(newest(server, "127.0.0.7"), "Disconnect", "Delete")
        guest.wait_for_end()
        newest(server, "isconnected by you")
        print("a client was disconnected")

        guest = Guest(classic, "127.0.0.7")
        guest.login(password)
        banned = newest(server, "Logged in")
        operator.row_menu(banned, "Disconnect and ban….*", "shift+Delete")
        server.find("push button", "Ban")
        operator.press("Ban", ["Tab", "Return"])
        guest.wait_for_end()
        if Guest(classic, "127.0.0.7").greeted():
            raise NotSeen("nobody let in from a banned address")
        if not Guest(classic, "127.0.0.8").greeted():
            raise NotSeen("others let in")
        reads(server, "Log of 2 sessions")  # all of this person
        lines = server.table(LOG)
        log = "\n".join(" ".join(line) for line in lines)
        for said in ("Connected from 127.0.0.7", "anned by you"):
            if said not in log:
                raise NotSeen(f"“{said}” in the log:\n{log}")
        row = next(row for row in rows(server) if row[0] == banned)
        if "127.0.0.7" not in row or not any("anned by you" in cell for cell in row):
            raise NotSeen(f"address and outcome in the row: {row}")
        if "#Server Ready." in log:
            raise NotSeen(f"no protocol before somebody asks for it:\n{log}")
        if password in log:
            raise NotSeen("no password in the log")
        no_markup(server)
        print("a client was banned")
        if options.screenshots:
            server.screenshot(options.screenshots / "server-operator.png")

        operator.menu("Server", "Blocked addresses….*", "ctrl+b")
        server.find(CELL, "127.0.0.7")
        operator.press("Unblock", ["Delete"])
        wait_for(lambda: not server.table("Blocked addresses"), "no ban left")
        if not Guest(classic, "127.0.0.7").greeted():
            raise NotSeen("the forgiven one let in")
        print("the ban was lifted")
    print("All as it should be.")
    return 0


if __name__ == "__main__":
    run(main)
