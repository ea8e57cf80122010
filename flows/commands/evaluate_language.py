"""`callqa evaluate language`: how good the labels are, on text whose labels are known."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from flows.commands.figures import show, writable, write
from scoring.errors import UsageError

if TYPE_CHECKING:
    from models.evaluation.label_map import SetMap
    from models.evaluation.labelled import LabelledSet

ROLES = ("given", "none", "agent", "customer")


def language(
    files: Annotated[list[Path], typer.Argument(help="Labelled text: .jsonl or .jsonl.gz (see below).")],
    map_: Annotated[
        Path | None, typer.Option("--map", help="YAML: which labels of your sets mean which of ours; see models/maps.")
    ] = None,
    sets: Annotated[str | None, typer.Option(help="Only these sets, with commas: star, or act.en:star.")] = None,
    labels: Annotated[str | None, typer.Option(help="Judge only these of our labels, with commas.")] = None,
    role: Annotated[str | None, typer.Option(help="Read all lines as agent, customer or none; given: as they say.")] = (
        None
    ),
    threshold: Annotated[float, typer.Option(min=0.01, max=0.99, help="Probability that counts as said.")] = 0.5,
    band: Annotated[str | None, typer.Option(help="LOW,HIGH: probabilities left open; default: as rubrics do.")] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="At most so many lines of each set, drawn by chance.")
    ] = None,
    floor: Annotated[
        bool, typer.Option("--floor/--no-floor", help="Beside it TF-IDF learnt from the same corpus.")
    ] = True,
    card: Annotated[Path | None, typer.Option(help="Write a card of all tables here, Markdown.")] = None,
    as_json: Annotated[Path | None, typer.Option("--json", help="Write all figures here.")] = None,
    mistakes: Annotated[Path | None, typer.Option(help="Write the lines judged wrong here, JSON lines.")] = None,
    encoder: Annotated[str | None, typer.Option(help="e5-small, or a Hugging Face encoder by name or path.")] = None,
    heads: Annotated[
        str | None, typer.Option(help="Version of the heads, shipped, or a folder; default: current.")
    ] = None,
) -> None:
    """Measure labels on labelled text, beside a TF-IDF floor. 评测文本标签。

    By set: macro-F1 with 95 % bootstrap intervals over lines, and how far
    it is above TF-IDF with logistic regression learnt from the same corpus;
    calibration error; the share left open by the band, and wrong among the
    rest. By label: n, precision, recall, F1. Twice: one class a line, as
    published figures have it, and each label for itself.

    A line: {"text": "…", "label": "greeting"} or {"text": "…", "labels":
    ["greeting", "thanks"]}, with "role", "context" and "set" if known. A
    set with labels of its own needs an entry in the map; those of
    models/maps are known, and a set with our labels needs none.

    Exit: 0 all sets measured, 3 some could not be (they are named), 2
    nothing could be started.

    [bold]Examples[/bold]

    callqa evaluate language data/act.zh.jsonl.gz --limit 400

    callqa evaluate language mine.jsonl --map mine.yaml --card mine.md
    """
    from flows.commands.inspect import chosen, settings_from
    from models.evaluation.label_map import load_maps
    from models.evaluation.labelled import read_labelled

    role = chosen("--role", role, ROLES) if role else None
    edges = _band(band)
    maps = load_maps(map_)
    settings = settings_from(encoder=encoder, heads=heads)
    there = _choice(read_labelled(files), sets)
    using, trained = settings.language_models()
    wanted = _labels(labels, trained.labels)
    plans, told, unmeasured = _plans([s.sample(limit) for s in there], maps, wanted, trained.labels)
    if not plans:
        raise UsageError(f"no set can be measured: {' '.join(unmeasured)}", remedy="give a label map with --map")
    for path in (card, as_json, mistakes):
        if path:
            writable(path)
    from flows.language_evaluation import Measuring
    from models.evaluation.language_card import LanguageAbout, language_card, language_record
    from models.evaluation.language_tables import language_tables
    from models.reader import Reader

    console = Console(stderr=True, highlight=False)
    with console.status("loading models 加载模型 …"):
        reader = Reader(using, trained, lanes=settings.lanes)
    measuring = Measuring(reader, role=role, threshold=threshold, band=edges)
    if floor:
        with console.status("learning the floor 训练基线 …"):
            measuring.learn_floor([entry for _, entry in plans])
    scores = []
    with _progress(console) as progress:
        task = progress.add_task("", total=sum(len(s.lines) for s, _ in plans))
        for labelled, entry in plans:
            progress.update(task, description=labelled.name)
            found = measuring(labelled, entry, lambda more: progress.advance(task, more))
            if found:
                scores.append(found)
            else:
                unmeasured.append(f"{labelled.name}: no line has a class its entry judges.")
    told = [*unmeasured, *told] + ([f"At most {limit} lines of each set, drawn by chance."] if limit else [])
    about = LanguageAbout(date.today().isoformat(), reader.hashes, threshold, edges, role or "by set", tuple(told))
    if card:
        write(card, language_card(scores, about))
    if as_json:
        write(as_json, json.dumps(language_record(scores, about), ensure_ascii=False, indent=1) + "\n")
    if mistakes:
        write(mistakes, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in measuring.mistakes))
    show(language_tables(scores, threshold, edges), told)
    for path in (card, as_json, mistakes):
        if path:
            console.print(f"written: {path}", soft_wrap=True)
    raise typer.Exit(3 if unmeasured else 0)


def _band(text: str | None) -> tuple[float, float]:
    """The band of probabilities left open. Raises UsageError."""
    if text is None:
        from scoring.detectors.act import Act

        fields = Act.model_fields
        return float(fields["unsure"].default), float(fields["at"].default)
    try:
        low, high = map(float, text.split(","))
    except ValueError:
        low, high = 1.0, 0.0
    if not 0 <= low <= high <= 1:
        raise UsageError(f"--band {text!r} is no band", remedy="give two probabilities, the lower first: 0.35,0.65")
    return low, high


def _choice(there: Sequence[LabelledSet], names: str | None) -> list[LabelledSet]:
    """Sets asked for, by whole or short name. Raises UsageError naming the sets there are."""
    if not there:
        raise UsageError("the files have no lines", remedy='each line is {"text": "…", "label": "greeting"}')
    if names is None:
        return list(there)
    wanted = {name.strip() for name in names.split(",") if name.strip()}
    kept = [s for s in there if wanted & {s.name, s.name.partition(":")[2]}]
    unknown = wanted - {n for s in kept for n in (s.name, s.name.partition(":")[2])}
    if unknown or not kept:
        raise UsageError(
            f"no set {', '.join(sorted(unknown)) or names} in the files",
            remedy=f"use {', '.join(s.name for s in there)}",
        )
    return kept


def _labels(names: str | None, known: Sequence[str]) -> list[str]:
    """Our labels to judge. Raises UsageError naming those there are."""
    if names is None:
        return list(known)
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in known]
    if unknown or not wanted:
        raise UsageError(f"the heads have no label {', '.join(unknown) or names}", remedy=f"use {', '.join(known)}")
    return wanted


def _plans(
    there: Iterable[LabelledSet], maps: dict[str, SetMap], wanted: Sequence[str], known: Sequence[str]
) -> tuple[list[tuple[LabelledSet, SetMap]], list[str], list[str]]:
    """Sets with their entries, sentences on what is not judged in them, and on the sets that cannot be measured."""
    from models.evaluation.label_map import map_for

    plans, told, unmeasured = [], [], []
    for labelled in there:
        if labelled.unlabelled:
            told.append(f"{labelled.name}: {labelled.unlabelled} lines without a label.")
        entry = map_for(labelled, maps) if labelled.lines else None
        if entry is None:
            unmeasured.append(f"{labelled.name}: {'no entry in the map' if labelled.lines else 'no labelled line'}.")
            continue
        lost = [o for j in entry.judged.values() for o in j.ours if o not in known]
        lost += [o for names in entry.implied.values() for o in names if o not in known]
        if lost:
            told.append(f"{labelled.name}: the heads have no label {', '.join(dict.fromkeys(lost))}.")
        strange = {c for line in labelled.lines for c in line.labels} - entry.known
        if strange:
            as_what = "left out" if entry.none is None else f"counted as {entry.none}"
            told.append(f"{labelled.name}: classes the map does not know, {as_what}: {', '.join(sorted(strange))}.")
        for name, why in entry.left_out.items():
            if count := sum(name in line.labels for line in labelled.lines):
                told.append(f"{labelled.name}: {count} lines of class {name}: {why}.")
        narrowed = entry.only(wanted)
        if narrowed is None:
            unmeasured.append(f"{labelled.name}: judges none of the labels asked for that the heads have.")
        else:
            plans.append((labelled, narrowed))
    return plans, told, unmeasured


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console, disable=not console.is_terminal,
    )  # fmt: skip
