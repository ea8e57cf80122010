"""What is left of a clip after the decoder stopped early."""

from __future__ import annotations

from models.clips import pack
from models.coverage import unheard
from scoring.call import Span, Word

PIECES = (Span(2.0, 6.0), Span(8.0, 12.0), Span(20.0, 20.6))


def said(*times: tuple[float, float]) -> list[Word]:
    return [Word(start, end, "好", 0.9) for start, end in times]


def test_the_rest_begins_where_the_words_end() -> None:
    (clip,) = pack(3, 1, PIECES)
    (rest,) = unheard(clip, said((2.0, 2.5), (2.6, 3.0)))
    assert (rest.recording, rest.channel) == (3, 1)
    assert rest.pieces == (Span(3.0, 6.0), Span(8.0, 12.0)), "the last piece is too short to be worth it"


def test_nothing_is_left_of_a_clip_heard_to_its_end_or_not_at_all() -> None:
    (clip,) = pack(0, 0, PIECES)
    assert unheard(clip, said((2.0, 3.0), (11.0, 11.4))) == []
    assert unheard(clip, []) == []
