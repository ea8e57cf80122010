"""Recordings as files: short, and no two alike."""

from __future__ import annotations

import os
import struct
from pathlib import Path


def recording(path: Path) -> Path:
    """A tenth of a second whose bytes depend on the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = os.fsencode(path).ljust(1600, b"\0")
    header = struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    path.write_bytes(b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + header)
    with path.open("ab") as file:
        file.write(b"data" + struct.pack("<I", len(data)) + data)
    return path
