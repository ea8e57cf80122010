"""Opening a ledger: new, old, newer, wrong, or not to be had; and what a person is told."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event, inspect

import scoring
import store
from scoring.errors import OutputError
from store import connect
from store.every_table import Base
from store.ledger import Ledger

Save = Callable[..., bool]


def test_tables_and_migrations_agree(ledger: Ledger) -> None:
    with ledger._engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "render_as_batch": True, "include_name": _declared}
        )
        assert compare_metadata(context, Base.metadata) == []


def _declared(name: str | None, kind: str, _: object) -> bool:
    """All but the search index, which SQLAlchemy cannot declare."""
    return not (kind == "table" and name is not None and name.startswith("queue_search"))


def test_an_older_ledger_is_upgraded_and_keeps_its_place(url: str) -> None:
    with Ledger.open(url) as ledger, ledger._writer.begin() as connection:
        command.downgrade(connect.migration_config(connection), "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
    with Ledger.open(url) as ledger:
        assert ledger.done(["x"]) == set()


def test_a_newer_ledger_is_refused(url: str) -> None:
    with Ledger.open(url) as ledger, ledger._writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(OutputError, match=r"newer callqa \(revision 9999\) -> upgrade callqa"):
        Ledger.open(url)


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE calls (id)")
    other.close()
    with pytest.raises(OutputError, match="another program"):
        Ledger.open(path)
    assert path.read_bytes().count(b"CREATE TABLE") == 1


def test_sqlite_is_set_up_for_many_processes(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "a new folder" / "100% 台账?.sqlite") as ledger, ledger._engine.connect() as connection:
        wanted = {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 1, "busy_timeout": 30000}
        assert {p: connection.exec_driver_sql(f"PRAGMA {p}").scalar() for p in wanted} == wanted
    assert (tmp_path / "a new folder" / "100% 台账?.sqlite").is_file()


def test_it_runs_as_an_installed_package(tmp_path: Path) -> None:
    """No alembic.ini, no repository: only what the wheel carries."""
    for package in (store, scoring):
        folder = Path(str(package.__file__)).parent
        shutil.copytree(folder, tmp_path / "site" / folder.name, ignore=shutil.ignore_patterns("__pycache__"))
    code = "import store.ledger as l; print(l.__file__); l.Ledger.open('l.sqlite').begin_run('h', {}, {})"
    command, env = [sys.executable, "-c", code], {"PYTHONPATH": "site"}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / done.stdout.strip()).is_relative_to(tmp_path)
    assert (tmp_path / "l.sqlite").is_file()


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 4000])
def test_not_a_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(OutputError, match=r"notes\.txt.*->"):
        Ledger.open(path)
    assert path.read_bytes() == content


def test_an_empty_file_is_a_new_ledger(tmp_path: Path) -> None:
    (tmp_path / "l.sqlite").touch()
    Ledger.open(tmp_path / "l.sqlite").close()


def test_a_folder_or_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="is a folder -> name a file"):
        Ledger.open(tmp_path)
    with pytest.raises(OutputError, match="in the way"):
        Ledger.open(tmp_path / "file" / "l.sqlite")


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder that nobody may write to")
@pytest.mark.parametrize("path", ["/proc/callqa/l.sqlite", "/proc/l.sqlite"])
def test_an_unwritable_folder(path: str) -> None:
    with pytest.raises(OutputError, match=r"-> (choose a folder|name a file in a folder) "):
        Ledger.open(path)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:secret@h/d",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://u:secret@h:port/d",
        "://secret",
        "oracle+x://secret",
    ],
)
def test_a_wrong_url(url: str) -> None:
    with pytest.raises(OutputError, match="-> give the path") as caught:
        Ledger.open(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("query", ["", "?password=secret"])
def test_no_server(query: str) -> None:
    with pytest.raises(OutputError, match="check that the server runs") as caught:
        Ledger.open(f"postgresql://u:secret@127.0.0.1:1/calls{query}")
    assert "secret" not in str(caught.value)
    assert "127.0.0.1:1/calls" in str(caught.value)


def test_no_such_database_on_the_server(url: str) -> None:
    if not url.startswith("postgresql"):
        pytest.skip("SQLite makes its database")
    with pytest.raises(OutputError, match="->"):
        Ledger.open(url.split("?")[0] + "_missing")


@pytest.mark.parametrize(
    ("pragma", "said"),
    [("max_page_count=1", "full -> free disk space"), ("query_only=1", "readonly.* -> make the file and its folder")],
)
def test_a_disk_that_refuses_while_writing(tmp_path: Path, save: Save, pragma: str, said: str) -> None:
    """max_page_count lets SQLite meet a full disk (it keeps the pages that are there), query_only a read-only one."""
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        run = ledger.begin_run("h", {}, {})
        ledger._engine.dispose()
        event.listen(ledger._engine, "connect", lambda c, _: c.execute(f"PRAGMA {pragma}").fetchall())
        with pytest.raises(OutputError, match=rf"l\.sqlite.*{said}"):
            [save(ledger, run, f"k{i}", call_id=f"c{i}") for i in range(50)]
        assert ledger.progress(run).failed == 0


def test_a_ledger_that_another_program_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Ledger.open(tmp_path / "l.sqlite").close()
    monkeypatch.setattr(connect, "PATIENCE", 0.1)
    other = sqlite3.connect(tmp_path / "l.sqlite", isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OutputError, match="locked -> another program holds"):
            Ledger.open(tmp_path / "l.sqlite")
    finally:
        other.close()
