# SPDX-License-Identifier: MIT
"""The windows' own files on a disk that is full or read-only: the queue and the history. Runs inside
the mount namespace of disks.py."""
import contextlib
import sqlite3

import programs
import windows
from programs import Broken

SMALL = 1024 * 1024


def rows_in(path, table):
    if not path.exists():  # a history's is made with the first delivery
        return 0
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def fill(disk):
    """To the last byte."""
    with open(disk / "filler", "wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            pass


def begun(window):
    window.begin()
    if not windows.shown(window):
        raise Broken(f"ended: {window.said()}")
    return window


def untouched(disk):
    if aside := list(disk.glob("*.damaged*")):
        raise Broken(f"put aside as damaged: {aside}")


def in_trouble(disk, way, shell):
    """The disk has no room, or takes nothing; returns what mends it."""
    if way == "full":
        fill(disk)
        return (disk / "filler").unlink
    if shell("mount", "-o", "remount,ro", str(disk)).returncode != 0:
        raise Broken("the disk cannot be made read-only")
    return lambda: shell("mount", "-o", "remount,rw", str(disk))


def client(place, disk, way, shell):
    """The trouble comes while rows are fetched: they come, it is said, and later it is written."""
    base = place.fresh()
    window = begun(place.client(base, disk / "data"))
    mend = in_trouble(disk, way, shell)
    place.finish(window, base)
    window.wait(lambda: window.shows("label The queue"), "says that the queue is not saved")
    mend()
    windows.quit_in_order(window)
    untouched(disk / "data")
    if (rows := rows_in(disk / "data" / "window-queue.sqlite", "downloads")) != len(place.files):
        raise Broken(f"{rows} rows are in the file")


def client_start(place, disk, way, shell):
    """A queue that waits, and a start on a disk in trouble: nothing of it is lost."""
    base = place.fresh()
    windows.quit_in_order(begun(place.client(base, disk / "data")))
    mend = in_trouble(disk, way, shell)
    window = begun(place.client(base, disk / "data", paths=False))
    if not window.rows() and not window.shows("is forgotten"):
        raise Broken(f"nothing is said: {window.lines()}")
    windows.quit_in_order(window)
    mend()
    untouched(disk / "data")
    window = begun(place.client(base, disk / "data", paths=False))
    place.finish(window, base)
    windows.quit_in_order(window)


def server(place, disk, way, shell):
    """While it serves, and at its next start: it serves, and keeps the history that it had."""
    base = place.fresh()
    window = begun(place.server_window(base, disk / "data"))
    windows.serve_again(place, window)
    history = disk / "data" / "history.sqlite"
    window.wait(lambda: rows_in(history, "deliveries") == len(place.files), "writes its history")
    if way == "full":
        fill(disk)
        windows.serve_again(place, window)
    windows.quit_in_order(window)
    mend = in_trouble(disk, way, shell)
    window = begun(place.server_window(base, disk / "data"))
    windows.serve_again(place, window)
    windows.quit_in_order(window)
    mend()
    window = begun(place.server_window(base, disk / "data"))
    windows.serve_again(place, window)
    windows.quit_in_order(window)
    untouched(disk / "data")
    # Of the first run, and of the last.
    if (rows := rows_in(history, "deliveries")) < 2 * len(place.files):
        raise Broken(f"{rows} deliveries are in the history")


def attack(root, tmpfs, shell, say):
    place = windows.Place(root / "windows", 0)
    try:
        for way in ("full", "read-only"):
            # What is open for writing keeps its disk from becoming read-only.
            for scene in (client, client_start, server)[way == "read-only":]:
                with tmpfs(root / f"{scene.__name__}-{way}", SMALL) as disk:
                    try:
                        scene(place, disk, way, shell)
                    except Broken as broken:
                        raise Broken(f"{scene.__name__}, {way}: {broken}") from broken
    finally:
        place.close()
    say("the windows' queue and history on a full and a read-only disk: survived")
