"""Stored calls under two forms: what the ledger has, and judged in passing where it has nothing. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flows.rejudge import asked_together, likens
from review.comparison import CallChange, Comparison
from scoring.engine import evaluate
from scoring.errors import UsageError
from scoring.likeness import Likens, likened
from scoring.record import judgement_record
from scoring.rubric import Rubric
from store.forms import Form
from store.ledger import Ledger
from store.results import Verdict
from store.stored import Stored
from store.where import Condition

PAGE = 100  # calls compared together
Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Pair:
    """A call and what either form says of it; None where it is to be judged in passing."""

    call: Stored
    old: dict[str, Any] | None
    new: dict[str, Any] | None


def compare(
    ledger: Ledger,
    a: Form,
    b: Form,
    conditions: Sequence[Condition] = (),
    told: Told = lambda done, total: None,
    kept: Callable[[CallChange], None] = lambda change: None,
    likeness: Likens = likens,
) -> Comparison:
    """Compare two forms over the calls that meet all conditions (score and the like: under `a`). Raises UsageError.

    A call's two judgements are of one transcript: where the stored ones are not, the one of the older transcript is
    made anew. told: (calls done, calls in all). kept: is given every call that changes, as it is found.
    """
    if a.hash == b.hash:
        raise UsageError(f"both are the same form {a.label}", remedy="name two versions")
    result = Comparison(a.rubric, b.rubric, (a.label, b.label))
    # Score conditions need results under `a`; of a form that judged none here they mean the call's last result.
    under = a.hash if a.calls else None
    cut = ledger.cut(conditions, PAGE, under=under)
    counts = dict.fromkeys(("judged_in_passing_before", "judged_in_passing_after", "not_comparable"), 0)
    done = 0
    for stretch in cut.stretches:
        for calls in ledger.calls(stretch, conditions, PAGE, under=under):
            for old, new in _records(ledger, a, b, calls, counts, likeness):
                change = result.add(old, new)
                if change:
                    kept(change)
            done += len(calls)
            told(done, cut.total)
    result.notes = counts
    return result


def _records(
    ledger: Ledger, a: Form, b: Form, calls: Sequence[Stored], counts: dict[str, int], likeness: Likens
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    ids = [call.sha256 for call in calls]
    before, after = ledger.judged(a.hash, ids), ledger.judged(b.hash, ids)
    pairs = [_pair(call, before.get(call.sha256), after.get(call.sha256)) for call in calls]
    missing = {
        p.call.sha256: [form for form, has in ((a, p.old), (b, p.new)) if has is None]
        for p in pairs
        if (p.old is None or p.new is None) and _can(p, a.rubric, b.rubric)
    }
    made = _judged(ledger, [p.call for p in pairs if p.call.sha256 in missing], missing, likeness)
    for pair in pairs:
        fresh = made.get(pair.call.sha256, {})
        old, new = pair.old or fresh.get(a.hash), pair.new or fresh.get(b.hash)
        if old is None or new is None:
            counts["not_comparable"] += 1
            continue
        counts["judged_in_passing_before"] += pair.old is None
        counts["judged_in_passing_after"] += pair.new is None
        yield old, new


def _pair(call: Stored, old: Verdict | None, new: Verdict | None) -> _Pair:
    """What the ledger has of one transcript: the newest, or the one that was judged."""
    if old and new and old.signals != new.signals:
        old = old if old.signals == call.signals else None
        new = new if new.signals == call.signals else None
    known = old or new
    if known and known.transcript:
        call = replace(call, transcript=known.transcript, signals=known.signals)
    return _Pair(call, _whole(old, call) if old else None, _whole(new, call) if new else None)


def _whole(verdict: Verdict, call: Stored) -> dict[str, Any]:
    return {"agent": None, "scenario": None, **verdict.record, "audio": call.path}


def _can(pair: _Pair, a: Rubric | None, b: Rubric | None) -> bool:
    """Whether what is missing can be judged in passing."""
    readable = pair.call.transcript is not None and pair.call.signals is not None
    return readable and (pair.old is not None or a is not None) and (pair.new is not None or b is not None)


def _judged(
    ledger: Ledger, calls: Sequence[Stored], missing: Mapping[str, Sequence[Form]], likeness: Likens
) -> dict[str, dict[str, dict[str, Any]]]:
    """Records of calls by sha256 and hash of the forms that are missing."""
    made: dict[str, dict[str, dict[str, Any]]] = {}
    for stored, heard in ledger.heard(calls) if calls else ():
        forms = {form.hash: form.rubric for form in missing[stored.sha256] if form.rubric}
        call = likened(heard.call, asked_together(forms.values()), likeness)
        made[stored.sha256] = {
            digest: judgement_record(call, evaluate(call, rubric), audio=stored.path, sha256=stored.sha256)
            for digest, rubric in forms.items()
        }
    return made
