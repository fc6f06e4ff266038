#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes the pictures of README.md anew: both windows are used, and photographed.

    pictures.py --bin DIR [--only NAME] TO    TO: docs/images
"""

import argparse
import pathlib
import socket
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from desktop import (Desktop, keep_to_this_computer, listening, own_session,  # noqa: E402
                     run, wait_for)

LOCALHOST = "127.0.0.1"
CROWD = 191
LARGE = 300_000_000


class Scene:
    """A server window that shares two folders, and its password."""

    def __init__(self, desktop, options, size, env=None):
        self.desktop = desktop
        self.bin = options.bin
        photos, documents = desktop.home / "Photos", desktop.home / "Documents"
        for folder in (photos / "2026", documents):
            folder.mkdir(parents=True)
        for number in range(1, 13):
            (documents / f"plan {number}.pdf").write_bytes(number.to_bytes(1, "big") * 10_080 * number)
            (photos / "2026" / f"harbour {number}.jpg").write_bytes(bytes([number]) * 3_200_000)
        for name in ("boats.raw", "ferry.raw"):
            with (photos / name).open("wb") as file:
                file.truncate(LARGE)
        data = keep_to_this_computer(desktop.folder / "server")
        self.server = desktop.start(self.bin / "ferry-server", "--data-dir", data,
                                    "--share", f"Photos={photos}", "--share",
                                    f"Documents={documents}", env=env)
        self.server.place(10, 30, *size)
        self.server.find("push button", "Start").click()
        self.port = int(self.server.wait_for_text(r"Running at .*?:(\d+)").group(1))
        lines = (data / "ferry-server.ini").read_text().splitlines()
        self.settings = dict(line.split("=", 1) for line in lines if "=" in line)
        self.password = self.settings["password"]
        self.running = []

    def end(self):
        for process in self.running:
            process.terminate()
            process.wait(30)

    def ferry(self, *words, wait=True):
        command = [self.bin / "ferry", *words[:1], "--quiet", "--trust-new", "--data-dir",
                   self.desktop.folder / "command", *words[1:]]
        process = subprocess.Popen(command, env={**self.desktop.env, "FERRY_PASSWORD": self.password},
                                   stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if wait:
            process.wait(120)
        else:
            self.running.append(process)

    def photograph(self, program, path):
        # Away from the window, where nothing is explained.
        self.desktop.xdotool("mousemove", "1990", "1290")
        program.activate()
        program.screenshot(path)
        # Few colours are in a window, and a picture of them is a third as large.
        subprocess.run(["convert", path, "-strip", "+dither", "-colors", "255", f"png8:{path}"], check=True)


def server(desktop, options, path):
    scene = Scene(desktop, options, (1100, 760))
    folder = desktop.home / "got"
    scene.ferry("get", "-d", folder, f"{LOCALHOST}:{scene.port}", "Documents", "Photos/2026")
    scene.ferry("get", "-d", folder, "--limit-rate", "20M", f"{LOCALHOST}:{scene.port}",
                "Photos/boats.raw", wait=False)
    scene.server.wait_for_text(r"^/?Photos/boats.raw")
    scene.server.wait_for_text(r"^2\d %")
    scene.photograph(scene.server, path)
    scene.end()


def crowd(desktop, options, path):
    scene = Scene(desktop, options, (900, 600), {"FERRY_COLOR_SCHEME": "dark"})
    port = (listening(scene.server.process) - {scene.port}).pop()
    password = scene.settings.get("classicPassword", scene.password)
    people = []
    for number in range(CROWD):
        person = socket.socket()
        # So many from one address would not be let in.
        person.bind((f"127.0.0.{number % 250 + 2}", 0))
        person.connect((LOCALHOST, port))
        person.sendall(b"AUTH " + password.encode() + b"\r\n")
        people.append(person)
        if number % 40 == 39:
            scene.server.wait_for_text(f"^{number + 1} of ")
    scene.server.wait_for_text(f"^{CROWD} of ")

    def read(person):
        try:
            while person.recv(1 << 16):
                threading.Event().wait(0.02)
        except OSError:
            pass

    for number, person in enumerate(people):
        if number % 3 == 0:
            person.sendall(b"FILE Documents/plan 1.pdf\r\n")
        if number % 60 == 7:
            person.sendall(b"FILE Photos/boats.raw\r\n")
        threading.Thread(target=read, args=(person,), daemon=True).start()
    scene.server.find(None, "Sharing, address and password")  # folded away
    scene.server.wait_for_text(r"^\d+ %")
    scene.photograph(scene.server, path)
    for person in people:
        person.close()


def connect(scene, desktop, options, size, contact=None):
    data = desktop.folder / "client"
    data.mkdir(mode=0o700)
    # Slow enough for a picture of what is under way.
    (data / "client.ini").write_text(f"[ferry]\nversion=1\n[queue]\nbytesPerSecond={LARGE // 30}\n")
    client = desktop.start(options.bin / "ferry-client", "--data-dir", data,
                           f"{LOCALHOST}:{scene.port}", env={"FERRY_PASSWORD": scene.password})
    client.place(10, 30, *size)
    client.find("menu item", "File").click()
    client.find("menu item", "Communicate").click()
    client.find("label", r"Fingerprint [0-9A-F ]+")
    if contact:
        scene.photograph(client, contact)
    client.find("push button", "It matches.*").click()
    client.wait_for_text(r"Connected")
    return client


def client_at_work(desktop, options, path):
    scene = Scene(desktop, options, (900, 600))
    client = connect(scene, desktop, options, (1280, 900))
    client.find("table cell", "Photos, .*|Photos").click(times=2)
    client.find("table cell", "2026, .*|2026")
    client.activate()
    desktop.key("ctrl+p")
    for name in ("Documents/plan 7.pdf", "Photos/2026"):
        client.find("text", "Paths on the server.*").type(name)
        client.find("push button", "Add.*").click()
    client.wait_for_text(r"^Verified, 12")
    for name in ("Photos/boats.raw", "Photos/ferry.raw"):
        client.find("text", "Paths on the server.*").type(name)
        client.find("push button", "Add.*").click()
    desktop.key("ctrl+p")
    wait_for(lambda: any("%" in text for text in client.texts()), "progress")
    scene.photograph(client, path)


def contact(desktop, options, path):
    scene = Scene(desktop, options, (900, 600))
    connect(scene, desktop, options, (1000, 700), path)


PICTURES = {"ferry-server": server, "ferry-server-200": crowd, "ferry-client": client_at_work,
            "ferry-client-contact": contact}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--only", choices=PICTURES)
    parser.add_argument("to", type=pathlib.Path)
    options = parser.parse_args()
    if not options.only:
        # Each on a desktop of its own.
        for name in PICTURES:
            subprocess.run([sys.executable, *sys.argv, "--only", name], check=True)
        return
    own_session()
    with Desktop() as desktop:
        PICTURES[options.only](desktop, options, options.to / f"{options.only}.png")
    print(f"{options.only}.png")


if __name__ == "__main__":
    run(main)
