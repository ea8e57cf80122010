"""Machines on the line, told by the shipped head: prompts alone, in front of calls, and people who say alike."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from models.announcements import load_announcements, read_prompts
from models.audio import decode
from models.heads import SHIPPED
from models.line import Line
from models.reader import Reader
from models.speakers import Diarization, Speakers
from models.transcriber import Job, Transcriber, Transcription, Utterance
from models.turns import Conversation, converse
from models.voice import RATE
from scoring.call import Role, Span, Word
from scoring.errors import UsageError, WeightsError

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "audio"
ONE_VOICE = Diarization(1, (), 1.0, np.zeros((10, 1), np.float32))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def spoken(lines: list[str]) -> tuple[Word, ...]:
    """Words of sentences, a sentence in three seconds and a second between."""
    found = []
    for i, line in enumerate(lines):
        pieces = line.split(" ") if " " in line else list(line)
        step = 3.0 / len(pieces)
        found += [
            Word(4 * i + step * k, 4 * i + step * (k + 1), (" " if " " in line else "") + piece, 0.9)
            for k, piece in enumerate(pieces)
        ]
    return tuple(found)


def talk(reader: Reader, *channels: list[str], voices: Diarization | None = None) -> Conversation:
    said = tuple(Utterance(c, spoken(lines)) for c, lines in enumerate(channels) if lines)
    heard = Transcription("zh", 1.0, said, tuple((Span(0, 60),) for _ in channels), 0, Line((), ()))
    return converse(heard, reader.agent_odds, None, voices, reader.machine_odds)


@pytest.mark.parametrize(
    "prompt",
    [
        ["您好，欢迎致电晨光热力公司。", "开栓报停请按1，缴费查询请按2。", "维修请按3，人工坐席请按0。"],
        ["当前话务员正在服务其他客户。", "您的前面还有两位，请不要挂断。"],
        ["您呼叫的号码目前不在线，请稍后再次拨打。"],
        ["请对刚才为您服务的客服代表进行评价。", "满意请按1，不满意请按2。", "谢谢您的评价，再见。"],
        ["您的卡内余额为四十二元整。", "返回请按星号键。"],
        ["The extension you have entered is not valid."],
        ["All of our operators are busy right now.", "Please remain on the line."],
        ["You have two new messages.", "To listen to them, press one."],
        ["Your payment has been processed.", "Your reference number is four one nine.", "Goodbye."],
    ],
)
def test_a_prompt_alone_has_no_agent(reader: Reader, prompt: list[str]) -> None:
    found = talk(reader, prompt, voices=ONE_VOICE)
    assert {t.role for t in found.turns} == {Role.SYSTEM}
    assert found.role_confidence > 0.5


@pytest.mark.parametrize(
    "words",
    [
        ["您好，我是晨光热力的小赵。", "给您打电话没人接，暖气的事您有空回我个电话。", "我的电话是六六二零三三一八。"],
        ["您好，本次通话会录音，请问怎么称呼您？", "好的，麻烦您报一下户号。", "您稍等，我给您查一下。"],
        ["嗯，我打进来让我按1，按完就没声音了。", "我就想问问我家暖气什么时候来。"],
        ["Hello Mrs Ames, it's Ruth from the garage.", "Your car's ready, so give me a ring when you get this."],
        ["Sure, I can check that for you.", "Bear with me one moment.", "Okay, your balance is eighty pounds."],
    ],
)
def test_a_person_alone_is_no_machine(reader: Reader, words: list[str]) -> None:
    roles = {t.role for t in talk(reader, words, voices=ONE_VOICE).turns}
    assert Role.SYSTEM not in roles


QUEUE = ["您好，欢迎致电晨光热力公司。", "坐席全忙，请您不要挂机。"]
SURVEY = ["请您对本次服务进行评价。", "满意请按1，不满意请按2。"]
AGENT = ["您好，8021号，请问有什么可以帮您？", "好的，我帮您登记，师傅今天下午会上门。", "不客气，祝您生活愉快，再见。"]
CUSTOMER = ["喂，你好，我家暖气不热了。", "好的，谢谢你啊。"]


def test_the_machine_before_and_after_an_agent(reader: Reader) -> None:
    found = talk(reader, QUEUE + AGENT + SURVEY, CUSTOMER)
    machine = "".join(t.text for t in found.turns if t.role is Role.SYSTEM)
    agent = "".join(t.text for t in found.turns if t.role is Role.AGENT)
    assert machine == "".join(QUEUE + SURVEY)
    assert agent == "".join(AGENT)


def test_another_encoder_falls_back_on_wording(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_announcements", None)
    assert not reader.machine_odds(["查询余额请按1"]).any()
    assert talk(reader, ["查询余额请按1，挂失请按2。"], voices=ONE_VOICE).turns[0].role is Role.SYSTEM


def test_the_head_is_what_its_card_describes(tmp_path: Path) -> None:
    for name in ("announcement.safetensors", "announcement.json"):
        shutil.copy(SHIPPED / name, tmp_path)
    head = load_announcements(tmp_path)
    assert head.hash == load_announcements().hash
    facts = json.loads((tmp_path / "announcement.json").read_text())
    (tmp_path / "announcement.json").write_text(json.dumps(facts | {"sha256": "0" * 64}))
    with pytest.raises(WeightsError, match="not the file"):
        load_announcements(tmp_path)
    with pytest.raises(WeightsError, match="cannot read"):
        load_announcements(tmp_path / "nowhere")


def test_prompts_are_read_or_named(tmp_path: Path) -> None:
    prompts = read_prompts()
    assert len({(p.text, p.language) for p in prompts}) == len(prompts)
    assert all(sum(p.machine and p.language == la for p in prompts) >= 200 for la in ("zh", "en"))
    (tmp_path / "zh.jsonl").write_text('{"text": "请按1"}\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"zh\.jsonl:1"):
        read_prompts(tmp_path)


@pytest.mark.skipif(not (DATA / "en_ivr").is_dir(), reason="needs recordings in ../shared/data/audio/en_ivr")
def test_real_prompts_before_a_demo_call(reader: Reader, samples: Path) -> None:
    rows = map(json.loads, (DATA / "manifest.jsonl").read_text(encoding="utf-8").splitlines())
    prompts = sorted((r for r in rows if r["kind"] == "ivr_prompt"), key=lambda r: -len(r["text"]))[:1]
    pause = np.zeros(RATE, np.float32)
    front = np.concatenate([x for r in prompts for x in (decode(DATA / r["audio"]).samples[0], pause)])
    call = decode(samples / "audio" / "en-15-repair-middling.flac").samples[0, : 12 * RATE]
    sound = np.concatenate([front, call])[None]
    (heard,) = Transcriber(lanes=1)([Job(sound, "en")])
    found = converse(heard, reader.agent_odds, None, Speakers()(sound[0], heard.speech[0]), reader.machine_odds)
    seconds = front.size / RATE
    before = [t.role for t in found.turns if t.end <= seconds + 0.5]
    after = [t.role for t in found.turns if t.start >= seconds - 0.5]
    assert set(before) == {Role.SYSTEM}
    assert set(after) == {Role.AGENT, Role.CUSTOMER}
