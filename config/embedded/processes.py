"""What both servers need: children that die with their parent, locks, the unprivileged user."""

import ctypes
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1


class EmbeddedError(Exception):
    """A sentence for the person at the terminal; no traceback is needed to act on it."""


def die_with_parent(number: signal.Signals) -> Callable[[], None]:
    """Return what a child runs before exec, so that the kernel ends it with its parent."""
    parent = os.getpid()
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

    def prepare() -> None:
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def stop_process(process: subprocess.Popen[bytes], number: signal.Signals, seconds: float) -> None:
    """Ask a child to end, and insist after `seconds`."""
    if process.poll() is None:
        process.send_signal(number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def wait_for(condition: Callable[[], bool], seconds: float, *, every: float = 0.03) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(every)
    return False


def try_lock(handle: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def tail(path: Path, lines: int = 15) -> str:
    """The last lines of a log, or nothing."""
    if not path.exists():
        return ""
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])


def unprivileged_user(data: Path) -> pwd.struct_passwd | None:
    """Who runs PostgreSQL when root starts it (it refuses root): None means ourselves."""
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return pwd.getpwuid(data.stat().st_uid)
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedError(
        "PostgreSQL refuses to run as root and this machine has neither a user postgres nor "
        "nobody. Run as an ordinary user."
    )


def as_user(user: pwd.struct_passwd | None, *paths: Path) -> list[str]:
    """The words put before a command so that it runs as `user`, who must reach `paths`.

    A clone below root's home cannot be entered by anyone else. Rather than opening that home,
    the server alone gets the right to pass by file permissions (ambient DAC override).
    """
    if user is None:
        return []
    if shutil.which("setpriv") is None:
        raise EmbeddedError(
            "As root, setpriv is needed to start PostgreSQL as another user: "
            "apt-get install util-linux (or run as an ordinary user)."
        )
    words = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    # The kernel forgets the signal of `die_with_parent` when the user changes; this sets it anew.
    words += ["--pdeathsig=INT"]
    if not all(_open_to_all(path) for path in paths):
        words += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return words


def _open_to_all(path: Path) -> bool:
    path = path.resolve()
    return all(folder.stat().st_mode & 0o001 for folder in path.parents) and bool(
        path.stat().st_mode & 0o005 == 0o005
    )
