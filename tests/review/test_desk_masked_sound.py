"""Where a transcript is masked its recording is silent: on the page, by the API, in clips and packs, not beside it."""

from __future__ import annotations

import hashlib
import io
import json
import re
import wave
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from desk_door import Door, Person
from made_calls import CALLS, made_call
from made_ledger import RATE, keep, with_words

from review.desk.options import Options
from review.desk.playable import Shelf, to_wav
from scoring.call import Call, Role, Turn, Word
from scoring.rubric_file import load_rubric
from store import audit, unmasking
from store.access import Right, Viewer
from store.access import Role as Post
from store.desk_tables import AuditRow
from store.library_tables import LibraryCaseRow

PHONE = "13800138000"
SAID = f"我的手机号码是{PHONE}，麻烦您记一下"


def call_saying(*texts: str, words: bool = True, id: str = "X-1") -> Call:
    """A made-up call of 李雯, at whose end the customer says these, 8 s each. words: with times of their own."""
    made = next(one for one in CALLS if one["id"] == "KF-20260302-0007")
    call = made_call(made, 50)
    more = [Turn(Role.CUSTOMER, call.duration + 9 * n, call.duration + 9 * n + 8, t, 0.9) for n, t in enumerate(texts)]
    longer = replace(call, id=id, turns=(*call.turns, *more), duration=call.duration + 9 * len(texts) + 1)
    return with_words(longer) if words else longer


def kept(door: Door, call: Call) -> str:
    run = door.desk.ledger.begin_run("h", {}, {})
    sha256 = keep(door.desk, run, call, load_rubric("service"), door.folder)
    door.desk.catch_up()
    return sha256


def samples(data: bytes) -> np.ndarray[Any, Any]:
    """16-bit samples of a WAV, (n, channels)."""
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getframerate(), file.getsampwidth()) == (RATE, 2)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())


def original(door: Door, sha256: str) -> bytes:
    (path,) = door.folder.glob(f"{sha256[:12]}.wav")
    return path.read_bytes()


def number_in(call: Call) -> tuple[float, float]:
    """When the phone number is said in the call's last turn, by its words."""
    turn, at = call.turns[-1], 0
    first = turn.text.index(PHONE)
    times = []
    for word in turn.words:
        if at < first + len(PHONE) and at + len(word.text) > first:
            times += [word.start, word.end]
        at += len(word.text)
    return min(times), max(times)


def only_silent_in(heard: np.ndarray[Any, Any], whole: np.ndarray[Any, Any], start: float, end: float) -> None:
    """Zero on all channels between the two and equal outside, but for a margin of 0.2 s; no shorter, no longer."""
    assert heard.shape == whole.shape
    assert not heard[int(start * RATE) : int(end * RATE)].any(), "silent on every channel"
    low, high = int((start - 0.2) * RATE), int((end + 0.2) * RATE)
    assert np.array_equal(heard[:low], whole[:low])
    assert np.array_equal(heard[high:], whole[high:])
    assert np.abs(whole[int(start * RATE) : int(end * RATE)]).max() > 1000, "something was said there"


def test_the_number_is_silent_for_all_and_whole_for_who_unmasked_it(door: Door) -> None:
    call = call_saying(SAID)
    sha256 = kept(door, call)
    path, (start, end), whole = f"/calls/{sha256}/audio", number_in(call), samples(original(door, sha256))
    for login in ("qa", "boss", "officer", "trainer", "leader", "liwen"):
        person = door.enter(login)
        for where in (path, f"/api/v1{path}"):
            answer = person.get(where)
            assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/wav"), (login, where)
            only_silent_in(samples(answer.content), whole, start, end)
        assert person.get(f"{path}?whole=yes").status_code == 403, f"{login} has not asked"
        page = person.get(f"/calls/{sha256}").text
        assert f'src="{path}"' in page
        assert "录音中有 1 处客户信息已静音" in page
        assert ("要听原声" in page) is (login in ("qa", "boss", "officer"))

    qa, other = door.enter("qa"), door.enter("qa")
    shown = qa.post(f"/calls/{sha256}/show")
    assert f'src="{path}?whole=yes"' in shown.text
    assert "录音没有静音" in shown.text
    assert qa.get(f"{path}?whole=yes").content == original(door, sha256), "the very file"
    only_silent_in(samples(qa.get(path).content), whole, start, end)  # masked again
    only_silent_in(samples(qa.get(f"/api/v1{path}?whole=yes").content), whole, start, end)
    assert other.get(f"{path}?whole=yes").status_code == 403, "another browser of the same person did not ask"
    assert door.enter("qa2").get(f"{path}?whole=yes").status_code == 403
    assert qa.get(f"/calls/{door.calls['KF-20260302-0003']}/audio?whole=yes").status_code == 403, "nor for this call"
    for login in ("liwen", "leader", "trainer"):
        person = door.enter(login)
        assert person.post(f"/calls/{sha256}/show").status_code == 403
        assert person.get(f"{path}?whole=yes").status_code == 403
    assert door.enter("zhaoqiang").get(path).status_code == 404
    with door.desk.reading() as session:
        lines = session.execute(audit.select(AuditRow.actor, AuditRow.action, AuditRow.details)).all()
        assert audit.verify(session).broken is None
    heard = [
        json.loads(details).get("masked", False) for who, what, details in lines if (who, what) == ("qa", "call.hear")
    ]
    assert heard == [True, False, True], "each session's first of each kind"
    assert [who for who, what, _ in lines if what == "call.show"] == ["qa"]


def test_who_may_hear_it_whole_may_not_for_ever(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = kept(door, call_saying(SAID))
    path, qa = f"/calls/{sha256}/audio?whole=yes", door.enter("qa")
    qa.post(f"/calls/{sha256}/show")
    began = unmasking.now()
    length = timedelta(seconds=call_saying(SAID).duration)
    for late, status in ((timedelta(minutes=14) + length, 200), (timedelta(minutes=16) + length, 403)):
        monkeypatch.setattr(unmasking, "now", lambda late=late: began + late)
        assert qa.get(path).status_code == status, late
    monkeypatch.undo()
    qa.post("/logout")
    assert qa.get(path).status_code == 303
    assert not Viewer("x", "x", Post.AGENT).may(Right.SHOW)


def test_a_player_may_ask_for_pieces(door: Door) -> None:
    call = call_saying(SAID)
    sha256 = kept(door, call)
    start = number_in(call)[0]
    qa, path = door.enter("qa"), f"/calls/{sha256}/audio"
    whole = qa.get(path)
    low = 44 + int(start * RATE) * 4 + 800
    part = qa.get(path, Range=f"bytes={low}-{low + 99}")
    assert (part.status_code, part.content) == (206, bytes(100))
    assert part.headers["content-range"] == f"bytes {low}-{low + 99}/{len(whole.content)}"
    assert qa.get(path, Range="bytes=999999999-").status_code == 416
    tag = whole.headers["etag"]
    assert qa.get(path, **{"Range": "bytes=0-9", "If-Range": tag}).status_code == 206
    api = f"/api/v1{path}"
    assert qa.get(api, **{"If-None-Match": tag}).status_code == 304
    old = f'"{hashlib.sha256(sha256.encode()).hexdigest()[:32]}"'
    assert qa.get(api, **{"If-None-Match": old}).status_code == 200, "what was kept of the whole is not good any more"
    shelf: Shelf = qa.client.app.state.shelf  # type: ignore[attr-defined]
    assert len(shelf._decoded) == 1, "made once"


def test_nothing_to_mask_nothing_changed(door: Door) -> None:
    sha256 = door.calls["KF-20260302-0003"]
    qa = door.enter("qa")
    assert qa.get(f"/calls/{sha256}/audio").content == original(door, sha256)
    assert "已静音" not in qa.get(f"/calls/{sha256}").text
    shown = qa.post(f"/calls/{sha256}/show").text
    assert "?whole=yes" not in shown
    assert "录音没有静音" not in shown


def test_a_desk_may_leave_the_sound_whole(door: Door) -> None:
    sha256, qa = kept(door, call_saying(SAID)), door.enter("qa")
    qa.client.app.state.options = Options(recordings=door.folder, whole_sound=True)  # type: ignore[attr-defined]
    assert qa.get(f"/calls/{sha256}/audio").content == original(door, sha256)
    page = qa.get(f"/calls/{sha256}").text
    assert "已静音" not in page
    assert PHONE not in page, "its text is masked all the same"


def clip_of(data: bytes) -> np.ndarray[Any, Any]:
    with av.open(io.BytesIO(data)) as container:
        return np.concatenate([f.to_ndarray().reshape(-1, 2) for f in container.decode(audio=0)])


@pytest.mark.parametrize("words", [True, False])
def test_clips_and_packs_are_silent_there_too(door: Door, words: bool) -> None:
    call = call_saying(SAID, words=words)
    sha256, turn = kept(door, call), call.turns[-1]
    start, end = number_in(with_words(call))
    trainer, officer = door.enter("trainer"), door.enter("officer")
    sent = {"call": sha256, "begins": f"{turn.start:.1f}", "ends": f"{turn.end:.1f}", "kind": "good"}
    where = trainer.post("/library/add", sent).headers["location"]
    clip = clip_of(trainer.get(f"{where}/sound").content)
    shift = round(turn.start, 1)
    assert not clip[int((start - shift) * RATE) : int((end - shift) * RATE)].any()
    assert clip[: int(0.5 * RATE)].any(), "the rest is heard"
    form = trainer.get(f"{where}/edit").text
    assert "处客户信息已静音" in form

    pack = officer.post(f"/packs/{sha256}", {"whole": "yes"})
    with zipfile.ZipFile(io.BytesIO(pack.content)) as files:
        silenced = samples(files.read("recording-silenced.wav"))
        told = json.loads(files.read("manifest.json"))["sound"]["silenced"]
    assert not silenced[int(start * RATE) : int(end * RATE)].any()
    assert silenced.shape == samples(original(door, sha256)).shape
    assert [low <= start and end <= high for low, high in told] == [True]
    unmasked = officer.post(f"/packs/{sha256}", {"whole": "yes", "unmasked": "yes", "reason": "监管来函"})
    with zipfile.ZipFile(io.BytesIO(unmasked.content)) as files:
        assert files.read("recording.wav") == original(door, sha256)


NAN, INF = float("nan"), float("inf")
TIMES = [(-5.0, -1.0), (1e9, 2e9), (NAN, NAN), (INF, INF), (4.0, 4.0), (-1e300, 1e300), (9e4, 1.0), (None, None)]


@pytest.mark.parametrize(("begins", "ends"), TIMES)
def test_words_at_impossible_times_uncover_nothing(door: Door, begins: Any, ends: Any) -> None:
    """The number is silent where it is guessed to be, and the rest of the call is heard."""
    call = call_saying(SAID)
    start, end = number_in(call)
    odd = replace(call.turns[-1], words=tuple(Word(begins, ends, w.text, 0.9) for w in call.turns[-1].words))
    sha256 = kept(door, replace(call, turns=(*call.turns[:-1], odd)))
    answer = door.enter("qa2").get(f"/calls/{sha256}/audio")
    heard, whole = samples(answer.content), samples(original(door, sha256))
    assert heard.shape == whole.shape
    assert not heard[int(start * RATE) : int(end * RATE)].any()
    assert np.array_equal(heard[: int((odd.start - 0.2) * RATE)], whole[: int((odd.start - 0.2) * RATE)])


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    made = Shelf()
    yield made
    made.close()


@pytest.mark.parametrize("name", ["zh-11-*.amr", "zh-02-*.mp3", "zh-01-*.m4a", "zh-04-*.ogg", "en-15-*.flac"])
def test_every_kind_of_recording_is_silenced_by_the_sample(
    samples: Path, shelf: Shelf, tmp_path: Path, name: str
) -> None:
    """Spans behind, across and before the recording do no harm; a copy is made once for each choice of spans."""
    (path,) = (samples / "audio").glob(name)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    spans = ((0.0, 0.5), (2.0, 2.25), (2.5, 3.0), (1e6, 2e6))
    made = shelf.playable(path, sha256, spans)
    assert made.media_type == "audio/wav"
    with wave.open(str(made.path)) as file, wave.open(str(to_wav(path, tmp_path / "whole.wav"))) as plain:
        assert file.getparams() == plain.getparams()
        rate, count, channels = file.getframerate(), file.getnframes(), file.getnchannels()
        heard, whole = (np.frombuffer(f.readframes(count), "<i2").reshape(-1, channels).copy() for f in (file, plain))
    for start, end in spans[:3]:
        whole[int(start * rate) : int(end * rate) + 1] = 0
    assert np.array_equal(heard, whole)
    assert heard.any()
    assert shelf.playable(path, sha256, spans) == made
    assert shelf.playable(path, sha256, spans[:1]).path != made.path


def test_a_blind_reviewer_hears_no_number(door: Door) -> None:
    """Whoever reviews a second time hears the same sound as is silent on the page."""
    call = call_saying(SAID)
    sha256 = kept(door, call)
    boss, two = door.enter("boss"), door.enter("qa2")
    first: Person = door.enter("qa")
    key = re.findall(r'name="evaluation" value="([^"]+)"', first.get(f"/calls/{sha256}").text)[0]
    sent = {"evaluation": key, "based_on": "0", "action": "submit", "rest": "accept"}
    assert first.post(f"/calls/{sha256}/review", sent).status_code == 303
    assert boss.post(f"/calls/{sha256}/second").status_code == 303
    number = re.findall(r'href="(/second/\d+)"', two.get("/tasks").text)[0]
    assert two.post(number, {"action": "take", "version": "1"}).status_code == 303
    page = two.get(number).text
    assert "录音中有 1 处客户信息已静音" in page
    assert "?whole=yes" not in page
    start, end = number_in(call)
    only_silent_in(samples(two.get(f"/calls/{sha256}/audio").content), samples(original(door, sha256)), start, end)


def test_a_case_made_before_this_is_silent_too(door: Door) -> None:
    call = call_saying(SAID)
    sha256, trainer, turn = kept(door, call), door.enter("trainer"), call.turns[-1]
    start, end = number_in(call)
    sent = {"call": sha256, "begins": f"{turn.start:.1f}", "ends": f"{turn.end:.1f}", "kind": "good"}
    where = trainer.post("/library/add", sent).headers["location"]
    with door.desk.writing() as session:
        session.execute(audit.select(LibraryCaseRow)).scalar_one().covered = []
    clip, shift = clip_of(trainer.get(f"{where}/sound").content), round(turn.start, 1)
    assert not clip[int((start - shift) * RATE) : int((end - shift) * RATE)].any()
