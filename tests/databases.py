"""Test databases: one template prepared by the owner, cloned for each worker.

The owner role runs `manage.py prepare_database` on the template once; it is kept until a
migration, an SQL file or the preparation itself changes. Everything after that happens under
the ordinary role, exactly as in production.
"""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
from django.conf import settings
from django.db import connections
from psycopg2.errors import InsufficientPrivilege, ObjectInUse
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor
from psycopg2.sql import SQL, Identifier, Literal

from tests.servers import ROOT, database_name, use_database, with_path

TEMPLATE = "sanbao_test_template"
LOCK_KEY = 7_240_131  # of pg_advisory_lock: one process at a time makes the template
PREPARED_BY = (
    "*/migrations/*.py",
    "*/**/*.sql",
    "*/management/commands/prepare_database.py",
    "core/*.py",
    "config/settings.py",
    "requirements/run.txt",
)


@contextmanager
def as_owner() -> Iterator[Connection]:
    """A connection of the owner to the database nobody tests in."""
    with closing(psycopg2.connect(os.environ["SANBAO_TEST_BASE_URL"])) as owner:
        owner.autocommit = True
        yield owner


def run(owner: Connection, statement: str, **names: str) -> None:
    with owner.cursor() as cursor:
        quoted = {key: Identifier(name) for key, name in names.items()}
        cursor.execute(SQL(statement).format(**quoted))


def clone(name: str) -> None:
    """Make a database of this name out of the template, which is prepared when it is not."""
    with as_owner() as owner:
        run(owner, f"SELECT pg_advisory_lock({LOCK_KEY})")
        _prepare_template(owner)
        run(owner, "DROP DATABASE IF EXISTS {name} WITH (FORCE)", name=name)
        run(owner, "CREATE DATABASE {name} TEMPLATE {template}", name=name, template=TEMPLATE)
        run(owner, "REVOKE ALL ON DATABASE {name} FROM PUBLIC", name=name)
        run(owner, "GRANT CONNECT ON DATABASE {name} TO sanbao_app", name=name)


def drop(name: str) -> None:
    """Drop a database once the last session has left it: a closed one takes its moment."""
    until = time.monotonic() + 10
    with as_owner() as owner:
        while True:
            try:
                run(owner, "DROP DATABASE IF EXISTS {name} WITH (FORCE)", name=name)
            except (InsufficientPrivilege, ObjectInUse):
                # The owner may not end a session of the ordinary role.
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
            else:
                return


def drop_leftovers() -> None:
    """Drop what runs that were killed left behind: their process number is in the name."""
    if os.environ["SANBAO_TEST_EMBEDDED"] != "1":
        return
    with as_owner() as owner:
        with owner.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname ~ '^sanbao_test_[0-9]+_'")
            names = [row[0] for row in cursor.fetchall()]
        for name in names:
            if not Path(f"/proc/{name.split('_')[2]}").exists():
                run(owner, "DROP DATABASE IF EXISTS {name} WITH (FORCE)", name=name)


def connect_django_to(name: str) -> None:
    """Send this process, its threads and its future children to another database."""
    connections.close_all()
    for alias in connections.settings:
        connections.settings[alias]["NAME"] = name
        settings.DATABASES[alias]["NAME"] = name
    use_database(name)


@contextmanager
def fresh_database(number: int) -> Iterator[str]:
    """A clone of the template for one test, with Django connected to it."""
    before = database_name()
    name = f"{before}_{number}"
    clone(name)
    connect_django_to(name)
    try:
        yield name
    finally:
        connect_django_to(before)
        drop(name)


def complaint_about_role(cursor: Cursor) -> str | None:
    """Why the role of this session could pass a row policy; None when it is as it must be."""
    cursor.execute(
        "SELECT current_user, rolsuper, rolbypassrls,"
        " (SELECT count(*) FROM pg_class"
        "  WHERE relowner = r.oid AND relpersistence <> 't')"
        " FROM pg_roles AS r WHERE rolname = current_user"
    )
    role, is_super, bypasses, owned = cursor.fetchone()
    if is_super or bypasses or owned:
        return (
            f"The tests must run as an ordinary role, but {role} has superuser={is_super}, "
            f"bypassrls={bypasses} and owns {owned} tables or indexes."
        )
    return None


def fingerprint() -> str:
    """Changes when the template would come out differently."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in PREPARED_BY for path in ROOT.glob(pattern)}):
        parts = path.relative_to(ROOT).parts
        if parts[0] not in ("var", "node_modules", "tests"):
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _prepare_template(owner: Connection) -> None:
    wanted = fingerprint()
    with owner.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [TEMPLATE],
        )
        if cursor.fetchone() == (wanted,):
            return
    run(owner, "DROP DATABASE IF EXISTS {name} WITH (FORCE)", name=TEMPLATE)
    run(owner, "CREATE DATABASE {name} TEMPLATE template0", name=TEMPLATE)
    run(owner, "REVOKE ALL ON DATABASE {name} FROM PUBLIC", name=TEMPLATE)
    run(owner, "GRANT CONNECT ON DATABASE {name} TO sanbao_app", name=TEMPLATE)
    environ = dict(os.environ)
    for variable in ("DATABASE_URL", "OWNER_DATABASE_URL"):
        environ[variable] = with_path(environ[variable], TEMPLATE)
    done = subprocess.run(
        [sys.executable, "manage.py", "prepare_database"],
        cwd=ROOT,
        env=environ | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"manage.py prepare_database failed:\n{done.stdout}\n{done.stderr}")
    with owner.cursor() as cursor:
        comment = SQL("COMMENT ON DATABASE {} IS {}")
        cursor.execute(comment.format(Identifier(TEMPLATE), Literal(wanted)))
