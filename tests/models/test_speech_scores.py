"""Scores of speech on hand-made truth: hit, near miss, miss; intervals that behave; a card that says what it knows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.evaluation.alignment import Part, Stream, compare
from models.evaluation.card import About, card, record
from models.evaluation.manifest import Item, TrueTurn, read_manifest
from models.evaluation.parties import diarization, role_words
from models.evaluation.rates import Count, difference, rate
from models.evaluation.reliability import reliability
from models.evaluation.results import Heard
from models.evaluation.scores import score
from models.evaluation.tables import not_measured
from models.evaluation.transcripts import Transcripts, pack_turns, unpack_turns
from scoring.call import Role, Turn, Word
from scoring.errors import OutputError, UsageError

AGENT, CUSTOMER, SYSTEM = Role.AGENT, Role.CUSTOMER, Role.SYSTEM


def turn(role: Role, start: float, text: str, *, step: float = 0.5, confidence: float = 0.9) -> Turn:
    """A word every half second."""
    words = tuple(
        Word(start + step * i, start + step * (i + 1), f" {w}", confidence) for i, w in enumerate(text.split())
    )
    return Turn(role, start, words[-1].end, text, confidence, words)


def item(**given: object) -> Item:
    fields = {
        "id": "x", "group": "set", "path": Path("set/x.wav"), "language": "en", "text": None, "turns": (),
        "channels": None, "kind": "utt", "reference": "human", "source": "made", "licence": "ours",
    }  # fmt: skip
    return Item(**(fields | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "said", "heard", "kinds", "right"),
    [
        ("en", "hello there you", ["Hello", " there,", " you."], (0, 0, 0), (True, True, True)),
        ("en", "hello there you", ["Hello", " you."], (0, 1, 0), (True, True)),
        ("en", "hello there", ["Hello", " their", " now"], (1, 0, 1), (True, False, False)),
        ("en", "twenty three", ["23"], (0, 0, 0), (True,)),
        ("en", "twenty three", [" twenty", " four"], (1, 0, 0), (False, False)),
        ("en", "um yes", ["Uh,", " yes"], (0, 0, 0), (None, True)),
        ("zh", "核实一下", ["核", "实", "一下"], (0, 0, 0), (True, True, True)),
        ("zh", "核实一下", ["何时", "一下"], (2, 0, 0), (False, True)),
        ("zh", "核实一下", ["核时", "一下"], (1, 0, 0), (False, True)),
        ("zh", "您好", [], (0, 2, 0), ()),
    ],
)
def test_errors_of_words(
    language: str, said: str, heard: list[str], kinds: tuple[int, int, int], right: tuple[bool | None, ...]
) -> None:
    errors = compare([[Part(0, said)]], [Stream(tuple(heard))], language, named=False)
    assert (errors.substituted, errors.deleted, errors.inserted) == kinds
    assert errors.right == (right,)


def test_parties_are_matched_as_they_fit_or_by_name() -> None:
    said = [[Part(0, "may I help you")], [Part(1, "my phone is dead")]]
    heard = [Stream((" my phone is dead",)), Stream((" may I help you",))]
    assert compare(said, heard, "en", named=False).total == 0
    assert compare(said, heard, "en", named=True).total == 8
    missing = compare(said, heard[:1], "en", named=False)
    assert missing.parts == {0: Count(4, 4), 1: Count(0, 4)}


def test_an_insertion_counts_on_the_turn_before_it() -> None:
    errors = compare([[Part(0, "one"), Part(1, "two")]], [Stream((" one oops two",))], "en", named=False)
    assert errors.parts == {0: Count(1, 1), 1: Count(0, 1)}


def test_rates_and_intervals() -> None:
    parts = [Count(1, 10), Count(0, 10), Count(3, 20), Count(2, 10)]
    found = rate(parts)
    assert found is not None
    assert (found.value, found.hits, found.total, found.parts) == (0.12, 6, 50, 4)
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low < 0.12 < found.high <= 0.2
    assert found == rate(parts), "the same counts give the same interval"
    assert rate([Count(0, 0)]) is None
    alone = rate([Count(1, 4)])
    assert alone is not None
    assert (alone.low, alone.high) == (None, None), "one part says nothing of spread"


@pytest.mark.parametrize(
    ("own", "other", "verdict"),
    [
        ([Count(1, 10)] * 20, [Count(3, 10)] * 20, "fewer"),
        ([Count(3, 10)] * 20, [Count(1, 10)] * 20, "more"),
        ([Count(1, 10), Count(3, 10)] * 10, [Count(3, 10), Count(1, 10)] * 10, "within"),
        ([Count(1, 10)], [Count(3, 10)], "unknown"),
    ],
)
def test_differences(own: list[Count], other: list[Count], verdict: str) -> None:
    found = difference(own, other)
    assert found is not None
    assert found.verdict == verdict


TRUTH = (TrueTurn(AGENT, 0, 2), TrueTurn(CUSTOMER, 2.2, 4), TrueTurn(AGENT, 3.6, 6))


@pytest.mark.parametrize(
    ("heard", "right", "judged", "overlapped", "outside"),
    [
        (turn(AGENT, 0.0, "a b c d"), 4, 4, 0, 0),
        (turn(CUSTOMER, 0.0, "a b c d"), 0, 4, 0, 0),
        (turn(SYSTEM, 0.0, "a b"), 0, 2, 0, 0),
        (turn(CUSTOMER, 3.5, "a"), 0, 0, 1, 0),
        (turn(AGENT, 6.1, "a"), 1, 1, 0, 0),
        (turn(AGENT, 8.0, "a"), 0, 0, 0, 1),
        (turn(AGENT, 0.0, "… a"), 1, 1, 0, 0),
    ],
)
def test_roles_by_word(heard: Turn, right: int, judged: int, overlapped: int, outside: int) -> None:
    found = role_words([heard], TRUTH)
    assert (sum(c.hits for c in found.parts), sum(c.total for c in found.parts)) == (right, judged)
    assert (found.overlapped, found.outside) == (overlapped, outside)


def test_diarization_counts_seconds() -> None:
    truth = (TrueTurn(AGENT, 0, 4), TrueTurn(CUSTOMER, 5, 9))
    named_wrong = [Turn(CUSTOMER, 0, 4, "x", 1.0), Turn(AGENT, 5, 9, "x", 1.0)]
    assert diarization(named_wrong, truth, 10, 0.0).rate == 0, "who is called what does not matter here"
    late = [Turn(AGENT, 1, 5, "x", 1.0), Turn(CUSTOMER, 5, 9, "x", 1.0)]
    found = diarization(late, truth, 10, 0.0)
    assert (found.total, found.missed, found.false_alarm, found.confusion) == (8, 1, 1, 0)
    one_speaker = diarization([Turn(AGENT, 0, 9, "x", 1.0)], truth, 10, 0.0)
    assert (one_speaker.confusion, one_speaker.false_alarm) == (4, 1)


def test_reliability() -> None:
    curve = reliability([(0.95, True)] * 9 + [(0.95, False)] + [(0.15, False)] * 10)
    assert curve is not None
    assert [(b.low, b.words, round(b.right, 3)) for b in curve.bins] == [(0.1, 10, 0.0), (0.9, 10, 0.9)]
    assert curve.error == pytest.approx(0.1)
    assert reliability([(1.0, True)]).bins[0].high == 1.0  # type: ignore[union-attr]
    assert reliability([]) is None


def heard_calls() -> list[Heard]:
    truth = (TrueTurn(AGENT, 0, 2, "may I help you"), TrueTurn(CUSTOMER, 2.5, 4, "my phone broke"))
    call = item(id="c", turns=truth, kind="call", reference="dataset transcript with ASR noise")
    turns = (turn(AGENT, 0, "May I help you?"), turn(AGENT, 2.5, "my phone woke"))
    ivr = item(id="i", group="ivr", text="press one", kind="ivr_prompt")
    music = item(id="m", group="music", language=None, kind="hold_music", reference="no speech")
    return [
        Heard(call, 5, 1, "en", turns, truth, peer=("may i help you my phone broke",)),
        Heard(ivr, 2, 1, "en", (turn(SYSTEM, 0, "Press"), turn(AGENT, 1, "one"))),
        Heard(music, 60, 1, "zh", (turn(AGENT, 0, "thanks for watching"),), peer=("",)),
    ]


def test_a_set_of_each_kind() -> None:
    scores = score(heard_calls())
    calls, ivr, music = scores.sets
    assert calls.errors is not None
    assert (calls.errors.own.hits, calls.errors.own.total, calls.errors.draft) == (1, 7, True)
    assert calls.errors.peer is not None
    assert calls.errors.peer.hits == 0
    assert calls.errors.by_role is not None
    assert calls.errors.by_role.hits == 6, "three words missing of the customer, three too many of the agent"
    assert calls.roles is not None
    assert (calls.roles.right.hits, calls.roles.right.total) == (4, 7)
    assert calls.speakers is not None
    assert calls.speakers.strict.confusion == pytest.approx(1.5)
    assert ivr.machines is not None
    assert (ivr.machines.taken_for_agent, ivr.machines.agent_words, ivr.machines.words) == (1, 1, 2)
    assert music.invented is not None
    assert (music.invented.words, music.invented.agent_words, music.invented.peer_words) == (3, 3, 0)
    assert (music.errors, music.languages_right) == (None, None)
    assert scores.confidence["en"].words == 2, "a draft reference judges no confidence"


def test_two_channels_are_compared_party_by_party() -> None:
    truth = (TrueTurn(AGENT, 0, 2, "may I help you"), TrueTurn(CUSTOMER, 0.5, 2, "my phone broke"))
    call = item(turns=truth, channels=(CUSTOMER, AGENT))
    turns = (turn(CUSTOMER, 0, "may I help you"), turn(AGENT, 0.6, "my phone broke"))
    (made,) = score([Heard(call, 5, 2, "en", turns, truth, peer=("my phone broke", "may I help you"))]).sets
    assert made.errors is not None
    assert made.errors.by_role is not None
    assert made.errors.peer is not None
    assert (made.errors.own.hits, made.errors.peer.hits, made.errors.by_role.hits) == (0, 0, 8)


def test_one_voice_on_two_channels_does_not_judge_confidence() -> None:
    twice = (turn(AGENT, 0, "hello there"), turn(CUSTOMER, 0, "hello there"))
    scores = score([Heard(item(text="hello there"), 2, 2, "en", twice)])
    assert scores.sets[0].errors is not None
    assert scores.sets[0].errors.own.hits == 2, "said twice is an error of the product"
    assert scores.confidence == {}


def test_the_card_says_what_it_holds_and_what_it_does_not() -> None:
    heard = heard_calls()
    scores = score(heard)
    left_out = not_measured([h.item for h in heard] + [item(id="n", kind="call")], scores, [], peer=True)
    settings = {"speech_model": "whisper-base", "beam": 5, "speech_version": 2}
    about = About("2026-01-02", {"speech": "abc" * 20}, settings, told=False, peer=True, left_out=tuple(left_out))
    text = card(scores, about)
    for part in ("2026-01-02", "abcabcabcabc", "~14.3", "57.1", "| music | nobody | 1 | 3 | 3 |", "set/x.wav", "made"):
        assert part in text, part
    assert str(Path(__file__).parent) not in text
    figures = json.loads(json.dumps(record(scores, about)))
    assert figures["sets"][0]["errors"]["difference"]["verdict"] in ("within", "more")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("not json", "manifest.jsonl:2: not JSON"),
        ("[1]", "manifest.jsonl:2: not an object"),
        ('{"lang": "zh"}', "manifest.jsonl:2: not an object"),
        ('{"audio": "a.wav", "lang": "fr"}', "manifest.jsonl:2: lang 'fr'"),
        ('{"audio": "a.wav", "text": 5}', "manifest.jsonl:2: text"),
        ('{"audio": "a.wav", "segments": [{"role": "boss", "start": 0, "end": 1}]}', "manifest.jsonl:2: segments"),
        ('{"audio": "a.wav", "channels": {"left": "agent"}}', "manifest.jsonl:2: channels"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "manifest.jsonl"
    path.write_text('{"audio": "set/a.wav"}\n' + line + "\n")
    with pytest.raises(UsageError, match=says.replace("(", r"\(")) as error:
        read_manifest(path)
    assert error.value.remedy


def test_segments_without_times_tell_nothing_of_turns(tmp_path: Path) -> None:
    path = tmp_path / "manifest.jsonl"
    path.write_text('{"audio": "a/b/c.wav", "lang": "zh", "text": "好", "segments": [{"text": "好"}]}')
    (read,) = read_manifest(path)
    assert (read.group, read.id, read.turns, read.worded, read.apart) == ("a/b", "c", (), True, False)


def test_transcripts_survive_a_killed_run(tmp_path: Path) -> None:
    path = tmp_path / "new" / "heard.jsonl"
    turns = (turn(AGENT, 0.25, "hello there"),)
    Transcripts(path).put("k", {"turns": pack_turns(turns)})
    with path.open("a") as file:
        file.write('{"key": "half", "hea')
    again = Transcripts(path)
    again.put("l", {"turns": []})
    kept = Transcripts(path)
    assert kept.get("half") is None
    assert kept.get("l") == {"turns": []}
    assert unpack_turns((kept.get("k") or {})["turns"]) == turns
    with pytest.raises(OutputError):
        Transcripts(tmp_path)
