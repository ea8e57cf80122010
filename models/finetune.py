"""Fine-tuning the sentence encoder: all its layers, by what the sentences do, with transformers' Trainer.

The objective is that of use: the direction of the mean-pooled vector (models.encoder) tells the labels, each by itself,
and a label that a lesson says nothing of has no part in the loss. The table of words, four fifths of the parameters of
a multilingual encoder, stays as it is: a few thousand sentences meet few of its rows, and the others would be left
behind. The heads are learnt anew on the tuned encoder afterwards.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from models.encoder import LENGTHS, Encoder
from models.reviewed import Lesson
from models.weights import resolve
from scoring.errors import UsageError, WeightsError
from scoring.labels import LABELS

SCALE = 20.0  # of the logits: cosines lie within 1, and a sigmoid needs more to be sure
SEED = 0
NEEDED = {"accelerate": "accelerate"}  # transformers' Trainer stands on it


@dataclass(frozen=True, slots=True)
class Tuning:
    """How the encoder is tuned. rate: peak learning rate, after which it falls to nothing."""

    epochs: float = 3.0
    batch: int = 32
    rate: float = 5e-5
    warmup: float = 0.1  # share of the steps


def finetune(
    name: str, lessons: Sequence[Lesson], folder: Path, tuning: Tuning | None = None, *,
    threads: int = 1, told: Callable[[int, int], None] = lambda done, steps: None,
) -> None:  # fmt: skip
    """Tune an encoder (`e5-small`, or a Hugging Face name or path) and write it as safetensors, config and tokenizer.

    told: is given the steps done and all steps. Raises UsageError and WeightsError.
    """
    if missing := [package for module, package in NEEDED.items() if find_spec(module) is None]:
        remedy = "run `pip install '.[finetune]'` in callqa's folder"
        raise UsageError(f"fine-tuning needs {' and '.join(missing)}, not installed", remedy=remedy)
    import torch
    from transformers import (
        AutoModel,
        AutoTokenizer,
        PrinterCallback,
        Trainer,
        TrainerCallback,
        TrainingArguments,
        set_seed,
    )
    from transformers.utils import logging

    class Steps(TrainerCallback):
        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            told(state.global_step, state.max_steps)

    logging.disable_progress_bar()
    logging.set_verbosity_error()
    tuning, source = tuning or Tuning(), resolve(name)
    set_seed(SEED)
    try:
        tokenizer = AutoTokenizer.from_pretrained(source)
        encoder = AutoModel.from_pretrained(source, dtype=torch.float32)
    except (OSError, ValueError) as error:
        reason, remedy = str(error).splitlines()[0], "give `e5-small`, or the folder of a Hugging Face encoder"
        raise WeightsError(f"cannot load the sentence encoder {name!r}: {reason}", remedy=remedy) from error
    encoder.get_input_embeddings().weight.requires_grad_(False)
    labels = [label for label in LABELS if any(label in lesson.known for lesson in lessons)]
    model, cuda = _model(encoder, len(labels)), torch.cuda.is_available()
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            arguments = TrainingArguments(
                output_dir=scratch, num_train_epochs=tuning.epochs, per_device_train_batch_size=tuning.batch,
                learning_rate=tuning.rate, warmup_steps=tuning.warmup, weight_decay=0.01, seed=SEED,
                bf16=cuda, use_cpu=not cuda, dataloader_pin_memory=cuda, report_to=[], disable_tqdm=True,
                save_strategy="no", logging_strategy="no", remove_unused_columns=False,
            )  # fmt: skip
            collate = _Collate(tokenizer, Encoder.prefix_of(name), labels)
            trainer = Trainer(
                model=model, args=arguments, train_dataset=list(lessons), data_collator=collate, callbacks=[Steps()]
            )
            trainer.remove_callback(PrinterCallback)  # what is going on is told by Steps
            trainer.train()
    finally:
        torch.set_num_threads(before)
    encoder.half().save_pretrained(folder)
    tokenizer.save_pretrained(folder)


@dataclass(frozen=True)
class _Collate:
    """A batch of lessons as tensors."""

    tokenizer: Any
    prefix: str
    labels: Sequence[str]

    def __call__(self, lessons: Sequence[Lesson]) -> dict[str, Any]:
        import torch

        texts = [self.prefix + lesson.example.text for lesson in lessons]
        batch = dict(self.tokenizer(texts, padding=True, truncation=True, max_length=LENGTHS[-1], return_tensors="pt"))
        batch.pop("token_type_ids", None)
        held = np.array([[label in lesson.example.labels for label in self.labels] for lesson in lessons], np.float32)
        known = np.array([[label in lesson.known for label in self.labels] for lesson in lessons], np.float32)
        return batch | {"held": torch.from_numpy(held), "known": torch.from_numpy(known)}


def _model(encoder: Any, labels: int) -> Any:
    """The encoder with a linear head on the direction of its mean-pooled vector."""
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits, normalize

    class Tuned(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder, self.head = encoder, torch.nn.Linear(encoder.config.hidden_size, labels)

        def forward(self, held: Any, known: Any, **batch: Any) -> dict[str, Any]:
            hidden = self.encoder(**batch).last_hidden_state
            mask = batch["attention_mask"].unsqueeze(-1)
            pooled = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1)
            logits = SCALE * self.head(normalize(pooled.float()))
            each = binary_cross_entropy_with_logits(logits, held, reduction="none")
            return {"loss": (each * known).sum() / known.sum().clamp(min=1)}

    return Tuned()
