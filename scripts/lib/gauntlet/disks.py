# SPDX-License-Identifier: MIT
"""Disks that fill, that are read-only, and that lose power: small tmpfs and a loop-mounted ext4 in
a mount namespace of their own, so nothing of the machine is touched. What is not allowed here is
skipped, with a word."""
import fcntl
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import programs
import uploaddisks
import windowdisks
import windows
from programs import Broken

EXT4_IOC_SHUTDOWN = 0x8004587D  # _IOR('X', 125, __u32)
NO_FLUSH = 2  # EXT4_GOING_FLAGS_NOLOGFLUSH: not even the journal is written
MIB = 1 << 20
SIZES = {"t/a": 400_000, "t/large": 6 * MIB, "t/sub/b": 300_000, "t/sub/c": 0, "t/z": 900_000}


def shell(*command):
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)


class Mount:
    def __init__(self, folder, *command):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        done = shell("mount", *command, str(self.folder))
        if done.returncode != 0:
            raise PermissionError(done.stderr.decode(errors="replace").strip())

    def __enter__(self):
        return self.folder

    def __exit__(self, *_):
        shell("umount", "-l", str(self.folder))


def tmpfs(folder, size):
    return Mount(folder, "-t", "tmpfs", "-o", f"size={size},mode=755", "none")


def expect(code, allowed, said, what):
    if code not in allowed:
        raise Broken(f"{what}: exit code {code}: {said[-600:]}")


def check(target, files, complete):
    if wrong := programs.wrong_files(target, files):
        raise Broken(f"wrong under a final name: {wrong}")
    if complete and (missing := programs.missing_files(target, files)):
        raise Broken(f"missing: {missing}")


def get(server, target, data, *options, seconds=programs.PATIENCE):
    return programs.run(programs.get_command(server, target, data, ["/s/t"], options),
                        seconds=seconds)


def full(root, server, files, sizes, say):
    """The target's disk is too small by ever less; then it grows, and the next run finishes."""
    for size in sizes:
        with tmpfs(root / "small", size) as disk:
            code, said = get(server, disk, root / f"data{size}")
            expect(code, {4, 9}, said, f"a disk of {size} bytes")
            check(disk, files, False)
            for rest in disk.rglob("*.part"):
                rest.unlink()
            shell("mount", "-o", f"remount,size={16 * MIB}", str(disk))
            code, said = get(server, disk, root / f"data{size}", "-c", "--existing", "resume")
            expect(code, {0}, said, "after the disk grew")
            check(disk, files, True)
    say(f"full disks: {len(sizes)} survived")


def full_data(root, server, files, say):
    """No room for the queue and the known servers: the files come all the same, or it is said."""
    with tmpfs(root / "fulldata", 4096 * 4) as disk:
        (disk / "filler").write_bytes(b"x" * 4096 * 3)
        target = root / "target-fulldata"
        target.mkdir()
        code, said = get(server, target, disk / "data")
        expect(code, programs.CLIENT_CODES, said, "a full data folder")
        check(target, files, code == 0)
    say("full data folder of the client: survived")


def read_only(root, server, files, say):
    target = root / "readonly"
    with tmpfs(target, 16 * MIB) as disk:
        shell("mount", "-o", "remount,ro", str(disk))
        code, said = get(server, disk, root / "data-ro")
        expect(code, {4, 9}, said, "a read-only disk")
        check(disk, files, False)
        shell("mount", "-o", "remount,rw", str(disk))
        code, said = get(server, disk, root / "data-ro")
        expect(code, {0}, said, "after it became writable")
        check(disk, files, True)
    say("read-only target: survived")


def server_disks(root, say):
    """The share unmounted while it is served, and a full and a read-only data folder."""
    with tmpfs(root / "share", 32 * MIB) as share, tmpfs(root / "sdata", 64 * 1024) as data:
        files = programs.make_tree(share, SIZES)
        server = programs.Server(data, share, more=["--history", "on"]).started()
        target = root / "target-unmounted"
        target.mkdir()
        code, said = get(server, target, root / "data-s")
        expect(code, {0}, said, "before")
        try:
            (data / "filler").write_bytes(b"x" * 64 * 1024)
        except OSError:
            pass
        shutil.rmtree(target)
        target.mkdir()
        code, said = get(server, target, root / "data-s")
        expect(code, {0}, said, "the server's data folder is full")
        check(target, files, True)
        shell("umount", "-l", str(share))
        code, said = get(server, target, root / "data-s", "--existing", "overwrite")
        expect(code, programs.CLIENT_CODES, said, "the share is unmounted")
        check(target, files, False)
        if server.stop() != 0:
            raise Broken("ferryd does not end in order")
    say("server: data folder full, share unmounted: survived")


def power_cut(root, count, say):
    """The disk stops at a random moment with what it had not written lost. Whatever has its final
    name afterwards is complete, and the next run finishes."""
    image = root / "disk.img"
    with open(image, "wb") as file:
        file.truncate(96 * MIB)
    if shutil.which("mkfs.ext4") is None:
        raise PermissionError("mkfs.ext4 is not there")
    shell("mkfs.ext4", "-q", "-F", str(image))
    share = root / "power-share"
    sizes = {f"t/{name}{number}": size for number in range(40)
             for name, size in (("small", 20_000), ("mid", 200_000))} | {"t/large": 12 * MIB}
    files = programs.make_tree(share, sizes)
    server = programs.Server(root / "power-server", share).started()
    chance = random.Random(7)
    named = 0
    try:
        for number in range(count):
            with Mount(root / "power", "-o", "loop", str(image)) as disk:
                shutil.rmtree(disk / "target", ignore_errors=True)
                (disk / "target").mkdir()
                os.sync()
                process = subprocess.Popen(
                    programs.get_command(server, disk / "target", root / f"power-data{number}",
                                         ["/s/t"]),
                    env=programs.environment(), stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                time.sleep(chance.uniform(0.01, 0.4))
                fd = os.open(disk, os.O_RDONLY)
                fcntl.ioctl(fd, EXT4_IOC_SHUTDOWN, struct.pack("I", NO_FLUSH))
                os.close(fd)
                code = process.wait(programs.PATIENCE)
                expect(code, programs.CLIENT_CODES, "", "the disk stopped")
            with Mount(root / "power", "-o", "loop", str(image)) as disk:
                check(disk / "target", files, False)
                named += len(files) - len(programs.missing_files(disk / "target", files))
                code, said = get(server, disk / "target", root / f"power-data{number}", "-c",
                                 "--existing", "resume")
                expect(code, {0}, said, "after the power came back")
                check(disk / "target", files, True)
    finally:
        server.stop()
        image.unlink()
    say(f"power cuts: {count} survived; {named} files had their final name, each complete")


def attack(options, say):
    with tempfile.TemporaryDirectory(prefix="ferry-gauntlet-") as name:
        root = Path(name)
        files = programs.make_tree(root / "plain-share", SIZES)
        server = programs.Server(root / "server", root / "plain-share").started()
        steps = 4 if options.quick else 60
        total = sum(SIZES.values())
        sizes = [max(65536, total * step // steps // 4096 * 4096) for step in range(steps)]
        try:
            full(root, server, files, sizes, say)
            full_data(root, server, files, say)
            read_only(root, server, files, say)
            server_disks(root, say)
        finally:
            server.stop()
        uploaddisks.attack(root, options.quick, options.amount, Mount, tmpfs, shell, say)
        if windows.built():
            windowdisks.attack(root, tmpfs, shell, say)
        try:
            power_cut(root, 3 if options.quick else int(options.amount or 60), say)
        except PermissionError as reason:
            say(f"power cuts skipped: {reason}")
        except OSError as reason:
            say(f"power cuts skipped: {reason}")


def main(options, say):
    if "FERRY_GAUNTLET_INSIDE" not in os.environ:
        # Root of this machine keeps the loop devices; others become root of a namespace.
        ways = (["unshare", "-m"], ["unshare", "-Um", "--map-root-user"])
        for way in ways:
            if shell(*way, "mount", "-t", "tmpfs", "none", "/mnt").returncode == 0:
                return subprocess.run([*way, sys.executable, *sys.argv], check=False,
                                      env=dict(os.environ, FERRY_GAUNTLET_INSIDE="1")).returncode
        say("skipped: this machine lets nobody mount")
        return 77
    try:
        attack(options, say)
    except Broken as broken:
        say(f"BROKEN {broken}")
        return 1
    return 0
