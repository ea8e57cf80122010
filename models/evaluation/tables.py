"""Scores as tables of text, the same for the screen and the model card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.evaluation.manifest import Item
from models.evaluation.parties import Diarization
from models.evaluation.rates import Difference, Rate
from models.evaluation.results import Scores, SetScores, Speakers, WordErrors

NONE = "–"
_VERDICTS = {"fewer": "fewer", "more": "more", "within": "=", "unknown": "one part only"}


@dataclass(frozen=True, slots=True)
class Table:
    """A table: columns of figures follow the first column of names. `notes` explain it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def tables(scores: Scores) -> list[Table]:
    """All tables that have rows."""
    sets = scores.sets
    made = [_words(sets), _roles(sets), _inventions(sets), _languages(sets), _reliability(scores)]
    return [table for table in made if table.rows]


def not_measured(items: Sequence[Item], scores: Scores, unheard: Sequence[Item], peer: bool) -> list[str]:
    """What a reader must not take for granted, one sentence each."""
    said = []
    silent = [i for i in items if not i.measurable]
    if silent:
        said.append(f"Recordings without any reference, left out: {_names(silent)}.")
    wordless = [i for i in items if i.measurable and not i.worded and not i.silent]
    if wordless:
        said.append(f"Recordings without a reference of words, measured for roles only: {_names(wordless)}.")
    if unheard:
        said.append(f"Recordings that could not be read: {_names(unheard)}.")
    drafts = [
        f"{s.name}: {s.errors.drafts} of {s.errors.recordings}" for s in scores.sets if s.errors and s.errors.drafts
    ]
    if drafts:
        said.append(
            f"References that came from a recogniser ({'; '.join(drafts)}): their error is an upper bound for both (~ "
            "where most of a set's are such), and their words do not judge confidence."
        )
    if not any(s.speakers or s.mixed_speakers for s in scores.sets):
        said.append("Diarization: no recording with one channel and known turns.")
    if not any(s.invented for s in scores.sets):
        said.append("Words on music: no such recording.")
    if not any(s.machines for s in scores.sets):
        said.append("Announcements: no such recording.")
    if not peer:
        said.append("The peer did not listen.")
    said.append("Roles and confidences of the peer: it names no roles, and its confidences are not compared.")
    return said


def _words(sets: Sequence[SetScores]) -> Table:
    rows = []
    for s in sets:
        if s.errors:
            e = s.errors
            rows.append((
                s.name, str(e.recordings), str(e.own.total), _error(e, e.own), _error(e, e.peer),
                _difference(e.difference), _error(e, e.by_role),
            ))  # fmt: skip
    return Table(
        "Words",
        ("set", "n", "units", "callqa", "faster-whisper", "difference", "callqa by role"),
        tuple(rows),
        (
            "Errors in % of the reference: CER in Mandarin, WER in English, [95 % bootstrap interval] over utterances, "
            "in calls over turns; speakers are not drawn anew, so intervals hold for these speakers.",
            "Difference: callqa less faster-whisper on the same parts, in points, with its paired interval; = where "
            "that holds nought. By role: a word under another party is missing there and too much here.",
        ),
    )


def _roles(sets: Sequence[SetScores]) -> Table:
    rows = []
    for s in sets:
        for name, roles, speakers in (
            (s.name, s.roles, s.speakers),
            (f"{s.name}, mixed to one channel", s.mixed_roles, s.mixed_speakers),
        ):
            if roles:
                unjudged = f"{roles.overlapped} + {roles.outside}"
                rows.append((name, str(roles.right.total), _rate(roles.right), unjudged, *_speakers(speakers)))
    return Table(
        "Who speaks",
        ("set", "words", "right role", "not judged", "DER", "DER, collar", "missed + false + confused"),
        tuple(rows),
        (
            "Right role: % of words whose role is that of the one who speaks at the word's middle. Not judged: words "
            "where both parties speak + words farther than 0.5 s from any written turn. DER (pyannote.metrics): % of "
            "reference speech, turns as they stand, overlap counted; collar of 0.25 s on either side of a boundary.",
        ),
    )


def _inventions(sets: Sequence[SetScores]) -> Table:
    rows = []
    for s in sets:
        if s.invented:
            i = s.invented
            peer = NONE if i.peer_words is None else str(i.peer_words)
            rows.append((s.name, "nobody", str(i.recordings), str(i.words), str(i.agent_words), NONE, NONE, peer))
        if s.machines:
            m = s.machines
            agent, customer = (f"{n}/{m.recordings}" for n in (m.taken_for_agent, m.taken_for_customer))
            rows.append(
                (s.name, "a machine", str(m.recordings), str(m.words), str(m.agent_words), agent, customer, NONE)
            )
    return Table(
        "Where no person speaks",
        ("set", "speaks", "n", "words", "agent words", "for agent", "for customer", "faster-whisper words"),
        tuple(rows),
        ("Words on music are made up. For agent, for customer: recordings of a machine with any word under it.",),
    )


def _languages(sets: Sequence[SetScores]) -> Table:
    rows = [
        (s.name, str(s.language), str(s.recordings), str(s.languages_right), f"{s.seconds / 60:.1f}")
        for s in sets
        if s.languages_right is not None
    ]
    return Table("Language", ("set", "language", "n", "heard right", "minutes"), tuple(rows))


def _reliability(scores: Scores) -> Table:
    rows = []
    for language, curve in scores.confidence.items():
        rows += [
            (f"{language} {b.low:.1f}–{b.high:.1f}", str(b.words), f"{b.confidence:.3f}", f"{b.right:.3f}")
            for b in curve.bins
        ]
        rows.append((f"{language} all", str(curve.words), f"{curve.confidence:.3f}", f"{curve.right:.3f}"))
    errors = [f"{language} {curve.error:.3f}" for language, curve in scores.confidence.items()]
    return Table(
        "Confidence of words",
        ("confidence", "words", "mean confidence", "share right"),
        tuple(rows),
        (
            f"Expected calibration error: {', '.join(errors)}. A word is right when all its units are (Mandarin: all "
            "its characters); words the recogniser left out have no confidence and are not here.",
        ),
    )


def _error(errors: WordErrors, value: Rate | None) -> str:
    return ("~" if errors.draft and value else "") + _rate(value)


def _rate(value: Rate | None) -> str:
    if value is None:
        return NONE
    interval = "" if value.low is None or value.high is None else f" [{100 * value.low:.1f}, {100 * value.high:.1f}]"
    return f"{100 * value.value:.1f}{interval}"


def _difference(value: Difference | None) -> str:
    if value is None:
        return NONE
    if value.low is None or value.high is None:
        return f"{100 * value.value:+.1f}, {_VERDICTS[value.verdict]}"
    interval = f"[{100 * value.low:+.1f}, {100 * value.high:+.1f}]"
    return f"{100 * value.value:+.1f} {interval} {_VERDICTS[value.verdict]}"


def _speakers(value: Speakers | None) -> tuple[str, str, str]:
    if value is None:
        return NONE, NONE, NONE
    kinds = (value.strict.missed, value.strict.false_alarm, value.strict.confusion)
    shares = " + ".join(f"{100 * seconds / value.strict.total:.1f}" for seconds in kinds)
    return _der(value.strict), _der(value.lenient), shares


def _der(value: Diarization) -> str:
    return f"{100 * value.rate:.1f}" if value.total else NONE


def _names(items: Sequence[Item]) -> str:
    return ", ".join(f"{i.group}/{i.path.name}" for i in items)
