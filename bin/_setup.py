"""Make var/venv hold what a lock file names, then run a module in it.

    _setup.py run|dev MODULE [ARGUMENT...]

Standard library only: this runs before anything is installed. A stamp in the environment
remembers which locks it satisfies, so that the next start costs milliseconds. A link at
var/venv, or SANBAO_VENV_READY=1, means that somebody else looks after it.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / "var" / "venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".sanbao.json"
LOCKS = {"run": ("run", "dev"), "dev": ("dev",)}  # the development lock holds the other one


def main() -> int:
    kind, module, *arguments = sys.argv[1:]
    os.chdir(ROOT)
    (ROOT / "var" / "log").mkdir(parents=True, exist_ok=True)
    with (ROOT / "var" / "venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (trusted() or satisfied(kind)):
            install(kind)
    os.execv(PYTHON, [str(PYTHON), "-m", module, *arguments])


def trusted() -> bool:
    asked = VENV.is_symlink() or os.environ.get("SANBAO_VENV_READY") == "1"
    return asked and PYTHON.exists()


def satisfied(kind: str) -> bool:
    try:
        stamp = json.loads(STAMP.read_text())
    except (FileNotFoundError, ValueError):
        return False
    return usable() and any(stamp.get(lock) == digest(lock) for lock in LOCKS[kind])


def usable() -> bool:
    """Whether the environment has a Python that runs, and the one asked for by PYTHON=..."""
    if not PYTHON.exists():
        return False
    asked = f"assert sys.version_info[:2] == {sys.version_info[:2]}"
    program = f"import sys; {asked if os.environ.get('PYTHON') else 'pass'}"
    return subprocess.run([PYTHON, "-c", program], capture_output=True, check=False).returncode == 0


def digest(lock: str) -> str:
    return hashlib.sha256((ROOT / "requirements" / f"{lock}.txt").read_bytes()).hexdigest()


def install(kind: str) -> None:
    began = time.monotonic()
    lock = ROOT / "requirements" / f"{kind}.txt"
    count = sum("==" in line for line in lock.read_text().splitlines())
    say(f"Installing {count} Python packages into var/venv (the first time only) ...")
    log = ROOT / "var" / "log" / "install.log"
    if not usable():
        make_environment(log)
    STAMP.unlink(missing_ok=True)
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--require-hashes", "--no-deps", "--progress-bar", "off", "-r", str(lock)]
    if run(command, log) != 0:
        fail(f"The packages of requirements/{kind}.txt could not be installed:", log)
    stamp = {kind: digest(kind)}
    STAMP.write_text(json.dumps(stamp))
    say(f"  done in {time.monotonic() - began:.0f} s")


def make_environment(log: Path) -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    if run([sys.executable, "-m", "venv", str(VENV)], log) == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    fail(
        f"A virtual environment could not be made. On Debian and Ubuntu, once, as root:\n"
        f"  apt-get install {package}",
        log,
    )


def run(command: list[str], log: Path) -> int:
    with log.open("a") as output:
        return subprocess.run(command, stdout=output, stderr=output, check=False).returncode


def say(line: str) -> None:
    print(line, flush=True)


def fail(sentence: str, log: Path) -> None:
    last = "\n".join(log.read_text(errors="replace").splitlines()[-12:]) if log.exists() else ""
    sys.exit(f"{sentence}\n{last}")


if __name__ == "__main__":
    sys.exit(main())
