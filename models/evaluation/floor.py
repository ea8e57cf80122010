"""The transfer floor: what characters alone make of unseen text, learnt from the same corpus as the heads.

TF-IDF of character n-grams and logistic regression, one a label: the usual baseline. The classes are balanced, for
at a threshold of 0.5 it would else find almost nothing and be too easy to beat.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.examples import Example

GRAMS = (1, 4)
STRENGTH = 10.0  # inverse regularisation


class Floor:
    """Probabilities of labels by characters alone."""

    def __init__(self, examples: Sequence[Example], labels: Sequence[str]) -> None:
        """labels: those to learn; one that no example carries is never said."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        self.labels = tuple(labels)
        self._vectorizer = TfidfVectorizer(analyzer="char", ngram_range=GRAMS, sublinear_tf=True, min_df=2)
        x = self._vectorizer.fit_transform([e.text for e in examples])
        self._models = {}
        for label in labels:
            y = np.array([label in e.labels for e in examples])
            if y.any() and not y.all():
                model = LogisticRegression(C=STRENGTH, class_weight="balanced", solver="liblinear", random_state=0)
                self._models[label] = model.fit(x, y)

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """Probability of each label, (n, labels)."""
        found = np.zeros((len(texts), len(self.labels)), np.float32)
        if texts:
            x = self._vectorizer.transform(texts)
            for i, label in enumerate(self.labels):
                if label in self._models:
                    found[:, i] = self._models[label].predict_proba(x)[:, 1]
        return found
