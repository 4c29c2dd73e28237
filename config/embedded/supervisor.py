"""The one process that owns the servers of a directory and ends them with their last user."""

import fcntl
import json
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from config.embedded.postgres import Postgres
from config.embedded.processes import EmbeddedError, locked, try_lock, wait_for
from config.embedded.redis import Redis

POLL_SECONDS = 0.2


def serve(directory: Path, *, durable: bool, redis_only: bool) -> int:
    """Start the servers, say where they are in `run/state.json`, stay until nobody needs them."""
    run = directory / "run"
    lock = (run / "supervisor.lock").open("a")
    # The one before may still be stopping, and whoever asks for the state looks at this lock.
    if not wait_for(lambda: try_lock(lock, fcntl.LOCK_EX), 30):
        print("Another supervisor runs these servers.", file=sys.stderr)
        return 1
    asked_to_stop = False

    def ask(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, ask)

    servers: list[Postgres | Redis] = []
    state = {"pid": str(os.getpid())}
    try:
        redis = Redis(directory, durable=durable, previous=_previous(run).get("REDIS_URL"))
        servers.append(redis)
        redis.start()
        state["REDIS_URL"] = redis.url()
        if not redis_only:
            postgres = Postgres(directory, durable=durable)
            servers.append(postgres)
            postgres.start()
            state["DATABASE_URL"] = postgres.url("sanbao_app", "sanbao")
            state["OWNER_DATABASE_URL"] = postgres.url("sanbao_owner", "sanbao")
        _write(run / "state.json", state)
        (run / "ready").touch()
        while not asked_to_stop and not (run / "stop").exists():
            for server in servers:
                if server.process is not None and server.process.poll() is not None:
                    print(f"{type(server).__name__} ended by itself; see {server.log}")
                    return 1
            if _unused(run):
                break
            time.sleep(POLL_SECONDS)
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        (run / "ready").unlink(missing_ok=True)
        for server in reversed(servers):
            server.stop()
        (run / "stop").unlink(missing_ok=True)
    return 0


def _unused(run: Path) -> bool:
    """Whether no process holds the servers and nobody asked to keep them."""
    if (run / "keep").exists():
        return False
    with (run / "users.lock").open("a") as users:
        if not try_lock(users, fcntl.LOCK_EX):
            return False
    # Who starts holds `start.lock` and is a user already: look again with that door closed.
    with locked(run / "start.lock"), (run / "users.lock").open("a") as users:
        if not try_lock(users, fcntl.LOCK_EX):
            return False
        (run / "ready").unlink(missing_ok=True)
    return True


def _previous(run: Path) -> dict[str, str]:
    try:
        previous: dict[str, str] = json.loads((run / "state.json").read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return previous


def _write(path: Path, state: dict[str, str]) -> None:
    partial = path.with_suffix(".partial")
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(state, indent=1))
    partial.replace(path)
