# SPDX-License-Identifier: MIT
"""Types lines into a real telnet on a terminal of its own and prints what the server answered.

usage: telnet_session.py PORT < LINES

Each line of standard input is typed when the program has been silent for a moment after its last
answer, as a person would. Everything after telnet's own "Escape character" line goes to standard
output, up to the end of the connection.
"""
import os
import pty
import select
import sys
import termios
import time

LIMIT = 60


def main():
    port = sys.argv[1]
    lines = sys.stdin.buffer.read().splitlines(keepends=True)
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "dumb"
        os.environ["LC_ALL"] = "C"
        os.execvp("telnet", ["telnet", "127.0.0.1", port])
    heard = b""
    end = time.monotonic() + LIMIT

    def listen(enough):
        nonlocal heard
        while not enough():
            if time.monotonic() > end:
                sys.exit("no answer in time; heard so far: %r" % heard)
            if not select.select([terminal], [], [], 0.2)[0]:
                continue
            try:
                piece = os.read(terminal, 65536)
            except OSError:  # the other end of the terminal is gone
                piece = b""
            if not piece:
                return False
            heard += piece
        return True

    def answers():
        return sum(heard.count(mark) for mark in (b"\n#", b"\n!"))

    listen(lambda: b"#Server Ready." in heard)
    # What is typed is not to be seen twice. Telnet has set its own modes by now.
    modes = termios.tcgetattr(terminal)
    modes[3] &= ~termios.ECHO
    termios.tcsetattr(terminal, termios.TCSANOW, modes)
    for count, line in enumerate(lines, start=2):
        before = answers()
        os.write(terminal, line)
        if line.strip().lower() != b"quit":
            listen(lambda: answers() > before and heard.endswith(b"\n"))
    listen(lambda: False)
    os.waitpid(pid, 0)
    start = heard.index(b"#Server Ready.")
    # Telnet's own last words.
    stop = heard.rfind(b"Connection closed by foreign host.")
    sys.stdout.buffer.write(heard[start:stop if stop >= 0 else None])


main()
