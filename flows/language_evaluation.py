"""Reading labelled sets as calls are read, and scoring what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from models.clauses import likeliest, pieces
from models.evaluation.decisions import class_probabilities, decide, measured, truth
from models.evaluation.floor import Floor
from models.evaluation.label_map import SetMap
from models.evaluation.label_scores import Probabilities, SetScore, score
from models.evaluation.labelled import LabelledLine, LabelledSet
from models.examples import read_corpus
from models.reader import Line, Reader
from scoring.call import Role

BATCH = 256  # lines read between two words on how far it is


class Measuring:
    """Measures sets one after another. `mistakes`: rows of the lines judged wrong so far."""

    def __init__(self, reader: Reader, *, role: str | None, threshold: float, band: tuple[float, float]) -> None:
        """role: instead of the map's; see SetMap."""
        self.reader, self.role, self.threshold, self.band = reader, role, threshold, band
        self.floor: Floor | None = None
        self.mistakes: list[dict[str, Any]] = []

    def learn_floor(self, entries: Iterable[SetMap]) -> None:
        """Learn the floor for all labels that the entries judge, from the corpus the heads come from."""
        judged = {o for entry in entries for j in entry.judged.values() for o in j.ours}
        self.floor = Floor(read_corpus(), [label for label in self.reader.heads.labels if label in judged])

    def __call__(self, labelled: LabelledSet, entry: SetMap, read: Callable[[int], None]) -> SetScore | None:
        """Score a set, None when no line of it has a class the entry judges. read: told of how many more are read."""
        lines = measured(labelled.lines, entry)
        read(len(labelled.lines) - len(lines))
        if not lines:
            return None
        own = self._read(lines, self.role or entry.role, read)
        labels = self.reader.heads.labels
        found = score(
            labelled.name, lines, entry, Probabilities(labels, own, self._floor(lines)),
            threshold=self.threshold, band=self.band, whole=labelled.whole, sources=labelled.sources,
        )  # fmt: skip
        self._note(labelled.name, lines, entry, class_probabilities(own, labels, entry))
        return found

    def _read(self, lines: Sequence[LabelledLine], role: str, read: Callable[[int], None]) -> np.ndarray:
        found, labels = [], self.reader.heads.labels
        for at in range(0, len(lines), BATCH):
            batch = lines[at : at + BATCH]
            said = self.reader([Line(x.text, _role(x, role), x.context) for x in batch])
            found.append(np.array([[row[label] for label in labels] for row in said], np.float32))
            read(len(batch))
        return np.concatenate(found)

    def _floor(self, lines: Sequence[LabelledLine]) -> np.ndarray | None:
        if self.floor is None:
            return None
        labels = self.reader.heads.labels
        found = np.zeros((len(lines), len(labels)), np.float32)
        parts = [pieces(x.text) for x in lines]
        said = self.floor([text for part in parts for text in part.texts])
        said = likeliest(said, parts, self.floor.labels)
        found[:, [labels.index(label) for label in self.floor.labels]] = said
        return found

    def _note(self, name: str, lines: Sequence[LabelledLine], entry: SetMap, p: np.ndarray) -> None:
        true, said = truth(lines, entry), decide(p, entry, self.threshold)
        classes = [*entry.judged, entry.none or ""]
        wrong = (said.many != true.many).any(axis=1) if true.one is None else said.one != true.one
        for i in np.flatnonzero(wrong).tolist():
            line = lines[i]
            self.mistakes.append({
                "set": name, "text": line.text, "role": line.role, "context": line.context,
                "label": line.label, "labels": sorted(line.labels), "said": classes[said.one[i]],
                "probabilities": {c: round(float(x), 3) for c, x in zip(entry.judged, p[i], strict=True)},
            })  # fmt: skip


def _role(line: LabelledLine, role: str) -> Role | None:
    if role == "given":
        return line.role
    return None if role == "none" else Role(role)
