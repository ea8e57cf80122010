"""One training from reading to registering, step by step. Knows nothing of Prefect, so that it can be called as it is.

with Training(request, settings) as training:
    training.read(), training.tune(), training.learn(), training.compare(), training.register()
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from flows.settings import Settings
from models.acceptance import Side, Truth, Verdict, judge
from models.candidate import Candidate, Material, learn, source_digest, split_for, touched, twin_of, unfrozen_folds
from models.clauses import pieces
from models.examples import CORPUS, read_corpus
from models.finetune import Tuning, finetune
from models.heads import INSIDE, Heads, save_heads
from models.registry import CARD, TWIN, Registry, Version
from models.remembered import Remembered
from models.reviewed import Lesson, Reviewed, gather, taught
from models.reviewed_files import open_reviewed
from models.training import met
from models.version_card import data_facts, forgotten, verdict_facts, version_card
from models.weights import EMBEDDED, identity
from scoring.errors import UsageError

AT_ONCE = 1024  # texts encoded between two words on how far it is
SHOWN = 3  # contradictions named one by one
Teller = Callable[[str, int, int], None]  # is given the step, how much of it is done, and of how much
TELLER: ContextVar[Teller | None] = ContextVar("training_teller", default=None)


class TrainRequest(BaseModel):
    """What to learn from. Plain values only, so that a deployment can be given the same."""

    model_config = ConfigDict(frozen=True)

    reviewed: tuple[str, ...] = Field((), description="files of reviewed lines, .jsonl or .csv")
    corpus: str = Field(str(CORPUS), description="folder of the corpus beside them")
    finetune: bool = Field(False, description="tune the sentence encoder too")
    epochs: float = Field(3.0, gt=0, le=100, description="times the encoder meets every line when it is tuned")
    dry_run: bool = Field(False, description="compare and tell, but adopt nothing")

    @property
    def title(self) -> str:
        """A name for the run."""
        return ", ".join(Path(path).name for path in self.reviewed) or "the corpus"


class Training:
    """A training under way. `warnings`: complete sentences about what people should know."""

    lessons: tuple[Lesson, ...]
    reviewed: Reviewed
    candidate: Candidate
    verdict: Verdict
    version: Version | None = None

    def __init__(
        self,
        request: TrainRequest,
        settings: Settings,
        registry: Registry | None = None,
        vectors: dict[str, Remembered] | None = None,
    ) -> None:
        """registry: instead of the user's. vectors: by hash of the encoder, those of an earlier training.

        Raises WeightsError when the version in use cannot be read.
        """
        self.request, self.settings, self.registry = request, settings, registry or Registry()
        self.current = self.registry.version(self.registry.current)
        self.heads: Heads = self.current.heads()
        self.encoder = settings.encoder or self.heads.encoder
        self.warnings: list[str] = []
        self._vectors = {} if vectors is None else vectors
        self._tuned: Path | None = None
        self._seen: list[str] = []  # sources that the encoder itself has learnt from
        self._learning: Material
        self._tell = TELLER.get() or (lambda step, done, whole: None)
        self._scratch = tempfile.TemporaryDirectory(prefix="callqa-train-")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._scratch.cleanup()

    def read(self) -> None:
        """Read the corpus and what was reviewed. Raises UsageError naming file and line."""
        self.reviewed = gather([open_reviewed(Path(path)) for path in self.request.reviewed])
        if self.request.reviewed and not self.reviewed.lessons:
            raise UsageError("the reviewed files have no answered line", remedy="see `callqa train --help`")
        if not self.reviewed.lessons and not self.request.finetune and self._same_encoder():
            raise UsageError(
                f"nothing new to learn from: version {self.current.name} comes from this corpus already",
                remedy="give reviewed lines with --reviewed, or --finetune",
            )
        self.lessons = (*taught(read_corpus(Path(self.request.corpus))), *self.reviewed.lessons)
        if doubted := self.reviewed.contradictions:
            some = "; ".join(doubted[:SHOWN]) + (" …" if len(doubted) > SHOWN else "")
            self.warnings.append(f"{len(doubted)} answers contradict each other and are left out: {some}")
        if lost := forgotten(self.current.facts, self.reviewed):
            self.warnings.append(
                f"version {self.current.name} has learnt from {lost} reviewed sentences that are not given now: "
                "for the labels learnt anew they are forgotten; give those files too"
            )
        if self.settings.heads:
            self.warnings.append(
                f"CALLQA_HEADS={self.settings.heads} is set: unset it to use a version that is adopted"
            )

    def tune(self) -> None:
        """Tune the encoder on lines that are neither frozen nor needed for calibration, if it was asked for."""
        if not self.request.finetune:
            return
        name = Path(self.encoder).name  # an e5 is told by its name (models.encoder)
        self._tuned = Path(self._scratch.name) / name
        self._tuned.mkdir()
        seen, _ = unfrozen_folds(self.lessons, met(identity(self.encoder)))[0]
        self._seen = sorted({source_digest(self.lessons[i]) for i in seen})
        finetune(
            self.encoder, [self.lessons[i] for i in seen], self._tuned, Tuning(epochs=self.request.epochs),
            threads=self.settings.lanes, told=lambda done, steps: self._tell("tune", done, steps),
        )  # fmt: skip

    def learn(self) -> None:
        """Learn the candidate: the labels reviewed lines speak of, or all on another encoder."""
        mine = None if self._same_encoder() and self._tuned is None else self._material(self._new_encoder(), None)
        self._using = self._material(self.heads.encoder, self.heads.mean)
        labels = touched(self.lessons) if mine is None else self.heads.labels
        done: list[str] = []

        def told(label: str) -> None:
            done.append(label)
            self._tell("learn", len(done), len(labels))

        base: tuple[Heads, Heads | None] | tuple[None, None] = (None, None)
        if mine is None:
            base = self.heads, self.current.twin()
            self._seen = list(self.current.facts.get("encoder", {}).get("seen", ()))
        self._learning = mine or self._using
        facts = (self._new_encoder(), identity(self._new_encoder()))
        # A tuned encoder knows the lines it has learnt from: calibration is that of the sources it has not seen.
        splits = split_for(self.lessons, self._seen) if self._seen else None
        self.candidate = learn(self._learning, facts, *base, splits=splits, lanes=self.settings.lanes, told=told)

    def compare(self) -> None:
        """Judge the candidate's twin beside that of the version in use."""
        lines = np.flatnonzero(self._using.frozen)
        labels = tuple(label for label in self.candidate.learnt if label in self.heads.labels)
        standing = twin_of(self.heads, self.current.twin(), self._using, labels, lanes=self.settings.lanes)
        before = self._using.probabilities(standing, lines)
        after = self._learning.probabilities(self.candidate.twin, lines)
        chosen = [self.candidate.twin.labels.index(label) for label in labels]
        held, known = (
            np.stack([of(label) for label in labels], axis=1) for of in (self._using.truth, self._using.known)
        )
        truth = Truth(tuple(lesson.example.text for lesson in self.lessons), labels, held, known).part(lines)
        self.verdict = judge(
            truth, Side(self.current.name, before), Side("candidate", after[:, chosen]), self._using.reviewed[lines]
        )

    def register(self) -> None:
        """Adopt the candidate if it is better, else remember why not. Raises OutputError."""
        if self.request.dry_run:
            return
        if self.verdict.adopt:
            self.version = self.registry.adopt(self._build, instead_of=self.current.number)
        else:
            self.registry.refuse(self._facts())

    def _build(self, folder: Path, facts: dict[str, Any]) -> dict[str, Any]:
        """Write the version's files. facts: its number, time and parent."""
        facts, heads = facts | self._facts(), self.candidate.heads
        if self._tuned:
            shutil.copytree(self._tuned, folder / self._tuned.name)
            heads = replace(heads, encoder=INSIDE + self._tuned.name)
        elif self.current.number and Path(heads.encoder).is_relative_to(self.current.folder):
            # The encoder tuned for an earlier version. A link to it would break when that version is removed.
            name = Path(heads.encoder).name
            shutil.copytree(heads.encoder, folder / name)
            heads = replace(heads, encoder=INSIDE + name)
        facts["sha256"] = save_heads(heads, folder, examples=len(self.lessons))
        save_heads(replace(self.candidate.twin, encoder=heads.encoder), folder / TWIN)
        (folder / CARD).write_text(version_card(facts, self.candidate, self.verdict), encoding="utf-8")
        return facts

    def _facts(self) -> dict[str, Any]:
        name = self._new_encoder()
        title = EMBEDDED[name].title if name in EMBEDDED else Path(name).name
        tuned = {"epochs": self.request.epochs} if self._tuned else None
        return {
            "data": data_facts(self._learning, self.reviewed),
            "learnt": list(self.candidate.learnt),
            "encoder": {"title": title, "sha256": self.candidate.heads.encoder_hash, "tuned": tuned}
            | ({"seen": self._seen} if self._seen else {}),
            "comparison": verdict_facts(self.verdict),
            "out_of_fold": list(self.candidate.rows),
        }

    def _new_encoder(self) -> str:
        return str(self._tuned) if self._tuned else self.encoder

    def _same_encoder(self) -> bool:
        return identity(self.encoder) == self.heads.encoder_hash

    def _material(self, encoder: str, mean: np.ndarray | None) -> Material:
        hash_ = identity(encoder)
        encode = self._vectors.setdefault(hash_, Remembered(self._encoding(encoder), hash_))
        found = Material.of(self.lessons, encode, mean, met(hash_))
        if self.request.corpus == str(CORPUS) and encoder != str(self._tuned):
            corpus = [lesson.example for lesson in self.lessons if not lesson.place]
            encode.keep(text for e in corpus for text in (*pieces(e.text).texts, e.context or ""))
        return found

    def _encoding(self, name: str) -> Callable[[Sequence[str]], np.ndarray]:
        """An encoder that loads when it is needed and tells how far it is."""

        @lru_cache(maxsize=1)
        def encoder() -> Callable[[Sequence[str]], np.ndarray]:
            from models.encoder import Encoder

            return Encoder(name, lanes=self.settings.lanes)

        def encode(texts: Sequence[str]) -> np.ndarray:
            found: list[np.ndarray] = []
            for at in range(0, len(texts), AT_ONCE):
                found.append(encoder()(texts[at : at + AT_ONCE]))
                self._tell("encode", at + len(found[-1]), len(texts))
            return np.concatenate(found)

        return encode
