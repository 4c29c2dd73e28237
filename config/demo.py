"""bin/demo: everything set up, everything running, everything stopped again."""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import FrameType

from config import messages
from config.embedded import ROOT, EmbeddedError, Servers, running, start
from config.embedded.processes import tail
from config.workshop import (
    LOGS,
    VAR,
    Child,
    StepFailed,
    front_end,
    has_command,
    manage,
    missing_pdf_packages,
    run_quietly,
    secret_key,
    static_files,
    step,
    stop_children,
)

HOST = "127.0.0.1"
FIRST_PORT = 8000
PORTS_TRIED = 20
START_SECONDS = 60


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/demo")
    parser.add_argument("--port", type=int)
    parser.add_argument("--fresh", action="store_true")
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)

    began = time.monotonic()
    children: list[Child] = []
    stage: list[Child] = []
    servers: Servers | None = None
    try:
        port = choose_port(options.port)
        if options.fresh:
            forget()
        warn_of_missing_packages()
        front_end()
        messages.compile_changed()
        with step("Starting PostgreSQL and Redis"):
            servers = start(VAR)
        environ = environment(servers, port)
        static_files(environ)
        with step("Preparing the database"):
            run_quietly(manage("prepare_database"), "prepare_database", environ=environ)
        if has_command("load_demo"):
            with step("Loading the demo data (once)"):
                load = manage("load_demo", "--side-by-side", "--no-stage")
                run_quietly(load, "load_demo", environ=environ)
        with step("Starting web, worker and scheduler"):
            children = launch(environ, port)
            wait_until_it_answers(children, port)
        if has_command("load_demo"):
            # Some promises fall due in the first two minutes, for all to see.
            stage = [Child("stage", manage("load_demo"), environ)]
        welcome(environ, port, time.monotonic() - began)
        return watch(children, servers)
    except (EmbeddedError, StepFailed) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        if children or servers:
            print("\nStopping ... ", end="", flush=True)
            stop_children([*children, *stage])
            if servers is not None:
                servers.stop()
            print("everything has stopped.", flush=True)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def choose_port(wanted: int | None) -> int:
    """The port asked for, which must be free, or the first free one from 8000 on."""
    for port in [wanted] if wanted else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    if wanted:
        raise StepFailed(f"Port {wanted} is taken or not allowed; name another with --port.")
    last = FIRST_PORT + PORTS_TRIED - 1
    raise StepFailed(f"The ports {FIRST_PORT} to {last} are all taken; name one with --port.")


def forget() -> None:
    """Drop the data of the last demo, and nothing else."""
    if running(VAR) is not None:
        raise StepFailed("A demo is running on this data; stop it before --fresh.")
    if os.environ.get("DATABASE_URL"):
        raise StepFailed("--fresh never touches a database of yours; unset DATABASE_URL first.")
    with step("Forgetting the last demo"):
        for name in ("pg", "redis", "media"):
            if (VAR / name).exists():
                shutil.rmtree(VAR / name)


def warn_of_missing_packages() -> None:
    missing = missing_pdf_packages()
    if missing:
        print(
            "PDFs cannot be written on this machine until root has run:\n"
            f"  apt-get install {' '.join(missing)}\nEverything else works.",
            flush=True,
        )


def environment(servers: Servers, port: int) -> dict[str, str]:
    """What the settings read; a value already in the environment wins where that is safe."""
    address = f"http://{HOST}:{port}"
    return (
        {
            "SECRET_KEY": secret_key(),
            "ALLOWED_HOSTS": f"{HOST},localhost",
            "MEDIA_ROOT": str(VAR / "media"),
            "STATIC_ROOT": str(VAR / "static"),
        }
        | os.environ
        | {
            "BASE_URL": address,
            "CSRF_TRUSTED_ORIGINS": f"{address},http://localhost:{port}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONUNBUFFERED": "1",
        }
        | servers.urls
    )


def launch(environ: dict[str, str], port: int) -> list[Child]:
    LOGS.mkdir(parents=True, exist_ok=True)
    # Only the owner role's door stays shut: the children get no URL of it.
    environ = {name: value for name, value in environ.items() if name != "OWNER_DATABASE_URL"}
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--app=config.celery"]
    web = [*python, "gunicorn", "config.wsgi:application", f"--bind={HOST}:{port}"]
    web += ["--worker-class=gthread", "--workers=2", "--threads=8", "--access-logfile=-"]
    web += ["--graceful-timeout=5", f"--pid={VAR / 'run' / 'web.pid'}"]
    worker = [*celery, "worker", "--concurrency=2", "--loglevel=INFO", "--without-gossip"]
    beat = [*celery, "beat", "--loglevel=INFO", f"--schedule={VAR / 'run' / 'beat'}", "--pidfile="]
    watch = [sys.executable, "manage.py", "watch"]
    commands = {
        "web": web,
        "worker": [*worker, "--without-mingle"],
        "beat": beat,
        "watch": watch,
    }
    return [Child(name, command, environ) for name, command in commands.items()]


def wait_until_it_answers(children: list[Child], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        fail_if_one_ended(children)
        try:
            urllib.request.urlopen(f"http://{HOST}:{port}/livez", timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise StepFailed(f"The web server does not answer:\n{tail(LOGS / 'web.log')}")


def fail_if_one_ended(children: list[Child]) -> None:
    for child in children:
        if child.ended():
            code = child.process.returncode
            raise StepFailed(f"\nThe {child.name} ended ({code}):\n{tail(child.log, 25)}")


def welcome(environ: dict[str, str], port: int, seconds: float) -> None:
    print(f"\nSanbao runs at http://{HOST}:{port}/ ({seconds:.0f} s). Logs: var/log/\n")
    if has_command("demo_logins"):
        subprocess.run(manage("demo_logins"), cwd=ROOT, env=environ, check=False)
    print("\nCtrl-C stops everything.", flush=True)


def watch(children: list[Child], servers: Servers) -> int:
    """Stay until Ctrl-C, or until something ends that should not."""
    while True:
        fail_if_one_ended(children)
        if not servers.alive():
            raise StepFailed(
                f"\nPostgreSQL or Redis ended:\n{tail(LOGS / 'embedded.log')}\n"
                f"{tail(LOGS / 'postgres.log')}"
            )
        time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())
