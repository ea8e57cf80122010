"""Reads weights out of a CTranslate2 model file (`model.bin`, format 6).

Little endian: version, name of the model's kind, its revision; then a count of variables, each as name, rank,
dimensions, type, size in bytes and data; then aliases. Strings carry their length first (OpenNMT/CTranslate2,
python/ctranslate2/specs/model_spec.py).
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

_TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}


def read_variables(path: Path, prefix: str) -> dict[str, np.ndarray]:
    """The variables whose names begin with `prefix`, without it. Raises ValueError for another format."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            return {
                name[len(prefix) :]: np.frombuffer(data[at : at + size], kind).reshape(shape)
                for name, shape, kind, at, size in _directory(data)
                if name.startswith(prefix)
            }
        except (struct.error, KeyError, UnicodeDecodeError) as error:
            raise ValueError(f"{path} is not a CTranslate2 model of format 6") from error


def _directory(data: mmap.mmap) -> Iterator[tuple[str, tuple[int, ...], Any, int, int]]:
    """Name, shape, type, place and size of every variable."""
    at = 0

    def take(form: str) -> tuple[int, ...]:
        nonlocal at
        values = struct.unpack_from("<" + form, data, at)
        at += struct.calcsize("<" + form)
        return values

    def text() -> str:
        nonlocal at
        (length,) = take("H")
        at += length
        return data[at - length : at].rstrip(b"\0").decode()

    take("I")
    text()
    take("I")
    (count,) = take("I")
    for _ in range(count):
        name = text()
        shape = take(f"{take('B')[0]}I")
        kind, size = take("BI")
        yield name, shape, _TYPES[kind], at, size
        at += size
