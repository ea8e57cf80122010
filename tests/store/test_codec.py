"""Words come back as they were written, with what was heard."""

from __future__ import annotations

import json

import pytest

from scoring.call import Role, Turn, Word
from store.codec import from_json, to_json, turns_from_json, turns_to_json, words_to_text

TURN = Turn(
    Role.AGENT, 0.1, 1 / 3, "工号8021", 0.9, (Word(0.1, 0.2, "工号", 0.95), Word(0.2, 1 / 3, "8021", 0.7, "八零二幺"))
)
PLAIN = Turn(Role.CUSTOMER, 1.0, 2.0, "好的\n\u2028谢谢", 0.8, (Word(1.0, 2.0, "好的\n\u2028谢谢", 0.8),))
SILENT = Turn(Role.SYSTEM, 3.0, 4.0, "", 0.0)
STRAY = Turn(Role.AGENT, 5.0, 6.0, "\udcc4", 0.5, (Word(5.0, 6.0, "\udcc4", 0.5),))


@pytest.mark.parametrize("turns", [(TURN,), (TURN, PLAIN, SILENT), (SILENT,), (STRAY,), ()])
def test_words_come_back_exactly(turns: tuple[Turn, ...]) -> None:
    back = turns_from_json(from_json(to_json(turns_to_json(turns))), words_to_text(turns))
    assert back == turns
    assert [turn.heard for turn in back] == [turn.heard for turn in turns]
    assert [(tuple(t.words), len(t.words), t.words[1:]) for t in back] == [
        (t.words, len(t.words), t.words[1:]) for t in turns
    ]


def test_words_of_a_turn_are_not_made_before_somebody_looks() -> None:
    """It is what makes re-scoring quick: that nothing was rewritten is known without them."""
    (turn,) = turns_from_json(turns_to_json([PLAIN]), "not even JSON")
    assert (turn.heard, turn.text) == (None, PLAIN.text)
    with pytest.raises(ValueError, match="Expecting value"):
        len(turn.words)


def test_stored_turns_can_be_compared() -> None:
    (turn,) = turns_from_json(turns_to_json([TURN]), words_to_text([TURN]))
    assert turn == TURN
    assert hash(turn) == hash(TURN)


def test_words_inside_the_turns_of_early_ledgers_are_still_read() -> None:
    words = [[0.1, 0.2, "工号", 0.95], [0.2, 1 / 3, "8021", 0.7, "八零二幺"]]
    old = [{key: value for key, value in turns_to_json([TURN])[0].items() if key != "heard"} | {"words": words}]
    assert turns_from_json(old, None) == (TURN,)
    assert turns_from_json(old, None)[0].heard == "工号八零二幺"
    before_originals = [old[0] | {"words": [word[:4] for word in words]}]
    (turn,) = turns_from_json(before_originals, None)
    assert (turn.words[1], turn.heard) == (Word(0.2, 1 / 3, "8021", 0.7), None)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": float("nan"), "b": [float("inf"), 1.5]}, '{"a":null,"b":[null,1.5]}'),
        ("\udcc4", '"\\udcc4"'),
        (2**70, str(2**70)),
        ({Role.AGENT: Role.CUSTOMER}, '{"agent":"customer"}'),
    ],
)
def test_json_is_strict_and_comes_back(value: object, text: str) -> None:
    assert json.loads(to_json(value)) == json.loads(text)
    assert from_json(to_json(value)) == json.loads(text)


def test_what_was_heard_of_a_turn_is_known_without_its_words_and_from_them_in_older_ledgers() -> None:
    (stored,) = turns_to_json([TURN])
    (turn,) = turns_from_json([stored], "not even JSON")
    assert turn.heard == "工号八零二幺"
    older = {key: value for key, value in stored.items() if key != "heard"} | {"rewritten": True}
    (turn,) = turns_from_json([older], words_to_text([TURN]))
    assert (turn.heard, turn) == ("工号八零二幺", TURN)
