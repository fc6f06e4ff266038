#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A TCP proxy on the loopback interface that makes a link worse than it is.

Every byte arrives `--delay` milliseconds after it was sent, in each direction, however many are on
their way (up to `--window` bytes, which is what bounds the throughput of a long link). The other
options break things: bytes per second, size of a segment, a reset or a flipped bit after so many
bytes from the server, or from the client with `--breaks client`; each connection counts anew.

Prints `listening PORT` and runs until it is told to end; then it prints `passed N M`, the most bytes
that one connection took from the client and from the server.
"""
import argparse
import asyncio
import os
import signal
import sys


class Direction:
    """Bytes from one peer to the other, each with the moment when it is due."""

    def __init__(self, options, reader, writer, breaks):
        self.options = options
        self.reader = reader
        self.writer = writer
        self.breaks = breaks  # whether what goes this way is reset or flipped
        self.due = asyncio.Queue()
        self.waiting = 0
        self.room = asyncio.Event()
        self.room.set()
        self.passed = 0

    async def take(self):
        loop = asyncio.get_running_loop()
        while True:
            await self.room.wait()
            bytes_ = await self.reader.read(256 * 1024)
            self.due.put_nowait((loop.time() + self.options.delay / 1000, bytes_))
            self.waiting += len(bytes_)
            if self.waiting >= self.options.window:
                self.room.clear()
            if not bytes_:
                return

    async def give(self):
        loop = asyncio.get_running_loop()
        while True:
            due, bytes_ = await self.due.get()
            if due > loop.time():
                await asyncio.sleep(due - loop.time())
            if not bytes_:
                self.writer.write_eof()
                return
            for start in range(0, len(bytes_), self.options.slice or len(bytes_)):
                await self.send(bytes_[start : start + (self.options.slice or len(bytes_))])
            self.waiting -= len(bytes_)
            if self.waiting < self.options.window:
                self.room.set()

    async def send(self, piece):
        options = self.options
        if self.breaks and options.flip_at is not None:
            at = options.flip_at - self.passed
            if 0 <= at < len(piece):
                piece = piece[:at] + bytes([piece[at] ^ 1]) + piece[at + 1 :]
        if self.breaks and options.reset_at is not None:
            piece = piece[: max(options.reset_at - self.passed, 0)]
        self.writer.write(piece)
        await self.writer.drain()
        self.passed += len(piece)
        if options.rate:
            await asyncio.sleep(len(piece) / options.rate)
        if self.breaks and options.reset_at is not None and self.passed >= options.reset_at:
            raise ConnectionResetError

    async def run(self):
        await asyncio.gather(self.take(), self.give())


async def serve(options):
    lines = []

    async def connected(reader, writer):
        try:
            there = await asyncio.open_connection("127.0.0.1", options.port)
        except OSError:
            writer.transport.abort()
            return
        ways = [
            Direction(options, reader, there[1], options.breaks == "client"),
            Direction(options, there[0], writer, options.breaks == "server"),
        ]
        lines.append(ways)
        try:
            await asyncio.gather(*(way.run() for way in ways))
        except OSError:
            there[1].transport.abort()
            writer.transport.abort()
        else:
            there[1].close()
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", options.listen)
    print("listening", server.sockets[0].getsockname()[1], flush=True)
    end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end.set)
    await end.wait()
    print("passed", *(max(way.passed for way in ways) for ways in zip(*lines)), flush=True)
    # asyncio would report every connection that it cuts now.
    os._exit(0)


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("port", type=int, help="of the server, on 127.0.0.1")
    parser.add_argument("--listen", type=int, default=0, metavar="PORT", help="0: a free one")
    parser.add_argument("--delay", type=float, default=0, metavar="MS", help="in each direction")
    parser.add_argument("--window", type=int, default=64 << 20, metavar="BYTES")
    parser.add_argument("--rate", type=int, metavar="BYTES", help="per second and direction")
    parser.add_argument("--slice", type=int, metavar="BYTES", help="the longest segment")
    parser.add_argument("--reset-at", type=int, metavar="BYTES")
    parser.add_argument("--flip-at", type=int, metavar="BYTES")
    parser.add_argument("--breaks", choices=("server", "client"), default="server")
    asyncio.run(serve(parser.parse_args(arguments)))


if __name__ == "__main__":
    main(sys.argv[1:])
