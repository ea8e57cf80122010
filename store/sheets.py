"""The rows of the exported tables: which columns, under which titles, from which part of a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scoring.rubric import Rubric
from store.cells import Value

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, its title in both languages, its width in characters."""

    key: str
    title: str
    width: int


CALLS = (
    Column("call_id", "Call 通话编号", 26),
    Column("audio", "Recording 录音", 34),
    Column("language", "Language 语言", 10),
    Column("scenario", "Scenario 场景", 12),
    Column("agent", "Agent 坐席", 14),
    Column("team", "Team 班组", 14),
    Column("started_at", "Started 开始时间", 20),
    Column("duration", "Seconds 时长(秒)", 11),
    Column("score", "Score 得分", 9),
    Column("potential", "Judged points 已判分值", 12),
    Column("grade", "Grade 等级", 8),
    Column("fatal", "Fatal 致命", 8),
    Column("flags", "Flags 预警", 34),
)
ANSWERS = (
    Column("call_id", "Call 通话编号", 26),
    Column("agent", "Agent 坐席", 14),
    Column("section", "Section 大项", 22),
    Column("item", "Item 评分项", 28),
    Column("status", "Answer 答案", 22),
    Column("points", "Points 得分", 9),
    Column("potential", "Potential 满分", 9),
    Column("confidence", "Confidence 置信度", 11),
    Column("why", "Why 理由", 50),
    Column("time", "At 时间", 8),
    Column("quote", "Evidence 证据", 60),
)
FAILURES = (
    Column("path", "Recording 录音", 50),
    Column("call_id", "Call 通话编号", 26),
    Column("stage", "Stage 阶段", 14),
    Column("reason", "Reason 原因", 60),
    Column("remedy", "What to do 处理办法", 60),
    Column("created_at", "When 时间", 26),
)
STATUSES = {
    "met": "Met 符合",
    "partly_met": "Partly met 部分符合",
    "missed": "Missed 不符合",
    "not_applicable": "Not applicable 不适用",
    "cannot_judge": "Cannot judge 无法判定",
}


@dataclass(slots=True)
class Form:
    """Sections and items of all rubrics that occur, by id, in the order of the form, with their names."""

    sections: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, rubrics: Iterable[Rubric]) -> Form:
        form = cls()
        for rubric in rubrics:
            for section, item in rubric.items():
                form.sections[section.id] = f"{section.name.en} {section.name.zh}"
                form.items[item.id] = f"{item.name.en} {item.name.zh}"
        return form

    def learn(self, record: Record) -> None:
        """Add what a record has and no known rubric names."""
        for answer in record["answers"]:
            self.items.setdefault(answer["item"], answer["item"])
            self.sections.setdefault(answer["section"], answer["section"])


def call_row(record: Record) -> list[Value]:
    """Values of CALLS. flags: severity:item, the gravest first."""
    flags = "; ".join(f"{flag['severity']}:{flag['item']}" for flag in record["flags"])
    return [flags if column.key == "flags" else record[column.key] for column in CALLS]


def statuses(record: Record, form: Form) -> list[str]:
    """The status of every item of the form, in its order; empty where this call's rubric has no such item."""
    given = {answer["item"]: answer["status"] for answer in record["answers"]}
    return [given.get(item, "") for item in form.items]


def answer_rows(record: Record, form: Form) -> Iterable[list[Value]]:
    """Values of ANSWERS, one row an answer, with its first evidence."""
    for answer in record["answers"]:
        first = next(iter(answer["evidence"]), None)
        yield [
            record["call_id"],
            record["agent"],
            form.sections[answer["section"]],
            form.items[answer["item"]],
            answer["status"],
            answer["points"],
            answer["potential"],
            answer["confidence"],
            answer["why"],
            _clock(first["start"]) if first else None,
            first["quote"] if first else None,
        ]


def failure_row(failure: Record) -> list[Value]:
    """Values of FAILURES."""
    return [failure.get(column.key) for column in FAILURES]


def _clock(seconds: float) -> str:
    """mm:ss, also beyond the hour, as players show it."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes:02d}:{rest:02d}"
