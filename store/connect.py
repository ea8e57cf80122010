"""Opening the database behind the ledger: where it lies, how SQLite shares it, and bringing its tables up to date."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, ProgrammingError

from scoring.errors import OutputError
from store.codec import from_json, to_json
from store.remedies import disk_remedy, is_denied, remedy_for

MIGRATIONS = Path(__file__).parent / "migrations"
PATIENCE = 30.0  # s to wait for another process that writes
UPGRADE_LOCK = 0x63616C6C7161  # "callqa": PostgreSQL's advisory locks are numbers
WRITES = "callqa_writes"
# Connections are opened as they are needed; of a desk's, with its 40 threads, so many are kept: to open one costs ms.
POOL = {"pool_size": 20, "max_overflow": 30}


def connect(url: str | Path) -> tuple[Engine, str]:
    """Engine of a ledger, upgraded to this code, and how to call it in messages. Raises OutputError."""
    location = _locate(url)
    where = _spoken(location)
    engine = _engine(location)
    try:
        with explained(where):
            _upgrade(engine, where)
    except BaseException:
        engine.dispose()
        raise
    return engine, where


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Trouble of the database, in here, is an OutputError that names the ledger and what to do."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error, IntegrityError | ProgrammingError | DataError) and not is_denied(error.orig):
            raise  # not the disk's fault but ours: let it be seen as it is
        said = " ".join(str(error.orig).split())
        raise OutputError(f"ledger {where}: {said}", remedy=remedy_for(error.orig)) from error


def migration_config(connection: Connection) -> Config:
    """Alembic's settings, in code: an installed package has no alembic.ini."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _locate(url: str | Path) -> URL:
    if isinstance(url, str) and "://" in url:
        try:
            location = make_url(url)
        except (ArgumentError, ValueError):
            raise OutputError("the ledger's URL is not readable", remedy=_FORMS) from None
        if location.get_backend_name() in ("postgresql", "postgres"):
            return location.set(drivername="postgresql+psycopg")
        if location.get_backend_name() != "sqlite" or not location.database or location.database == ":memory:":
            raise OutputError(f"a ledger cannot live in {location.drivername}", remedy=_FORMS)
        url = location.database
    path = Path(url).expanduser().absolute()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"ledger {path}: {error.strerror}", remedy=disk_remedy(error)) from error
    if path.is_dir():
        raise OutputError(f"ledger {path}: is a folder", remedy=f"name a file, such as {path / 'callqa.sqlite'}")
    return URL.create("sqlite", database=str(path))


def _spoken(location: URL) -> str:
    """The place as messages and logs may name it: a URL can hold the password in two spots."""
    if location.drivername == "sqlite":
        return str(location.database)
    return URL.create(
        "postgresql", username=location.username, host=location.host, port=location.port, database=location.database
    ).render_as_string()


_FORMS = "give the path of an SQLite file, or postgresql://user:password@host/database"


def _engine(location: URL) -> Engine:
    options: dict[str, Any] = {"json_serializer": to_json, "json_deserializer": from_json}
    if location.drivername == "sqlite":
        engine = create_engine(location, connect_args={"timeout": PATIENCE}, **POOL, **options)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    # A server may restart during a night's run: a dead connection is replaced before it is used.
    return create_engine(location, connect_args={"connect_timeout": 10}, pool_pre_ping=True, **POOL, **options)


def _prepare_sqlite(connection: DBAPIConnection, _: object) -> None:
    """Writers wait for each other, readers wait for nobody."""
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101 - tells the type checker
    # Python's own handling begins transactions late, and a read that becomes a write then fails at once.
    connection.isolation_level = None
    _turn_wal_on(connection)
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")


def _turn_wal_on(connection: sqlite3.Connection) -> None:
    """SQLite does not wait for others when the journal changes, so two processes on a new file must try again."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            if not busy or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(WRITES) else "BEGIN")


def _upgrade(engine: Engine, where: str) -> None:
    """Bring the tables to the newest revision, once, however many processes come at a time."""
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": UPGRADE_LOCK})
        config = migration_config(connection)
        script = ScriptDirectory.from_config(config)
        current = MigrationContext.configure(connection).get_current_revision()
        if current == script.get_current_head():
            return
        if current is None and set(inspect(connection).get_table_names()) - {"alembic_version"}:
            raise OutputError(
                f"ledger {where}: holds tables of another program", remedy="name a new file, or an empty database"
            )
        if current is not None and current not in {s.revision for s in script.walk_revisions()}:
            raise OutputError(
                f"ledger {where}: written by a newer callqa (revision {current})",
                remedy="upgrade callqa, or name another ledger",
            )
        command.upgrade(config, "head")
