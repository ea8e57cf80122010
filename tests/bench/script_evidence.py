"""Fits the weights of scoring.steps on the written corpus: python -m tests.bench.script_evidence

Every agent's line of the corpus against every labelled step of the shipped script of its language; positive when the
line carries one of the step's labels. Label probabilities are out of fold, whole industries left out.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, f1_score
from sklearn.model_selection import GroupKFold

from models.encoder import Encoder
from models.examples import read_corpus
from models.features import features
from models.reader import Reader
from models.training import FOLDS, _fit, _out_of_fold, _platt
from scoring.call import Role, Signal
from scoring.likeness import pieces
from scoring.script_file import load_script
from scoring.steps import clues, own_words

KINDS = {(a, m): [0] * a + [1] * m + [2, 3] for a in (True, False) for m in (True, False)}


def _outcomes(label: str, x, examples, groups) -> np.ndarray:
    y = np.array([label in e.labels for e in examples])
    margin = _out_of_fold(x, y, groups)
    slope, offset = _platt(margin, y)
    return 1 / (1 + np.exp(-(margin * slope + offset)))


def main() -> None:
    reader = Reader(lanes=2)
    examples = read_corpus()
    texts = [e.text for e in examples]
    x = features(texts, reader.vectors(texts), reader.heads.mean, [Role(e.role) for e in examples])
    groups = np.array([e.source for e in examples])
    scripts = {language: load_script(f"service-{language}") for language in ("zh", "en")}
    labels = sorted({label for s in scripts.values() for step in s.steps for label in step.labels})
    told = {label: _outcomes(label, x, examples, groups) for label in labels}
    rows, truth, sources, steps = [], [], [], []
    for language, script in scripts.items():
        mine = [i for i, e in enumerate(examples) if e.language == language and e.role == "agent"]
        said = sorted({p for i in mine for t in (texts[i], own_words(texts[i])) for p in pieces(t) if p})
        likeness = reader.likeness(said, sorted({w for s in script.steps for w in s.says}))
        for step in (s for s in script.steps if s.labels):
            for i in mine:
                found = {label: float(told[label][i]) for label in step.labels}
                c = clues(step, Signal(0, 0, 0, texts[i], found), likeness, language)
                p = min(max(c.act, 0.005), 0.995)
                rows.append([np.log(p / (1 - p)), c.meaning or 0.0, c.wording, c.named or 0.0])
                truth.append(bool(set(step.labels) & examples[i].labels))
                sources.append(groups[i])
                steps.append(f"{language}.{step.id}")
    data, y, sources, steps = np.array(rows), np.array(truth), np.array(sources), np.array(steps)
    print(len(y), "pairs,", y.sum(), "positive")
    for kind, columns in KINDS.items():
        fitted = LogisticRegression(C=10, max_iter=1000).fit(data[:, columns], y)
        out = np.zeros(len(y))
        for seen, unseen in GroupKFold(FOLDS).split(data, y, sources):
            model = LogisticRegression(C=10, max_iter=1000).fit(data[seen][:, columns], y[seen])
            out[unseen] = model.predict_proba(data[unseen][:, columns])[:, 1]
        weights = np.zeros(4)
        weights[columns] = fitted.coef_[0]
        print(kind, np.round(weights, 2).tolist(), round(float(fitted.intercept_[0]), 2),
              f"AP {average_precision_score(y, out):.3f} F1 {f1_score(y, out >= .5):.3f}")
        for name in sorted(set(steps)):
            at = steps == name
            print(f"   {name}: F1 {f1_score(y[at], out[at] >= .5):.2f} AP {average_precision_score(y[at], out[at]):.2f}")


if __name__ == "__main__":
    main()
