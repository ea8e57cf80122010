"""Finding the recordings a person means: files, folders, patterns such as 'calls/*.mp3', or a list of them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path

from flows.cells import as_text, shown
from flows.mapping import load_mapping
from flows.sheets import decode_text, read_sheet
from scoring.errors import UsageError

SUFFIXES = frozenset(
    (
        *(".wav", ".w64", ".mp3", ".flac", ".m4a", ".mp4", ".mov", ".aac", ".amr", ".awb", ".3gp"),
        *(".opus", ".ogg", ".oga", ".webm", ".mka", ".wma", ".aif", ".aiff", ".au", ".caf"),
    )
)
LISTS = frozenset((".txt", ".jsonl", ".csv"))
_WILD = re.compile(r"[*?\[]")
_LIST_HELP = "a list is a .txt with one path a line, or a .jsonl or .csv with the column audio or path"


def find_recordings(paths: Sequence[str | Path], exclude: Path | None = None) -> list[Path]:
    """The recordings in `paths`, in the order given, inside a folder in natural order (call2 before call10).

    A file named outright is taken whatever its suffix, except a list (.txt, .jsonl, .csv); in folders and patterns the
    suffix decides and hidden files are skipped, as is everything under `exclude`, the output folder. Entries of a list
    are taken as they stand: one that is missing fails alone, later. Raises UsageError: nothing found, a path missing.
    """
    outside = _Outside(exclude)
    found: dict[Path, Path] = {}
    for given in paths:
        here = list(_in_argument(str(given), outside))
        if not here:
            remedy = f"looked for files ending in {', '.join(sorted(SUFFIXES))}; name a file of another kind outright"
            raise UsageError(f"no recordings in {shown(given)}", remedy=remedy)
        for path in here:
            found.setdefault(Path(os.path.realpath(path)), path)  # one file, named twice or linked to, is one call
    if not found:
        raise UsageError("no recordings given", remedy="name files, folders, a pattern in quotes, or a list")
    return list(found.values())


class _Outside:
    """Whether a path lies outside the excluded folder."""

    def __init__(self, exclude: Path | None) -> None:
        self._exclude = Path(os.path.realpath(exclude)) if exclude else None

    def __call__(self, path: Path) -> bool:
        return self._exclude is None or not Path(os.path.realpath(path)).is_relative_to(self._exclude)

    def within(self, folder: Path) -> _Outside:
        """For a search in `folder`: who names a folder that is itself excluded means it."""
        return self if self(folder) else _Outside(None)


def _in_argument(given: str, outside: _Outside) -> Iterator[Path]:
    if not given.strip():
        raise UsageError("one of the paths is empty", remedy="is a variable of your script unset?")
    path = Path(given).expanduser()
    try:
        if path.is_dir():
            yield from _in_folder(path, outside)
        elif path.suffix.lower() in LISTS and path.is_file():
            yield from _in_list(path)
        elif os.path.lexists(path):
            yield path
        elif _WILD.search(given):
            yield from _in_pattern(path, outside)
        else:
            raise UsageError(f"{shown(given)} does not exist", remedy="check the path; put a pattern in quotes")
    except (OSError, ValueError) as error:
        message = f"{shown(given)} cannot be read: {shown(error)}"
        raise UsageError(message, remedy="check the path and its permissions") from None


def _in_pattern(pattern: Path, outside: _Outside) -> Iterator[Path]:
    literal = "" if _WILD.search(pattern.suffix) else pattern.suffix
    start = Path(pattern.anchor)
    fixed = takewhile(lambda part: not _WILD.search(part), pattern.parts[:-1])
    outside = outside.within(Path(*fixed))
    # pathlib's ** does not follow links; glob's does, and two links back up make it run for ever.
    found = {path for path in start.glob(str(pattern.relative_to(start))) if not _hidden(path, pattern)}
    for path in sorted(found, key=lambda path: _natural(str(path))):
        if path.is_dir():
            yield from () if "**" in pattern.parts else _in_folder(path, outside)
        elif (path.suffix.lower() in SUFFIXES or (literal and path.suffix == literal)) and outside(path):
            yield path


def _hidden(path: Path, pattern: Path) -> bool:
    return any(part.startswith(".") and part != ".." and part not in pattern.parts for part in path.parts)


def _in_folder(folder: Path, outside: _Outside) -> Iterator[Path]:
    def stop(error: OSError) -> None:
        message = f"folder {shown(error.filename)} cannot be read: {error.strerror}"
        raise UsageError(message, remedy="allow reading it, or name the other folders one by one")

    outside = outside.within(folder)
    seen: set[tuple[int, int]] = set()
    found: list[Path] = []
    for here, folders, names in os.walk(folder, onerror=stop, followlinks=True):
        state = os.stat(here)
        if (state.st_dev, state.st_ino) in seen or not outside(Path(here)):
            folders.clear()  # a link back up, or our own output
            continue
        seen.add((state.st_dev, state.st_ino))
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(here, n) for n in names if not n.startswith(".") and Path(n).suffix.lower() in SUFFIXES]
    yield from sorted(found, key=lambda path: _natural(str(path)))


def _in_list(path: Path) -> Iterator[Path]:
    read = {".txt": _lines, ".jsonl": _objects, ".csv": _column}[path.suffix.lower()]
    for entry in read(path):
        if "://" in entry:
            remedy = "download the recordings first; callqa reads files and sends nothing anywhere"
            raise UsageError(f"list {path} names an address: {shown(entry)}", remedy=remedy)
        yield path.parent / Path(entry).expanduser()


def _lines(path: Path) -> Iterator[str]:
    for line in decode_text(path, path.read_bytes())[0].splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            yield line.strip()


def _objects(path: Path) -> Iterator[str]:
    for number, line in enumerate(_lines(path), 1):
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            raise UsageError(f"list {path}, entry {number} is not JSON", remedy=_LIST_HELP) from None
        audio = entry.get("audio") or entry.get("path") if isinstance(entry, dict) else None
        if not isinstance(audio, str):
            raise UsageError(f"list {path}, entry {number} names no recording", remedy=_LIST_HELP)
        yield audio


def _column(path: Path) -> Iterator[str]:
    (_, header), *rows = read_sheet(path).rows
    index = load_mapping().recognise([as_text(cell) for cell in header]).get("audio")
    if index is None:
        raise UsageError(f"list {path} has no column audio or path", remedy=_LIST_HELP)
    for _, cells in rows:
        if index < len(cells) and (entry := as_text(cells[index])):
            yield entry


def _natural(name: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"([0-9]+)", name)
    return [(0, int(part), part) if part.isdecimal() else (1, 0, part) for part in parts if part]
