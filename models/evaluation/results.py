"""What an evaluation holds: recordings as they were heard, and the figures of each set."""

from __future__ import annotations

from dataclasses import dataclass

from models.evaluation.manifest import Item, TrueTurn
from models.evaluation.parties import Diarization
from models.evaluation.rates import Difference, Rate
from models.evaluation.reliability import Reliability
from scoring.call import Turn


@dataclass(frozen=True, slots=True)
class Heard:
    """One recording as it was heard.

    `turns` by the product; `mixed` those of the channels summed into one; `peer` the peer's text of each channel;
    `truth` who really speaks when (the item's turns, or the voices on its channels). `duration` in seconds.
    """

    item: Item
    duration: float
    channels: int
    language: str
    turns: tuple[Turn, ...]
    truth: tuple[TrueTurn, ...] = ()
    mixed: tuple[Turn, ...] | None = None
    peer: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class WordErrors:
    """CER (zh) or WER (en). `by_role`: a word under another party is wrong. `drafts`: recordings with Item.draft."""

    recordings: int
    own: Rate
    peer: Rate | None
    difference: Difference | None
    by_role: Rate | None
    substituted: int
    deleted: int
    inserted: int
    drafts: int

    @property
    def draft(self) -> bool:
        """Whether most references came from a recogniser, so that the figures are upper bounds."""
        return 2 * self.drafts > self.recordings


@dataclass(frozen=True, slots=True)
class Roles:
    """Share of words with the right role, and words that could not be judged."""

    right: Rate
    overlapped: int
    outside: int


@dataclass(frozen=True, slots=True)
class Invented:
    """Words on recordings where nobody speaks."""

    recordings: int
    words: int
    agent_words: int
    turns: int
    peer_words: int | None


@dataclass(frozen=True, slots=True)
class Machines:
    """Announcements, and how many of them the product took for a person."""

    recordings: int
    taken_for_agent: int
    taken_for_customer: int
    agent_words: int
    words: int


@dataclass(frozen=True, slots=True)
class Speakers:
    """Diarization of one-channel recordings, without a collar and with parties.COLLAR."""

    strict: Diarization
    lenient: Diarization


@dataclass(frozen=True, slots=True)
class SetScores:
    """Everything measured on one set in one language; None where nothing in the set could tell."""

    name: str
    language: str | None
    recordings: int
    seconds: float
    languages_right: int | None
    errors: WordErrors | None
    roles: Roles | None
    mixed_roles: Roles | None
    speakers: Speakers | None
    mixed_speakers: Speakers | None
    invented: Invented | None
    machines: Machines | None
    kinds: tuple[str, ...]
    references: tuple[str, ...]
    sources: tuple[str, ...]
    licences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """All sets, and the reliability of word confidences by language over sets whose references are no drafts."""

    sets: tuple[SetScores, ...]
    confidence: dict[str, Reliability]
