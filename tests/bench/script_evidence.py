"""Fits the weights of scoring.steps on the written corpus: python -m tests.bench.script_evidence

Every agent's line of the corpus, from industries the encoder's adapter has not learnt from, against every labelled step
of the shipped script of its language; positive when the line carries the step's label. For steps known only by a
broader label, that of a group of labels stands in. Label probabilities are out of fold, whole industries left out; so
are the figures printed.
"""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, f1_score
from sklearn.model_selection import GroupKFold

from models.examples import Example, read_corpus
from models.reader import Reader
from models.training import FOLDS, as_read, by_source, calibrated, met, out_of_fold, platt
from scoring.call import Signal
from scoring.likeness import pieces
from scoring.script_file import load_script
from scoring.steps import MOST_DOUBT, clues

BROADER = (
    ("greeting", "self_introduction", "offer_of_help", "recording_notice"),
    ("verification", "restating", "hold_request"),
    ("follow_up_promise", "solution", "transfer"),
    ("anything_else", "satisfaction_invite", "closing", "thanks"),
)
CLUES = ("own", "broad", "meaning", "rival", "wording", "named")
KINDS = {
    ("own", True): (0, 2, 3, 4, 5), ("own", False): (0, 4, 5),
    ("broad", True): (1, 2, 3, 4, 5), ("broad", False): (1, 4, 5),
    ("none", True): (2, 3, 4, 5), ("none", False): (4, 5),
}  # fmt: skip


def told(examples: list[Example], reader: Reader) -> dict[str, np.ndarray]:
    """Every label's probability for every line, by heads that have not seen its industry."""
    read = as_read(examples, reader.vectors, reader.heads.mean)
    splits = by_source(np.array([e.source for e in examples]), met(reader.encoder.hash))
    found = {}
    for label in {label for group in BROADER for label in group}:
        y = np.array([label in e.labels for e in examples])
        margin = out_of_fold(label, read, y, splits)
        judged = np.isfinite(margin)
        found[label] = calibrated(margin, *platt(margin[judged], y[judged]))
    return found


def pairs(examples: list[Example], reader: Reader) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Clues (pairs, 6), whether the line does the step, and the line's source."""
    labels, rows, truth, sources = told(examples, reader), [], [], []
    for language in ("zh", "en"):
        script = load_script(f"service-{language}")
        judged = np.isfinite(next(iter(labels.values())))
        mine = [i for i, e in enumerate(examples) if e.language == language and e.role == "agent" and judged[i]]
        said = sorted({p for i in mine for p in pieces(examples[i].text)})
        likeness = reader.likeness(said, sorted({w for s in script.steps for w in s.says}))
        for step in (s for s in script.steps if s.labels):
            group = next(g for g in BROADER if step.labels[0] in g)
            for i in mine:
                text = examples[i].text
                found = {label: float(labels[label][i]) for label in labels}
                c = clues(script, step, Signal(0, 0, 0, text, found), text, likeness)
                own, broad = labels[step.labels[0]][i], max(labels[label][i] for label in group)
                rows.append([_odds(own), _odds(broad), c.meaning, c.rival, c.wording, c.named or 0.0])
                truth.append(step.labels[0] in examples[i].labels)
                sources.append(examples[i].source)
    return np.array(rows, float), np.array(truth), np.array(sources)


def _odds(p: float) -> float:
    p = min(max(p, MOST_DOUBT), 1 - MOST_DOUBT)
    return float(np.log(p / (1 - p)))


def main() -> None:
    """Print the weights by kind, with average precision and F1 out of fold."""
    data, y, sources = pairs(read_corpus(), Reader(lanes=2))
    print(len(y), "pairs,", y.sum(), "positive")
    for kind, columns in KINDS.items():
        chosen, p = data[:, columns], np.zeros(len(y))
        for seen, unseen in GroupKFold(min(FOLDS, len(set(sources)))).split(chosen, y, sources):
            p[unseen] = _fit(chosen[seen], y[seen]).predict_proba(chosen[unseen])[:, 1]
        model = _fit(chosen, y)
        weights = dict(zip((CLUES[c] for c in columns), model.coef_[0].round(2).tolist(), strict=True))
        print(kind, weights, "bias", round(float(model.intercept_[0]), 2))
        print(f"    average precision {average_precision_score(y, p):.3f}, F1 {f1_score(y, p >= 0.5):.3f}")


def _fit(x: np.ndarray, y: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=10, max_iter=1000).fit(x, y)


if __name__ == "__main__":
    main()
