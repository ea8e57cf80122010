"""A ledger of the made-up calls with users, and recordings that hum where somebody speaks."""

from __future__ import annotations

import hashlib
import io
import wave
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from argon2 import PasswordHasher
from made_calls import CALLS, made_call

from scoring.call import Call, Role, Turn, Word
from scoring.engine import evaluate
from scoring.record import call_record
from scoring.rubric import Rubric
from store import users
from store.access import Role as Post
from store.desk import Desk

# As the real one, but quick: tests log in a hundred times.
users._HASHER = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
RATE = 8000
PASSWORD = "correct horse 9"  # noqa: S105
USERS: dict[str, dict[str, Any]] = {
    "boss": {"role": Post.ADMIN, "name": "陈主管"},
    "qa": {"role": Post.QA, "name": "王质检"},
    "qa2": {"role": Post.QA, "name": "孙质检"},
    "leader": {"role": Post.TEAM_LEADER, "name": "刘班长", "teams": ("一组",)},
    "trainer": {"role": Post.TRAINER, "name": "何培训"},
    "officer": {"role": Post.COMPLIANCE, "name": "Mia Officer"},
    "liwen": {"role": Post.AGENT, "name": "李雯", "agent": "0812 李雯"},
    "zhaoqiang": {"role": Post.AGENT, "name": "赵强", "agent": "0947 赵强"},
}


def with_words(call: Call) -> Call:
    """The call with a word for every two characters (or English word), evenly spread, every ninth one unsure."""
    turns = []
    for turn in call.turns:
        step = 2 if call.language == "zh" else 0
        parts = (
            [turn.text[i : i + 2] for i in range(0, len(turn.text), 2)]
            if step
            else [(" " if i else "") + w for i, w in enumerate(turn.text.split(" "))]
        )
        length = turn.duration / max(len(parts), 1)
        words = tuple(
            Word(turn.start + i * length, turn.start + (i + 1) * length, text, 0.41 if i % 9 == 8 else 0.93)
            for i, text in enumerate(parts)
        )
        turns.append(replace(turn, words=words))
    return replace(call, turns=tuple(turns))


def hum(turns: Sequence[Turn], seconds: float) -> bytes:
    """A stereo WAV: customer left, agent right, a hum of its own pitch where each speaks."""
    samples = np.zeros((int(seconds * RATE), 2))
    random = np.random.default_rng(1)
    for turn in turns:
        first, last = int(turn.start * RATE), int(turn.end * RATE)
        at = np.arange(max(0, min(last, len(samples)) - first)) / RATE
        swell = 0.35 + 0.3 * np.abs(np.sin(at * 7)) * random.uniform(0.7, 1.2)
        channel = 0 if turn.role is Role.CUSTOMER else 1
        samples[first : first + len(at), channel] += 0.4 * swell * np.sin(2 * np.pi * (150 + 70 * channel) * at)
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((samples * 32767).clip(-32768, 32767).astype("<i2").tobytes())
    return file.getvalue()


def keep(desk: Desk, run: str, call: Call, rubric: Rubric, folder: Path, *, key: str = "") -> str:
    """Keep a call with its recording as an inspection does; the recording's sha256."""
    sound = hum(call.turns, call.duration) + call.id.encode("utf-8", "replace")  # no two recordings are the same
    sha256 = hashlib.sha256(sound).hexdigest()
    path = folder / f"{sha256[:12]}.wav"
    path.write_bytes(sound)
    evaluation = evaluate(call, rubric)
    made: dict[str, Any] = {"models": {}, "settings": {}}
    name = key or sha256[:16]
    desk.ledger.save_transcript(f"t{name}", call=call, sha256=sha256, path=path.name, seconds_spent=1.0, **made)
    desk.ledger.save_evaluation(
        f"e{name}", run_id=run, call=call, evaluation=evaluation, sha256=sha256, path=path.name,
        record=call_record(call, evaluation, audio=path.name, sha256=sha256),
        transcript_key=f"t{name}", signals_key=None, **made,
    )  # fmt: skip
    return sha256


def made_desk(folder: Path, rubric: Rubric, url: str | None = None, extra: Sequence[Call] = ()) -> dict[str, str]:
    """Make a ledger at folder/callqa.sqlite (or the URL) with recordings beside it; call id -> sha256."""
    with Desk.open(url or folder / "callqa.sqlite") as desk:
        run = desk.ledger.begin_run(rubric.hash, {}, {})
        calls = [with_words(made_call(made, number)) for number, made in enumerate(CALLS)]
        found = {call.id: keep(desk, run, call, rubric, folder) for call in (*calls, *extra)}
        with desk.writing() as session:
            for login, user in USERS.items():
                users.add(
                    session, login, PASSWORD, user["role"], by="test", **{k: v for k, v in user.items() if k != "role"}
                )
        desk.catch_up()
    return found
