"""Training the heads on the written corpus: linear support vectors (scikit-learn), calibrated out of fold.

    python -m models.training            # writes models/heads and models/cards/language.md

Folds leave whole industries out, so that the figures and the calibration are those of a trade not seen in training:
of those that the encoder's adapter has not learnt from either (models.adapter), for it knows the lines of the others.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, precision_recall_fscore_support
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from models.adapter import adapter_facts
from models.clauses import Pieces, likeliest, pieces
from models.encoder import DEFAULT, Encoder
from models.examples import Example, read_corpus
from models.features import features
from models.heads import AGENT, SHIPPED, assembled, load_heads, save_heads
from models.weights import EMBEDDED
from scoring.call import Role
from scoring.labels import LABELS

STRENGTH = 0.3  # inverse regularisation; flat between 0.15 and 0.6 out of fold
FOLDS = 8
CARD = Path(__file__).parent / "cards" / "language.md"


def train(
    encoder: Encoder, examples: Sequence[Example], folder: Path = SHIPPED, *, lanes: int = 1
) -> list[dict[str, float | str]]:
    """Fit, calibrate and write the heads, so many at once; returns one row of out-of-fold figures per label."""
    told = as_read(examples, encoder)
    splits = by_source(np.array([e.source for e in examples]), met(encoder.hash))
    tasks = [(label, told, np.array([label in e.labels for e in examples])) for label in LABELS]
    tasks.append((AGENT, alone(told, examples), np.array([e.role == "agent" for e in examples])))
    with ThreadPoolExecutor(lanes) as pool:
        found = list(pool.map(lambda task: _head(task[0], task[1], task[2], splits), tasks))
    heads = assembled(LABELS, [head[1] for head in found], told.mean, encoder.name, encoder.hash)
    save_heads(heads, folder, examples=len(examples))
    return [head[0] for head in found]


@dataclass(frozen=True, slots=True)
class Reading:
    """Lines as the reader reads them. x: features of all pieces in turn; parts: pieces of each line; vectors: of the
    whole lines, (n, width), and their mean."""

    x: sparse.csr_matrix
    parts: Sequence[Pieces]
    vectors: np.ndarray
    mean: np.ndarray

    @property
    def sizes(self) -> np.ndarray:
        """How many pieces each line has."""
        return np.array([len(part.texts) for part in self.parts])

    @property
    def whole(self) -> np.ndarray:
        """Rows of x that are whole lines: the first piece of each."""
        return np.cumsum(self.sizes) - self.sizes


def as_read(
    examples: Sequence[Example], encode: Callable[[Sequence[str]], np.ndarray], mean: np.ndarray | None = None
) -> Reading:
    """Features of lines, their pieces and contexts. encode: texts to vectors; mean: the heads', or of these lines."""
    parts = [pieces(e.text) for e in examples]
    sizes = np.array([len(part.texts) for part in parts])
    texts = [text for part in parts for text in part.texts]
    vectors = encode(texts).astype(np.float32)
    whole = vectors[np.cumsum(sizes) - sizes]
    mean = whole.mean(axis=0) if mean is None else mean
    before = np.zeros_like(whole)
    there = [i for i, e in enumerate(examples) if e.context]
    if there:
        before[there] = encode([examples[i].context or "" for i in there])
    roles = np.repeat([Role(e.role) for e in examples], sizes).tolist()
    return Reading(features(texts, vectors, mean, roles, np.repeat(before, sizes, axis=0)), parts, whole, mean)


def alone(read: Reading, examples: Sequence[Example]) -> Reading:
    """The same lines with nobody said to speak and nothing said before, whole: by these an agent is told apart."""
    untold = features([e.text for e in examples], read.vectors, read.mean, [None] * len(examples))
    return replace(read, x=untold, parts=[Pieces((e.text,), ()) for e in examples])


Split = tuple[np.ndarray, np.ndarray]  # lines to learn from, lines to judge then


def met(encoder_hash: str) -> frozenset[str]:
    """Sources that an encoder itself has learnt from, as far as callqa made it."""
    return adapter_facts().seen if encoder_hash == EMBEDDED[DEFAULT].sha256 else frozenset()


def by_source(groups: np.ndarray, met: Collection[str] = ()) -> list[Split]:
    """Folds that leave whole sources out, each one once but those that the encoder has met: they are always learnt
    from and never judged."""
    judged = np.flatnonzero(~np.isin(groups, list(met)))
    folds = GroupKFold(min(FOLDS, len(np.unique(groups[judged])))).split(judged, judged, groups[judged])
    lines = np.arange(len(groups))
    return [(np.setdiff1d(lines, judged[unseen]), judged[unseen]) for _, unseen in folds]


def out_of_fold(
    label: str, read: Reading, y: np.ndarray, splits: Sequence[Split], *, weights: np.ndarray | None = None
) -> np.ndarray:
    """Margin of every line by a head learnt from whole lines of other sources, read by pieces as the reader does.

    splits: folds; lines that none of them judges are not numbers. weights: what each line counts, (n,); one that
    counts nothing is judged and not learnt from.
    """
    margin, line, whole = np.full(len(y), np.nan), np.repeat(np.arange(len(y)), read.sizes), read.whole
    counted = np.ones(len(y)) if weights is None else weights
    for seen, unseen in splits:
        seen = seen[counted[seen] > 0]
        if len(np.unique(y[seen])) < 2:
            continue  # nothing to tell apart in this fold
        rows = np.flatnonzero(np.isin(line, unseen))
        found = fit(read.x[whole[seen]], y[seen], counted[seen]).decision_function(read.x[rows])
        margin[unseen] = likeliest(found[:, None], [read.parts[i] for i in unseen], [label])[:, 0]
    return margin


def _head(
    label: str, read: Reading, y: np.ndarray, splits: Sequence[Split]
) -> tuple[dict[str, float | str], tuple[np.ndarray, float, float, float]]:
    """A head's figures, and its weights, bias, slope and offset."""
    margin = out_of_fold(label, read, y, splits)
    judged = np.isfinite(margin)
    slope, offset = platt(margin[judged], y[judged])
    model = fit(read.x[read.whole], y)
    return figures(label, y[judged], calibrated(margin[judged], slope, offset)), (
        model.coef_[0], float(model.intercept_[0]), slope, offset,
    )  # fmt: skip


def calibrated(margin: np.ndarray, slope: float, offset: float) -> np.ndarray:
    """Margins as probabilities."""
    return np.asarray(1 / (1 + np.exp(-(margin * slope + offset))))


def fit(x: sparse.csr_matrix, y: np.ndarray, weights: np.ndarray | None = None) -> LinearSVC:
    """A linear head. Raises ValueError where all lines are alike in y."""
    return LinearSVC(C=STRENGTH, class_weight="balanced", random_state=0).fit(x, y, weights)


def platt(margin: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Slope and offset that turn margins into probabilities (Platt 1999)."""
    model = LogisticRegression(C=1e3).fit(margin[:, None], y)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def figures(label: str, y: np.ndarray, p: np.ndarray) -> dict[str, float | str]:
    """A label's row of figures at threshold 0.5. y: whether lines carry it; p: probabilities that they do."""
    precision, recall, f1, _ = precision_recall_fscore_support(y, p >= 0.5, average="binary", zero_division=0)
    bins = np.minimum((p * 10).astype(int), 9)
    ece = sum(
        abs(p[bins == b].mean() - y[bins == b].mean()) * (bins == b).mean() for b in range(10) if (bins == b).any()
    )
    return {
        "label": label, "positives": int(y.sum()), "precision": float(precision), "recall": float(recall),
        "f1": float(f1), "average_precision": float(average_precision_score(y, p)), "ece": float(ece),
    }  # fmt: skip


def write_card(rows: Sequence[dict[str, float | str]], examples: Sequence[Example], path: Path = CARD) -> None:
    """The model card of the heads."""
    zh = sum(e.language == "zh" for e in examples)
    heads = load_heads()
    apart = sorted({e.source for e in examples} - met(heads.encoder_hash))
    lines = [
        "# Language heads",
        "",
        "Written by `python -m models.training`. Linear support vectors, one a label, on meaning (sentence encoder),",
        "wording and sound (hashed n-grams of characters and of pinyin), and on the meaning of",
        "what the other party said before; calibrated by Platt's sigmoid. Acts that a clause can do are read by",
        "clauses too.",
        f"Data: the corpus written for callqa ({zh} Mandarin and {len(examples) - zh} English sentences).",
        f"Encoder: {heads.encoder} (sha256 {heads.encoder_hash[:12]}). Heads: sha256 {heads.hash[:12]}.",
        "",
        f"Figures are out of fold on {', '.join(apart)}:",
        "industries that neither the heads of their fold nor the encoder's adapter has learnt from; threshold 0.5.",
        "ECE: expected calibration error, 10 bins.",
        "",
        "| label | positives | precision | recall | F1 | average precision | ECE |",
        "|---|---|---|---|---|---|---|",
    ]
    for r in rows:
        lines.append(
            f"| {r['label']} | {r['positives']} | {r['precision']:.2f} | {r['recall']:.2f} | {r['f1']:.2f} "
            f"| {r['average_precision']:.2f} | {r['ece']:.3f} |"
        )
    macro = np.mean([float(r["f1"]) for r in rows if r["label"] != "agent"])
    lines += ["", f"Macro F1 over the labels: {macro:.3f}. `agent` tells who speaks from one sentence alone.", ""]
    lines += [
        "Known failures: see the F1 column; labels under .70 lean on the rubric's abstain band (cannot_judge).",
        "",
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    corpus = read_corpus()
    cores = os.cpu_count() or 1
    write_card(train(Encoder(DEFAULT, lanes=cores), corpus, lanes=cores), corpus)
    print(CARD.read_text(encoding="utf-8"))
