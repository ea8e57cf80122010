"""Files that are there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from scoring.errors import OutputError
from store.remedies import disk_remedy


@contextmanager
def staged(target: Path, *, durable: bool = True) -> Iterator[Path]:
    """A temporary path beside `target` to write to; it takes the target's place when all went well.

    durable: wait until the disk has it, so that a power cut leaves no empty file; too slow for many small ones.
    """
    part = target.with_name(f".{target.name}.{uuid4().hex[:8]}.part")
    try:
        yield part
        if durable:
            with part.open("rb+") as file:
                os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Trouble of the disk, in here, is an OutputError that names the place and what to do."""
    try:
        yield
    except OSError as error:
        place = Path(error.filename or folder)
        if place.suffix == ".part":  # nobody but us knows that name
            place = place.parent
        raise OutputError(f"output {place}: {error.strerror or error}", remedy=disk_remedy(error)) from error
