"""Where a test process finds its PostgreSQL, its own database in it, and its own Redis.

Called by tests/settings.py before the real settings read the environment. The first process
of a run starts (or joins) the servers below var/test, or takes those the environment names;
each pytest worker then points itself at a database and a Redis database of its own. Processes
that tests start inherit all of it.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from config import embedded

ROOT = embedded.ROOT
DIRECTORY = ROOT / "var" / "test"
# The same for every test process; what the environment already says wins.
DEFAULTS = {
    "SECRET_KEY": "only-for-tests-" + "x" * 40,
    "DEBUG": "false",
    # Refusals are what most tests ask for; a line of log for each helps nobody.
    "LOG_LEVEL": "CRITICAL",
    "BASE_URL": "http://testserver",
    "COMPRESS_STATIC": "false",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
}

_servers: embedded.Servers | None = None


def set_environment() -> None:
    """Point os.environ at this worker's database and Redis; a second call changes nothing."""
    global _servers
    environ = os.environ
    worker = environ.get("PYTEST_XDIST_WORKER", "main")
    if environ.get("SANBAO_TEST_WORKER") == worker:
        return
    if "SANBAO_TEST_RUN" not in environ:
        _servers = embedded.start(DIRECTORY, durable=False)
        environ.update(_servers.urls)
        environ["SANBAO_TEST_RUN"] = str(os.getpid())
        environ["SANBAO_TEST_BASE_URL"] = environ["OWNER_DATABASE_URL"]
        environ["SANBAO_TEST_EMBEDDED"] = str(int("host=" in environ["DATABASE_URL"]))
        for name, value in DEFAULTS.items():
            environ.setdefault(name, value)
    environ["SANBAO_TEST_WORKER"] = worker
    name = f"sanbao_test_{environ['SANBAO_TEST_RUN']}_{worker}"
    use_database(name)
    environ["MEDIA_ROOT"] = str(DIRECTORY / "media" / worker)
    environ["REDIS_URL"] = with_path(environ["REDIS_URL"], str(_redis_number(worker)))


def use_database(name: str) -> None:
    for variable in ("DATABASE_URL", "OWNER_DATABASE_URL"):
        os.environ[variable] = with_path(os.environ[variable], name)


def database_name() -> str:
    return urlsplit(os.environ["DATABASE_URL"]).path.lstrip("/")


def with_path(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{path}"))


def stop() -> None:
    """Let go of the servers; they end unless another run or `embedded start` holds them."""
    if _servers is not None:
        _servers.stop()


def media_root() -> Path:
    return Path(os.environ["MEDIA_ROOT"])


def _redis_number(worker: str) -> int:
    """1 for a run in one process, 2 and up for its workers; 0 belongs to nobody here."""
    return 1 if worker == "main" else 2 + int(worker.removeprefix("gw"))
