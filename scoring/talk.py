"""Who holds the floor when: words to spurts of talk, back-channels told apart, stretches of two parties at once.

Turns are for reading; a turn may hold a pause of over a second and a nod at its edge. Silence, overlap and answers are
measured on spurts: one party's words without a pause between them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from scoring.call import Interruption, Role, Span, Turn, Word

PAUSE = 0.6  # s; a longer one ends a spurt, as in voice detection
MIN_OVERLAP = 0.4  # s; turns change with less in every language (Heldner and Edlund 2010: nine of ten overlaps)
HELD = 0.2  # s a party must have spoken before another can cut in; closer, both began at once
BREATH = 1.0  # s in which an unfinished sentence still holds the floor
_COMMA = 0.25  # s; a pause where people write a comma
BACKCHANNEL = re.compile(
    r"^(嗯+哼?|啊+|哦+|噢+|喔+|唉+|诶+|好+[的嘞吧啊]?|对+[的啊]?|是+[的啊]?|行+|可以|没错|明白了?|了解|知道了?|"
    r"ok(ay)?|yes|yeah|yep|yup|right|sure|u[hm]+|uh huh|m+h?m+|hm+|i see|got it|alright|all right|no)$",
    re.IGNORECASE,
)
_MOST_NODS = 6  # "okay" more often than that is a remark
_MARKS = re.compile(r"[^\w一-鿿]+")
_PHRASE_ENDS = re.compile(r"[,.!?;:，。！？；：、…]$")
_SENTENCE_ENDS = re.compile(r"[.!?。！？…]$")


@dataclass(frozen=True, slots=True)
class Spurt(Span):
    """Words of one role in a row."""

    role: Role
    words: tuple[Word, ...]

    @property
    def finished(self) -> bool:
        """Whether it ends like a sentence."""
        return bool(_SENTENCE_ENDS.search(self.words[-1].text.strip()))


def is_backchannel(text: str) -> bool:
    """Whether somebody only says "I am listening" (嗯, 好的, okay), once or several times."""
    parts = [part for part in _MARKS.split(text) if part]
    return (
        bool(parts)
        and len(parts) <= _MOST_NODS
        and (all(BACKCHANNEL.match(part) for part in parts) or bool(BACKCHANNEL.match(" ".join(parts))))
    )


def spurts(turns: Sequence[Turn], voices: Mapping[Role, Sequence[Span]] | None = None) -> list[Spurt]:
    """All spurts in time order. voices: where each role's voice is heard, to which word times are fitted."""
    found: list[Spurt] = []
    for role in dict.fromkeys(t.role for t in turns):
        heard = (voices or {}).get(role, ())
        words = [w for t in turns if t.role == role for w in t.words or (Word(t.start, t.end, t.text, t.confidence),)]
        current: list[Word] = []
        for word in _fitted(sorted(words, key=lambda w: w.start), heard):
            if current and word.start - max(w.end for w in current) > PAUSE:
                found.append(_spurt(role, current))
                current = []
            current.append(word)
        if current:
            found.append(_spurt(role, current))
    return sorted(found, key=lambda s: s.start)


def talk(heard: Sequence[Spurt]) -> list[Spurt]:
    """The spurts of people without back-channels, neither whole ones nor those at the edges of longer talk."""
    kept = []
    for spurt in heard:
        phrases = _phrases(spurt.words)
        while phrases and is_backchannel(_text(phrases[0])):
            phrases = phrases[1:]
        while phrases and is_backchannel(_text(phrases[-1])):
            phrases = phrases[:-1]
        if phrases and spurt.role != Role.SYSTEM:
            kept.append(_spurt(spurt.role, [w for phrase in phrases for w in phrase]))
    return kept


def overlaps(said: Sequence[Spurt]) -> tuple[Interruption, ...]:
    """Stretches of two parties at once, named after the one who began while the other held the floor.

    said: talk without back-channels. A party whose sentence was not finished holds the floor for another second.
    """
    floor = _floor_since(said)
    found: list[Interruption] = []
    for i, first in enumerate(said):
        for j in range(i + 1, len(said)):
            second = said[j]
            if second.start >= first.end:
                break
            start, end = second.start, min(first.end, second.end)
            if second.role == first.role or end - start < MIN_OVERLAP or abs(floor[i] - floor[j]) < HELD:
                continue
            found.append(Interruption(start, end, (second if floor[j] > floor[i] else first).role))
    return tuple(replace(o, start=round(o.start, 2), end=round(o.end, 2)) for o in _joined(found))


def _floor_since(said: Sequence[Spurt]) -> list[float]:
    """For each spurt since when its role holds the floor."""
    since: list[float] = []
    last: dict[Role, int] = {}
    for i, spurt in enumerate(said):
        before = last.get(spurt.role)
        goes_on = before is not None and spurt.start - said[before].end <= BREATH and not said[before].finished
        since.append(since[before] if before is not None and goes_on else spurt.start)
        last[spurt.role] = i
    return since


def _joined(found: Sequence[Interruption]) -> list[Interruption]:
    joined: list[Interruption] = []
    for one in sorted(found, key=lambda o: o.start):
        if joined and one.by == joined[-1].by and one.start - joined[-1].end <= PAUSE:
            joined[-1] = replace(joined[-1], end=max(joined[-1].end, one.end))
        else:
            joined.append(one)
    return joined


def _spurt(role: Role, words: Sequence[Word]) -> Spurt:
    return Spurt(words[0].start, max(w.end for w in words), role, tuple(words))


def _text(words: Sequence[Word]) -> str:
    return "".join(w.text for w in words)


def _phrases(words: Sequence[Word]) -> list[list[Word]]:
    """Words between commas, written or heard."""
    phrases: list[list[Word]] = [[]]
    for word in words:
        last = phrases[-1][-1] if phrases[-1] else None
        if last and (_PHRASE_ENDS.search(last.text.strip()) or word.start - last.end >= _COMMA):
            phrases.append([])
        phrases[-1].append(word)
    return phrases


def _fitted(words: Sequence[Word], voices: Sequence[Span]) -> list[Word]:
    """Words cut to where the voice is heard: recognition stretches the first and the last of a piece into silence."""
    heard, at, fitted = sorted(voices, key=lambda v: v.start), 0, []
    for word in words:
        while at < len(heard) and heard[at].end <= word.start:
            at += 1
        touched = []
        for voice in heard[at:]:
            if voice.start >= word.end:
                break
            touched.append(voice)
        if touched:
            word = replace(word, start=max(word.start, touched[0].start), end=min(word.end, touched[-1].end))
        fitted.append(word)
    return fitted
