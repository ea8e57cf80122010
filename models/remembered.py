"""Vectors of the corpus, kept from one training to the next: encoding eleven thousand lines takes most of its time.

Only sentences of the corpus are kept, by the hash of their words: what customers said stays where it is.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from models.weights import cache_folder


class Remembered:
    """An encoder that looks up what it has encoded before: texts to vectors, float32 (n, width)."""

    def __init__(self, encode: Callable[[Sequence[str]], np.ndarray], hash_: str, folder: Path | None = None) -> None:
        """hash_: of the encoder's weights. folder: instead of the user's cache."""
        self._encode = encode
        self._file = (folder or cache_folder().parent / "vectors") / f"{_key(hash_).hex()}.npz"
        self._known = _load(self._file)
        self._changed = False

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of the texts, in their order; rounded to float16, as they are kept."""
        keys = [_key(text) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if new:
            self._known |= zip(new, self._encode(list(new.values())).astype(np.float16), strict=True)
            self._changed = True
        return np.stack([self._known[key] for key in keys]).astype(np.float32)

    def keep(self, texts: Iterable[str]) -> None:
        """Keep the vectors of these texts for the next time, and no others. A full disk is no reason to fail."""
        kept = {key: self._known[key] for key in map(_key, texts) if key in self._known}
        if not kept or not self._changed:
            return
        fresh = self._file.with_suffix(f".{os.getpid()}.part")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with fresh.open("wb") as out:
                np.savez(out, keys=np.frombuffer(b"".join(kept), np.uint8), vectors=np.stack(list(kept.values())))
            fresh.replace(self._file)
        except OSError:
            fresh.unlink(missing_ok=True)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _load(path: Path) -> dict[bytes, np.ndarray]:
    """Vectors by the hash of their texts; nothing where there are none, or a damaged file."""
    try:
        with np.load(path, allow_pickle=False) as found:
            keys, vectors = found["keys"].tobytes(), found["vectors"]
        if vectors.dtype != np.float16 or vectors.ndim != 2 or len(keys) != 32 * len(vectors):
            return {}
    except (OSError, ValueError, KeyError, EOFError):
        return {}
    return {keys[32 * i : 32 * i + 32]: row for i, row in enumerate(vectors)}
