"""A small call, its evaluation, and ledgers on every database that is there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from empty_database import empty_database

from scoring.call import Call, Metadata, Role, Scenario, Signal, Turn, Word
from scoring.engine import evaluate
from scoring.measures import measure
from scoring.record import call_record
from scoring.rubric import Rubric
from scoring.rubric_file import load_rubric
from store.ledger import Ledger

MODELS = {"whisper": "a" * 64, "acts": "b" * 64}
SETTINGS = {"beam": 5, "language": "zh"}


@pytest.fixture(scope="session")
def rubric() -> Rubric:
    return load_rubric("service")


@pytest.fixture
def call() -> Call:
    """A complaint of 42 s with words, silence, an interruption and one signal per turn."""
    said = [
        (Role.SYSTEM, 0.0, 2.5, "欢迎致电，通话可能被录音。"),
        (Role.AGENT, 3.0, 7.123456789, "您好，很高兴为您服务，请问有什么可以帮您？"),
        (Role.CUSTOMER, 7.5, 12.0, "我的宽带断了三天，我要投诉！"),
        (Role.AGENT, 11.2, 16.0, "非常抱歉给您带来不便，我马上为您核实一下。"),
        (Role.CUSTOMER, 24.0, 26.0, "好的，请快一点。"),
        (Role.AGENT, 27.0, 33.0, "请问还有其他可以帮您的吗？感谢您的来电，再见。"),
    ]
    turns = tuple(
        Turn(r, s, e, t, 0.91, (Word(s, s + 1 / 3, t[:2], 0.9), Word(s + 1 / 3, e, t[2:], 0.87))) for r, s, e, t in said
    )
    signals = tuple(Signal(i, t.start, t.end, t.text, {"greeting": 0.1 + 0.8 * (i == 1)}) for i, t in enumerate(turns))
    return Call(
        id="call-001",
        duration=42.0,
        language="zh",
        turns=turns,
        signals=signals,
        measures=measure(turns, 42.0, details={"codec": "pcm_alaw", "snr": {"agent": 21.5}}),
        metadata=Metadata(
            agent="A017", agent_name="王芳", team="宽带一组", direction="inbound", scenario=Scenario.COMPLAINT,
            started_at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC), customer_phone="+8613800000000", csat=4.0,
            hold_seconds=8.0, transferred=False, ticket_id="T-1",
        ),
    )  # fmt: skip


@pytest.fixture
def record(call: Call, rubric: Rubric) -> dict[str, Any]:
    return call_record(call, evaluate(call, rubric), audio="calls/call-001.wav", sha256=sha_of("call-001"))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database: a file of its own, or a schema of its own."""
    with empty_database(request.param, tmp_path) as found:
        yield found


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    with Ledger.open(url) as opened:
        yield opened


@pytest.fixture
def save(call: Call, rubric: Rubric) -> Callable[..., bool]:
    """Evaluate the call under another id and save everything of it: save(ledger, run, key, call_id) -> was it new."""

    def saver(ledger: Ledger, run_id: str, key: str, call_id: str = "call-001", **changes: Any) -> bool:
        path = changes.pop("path", f"calls/{call_id}.wav")
        one = replace(call, id=call_id, **changes)
        evaluation = evaluate(one, rubric)
        sha256 = sha_of(call_id)
        made: dict[str, Any] = {"models": MODELS, "settings": SETTINGS}
        ledger.save_transcript(f"t-{key}", call=one, sha256=sha256, path=path, seconds_spent=1.5, **made)
        ledger.save_signals(f"s-{key}", transcript_key=f"t-{key}", signals=one.signals, **made)
        return ledger.save_evaluation(
            key, run_id=run_id, call=one, evaluation=evaluation, sha256=sha256, path=path,
            record=call_record(one, evaluation, audio=path, sha256=sha256),
            transcript_key=f"t-{key}", signals_key=f"s-{key}", **made,
        )  # fmt: skip

    return saver


def sha_of(call_id: str) -> str:
    return hashlib.sha256(call_id.encode("utf-8", "surrogatepass")).hexdigest()
