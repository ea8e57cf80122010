"""The sentence encoder: any Hugging Face encoder, multilingual e5 by default, mean-pooled and L2-normalised.

Pooling and the "query: " prefix follow the e5 model card (Wang et al. 2024, arXiv:2402.05672).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from models.processor import has_matrix_units
from models.weights import identity, resolve
from scoring.errors import WeightsError

DEFAULT = "e5-small-calls"  # e5-small with what it has learnt of our trade (models.adapter)
LENGTHS = (16, 32, 64, 128)  # tokens that a sentence is padded to; a spoken one has 5 to 60, longer ones are cut
AT_ONCE = {"cpu": 256, "cuda": 8192}  # tokens of a batch, padding among them


class Encoder:
    """Sentences to vectors, float32 (n, width). `hash` identifies the weights."""

    def __init__(self, name: str = DEFAULT, *, lanes: int = 1, device: str | None = None) -> None:
        """name: `e5-small-calls` or `e5-small` (embedded), or a Hugging Face name or path. lanes: batches at once.

        Raises WeightsError.
        """
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
        """Vectors of the texts, in their order. A text's vector is the same to the last bit whatever it is read with:
        products of matrices round by their shape, so the shape of a batch follows from the length of its texts alone.
        """
        vectors = np.zeros((len(texts), self.width), np.float32)
        if not texts:
            return vectors
        prefixed = [self.prefix + text for text in texts]
        tokens = self._tokenizer(prefixed, truncation=True, max_length=LENGTHS[-1])["input_ids"]
        batches = []
        for shortest, longest in pairwise((0, *LENGTHS)):
            rows = AT_ONCE[self.device] // longest
            alike = [i for i, row in enumerate(tokens) if shortest < len(row) <= longest]
            batches += [(alike[at : at + rows], (rows, longest)) for at in range(0, len(alike), rows)]
        for (chosen, _), found in zip(
            batches, self._pool.map(lambda b: self._encode([tokens[i] for i in b[0]], b[1]), batches), strict=True
        ):
            vectors[chosen] = found
        return vectors

    def _encode(self, tokens: Sequence[Sequence[int]], shape: tuple[int, int]) -> np.ndarray:
        """Vectors of tokenised texts, in a batch of this shape (rows, tokens) that they need not fill."""
        import torch

        padded, mask = np.full(shape, self._tokenizer.pad_token_id or 0), np.zeros(shape, int)
        mask[:, 0] = 1  # a row of nothing but padding would divide by nothing
        for row, text in enumerate(tokens):
            padded[row, : len(text)], mask[row, : len(text)] = text, 1
        with torch.inference_mode():
            seen = torch.from_numpy(mask).to(self.device)
            hidden = self._model(input_ids=torch.from_numpy(padded).to(self.device), attention_mask=seen)
            there = seen.unsqueeze(-1)
            pooled = (hidden.last_hidden_state * there).sum(1) / there.sum(1)
            return torch.nn.functional.normalize(pooled.float()).cpu().numpy()[: len(tokens)]


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
