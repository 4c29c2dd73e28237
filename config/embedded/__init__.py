"""PostgreSQL and Redis out of Python packages, started below `var/` when no URL is given.

    servers = start(Path("var"))
    servers.urls["DATABASE_URL"]
    servers.stop()

One supervisor process owns both servers of a directory. Whoever uses them holds a shared
lock on `run/users.lock`; when the last holder is gone (ended, killed, power lost to it alone)
the supervisor stops both. `python -m config.embedded start` keeps them up without users.
Nothing here imports Django.
"""

import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from config.embedded.processes import EmbeddedError, locked, tail, try_lock

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60

__all__ = ["ROOT", "EmbeddedError", "Servers", "running", "start", "stop"]


class Servers:
    """A hold on running servers: their URLs, and the lock that keeps them up."""

    def __init__(
        self,
        urls: dict[str, str],
        directory: Path | None = None,
        hold: IO[str] | None = None,
        supervisor: subprocess.Popen[bytes] | None = None,
    ) -> None:
        self.urls = urls
        self._directory = directory
        self._hold = hold
        self._supervisor = supervisor

    def alive(self) -> bool:
        """False once embedded servers have ended; servers given by URL always count as alive."""
        return self._directory is None or running(self._directory) is not None

    def stop(self, *, wait: bool = True) -> None:
        """Let go; the supervisor stops the servers when nobody else holds them."""
        if self._hold is None or self._directory is None:
            return
        self._hold.close()
        self._hold = None
        if wait and not _kept(self._directory):
            _wait_for_end(self._directory, only_while_unused=True)
        if self._supervisor is not None and not _supervised(self._directory / "run"):
            self._supervisor.wait()


def start(
    directory: Path,
    *,
    durable: bool = True,
    keep: bool = False,
    environ: Mapping[str, str] = os.environ,
) -> Servers:
    """Return URLs of a database and a Redis, starting what the environment does not name.

    `durable=False` (tests) trades safety against power loss for speed. `keep` leaves the
    servers running after this process.
    """
    given = {
        name: environ[name]
        for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL")
        if environ.get(name)
    }
    if "DATABASE_URL" in given and "OWNER_DATABASE_URL" not in given:
        raise EmbeddedError(
            "DATABASE_URL is set but OWNER_DATABASE_URL is not: the owner role migrates, the role "
            "of DATABASE_URL only runs. config/roles.sql makes both."
        )
    if len(given) == 3:
        return Servers(given)

    directory = directory.resolve()
    run = directory / "run"
    run.mkdir(parents=True, exist_ok=True)
    run.chmod(0o755)
    hold = (run / "users.lock").open("a")
    fcntl.flock(hold, fcntl.LOCK_SH)
    if keep:
        (run / "keep").touch()
    with locked(run / "start.lock"):
        supervisor = None
        state = running(directory)
        if state is None:
            supervisor = _launch(directory, durable=durable, redis_only="DATABASE_URL" in given)
            state = running(directory)
        if state is None:
            raise EmbeddedError(tail(directory / "log" / "embedded.log"))
    urls = {name: url for name, url in state.items() if name.endswith("_URL")}
    return Servers(urls | given, directory, hold, supervisor)


def running(directory: Path) -> dict[str, str] | None:
    """The state of the servers of this directory, or None when they are not ready."""
    run = directory.resolve() / "run"
    if not (run / "ready").exists() or not _supervised(run):
        return None
    try:
        state: dict[str, str] = json.loads((run / "state.json").read_text())
    except FileNotFoundError:
        return None
    return state


def stop(directory: Path) -> bool:
    """Stop the servers of this directory whoever uses them; False when none were running."""
    run = directory.resolve() / "run"
    (run / "keep").unlink(missing_ok=True)
    if not _supervised(run):
        return False
    (run / "stop").touch()
    _wait_for_end(directory.resolve())
    return True


def _supervised(run: Path) -> bool:
    path = run / "supervisor.lock"
    if not path.exists():
        return False
    with path.open("a") as lock:
        return not try_lock(lock, fcntl.LOCK_SH)


def _kept(directory: Path) -> bool:
    return (directory / "run" / "keep").exists()


def _wait_for_end(directory: Path, *, only_while_unused: bool = False) -> None:
    deadline = time.monotonic() + START_SECONDS
    while _supervised(directory / "run"):
        if only_while_unused:
            with (directory / "run" / "users.lock").open("a") as users:
                if not try_lock(users, fcntl.LOCK_EX):
                    return
        if time.monotonic() > deadline:
            raise EmbeddedError(f"The servers below {directory} did not stop in time.")
        time.sleep(0.05)


def _launch(directory: Path, *, durable: bool, redis_only: bool) -> subprocess.Popen[bytes]:
    run, logs = directory / "run", directory / "log"
    logs.mkdir(exist_ok=True)
    (run / "stop").unlink(missing_ok=True)
    (run / "ready").unlink(missing_ok=True)
    command = [sys.executable, "-m", "config.embedded", "serve", "--dir", str(directory)]
    command += [] if durable else ["--fast"]
    command += ["--redis-only"] if redis_only else []
    log = logs / "embedded.log"
    with log.open("w") as output:
        supervisor = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while not (run / "ready").exists():
        if supervisor.poll() is not None:
            raise EmbeddedError(tail(log) or "The embedded servers ended without a word.")
        if time.monotonic() > deadline:
            supervisor.terminate()
            raise EmbeddedError(f"The embedded servers did not start in time. {tail(log)}")
        time.sleep(0.02)
    return supervisor
