"""The rows of the exported tables: which columns, under which titles, from which part of a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scoring.rubric import Rubric
from store.cells import Value

Record = Mapping[str, Any]
_FIRST_YEAR = 1900  # of Excel's calendar


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, its title in both languages, its width in characters."""

    key: str
    title: str
    width: int


CALLS = (
    Column("call_id", "Call 通话编号", 26),
    Column("audio", "Recording 录音", 34),
    Column("language", "Language 语言", 14),
    Column("scenario", "Scenario 场景", 17),
    Column("direction", "Direction 方向", 15),
    Column("agent", "Agent 坐席", 14),
    Column("agent_name", "Agent name 坐席姓名", 14),
    Column("team", "Team 班组", 14),
    Column("started_at", "Started 开始时间", 20),
    Column("duration", "Seconds 时长(秒)", 11),
    Column("score", "Score 得分", 9),
    Column("potential", "Judged points 已判分值", 12),
    Column("grade", "Grade 等级", 8),
    Column("fatal", "Fatal 致命", 8),
    Column("flags", "Flags 预警", 34),
    Column("why_unscored", "Why not scored 未给分原因", 34),
    Column("csat", "CSAT 满意度", 9),
    Column("hold_seconds", "Hold, seconds 等待(秒)", 11),
    Column("transferred", "Transferred 转接", 12),
    Column("ticket_id", "Ticket 工单号", 18),
)
ANSWERS = (
    Column("call_id", "Call 通话编号", 26),
    Column("agent", "Agent 坐席", 14),
    Column("section", "Section 大项", 22),
    Column("item", "Item 评分项", 28),
    Column("critical", "Critical 关键项", 14),
    Column("status", "Answer 答案", 22),
    Column("points", "Points 得分", 9),
    Column("potential", "Potential 满分", 9),
    Column("confidence", "Confidence 置信度", 11),
    Column("why", "Why 理由", 50),
    Column("time", "At 时间", 16),
    Column("quote", "Evidence 证据", 60),
)
FAILURES = (
    Column("path", "Recording 录音", 50),
    Column("call_id", "Call 通话编号", 26),
    Column("stage", "Stage 阶段", 24),
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
# What codes mean, where people read; a code that is none of these stays as it is.
WORDS: Mapping[str, Mapping[str, str]] = {
    "language": {"zh": "Chinese 中文", "en": "English 英语"},
    "scenario": {
        "consult": "Enquiry 咨询",
        "complaint": "Complaint 投诉",
        "repair": "Repair 报修",
        "after_sales": "After-sales 售后",
        "other": "Other 其他",
    },
    "direction": {"inbound": "Inbound 呼入", "outbound": "Outbound 呼出"},
    "stage": {
        "intake": "Intake 录音未能接收",
        "decode": "Decoding 录音无法读取",
        "transcribe": "Transcription 语音识别失败",
        "judge": "Judging 评分失败",
        "process": "Processing 处理中断",
    },
}
FATAL, CRITICAL = "Fatal 致命项", "Critical 关键项"


@dataclass(slots=True)
class Form:
    """Sections and items of all rubrics that occur, by id, in the order of the form, with their names.

    gravity: of fatal and critical items.
    """

    sections: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    gravity: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, rubrics: Iterable[Rubric]) -> Form:
        form = cls()
        for rubric in rubrics:
            for section, item in rubric.items():
                form.sections[section.id] = f"{section.name.en} {section.name.zh}"
                form.items[item.id] = f"{item.name.en} {item.name.zh}"
                if item.fatal or item.critical:
                    form.gravity[item.id] = FATAL if item.fatal else CRITICAL
        return form

    def learn(self, record: Record) -> None:
        """Add what a record has and no known rubric names."""
        for answer in record["answers"]:
            self.items.setdefault(answer["item"], answer["item"])
            self.sections.setdefault(answer["section"], answer["section"])

    def section_columns(self) -> Iterable[Column]:
        """A column for the points of each section; an item may bear the section's id."""
        for section, name in self.sections.items():
            yield Column(f"{section}_points", f"{name}: points 得分", 13)


def call_row(record: Record) -> list[Value]:
    """Values of CALLS. flags: severity:item, the gravest first."""
    flags = "; ".join(f"{flag['severity']}:{flag['item']}" for flag in record["flags"])
    known = {**record["metadata"], **record, "flags": flags}
    return [known[column.key] for column in CALLS]


def section_points(record: Record, form: Form) -> list[Value]:
    """Points of every section of the form, in its order; None where nothing of it was judged."""
    judged = {section["section"]: section["points"] for section in record["sections"] if section["potential"]}
    return [judged.get(section) for section in form.sections]


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
            form.gravity.get(answer["item"]),
            answer["status"],
            answer["points"],
            answer["potential"],
            answer["confidence"],
            answer["why"],
            f"{_clock(first['start'])}–{_clock(first['end'])}" if first else None,
            first["quote"] if first else None,
        ]


def failure_row(failure: Record) -> list[Value]:
    """Values of FAILURES."""
    return [failure.get(column.key) for column in FAILURES]


def in_words(row: Sequence[Value], columns: Sequence[Column]) -> list[Value]:
    """A row as people read it: words for codes, dates for their text. Dates are the wall clock, as it was given."""
    return [_readable(value, column.key) for value, column in zip(row, columns, strict=True)]


def _readable(value: Value, key: str) -> Value:
    if isinstance(value, bool):
        return "Yes 是" if value else "No 否"
    if not isinstance(value, str):
        return value
    if key == "started_at":
        with suppress(ValueError):
            moment = datetime.fromisoformat(value).replace(tzinfo=None)
            return moment if moment.year >= _FIRST_YEAR else value
    return WORDS.get(key, {}).get(value, value)


def _clock(seconds: float) -> str:
    """mm:ss.t, also beyond the hour: a phrase is over within a second."""
    minutes, tenths = divmod(int(seconds * 10), 600)
    return f"{minutes:02d}:{tenths // 10:02d}.{tenths % 10}"
