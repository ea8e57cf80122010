"""The life of a form: draft -> published -> retired, kept in a register beside its file.

`published.json` in the folder of the file notes each published version with the hash of what it means, who approved it,
when and why. A version that is in it cannot change unseen: reading a file whose content is another is refused, and the
remedy is a new version. The register is plain JSON, meant to be kept under version control with the forms.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from scoring.errors import OutputError, RubricError
from scoring.rubric import Publication, Rubric
from scoring.strict import Strict
from scoring.yaml_file import read

REGISTER = "published.json"


class Retirement(Strict):
    """Who took a version out of use, when and why."""

    approver: str = Field(min_length=1, max_length=200)
    on: date
    reason: str = Field(min_length=1, max_length=2000)


class Entry(Strict):
    """One published version."""

    id: str
    version: str
    hash: str = Field(pattern=r"^[0-9a-f]{64}$")
    published: Publication
    retired: Retirement | None = None

    @property
    def status(self) -> Literal["published", "retired"]:
        return "retired" if self.retired else "published"


class Register(Strict):
    """All published versions of a folder."""

    format: Literal[1] = 1
    versions: tuple[Entry, ...] = ()

    def of(self, rubric: Rubric) -> Entry | None:
        """The entry of this version of the rubric, if it was published."""
        return next((e for e in self.versions if (e.id, e.version) == (rubric.id, rubric.version)), None)


def register_of(folder: Path) -> Register:
    """The register of a folder; an empty one where there is none. Raises RubricError where it is damaged."""
    path = folder / REGISTER
    if not path.exists():
        return Register()
    try:
        return Register.model_validate_json(read(path, "a register of rubrics"))
    except ValidationError:
        raise RubricError(f"{path}: not a register of published rubrics", remedy="restore it from backup") from None


def as_published(rubric: Rubric, folder: Path, origin: str) -> Rubric:
    """The rubric with the status its version has. Raises RubricError where a published version was changed."""
    entry = register_of(folder).of(rubric)
    if entry is None:
        return rubric
    if entry.hash != rubric.hash:
        raise RubricError(
            f"{origin}: version {rubric.version} of {rubric.id} was published on {entry.published.on} and has been "
            f"changed since ({entry.hash[:12]} -> {rubric.hash[:12]})",
            remedy="give the changed form a new `version:`, or restore the published file",
        )
    return rubric.model_copy(update={"status": entry.status, "publication": entry.published})


def publish(rubric: Rubric, folder: Path, *, approver: str, reason: str, on: date) -> Entry:
    """Note a version as published. Raises RubricError where that version was published with other content or retired.

    Publishing the same content again changes nothing: the first approval stands.
    """
    register = register_of(folder)
    known = register.of(rubric)
    if known is None:
        entry = _entry(rubric, approver, reason, on)
        _write(folder, Register(versions=(*register.versions, entry)))
        return entry
    as_published(rubric, folder, rubric.id)
    if known.retired:
        raise RubricError(
            f"version {rubric.version} of {rubric.id} was retired on {known.retired.on}",
            remedy="publish it under a new `version:`",
        )
    return known


def retire(rubric: Rubric, folder: Path, *, approver: str, reason: str, on: date) -> Entry:
    """Note a published version as retired. Raises RubricError where it never was published."""
    register = register_of(folder)
    known = register.of(rubric)
    if known is None:
        raise RubricError(
            f"version {rubric.version} of {rubric.id} is not published", remedy="only a published version is retired"
        )
    if known.retired:
        return known
    try:
        retired = known.model_copy(update={"retired": Retirement(approver=approver, reason=reason, on=on)})
    except ValidationError:
        raise _incomplete() from None
    _write(folder, Register(versions=tuple(retired if e is known else e for e in register.versions)))
    return retired


def _entry(rubric: Rubric, approver: str, reason: str, on: date) -> Entry:
    try:
        signed = Publication(approver=approver.strip(), reason=reason.strip(), on=on)
    except ValidationError:
        raise _incomplete() from None
    return Entry(id=rubric.id, version=rubric.version, hash=rubric.hash, published=signed)


def _incomplete() -> RubricError:
    return RubricError("approver and reason must be given, in at most 2000 characters", remedy="see --help")


def _write(folder: Path, register: Register) -> None:
    """Under another name first: a register is never half written."""
    path = folder / REGISTER
    half = folder / f".{REGISTER}.{os.getpid()}.part"
    text = json.dumps(register.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"
    try:
        half.write_text(text, encoding="utf-8", newline="\n")
        os.replace(half, path)
    except OSError as error:
        raise OutputError(
            f"{path}: cannot be written ({error.strerror or error})", remedy="check that the folder is writable"
        ) from None
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)
