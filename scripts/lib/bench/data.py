# SPDX-License-Identifier: MIT
"""The files that are fetched: random bytes, the same tree every time."""
import os
import random
from pathlib import Path

MIB = 1 << 20


def write(path, size):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        while size > 0:
            file.write(os.urandom(min(size, MIB)))
            size -= MIB


def small_files(folder, count, seed):
    """`count` files of 0.5 to 16 KiB, most of them rather small, a hundred to a folder."""
    numbers = random.Random(seed)
    names = []
    for index in range(count):
        name = f"{index // 100:03}/file-{index % 100:02}.dat"
        write(folder / name, min(512 + int(numbers.expovariate(1 / 7000)), 16 * 1024))
        names.append(name)
    return names


def make(root, quick):
    """All of it below `root`; the names of the small files by tree."""
    root = Path(root)
    scale = 16 if quick else 1
    write(root / "large", 2048 * MIB // scale)
    write(root / "client", 40 * MIB)
    write(root / "limited", 200 * MIB)
    write(root / "tiny", 2000)
    names = {
        "small": small_files(root / "small", 10000 // scale, 1),
        "thousand": small_files(root / "thousand", 1000 // scale, 2),
        "mixed": small_files(root / "mixed", 2000 // scale, 3),
    }
    for index in range(10):
        write(root / "mixed" / "middle" / f"{index}.bin", 8 * MIB // scale)
    for index in range(3):
        write(root / "mixed" / "large" / f"{index}.bin", 150 * MIB // scale)
    return names


def size_of(path):
    path = Path(path)
    if path.is_file():
        return path.stat().st_size
    return sum(one.stat().st_size for one in path.rglob("*") if one.is_file())
