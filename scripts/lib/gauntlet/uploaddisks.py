# SPDX-License-Identifier: MIT
"""The disk that uploads go to: it fills, is read-only, vanishes, loses power. Others are served
meanwhile, nothing wrong or incomplete has a final name, what was called sent is there, and the next
run finishes. For disks.py, within its mount namespace."""
import fcntl
import json
import os
import random
import struct
import subprocess
import time

import programs
from programs import Broken

MIB = 1 << 20
EXT4_IOC_SHUTDOWN = 0x8004587D  # _IOR('X', 125, __u32)
NO_FLUSH = 2  # EXT4_GOING_FLAGS_NOLOGFLUSH: not even the journal is written
SIZES = {"t/a": 400_000, "t/large": 6 * MIB, "t/sub/b": 300_000, "t/sub/c": 0, "t/z": 900_000}
MANY = {f"t/{name}{number}": size for number in range(40)
        for name, size in (("small", 20_000), ("mid", 200_000))} | {"t/large": 12 * MIB}


class Sender:
    """Sends `t` of a folder into the inbox of a server."""

    def __init__(self, root, inbox, sizes, name):
        self.source = root / f"{name}-mine"
        self.inbox, self.data = inbox, root / f"{name}-client"
        self.files = programs.make_tree(self.source, sizes, seed=3)
        share = root / f"{name}-share"
        self.other = programs.make_tree(share, {"t/other": 70_000})
        self.target = root / f"{name}-target"
        self.target.mkdir()
        self.server = programs.Server(
            root / f"{name}-server", share,
            more=["--inbox", f"in={inbox}", "--keep-free", "0"]).started()

    def command(self, *options):
        return programs.put_command(self.server, self.data, "/in", [self.source / "t"], options)

    def put(self, allowed, what, complete=False):
        code, said = programs.run(self.command("--timeout", "10"))
        if code not in allowed:
            raise Broken(f"{what}: exit code {code}: {said[-600:]}")
        self.check(complete)

    def check(self, complete=False):
        if wrong := programs.wrong_uploads(self.inbox / "t", self.files_in("t")):
            raise Broken(f"wrong under a final name: {wrong}")
        if complete and (missing := programs.missing_files(self.inbox, self.files)):
            raise Broken(f"missing: {missing}")

    def files_in(self, folder):
        return {name.removeprefix(folder + "/"): content for name, content in self.files.items()}

    def others_are_served(self, what):
        code, said = programs.run(programs.get_command(
            self.server, self.target, self.data, ["/s/t/other"], ("--existing", "overwrite")))
        if code != 0 or programs.wrong_files(self.target, {"other": self.other["t/other"]}):
            raise Broken(f"{what}: others are not served: {code}: {said[-600:]}")

    def stop(self):
        if self.server.stop() != 0:
            raise Broken("ferryd does not end in order")


def full(root, sizes, tmpfs, shell, say):
    """Too small by ever less; then it grows."""
    with tmpfs(root / "upload-full", 16 * MIB) as disk:
        sender = Sender(root, disk, SIZES, "full")
        for size in sizes:
            for path in sorted(disk.rglob("*"), reverse=True):
                path.rmdir() if path.is_dir() else path.unlink()
            shell("mount", "-o", f"remount,size={size}", str(disk))
            sender.put({4, 15}, f"a disk of {size} bytes")
            sender.others_are_served("a full disk")
            shell("mount", "-o", f"remount,size={16 * MIB}", str(disk))
            sender.put({0}, "after the disk grew", complete=True)
        sender.stop()
    say(f"full disks of an inbox: {len(sizes)} survived")


def read_only(root, tmpfs, shell, say):
    with tmpfs(root / "upload-ro", 16 * MIB) as disk:
        sender = Sender(root, disk, SIZES, "ro")
        shell("mount", "-o", "remount,ro", str(disk))
        sender.put({4, 14}, "a read-only disk")
        sender.others_are_served("a read-only disk")
        if any(disk.iterdir()):
            raise Broken("something was made on a read-only disk")
        shell("mount", "-o", "remount,rw", str(disk))
        sender.put({0}, "after it became writable", complete=True)
        sender.stop()
    say("read-only inbox: survived")


def vanishing(root, tmpfs, shell, say):
    """Unmounted in the middle of a file, and mounted again, empty."""
    with tmpfs(root / "upload-gone", 32 * MIB) as disk:
        sender = Sender(root, disk, SIZES, "gone")
        process = subprocess.Popen(sender.command("--limit-rate", "4M", "--timeout", "10"),
                                   env=programs.environment(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if not programs.wait_until(lambda: any(
                part.stat().st_size > MIB for part in disk.glob(".ferry-uploads/*"))):
            raise Broken("no part grows")
        shell("umount", "-l", str(disk))
        code = process.wait(programs.PATIENCE)
        if code not in programs.PUT_CODES - {0}:
            raise Broken(f"the disk vanished: exit code {code}")
        sender.others_are_served("a vanished disk")
        # The empty folder below the mount is not the share's disk, but it is what the name means now.
        sender.put({0}, "into what is there now", complete=True)
        sender.stop()
    say("inbox unmounted in the middle: survived")


def power_cut(root, count, mount, say):
    """The server's disk stops at a random moment with what it had not written lost. What was called
    sent is there, whatever has a final name is complete, and the next run finishes."""
    image = root / "inbox.img"
    with open(image, "wb") as file:
        file.truncate(96 * MIB)
    if subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=False).returncode != 0:
        raise PermissionError("mkfs.ext4 does not work")
    chance = random.Random(11)
    said_to_be_sent = 0
    for number in range(count):
        name = f"power{number}"
        with mount(root / "power-in", "-o", "loop", str(image)) as disk:
            for path in sorted(disk.rglob("*"), reverse=True):
                if path.name != "lost+found":
                    path.rmdir() if path.is_dir() else path.unlink()
            os.sync()
            sender = Sender(root, disk, MANY, name)
            with open(root / f"{name}-said", "wb") as said:
                process = subprocess.Popen([word for word in sender.command("--json")
                                            if word != "--quiet"],
                                           env=programs.environment(), stdin=subprocess.DEVNULL,
                                           stdout=said, stderr=subprocess.DEVNULL)
                time.sleep(chance.uniform(0.05, 2))
                fd = os.open(disk, os.O_RDONLY)
                fcntl.ioctl(fd, EXT4_IOC_SHUTDOWN, struct.pack("I", NO_FLUSH))
                os.close(fd)
                code = process.wait(programs.PATIENCE)
            if code not in programs.PUT_CODES:
                raise Broken(f"the disk stopped: exit code {code}")
            sender.server.kill()
        with mount(root / "power-in", "-o", "loop", str(image)) as disk:
            sent = sent_names(root / f"{name}-said")
            if missing := programs.missing_files(disk, sent):
                raise Broken(f"said to be sent and lost: {missing}")
            said_to_be_sent += len(sent)
            sender.server.started()
            sender.check()
            sender.put({0}, "after the power came back", complete=True)
            sender.stop()
    image.unlink()
    say(f"power cuts of an inbox: {count} survived; {said_to_be_sent} files were called sent, and "
        "all of them were there")


def sent_names(said):
    """From the JSON lines of `ferry put`; the last may be cut."""
    names = []
    for line in said.read_text(errors="replace").splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if event.get("event") == "sent":
            names.append(event["path"].removeprefix("/in/"))
    return names


def attack(root, quick, amount, mount, tmpfs, shell, say):
    total = sum(SIZES.values())
    steps = 3 if quick else 30
    full(root, [max(65536, total * step // steps // 4096 * 4096) for step in range(steps)], tmpfs,
         shell, say)
    read_only(root, tmpfs, shell, say)
    vanishing(root, tmpfs, shell, say)
    try:
        power_cut(root, 2 if quick else int(amount or 60), mount, say)
    except PermissionError as reason:
        say(f"power cuts of an inbox skipped: {reason}")
