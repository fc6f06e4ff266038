#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The main job, as a person does it: Start in one window, Communicate in the other, three files.

    first_transfer.py --bin DIR [--screenshots DIR] [--megabytes N]

Starts ferry-server and ferry-client from DIR on a display of its own, clicks and types, compares
what arrived with the originals, and says so. Exit code 0 only if everything is as it should be.
"""

import argparse
import hashlib
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from desktop import (Desktop, NotSeen, keep_to_this_computer, own_session,  # noqa: E402
                     run, wait_for)

LOCALHOST = "127.0.0.1"


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--screenshots", type=pathlib.Path)
    parser.add_argument("--megabytes", type=int, default=200)
    return parser.parse_args()


def make_files(folder, megabytes):
    """A text with the dialect's own trailer line in it, and bytes of every kind."""
    folder.mkdir()
    text = folder / "notes.txt"
    text.write_text("Notes for the crossing\r\n#File Things/notes.txt sent successfully.\r\n"
                    + "Ferry says grüezi.\n" * 200, encoding="utf-8")
    binary = folder / "cargo.bin"
    with binary.open("wb") as out:
        for block in range(megabytes):
            out.write(hashlib.shake_256(block.to_bytes(4, "big")).digest(1_000_000))
    return text, binary


def checksum(path):
    with path.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def start_server(desktop, options, share):
    server = desktop.start(options.bin / "ferry-server", "--data-dir",
                           keep_to_this_computer(desktop.folder / "server"), "--share",
                           f"Things={share}")
    server.place(10, 30)
    if options.screenshots:
        server.screenshot(options.screenshots / "server-stopped.png")
    server.find("push button", "Start").click()
    port = server.wait_for_text(r"Running at .*?:(\d+)").group(1)
    print(f"Ferry Server listens on {LOCALHOST}:{port}")
    return server, port


def communicate(desktop, server, options, port):
    client = desktop.start(options.bin / "ferry-client", "--data-dir", desktop.folder / "client")
    client.place(1000, 30)
    if options.screenshots:
        client.screenshot(options.screenshots / "client-welcome.png")
    client.find("combo box", "Address of the server").type(f"{LOCALHOST}:{port}")
    # The password goes the way a person takes it on one computer: by the clipboard.
    server.activate()
    server.find("push button", "Copy the password").click()
    client.activate()
    client.find("password text", "Password of the server").click()
    desktop.key("ctrl+v")
    client.find("menu item", "File").click()
    client.find("menu item", "Communicate").click()
    # First contact: the person compares what both windows show.
    offered = client.find("label", r"Fingerprint [0-9A-F ]+").name
    shown = server.find("label", r"Fingerprint [0-9A-F ]+").name
    if offered != shown:
        raise NotSeen(f"the same fingerprint in both windows: “{offered}”, “{shown}”")
    if options.screenshots:
        client.screenshot(options.screenshots / "client-first-contact.png")
    client.find("push button", "It matches.*").click()
    client.wait_for_text(r"Connected")
    print("Ferry Client is connected")
    return client


def download(desktop, client, names):
    # By path, so that a name which the server has not can be asked for too.
    client.activate()
    desktop.key("ctrl+p")
    for name in names:
        client.find("text", "Paths on the server.*").type(f"Things/{name}")
        client.find("push button", "Add.*").click()
    return wait_for(lambda: ended(client, names), lambda: f"all ended: {client.table('Downloads')}", 300)


def ended(client, names):
    """The rows of the queue, once each of them is at its end."""
    rows = client.table("Downloads")
    under_way = "Waiting|Requested|Checking|Downloading|Stalled|Saving|retrying|Paused"
    if len(rows) == len(names) and not any(re.search(under_way, " ".join(row)) for row in rows):
        return rows
    return None


def compare(originals, folder, rows):
    """What is wrong; nothing if all is well."""
    wrong = []
    print("\nwhat arrived:")
    for original in originals:
        copy = folder / original.name
        if not copy.is_file():
            wrong.append(f"{original.name} did not arrive")
            continue
        sent, got = checksum(original), checksum(copy)
        print(f"  {original.name:10} {copy.stat().st_size:>11,} bytes  sha256 {got}"
              f"  {'like the original' if got == sent else 'NOT the original ' + sent}")
        if got != sent:
            wrong.append(f"{original.name} is not what was sent")
    others = sorted({p.name for p in folder.glob("*")} - {o.name for o in originals})
    if others:
        wrong.append(f"files that nobody asked for: {', '.join(others)}")
    for original in originals:
        row = " ".join(r for r in map(" ".join, rows) if original.name in r)
        print(f"  {original.name}: the queue says “{row.strip()}”")
        if "Verified" not in row:
            wrong.append(f"{original.name} is not shown as verified")
    missing = [" ".join(row) for row in rows if "missing.txt" in " ".join(row)]
    print(f"  missing.txt: the queue says “{missing[0].strip() if missing else 'nothing'}”")
    if not missing or "ot found" not in missing[0]:
        wrong.append("missing.txt is not shown as not found")
    return wrong


def main():
    options = arguments()
    own_session()
    with Desktop() as desktop:
        originals = make_files(desktop.folder / "Things", options.megabytes)
        server, port = start_server(desktop, options, desktop.folder / "Things")
        client = communicate(desktop, server, options, port)
        rows = download(desktop, client, [*(o.name for o in originals), "missing.txt"])
        wrong = compare(originals, desktop.home / "Downloads", rows)
        if options.screenshots:
            print("\nscreenshots:")
            for program in (server, client):
                print(" ", program.screenshot(options.screenshots / f"{program.name}.png"))
        for program in (client, server):
            code = program.close()
            if code:
                wrong.append(f"{program.name} ended with {code}:\n{program.log.read_text()}")
    print("\n" + ("\n".join(f"WRONG: {fault}" for fault in wrong) or "All as it should be."))
    return 1 if wrong else 0


if __name__ == "__main__":
    run(main)
