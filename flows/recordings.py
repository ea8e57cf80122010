"""Taking in recordings: each becomes a call with an id and metadata, a duplicate, or a failure that says what to do."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from flows.cells import Doubts, first_three, id_problem, shown
from flows.discovery import find_recordings
from flows.filenames import FileNamePattern, parse_pattern
from flows.mapping import ColumnMapping, load_mapping
from flows.metadata import Match, MetadataTable, stem_of
from models.audio import open_recording
from scoring.call import Metadata
from scoring.errors import UnreadableAudio

_READABLE = 60  # characters of a file name that end up in a made id
_FOLDERS = 3  # so many parents' names tell recordings of the same name apart, or nothing does

__all__ = ["Duplicate", "Intake", "IntakeFailure", "Intakes", "find_recordings", "sha256_of", "take_in"]


@dataclass(frozen=True, slots=True)
class Intake:
    """A recording that can be inspected. `sha256` is of the file's bytes, in hexadecimal."""

    path: Path
    sha256: str
    call_id: str
    metadata: Metadata = field(default_factory=Metadata)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A recording with the same bytes as `of`, which is inspected instead."""

    path: Path
    of: Path


@dataclass(frozen=True, slots=True)
class IntakeFailure:
    """A recording that is not inspected, and what a person can do about it."""

    path: Path
    call_id: str | None
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Intakes:
    """What became of each recording, in the order given; every one is in exactly one of the first three."""

    calls: tuple[Intake, ...]
    duplicates: tuple[Duplicate, ...] = ()
    failures: tuple[IntakeFailure, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class _Draft:
    path: Path
    sha256: str
    named: str | None = None  # the id a table or file name gives; without one the stem has to do
    metadata: Metadata = field(default_factory=Metadata)
    match: Match | None = None
    failure: IntakeFailure | None = None

    def fail(self, reason: str, remedy: str) -> None:
        path = Path(shown(self.path, 4096))
        self.failure = self.failure or IntakeFailure(path, self.named and shown(self.named), reason, remedy)


def sha256_of(path: Path) -> str:
    """Hexadecimal sha256 of a file, read in pieces. Raises UnreadableAudio."""
    with open_recording(path) as file:
        try:
            return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            message = f"{path} cannot be read to its end: {error.strerror}"
            raise UnreadableAudio(message, remedy="check the disk or network drive") from None


def take_in(
    paths: Sequence[Path],
    table: MetadataTable | None = None,
    pattern: str | None = None,
    mapping: str | None = None,
) -> Intakes:
    """Gives each recording its id and metadata: from `table`, else from its file name by `pattern`, else its stem.

    `mapping`: the file that tells what values in file names mean. Raises MetadataError for a wrong pattern or mapping;
    what is wrong with one recording is its failure.
    """
    names = parse_pattern(pattern) if pattern else None
    known = table.mapping if table else load_mapping(Path(mapping) if mapping else None)
    drafts, duplicates, first = [], [], dict[str, Path]()
    for path in dict.fromkeys(paths):
        draft = _opened(path)
        drafts.append(draft)
        if not draft.failure and first.setdefault(draft.sha256, path) is not path:
            duplicates.append(Duplicate(path, first[draft.sha256]))
            drafts.pop()
    warnings = [*_read_names(drafts, names, known)] if names else []
    if table:
        warnings += [*table.warnings, *_match(drafts, duplicates, table)]
    if duplicates:
        pairs = first_three([f"{shown(d.path, 300)} is {shown(d.of, 300)} again" for d in duplicates])
        warnings.append(f"recordings with the same sound are inspected once ({len(duplicates)}): {pairs}")
    ids = _call_ids(drafts)
    return Intakes(
        tuple(Intake(d.path, d.sha256, ids[d.path], d.metadata) for d in drafts if not d.failure),
        tuple(duplicates),
        tuple(d.failure for d in drafts if d.failure),
        tuple(warnings),
    )


def _opened(path: Path) -> _Draft:
    draft = _Draft(path, "")
    try:
        str(path).encode()
        draft.sha256 = sha256_of(path)
    except UnicodeEncodeError:
        reason = f"the path {shown(path, 4096)} is not valid UTF-8"
        draft.fail(reason, "rename the file; convmv does it for a whole folder")
    except UnreadableAudio as error:
        draft.fail(error.message, error.remedy)
    return draft


def _read_names(drafts: Iterable[_Draft], pattern: FileNamePattern, mapping: ColumnMapping) -> Iterable[str]:
    doubts, unfit = Doubts(), []
    for draft in drafts:
        found = pattern.read(draft.path, mapping, doubts)
        if found:
            draft.named, draft.metadata = found
        else:
            unfit.append(shown(draft.path))
    if unfit:
        yield f"file names that do not fit the pattern {pattern.text} ({len(unfit)}): {first_three(unfit)}"
    yield from doubts.warnings()


def _match(drafts: Sequence[_Draft], duplicates: Sequence[Duplicate], table: MetadataTable) -> Iterable[str]:
    copies: dict[Path, list[Match]] = defaultdict(list)
    for copy in duplicates:
        copies[copy.of] += filter(None, [table.match(copy.path)])
    used = {row.line for matches in copies.values() for match in matches for row in match.rows}
    best: dict[int, tuple[int, ...]] = defaultdict(tuple)
    for draft in drafts:
        # The table may name any of the copies.
        draft.match = table.match(draft.path, draft.named) or next(iter(copies[draft.path]), None)
        for row in draft.match.rows if draft.match else ():
            used.add(row.line)
            if not draft.failure:
                best[row.line] = max(best[row.line], draft.match.fit if draft.match else ())
    without = []
    for draft in drafts:
        match = draft.match
        if draft.failure:
            call_id = match.rows[0].call_id if match else draft.named
            draft.failure = replace(draft.failure, call_id=call_id and shown(call_id))
        # The row of a/1.wav is not that of b/1.wav, though their names agree.
        elif match is None or any(match.fit < best[row.line] for row in match.rows):
            without.append(shown(draft.path))
        else:
            _apply(draft, match, table.source)
    if without:
        yield f"recordings without a row in {table.source}, no metadata ({len(without)}): {first_three(without)}"
    if unused := [f"line {row.line}" for row in table.rows if row.line not in used]:
        yield f"{table.source}: rows without a recording ({len(unused)}): {first_three(unused)}"


def _apply(draft: _Draft, match: Match, source: str) -> None:
    row, *others = sorted((*match.rows, *match.same_call), key=lambda row: row.line)
    draft.named = row.call_id or draft.named
    if others:
        lines = first_three([str(r.line) for r in (row, *others)])
        differing = ", ".join(dict.fromkeys(name for other in others for name in row.differs_in(other)))
        draft.fail(f"{source}, lines {lines} disagree about this call ({differing})", "keep the line that is right")
    elif row.problem:
        draft.fail(f"{source}, line {row.line}: {row.problem}", "correct the call id in the table")
    table = {f.name: value for f in fields(Metadata) if (value := getattr(row.metadata, f.name)) is not None}
    draft.metadata = replace(draft.metadata, **table)


def _call_ids(drafts: Sequence[_Draft]) -> dict[Path, str]:
    """An id for each recording that has not failed; those that cannot have one fail."""
    going = [draft for draft in drafts if not draft.failure]
    ids = {draft.path: draft.named or stem_of(draft.path.name) for draft in going}
    for depth in range(1, _FOLDERS + 1):
        for draft in (draft for group in _sharing(going, ids) for draft in group if not draft.named):
            parents = draft.path.absolute().parts[1:-1][-depth:]
            ids[draft.path] = "-".join((*parents, stem_of(draft.path.name)))
    for group in _sharing(going, ids):
        for draft in group:
            others = [shown(other.path) for other in group[:5] if other is not draft]
            draft.named = draft.named or ids[draft.path]
            remedy = "give each recording its own id in the table, or rename the file"
            draft.fail(f"its call id {shown(ids[draft.path])} is also that of {first_three(others)}", remedy)
    for draft in going:
        problem = id_problem(ids[draft.path])
        if problem and draft.named:
            draft.fail(f"the call id {shown(draft.named)} {problem}", "correct the call id in the table or file name")
        elif problem:
            ids[draft.path] = _plain(ids[draft.path], draft.sha256)
    return ids


def _plain(name: str, sha256: str) -> str:
    """An id for a file whose name cannot be one: what is plain of the name, and the start of its content's hash."""
    kept = "".join(c if c.isalnum() or c in "-_ " else "-" for c in name).strip("- ")
    return "-".join(filter(None, (kept[:_READABLE], sha256[:10])))


def _sharing(drafts: Iterable[_Draft], ids: dict[Path, str]) -> list[list[_Draft]]:
    """The recordings that have one id among them."""
    by_id = defaultdict(list)
    for draft in drafts:
        by_id[ids[draft.path]].append(draft)
    return [group for group in by_id.values() if len(group) > 1]
