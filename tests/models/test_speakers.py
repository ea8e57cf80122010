"""Who speaks on a mixed recording: real networks on demo calls, and constructed tables for words and roles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from models.audio import decode
from models.line import Line
from models.parties import parties, voice_roles, voiced_machines, word_voices
from models.sentences import Sentence
from models.speakers import Diarization, Speakers, Voiced, tell_apart
from models.stretches import Stretch
from models.transcriber import Transcription, Utterance
from models.turns import converse
from models.voice import RATE
from scoring.call import Role, Span, Word

FRAME = 270 / RATE  # s
QUIET = Line((), ())


def odds(texts: Sequence[str]) -> np.ndarray:
    agent, customer = ("help you", "for calling", "verify"), ("my ", "I want")
    return np.array([2.0 * any(p in t for p in agent) - 2.0 * any(p in t for p in customer) for t in texts])


def words(text: str, start: float = 0.0, pace: float = 0.3) -> list[Word]:
    return [Word(start + pace * i, start + pace * (i + 1), " " + piece, 0.9) for i, piece in enumerate(text.split(" "))]


def heard(spoken: Sequence[tuple[float, float, int, float]], seconds: float = 30.0, voices: int = 2) -> Diarization:
    """Voices from (start, end, voice, chance)."""
    chances = np.zeros((int(seconds / FRAME), voices), np.float32)
    for start, end, voice, chance in spoken:
        chances[int(start / FRAME) : int(end / FRAME), voice] = chance
    spans = tuple(Voiced(start, end, voice) for start, end, voice, _ in spoken)
    return Diarization(voices, spans, 1.0, chances)


@pytest.fixture(scope="module")
def speakers() -> Speakers:
    return Speakers()


@pytest.fixture(scope="module")
def call(samples: Path) -> np.ndarray:
    """The first half minute of a stereo demo call, float32 (2, n)."""
    return decode(samples / "audio" / "en-16-after-sales-middling.wav").samples[:, : 30 * RATE]


def test_two_voices_of_a_mix_are_told_apart(speakers: Speakers, call: np.ndarray, facts: dict[str, dict]) -> None:
    found = speakers(call.mean(axis=0), (Span(0.0, 30.0),))
    assert (found.voices, found.told_apart) == (2, True)
    turns = [t for t in facts["en-16-after-sales-middling"]["turns"] if t["end"] < 30.0]
    voices = [(t["role"], int(found.during(t["start"], t["end"]).argmax())) for t in turns]
    assert len(turns) >= 5
    assert len(set(voices)) == 2, voices  # each role has one voice throughout
    assert len({role for role, _ in voices}) == 2


def test_one_party_alone_is_one_voice(speakers: Speakers, call: np.ndarray) -> None:
    for channel in call:
        assert speakers(np.ascontiguousarray(channel), (Span(0.0, 30.0),)).voices == 1


def test_a_third_voice_is_counted(speakers: Speakers, samples: Path, call: np.ndarray) -> None:
    other = decode(samples / "audio" / "zh-02-consult-middling.mp3").samples[:, : 30 * RATE]
    both = np.concatenate([call.mean(axis=0), other[1]])
    assert speakers(both, (Span(0.0, both.size / RATE),)).voices == 3


@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.3, 3.0])
def test_silence_and_scraps_have_no_voices(speakers: Speakers, seconds: float) -> None:
    silence = np.zeros(int(seconds * RATE), np.float32)
    found = speakers(silence, (Span(0.0, seconds),) if seconds else ())
    assert (found.voices, found.spans, found.told_apart) == (0, (), False)


def test_only_speech_is_listened_to(speakers: Speakers, call: np.ndarray) -> None:
    found = speakers(call.mean(axis=0), (Span(0.0, 9.0),))
    assert max(span.end for span in found.spans) <= 10.1  # a window is ten seconds


def test_voices_alike_are_one() -> None:
    random = np.random.default_rng(1)
    one = random.normal(size=192)
    prints = one + 0.5 * random.normal(size=(20, 192))
    prints = (prints / np.linalg.norm(prints, axis=1, keepdims=True)).astype(np.float32)
    stretches = [Stretch(i // 4, i % 2, 0, 100) for i in range(20)]
    assert tell_apart(stretches, prints)[0].shape == (20, 1)


@pytest.mark.parametrize(
    ("spoken", "expected"),
    [
        ([(0.0, 1.5, 0, 0.9), (1.5, 3.0, 1, 0.9)], "0000011111"),  # two parties after one another
        ([(0.0, 3.0, 0, 0.6), (1.5, 1.8, 1, 0.7)], "0000000000"),  # a tiny margin does not flip a word
        ([(0.0, 3.0, 0, 0.9), (0.9, 1.8, 1, 0.5)], "0000000000"),  # the quieter of two at once
        ([(0.0, 1.5, 0, 0.9)], "0000000000"),  # nothing heard under the rest: the same goes on
    ],
)
def test_words_get_the_voice_heard_under_them(spoken: list[tuple[float, float, int, float]], expected: str) -> None:
    chances = word_voices(words("a b c d e f g h i j"), heard(spoken))
    assert "".join(map(str, chances.argmax(axis=1))) == expected
    assert np.allclose(chances.sum(axis=1), 1)


AGENT, CUSTOMER = "Thank you for calling, how can I help you?", "my phone is broken and I want a new one."


def table(*said: str) -> list[tuple[int, Sentence]]:
    return [(int(text[0]), Sentence(tuple(words(text[2:])))) for text in said]


@pytest.mark.parametrize(
    ("said", "roles", "sure"),
    [
        ((f"0 {AGENT}", f"1 {CUSTOMER}"), ["agent", "customer"], (0.9, 1.0)),
        ((f"0 {CUSTOMER}", f"1 {AGENT}"), ["customer", "agent"], (0.9, 1.0)),
        (("0 well then.", "1 okay then."), ["agent", "customer"], (0.0, 0.6)),  # nothing told: doubt
        (("0 For sales, press two.", f"1 {CUSTOMER}", f"2 {AGENT}"), ["system", "customer", "agent"], (0.9, 1.0)),
        (  # an announcement without any keys: nobody answers it
            ("0 Welcome to our company.", f"1 {AGENT}", f"2 {CUSTOMER}", "1 okay."),
            ["system", "agent", "customer"],
            (0.8, 1.0),
        ),
        (  # transferred to a second agent
            (f"0 {AGENT}", f"1 {CUSTOMER}", "0 One moment.", f"2 {AGENT}", "1 okay."),
            ["agent", "customer", "agent"],
            (0.8, 1.0),
        ),
        ((f"0 {CUSTOMER}",), ["customer"], (0.0, 0.75)),  # somebody who talks to nobody
    ],
)
def test_voices_get_roles_by_what_they_say(said: tuple[str, ...], roles: list[str], sure: tuple[float, float]) -> None:
    sentences = table(*said)
    machines = voiced_machines(sentences, len(roles))
    found, certain = voice_roles(sentences, len(roles), odds, machines)
    if sure != (0.0, 0.6):
        assert found == roles
    people = [c for role, c in zip(found, certain, strict=True) if role != Role.SYSTEM]
    assert sure[0] <= min(people) <= sure[1]


def test_a_conversation_of_voices(tmp_path: Path) -> None:
    said = words(AGENT, 0.0) + words(CUSTOMER, 5.0) + words("okay then.", 9.0) + words("and soon.", 11.0)
    voices = heard([(0, 4, 0, 0.9), (5, 8.5, 1, 0.9), (9, 10, 0, 0.9), (11, 12, 1, 0.9)])
    parts, sure = parties(said, voices, odds)
    assert [p.role for p in parts] == ["agent", "customer", "agent", "customer"]
    assert sure > 0.85
    heard_call = Transcription("en", 1.0, (Utterance(0, tuple(said)),), ((Span(0, 12),),), 0, QUIET)
    talk = converse(heard_call, odds, None, voices)
    assert (talk.roles_by, talk.voices, talk.separate) == ("voices and words", 2, False)
    assert [t.role for t in talk.turns] == ["agent", "customer", "agent", "customer"]


@pytest.mark.parametrize(("voices", "confidence"), [(1, 1.0), (2, 0.6)])
def test_voices_not_told_apart_leave_the_words(voices: int, confidence: float) -> None:
    found = Diarization(voices, (), confidence, np.zeros((10, voices), np.float32))
    heard_call = Transcription("en", 1.0, (Utterance(0, tuple(words(AGENT))),), ((Span(0, 4),),), 0, QUIET)
    talk = converse(heard_call, odds, None, found)
    assert (talk.roles_by, talk.voices) == ("words", voices)
    assert talk.role_confidence == converse(heard_call, odds).role_confidence


@pytest.mark.parametrize(
    ("channel_map", "doubted"),
    [((Role.AGENT, Role.CUSTOMER), False), ((Role.CUSTOMER, Role.AGENT), True)],
)
def test_a_map_that_the_words_contradict_is_doubted(channel_map: tuple[Role, Role], doubted: bool) -> None:
    said = (Utterance(0, tuple(words(AGENT))), Utterance(1, tuple(words(CUSTOMER, 5.0))))
    talk = converse(Transcription("en", 1.0, said, ((Span(0, 3),), (Span(5, 8),)), 0, QUIET), odds, channel_map)
    assert [t.role for t in talk.turns] == list(channel_map)  # the map stands, less sure
    assert (talk.map_doubt is not None, talk.role_confidence < 0.9) == (doubted, doubted)
