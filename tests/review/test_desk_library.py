"""The case library, comments on moments and coaching, walked as the people who use them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import Any

import av
import numpy as np
import pytest
from desk_door import Door, Person
from made_calls import CALLS, made_call
from made_ledger import PASSWORD, keep, with_words

from review.desk import excerpts
from review.desk.times import seconds_of, tenths
from scoring.call import Role, Turn
from scoring.engine import evaluate
from scoring.record import call_record
from scoring.rubric_file import load_rubric
from store import audit, users
from store.access import Role as Post
from store.library_tables import LibraryCaseRow

BAD, GOOD = "KF-20260302-0003", "KF-20260302-0001"  # 赵强 of team two, 李雯 of team one
MARKUP = "<script>alert(1)</script>=cmd()\u202e"
PHONE = "13800138000"


def add(door: Door, person: Person, call: str, **more: str) -> str:
    """Add a case; its address."""
    sent = {
        "call": door.calls.get(call, call),
        "begins": "1",
        "ends": "00:06.0",
        "kind": "good",
        "item": "greeting",
    } | more
    answer = person.post("/library/add", sent)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def length(sound: bytes) -> tuple[float, np.ndarray[Any, Any]]:
    with av.open(io.BytesIO(sound)) as file:
        stream = file.streams.audio[0]
        found = np.concatenate([f.to_ndarray().reshape(-1, f.layout.nb_channels) for f in file.decode(stream)])
        return len(found) / stream.codec_context.sample_rate, found


def actions(door: Door) -> list[str]:
    with door.desk.reading() as session:
        assert audit.verify(session).broken is None
        return [action for (action,) in session.execute(audit.select(audit.AuditRow.action).order_by("number"))]


def test_a_case_from_call_to_playlist(door: Door) -> None:
    """Added, heard, found, changed, exported, removed; masked and silent where a number is said; noted."""
    made = made_call(CALLS[2], 50)
    said = f"我的号码是{PHONE}，谢谢"
    turn = Turn(Role.CUSTOMER, made.duration, made.duration + 8, said, 0.9)
    made = replace(with_words(replace(made, turns=(*made.turns, turn), duration=made.duration + 9)), id="X-1" + MARKUP)
    run = door.desk.ledger.begin_run("h", {}, {})
    sha256 = keep(door.desk, run, made, load_rubric("service"), door.folder)
    door.desk.catch_up()
    trainer = door.enter("trainer")
    assert "在通话页面点话轮" in trainer.get("/library").text
    page = trainer.get(f"/calls/{sha256}").text
    assert f"/library/add?call={sha256}&amp;begins=" in page
    form = trainer.get(f"/library/add?call={sha256}&begins={turn.start}&ends={turn.end}&item=greeting&kind=bad").text
    assert PHONE not in form
    assert tenths(turn.start - 0.3) in form
    where = add(
        door, trainer, sha256, begins=f"{turn.start:.1f}", ends=f"{turn.end:.1f}", kind="bad", level="new",
        tags=f"新人, {MARKUP}，新人", comment=f"{MARKUP} {PHONE}",
    )  # fmt: skip
    shown = trainer.get(where).text
    assert "我的号码是" in shown
    assert PHONE not in shown
    assert "<script>alert" not in shown
    assert "\u202e" not in shown

    sound = trainer.get(f"{where}/sound")
    part = trainer.get(f"{where}/sound", Range="bytes=4-103")
    assert (sound.status_code, part.status_code, sound.headers["content-type"]) == (200, 206, "audio/flac")
    assert part.content == sound.content[4:104]
    seconds, samples = length(sound.content)
    assert seconds == pytest.approx(8, abs=0.15)
    with door.desk.reading() as session:
        ((start, end),) = session.scalars(audit.select(LibraryCaseRow.covered)).one()
    rate = len(samples) / seconds
    loud = np.abs(samples).max(axis=1)
    first, last = (int((at - round(turn.start, 1)) * rate) for at in (start, end))
    assert loud[first + 80 : last - 80].max() == 0, "the number is not heard"
    assert loud[int(rate * 0.1) : first - 80].max() > 0, "what is before it is"
    assert 3 < end - start < 8

    other = add(door, trainer, GOOD, tags="新人")
    for query, found in [
        ("", 2), ("kind=bad", 1), ("kind=good", 1), ("tag=新人", 2), ("level=new", 1), ("item=greeting", 2),
        ("item=closing", 0), ("language=en", 0), ("agent=0812 李雯", 1), (f"tag={MARKUP}", 0),
        (f"tag={MARKUP[:-1]}", 1),
    ]:  # fmt: skip
        assert trainer.get(f"/library?{query}").text.count('class="case ') == found, query

    edit = trainer.get(f"{other}/edit").text
    version = re.search(r'name="version" value="(\d+)"', edit)
    assert version
    changed = {"begins": "2", "ends": "4", "kind": "bad", "item": "", "version": version[1], "tags": "道歉"}
    assert trainer.post(f"{other}/edit", changed | {"ends": "1"}).status_code == 422
    assert trainer.post(f"{other}/edit", changed).status_code == 303
    late = trainer.post(f"{other}/edit", changed | {"comment": "second"})
    assert late.status_code == 409
    assert "second" in late.text, "what was typed is not lost"
    assert "不属于某个项目" in trainer.get(other).text

    for kind, named in (("flac", ""), ("mp3", "yes")):
        answer = trainer.post("/library/export", {"sound": kind, "names": named})
        assert answer.headers["content-type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
            names = file.namelist()
            clips = [name for name in names if name.endswith(kind)]
            assert [name[:3] for name in clips] == ["01_", "02_"]
            assert all(re.fullmatch(r"[\w.-]+", name) for name in names)
            assert set(names) - set(clips) == {"playlist.m3u8", "index.html", "cases.csv", "cases.json"}
            assert length(file.read(clips[1]))[0] == pytest.approx(2, abs=0.15)
            told = {name: file.read(name).decode("utf-8-sig") for name in names if name not in clips}
        assert told["playlist.m3u8"].splitlines()[0] == "#EXTM3U"
        assert [line for line in told["playlist.m3u8"].splitlines() if line[0] != "#"] == clips
        assert "<script>alert" not in told["index.html"]
        assert not any(PHONE in text for text in told.values())
        assert (sum("赵强" in text for text in told.values()) > 0) is bool(named)
        rows = list(csv.reader(io.StringIO(told["cases.csv"])))
        assert len(rows) == 3
        assert not [cell for row in rows for cell in row if cell[:1] in "=+-@" and cell]
        assert json.loads(told["cases.json"])[0]["transcript"][-1]["text"].startswith("我的号码是")
    assert trainer.post(f"{other}/remove").status_code == 303
    assert trainer.get(other).status_code == trainer.get(f"{other}/sound").status_code == 404
    noted = actions(door)
    for action in (
        "library.add",
        "case.hear",
        "case.view",
        "library.change",
        "library.view",
        "library.export",
        "library.remove",
    ):
        assert action in noted


def test_suggestions(door: Door) -> None:
    """One click adds; what a person answered otherwise is not suggested."""
    trainer, qa = door.enter("trainer"), door.enter("qa")
    page = trainer.get("/library/suggestions?item=empathy").text
    forms = re.findall(r'name="call" value="(\w+)"><input type="hidden" name="item" value="(\w+)"><input[^>]*'
                       r'value="([\d.]+)"><input[^>]*value="([\d.]+)"', page)  # fmt: skip
    assert forms, "the machine found moments"
    call, item, begins, ends = forms[0]
    sent = {"call": call, "item": item, "begins": begins, "ends": ends}
    assert trainer.post("/library/suggestions", sent).status_code == 303
    assert trainer.post("/library/suggestions", sent).status_code == 303
    assert trainer.get("/library").text.count('class="case ') == 1, "two clicks are one case"
    assert "已在库中" in trainer.get("/library/suggestions?item=empathy").text
    record = qa.get(f"/api/v1/calls/{call}").json()
    status = next(a["status"] for a in record["record"]["answers"] if a["item"] == item)
    answer = {"evaluation": record["evaluation"], "based_on": "0", "action": "submit", "rest": "accept",
              f"d.{item}": "missed" if status == "met" else "met", f"r.{item}": "复听"}  # fmt: skip
    assert qa.post(f"/calls/{call}/review", answer).status_code == 303
    assert call not in re.findall(r'name="call" value="(\w+)"', trainer.get("/library/suggestions?item=empathy").text)
    assert f"/calls/{call}/audio" not in trainer.get("/library/suggestions?item=empathy").text


def test_comments_on_moments(door: Door) -> None:
    sha256 = door.calls[BAD]
    leader, qa, agent = door.enter("trainer"), door.enter("qa"), door.enter("zhaoqiang")
    address = f"/calls/{sha256}/comments"
    assert leader.post(address, {"at": "0:05.5", "text": f"只给质检看 {PHONE} {MARKUP}"}).status_code == 303
    assert leader.post(address, {"at": "12", "text": "给你看", "shared": "yes"}).status_code == 303
    for sent in ({"at": "x", "text": "无时刻"}, {"at": "1", "text": " "}):
        assert leader.post(address, sent).status_code == 422
    page, own = qa.get(f"/calls/{sha256}").text, agent.get(f"/calls/{sha256}").text
    assert page.count('class="remarked"') == 2
    assert "只给质检看" in page
    assert PHONE not in page
    assert "<script>alert(1)" not in page
    assert "给你看" in own
    assert "只给质检看" not in own
    assert agent.post(address, {"at": "1", "text": "我也说"}).status_code == 403
    ids = re.findall(r"/comments/(\d+)/withdraw", leader.get(f"/calls/{sha256}").text)
    assert len(ids) == 2
    assert f"/comments/{ids[0]}/withdraw" not in page, "only its author may take it back"
    assert qa.post(f"{address}/{ids[0]}/withdraw").status_code == 404
    assert leader.post(f"{address}/{ids[0]}/withdraw").status_code == 303
    assert "只给质检看" not in qa.get(f"/calls/{sha256}").text
    assert actions(door).count("comment.add") == 2


def test_coaching_from_goal_to_outcome(door: Door) -> None:
    """A plan of an agent who greets nobody, then everybody; read and signed by the agent, nobody else's."""
    run, form = door.desk.ledger.begin_run("h", {}, {}), load_rubric("service")
    bad = next(c for c in CALLS if c["id"] == BAD)
    good = next(c for c in CALLS if c["id"] == GOOD) | {"agent": bad["agent"], "team": bad["team"]}
    judged = {kind: (call := made_call(made), evaluate(call, form)) for kind, made in (("bad", bad), ("good", good))}
    for n in range(40):
        call, evaluation = judged["good" if n >= 20 else "bad"]
        day = call.metadata.started_at + timedelta(days=n + (60 if n < 20 else 61))  # type: ignore[operator]
        call, sha256 = replace(call, id=f"N-{n}", metadata=replace(call.metadata, started_at=day)), f"{n:064x}"
        door.desk.ledger.save_evaluation(
            f"n{n}", run_id=run, call=call, evaluation=evaluation, sha256=sha256, path="none.wav",
            record=call_record(call, evaluation, audio="none.wav", sha256=sha256),
            transcript_key=None, signals_key=None, models={}, settings={},
        )  # fmt: skip
    door.desk.catch_up()
    with door.desk.writing() as session:
        users.add(session, "leader2", PASSWORD, Post.TEAM_LEADER, by="test", name="吴班长", teams=("二组",))
    leader = door.enter("leader2")
    agent, other, qa = door.enter("zhaoqiang"), door.enter("liwen"), door.enter("qa")
    assert "目前没有为您制定的辅导计划" in agent.get("/coaching").text
    page = leader.get("/coaching/new?agent=0947 赵强").text
    assert 'value="greeting"' in page
    assert "李雯" not in page
    assert leader.get("/coaching/new?agent=0812 李雯").status_code == 404
    wanted = {"agent": "0947 赵强", "goal": "greeting", "target.greeting": "90", "due": "2026-06-30", "text": "先约定"}
    assert leader.post("/coaching/new", wanted | {"due": ""}).status_code == 422
    assert leader.post("/coaching/new", wanted | {"target.greeting": "900"}).status_code == 422
    where = leader.post("/coaching/new", wanted | {"shared": "yes"}).headers["location"]
    assert "等待后续通话" in leader.get(where).text

    days = {"coached_on": "2026-05-21", "due": "2026-06-30", "version": "1", "state": "open"}
    assert leader.post(where, days | {"coached_on": "2026-07-01"}).status_code == 422
    assert leader.post(where, days).status_code == 303
    assert leader.post(where, days).status_code == 409, "the second is told"
    page = leader.get(where).text
    assert "n = 20" in page
    assert 'class="verdict-big worked">有效' in page
    assert leader.post(where, days | {"version": "2", "coached_on": "2026-06-05"}).status_code == 303
    assert "样本太少" in leader.get(where).text, "four calls are left behind that day"
    assert leader.post(where, days | {"version": "3"}).status_code == 303

    mine, others = add(door, qa, BAD, kind="bad"), add(door, qa, GOOD)
    boss = door.enter("boss")
    for case in (mine, others):
        plan = {"plan": where.rsplit("/")[-1], "case": case.rsplit("/")[-1]}
        assert agent.get(f"{case}/sound").status_code == 404, "no case before it is in the plan"
        assert boss.post("/coaching/cases", plan).status_code == 303
    assert leader.post("/coaching/cases", plan).status_code == 404, "a leader cannot hand on what is not theirs"
    assert leader.post(f"{where}/notes", {"text": "只给班长"}).status_code == 303

    page = agent.get(where).text
    assert "先约定" in page
    assert "只给班长" not in page
    assert page.count("/sound") == 1
    assert "另有 1 个来自其他同事" in page
    third = add(door, qa, BAD, begins="2", ends="00:07.0")
    assert (
        boss.post("/coaching/cases", {"plan": where.rsplit("/")[-1], "case": third.rsplit("/")[-1]}).status_code == 303
    )
    assert boss.post(f"{third}/remove").status_code == 303
    page = agent.get(where).text
    assert "另有 1 个来自其他同事" in page, "a case of one's own that was removed is no colleague's"
    assert "另有 1 个已从案例库移出" in page
    assert agent.get(f"{mine}/sound").status_code == 200
    assert agent.get(f"{others}/sound").status_code == 404
    assert agent.post(f"{where}/acknowledge", {"text": "我会改"}).status_code == 303
    assert "我会改" in leader.get(where).text
    assert leader.post(f"{where}/acknowledge").status_code == 403, "nobody signs for another"
    assert qa.post(where, days | {"version": "4"}).status_code == 403
    assert qa.get(where).status_code == 200
    for stranger in (other, door.enter("leader")):
        assert stranger.get(where).status_code == 404
        assert "greeting" not in stranger.get("/coaching?state=all").text
    assert other.post(f"{where}/acknowledge").status_code == 404
    assert door.enter("officer").get("/coaching").status_code == 403

    assert leader.post(where, days | {"version": "4", "state": "closed"}).status_code == 303
    assert "结果已在结束时固定" in leader.get(where).text
    assert "有效" in leader.get("/coaching?state=closed").text
    assert [a for a in actions(door) if a.startswith("plan.")].count("plan.acknowledge") == 1


def test_nobody_reaches_cases_that_are_not_theirs(door: Door) -> None:
    qa = door.enter("qa")
    theirs, ours = add(door, qa, BAD), add(door, qa, GOOD)
    leader = door.enter("leader")  # of team one
    assert leader.get(ours).status_code == 200
    assert leader.get("/library").text.count('class="case ') == 1
    with zipfile.ZipFile(io.BytesIO(leader.post("/library/export", {"case": theirs.rsplit("/")[-1]}).content)) as file:
        assert not [name for name in file.namelist() if name.endswith("flac")]
    for who in (leader, door.enter("liwen"), door.enter("officer")):
        status = 404 if who is leader else 403
        for path in (theirs, f"{theirs}/edit", f"/library/add?call={door.calls[BAD]}"):
            assert who.get(path).status_code == status, path
        for path in (f"{theirs}/edit", f"{theirs}/remove"):
            assert who.post(path).status_code == status, path
        assert who.post("/library/add", {"call": door.calls[BAD]}).status_code == status
    assert leader.get(f"{theirs}/sound").status_code == door.enter("liwen").get(f"{ours}/sound").status_code == 404
    for odd in ("0", "x", "9" * 30, "%00", "²"):
        assert qa.get(f"/library/{odd}").status_code == qa.get(f"/coaching/{odd}").status_code == 404
        assert qa.get(f"/library?before={odd}&tag={odd}&item={odd}").status_code == 200
        assert qa.get(f"/library/suggestions?item={odd}&form={odd}").status_code == 200
    (door.folder / f"{door.calls[GOOD][:12]}.wav").unlink()
    assert qa.get(f"{ours}/sound").status_code == 404
    with zipfile.ZipFile(io.BytesIO(qa.post("/library/export").content)) as file:
        assert "录音已不在" in file.read("index.html").decode()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("75.5", 75.5), ("1:15.5", 75.5), ("01：15", 75), ("1:02:03", 3723), ("x", None), ("", None), ("-1", None),
     ("1:2:3:4", None), ("٣", None), ("1e9", None)],
)  # fmt: skip
def test_times_as_people_write_them(text: str, seconds: float | None) -> None:
    assert seconds_of(text) == seconds
    assert seconds is None or seconds_of(tenths(seconds)) == seconds


def test_a_cut_through_a_number_does_not_uncover_it() -> None:
    call = with_words(made_call(CALLS[2], 50))
    turn = Turn(Role.CUSTOMER, 0.0, 8.0, f"我的号码是{PHONE}谢谢", 0.9)
    (turn,) = with_words(replace(call, turns=(turn,))).turns
    record = {"turns": [{"role": "customer", "start": 0.0, "end": 8.0, "text": turn.text}]}
    piece = excerpts.excerpt(record, (turn,), 4.0, 6.0)
    assert set(re.findall(r"\d", piece.said[0][2])) == set()
    whole = excerpts.excerpt(record, (replace(turn, words=()),), 4.0, 6.0)
    ((start, end),) = whole.covered
    assert (start, end) == pytest.approx((8 * 5 / 18 - 1.15, 8.15), abs=0.01), "no times: guessed, widely"
