"""The reader: what every sentence does, by the sentence encoder and the heads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.announcements import NAME, load_announcements
from models.clauses import likeliest, pieces
from models.encoder import DEFAULT, Encoder
from models.heads import Heads, load_heads
from models.sentences import Sentence, split
from scoring.call import Role, Signal, Turn
from scoring.errors import WeightsError

REMEMBERED = 20_000  # sentence vectors; roles and labels read the same sentences, and 您好 comes in every call
REMEMBERED_CONTEXT = 120  # characters of the previous turn that count, its last
LEAST = 0.01  # probabilities below are not worth storing


@dataclass(frozen=True, slots=True)
class Line:
    """A text to classify. `context` is the previous turn."""

    text: str
    role: Role | None = None
    context: str | None = None


class Reader:
    """Gives labels to sentences. `hashes` name the weights that took part."""

    def __init__(self, encoder: str = DEFAULT, heads: Heads | None = None, *, lanes: int = 1) -> None:
        """lanes: batches encoded at once. Raises WeightsError, also when the heads were trained on another encoder."""
        self.heads = heads or load_heads()
        self.encoder = Encoder(encoder, lanes=lanes)
        if self.encoder.hash != self.heads.encoder_hash:
            raise WeightsError(
                f"the heads were trained on {self.heads.encoder}, not on {encoder}",
                remedy=f"use {self.heads.encoder}, or train heads for this encoder",
            )
        announcements = load_announcements()
        # Another encoder may come with heads of its own but without this one: then the wording of menus decides.
        self._announcements = announcements if announcements.encoder_hash == self.encoder.hash else None
        self.hashes = {"encoder": self.encoder.hash, "heads": self.heads.hash}
        if self._announcements:
            self.hashes[NAME] = self._announcements.hash
        self._vectors: OrderedDict[str, np.ndarray] = OrderedDict()

    def __call__(self, lines: Sequence[Line]) -> list[dict[str, float]]:
        """Every label's calibrated probability for each line."""
        if not lines:
            return []
        parts = [pieces(line.text) for line in lines]
        texts = [text for part in parts for text in part.texts]
        counts = [len(part.texts) for part in parts]
        roles = [line.role for line, count in zip(lines, counts, strict=True) for _ in range(count)]
        before = np.repeat(self._contexts([line.context for line in lines]), counts, axis=0)
        found = likeliest(self.heads.probabilities(texts, self.vectors(texts), roles, before), parts, self.heads.labels)
        return [_named(self.heads.labels, row) for row in found]

    def agent_odds(self, texts: Sequence[str]) -> np.ndarray:
        """Log-odds that an agent says each text, (n,)."""
        return self.heads.agent_odds(texts, self.vectors(texts)) if texts else np.zeros(0, np.float32)

    def machine_odds(self, texts: Sequence[str]) -> np.ndarray:
        """How much likelier a machine on the line says each text than a person, log, (n,)."""
        if not texts or self._announcements is None:
            return np.zeros(len(texts), np.float32)
        return self._announcements.odds(texts, self.vectors(texts))

    def signals(self, turns: Sequence[Turn]) -> tuple[Signal, ...]:
        """Labels of every sentence of a call, in time order."""
        spoken = [split(turn.words) for turn in turns]
        sentences = [(i, s) for i, said in enumerate(spoken) for s in said]
        before = _before(turns, spoken)
        found = self([Line(s.text, turns[i].role, before[i]) for i, s in sentences])
        return tuple(
            Signal(i, s.start, s.end, s.text, {name: p for name, p in labels.items() if p >= LEAST})
            for (i, s), labels in zip(sentences, found, strict=True)
        )

    def likeness(self, said: Sequence[str], wordings: Sequence[str]) -> dict[str, dict[str, float]]:
        """How alike words and wordings are in meaning: cosine of their vectors less the heads' mean (scoring.likeness).

        Raw e5 cosines lie between .7 and 1 for any two sentences; centred, strangers are near 0.
        """
        rows = [self.vectors(texts) - self.heads.mean for texts in (said, wordings)]
        left, right = (v / np.maximum(np.linalg.norm(v, axis=1, keepdims=True), 1e-6) for v in rows)
        # Rounded, so that another machine's last bits cannot change an answer.
        cosines = np.round(left @ right.T, 3).tolist()
        return {text: dict(zip(wordings, row, strict=True)) for text, row in zip(said, cosines, strict=True)}

    def _contexts(self, contexts: Sequence[str | None]) -> np.ndarray:
        """Vectors of what was said before, zeros where nothing was, (n, width)."""
        found = np.zeros((len(contexts), self.encoder.width), np.float32)
        there = [i for i, context in enumerate(contexts) if context]
        if there:
            found[there] = self.vectors([(contexts[i] or "")[-REMEMBERED_CONTEXT:] for i in there])
        return found

    def forget(self) -> None:
        """Forget the vectors of sentences read before, as measuring needs."""
        self._vectors.clear()

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """Sentence vectors, (n, width); remembered from one use to the next."""
        new = [t for t in dict.fromkeys(texts) if t not in self._vectors]
        for text, vector in zip(new, self.encoder(new), strict=True):
            self._vectors[text] = vector
        result = np.stack([self._vectors[t] for t in texts])
        while len(self._vectors) > REMEMBERED:
            self._vectors.popitem(last=False)
        return result


def _before(turns: Sequence[Turn], spoken: Sequence[Sequence[Sentence]]) -> list[str | None]:
    """For every turn the last sentence that the other party said before it."""
    found: list[str | None] = []
    last: dict[Role, str] = {}
    for turn, said in zip(turns, spoken, strict=True):
        others = [text for role, text in last.items() if role is not turn.role]
        found.append(others[-1] if others else None)
        if said:
            last.pop(turn.role, None)  # the latest speaker comes last
            last[turn.role] = said[-1].text
    return found


def _named(labels: Sequence[str], row: np.ndarray) -> dict[str, float]:
    """Probabilities by name, with those of the absent classes spelt out."""
    named = {label: round(float(p), 4) for label, p in zip(labels, row, strict=True)}
    named["empathy_none"] = round(1 - max(named["empathy_formulaic"], named["empathy_specific"]), 4)
    named["sentiment_neutral"] = round(1 - max(named["sentiment_negative"], named["sentiment_positive"]), 4)
    return named
