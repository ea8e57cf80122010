"""File names of calls. Call ids come from other systems: any text, of any length, in any script."""

from __future__ import annotations

import hashlib
import re
import unicodedata

LONGEST = 120  # bytes; file systems take 255, and a temporary name needs room
# Windows keeps these names for devices, with any extension.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³")}
_UNSAFE = re.compile(r"[^\w.-]+")


class FileNames:
    """One name per recording, the same for the same recording, different on disks that ignore case."""

    def __init__(self) -> None:
        self._taken: dict[str, tuple[str, str]] = {}

    def of(self, call_id: str, sha256: str) -> str:
        """File name without extension. Two recordings may bear one call id: their names still differ."""
        owner = (call_id, sha256)
        plain, digest = _readable(call_id), _digest(*owner)
        names = [f"{plain}-{digest[:10]}", f"{plain}-{digest}"]
        if plain == call_id:
            names.insert(0, plain)
        return next(name for name in names if self._taken.setdefault(name.casefold(), owner) == owner)


def _readable(call_id: str) -> str:
    """What of the id may stand in a file name everywhere."""
    name = _UNSAFE.sub("_", unicodedata.normalize("NFC", call_id)).strip("._-")
    name = name.encode()[:LONGEST].decode(errors="ignore")
    return "call" if not name or name.split(".")[0].lower() in _DEVICES else name


def _digest(call_id: str, sha256: str) -> str:
    return hashlib.sha256(f"{call_id}\n{sha256}".encode("utf-8", "surrogatepass")).hexdigest()
