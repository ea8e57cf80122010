"""The report: complete in both languages, harmless whatever was said, of bounded size, never half written."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from made_calls import made_records

from review.figures import FEW
from review.report import TEMPLATES, RunFacts, write_report
from review.shortlist import DETAILS, TABLE_ROWS
from review.sound import Sounds
from review.texts import LANGUAGES, TEXTS, text
from scoring.errors import OutputError
from scoring.rubric import Rubric
from scoring.rubric_file import load_rubric

BEGUN = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
ENDED = BEGUN + timedelta(seconds=41)
RUN = RunFacts(BEGUN, ENDED, 600.0, 18.4, {"acts": "77be" * 16}, {"beam_size": 5}, 3, ["two calls without metadata"])
FAILURE = {"path": "in/a.wav", "call_id": None, "stage": "read", "reason": "not audio", "remedy": "export it again"}
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>\"' --></style>{{7*7}}"
HOSTILE = MARKUP + "\u202egnp.exe\u2066\x00\x1b[31m\ud800"
KEPT = {"status", "role", "item", "section", "severity", "detector", "language", "hash", "started_at"}


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    return load_rubric("service")


@pytest.fixture(scope="module")
def records(rubric: Rubric) -> list[dict[str, Any]]:
    return made_records(rubric)


def page(
    tmp_path: Path, records: Any, rubric: Rubric, failures: Any = (), *, run: RunFacts = RUN, language: str = "zh"
) -> str:
    path = tmp_path / "out" / "report.html"
    assert write_report(records, failures, rubric, path, run=run, language=language) == path
    return path.read_text(encoding="utf-8")


class Tags(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def poisoned(value: Any) -> Any:
    if isinstance(value, str):
        return str(value) + HOSTILE
    if isinstance(value, list):
        return [poisoned(v) for v in value]
    if isinstance(value, dict):
        return {k: v if k in KEPT else poisoned(v) for k, v in value.items()}
    return value


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_stays_text(tmp_path: Path, rubric: Rubric, records: list[dict[str, Any]], language: str) -> None:
    run = RunFacts(BEGUN, BEGUN, 1.0, None, poisoned({"m": "x"}), {HOSTILE: HOSTILE}, 0, [HOSTILE], HOSTILE)
    here = tmp_path / "\"><script>alert(3)</script>' onerror='x" / "javascript:alert(4)//?#t=1\u202e\n.wav"
    here.parent.mkdir(parents=True)
    here.touch()
    dirty = [record | {"audio": str(here)} if number % 2 else record for number, record in enumerate(poisoned(records))]
    written = page(tmp_path, dirty, rubric, [poisoned(FAILURE)], run=run, language=language)
    tags = Tags(written).found
    plays = [a["href"] for tag, a in tags if tag == "a" and a.get("class") == "time play"]
    assert plays
    assert all(re.fullmatch(r"\.\./[A-Za-z0-9%._/~-]+\.wav#t=\d+\.\d", href or "") for href in plays)
    assert [tag for tag, _ in tags].count("script") == 1
    assert not {"img", "iframe", "object", "link", "form", "base"} & {tag for tag, _ in tags}
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on") or name == "style"]
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f-\x9f]", written)
    assert html.escape("<script>alert(1)</script>") in written
    assert "{{7*7}}" in written


def test_nothing_is_fetched(tmp_path: Path, rubric: Rubric, records: list[dict[str, Any]]) -> None:
    written = page(tmp_path, records, rubric, [FAILURE])
    assert not re.search(r"https?:|(?<!/)//[a-z]|url\(|@import", written)
    for _, attributes in Tags(written).found:
        assert "src" not in attributes
        assert (attributes.get("href") or "#").startswith("#")


def test_links_lead_somewhere(tmp_path: Path, rubric: Rubric, records: list[dict[str, Any]]) -> None:
    tags = Tags(page(tmp_path, records, rubric, [FAILURE])).found
    ids = [a["id"] for _, a in tags if "id" in a]
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for tag, a in tags if tag == "a" and a.get("href")} <= set(ids)


def test_policy_allows_only_our_own(tmp_path: Path, rubric: Rubric, records: list[dict[str, Any]]) -> None:
    written = page(tmp_path, records, rubric)
    tags = Tags(written).found
    policy = next(a["content"] or "" for _, a in tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for name in ("style", "script"):
        content = re.search(rf"<{name}>(.*?)</{name}>", written, re.DOTALL)
        assert content
        digest = base64.b64encode(hashlib.sha256(content[1].encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy


def test_every_text_is_in_both_languages_and_used() -> None:
    sources = "".join(p.read_text(encoding="utf-8") for p in TEMPLATES.glob("*.j2"))
    for key, texts in TEXTS.items():
        assert len(texts) == len(LANGUAGES)
        assert all(t.strip() for t in texts)
        assert len({tuple(sorted(re.findall(r"{(\w+)", t))) for t in texts}) == 1, key
        known = key.startswith(("scenario_", "status_", "severity_", "role_", "show_", "stage_", "change_"))
        assert known or re.search(rf'[(, ]"{key}"', sources), f"{key} is not used"
    assert set(re.findall(r'\bt\("(\w+)"', sources)) <= set(TEXTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_named(tmp_path: Path, rubric: Rubric, records: list[dict[str, Any]], language: str) -> None:
    written = page(tmp_path, records, rubric, language=language)
    assert f'data-lang="{language}"' in written
    for section, item in rubric.items():
        for name in (section.name.zh, section.name.en, item.name.zh, item.name.en):
            assert html.escape(name) in written
    assert f'data-en="Call inspection report">{text("title", language)}</title>' in written


def test_flagged_calls_come_first_with_evidence(tmp_path: Path, rubric: Rubric, records: list[dict[str, Any]]) -> None:
    written = page(tmp_path, records, rubric)
    flagged = written[written.index('id="flagged"') : written.index('id="distribution"')]
    calls = ("KF-20260302-0003", "KF-20260302-0008", "EN-0302-015", "KF-20260302-0005")
    order = [flagged.index(call) for call in calls]
    assert order == sorted(order)
    assert "这个不归我管" in flagged
    assert "00:08" in flagged
    assert "KF-20260302-0001" not in flagged


def test_unsure_turns_are_marked(tmp_path: Path, rubric: Rubric, records: list[dict[str, Any]]) -> None:
    unsure = [t for r in records for t in r["turns"] if t["confidence"] < 0.5]
    assert unsure
    assert page(tmp_path, records, rubric).count('class="unsure"') == len(unsure)


def test_no_calls_only_failures_and_one_call(tmp_path: Path, rubric: Rubric, records: list[dict[str, Any]]) -> None:
    assert text("no_calls_empty", "zh") in page(tmp_path, [], rubric)
    only = page(tmp_path, [], rubric, [FAILURE])
    assert "export it again" in only
    assert 'id="calls"' not in only
    one = page(tmp_path, records[:1], rubric)
    assert text("no_interval", "en", least=FEW) in one
    assert text("not_ranked", "en", least=FEW) in one


def test_many_calls_keep_the_page_small(tmp_path: Path, rubric: Rubric, records: list[dict[str, Any]]) -> None:
    def many(n: int) -> Iterator[dict[str, Any]]:
        for i in range(n):
            yield records[i % len(records)] | {"call_id": f"call-{i}", "agent": f"agent-{i}"}

    written = page(tmp_path, many(3_000), rubric, [FAILURE] * 1_000)
    assert len(written) < 4_000_000
    assert written.count('<details class="call"') == DETAILS
    assert written[written.index('id="all-calls"') :].count("<tr data-kind=") <= TABLE_ROWS
    assert "evaluations.csv" in written
    assert "failures.jsonl" in written


def test_a_long_call_is_cut(tmp_path: Path, rubric: Rubric, records: list[dict[str, Any]]) -> None:
    long = records[2] | {"turns": records[2]["turns"] * 500}
    assert text("turns_left_out", "en", n=len(long["turns"]) - 300) in page(tmp_path, [long], rubric)


def test_another_version_of_the_form_is_told(tmp_path: Path, rubric: Rubric, records: list[dict[str, Any]]) -> None:
    old = records[2] | {"rubric": {"id": "service", "version": "0", "hash": "0" * 64}}
    old["answers"] = [a | {"item": "gone_" + a["item"]} for a in old["answers"]]
    assert text("foreign", "en", n=1) in page(tmp_path, [old], rubric)


def test_what_cannot_be_written_names_the_remedy(tmp_path: Path, rubric: Rubric) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(OutputError) as error:
        write_report([], [], rubric, blocked / "report.html", run=RUN)
    assert error.value.remedy
    taken = tmp_path / "report.html"
    taken.mkdir()
    with pytest.raises(OutputError):
        write_report([], [], rubric, taken, run=RUN)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "report.html"]


def test_a_broken_stream_keeps_the_old_report(tmp_path: Path, rubric: Rubric, records: list[dict[str, Any]]) -> None:
    before = page(tmp_path, records[:1], rubric)

    def broken() -> Iterator[dict[str, Any]]:
        yield records[0]
        raise RuntimeError("the ledger is gone")

    with pytest.raises(RuntimeError):
        page(tmp_path, broken(), rubric)
    assert (tmp_path / "out" / "report.html").read_text(encoding="utf-8") == before


def with_recordings(folder: Path, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records, each with a file where its recording lies."""
    folder.mkdir(parents=True)
    found = [record | {"audio": str(folder / f"{record['call_id']} 录音#1.wav")} for record in records]
    for record in found:
        Path(record["audio"]).touch()
    return found


def test_every_time_plays_its_recording(tmp_path: Path, rubric: Rubric, records: list[dict[str, Any]]) -> None:
    found = with_recordings(tmp_path / "rec", records)
    written = page(tmp_path, found, rubric)
    tags = Tags(written).found
    plays = [a for tag, a in tags if tag == "a" and "play" in (a.get("class") or "")]
    assert not re.search(r'<span class="time">', written), "a time without sound"
    for record in found:
        mine = {a["href"] or "" for a in plays if a["data-call"] == record["call_id"]}
        file = f"../rec/{record['call_id']}%20%E5%BD%95%E9%9F%B3%231.wav"
        assert {f"{file}#t={turn['start']:.1f}" for turn in record["turns"]} <= mine
        assert {href.split("#t=")[0] for href in mine} == {file}
        shown = [a for a in record["answers"] if a["status"] in ("missed", "partly_met")][:8]
        assert {f"{file}#t={e['start']:.1f}" for a in shown for e in a["evidence"][:3]} <= mine
    policy = next(a["content"] or "" for _, a in tags if a.get("http-equiv") == "Content-Security-Policy")
    assert "media-src 'self' file:" in policy
    assert [tag for tag, _ in tags].count("audio") == 1
    assert "data:" not in written


def test_a_recording_that_is_gone_is_told(tmp_path: Path, rubric: Rubric, records: list[dict[str, Any]]) -> None:
    found = with_recordings(tmp_path / "rec", records)
    Path(found[2]["audio"]).unlink()
    written = page(tmp_path, found, rubric)
    assert written.count(text("recording_gone", "zh")) == 1
    plays = {a.get("data-call") for _, a in Tags(written).found if "play" in (a.get("class") or "")}
    assert plays == {record["call_id"] for record in found} - {found[2]["call_id"]}


@pytest.mark.parametrize(
    ("folder", "audio", "address"),
    [
        ("out", "rec/a.wav", "../rec/a.wav"),
        ("out", "out/a.wav", "a.wav"),
        ("out", "javascript:a.wav", "../javascript%3Aa.wav"),
        (".", "javascript:a.wav", "javascript%3Aa.wav"),
        (".", "a?b#c%41.wav", "a%3Fb%23c%2541.wav"),
        (".", '"><i>.wav', "%22%3E%3Ci%3E.wav"),
        ("out", "rec/录音.wav", "../rec/%E5%BD%95%E9%9F%B3.wav"),
        ("out", "rec/\udcc4.wav", "../rec/%C4.wav"),
        ("out", "rec", None),
        ("out", "none.wav", None),
        ("out", "", None),
        ("out", "a\0.wav", None),
        ("out", "\ud800.wav", None),
    ],
)
def test_addresses_of_recordings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, audio: str, address: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rec").mkdir()
    if address:
        Path(audio).parent.mkdir(exist_ok=True)
        Path(audio).touch()
    assert Sounds(Path(folder)).of(audio) == address


def test_nothing_in_common_is_a_file_address(tmp_path: Path) -> None:
    (tmp_path / "a b.wav").touch()
    assert Sounds(Path("/nowhere/out")).of(str(tmp_path / "a b.wav")) == f"file://{tmp_path}/a%20b.wav"


@pytest.mark.parametrize(("zone", "shown"), [("Asia/Shanghai", "18:00 UTC+08:00"), ("UTC", "10:00 UTC+00:00")])
def test_times_are_local_and_say_so(
    tmp_path: Path, rubric: Rubric, monkeypatch: pytest.MonkeyPatch, zone: str, shown: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        written = page(tmp_path, [], rubric)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert f"2026-03-02 {shown}" in written
    assert f"2026-03-02 {shown.replace(' ', ':00 ')}" in written


def test_several_runs_are_told(tmp_path: Path, rubric: Rubric) -> None:
    run = RunFacts(BEGUN, BEGUN + timedelta(days=2), 600.0, duplicates=None, runs=3)
    assert "共 3 次运行" in page(tmp_path, [], rubric, run=run)


def test_a_failure_says_in_chinese_where_it_failed(tmp_path: Path, rubric: Rubric) -> None:
    for stage in ("intake", "decode", "transcribe", "judge", "process"):
        written = page(tmp_path, [], rubric, [FAILURE | {"stage": stage}])
        assert text(f"stage_{stage}", "zh") in written
        assert "not audio" in written


def test_agents_have_names_and_the_unknown_have_no_team(
    tmp_path: Path, rubric: Rubric, records: list[dict[str, Any]]
) -> None:
    named = [record | {"agent": "8021", "agent_name": "王芳", "team": "一组"} for record in records[:2]]
    unknown = [record | {"agent": None, "agent_name": None, "team": "二组"} for record in records[2:4]]
    only_name = [record | {"agent": None, "agent_name": "李雷", "team": "三组"} for record in records[4:5]]
    written = page(tmp_path, [*named, *unknown, *only_name], rubric)
    agents = written[written.index('id="agents"') : written.index('id="scenarios"')]
    assert "<bdi>8021</bdi> <bdi>王芳</bdi>" in agents
    assert "<bdi>李雷</bdi>" in agents
    assert "一组" in agents
    assert "三组" in agents
    assert "二组" not in agents
    assert "<bdi>8021 王芳</bdi>" in written[written.index('id="all-calls"') :]


def test_a_long_quote_is_cut_on_the_page_only(tmp_path: Path, rubric: Rubric, records: list[dict[str, Any]]) -> None:
    evidence = records[2]["answers"][0]["evidence"][0] | {"quote": "长" * 500}
    answer = records[2]["answers"][0] | {"status": "missed", "evidence": [evidence]}
    written = page(tmp_path, [records[2] | {"answers": [answer]}], rubric)
    assert "长" * 199 + "…" in written
    assert "长" * 201 not in written


def test_numbers_in_what_was_said_are_covered(tmp_path: Path, rubric: Rubric, records: list[dict[str, Any]]) -> None:
    evidence = records[2]["answers"][0]["evidence"][0] | {"quote": "卡号是6011000990139424吗"}
    answer = records[2]["answers"][0] | {"status": "missed", "evidence": [evidence]}
    turns = [turn | {"text": "call me on 13800138000"} for turn in records[2]["turns"]]
    written = page(tmp_path, [records[2] | {"answers": [answer], "turns": turns}], rubric)
    assert "卡号是••••••••••••••24吗" in written
    assert "call me on •••••••••00" in written
    assert "6011000990139424" not in written
    assert "13800138000" not in written
