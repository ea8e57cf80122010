"""An empty database for a test: a file of its own, or a schema of its own on the PostgreSQL of CALLQA_TEST_POSTGRES."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text


@contextmanager
def empty_database(kind: str, folder: Path) -> Iterator[str]:
    """Its URL. kind: sqlite or postgresql; skips the test where there is no PostgreSQL."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'callqa.sqlite'}"
        return
    server = os.environ.get("CALLQA_TEST_POSTGRES")
    if not server:
        pytest.skip("CALLQA_TEST_POSTGRES does not name a PostgreSQL database")
    schema = f"callqa_{uuid4().hex[:12]}"
    location = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(location)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    try:
        yield location.update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(hide_password=False)
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        engine.dispose()
