#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Three windows and a telnet on one server: people talk to all and to one; files are given, saved,
declined and taken back; one is cut off by a restart of the server, and goes on.

    people_talk.py --bin DIR [--keyboard] [--screenshots DIR]

With --keyboard no mouse is touched in the windows of the two. Exit code 0 only if everything is as it
should be.
"""

import hashlib
import pathlib
import re
import socket
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from client_person import PASSWORD, Person, same, wait_for_state  # noqa: E402
from desktop import (PATIENCE, Desktop, NotSeen, arguments, keep_to_this_computer,  # noqa: E402
                     listening, own_session, run, wait_for)

PEOPLE = "People on the server"
LARGE = 24_000_000  # more than what may be on its way when the server is gone
SLOW = 4_000_000  # bytes per second: there is time to stop the server


class Operator:
    """The server window, at the same ports after a restart."""

    def __init__(self, desktop, options):
        self.desktop, self.options = desktop, options
        self.folder = keep_to_this_computer(desktop.folder / "server")
        self.settings = self.folder / "ferry-server.ini"
        self.share = desktop.folder / "Things"
        self.share.mkdir()
        self.write(members="true", password=PASSWORD)
        self.port = 0

    def write(self, **values):
        lines = [line for line in self.settings.read_text().splitlines()
                 if line.split("=")[0] not in values]
        self.settings.write_text("\n".join(
            lines[:1] + [f"{name}={value}" for name, value in values.items()] + lines[1:]) + "\n")

    def start(self):
        self.window = self.desktop.start(self.options.bin / "ferry-server", "--data-dir", self.folder,
                                         "--share", f"Things={self.share}")
        self.window.place(10, 620)
        self.window.find("push button", "Start").click()
        self.port = int(self.window.wait_for_text(r"Running at .*?:(\d+)").group(1))

    def telnet(self):
        return Telnet((listening(self.window.process) - {self.port}).pop())

    def kill(self):
        self.window.process.kill()
        self.window.process.wait()
        # Those who come back look for it where it was.
        head, tls = self.settings.read_text().split("[tls]")
        self.settings.write_text(f"{head}[tls]{tls.replace('port=0', f'port={self.port}', 1)}")


class Talker(Person):
    def __init__(self, desktop, options, name, place, **settings):
        self.called = name
        self.folder = desktop.folder / name
        self.folder.mkdir(mode=0o700)
        self.saved = self.folder / "saved"
        self.saved.mkdir()
        lines = ["[ferry]", "version=1", "[people]", f"name={name}"]
        lines += [f"[{group}]\n{value}" for group, value in settings.items()]
        (self.folder / "client.ini").write_text("\n".join(lines) + "\n")
        client = desktop.start(options.bin / "ferry-client", "--data-dir", self.folder)
        client.place(*place, 900, 560)
        super().__init__(desktop, client, options.keyboard)

    def look(self):
        self.client.activate()

    def open_people(self):
        self.look()
        if self.keyboard:
            self.desktop.key("F9")
        else:
            self.client.find("check box", r"People.*").click()
        self.client.find("list", PEOPLE)

    def people(self):
        return [item for item in self.client.find("list", PEOPLE).below() if item.role == "list item"]

    def go_to(self, control, key):
        """By keys: `key` leads around the window, past whatever else there is."""
        for _ in range(60):
            if control.has("focused"):
                return
            self.desktop.key(key)
        raise NotSeen(f"the focus on {control}\n{self.client.describe()}")

    def talk_to(self, name):
        self.look()
        def place():
            return next((n for n, item in enumerate(self.people())
                         if re.fullmatch(rf"{name}( \(\d+\))?(, .*)?", item.name)), None)
        wait_for(lambda: place() is not None,
                 lambda: f"{name} among {[i.name for i in self.people()]}")
        wanted = place()
        if not self.keyboard:
            self.people()[wanted].click()
        else:
            self.go_to(self.client.find("list", PEOPLE), "shift+Tab")
            for row in range(wanted + 1):
                self.desktop.key("Down" if row else "Home")
                wait_for(lambda: self.people()[row].has("selected"), f"row {row} of {PEOPLE}")
        wait_for(lambda: self.people()[wanted].has("selected"), f"{name} selected")

    def say(self, text):
        self.look()
        line = self.client.find("text", "A message")
        if self.keyboard:
            self.go_to(line, "Tab")
            self.desktop.xdotool("type", "--delay", "4", "--", text)
        else:
            line.type(text)
        self.desktop.key("Return")

    def hears(self, pattern):
        self.client.wait_for_text(pattern)

    def give(self, path):
        self.look()
        if self.keyboard:
            self.desktop.key("ctrl+g")
        else:
            self.client.find("push button", "Give a file to this person").click()
        self.choose_in_dialog(path)

    def press_card(self, name):
        """A button of a card, by what a screen reader calls it."""
        self.look()
        button = self.client.find("push button", name)
        if not self.keyboard:
            button.click()
            return
        self.go_to(button, "Tab")
        self.desktop.key("space")

    def save(self, name):
        self.press_card(f"Save {re.escape(name)}")
        self.choose_in_dialog(self.saved)


class Telnet:
    """The guest who types, in plain text."""

    def __init__(self, port):
        self.line = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.ask(f"AUTH {PASSWORD}", "logged in")

    def ask(self, words, answer):
        self.line.sendall(words.encode() + b"\r\n")
        got = b""
        while answer.encode() not in got:
            if not (more := self.line.recv(4096)):
                raise NotSeen(f"“{answer}” in {got}")
            got += more
        return got.decode()

    def news(self):
        """What was written since it was asked the last time."""
        return self.ask("NEWS", "#End of news.")


def main():
    options = arguments().parse_args()
    own_session()

    def picture(person, what):
        if options.screenshots:
            person.client.screenshot(options.screenshots / f"people-{what}.png")

    with Desktop() as desktop:
        plan, large = desktop.home / "plan.txt", desktop.home / "large.bin"
        plan.write_text("The plan\n" * 100)
        large.write_bytes(hashlib.shake_256(b"large").digest(LARGE))
        operator = Operator(desktop, options)
        operator.start()
        anna = Talker(desktop, options, "Anna", (10, 30), queue=f"bytesPerSecond={SLOW}")
        ben = Talker(desktop, options, "Ben", (950, 30))
        for person in (anna, ben):
            person.look()
            person.connect(operator.port)
            person.open_people()
        telnet = operator.telnet()
        for person in (anna, ben):
            person.talk_to("Everyone")
        anna.say("Dinner is at six")
        ben.hears("Dinner is at six")
        wait_for(lambda: "Anna to all: Dinner is at six" in telnet.news(), "news by telnet")
        telnet.ask("TELL I have only a telnet", "#Message sent.")
        for person in (anna, ben):
            person.hears("I have only a telnet")
        print("all talk, and one of them by telnet")

        ben.talk_to("Anna")
        anna.talk_to("Ben")
        ben.say("Is the plan ready?")
        anna.hears("Is the plan ready")
        anna.say("Give it to me")
        ben.hears("Give it to me")
        if "plan" in (news := telnet.news()):
            raise NotSeen(f"what is said to one is for that one: {news}")
        print("two people talk")

        ben.give(plan)
        anna.client.find("label", r"Ben \(\d+\) offers plan\.txt, .*")
        picture(anna, "offer")
        anna.save("plan.txt")
        anna.hears("Verified")
        ben.client.find("label", r"Anna \(\d+\) saved plan\.txt")
        same(plan, anna.saved / "plan.txt")
        print("a file is given and saved")
        picture(anna, "saved")

        ben.give(plan)
        anna.press_card("Decline plan.txt")
        ben.client.find("label", r"Anna \(\d+\) declined plan\.txt")
        print("one is declined")

        ben.give(plan)
        ben.press_card("Take back plan.txt")
        anna.client.find("label", r"Ben \(\d+\) took back plan\.txt")
        print("one is taken back")

        ben.give(large)
        anna.save("large.bin")
        part = wait_for(lambda: next((p for p in anna.saved.glob("*.part")
                                      if p.stat().st_size > SLOW // 4), None), "some of it saved")
        picture(anna, "saving")
        operator.kill()
        anna.hears("Connection lost.*")
        wait_for_state(anna.client, large.name, "Waiting|retrying")
        if not part.exists():
            raise NotSeen("what had come is kept")
        operator.start()
        wait_for(lambda: (anna.saved / "large.bin").exists(), "the rest of it")
        same(large, anna.saved / "large.bin")
        operator.telnet().news()
        print("one goes on after a restart of the server")
        picture(ben, "restarted")
        for person in (anna, ben):
            if code := person.client.close():
                raise NotSeen(f"a proper end: {code}\n{person.client.log.read_text()}")
    print("All as it should be.")
    return 0


if __name__ == "__main__":
    run(main)
