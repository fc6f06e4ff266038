#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Both windows at one table: an operator and a guest do to each other what people do, and each window
has to say what is so.

    second_look.py --bin DIR [--keyboard] [--screenshots DIR] [--only STEP ...]

With --keyboard no mouse is touched. A step that fails does not end the run, for the next ones to be seen
as well; the exit code is 0 only if all is as it should be.
"""

import pathlib
import re
import socket
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from client_person import BROWSER, LOCALHOST, PASSWORD, QUEUE, TABLES, row_of, same, wait_for_state  # noqa: E402
from desktop import Control, Desktop, NotSeen, arguments, own_session, run, wait_for  # noqa: E402
from table import Table, need  # noqa: E402

MARKUP = re.compile(r"<(qt|span|b|p|br|a|i)\b|&[a-z]+;|</")
NAMED = ("push button", "toggle button", "check box", "radio button", "combo box", "text", "password text",
         "spin button", "table", "tree table", "tree", "list", "page tab list", "menu item", "slider")


def cancel(table):
    """While it connects: Cancel, no hint to type what is typed, and nothing jumps."""
    with socket.create_server((LOCALHOST, 0)) as silent:
        guest = table.guest
        guest.look()
        before = guest.client.find(None, QUEUE + "|Nothing in the queue.*").area
        table.type_in(f"{LOCALHOST}:{silent.getsockname()[1]}", PASSWORD)
        button = guest.client.find("push button", "Cancel")
        for text in guest.client.texts():
            need("Type the" not in text, f"no hint while it connects: {text}")
        after = guest.client.find(None, QUEUE + "|Nothing in the queue.*").area
        need(before == after, f"nothing jumps: {before} {after}")
        table.picture("cancel")
        guest.press("Cancel", "ctrl+Return")
        guest.client.find("push button", "Communicate")
        need(not button.has("showing") or button.name != "Cancel", "one button")
    return "the guest cancelled"


def wrong_password(table):
    guest = table.guest
    table.type_in(f"{LOCALHOST}:{table.port}", "wrong wrong wrong")
    guest.answer("It matches.*", "alt+m")
    said = guest.client.wait_for_text("[Ww]rong password.*").group(0)
    table.row_with(r"\d+ visits?, no login")  # folded; the log says why
    wait_for(lambda: any("rong password" in " ".join(line) for line in table.host.client.table("Lines of the log")),
             lambda: f"why, in the log: {table.host.client.table('Lines of the log')}")
    table.picture("wrong")
    table.type_in(f"{LOCALHOST}:{table.port}", "also wrong")
    wait_for(lambda: guest.client.find("push button", "Communicate").enabled, "an answer")
    table.be_connected()
    return f"“{said}”, then in, with one question of the fingerprint"


def live(table):
    """Shares and password change while the guest stays."""
    table.be_connected()
    host, guest = table.host, table.guest
    more = table.desktop.folder / "More"
    more.mkdir()
    (more / "more.txt").write_text("more\n")
    host.look()
    if not host.client.all(TABLES, "Shared folders"):
        host.desktop.key("F9")  # folded away since somebody is here
    if host.keyboard:
        host.desktop.key("ctrl+o")
    else:
        host.client.find("push button", "Add folder.*").click()
    host.choose_in_dialog(more)
    host.client.find("table cell", "More")
    guest.look()
    if guest.client.table(BROWSER) and any("note 0" in r[0] for r in guest.client.table(BROWSER)):
        guest.desktop.key("alt+Up")
    guest.cell(BROWSER, "More")
    field = host.client.find(("text", "password text"), "Password")
    host.write(field, "abc")
    host.client.wait_for_text("Weak")
    table.picture("password")
    host.desktop.key("Escape")
    wait_for(lambda: field.text == PASSWORD or not host.client.all("push button", "Use this password"),
             f"the old one back: {field.text}")
    host.write(field, "abcd")
    host.go_to(host.client.find(TABLES, "Shared folders"), "shift+Tab")
    need(host.client.all("push button", "Use this password"), "leaving the field changes nothing")
    host.write(field, "quay lantern rope barge heron salt")
    host.desktop.key("Return")
    wait_for(lambda: not host.client.all("push button", "Use this password"), "the new one taken")
    need(not [t for t in host.client.texts() if "estart" in t], "no restart asked for")
    guest.client.find(None, "Connected.*")
    host.write(field, PASSWORD)
    host.desktop.key("Return")
    wait_for(lambda: not host.client.all("push button", "Use this password"), "the old one again")
    cell = next(c for c in host.client.all("table cell", "More"))
    if host.keyboard:
        host.go_to(host.client.find(TABLES, "Shared folders"), "shift+Tab")
        host.desktop.key("End", "Delete")
    else:
        cell.click()
        host.client.find("push button", "Remove").click()
    guest.look()  # a listing is read anew in front of somebody
    wait_for(lambda: not any(r[0].startswith("More") for r in guest.client.table(BROWSER)), "More gone")
    guest.client.find(None, "Connected.*")
    return "a share and the password came and went, the guest stayed"


def sent_away(table):
    """Disconnect lasts and says why, with an empty queue as well."""
    guest, host = table.guest, table.host
    table.clear_queue()
    told = []
    for busy in (False, True):
        table.be_in_things()
        if busy:
            guest.download("slow 0.bin")
            wait_for_state(guest.client, "slow 0.bin", "Downloading")
        host.look()
        host.client.wait_for_text("127.0.0.1")
        if host.keyboard:
            host.desktop.key("ctrl+t", "Home", "Delete")
        else:
            target = host.client.find(TABLES, "Sessions").accessible.get_table_iface()
            Control(host.desktop, target.get_accessible_at(0, 0)).click()
            host.menu(("Session", "Disconnect"))
        guest.client.find("push button", "Communicate")
        told.append(guest.client.wait_for_text("(?i).*(operator|disconnected|server ended|person).*").group(0))
        table.row_with("isconnected by you")
        table.picture(f"sent-away-{busy}")
        if busy:
            need(not re.search("retrying", row_of(guest.client, "slow 0.bin")[4]),
                 f"it waits for a person: {row_of(guest.client, 'slow 0.bin')}")
    need(guest.client.all("push button", "Communicate"), "still away")
    table.be_connected()
    wait_for_state(guest.client, "slow 0.bin", "Downloading")
    table.clear_queue()
    return f"{told}"


def stop_asks(table):
    table.be_in_things()
    guest, host = table.guest, table.host
    guest.download("slow 0.bin")
    wait_for_state(guest.client, "slow 0.bin", "Downloading")
    host.look()
    host.desktop.key("F5")
    table.stop()
    asked = host.client.wait_for_text("(?s).*disconnected.*").group(0)
    host.client.find("push button", "Finish transfers, then stop")
    table.picture("stop")
    host.desktop.key("Escape")
    host.client.wait_for_text("Running at")
    wait_for_state(guest.client, "slow 0.bin", "Downloading")
    table.stop()
    host.answer("Finish transfers, then stop", "alt+f")
    host.client.wait_for_text("Finishing current transfers")
    table.picture("draining")
    wait_for_state(guest.client, "slow 0.bin", "Verified", 60)
    same(table.things / "slow 0.bin", table.saved / "slow 0.bin")
    host.client.wait_for_text("^Stopped")
    lost = guest.client.wait_for_text("(?i).*(stopp|lost|closed|shutting).*").group(0)
    table.picture("stopped")
    (table.saved / "slow 0.bin").unlink()
    table.start()
    if guest.client.all("push button", "Stop"):
        guest.look()
        guest.press("Stop", "ctrl+Return")
    # At another port it is asked once more whether that is the server.
    table.type_in(f"{LOCALHOST}:{table.port}", PASSWORD)
    guest.answer("It matches.*", "alt+m")
    table.be_connected()
    table.clear_queue()
    return f"“{asked}”, then “{lost}”"


def tabs(table):
    table.be_in_things()
    guest = table.guest
    for name in ("note 0.txt", "slow 0.bin", "slow 1.bin"):
        guest.download(name)
    wait_for_state(guest.client, "note 0.txt", "Verified|Already|exists|Saved")
    names = [tab.name for tab in guest.client.all("page tab")]
    for word in ("All", "Active", "Waiting", "Paused", "Attention", "Done"):
        need(any(re.fullmatch(rf"{word} \d+", name) for name in names), f"{word} with its count: {names}")
    table.picture("tabs")
    return ", ".join(names)


def remove_and_undo(table):
    """The part stays for ten seconds."""
    table.be_in_things()
    guest = table.guest
    if not row_of(guest.client, "slow 1.bin"):
        guest.download("slow 1.bin")
    part = wait_for(lambda: next((p for p in table.saved.glob("slow 1*.part")
                                  if p.stat().st_size > 200_000), None), "some of slow 1.bin")
    guest.choose(QUEUE, row_of(guest.client, "slow 1.bin")[0].split(",")[0])
    guest.desktop.key("Delete")
    guest.client.wait_for_text("1 file removed")
    need(part.exists(), "the part stays until then")
    had = part.stat().st_size
    table.picture("removed")
    guest.press("Undo", "ctrl+z")
    wait_for(lambda: row_of(guest.client, "slow 1.bin"), "the row again")
    wait_for_state(guest.client, "slow 1.bin", "Downloading|Waiting|Checking|Stalled")
    need(part.stat().st_size >= had, "it goes on")
    return f"{had} bytes were kept"


def other_folder(table):
    """A queued file goes elsewhere, and rows with one name can be told apart."""
    table.be_in_things()
    guest = table.guest
    guest.download("slow 2.bin")
    wait_for(lambda: row_of(guest.client, "slow 2.bin"), "the row")
    elsewhere = table.desktop.home / "Elsewhere"
    elsewhere.mkdir(exist_ok=True)
    guest.choose(QUEUE, row_of(guest.client, "slow 2.bin")[0].split(",")[0])
    # What runs stays where it is.
    guest.press("Pause", "space")
    wait_for_state(guest.client, "slow 2.bin", "Paused")
    if guest.keyboard:
        guest.desktop.key("shift+F10")
    else:
        guest.cell(QUEUE, "slow 2.bin").click(button=3)
    # No screen reader finds a menu that stands by itself: the picture has it, the key chooses.
    wait_for(table.popup, "the menu of the row")
    table.picture("row-menu")
    guest.desktop.key("h")
    guest.choose_in_dialog(elsewhere)
    guest.choose(QUEUE, row_of(guest.client, "slow 2.bin")[0].split(",")[0])
    guest.press("Resume", "space")
    wait_for(lambda: list(elsewhere.glob("slow 2.bin*")) or None, "it goes there", 60)
    table.picture("other-folder")
    table.clear_queue()
    return str([p.name for p in elsewhere.iterdir()])


def checking(table):
    """What is here already is compared, and called so."""
    table.be_in_things()
    guest = table.guest
    table.clear_queue()
    subprocess.run(["cp", "--sparse=never", str(table.things / "large.bin"),
                    str(table.saved / "large.bin")], check=True)
    guest.download("large.bin")
    states = []
    def seen():
        row = row_of(guest.client, "large.bin")
        if row and (not states or states[-1] != row[4]):
            states.append(row[4])
            if "Checking" in row[4]:
                table.picture("checking")
        return states and re.search("Verified|Already|exists", states[-1])
    wait_for(seen, lambda: f"an end: {states}")
    table.picture("checked")
    table.clear_queue()
    return " > ".join(states)


def group(table):
    """One who mistypes is one line."""
    for number in range(6):
        subprocess.run([table.options.bin / "ferry", "ls", "--trust-new", "--quiet", "--data-dir",
                        table.desktop.folder / "stranger", f"{LOCALHOST}:{table.port}"], check=False,
                       capture_output=True, timeout=60,
                       env={**table.desktop.env, "FERRY_PASSWORD": f"wrong {number}"})
    table.row_with(r"\d+ visits?, no login")
    table.picture("group")
    return "\n    " + "\n    ".join(str(row) for row in table.sessions())


def columns(table):
    """Nothing in a column is cut that others have room for: read from the picture."""
    for hands, name in ((table.host, "Sessions"), (table.guest, BROWSER)):
        control = hands.client.find(TABLES, name)
        parts = control.accessible.get_table_iface()
        x, _, width, _ = control.area
        places = [Control(table.desktop, parts.get_accessible_at(0, n)).area for n in range(parts.get_n_columns())]
        need(all(place[0] + place[2] <= x + width + 1 for place in places if place[2] > 0),
             f"columns within the table: {places} in {control.area}")
    table.picture("columns")
    return "they fit"


def colors(table):
    """Dark and light, at once."""
    def brightness(hands):
        path = table.desktop.folder / "colour.png"
        hands.client.screenshot(path)
        done = subprocess.run(["convert", str(path), "-colorspace", "Gray", "-format", "%[fx:mean]", "info:"],
                              check=True, capture_output=True, text=True)
        return float(done.stdout)
    hands = table.host  # the client has it in its settings
    for scheme, key, right in (("Dark", "d", lambda b: b < 0.4), ("Light", "l", lambda b: b > 0.6)):
        hands.menu(("View", "Appearance", scheme), "alt+v", "p", key)
        wait_for(lambda: right(brightness(hands)), lambda: f"{scheme}: {brightness(hands)}")
        table.picture(f"scheme-{scheme}")
    return "dark and light"


def words(table):
    """What a screen reader says: no markup, no control without a name, no “(s)”."""
    for hands in (table.host, table.guest):
        hands.look()
        faults = []
        def read():
            for control in hands.client.all():
                name, more = control.name, control.accessible.get_description() or ""
                if MARKUP.search(name) or MARKUP.search(more) or "(s)" in name + more:
                    faults.append(f"words: {control} {more}")
                if control.role in NAMED and not name:
                    parent = control.accessible.get_parent()
                    faults.append(f"no name: {control} {control.area} in {parent and parent.get_name()!r}"
                                  f" {parent and parent.get_role_name()} ({more})")
        read()
        for key, close in (("ctrl+comma", "Escape"), ("F1", "Escape"), ("ctrl+b", "Escape"),
                           ("ctrl+h" if hands is table.host else "ctrl+p",
                            "Escape" if hands is table.host else "ctrl+p"),
                           ("ctrl+m" if hands is table.host else "F12",
                            "ctrl+l" if hands is table.host else "F12")):
            before = len(hands.client.all())
            hands.desktop.key(key)
            wait_for(lambda: len(hands.client.all()) != before, f"what {key} opens")
            read()
            table.picture(f"words-{hands.client.name}-{key}")
            hands.desktop.key(close)
            hands.look()
        need(not faults, "\n".join(sorted(set(faults))))
    return "all named, all words"


def second(table):
    """Another Ferry Server on the same settings."""
    other = table.another_server()
    said = other.wait_for_text("(?s).*in use by another window.*").group(0)
    table.picture("second")
    other.activate()
    table.desktop.key("Escape")
    wait_for(lambda: other.process.poll() is not None, "its end")
    need(other.process.returncode, "a code that says so")
    table.host.client.find("push button", "Stop")
    return f"code {other.process.returncode}: {said}"


STEPS = [cancel, wrong_password, live, sent_away, stop_asks, tabs, remove_and_undo, other_folder, checking,
         group, columns, colors, words, second]


def main():
    parser = arguments()
    parser.add_argument("--only", nargs="+", choices=[step.__name__ for step in STEPS])
    options = parser.parse_args()
    own_session()
    faults = 0
    with Desktop() as desktop:
        table = Table(desktop, options)
        for step in STEPS:
            if options.only and step.__name__ not in options.only:
                continue
            try:
                print(f"{step.__name__}: {step(table)}", flush=True)
            except NotSeen as fault:
                faults += 1
                table.picture(f"fault-{step.__name__}")
                print(f"WRONG: {step.__name__}: {fault}", flush=True)
    print(f"{faults} wrong" if faults else "All as it should be.")
    return 1 if faults else 0


if __name__ == "__main__":
    run(main)
