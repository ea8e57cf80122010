"""Words come back as they were written, with what was heard."""

from __future__ import annotations

import json

from scoring.call import Role, Turn, Word
from store.codec import to_json, turns_from_json, turns_to_json

TURN = Turn(
    Role.AGENT, 0.1, 1 / 3, "工号8021", 0.9, (Word(0.1, 0.2, "工号", 0.95), Word(0.2, 1 / 3, "8021", 0.7, "八零二幺"))
)


def test_words_come_back_exactly() -> None:
    assert turns_from_json(json.loads(to_json(turns_to_json([TURN])))) == (TURN,)


def test_words_kept_before_there_was_an_original_are_still_read() -> None:
    old = turns_to_json([TURN])
    old[0]["words"] = [word[:4] for word in old[0]["words"]]
    assert turns_from_json(old)[0].words[1] == Word(0.2, 1 / 3, "8021", 0.7)
