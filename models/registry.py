"""The registry of language models: every version that was ever adopted, which one is in use, and what happened when.

    models/registry.json          the version in use and all events; replaced as a whole, so never half written
    models/versions/0003/         heads.safetensors, heads.json, version.json, card.md, twin/, and the encoder if tuned

A version's folder is built beside the others, written through to the disk and renamed: it is there whole or not at
all, and never changes after. Version 0 is `shipped`: the heads that come with callqa, which need no registry.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from models.heads import SHIPPED, Heads, load_heads
from models.weights import cache_folder
from scoring.errors import OutputError, UsageError, WeightsError

SHIPPED_NAME = "shipped"
BOOK = "registry.json"
TWIN = "twin"
CARD = "card.md"
SHIPPED_CARD = Path(__file__).parent / "cards" / "language.md"
BUILDING = ".building-"


def registry_folder() -> Path:
    """Where versions are kept: `CALLQA_MODELS`, by default beside the assembled weights."""
    return Path(os.environ.get("CALLQA_MODELS") or cache_folder().parent / "models")


@dataclass(frozen=True, slots=True)
class Version:
    """One version. `facts`: when, of what data, with what figures (version.json); empty for the shipped one."""

    number: int
    folder: Path
    facts: dict[str, Any]

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.number) if self.number else SHIPPED_NAME

    @property
    def card(self) -> Path:
        """Its model card."""
        return self.folder / CARD if self.number else SHIPPED_CARD

    def heads(self) -> Heads:
        """Its heads, checked. Raises WeightsError."""
        return load_heads(self.folder)

    def twin(self) -> Heads | None:
        """Its twin, which has not seen the frozen lines (models.candidate); None for the shipped one."""
        return load_heads(self.folder / TWIN) if self.number else None


class Registry:
    """Versions in a folder. It need not exist: then the shipped heads are in use."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or registry_folder()

    @property
    def current(self) -> int:
        """Number of the version in use. Raises WeightsError when the registry cannot be read."""
        return int(self._book()["current"])

    @property
    def events(self) -> list[dict[str, Any]]:
        """What happened, oldest first: adopted, refused, rolled back."""
        return list(self._book()["events"])

    def version(self, number: int) -> Version:
        """A version by number. Raises UsageError when there is none."""
        if number == 0:
            return Version(0, SHIPPED, {})
        folder = self._place(number)
        try:
            facts = json.loads((folder / "version.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            there = ", ".join(v.name for v in self.versions())
            raise UsageError(f"there is no version {number} in {self.folder}", remedy=f"use one of {there}") from None
        except (OSError, ValueError) as error:
            raise self._damaged(folder / "version.json", error) from error
        return Version(number, folder, facts)

    def versions(self) -> list[Version]:
        """All versions, the shipped one first."""
        folders = sorted((self.folder / "versions").glob("[0-9]*/version.json"))
        return [self.version(0), *(self.version(int(path.parent.name)) for path in folders)]

    def named(self, name: str) -> Version:
        """A version by what people call it: `shipped`, `3`, or nothing for the one in use. Raises UsageError."""
        if not name:
            return self.version(self.current)
        if name != SHIPPED_NAME and not (name.isascii() and name.isdigit()):
            raise UsageError(
                f"{name!r} is no version", remedy="give a number that `callqa models list` shows, or shipped"
            )
        return self.version(0 if name == SHIPPED_NAME else int(name))

    def adopt(self, build: Callable[[Path, dict[str, Any]], dict[str, Any]], *, instead_of: int) -> Version:
        """Register a version and take it into use. build: given a folder and number, time and parent, writes its files
        and returns all its facts. instead_of: the version it was compared with.

        Raises OutputError, and UsageError when another version came into use meanwhile. Then, or when the machine stops
        anywhere in it, the version in use stays.
        """
        with self._writing() as book:
            if book["current"] != instead_of:
                raise UsageError("another version came into use while this one was trained", remedy="train again")
            folders = [int(path.name) for path in (self.folder / "versions").glob("[0-9]*")]
            number = max([0, *folders, *(int(event.get("version", 0)) for event in book["events"])]) + 1
            with tempfile.TemporaryDirectory(dir=self.folder, prefix=BUILDING) as name:
                building = Path(name) / "version"
                building.mkdir()
                facts = {"version": number, "at": _now(), "parent": book["current"]}
                _write(building / "version.json", build(building, facts))
                _through(building)
                building.rename(self._place(number))
                _sync(self._place(number).parent)
            self._turn(book, "adopted", number)
        return self.version(number)

    def refuse(self, facts: dict[str, Any]) -> None:
        """Remember that a candidate was refused, and why. Raises OutputError."""
        with self._writing() as book:
            self._note(book, {"at": _now(), "what": "refused", "current": book["current"]} | facts)

    def roll_back(self, number: int | None = None) -> Version:
        """Take an earlier version into use: by number, or the one before the current. Raises UsageError, WeightsError
        when that one is damaged, and OutputError."""
        with self._writing() as book:
            current = int(book["current"])
            if number is None and current == 0:
                raise UsageError("the shipped heads are in use: there is nothing before them", remedy="train first")
            # The book tells, not the folder of the current version: that may be what is damaged.
            adopted = [event for event in book["events"] if event["what"] == "adopted" and event["version"] == current]
            found = self.version(int(adopted[-1]["before"]) if number is None and adopted else number or 0)
            if found.number == current:
                raise UsageError(f"version {found.name} is in use already", remedy="see `callqa models list`")
            found.heads()  # a damaged version must not be taken into use
            self._turn(book, "rolled back", found.number)
        return found

    def _turn(self, book: dict[str, Any], what: str, number: int) -> None:
        before, book["current"] = book["current"], number
        self._note(book, {"at": _now(), "what": what, "version": number, "before": before})

    def _note(self, book: dict[str, Any], event: dict[str, Any]) -> None:
        book["events"].append(event)
        fresh = self.folder / f"{BOOK}.part"
        _write(fresh, book)
        fresh.replace(self.folder / BOOK)
        _sync(self.folder)

    def _place(self, number: int) -> Path:
        return self.folder / "versions" / f"{number:04d}"

    def _book(self) -> dict[str, Any]:
        path = self.folder / BOOK
        try:
            book = json.loads(path.read_text(encoding="utf-8"))
            if not isinstance(book["current"], int) or not isinstance(book["events"], list):
                raise ValueError("not a registry")
        except (FileNotFoundError, NotADirectoryError):
            return {"format": 1, "current": 0, "events": []}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self._damaged(path, error) from error
        return dict(book)

    @contextmanager
    def _writing(self) -> Iterator[dict[str, Any]]:
        """The registry as it is, for one writer at a time; what an interrupted one left is swept away."""
        import fcntl

        try:
            (self.folder / "versions").mkdir(parents=True, exist_ok=True)
            with (self.folder / ".lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                for left in self.folder.glob(f"{BUILDING}*"):
                    shutil.rmtree(left, ignore_errors=True)
                yield self._book()
        except OSError as error:
            reason, remedy = error.strerror or str(error), "free space there, or set CALLQA_MODELS to another folder"
            raise OutputError(f"cannot write the registry {self.folder}: {reason}", remedy=remedy) from error

    def _damaged(self, path: Path, error: Exception) -> WeightsError:
        remedy = "restore it, or move it away: then the shipped heads are in use"
        return WeightsError(f"cannot read {path}: {error}", remedy=remedy)


def chosen_heads(choice: str = "", registry: Registry | None = None) -> tuple[str, Heads]:
    """Heads by `--heads`: a version's number, `shipped`, a folder, or nothing for the version in use.

    Also what to call them so that they are found again, whatever is adopted meanwhile. Raises UsageError and
    WeightsError.
    """
    if choice and choice != SHIPPED_NAME and not (choice.isascii() and choice.isdigit()):
        return choice, load_heads(Path(choice))
    version = (registry or Registry()).named(choice)
    try:
        return version.name, version.heads()
    except WeightsError as error:
        remedy = "run `callqa models rollback`" if version.number else error.remedy
        raise WeightsError(error.message, remedy=remedy) from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _write(path: Path, value: Any) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")
        out.flush()
        os.fsync(out.fileno())


def _through(folder: Path) -> None:
    """Write all files of a folder through to the disk, so that its name never outlives a crash without them."""
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
