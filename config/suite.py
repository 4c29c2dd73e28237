"""bin/test: every check, the linters first, so that the last line is pytest's."""

import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable
from types import FrameType

from config import embedded, messages
from config.embedded import ROOT, EmbeddedError
from config.embedded.redis import find_server
from config.workshop import (
    VAR,
    StepFailed,
    apt_install,
    find_browser,
    front_end,
    has_command,
    manage,
    missing_pdf_packages,
    step,
)

WORKERS = 2


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    arguments = [word for word in sys.argv[1:] if word != "--"]
    everything = not arguments
    try:
        if arguments == ["lint"]:
            front_end()
            return lint()
        prepare_machine()
        front_end()
        messages.compile_changed()
        unclean = lint() if everything else 0
        # The tests run all the same, and end the output; the exit code tells of both.
        return run_tests(arguments or ["-n", str(WORKERS)]) or unclean
    except (EmbeddedError, StepFailed) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def prepare_machine() -> None:
    """Install, or name, what Python packages cannot bring."""
    missing = missing_pdf_packages()
    if find_browser() is None:
        missing.append("chromium")
    if not os.environ.get("REDIS_URL"):
        try:
            find_server()
        except EmbeddedError:
            missing.append("redis-server")
    if missing:
        apt_install(missing)
    if find_browser() is None:
        raise StepFailed("No Chromium was found; name one with CHROMIUM=/path/to/chromium.")


def lint() -> int:
    """Run all checks that need no test; report every one that fails, not only the first."""
    # Servers of its own run, so that `manage.py` reads the same settings as the tests.
    servers = embedded.start(VAR / "test", durable=False)
    # Imported late: the module is part of the tests, and the demo runs without them.
    from tests.servers import DEFAULTS

    environ = DEFAULTS | os.environ | servers.urls | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    python = [sys.executable, "-m"]
    served = ["env", "BASE_URL=https://sanbao.example", "ALLOWED_HOSTS=sanbao.example"]
    deployment = served + manage("check", "--deploy", "--fail-level", "WARNING")
    checks: dict[str, list[str] | Callable[[], int]] = {}
    if has_command("prepare_database"):
        checks["database"] = manage("prepare_database")
    checks |= {
        "ruff check": [*python, "ruff", "check", "."],
        "ruff format": [*python, "ruff", "format", "--check", "."],
        "imports between floors": lint_imports,
        "types": [*python, "mypy", "."],
        "migrations": manage("makemigrations", "--check", "--dry-run"),
        "deployment settings": deployment,
        "translations": messages.check,
    }
    schema = manage("spectacular", "--validate", "--fail-on-warn", "--file", os.devnull)
    checks["OpenAPI"] = schema
    failed = []
    try:
        for name, check in checks.items():
            with step(f"[{name}]"):
                code = check() if callable(check) else _call(check, environ)
            if code != 0:
                failed.append(name)
    finally:
        servers.stop()
    if failed:
        print(f"\nFailed: {', '.join(failed)}.", flush=True)
    return int(bool(failed))


def _call(command: list[str], environ: dict[str, str]) -> int:
    """Run a check; what it prints matters only when it fails."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        print(f"\n{done.stdout}", flush=True)
    return done.returncode


def lint_imports() -> int:
    """Check the floors of pyproject.toml among the packages that exist."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        wanted = tomllib.load(file)["tool"]["importlinter"]
    present = [name for name in wanted["root_packages"] if (ROOT / name / "__init__.py").exists()]
    lines = ["[importlinter]", "root_packages =", *(f"    {name}" for name in present)]
    for number, contract in enumerate(wanted["contracts"]):
        lines += [f"[importlinter:contract:{number}]"]
        lines += [f"name = {contract['name']}", f"type = {contract['type']}", "layers ="]
        lines += [f"    {layer}" for layer in contract["layers"]]
    configuration = VAR / "importlinter.ini"
    configuration.write_text("\n".join(lines) + "\n")
    program = [str(VAR / "venv" / "bin" / "lint-imports"), "--config", str(configuration)]
    return _call(program, dict(os.environ) | {"PYTHONPATH": str(ROOT)})


def run_tests(arguments: list[str]) -> int:
    environ = dict(os.environ) | {"CHROMIUM": find_browser() or ""}
    command = [sys.executable, "-m", "pytest", *arguments]
    with subprocess.Popen(command, cwd=ROOT, env=environ) as tests:
        try:
            return tests.wait()
        except KeyboardInterrupt:
            # The terminal has sent it to pytest as well, which stops its workers and servers.
            tests.send_signal(signal.SIGINT)
            return tests.wait() or 130


if __name__ == "__main__":
    sys.exit(main())
