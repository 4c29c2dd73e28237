"""Processes for test_kill.py: one that is ready to sweep, forked as often as one is killed.

fork sweeper    sweeps at each tick out of Redis, as a worker of Celery does
fork beat       ticks, five times a second
"""

import os
import signal
import sys
import time

import django
import redis

TICKS = "test-kill-ticks"
# Small batches, so that many blows hit one at work.
BATCH = 25


def main() -> None:
    django.setup()
    from sla import sweep

    sweep.BATCH = BATCH
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the dead
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            {"sweeper": sweep_for_ever, "beat": tick_for_ever}[line.split()[1]]()
        print(pid, flush=True)  # noqa: T201


def sweep_for_ever() -> None:
    from sla.tasks import sweep

    parent = os.getppid()
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as broker:
        while os.getppid() == parent:
            if broker.blpop([TICKS], timeout=1):
                sweep()
    os._exit(0)


def tick_for_ever() -> None:
    parent = os.getppid()
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as broker:
        while os.getppid() == parent:
            broker.rpush(TICKS, "tick")
            time.sleep(0.2)
    os._exit(0)


if __name__ == "__main__":
    main()
