"""Training the announcement head: one linear support vector (scikit-learn) on prompts against everything people say.

    python -m models.announcement_training    # writes models/heads/announcement.* and models/cards/announcement.md

Negatives are the near misses written beside the prompts and the whole corpus of agents and customers. Folds leave
whole kinds of prompts and whole industries out, so figures and calibration are those of a kind not seen in training.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from models.announcements import NAME, Prompt, load_announcements, read_prompts
from models.encoder import DEFAULT, Encoder
from models.examples import Example, read_corpus
from models.features import features
from models.heads import SHIPPED
from models.weights import file_sha256

STRENGTH = 0.3  # inverse regularisation; average precision out of fold flat from 0.1 to 1
FOLDS = 8
CARD = Path(__file__).parent / "cards" / f"{NAME}.md"
RATES = (0.01, 0.005, 0.002)  # false alarms among agents' sentences at which the card tells recall


def train(
    encoder: Encoder, prompts: Sequence[Prompt], corpus: Sequence[Example], folder: Path = SHIPPED
) -> dict[str, float]:
    """Fit, calibrate and write the head; its out-of-fold figures."""
    from safetensors.numpy import save_file

    texts = [p.text for p in prompts] + [e.text for e in corpus]
    y = np.array([p.machine for p in prompts] + [False] * len(corpus))
    groups = np.array([f"prompts:{p.kind}" for p in prompts] + [e.source for e in corpus])
    vectors = encoder(texts)
    mean = vectors.mean(axis=0)
    x = features(texts, vectors, mean, [None] * len(texts))
    margin = np.zeros(len(texts))
    for seen, unseen in GroupKFold(FOLDS).split(x, y, groups):
        margin[unseen] = _fit(x[seen], y[seen]).decision_function(x[unseen])
    platt = LogisticRegression(C=1e3).fit(margin[:, None], y)
    common = math.log(y.sum() / (~y).sum())
    model = _fit(x, y)
    line = [float(model.intercept_[0]), float(platt.coef_[0, 0]), float(platt.intercept_[0]) - common]
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {
        "mean": mean.astype(np.float32),
        "weights": model.coef_[0].astype(np.float16),
        "line": np.array(line, np.float32),
    }
    save_file(tensors, folder / f"{NAME}.safetensors")
    facts = {
        "encoder": encoder.name,
        "encoder_sha256": encoder.hash,
        "examples": len(texts),
        "sha256": file_sha256(folder / f"{NAME}.safetensors"),
    }
    (folder / f"{NAME}.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    near = np.array([not p.machine for p in prompts] + [False] * len(corpus))
    agent = np.array([False] * len(prompts) + [e.role == "agent" for e in corpus])
    return _figures(margin, y, near, agent)


def _fit(x: object, y: np.ndarray) -> LinearSVC:
    return LinearSVC(C=STRENGTH, random_state=0).fit(x, y)


def _figures(margin: np.ndarray, y: np.ndarray, near: np.ndarray, agent: np.ndarray) -> dict[str, float]:
    found = {
        "machine": int(y.sum()), "near misses": int(near.sum()), "agent": int(agent.sum()), "others": int((~y).sum()),
        "average precision": float(average_precision_score(y, margin)),
        "area under the curve, near misses": float(roc_auc_score(y[y | near], margin[y | near])),
    }  # fmt: skip
    for rate in RATES:
        above = margin > np.quantile(margin[agent], 1 - rate)
        found[f"recall at {rate:.1%} of agents' sentences"] = float(above[y].mean())
        found[f"near misses at {rate:.1%} of agents' sentences"] = float(above[near].mean())
    return found


def write_card(figures: dict[str, float], path: Path = CARD) -> None:
    """The model card of the head."""
    head = load_announcements()
    lines = [
        "# Announcements",
        "",
        "Written by `python -m models.announcement_training`. One linear support vector tells sentences of machines on",
        "the line (menus, queues, voice mail, surveys, notices) from those of people, by meaning, wording and sound,",
        "no role given. `models/machines.py` weighs it over the sentences of a voice or channel; a sentence alone",
        "rarely decides.",
        f"Data: {figures['machine']} prompts and {figures['near misses']} near misses written for callqa",
        f"(`models/corpus/announcements`), and the corpus: {figures['others']} negatives in all, {figures['agent']}",
        "of them agents' lines of the corpus.",
        f"Encoder: sha256 {head.encoder_hash[:12]}. Head: sha256 {head.hash[:12]}.",
        "",
        "Figures are out of fold by sentence, whole kinds of prompts and whole industries left out.",
        "",
        "| figure | value |",
        "|---|---|",
        *(f"| {name} | {value:.3f} |" for name, value in figures.items() if isinstance(value, float)),
        "",
        "Known failures: words that both say (a notice of recording, thanks for waiting, goodbye) decide nothing by",
        "themselves; persons who recorded a greeting of their own voice mail sound like persons; agents who read such",
        "a text aloud word for word, several sentences long, sound like a machine.",
        "",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    write_card(train(Encoder(DEFAULT, lanes=os.cpu_count() or 1), read_prompts(), read_corpus()))
    print(CARD.read_text(encoding="utf-8"))
