"""How probable it is that a sentence does a step of a script: by label, by meaning, by wording, by what it names.

The four are weighed by logistic regression, fitted by `python -m tests.bench.script_evidence` on the corpus written
for callqa (agents' lines against the shipped scripts' wordings; label probabilities out of fold, whole industries left
out). No dialogue and no customer's data took part. Likeness is of multilingual e5; another encoder needs another fit.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from scoring.call import Signal
from scoring.likeness import Likeness, likest, pieces
from scoring.script import Step
from scoring.slots import find_slot
from scoring.sounds import overlap

_QUOTED = re.compile(
    r"(?:[他她]们?|您|你们?|对方|客户|顾客|同事|客服|人家|师傅|专员|上次|昨天|之前|刚才|刚刚|短信|语音|录音|系统|机器人)"
    r"[^，。！？,.]{0,8}?(?:说|讲|问|提到|回复|告诉|通知|提示|写)(?:的是|过|了|着|道)?(?:您|你|我|他|她)?[“「『：:，,]?"
    r"|\b(?:you|he|she|they|someone|somebody|colleague|agent|adviser|advisor|rep|message|recording|text|email|letter|"
    r"customer|caller)\b[^.?!,]{0,24}?\b(?:said|says|say|saying|asked|told|tells|mentioned|stated|goes|read|reads)\b"
    r"(?:\s+(?:me|you|him|her|us|them|that))*[,:]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clues:
    """What speaks for a sentence doing a step. None: there is no such clue (no label named, nothing compared)."""

    act: float | None
    meaning: float | None
    wording: float
    named: float | None


@dataclass(frozen=True, slots=True)
class _Weights:
    act: float
    meaning: float
    wording: float
    named: float
    bias: float

    def probability(self, clues: Clues) -> float:
        p = min(max(clues.act or 0.0, 0.005), 0.995)
        margin = (
            self.bias
            + self.act * math.log(p / (1 - p))
            + self.meaning * (clues.meaning or 0.0)
            + self.wording * clues.wording
            + self.named * (clues.named or 0.0)
        )
        return 1 / (1 + math.exp(-margin))


# By which clues there are: (label, meaning).
_FITTED = {
    (True, True): _Weights(1.12, 1.72, 3.28, 1.44, -1.67),
    (True, False): _Weights(1.15, 0.0, 3.54, 1.5, -1.04),
    (False, True): _Weights(0.0, 9.81, 5.49, 2.65, -8.06),
    (False, False): _Weights(0.0, 0.0, 7.96, 2.97, -5.18),
}


def clues(step: Step, sentence: Signal, likeness: Likeness, language: str) -> Clues:
    """The clues of a sentence."""
    said = pieces(own_words(sentence.quote) if not _reports(step.says) else sentence.quote)
    named = [find_slot(sentence.quote, s.kind, language, s.any) is not None for s in step.slots]
    return Clues(
        act=max(sentence.labels.get(label, 0.0) for label in step.labels) if step.labels else None,
        meaning=likest(likeness, said, step.says),
        wording=max((overlap(piece, wording) for piece in said for wording in step.says), default=0.0),
        named=sum(named) / len(named) if named else None,
    )


def probability(found: Clues) -> float:
    """Probability that a sentence with these clues does the step."""
    return _FITTED[found.act is not None, found.meaning is not None].probability(found)


@lru_cache(maxsize=16384)
def own_words(sentence: str) -> str:
    """A sentence up to where it reports what somebody else said: a quote does nothing itself."""
    found = _QUOTED.search(sentence)
    return sentence[: found.start()].strip() if found else sentence


@lru_cache(maxsize=256)
def _reports(wordings: tuple[str, ...]) -> bool:
    """Whether the step itself is to report what was said, as restating is."""
    return any(_QUOTED.search(w) for w in wordings)
