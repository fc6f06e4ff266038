# SPDX-License-Identifier: MIT
"""The servers that are compared: each an instance of its own on 127.0.0.1, in a folder of its own,
with its files below one root. A peer that cannot run says why."""
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

PATIENCE = 10  # seconds until a server listens


class Unavailable(Exception):
    """This peer cannot run here, for the reason given."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, process, name):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            raise Unavailable(f"{name} ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise Unavailable(f"{name} does not listen")


def program(name):
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if not found:
        raise Unavailable(f"{name} is not installed")
    return found


class Server:
    """A running server process and how to reach it."""

    name = ""

    def __init__(self, folder, root):
        self.folder = Path(folder) / self.name
        self.folder.mkdir()
        self.root = Path(root)
        self.taken = Path(folder) / "target"  # what is given to this server comes here
        self.taken.mkdir(exist_ok=True)
        self.process = None
        self.start()

    def run(self, arguments, port, **more):
        log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(
            [str(argument) for argument in arguments],
            stdin=subprocess.DEVNULL, stdout=more.pop("stdout", log), stderr=log, **more)
        if port:
            wait_for_port(port, self.process, self.name)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Ferryd(Server):
    name = "ferryd"
    password = "rigid-juicy-temple-cow-bison-exam"  # of the generated kind, as ferryd makes them
    programs = None  # folder of the built programs
    more = ()

    def start(self):
        environment = dict(os.environ, FERRY_PASSWORD=self.password)
        self.run([self.programs / "ferryd", "--share", f"s={self.root}", "--share-add",
                  f"in={self.taken}", "--listen", "127.0.0.1:0", "--classic", "127.0.0.1:0",
                  "--data-dir", self.folder / "data", *self.more], None, env=environment, stdout=subprocess.PIPE)
        said = {}
        for line in self.process.stdout:
            words = line.decode().split()
            if words == ["ready"]:
                break
            said[" ".join(words[:-1])] = words[-1]
        if "listening tls" not in said:
            raise Unavailable("ferryd did not start")
        self.fingerprint = said["fingerprint"]
        self.port = int(said["listening tls"].rsplit(":", 1)[1])
        self.classic_port = int(said["listening classic"].rsplit(":", 1)[1])

    def get(self, path, to, port=None, options=()):
        return [self.programs / "ferry", "get", "--quiet", "--pin", self.fingerprint, "-d", to,
                *options, f"127.0.0.1:{port or self.port}", f"/s/{path}"]

    def put(self, path, port=None):
        return [self.programs / "ferry", "put", "--quiet", "--pin", self.fingerprint, "-t", "/in",
                f"127.0.0.1:{port or self.port}", self.root / path]

    def get_classic(self, path, to):
        return [self.programs / "ferry", "get", "--quiet", "--classic", "-d", to,
                f"127.0.0.1:{self.classic_port}", f"/s/{path}"]


class Nginx(Server):
    name = "nginx"

    def start(self):
        self.port, self.tls_port = free_port(), free_port()
        key, certificate = self.folder / "key.pem", self.folder / "cert.pem"
        subprocess.run(
            [program("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-keyout", key, "-out", certificate],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        user = "user root;" if os.geteuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(f"""
{user} worker_processes auto; daemon off; pid {self.folder}/pid; error_log {self.folder}/error;
events {{ worker_connections 512; }}
http {{
  access_log off; sendfile on; tcp_nopush on; default_type application/octet-stream;
  client_body_temp_path {self.folder}/a; proxy_temp_path {self.folder}/b;
  fastcgi_temp_path {self.folder}/c; uwsgi_temp_path {self.folder}/d; scgi_temp_path {self.folder}/e;
  server {{
    listen 127.0.0.1:{self.port}; listen 127.0.0.1:{self.tls_port} ssl;
    ssl_certificate {certificate}; ssl_certificate_key {key}; ssl_protocols TLSv1.3;
    root {self.root};
    location /in/ {{ alias {self.taken}/; dav_methods PUT; client_max_body_size 0; }}
  }}
}}
""")
        self.run([program("nginx"), "-p", self.folder, "-c", self.folder / "nginx.conf",
                  "-e", self.folder / "error"], self.tls_port)

    def url(self, path, tls):
        scheme, port = ("https", self.tls_port) if tls else ("http", self.port)
        return f"{scheme}://127.0.0.1:{port}/{path}"

    def get(self, path, to, tls):
        return [program("curl"), "-sfk", "-o", Path(to) / Path(path).name, self.url(path, tls)]

    def put(self, path):
        return [program("curl"), "-sfk", "-T", self.root / path, self.url(f"in/{path}", True)]

    def get_many(self, paths, to, tls):
        """Many files, eight at a time, from a list that curl reads."""
        listed = self.folder / f"urls-{'tls' if tls else 'plain'}"
        with open(listed, "w") as file:
            for path in paths:
                file.write(f'url = "{self.url(path, tls)}"\noutput = "{to}/{path}"\n')
        return [program("curl"), "-sfk", "--parallel", "--parallel-max", "8", "--create-dirs",
                "-K", listed]


class Vsftpd(Server):
    name = "vsftpd"

    def start(self):
        if os.geteuid() != 0:
            raise Unavailable("vsftpd needs root")
        self.port = free_port()
        (self.folder / "empty").mkdir()
        (self.folder / "conf").write_text(f"""
listen=YES
listen_ipv6=NO
listen_address=127.0.0.1
listen_port={self.port}
background=NO
anonymous_enable=YES
no_anon_password=YES
anon_root={self.root}
local_enable=NO
write_enable=NO
xferlog_enable=NO
use_sendfile=YES
seccomp_sandbox=NO
isolate=NO
isolate_network=NO
secure_chroot_dir={self.folder}/empty
""")
        self.run([program("vsftpd"), self.folder / "conf"], self.port)

    def get(self, path, to):
        return [program("curl"), "-sf", "-o", Path(to) / Path(path).name,
                f"ftp://127.0.0.1:{self.port}/{path}"]


class Rsyncd(Server):
    name = "rsyncd"

    def start(self):
        self.port = free_port()
        identity = "uid = 0\ngid = 0\n" if os.geteuid() == 0 else ""
        (self.folder / "conf").write_text(
            f"use chroot = no\n{identity}[s]\npath = {self.root}\nread only = yes\n"
            f"[in]\npath = {self.taken}\nread only = no\n")
        self.run([program("rsync"), "--daemon", "--no-detach", "--address", "127.0.0.1", "--port",
                  self.port, "--config", self.folder / "conf"], self.port)

    def get(self, path, to, port=None):
        return [program("rsync"), "-rt", f"rsync://127.0.0.1:{port or self.port}/s/{path}",
                f"{to}/"]

    def put(self, path, port=None):
        return [program("rsync"), "-rt", self.root / path,
                f"rsync://127.0.0.1:{port or self.port}/in/"]


class Sshd(Server):
    name = "sshd"

    def start(self):
        self.port = free_port()
        keys = [self.folder / "host", self.folder / "user"]
        for key in keys:
            subprocess.run([program("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", key],
                           check=True)
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        (self.folder / "conf").write_text(f"""
ListenAddress 127.0.0.1
Port {self.port}
HostKey {keys[0]}
AuthorizedKeysFile {keys[1]}.pub
PidFile {self.folder}/pid
PermitRootLogin yes
StrictModes no
UsePAM no
Subsystem sftp internal-sftp
""")
        self.run([program("sshd"), "-D", "-e", "-f", self.folder / "conf"], self.port)

    def get(self, path, to):
        return [program("scp"), "-q", "-r", "-P", self.port, "-i", self.folder / "user",
                "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
                "-o", "LogLevel=ERROR", f"127.0.0.1:{self.root}/{path}", f"{to}/"]


class DelayProxy(Server):
    """A link of its own in front of another server."""

    def __init__(self, folder, script, port, delay):
        self.name = f"link-{port}"
        self.arguments = [sys.executable, script, port, "--delay", delay]
        super().__init__(folder, folder)

    def start(self):
        self.run(self.arguments, None, stdout=subprocess.PIPE)
        match = re.match(rb"listening (\d+)", self.process.stdout.readline())
        if not match:
            raise Unavailable("the delaying proxy did not start")
        self.port = int(match.group(1))
