"""bin/prove sweep: every due step fires once, whatever dies.

Real Celery workers and beats on a PostgreSQL and a Redis of their own. Ten thousand clocks
fall due within a minute, on a database slow enough that most blows hit a sweep at work:

    workers     50 worker processes killed with SIGKILL at random moments
    beats       the same with two beats, which are killed as well
    redis       the same with Redis emptied ten times and restarted
    postgres    the same with PostgreSQL stopped ("immediate") and started three times
    outage      everything is down while the clocks fall due, then comes back
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from config import tally
from config.embedded import ROOT, EmbeddedError
from config.embedded.postgres import Postgres
from config.embedded.processes import wait_for
from config.embedded.redis import Redis
from config.workshop import LOGS, VAR, Child, StepFailed, manage, secret_key, step, stop_children

HOME = VAR / "prove"
DUE = 10_000
KILLS = 50
SECONDS = 60  # in which they fall due
PATIENCE = 300  # seconds after the last blow
MAINS = 2  # Celery workers of two processes each
# Each line in a ticket's story takes 5 ms more: a batch is at work for seconds.
SLOW = """
CREATE OR REPLACE FUNCTION prove_slow() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_sleep(0.005); RETURN NEW; END $$;
CREATE OR REPLACE TRIGGER prove_slow BEFORE INSERT ON tickets_timelineentry
FOR EACH ROW EXECUTE FUNCTION prove_slow();
"""


class Site:
    """The product's processes, and the hand that kills them."""

    def __init__(self, directory: Path, seed: int) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        for name in ("run", "log"):
            (directory / name).mkdir(exist_ok=True)
        (directory / "run").chmod(0o755)
        LOGS.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self.chance = random.Random(seed)
        self.postgres = Postgres(directory, durable=True)
        self.redis = Redis(directory, durable=True, previous=None)
        self.workers: list[Child] = []
        self.beats: list[Child] = []

    def environ(self) -> dict[str, str]:
        return os.environ | {
            "DATABASE_URL": self.postgres.url("sanbao_app", "sanbao"),
            "OWNER_DATABASE_URL": self.postgres.url("sanbao_owner", "sanbao"),
            "REDIS_URL": self.redis.url(),
            "SECRET_KEY": secret_key(),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "BASE_URL": "http://localhost",
            "EMAIL_URL": "dummymail://",
            "LOG_LEVEL": "ERROR",
        }

    def start(self, beats: int) -> None:
        self.workers = [self._worker(number) for number in range(MAINS)]
        self.beats = [self._beat(number) for number in range(beats)]

    def stop(self) -> None:
        stop_children([*self.beats, *self.workers])
        self.workers, self.beats = [], []

    def kill_worker(self) -> None:
        """A process at work, or now and then the one above them; it is started anew."""
        number = self.chance.randrange(MAINS)
        main = self.workers[number]
        below = _children_of(main.process.pid)
        if below and self.chance.random() > 0.1:
            _kill(self.chance.choice(below))
            return
        _kill(main.process.pid)
        main.process.wait()
        self.workers[number] = self._worker(number)

    def kill_beat(self) -> None:
        number = self.chance.randrange(len(self.beats))
        _kill(self.beats[number].process.pid)
        self.beats[number].process.wait()
        self.beats[number] = self._beat(number)

    def empty_redis(self) -> None:
        import redis

        with redis.Redis.from_url(self.redis.url()) as client:
            client.flushall()

    def restart_redis(self) -> None:
        self.redis.stop()
        time.sleep(1)
        self.redis.start()

    def restart_postgres(self) -> None:
        """As `pg_ctl stop -m immediate`: nothing is written, every client is cut."""
        assert self.postgres.process is not None
        self.postgres.process.send_signal(signal.SIGQUIT)
        self.postgres.process.wait()
        time.sleep(1)
        self.postgres.start()

    def ask(self, question: Callable[..., Any], *words: Any) -> Any:
        """Look from outside the row policies; wait while the server is coming up."""
        import psycopg2

        deadline = time.monotonic() + 60
        while True:
            try:
                with closing(psycopg2.connect(self.postgres.url("postgres", "sanbao"))) as line:
                    line.autocommit = True
                    return question(line.cursor(), *words)
            except psycopg2.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def _worker(self, number: int) -> Child:
        command = [sys.executable, "-m", "celery", "--app=config.celery", "worker"]
        command += ["--concurrency=2", f"--hostname=prove{number}@%h", "--loglevel=WARNING"]
        return Child(
            f"prove-worker{number}",
            [*command, "--without-gossip", "--without-mingle"],
            self.environ(),
        )

    def _beat(self, number: int) -> Child:
        schedule = self.directory / "run" / f"beat{number}"
        command = [sys.executable, "-m", "celery", "--app=config.celery", "beat", "--pidfile="]
        return Child(
            f"prove-beat{number}",
            [*command, f"--schedule={schedule}", "--loglevel=WARNING"],
            self.environ(),
        )


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/prove sweep")
    parser.add_argument("--due", type=int, default=DUE)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--only", choices=SCENES, nargs="*", default=list(SCENES))
    options = parser.parse_args()
    site = Site(HOME, options.seed)
    tallies: dict[str, tuple[tally.Tally, str]] = {}
    try:
        site.redis.start()
        site.postgres.start()
        with step("Preparing the database"):
            prepare(site)
        for number, name in enumerate(options.only):
            mark = f"P{int(time.time())}{number}"
            with step(f"{name}: {options.due:,} due clocks"):
                blows = SCENES[name](site, mark, options.due, options.kills)
            tallies[name] = (site.ask(tally.take, mark, options.due), blows)
    except (EmbeddedError, StepFailed) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        site.stop()
        site.postgres.stop()
        site.redis.stop()
    print(f"\nseed {options.seed}; count/distinct of what must be there once per clock\n")
    print(f"{'':9} {'due':>7} {'lost':>5} {'double':>7}", *(f"{name:>13}" for name in tally.LEFT))
    for name, (found, blows) in tallies.items():
        pairs = (f"{count:,}/{distinct:,}" for count, distinct in found.counts.values())
        print(f"{name:9} {found.due:7,} {found.lost:5} {found.double:7}", end=" ")
        print(*(f"{pair:>13}" for pair in pairs), f" {blows}")
    return 0 if all(found.is_right for found, _blows in tallies.values()) else 1


def prepare(site: Site) -> None:
    os.environ.update(site.environ())
    subprocess.run(
        manage("prepare_database", "--quiet"), cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
    import django

    django.setup()
    site.ask(lambda cursor: cursor.execute(SLOW))


def fill(mark: str, due: int, last: datetime, spread: timedelta) -> None:
    from django.db import connections

    from config import crowd
    from core.tenancy import tenant_scope

    tenant = crowd.company(mark.lower())
    with tenant_scope(tenant.pk):
        crowd.tickets(due // 2, mark=mark)
        crowd.due_clocks(last, mark=mark, spread=spread, promises=["dispatch", "first_answer"])
    connections.close_all()


def under_blows(
    site: Site, mark: str, due: int, blows: list[Callable[[], None]], *, beats: int
) -> str:
    """Clocks fall due while blow follows blow; then all may finish in peace."""
    began = datetime.now(UTC)
    fill(mark, due, began + timedelta(seconds=SECONDS), timedelta(seconds=SECONDS))
    site.start(beats)
    site.chance.shuffle(blows)
    at_work = 0
    for blow in blows:
        # At any moment of a sweep; a site that only starts its processes proves nothing.
        wait_for(lambda: _is_at_work(site), 10, every=0.1)
        time.sleep(site.chance.uniform(0, 1))
        at_work += _is_at_work(site)
        blow()
    left = finish(site, mark, began + timedelta(seconds=SECONDS))
    site.stop()
    return f"{len(blows)} blows, {at_work} while a batch was at work; {left}"


def finish(site: Site, mark: str, due_by: datetime) -> str:
    """Wait until nothing is open; how long after the last due time and blow that was."""
    since = max(time.time(), due_by.timestamp())
    while site.ask(tally.still_open, mark):
        if time.time() > since + PATIENCE:
            raise StepFailed(f"{site.ask(tally.still_open, mark)} steps are still open.")
        time.sleep(0.5)
    return f"done {max(0, time.time() - since):.0f} s after the last"


def workers(site: Site, mark: str, due: int, kills: int) -> str:
    return under_blows(site, mark, due, [site.kill_worker] * kills, beats=1)


def beats(site: Site, mark: str, due: int, kills: int) -> str:
    blows = [site.kill_worker] * (kills - kills // 5) + [site.kill_beat] * (kills // 5)
    return under_blows(site, mark, due, blows, beats=2)


def redis(site: Site, mark: str, due: int, kills: int) -> str:
    blows = [site.kill_worker] * kills + [site.empty_redis] * 10 + [site.restart_redis]
    return under_blows(site, mark, due, blows, beats=2)


def postgres(site: Site, mark: str, due: int, kills: int) -> str:
    blows = [site.kill_worker] * kills + [site.restart_postgres] * 3
    return under_blows(site, mark, due, blows, beats=2)


def outage(site: Site, mark: str, due: int, kills: int) -> str:
    """Ten minutes of everything down: all fire once after it, marked for one letter each."""
    now = datetime.now(UTC)
    # The youngest are past the five minutes that count as late, like all that waited so long.
    fill(mark, due, now - timedelta(minutes=6), timedelta(minutes=10))
    site.postgres.stop()
    site.redis.stop()
    time.sleep(2)
    site.redis.start()
    site.postgres.start()
    site.start(2)
    done = finish(site, mark, datetime.now(UTC))
    site.stop()
    bundled = site.ask(_bundled, mark)
    if bundled != due:
        raise StepFailed(f"Only {bundled} of {due} mails wait for the one letter.")
    return f"everything was down; {done}; all mails bundled"


SCENES = {
    "workers": workers,
    "beats": beats,
    "redis": redis,
    "postgres": postgres,
    "outage": outage,
}


def _bundled(cursor: Any, mark: str) -> int:
    cursor.execute(
        "SELECT count(*) FROM notifications_outboxmessage WHERE event = 'sla.breached'"
        " AND params ->> 'number' LIKE %s AND bundle = 'sla'",
        [f"{mark}-%"],
    )
    return int(cursor.fetchone()[0])


def _is_at_work(site: Site) -> bool:
    def look(cursor: Any) -> bool:
        cursor.execute(
            "SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
            " WHERE c.relname = 'sla_step' AND l.mode IN ('RowShareLock', 'RowExclusiveLock')"
        )
        return bool(cursor.fetchone()[0])

    return bool(site.ask(look))


def _children_of(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in path.read_text().split()] if path.exists() else []


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # it had just died by itself


if __name__ == "__main__":
    sys.exit(main())
