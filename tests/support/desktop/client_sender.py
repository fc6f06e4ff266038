#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A person at the client window who gives: sends a folder, pauses it, goes on after the server was
killed and started again, and sees where nothing is taken.

    client_sender.py --bin DIR [--keyboard] [--screenshots DIR]

With --keyboard no mouse is touched. Exit code 0 only if everything is as it should be.
"""

import hashlib
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from client_person import (QUEUE, SLOW, Person, Server, row_of, same, start_client,  # noqa: E402
                           wait_for_state)
from desktop import Desktop, NotSeen, arguments, own_session, run, wait_for  # noqa: E402

LARGE = "large.bin"


def make_files(folder):
    (folder / "empty").mkdir(parents=True)
    (folder / "notes.txt").write_text("Notes for the crossing\n" * 50)
    (folder / LARGE).write_bytes(hashlib.shake_256(b"large").digest(12_000_000))


class Sender(Person):
    def send_folder(self, path):
        if self.keyboard:
            self.enter("Files on the server|Folders on the server")
            self.desktop.key("ctrl+shift+u")
        else:
            self.client.find("menu item", "File").click()
            self.client.find("menu item", "Send a folder…").click()
        self.choose_in_dialog(path)


def part_of(taken):
    return sum(p.stat().st_size for p in (taken / ".ferry-uploads").glob("*") if p.is_file())


def main():
    options = arguments().parse_args()
    own_session()
    with Desktop() as desktop:
        things, taken = desktop.folder / "Things", desktop.folder / "Given"
        trip = desktop.home / "trip"
        things.mkdir()
        taken.mkdir()
        make_files(trip)
        server = Server(desktop, options, things)
        gives = ("--share-add", f"Given={taken}")
        server.start("--limit-rate", SLOW, *gives)
        client = start_client(desktop, options)
        person = Sender(desktop, client, options.keyboard)
        person.connect(server.port)
        person.open_folder("Things")
        wait_for(lambda: not client.find("push button", "Send").enabled,
                 "no sending into what is read-only")
        print("where it is read-only, Send is off")
        if options.screenshots:
            client.screenshot(options.screenshots / "send-readonly.png")
        desktop.key("alt+Left") if options.keyboard else client.find("push button", "Back").click()
        person.open_folder("Given")
        wait_for(lambda: client.find("push button", "Send").enabled, "Send is on")

        person.send_folder(trip)
        wait_for_state(client, "trip", "Sending")
        wait_for(lambda: part_of(taken) > 500_000, "some of it on the server")
        if options.screenshots:
            client.screenshot(options.screenshots / "send-sending.png")
        person.pause_everything()
        wait_for_state(client, "trip", "Paused")
        print("a folder is sent, and paused")

        server.kill()
        client.wait_for_text("Connection lost.*")
        server.start(*gives)
        client.wait_for_text("Connected")
        before = part_of(taken)
        if before == 0:
            raise NotSeen("what had arrived is kept")
        person.resume_everything()
        wait_for_state(client, "trip", "^Sent, verified, 2 files$", 90)
        for name in ("notes.txt", LARGE):
            same(trip / name, taken / "trip" / name)
        if not (taken / "trip" / "empty").is_dir():
            raise NotSeen("the empty folder")
        if left := [p.name for p in (taken / "trip").iterdir()
                    if p.name not in ("notes.txt", LARGE, "empty")]:
            raise NotSeen(f"nothing else: {left}")
        if not re.match("trip, upload, ", row_of(client, "trip")[0]):
            raise NotSeen(f"the direction in {row_of(client, 'trip')} of {QUEUE}")
        print("after the server came back, the rest arrived, verified")
        if options.screenshots:
            client.screenshot(options.screenshots / "send-done.png")
        if code := client.close():
            raise NotSeen(f"a proper end: {code}\n{client.log.read_text()}")
    print("All as it should be.")
    return 0


if __name__ == "__main__":
    run(main)
