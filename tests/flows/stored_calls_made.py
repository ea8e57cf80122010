"""A ledger of a few stored calls, as an inspection leaves it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from flows.addresses import address, work_for
from flows.recordings import Intake
from scoring.call import Call, Metadata, Role, Scenario, Signal, Turn, Word
from scoring.engine import evaluate
from scoring.measures import measure
from scoring.record import call_record
from scoring.rubric import Rubric
from scoring.rubric_file import SHIPPED
from store.ledger import Ledger

MODELS, SETTINGS = {"speech": "5" * 64}, {"beam": 5}
SAID = (
    (Role.AGENT, 0.5, 8.0, "您好，云港客服，请问有什么可以帮您？", {"greeting": 0.97, "offer_of_help": 0.95}),
    (Role.CUSTOMER, 8.5, 18.0, "我的宽带坏了三天了，请你们快一点。", {"sentiment_negative": 0.9}),
    (Role.AGENT, 18.5, 26.0, "非常抱歉，我马上为您核实处理。", {"apology": 0.96, "solution": 0.9}),
    (
        Role.AGENT,
        27.0,
        33.0,
        "请您稍后对我的服务作出评价，感谢您的来电，再见。",
        {"satisfaction_invite": 0.96, "closing": 0.97},
    ),
)


def inspected(url: str, rubric: Rubric, names: str = "abcd", **changes: Any) -> dict[str, str]:
    """Keep calls of these names as an inspection by the rubric would; their evaluations' addresses by name.

    Every other call (b, d, ...) lacks its last turn: nobody says goodbye there.
    """
    keys = {}
    with Ledger.open(url) as ledger:
        ledger.keep_rubric(rubric)
        run = ledger.begin_run(rubric.hash, MODELS, SETTINGS)
        for n, name in enumerate(names):
            call = made_call(name, SAID[: 3 if n % 2 else 4], **changes)
            sha256, path = hashlib.sha256(name.encode()).hexdigest(), f"calls/{name}.wav"
            work = work_for(_intake(call, sha256, path), MODELS, SETTINGS, rubric.hash)
            made: dict[str, Any] = {"models": MODELS, "settings": SETTINGS}
            ledger.save_transcript(work.transcript, call=call, sha256=sha256, path=path, **made)
            ledger.save_signals(work.signals, transcript_key=work.transcript, signals=call.signals, **made)
            evaluation = evaluate(call, rubric)
            ledger.save_evaluation(
                work.evaluation, run_id=run, call=call, evaluation=evaluation, sha256=sha256, path=path,
                record=call_record(call, evaluation, audio=path, sha256=sha256), transcript_key=work.transcript,
                signals_key=work.signals, **made,
            )  # fmt: skip
            keys[name] = work.evaluation
        ledger.finish_run(run, "completed", {})
    return keys


def made_call(name: str, said: Any, **changes: Any) -> Call:
    turns = tuple(
        Turn(role, start, end, text, 0.9, (Word(start, end, text, 0.9),)) for role, start, end, text, _ in said
    )
    signals = tuple(Signal(i, s[1], s[2], s[3], s[4]) for i, s in enumerate(said))
    known = Metadata(agent=f"A-{name}", scenario=Scenario.REPAIR, direction="inbound")
    return replace(Call(name, 34.0, "zh", turns, signals, measure(turns, 34.0), known), **changes)


def without_signals(url: str, name: str) -> None:
    """A call whose inspection was killed between transcript and signals."""
    call = made_call(name, SAID)
    with Ledger.open(url) as ledger:
        ledger.save_transcript(
            address("transcript", name), call=call, sha256=hashlib.sha256(name.encode()).hexdigest(),
            path=f"calls/{name}.wav", models=MODELS, settings=SETTINGS,
        )  # fmt: skip


def changed(rubric: Rubric, **items: dict[str, Any] | None) -> Rubric:
    """The rubric's next version, with keys of some items changed; None takes an item out."""
    return Rubric.model_validate(_changed(rubric.model_dump(mode="json", by_alias=True), items))


def written(path: Path, **items: dict[str, Any] | None) -> Path:
    """The same of the service form, as a manager's file."""
    form = yaml.safe_load((SHIPPED / "service.yaml").read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(_changed(form, items), allow_unicode=True), encoding="utf-8")
    return path


def _changed(form: dict[str, Any], items: dict[str, dict[str, Any] | None]) -> dict[str, Any]:
    sections = [
        section
        | {"items": [i | (items.get(i["id"]) or {}) for i in section["items"] if items.get(i["id"], {}) is not None]}
        for section in form["sections"]
    ]
    return form | {"version": str(int(form["version"]) + 1), "sections": sections}


def _intake(call: Call, sha256: str, path: str) -> Intake:
    return Intake(path=Path(path), sha256=sha256, call_id=call.id, metadata=call.metadata)
