"""Speech that was given to Whisper and for which it has no word: it likes to stop after the first sentence of a clip.

Decoded again from where it stopped, such a rest is a clip like any other.
"""

from __future__ import annotations

from collections.abc import Sequence

from models.clips import Clip, pack
from scoring.call import Span, Word

LEAST = 1.0  # s of speech without a word that are worth another look; a last word's end is told to about half a second


def unheard(clip: Clip, words: Sequence[Word]) -> list[Clip]:
    """What is left of a clip after its last word; nothing where no word was heard, for then another try says no more.

    words: in the recording's time and in order.
    """
    if not words:
        return []
    stopped = words[-1].end
    left = [Span(max(piece.start, stopped), piece.end) for piece in clip.pieces if piece.end > stopped]
    left = [piece for piece in left if piece.duration >= LEAST]
    return pack(clip.recording, clip.channel, left)
