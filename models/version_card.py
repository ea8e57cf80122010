"""What a version of the language models is made of and how good it is: facts for the registry, a card for people."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from models.acceptance import LabelChange, Part, Verdict
from models.candidate import REVIEWED_WEIGHT, Candidate, Material
from models.evaluation.macro import Interval
from models.reviewed import Lesson, Reviewed
from scoring.labels import NAMES

WEAK = 0.7  # F1 below which a label is named as a known failure
LICENCE = (
    "The heads are yours, as the reviewed lines are; the corpus is callqa's; the encoder keeps its own licence "
    "(`callqa models`)."
)


def data_facts(material: Material, reviewed: Reviewed) -> dict[str, Any]:
    """What a version has learnt from: counts and hashes, never texts."""
    corpus = [lesson for lesson in material.lessons if not lesson.place]
    return {
        "corpus": {"lines": len(corpus), "sha256": _digest(corpus)},
        "reviewed": {
            "files": list(reviewed.files),
            "sentences": len(reviewed.lessons),
            "sha256": _digest(reviewed.lessons),
            "digests": sorted(lesson.digest for lesson in reviewed.lessons),
        },
        "frozen": {
            "corpus": int((material.frozen & ~material.reviewed).sum()),
            "reviewed": int((material.frozen & material.reviewed).sum()),
            "sha256": _digest([lesson for lesson, kept in zip(material.lessons, material.frozen, strict=True) if kept]),
        },
    }


def forgotten(facts: Mapping[str, Any], reviewed: Reviewed) -> int:
    """Reviewed sentences that a version has learnt from and that are not among those given now."""
    before = facts.get("data", {}).get("reviewed", {}).get("digests", [])
    return len(set(before) - {lesson.digest for lesson in reviewed.lessons})


def verdict_facts(verdict: Verdict) -> dict[str, Any]:
    """The comparison with the version in use."""
    return {
        "adopted": verdict.adopt,
        "reasons": list(verdict.reasons),
        "corpus": asdict(verdict.corpus),
        "reviewed": asdict(verdict.reviewed) if verdict.reviewed else None,
        "labels": [asdict(row) for row in verdict.labels],
    }


def version_card(facts: Mapping[str, Any], candidate: Candidate, verdict: Verdict) -> str:
    """The model card of a version, Markdown. facts: of its version.json, all but the hash of its heads."""
    data = facts["data"]
    files = ", ".join(f"{f['name']} ({f['lines']} lines, sha256 {f['sha256'][:12]})" for f in data["reviewed"]["files"])
    weak = [str(row["label"]) for row in candidate.rows if float(row["f1"]) < WEAK]
    lines = [
        "# Language heads of your own",
        "",
        f"Written by `callqa train`, {facts['at']}. Took the place of version {facts['parent'] or 'shipped'}.",
        "",
        "## Data",
        "",
        f"- the corpus written for callqa: {data['corpus']['lines']} lines (sha256 {data['corpus']['sha256'][:12]})",
        f"- reviewed: {data['reviewed']['sentences']} sentences" + (f" from {files}" if files else ""),
        f"- a reviewed line counts for {REVIEWED_WEIGHT:g} of the corpus; labels it says nothing of are not touched",
        f"- encoder: {facts['encoder']['title']} (sha256 {facts['encoder']['sha256'][:12]})",
        f"- learnt anew: {', '.join(candidate.learnt)}",
        "",
        "## Before and after, on frozen lines",
        "",
        "A quarter of all sentences, by the hash of their words, decide. Figures are of twins that have not seen them;",
        "the heads in use have learnt from them too. Intervals: 95 %, paired bootstrap over lines, threshold 0.5.",
        "",
        comparison(verdict),
        "## Out of fold",
        "",
        "Whole sources left out (industries of the corpus, calls or files of reviewed lines), lines not frozen.",
        "",
        "| label | positives | precision | recall | F1 | average precision | ECE |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {r['label']} | {r['positives']} | {r['precision']:.2f} | {r['recall']:.2f} | {r['f1']:.2f} "
            f"| {r['average_precision']:.2f} | {r['ece']:.3f} |"
            for r in candidate.rows
        ),
        "",
        "## Known failures",
        "",
        f"Labels below F1 {WEAK:.2f} out of fold lean on the rubric's abstain band: {', '.join(weak) or 'none'}.",
        "Few reviewed lines say little of calls unlike those they come from.",
        "",
        "## Licence",
        "",
        LICENCE,
        "",
    ]
    return "\n".join(lines)


def comparison(verdict: Verdict) -> str:
    """Before and after, Markdown."""
    lines = [
        *_part("corpus", verdict.corpus),
        *(_part("reviewed", verdict.reviewed) if verdict.reviewed else []),
        "",
        f"{'Better' if verdict.adopt else 'Refused'}: {'; '.join(verdict.reasons)}.",
        "",
        "| label | positives | F1 before | F1 after | change | reviewed answers | wrong before | wrong after |",
        "|---|---|---|---|---|---|---|---|",
        *("| " + " | ".join(cells(row)) + " |" for row in verdict.labels),
        "",
    ]
    return "\n".join(lines)


def shown(interval: Interval | None, *, sign: bool = False) -> str:
    """A figure with its interval."""
    if interval is None:
        return ""
    form = "{:+.3f}" if sign else "{:.3f}"
    edges = [form.format(x) for x in (interval.low, interval.high) if x is not None and np.isfinite(x)]
    return form.format(interval.value) + (f" ({edges[0]} to {edges[1]})" if len(edges) == 2 else "")


def _part(name: str, part: Part) -> list[str]:
    found = f"- {name}: {part.lines} sentences, {part.repaired} repaired, {part.broken} broken"
    if part.macro is None:
        return [found]
    change = shown(part.macro.above, sign=True)
    return [found, f"  - macro F1 {shown(part.macro.floor)} before, {shown(part.macro.own)} after, change {change}"]


def cells(row: LabelChange) -> list[str]:
    """A label's line in the table of before and after."""
    found = [
        f"{row.label} {NAMES[row.label][0]}", row.positives, _two(row.before), _two(row.after),
        shown(row.change, sign=True), row.answers, row.wrong_before, row.wrong_after,
    ]  # fmt: skip
    return [str(cell) for cell in found]


def _two(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _digest(lessons: Sequence[Lesson]) -> str:
    """sha256 of lessons, whatever their order."""
    return hashlib.sha256("\n".join(sorted(lesson.digest for lesson in lessons)).encode()).hexdigest()
