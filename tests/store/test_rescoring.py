"""Several forms judge one call: kept side by side, in bulk as one by one, found by what they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from alembic import command
from conftest import MODELS, SETTINGS, sha_of
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from scoring.call import Call
from scoring.engine import evaluate
from scoring.record import judgement_record
from scoring.rubric import Rubric
from store import connect
from store.bulk import Judged
from store.ledger import Ledger
from store.stored import Stretch
from store.tables import AnswerRow, EvaluationRow

Save = Callable[..., bool]
ALL = Stretch("", "g")


@pytest.fixture
def second(rubric: Rubric) -> Rubric:
    """The same form, another version."""
    return Rubric.model_validate(rubric.model_dump(mode="json", by_alias=True) | {"version": "2", "pass_mark": 80})


def judged(ledger: Ledger, run: str, form: Rubric, size: int = 2, prefix: str = "new") -> list[Judged]:
    made = []
    for page in ledger.calls(ALL, (), size):
        for stored, heard in ledger.heard(page):
            evaluation = evaluate(heard.call, form)
            record = judgement_record(heard.call, evaluation, audio=stored.path, sha256=stored.sha256)
            made.append(
                Judged(
                    f"{prefix}-{stored.call_id}", run, stored.sha256, stored.path, str(stored.transcript),
                    str(stored.signals), evaluation, record, heard.models, heard.settings,
                )
            )  # fmt: skip
    return made


def rows(ledger: Ledger, key: str) -> list[Any]:
    """Answers and evidence of an evaluation, without their numbers."""
    with Session(ledger._engine) as session:
        found = []
        for a in session.scalars(select(AnswerRow).where(AnswerRow.evaluation_key == key).order_by(AnswerRow.position)):
            judged = (a.status, a.points, a.potential, a.confidence, a.why, a.evidence)
            found.append((a.position, a.item, a.section, *judged))
        return found


def test_in_bulk_as_one_by_one(ledger: Ledger, save: Save, rubric: Rubric, second: Rubric) -> None:
    """What comes back is what an inspection would have kept: record, answers, evidence."""
    run = ledger.begin_run(rubric.hash, MODELS, SETTINGS)
    for name in "abc":
        save(ledger, run, f"k-{name}", f"call-{name}")
    again = ledger.begin_run(second.hash, {}, {})
    made = judged(ledger, again, second)
    assert ledger.save_judged(made) == 3
    assert ledger.save_judged(made) == 0
    assert ledger.save_judged([]) == 0
    assert ledger.counted([again]) == 3
    for name in "abc":
        old, new = (next(ledger.records([key])) for key in (f"k-{name}", f"new-call-{name}"))
        assert new.pop("rubric")["hash"] == second.hash != old.pop("rubric")["hash"]
        assert old == new
        assert rows(ledger, f"k-{name}") == rows(ledger, f"new-call-{name}") != []
    assert {found.key for found in ledger.latest(second.hash)} == {"new-call-a", "new-call-b", "new-call-c"}
    assert {found.key for found in ledger.latest(rubric.hash)} == {"k-a", "k-b", "k-c"}
    with Session(ledger._engine) as session:
        row = session.get(EvaluationRow, "new-call-a")
        assert (row.models, row.settings, row.run_id, row.transcript_key) == (MODELS, SETTINGS, again, "t-k-a")


def test_a_record_holds_what_was_said_once(ledger: Ledger, save: Save, rubric: Rubric) -> None:
    save(ledger, ledger.begin_run(rubric.hash, {}, {}), "k")
    with Session(ledger._engine) as session:
        assert not {"turns", "measures"} & set(session.get(EvaluationRow, "k").record)
    assert {"turns", "measures"} <= set(next(ledger.records(["k"])))


def test_numbers_of_rows_go_on_after_bulk(ledger: Ledger, save: Save, rubric: Rubric, second: Rubric) -> None:
    """One by one the database numbers answers; in bulk we do: neither may take the other's."""
    run = ledger.begin_run(rubric.hash, {}, {})
    save(ledger, run, "k-a", "a")
    ledger.save_judged(judged(ledger, ledger.begin_run(second.hash, {}, {}), second))
    save(ledger, run, "k-b", "b")
    third = Rubric.model_validate(second.model_dump(mode="json", by_alias=True) | {"version": "3"})
    ledger.save_judged(judged(ledger, ledger.begin_run(third.hash, {}, {}), third, prefix="third"))
    with Session(ledger._engine) as session:
        ids = session.scalars(select(AnswerRow.id)).all()
    assert len(ids) == len(set(ids)) == 5 * len(list(rubric.items()))


def test_what_is_judged_has_not_failed(ledger: Ledger, save: Save, rubric: Rubric, second: Rubric) -> None:
    save(ledger, ledger.begin_run(rubric.hash, {}, {}), "k", "a")
    failed, again = ledger.begin_run(second.hash, {}, {}), ledger.begin_run(second.hash, {}, {})
    ledger.record_failure(failed, "calls/a.wav", "judge", "broken", "", sha256=sha_of("a"))
    ledger.record_failure(failed, "calls/other.wav", "judge", "broken", "")
    ledger.save_judged(judged(ledger, again, second))
    assert [failure["path"] for failure in ledger.open_failures(second.hash)] == ["calls/other.wav"]


def test_the_newest_transcript_that_has_signals_is_judged(ledger: Ledger, call: Call) -> None:
    made: dict[str, Any] = {"models": MODELS, "settings": SETTINGS}

    def keep(key: str, signals: bool) -> None:
        ledger.save_transcript(key, call=call, sha256=sha_of("a"), path="a.wav", **made)
        if signals:
            ledger.save_signals(f"s-{key}", transcript_key=key, signals=call.signals, **made)

    def found() -> tuple[str | None, str | None]:
        ((only,),) = ledger.calls(ALL, (), 10)
        return only.transcript, only.signals

    keep("z", signals=False)
    assert found() == ("z", None)
    keep("m", signals=True)
    assert found() == ("m", "s-m")
    keep("x", signals=True)
    keep("a", signals=False)
    assert found() == ("x", "s-x")
    ((only,),) = ledger.calls(ALL, (), 10)
    ((_, heard),) = ledger.heard([only])
    assert heard.call == replace(call, metadata=only.metadata)


def test_forms_are_kept_with_what_they_judged(ledger: Ledger, save: Save, rubric: Rubric, second: Rubric) -> None:
    assert ledger.forms() == []
    run = ledger.begin_run(rubric.hash, {}, {})
    save(ledger, run, "k", "a")
    save(ledger, run, "k2", "a")
    (bare,) = ledger.forms()
    assert (bare.id, bare.version, bare.calls, bare.rubric) == ("service", rubric.version, 1, None)
    for form in (rubric, second, second):
        ledger.keep_rubric(form)
    used, unused = ledger.forms()
    assert (used.rubric, used.calls) == (rubric, 1)
    assert (unused.rubric, unused.calls, unused.last) == (second, 0, None)
    ledger.save_judged(judged(ledger, ledger.begin_run(second.hash, {}, {}), second))
    assert [form.hash for form in ledger.forms()] == [second.hash, rubric.hash]


def test_the_last_verdict_of_each_form(ledger: Ledger, save: Save, rubric: Rubric) -> None:
    run = ledger.begin_run(rubric.hash, {}, {})
    save(ledger, run, "z", "a")
    save(ledger, run, "b", "a")
    (verdict,) = ledger.judged(rubric.hash, [sha_of("a"), sha_of("b")]).values()
    assert (verdict.sha256, verdict.signals) == (sha_of("a"), "s-b")
    assert ledger.judged("f" * 64, [sha_of("a")]) == {}


def test_an_earlier_ledger_is_upgraded_and_judged_again(url: str, save: Save, rubric: Rubric, second: Rubric) -> None:
    """Its turns hold their words and its records the turns: both are read as they are."""
    with Ledger.open(url) as ledger:
        save(ledger, ledger.begin_run(rubric.hash, {}, {}), "k", "a")
        whole = next(ledger.records(["k"]))
        shown = rows(ledger, "k")
        before = ledger.transcript("t-k")
        assert before is not None
        old_turns = [
            {"role": t.role.value, "start": t.start, "end": t.end, "text": t.text, "confidence": t.confidence,
             "words": [[w.start, w.end, w.text, w.confidence] for w in t.words]}
            for t in before.turns
        ]  # fmt: skip
        with ledger._writing() as session:
            session.get(EvaluationRow, "k").record = whole
        with ledger._writer.begin() as connection:
            command.downgrade(connect.migration_config(connection), "0002")
            connection.execute(text("UPDATE transcripts SET turns = :turns"), {"turns": connect.to_json(old_turns)})
    with Ledger.open(url) as ledger:
        assert next(ledger.records(["k"])) == whole
        assert ledger.transcript("t-k") == before
        assert rows(ledger, "k") == shown
        assert ledger.save_judged(judged(ledger, ledger.begin_run(second.hash, {}, {}), second)) == 1
