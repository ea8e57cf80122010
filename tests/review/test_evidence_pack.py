"""Evidence packs: complete, checkable, masked unless a reason was given, harmless whatever was said."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import subprocess
import wave
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from desk_door import Door
from made_calls import CALLS, made_call
from made_ledger import RATE, keep, with_words
from typer.testing import CliRunner

from flows.main import app
from review.pack.paper import MISSING, Paper
from scoring.call import Call, Role, Turn
from scoring.errors import UsageError
from scoring.rubric_file import load_rubric
from store import audit
from store.columns import now
from store.desk_tables import AuditRow

HOSTILE = "=cmd|'/C calc'!A1<script>alert(1)</script>\u202egnp.exe\u2066\u200b\x00\x1b[31m\U0001f600{{7*7}}"
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
PHONE = "13800138000"


def saying(*texts: str, id: str = "X-1") -> Call:
    """The third made-up call, at whose end the customer says these too."""
    call = made_call(CALLS[2], 50)
    more = [Turn(Role.CUSTOMER, call.duration + 4 * n, call.duration + 4 * n + 3, t, 0.9) for n, t in enumerate(texts)]
    longer = with_words(replace(call, turns=(*call.turns, *more), duration=call.duration + 4 * len(texts)))
    return replace(longer, id=id, metadata=replace(call.metadata, customer_phone=PHONE))


def add(door: Door, call: Call) -> str:
    run = door.desk.ledger.begin_run("h", {}, {})
    sha256 = keep(door.desk, run, call, load_rubric("service"), door.folder)
    door.desk.catch_up()
    return sha256


def unpacked(data: bytes) -> dict[str, bytes]:
    """The files of a pack; their checksums hold."""
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        assert pack.testzip() is None
        files = {name: pack.read(name) for name in pack.namelist()}
    sums = dict(reversed(line.split("  ", 1)) for line in files["SHA256SUMS"].decode().splitlines())
    assert set(sums) == set(files) - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256(files[name]).hexdigest() == digest, name
    listed = {f["name"]: (f["sha256"], f["bytes"]) for f in json.loads(files["manifest.json"])["files"]}
    assert listed == {n: (sums[n], len(files[n])) for n in sums if n != "manifest.json"}
    return files


def text_of(pdf: bytes, folder: Path) -> str:
    """What a PDF says, by poppler; its fonts are embedded."""
    path = folder / "report.pdf"
    path.write_bytes(pdf)
    try:
        fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True, timeout=30).stdout
        said = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True, timeout=30).stdout
    except FileNotFoundError:
        pytest.skip("poppler-utils is not installed: the text of the PDF cannot be read")
    rows = fonts.splitlines()[2:]
    assert rows
    assert all(re.search(r"\byes yes yes\b", row) for row in rows), fonts
    return said.decode()


def test_a_pack_holds_what_a_third_party_needs(door: Door, tmp_path: Path) -> None:
    sha256, officer = door.calls["KF-20260302-0003"], door.enter("officer")
    key = f"e{sha256[:16]}"
    review = {"evaluation": key, "based_on": "0", "action": "submit", "rest": "accept", "comment": "听过了",
              "d.greeting": "not_applicable", "r.greeting": "转接来的"}  # fmt: skip
    assert door.enter("qa").post(f"/calls/{sha256}/review", review).status_code == 303
    answer = officer.post(f"/packs/{sha256}", {"whole": "yes", "reason": "监管来函"})
    assert answer.status_code == 200
    assert "callqa-evidence-KF-20260302-0003" in answer.headers["content-disposition"]
    files = unpacked(answer.content)
    manifest = json.loads(files["manifest.json"])
    assert manifest["call"]["recording_sha256"] == sha256
    assert manifest["evaluation"]["rubric"]["hash"] == load_rubric("service").hash
    assert hashlib.sha256(files["recording.wav"]).hexdigest() == sha256, "the whole recording is the very file"
    clauses = {item["item"]: item for item in json.loads(files["clauses.json"])["items"]}
    items = {item.id: item for _, item in load_rubric("service").items()}
    assert clauses["prohibited_language"]["clause"] == items["prohibited_language"].source
    assert clauses["greeting"]["asked"]["zh"] == items["greeting"].guide.zh, "what a person changed is told too"
    trail = json.loads(files["trail.json"])
    assert [step["action"] for step in trail["case"]] == ["opened"]
    assert trail["reviews"][0]["changed"][0]["reason"] == "转接来的"
    evaluation = json.loads(files["evaluation.json"])
    assert evaluation["arithmetic"][-1].startswith("total =")
    turns = list(csv.DictReader(io.StringIO(files["transcript.csv"].decode("utf-8-sig"))))
    assert any("这个不归我管" in turn["text"] for turn in turns)
    report = re.sub(r"\s+", "", text_of(files["report.pdf"], tmp_path))
    for said in ("通话质检证据包", "这个不归我管", items["prohibited_language"].source, "转接来的", sha256, "监管来函",
                 "total=", load_rubric("service").hash):  # fmt: skip
        assert re.sub(r"\s+", "", said) in report, said
    clips = sorted(name for name in files if name.startswith("clips/"))
    assert clips
    assert all(re.fullmatch(r"clips/\d\d_\d\dm\d\ds-\d\dm\d\ds\.wav", name) for name in clips)
    with wave.open(io.BytesIO(files[clips[0]])) as clip:
        assert (clip.getframerate(), clip.getnchannels(), clip.getsampwidth()) == (RATE, 2, 2)
        sound = np.frombuffer(clip.readframes(clip.getnframes()), "<i2")
    assert np.abs(sound).max() > 1000, "somebody is heard in it"
    with door.desk.reading() as session:
        line = session.scalars(audit.select(AuditRow).where(AuditRow.action == "pack.export")).one()
        assert audit.verify(session).broken is None
    noted = json.loads(line.details)
    assert (line.actor, line.subject, noted["reason"], noted["masked"]) == ("officer", sha256, "监管来函", True)
    assert noted["manifest"] == hashlib.sha256(files["manifest.json"]).hexdigest()


def test_personal_data_is_covered_and_silenced_unless_a_reason_is_given(door: Door, tmp_path: Path) -> None:
    call = saying(f"我的手机{PHONE}记一下", "好的谢谢", id=f"rec-{PHONE}")
    sha256, officer = add(door, call), door.enter("officer")
    start = call.turns[-2].start
    covered = unpacked(officer.post(f"/packs/{sha256}", {"whole": "yes"}).content)
    for name, data in covered.items():
        if not name.endswith((".wav", ".pdf")):
            assert PHONE not in data.decode(), name
    assert PHONE not in text_of(covered["report.pdf"], tmp_path)
    with wave.open(io.BytesIO(covered["recording-silenced.wav"])) as whole:
        sound = np.frombuffer(whole.readframes(whole.getnframes()), "<i2").reshape(-1, 2)
    spans = json.loads(covered["manifest.json"])["sound"]["silenced"]
    assert spans
    for low, high in spans:
        assert start <= low < high <= start + 3
        assert not sound[int(low * RATE) : int(high * RATE)].any()
    assert np.abs(sound[int((start + 4) * RATE) : int((start + 7) * RATE)]).max() > 1000, "the next turn is heard"
    refused = officer.post(f"/packs/{sha256}", {"unmasked": "yes", "reason": "  "})
    assert refused.status_code == 422
    given = ["--ledger", str(door.folder / "callqa.sqlite"), "--recordings", str(door.folder), "--unmasked"]
    out = tmp_path / "x.zip"
    bare = CliRunner().invoke(app, ["pack", f"rec-{PHONE}", "--out", str(out), *given])
    assert isinstance(bare.exception, UsageError)
    assert not out.exists()
    made = CliRunner().invoke(app, ["pack", f"rec-{PHONE}", "--out", str(out), *given, "--reason", "法院调取"])
    assert made.exit_code == 0, made.output
    shown = unpacked(out.read_bytes())
    assert hashlib.sha256(shown["manifest.json"]).hexdigest() in made.output
    assert isinstance(CliRunner().invoke(app, ["pack", "none", "--out", str(out), *given[:4]]).exception, UsageError)
    assert PHONE in shown["transcript.csv"].decode()
    assert PHONE in text_of(shown["report.pdf"], tmp_path).replace(" ", "")
    assert door.enter("trainer").post(f"/packs/{sha256}", {}).status_code == 403
    with door.desk.reading() as session:
        lines = session.scalars(audit.select(AuditRow.details).where(AuditRow.action == "pack.export")).all()
    assert [json.loads(line)["masked"] for line in lines] == [True, False], "what was refused was not made"


def test_hostile_text_is_harmless_in_every_file(door: Door, tmp_path: Path) -> None:
    call = saying(HOSTILE, id="../../etc/passwd\u202e" + HOSTILE)
    sha256, boss = add(door, call), door.enter("boss")
    (door.folder / f"{sha256[:12]}.wav").write_bytes(b"another")
    answer = boss.post(f"/packs/{sha256}", {"language": "en", "reason": HOSTILE})
    assert re.fullmatch(r"[\x20-\x7e]+", answer.headers["content-disposition"])
    assert ".." not in answer.headers["content-disposition"]
    files = unpacked(answer.content)
    assert all(re.fullmatch(r"[A-Za-z0-9_./-]+", name) and ".." not in name for name in files)
    for name in ("transcript.csv", "audit.csv"):
        said = files[name].decode("utf-8-sig")
        assert not UNSEEN.search(said.replace("\r\n", "")), name
        for row in csv.reader(io.StringIO(said)):
            assert not [cell for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")], name
    for name in ("evaluation.json", "trail.json", "manifest.json", "clauses.json"):
        assert not UNSEEN.search(files[name].decode()), name
    assert json.loads(files["evaluation.json"])["call_id"].startswith("../../etc/passwd\u202e"), "exact all the same"
    assert not [name for name in files if name.endswith(".wav")]
    assert "no longer the recording" in json.loads(files["manifest.json"])["sound"]["missing"]
    pdf = files["report.pdf"]
    assert not re.search(rb"/(JavaScript|JS|AA|Launch|URI|EmbeddedFile)\b", pdf)
    assert re.findall(rb"/OpenAction\s*(.)", pdf) == [b"["], "a page to begin at, nothing to do"
    said = text_of(pdf, tmp_path)
    assert not UNSEEN.search(said.replace("\x0c", ""))
    assert "<script>alert(1)</script>" in said
    assert "Evidence pack of an inspected call" in said
    assert MISSING in said, "what the font has no shape of is a box, not nothing"


@pytest.fixture(scope="module")
def paper() -> Paper:
    return Paper("t", "f", "zh", now())


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("我要投诉你们公司的服务态度，请给我一个说法。", r"[^，。]"),
        ("a complaint about the transaction was never answered at all", r"[a-z]"),
        ("单号 ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ", r"."),
    ],
)
def test_lines_break_as_each_language_has_it(paper: Paper, text: str, broken: str) -> None:
    lines = list(paper.lines(text, 30, 10))
    assert len(lines) > 1
    assert all(paper.wide(line, 10) <= 30 + 3.6 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(re.match(broken, line) for line in lines[1:])
    if "complaint" in text:
        assert all(word in text.split() for line in lines for word in line.split())
