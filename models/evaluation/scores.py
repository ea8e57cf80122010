"""Scores of sets of recordings: what was heard against what was said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add

from models.evaluation.alignment import Errors, Part, Stream, compare
from models.evaluation.manifest import TrueTurn
from models.evaluation.parties import COLLAR, diarization, role_words
from models.evaluation.rates import Count, difference, rate
from models.evaluation.reliability import reliability
from models.evaluation.results import Heard, Invented, Machines, Roles, Scores, SetScores, Speakers, WordErrors
from scoring.call import Role, Turn
from scoring.measures import count_units

Judged = list[tuple[float, bool]]


def score(heard: Iterable[Heard]) -> Scores:
    """Score recordings set by set, in the order they come."""
    groups: dict[tuple[str, str | None], list[Heard]] = defaultdict(list)
    for h in heard:
        groups[h.item.group, h.item.language].append(h)
    judged: dict[str, Judged] = defaultdict(list)
    sets = tuple(_score_set(name, language, members, judged) for (name, language), members in groups.items())
    curves = {language: reliability(words) for language, words in sorted(judged.items())}
    return Scores(sets, {language: curve for language, curve in curves.items() if curve})


def _score_set(name: str, language: str | None, heard: Sequence[Heard], judged: dict[str, Judged]) -> SetScores:
    spoken = [h for h in heard if not h.item.silent]
    return SetScores(
        name=name,
        language=language,
        recordings=len(heard),
        seconds=round(sum(h.duration for h in heard), 1),
        languages_right=sum(h.language == language for h in spoken) if language and spoken else None,
        errors=_word_errors([h for h in heard if h.item.worded], language, judged) if language else None,
        roles=_roles([(h.turns, h.truth) for h in heard]),
        mixed_roles=_roles([(h.mixed, h.truth) for h in heard if h.mixed is not None]),
        speakers=_speakers([(h.turns, h) for h in heard if h.channels == 1]),
        mixed_speakers=_speakers([(h.mixed, h) for h in heard if h.mixed is not None]),
        invented=_invented([h for h in heard if h.item.silent]),
        machines=_machines([h for h in heard if h.item.machine]),
        kinds=_different(h.item.kind for h in heard),
        references=_different(h.item.reference for h in heard),
        sources=_different(h.item.source for h in heard),
        licences=_different(h.item.licence for h in heard),
    )


def _word_errors(heard: Sequence[Heard], language: str, judged: dict[str, Judged]) -> WordErrors | None:
    own: list[Errors] = []
    by_role: list[Count] = []
    pairs: list[tuple[Count, Count]] = []
    for h in heard:
        errors = _own_errors(h, language)
        own.append(errors)
        if not h.item.draft and (h.channels == 1 or _apart(h)):  # else one voice is heard on both channels
            judged[language] += _judged(_streams(h), errors)
        if h.item.turns:
            named = compare(_by_role(h.item.turns), _role_streams(h.turns)[0], language, named=True)
            by_role += named.parts.values()
        if h.peer is not None:
            pairs += _paired(errors, _peer_errors(h, language))
    total = rate([count for errors in own for count in errors.parts.values()])
    if total is None:
        return None
    return WordErrors(
        recordings=len(heard),
        own=total,
        peer=rate([theirs for _, theirs in pairs]),
        difference=difference([ours for ours, _ in pairs], [theirs for _, theirs in pairs]),
        by_role=rate(by_role),
        substituted=sum(e.substituted for e in own),
        deleted=sum(e.deleted for e in own),
        inserted=sum(e.inserted for e in own),
        drafts=sum(h.item.draft for h in heard),
    )


def _own_errors(h: Heard, language: str) -> Errors:
    streams = [Stream(tuple(text for text, _ in words)) for words in _streams(h)]
    return compare(_reference(h), streams, language, named=False)


def _peer_errors(h: Heard, language: str) -> Errors:
    texts = h.peer or ()
    heard = [Stream((text,)) for text in texts] if _apart(h) else [Stream(tuple(f" {text}" for text in texts))]
    return compare(_reference(h), heard, language, named=False)


def _apart(h: Heard) -> bool:
    """Whether each party is compared for itself: on one channel all words are one stream in time order."""
    return h.channels == 2 and bool(h.item.turns)  # without turns there is but one text


def _reference(h: Heard) -> list[list[Part]]:
    if _apart(h):
        return [parts for parts in _by_role(h.item.turns) if parts]
    if any(t.text for t in h.item.turns):
        return [[Part(i, t.text) for i, t in enumerate(h.item.turns)]]
    return [[Part(0, h.item.text or "")]]


def _by_role(turns: Sequence[TrueTurn]) -> list[list[Part]]:
    return [[Part(i, t.text) for i, t in enumerate(turns) if t.role == role] for role in Role]


_Words = list[tuple[str, float]]  # text with its spaces, confidence


def _streams(h: Heard) -> list[_Words]:
    if _apart(h):
        return [words for words in _role_streams(h.turns)[1] if words]
    return [_words(h.turns)]


def _role_streams(turns: Sequence[Turn]) -> tuple[list[Stream], list[_Words]]:
    words = [_words([t for t in turns if t.role == role]) for role in Role]
    return [Stream(tuple(text for text, _ in stream)) for stream in words], words


def _words(turns: Sequence[Turn]) -> _Words:
    return [((" " if i == 0 else "") + w.text, w.confidence) for t in turns for i, w in enumerate(t.words)]


def _judged(streams: Sequence[_Words], errors: Errors) -> Judged:
    return [
        (confidence, right)
        for words, verdicts in zip(streams, errors.right, strict=True)
        for (_, confidence), right in zip(words, verdicts, strict=True)
        if right is not None
    ]


def _paired(own: Errors, peer: Errors) -> list[tuple[Count, Count]]:
    numbers = sorted({*own.parts, *peer.parts})
    return [(own.parts.get(n, Count(0, 0)), peer.parts.get(n, Count(0, 0))) for n in numbers]


def _roles(pairs: Sequence[tuple[Sequence[Turn] | None, Sequence[TrueTurn]]]) -> Roles | None:
    found = [role_words(turns or (), truth) for turns, truth in pairs if truth]
    right = rate([count for f in found for count in f.parts])
    return Roles(right, sum(f.overlapped for f in found), sum(f.outside for f in found)) if right else None


def _speakers(pairs: Sequence[tuple[Sequence[Turn] | None, Heard]]) -> Speakers | None:
    known = [(turns or (), h) for turns, h in pairs if h.truth]
    if not known:
        return None
    strict, lenient = (
        reduce(add, (diarization(turns, h.truth, h.duration, collar) for turns, h in known)) for collar in (0.0, COLLAR)
    )
    return Speakers(strict, lenient)


def _invented(heard: Sequence[Heard]) -> Invented | None:
    if not heard:
        return None
    peers = [h.peer for h in heard if h.peer is not None]
    return Invented(
        recordings=len(heard),
        words=sum(_spoken(h.turns) for h in heard),
        agent_words=sum(_spoken(h.turns, Role.AGENT) for h in heard),
        turns=sum(len(h.turns) for h in heard),
        peer_words=sum(count_units(text) for texts in peers for text in texts) if len(peers) == len(heard) else None,
    )


def _machines(heard: Sequence[Heard]) -> Machines | None:
    if not heard:
        return None
    return Machines(
        recordings=len(heard),
        taken_for_agent=sum(_spoken(h.turns, Role.AGENT) > 0 for h in heard),
        taken_for_customer=sum(_spoken(h.turns, Role.CUSTOMER) > 0 for h in heard),
        agent_words=sum(_spoken(h.turns, Role.AGENT) for h in heard),
        words=sum(_spoken(h.turns) for h in heard),
    )


def _spoken(turns: Sequence[Turn], role: Role | None = None) -> int:
    return sum(count_units(t.text) for t in turns if role is None or t.role == role)


def _different(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v for v in values if v))
