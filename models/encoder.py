"""The sentence encoder: any Hugging Face encoder, multilingual e5 by default, mean-pooled and L2-normalised.

Pooling and the "query: " prefix follow the e5 model card (Wang et al. 2024, arXiv:2402.05672).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from models.processor import has_matrix_units
from models.weights import identity, resolve
from scoring.errors import WeightsError

DEFAULT = "e5-small"
BATCH = 16
LONGEST = 128  # tokens; a spoken sentence has 5 to 60


class Encoder:
    """Sentences to vectors, float32 (n, width). `hash` identifies the weights."""

    def __init__(self, name: str = DEFAULT, *, lanes: int = 1, device: str | None = None) -> None:
        """name: `e5-small` (embedded), or a Hugging Face name or path. lanes: batches at once. Raises WeightsError."""
        import torch
        from transformers import AutoModel, AutoTokenizer
        from transformers.utils import logging

        logging.disable_progress_bar()
        logging.set_verbosity_error()
        folder = resolve(name)
        self.name = name
        self.prefix = self.prefix_of(name)
        self.device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(folder)
            model = AutoModel.from_pretrained(folder, dtype="auto").eval()
        except (OSError, ValueError) as error:
            reason = str(error).splitlines()[0]
            remedy = "give `e5-small`, the folder of a Hugging Face encoder, or a name this machine can download"
            raise WeightsError(f"cannot load the sentence encoder {name!r}: {reason}", remedy=remedy) from error
        self._model = _fast(model) if self.device == "cpu" else model.float().to(self.device)
        if self.device == "cpu":
            # Batches of short sentences are too small to split between threads; whole batches side by side are not.
            torch.set_num_threads(1)
        self._pool = ThreadPoolExecutor(lanes if self.device == "cpu" else 1, thread_name_prefix="encode")
        self.width = int(self._model.config.hidden_size)
        self.hash = identity(name)

    @staticmethod
    def prefix_of(name: str) -> str:
        """What an encoder of this name wants before every text."""
        return "query: " if "e5" in Path(name).name else ""

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of the texts, in their order. Similar lengths are batched together so that little is padding."""
        vectors = np.zeros((len(texts), self.width), np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        for chosen, found in zip(
            batches, self._pool.map(lambda b: self._encode([texts[i] for i in b]), batches), strict=True
        ):
            vectors[chosen] = found
        return vectors

    def _encode(self, texts: Sequence[str]) -> np.ndarray:
        import torch

        with torch.inference_mode():
            batch = self._tokenizer(
                [self.prefix + text for text in texts],
                padding=True, truncation=True, max_length=LONGEST, return_tensors="pt",
            ).to(self.device)  # fmt: skip
            batch.pop("token_type_ids", None)
            hidden = self._model(**batch).last_hidden_state
            mask = batch["attention_mask"].unsqueeze(-1)
            pooled = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1)
            return torch.nn.functional.normalize(pooled.float()).cpu().numpy()


def _fast(model: Any) -> Any:
    """The model in the numbers this processor is quickest with: bfloat16 on matrix units (2.6 times the speed, cosine
    .9998 to float32), else float32 but for its table of words: most of the memory, and only ever looked up."""
    if has_matrix_units():
        return model.bfloat16()
    words = model.get_input_embeddings()
    for module in model.modules():
        if module is not words:
            for parameter in module.parameters(recurse=False):
                parameter.data = parameter.data.float()
    return model
