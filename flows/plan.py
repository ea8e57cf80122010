"""What a run is asked to do, and what of it is left to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from flows.addresses import Work, work_for
from flows.discovery import find_recordings
from flows.filenames import parse_pattern
from flows.mapping import load_mapping
from flows.metadata import load_metadata
from flows.recordings import Duplicate, IntakeFailure, take_in
from flows.settings import Settings
from models.segmentation import NAME as SEGMENTATION
from models.speech import check_model
from models.voiceprint import NAME as VOICEPRINT
from models.weights import EMBEDDED, embedded_folder
from scoring.errors import OutputError
from scoring.rubric import Rubric
from scoring.rubric_file import load_rubric
from store.ledger import Ledger

LEDGER_FILE = "callqa.sqlite"


class Request(BaseModel):
    """What to inspect. Plain values only, so that a deployment can be given the same."""

    model_config = ConfigDict(frozen=True)

    paths: tuple[str, ...] = Field(min_length=1, description="files, folders, globs or manifests")
    metadata: str | None = Field(None, description="CSV or Excel table of the calls")
    mapping: str | None = Field(None, description="YAML that names the table's columns and values")
    pattern: str | None = Field(
        None, description="metadata in the file name, e.g. {started_at:%Y%m%d}_{agent}_{call_id}"
    )
    rubric: str = Field("service", description="id of a shipped rubric, or path of a YAML file")
    out: str = Field("out", description="folder for results")
    ledger: str | None = Field(
        None, description="database: path of an SQLite file or PostgreSQL URL; default: in `out`"
    )
    report_language: str = Field("zh", description="language the report opens in")

    @property
    def ledger_url(self) -> str:
        """Where the ledger is."""
        return self.ledger or str(Path(self.out) / LEDGER_FILE)


@dataclass(frozen=True)
class Plan:
    """All inputs of a run, told apart: to do, done already, the same audio again, and not to be had."""

    rubric: Rubric
    models: dict[str, str]
    works: tuple[Work, ...]
    done: frozenset[str]
    duplicates: tuple[Duplicate, ...]
    failures: tuple[IntakeFailure, ...]
    warnings: tuple[str, ...]

    @property
    def todo(self) -> tuple[Work, ...]:
        """Calls that need work."""
        return tuple(w for w in self.works if w.evaluation not in self.done)

    def shards(self, size: int, processes: int) -> Iterator[tuple[Work, ...]]:
        """The work in shards of at most `size`, at least one for each process where there is enough."""
        todo = self.todo
        size = max(1, min(size, -(-len(todo) // max(1, processes))))
        return (todo[at : at + size] for at in range(0, len(todo), size))


@dataclass(frozen=True)
class Shard:
    """Calls that one task inspects."""

    works: tuple[Work, ...]
    rubric: Rubric
    settings: Settings
    ledger: str
    run_id: str
    models: dict[str, str]


def check(request: Request, settings: Settings) -> None:
    """Find at once what would stop a run: rubric, metadata, recordings, ledger, weights. Raises CallqaError."""
    load_rubric(request.rubric)
    if request.pattern:
        parse_pattern(request.pattern)
    if request.metadata:
        load_metadata(request.metadata, request.mapping)
    elif request.mapping:
        load_mapping(Path(request.mapping))
    find_recordings(request.paths, exclude=Path(request.out))
    prepare_folder(Path(request.out))
    Ledger.open(request.ledger_url).close()
    check_model(settings.speech_model)
    settings.models()
    for name in {settings.speech_model, settings.language_models()[0], SEGMENTATION, VOICEPRINT} & set(EMBEDDED):
        embedded_folder(name)


def prepare_folder(out: Path) -> None:
    """Make the results folder. Raises OutputError: an unwritable one must be told before the work, not after."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / ".callqa-probe"
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        raise OutputError(
            f"cannot write to {out}: {error.strerror or error}", remedy="choose another folder with --out"
        ) from None


def make_plan(request: Request, settings: Settings, ledger: Ledger) -> Plan:
    """Find the recordings, match their metadata, and see what the ledger has already. Raises CallqaError."""
    rubric = load_rubric(request.rubric)
    table = load_metadata(request.metadata, request.mapping) if request.metadata else None
    models = settings.models()
    taken = take_in(find_recordings(request.paths, exclude=Path(request.out)), table, request.pattern, request.mapping)
    works = tuple(work_for(intake, models, settings.that_matter(), rubric.hash) for intake in taken.calls)
    done = ledger.done(w.evaluation for w in works)
    retired = (f"{rubric.id} {rubric.version} is retired; use a newer version",) if rubric.status == "retired" else ()
    return Plan(rubric, models, works, frozenset(done), taken.duplicates, taken.failures, taken.warnings + retired)
