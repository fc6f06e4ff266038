#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the programs of 0.1 kept is taken over: the server's identity, password, accounts, bans and
history, the client's known servers and its queue.

    earlier_data.py BIN RECORDED    RECORDED: tests/recorded/0.1; 77 without openssl

The records are what 0.1 (commit 81d3deb) wrote, with names in @…@ for what differs each time. Keys
and passwords are made here.
"""
import base64
import hashlib
import hmac
import os
import pathlib
import re
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile

SKIPPED = 77
PASSWORD = secrets.token_hex(16)
ANNAS = secrets.token_hex(16)
ITERATIONS = 600_000


def make_identity(folder):
    """As 0.1 makes one: the key as PKCS #8, P-256, and its certificate behind it. Its fingerprint."""
    key, certificate = folder / "key", folder / "certificate"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-subj", "/CN=ferry", "-days", "3650", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True, timeout=60)
    pem = certificate.read_text()
    write(folder / "identity.pem", key.read_text() + pem)
    key.unlink()
    certificate.unlink()
    der = base64.b64decode(re.search("-----BEGIN CERTIFICATE-----(.*)-----END", pem, re.DOTALL)[1])
    return hashlib.sha256(der).hexdigest()


def account(name, password):
    """RFC 5802, as 0.1 writes it."""
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    client, server = (hmac.digest(salted, word, "sha256") for word in (b"Client Key", b"Server Key"))
    fields = (base64.b64encode(value).decode()
              for value in (salt, hashlib.sha256(client).digest(), server))
    salt64, stored64, server64 = fields
    return f"account {name} scram-sha-256 {ITERATIONS} {salt64} {stored64} {server64}\n"


def write(path, text):
    path.write_text(text)
    path.chmod(0o600)


def fill(recorded, path, **names):
    """A record at its place: a text, or the database that an SQL dump describes."""
    text = recorded.read_text()
    for name, value in names.items():
        text = text.replace(f"@{name}@", str(value))
    if recorded.suffix != ".sql":
        return write(path, text)
    path.touch(0o600)
    database = sqlite3.connect(path)
    database.executescript(text)
    database.execute("PRAGMA journal_mode=WAL")
    database.close()


class Trial:
    def __init__(self, binaries, recorded, here):
        self.binaries, self.recorded, self.here = binaries, recorded, here
        self.faults = []
        for name in ("server", "client", "share", "share/sub", "target"):
            (here / name).mkdir(mode=0o700)
        (here / "share/hello.txt").write_text("hello\n")
        (here / "share/sub/two.txt").write_text("two\n")
        (here / "share/large").write_bytes(b"x" * 3_000_000)

    def run(self, program, *words, password=None, status=0):
        environment = dict(os.environ, HOME=str(self.here), XDG_DATA_HOME=str(self.here / "elsewhere"))
        environment.pop("FERRY_PASSWORD", None)
        if password:
            environment["FERRY_PASSWORD"] = password
        done = subprocess.run([self.binaries / program, *words], capture_output=True, text=True,
                              env=environment, stdin=subprocess.DEVNULL, timeout=120)
        self.expect(done.returncode == status,
                    f"{program} {' '.join(map(str, words))}: {done.returncode}: {done.stdout}{done.stderr}")
        self.expect(not re.search("damaged|left out|makes? no sense|passed over", done.stderr), done.stderr)
        return done.stdout

    def expect(self, holds, otherwise):
        if not holds:
            self.faults.append(otherwise)

    def serve(self):
        """A running ferryd with the data of 0.1, and what it said."""
        server = subprocess.Popen([self.binaries / "ferryd", "--share", f"pub={self.here}/share",
                                   "--listen", "127.0.0.1:0", "--classic", "off", "--history", "on",
                                   "--data-dir", self.here / "server"],
                                  stdout=subprocess.PIPE, stderr=(self.here / "log").open("w"), text=True)
        said = []
        while line := server.stdout.readline():
            said.append(line.strip())
            if line == "ready\n":
                break
        return server, said

    def server_data(self):
        folder = self.here / "server"
        fingerprint = make_identity(folder)
        write(folder / "password", PASSWORD + "\n")
        write(folder / "accounts", "ferry-accounts 1\nsecret " +
              base64.b64encode(secrets.token_bytes(32)).decode() + "\n" + account("anna", ANNAS))
        fill(self.recorded / "bans", folder / "bans")
        fill(self.recorded / "history.sql", folder / "history.sqlite")
        return fingerprint

    def all(self):
        fingerprint = self.server_data()
        server, said = self.serve()
        try:
            self.expect(f"fingerprint sha256:{fingerprint}" in said, f"another identity: {said}")
            address = next(line.split()[-1] for line in said if line.startswith("listening tls "))
            self.client(address, fingerprint)
        finally:
            server.terminate()
            server.wait(timeout=60)
        log = (self.here / "log").read_text()
        self.expect(not re.search("damaged|passed over|cannot be read", log), log)
        self.records()

    def client(self, address, fingerprint):
        data = self.here / "client"
        names = {"SERVER": address, "FINGERPRINT": fingerprint,
                 "TARGET_HEX": bytes(self.here / "target").hex().upper()}
        fill(self.recorded / "known_servers", data / "known_servers", **names)
        fill(self.recorded / "queue.sql", data / "queue.sqlite", **names)
        own = ("--data-dir", data)
        self.expect(address in self.run("ferry", "known", *own), "ferry known lacks the server")
        # Neither asks whether the server may be trusted.
        listed = self.run("ferry", "ls", *own, f"anna@{address}", "/pub", password=ANNAS)
        self.expect("hello.txt" in listed, f"ferry ls: {listed}")
        # Of a transfer that was interrupted: as 0.1 names and marks it.
        part = self.here / "target/large.part"
        part.write_bytes((self.here / "share/large").read_bytes()[:2_000_000])
        part.chmod(0o1644)
        waiting = self.run("ferry", "queue", "list", *own)
        for name in ("hello.txt", "large", "sub"):
            self.expect(name in waiting, f"ferry queue list lacks {name}: {waiting}")
        self.run("ferry", "queue", "run", *own, address, password=PASSWORD)
        for name in ("hello.txt", "large", "sub/two.txt"):
            there, got = self.here / "share" / name, self.here / "target" / name
            self.expect(got.exists() and got.read_bytes() == there.read_bytes(), f"{name} did not arrive")
        left = [path.name for path in (self.here / "target").glob("*.part")]
        self.expect(not left, f"left beside what arrived: {left}")

    def records(self):
        own = ("--data-dir", self.here / "server")
        bans = self.run("ferryd", "ban", "list", *own)
        for block in ("192.0.2.7", "2001:db8::"):
            self.expect(block in bans, f"ferryd ban list lacks {block}: {bans}")
        history = self.run("ferryd", "history", *own)
        for word in ("Ferry/0.1.0", "Ferry/0.2"):
            self.expect(word in history, f"the history lacks {word}: {history}")
        self.expect("anna" in self.run("ferryd", "account", "list", *own), "the account is gone")


def main():
    binaries, recorded = map(pathlib.Path, sys.argv[1:])
    if not shutil.which("openssl"):
        print("skipped: no openssl here")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(binaries, recorded, pathlib.Path(folder))
        trial.all()
    print("\n".join(trial.faults) or "all of it is taken over")
    return 1 if trial.faults else 0


if __name__ == "__main__":
    sys.exit(main())
