"""How probable it is that a sentence does a step of a script: by label, by meaning, by wording, by what it names.

These are weighed by logistic regression, fitted by `python -m tests.bench.script_evidence` on the corpus written
for callqa (agents' lines against the shipped scripts' wordings; label probabilities out of fold, whole industries left
out). No dialogue and no customer's data took part. Likeness is of multilingual e5; another encoder needs another fit.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import lru_cache

from scoring.call import Signal
from scoring.likeness import Likeness, likest, pieces
from scoring.script import Script, Step
from scoring.slots import find_slot
from scoring.sounds import overlap

_WHO = "他们?|她们?|对方|客户|顾客|同事|客服|人家|师傅|专员|您|你们?|系统|短信|语音|录音|机器人"
_SAID = "说|讲|写|问|提到|提过|回复|告诉|通知|提示|答应|承诺"
# "您说一下" and "could you say" ask; only what was said is reported. The report ends with its clause.
_REPORTED = re.compile(
    rf"(?:{_WHO})[^，。！？]{{0,8}}?(?:刚才|刚刚|之前|上次|昨天|前面|当时|跟[您你我他]|和[您你我]|[里上中])[^，。！？]{{0,4}}?(?:{_SAID})(?!一?下)[^。！？，]*"
    rf"|(?:{_WHO})(?:{_SAID})(?:过|了|的|您|你|我|他|她|要|会|让|道|[，,]?[“「『:：])[^。！？，]*"
    rf"|(?:上次|昨天|之前|刚才|上一位|前面)[^，。！？]{{0,10}}(?:{_SAID})(?!一?下)[^。！？，]*"
    r"|\b(?:you|he|she|they|it|i was|we|someone|somebody|colleague|agent|advis[eo]r|rep|guy|lady|message|recording|"
    r"text|email|letter|customer|caller)\b(?:\s+\w+){0,3}?\s+(?:said|says|asked|told|mentioned|promised|stated|wrote)\b[^.?!,]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clues:
    """What speaks for a sentence doing a step, and against it. None: there is no such clue.

    act: probability of the step's label; or, with `broad`, of a label that covers more than the step. meaning: cosine
    to the nearest sample wording; rival: of the same words to another step's, times the probability of its label.
    wording: share of a sample wording heard. named: share of the slots named.
    """

    act: float | None
    broad: bool
    meaning: float | None
    rival: float | None
    wording: float
    named: float | None


@dataclass(frozen=True, slots=True)
class _Weights:
    act: float
    meaning: float
    rival: float
    wording: float
    named: float
    bias: float

    def probability(self, clues: Clues) -> float:
        p = min(max(clues.act or 0.0, MOST_DOUBT), 1 - MOST_DOUBT)
        margin = (
            self.bias
            + self.act * math.log(p / (1 - p))
            + self.meaning * (clues.meaning or 0.0)
            + self.rival * (clues.rival or 0.0)
            + self.wording * clues.wording
            + self.named * (clues.named or 0.0)
        )
        return 1 / (1 + math.exp(-margin))


MOST_DOUBT = 0.02  # a label's probability is not taken for surer than this: it was calibrated on other calls
# By the label's kind (the step's own, a broader one, none) and by whether anything was compared by meaning.
FITTED = {
    ("own", True): _Weights(1.36, 2.43, -0.22, 0.42, 1.22, -1.34),
    ("own", False): _Weights(1.48, 0.0, 0.0, 0.43, 1.24, -0.28),
    ("broad", True): _Weights(0.58, 10.17, -3.18, 1.52, 1.63, -6.12),
    ("broad", False): _Weights(0.62, 0.0, 0.0, 5.15, 1.83, -4.39),
    ("none", True): _Weights(0.0, 13.03, -2.14, 2.48, 2.74, -8.28),
    ("none", False): _Weights(0.0, 0.0, 0.0, 6.27, 3.12, -5.22),
}


def probability(script: Script, step: Step, sentence: Signal, likeness: Likeness) -> float:
    """Probability that the speaker of a sentence does the step with it."""
    whole = _weigh(clues(script, step, sentence, sentence.quote, likeness))
    own = own_words(sentence.quote)
    if own == sentence.quote or any(own_words(w) != w for w in step.says):
        return whole
    # A quote does nothing itself. The label is of the whole sentence: without the quote it may hold, or may not.
    apart = replace(clues(script, step, sentence, own, likeness), act=None)
    return max(_weigh(apart), min(whole, (step.unsure + step.at) / 2))


def clues(script: Script, step: Step, sentence: Signal, words: str, likeness: Likeness) -> Clues:
    """The clues of a sentence, of which only `words` are looked at."""
    said = pieces(words)
    labels = step.labels or step.within
    likes = [(likest(likeness, [piece], step.says), piece) for piece in said]
    meaning, nearest = max(((m, piece) for m, piece in likes if m is not None), default=(None, ""))
    named = [find_slot(words, s.kind, script.language, s.any) is not None for s in step.slots]
    return Clues(
        act=max(sentence.labels.get(label, 0.0) for label in labels) if labels else None,
        broad=not step.labels,
        meaning=meaning,
        rival=None if meaning is None else _rival(script, step, sentence, nearest, likeness),
        wording=max((overlap(piece, wording) for piece in said for wording in step.says), default=0.0),
        named=sum(named) / len(named) if named else None,
    )


def _rival(script: Script, step: Step, sentence: Signal, words: str, likeness: Likeness) -> float:
    """How much the words are another step's: as like as they are, as far as that step's label agrees."""
    rivals = (s for s in script.steps if s is not step)
    return max((max(likest(likeness, [words], s.says) or 0.0, 0.0) * _agreed(s, sentence) for s in rivals), default=0.0)


def _agreed(step: Step, sentence: Signal) -> float:
    return max(sentence.labels.get(label, 0.0) for label in step.labels) if step.labels else 1.0


def _weigh(found: Clues) -> float:
    kind = "none" if found.act is None else "broad" if found.broad else "own"
    return FITTED[kind, found.meaning is not None].probability(found)


@lru_cache(maxsize=16384)
def own_words(sentence: str) -> str:
    """A sentence without what it reports somebody to have said."""
    return _REPORTED.sub("", sentence).strip(" ，,") if _REPORTED.search(sentence) else sentence
