"""A record is what its published schema says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import scoring
from scoring.call import Call, Metadata
from scoring.engine import evaluate
from scoring.record import RECORD_VERSION, call_record
from scoring.rubric import Rubric

SCHEMA = json.loads((Path(scoring.__file__).parent / "record.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def as_read(record: dict[str, Any]) -> Any:
    return json.loads(json.dumps(record))


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == f"https://callqa.example/schemas/record-{RECORD_VERSION}.json"


def test_a_real_record_is_valid(record: dict[str, Any]) -> None:
    VALIDATOR.validate(as_read(record))
    assert {a["status"] for a in record["answers"]} >= {"met", "missed"}


def test_a_call_without_metadata_or_score_is_valid(call: Call, rubric: Rubric) -> None:
    short = replace(call, duration=3.0, turns=call.turns[:1], signals=(), metadata=Metadata())
    record = call_record(short, evaluate(short, rubric), audio="a.wav", sha256="0" * 64)
    assert record["score"] is None
    VALIDATOR.validate(as_read(record))


def test_every_key_is_required_and_no_other_is_allowed(record: dict[str, Any]) -> None:
    assert set(SCHEMA["required"]) == set(SCHEMA["properties"]) == set(record)


def _without_evidence(r: dict[str, Any]) -> None:
    next(a for a in r["answers"] if a["status"] == "missed")["evidence"] = []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda r: r.update(surplus=1),
        lambda r: r.pop("why_unscored"),
        lambda r: r.update(score=101),
        lambda r: r.update(sha256="not a hash"),
        lambda r: r["answers"][0].update(status="perhaps"),
        lambda r: r["turns"][0].update(role="robot"),
        _without_evidence,
    ],
)
def test_a_wrong_record_is_refused(record: dict[str, Any], spoil: Callable[[dict[str, Any]], Any]) -> None:
    wrong = as_read(record)
    spoil(wrong)
    assert not VALIDATOR.is_valid(wrong)


def test_measures_are_open(record: dict[str, Any]) -> None:
    record["measures"]["a_measure_of_tomorrow"] = [1, 2]
    assert VALIDATOR.is_valid(as_read(record))
