"""What this machine's processor can do."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def has_matrix_units() -> bool:
    """Whether this processor multiplies bfloat16 matrices in hardware (Intel AMX)."""
    info = Path("/proc/cpuinfo")
    return info.is_file() and "amx_bf16" in info.read_text(errors="replace")
