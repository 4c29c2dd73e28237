"""What bin/demo and bin/test share: progress, children, and the steps before anything runs."""

import ctypes
import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from config.embedded import ROOT
from config.embedded.processes import die_with_parent, tail

VAR = ROOT / "var"
LOGS = VAR / "log"
NODE_AT_LEAST = 18

# Shared library → the Debian package that brings it; WeasyPrint writes PDFs with them.
PDF_LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class StepFailed(Exception):
    """A sentence for the person at the terminal."""


@contextmanager
def step(title: str) -> Iterator[None]:
    """Print what is being done, and how long it took."""
    began = time.monotonic()
    print(f"{title} ... ", end="", flush=True)
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f"{time.monotonic() - began:.1f} s", flush=True)


def run_quietly(
    command: list[str],
    log_name: str,
    *,
    environ: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
) -> None:
    """Run a command with its output in a log; on failure show the end of that log."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{log_name}.log"
    with log.open("w") as output:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
        )
    if done.returncode != 0:
        raise StepFailed(f"{' '.join(command[:4])} failed (all of it: {log}):\n{tail(log, 25)}")


def manage(*words: str) -> list[str]:
    return [sys.executable, "manage.py", *words]


def has_command(name: str) -> bool:
    """Whether one of our apps brings this management command; no Django start needed."""
    return any(ROOT.glob(f"*/management/commands/{name}.py"))


class Child:
    """A process of ours in a session of its own, so that Ctrl-C reaches only its parent."""

    def __init__(self, name: str, command: list[str], environ: Mapping[str, str]) -> None:
        self.name = name
        self.log = LOGS / f"{name}.log"
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )

    def ended(self) -> bool:
        return self.process.poll() is not None


def stop_children(children: Iterable[Child], seconds: float = 12) -> None:
    """Ask all to end at once, wait for them together, and end what is left with its group."""
    running = [child for child in children if not child.ended()]
    for child in running:
        child.process.terminate()
    deadline = time.monotonic() + seconds
    for child in running:
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()


def digest_of(paths: Iterable[Path]) -> str:
    """A fingerprint of contents by path, time and size; quick enough for every start."""
    sum_ = hashlib.sha256()
    for path in sorted(paths):
        about = path.stat()
        sum_.update(f"{path}|{about.st_mtime_ns}|{about.st_size}\n".encode())
    return sum_.hexdigest()


def stamped(name: str, digest: str) -> bool:
    path = VAR / "stamps" / name
    return path.exists() and path.read_text() == digest


def stamp(name: str, digest: str) -> None:
    path = VAR / "stamps" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(digest)


def front_end() -> None:
    """Install what package-lock.json names into node_modules, when that has changed.

    Somebody else looks after a node_modules that is a link.
    """
    lock = ROOT / "package-lock.json"
    if not lock.exists() or (ROOT / "node_modules").is_symlink():
        return
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if (ROOT / "node_modules").exists() and stamped("npm", digest):
        return
    with step("Installing the front-end packages"):
        environ = dict(os.environ)
        if not _node_is_new_enough():
            environ["PATH"] = f"{_node_from_wheel()}{os.pathsep}{environ['PATH']}"
        npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        run_quietly(npm, "npm", environ=environ)
    stamp("npm", digest)


def _node_is_new_enough() -> bool:
    if shutil.which("npm") is None or shutil.which("node") is None:
        return False
    asked = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    major = asked.stdout.strip().lstrip("v").split(".")[0]
    return major.isdigit() and int(major) >= NODE_AT_LEAST


def _node_from_wheel() -> Path:
    """Node out of a Python package, in an environment of its own."""
    home = VAR / "node"
    lock = ROOT / "requirements" / "node.txt"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if not ((home / "bin" / "npm").exists() and stamped("node", digest)):
        run_quietly([sys.executable, "-m", "venv", "--clear", str(home)], "node")
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--require-hashes"]
        pip += ["--no-deps", "--disable-pip-version-check", "-r", str(lock)]
        run_quietly(pip, "node")
        stamp("node", digest)
    return home / "bin"


def static_files(environ: Mapping[str, str]) -> None:
    """Run collectstatic when a static file, a front-end package or the settings changed."""
    folders = [ROOT / "static", *ROOT.glob("*/static")]
    folders = [path for path in folders if path.parent.name not in ("var", "node_modules")]
    sources = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    sources += ROOT.glob("node_modules/.package-lock.json")
    sources += [ROOT / "requirements" / "run.txt", ROOT / "config" / "settings.py"]
    digest = digest_of(sources)
    if (VAR / "static").exists() and stamped("static", digest):
        return
    with step("Collecting the static files"):
        plain = {**environ, "COMPRESS_STATIC": "false"}
        run_quietly(manage("collectstatic", "--noinput"), "static", environ=plain)
    stamp("static", digest)


def secret_key() -> str:
    """A key of this machine, kept so that sign-ins survive a restart."""
    path = VAR / "secret_key"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def missing_pdf_packages() -> list[str]:
    """Debian packages without which no PDF can be written."""
    missing = []
    for library, package in PDF_LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def find_browser() -> str | None:
    """Chromium or Chrome; the environment variable CHROMIUM names another one."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for path in map(shutil.which, BROWSERS) if path), None)


def apt_install(packages: list[str]) -> None:
    """Install Debian packages as root; anyone else is told the command."""
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise StepFailed(
            "These are missing on this machine and only root can install them:\n"
            f"  apt-get install {' '.join(packages)}"
        )
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with step(f"Installing {' '.join(packages)}"):
        run_quietly(["apt-get", "update"], "apt-update", environ=environ)
        run_quietly(command, "apt", environ=environ)
