"""Where a page finds the recordings it speaks of: addresses of files, never of anything else."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote


class Sounds:
    """Addresses of recordings for a page that lies in `folder`. Recordings are named as seen from where we run."""

    def __init__(self, folder: Path) -> None:
        self._folder = Path(os.path.abspath(folder))
        self._known: dict[str, str | None] = {}

    def of(self, audio: str) -> str | None:
        """Address of a recording: relative where page and recording can move together, else file:; None if gone."""
        if audio not in self._known:
            self._known[audio] = self._address(audio)
        return self._known[audio]

    def _address(self, audio: str) -> str | None:
        try:
            if not audio or not os.path.isfile(audio):
                return None
            # Not resolved: a browser too takes .. off the address as it is written, whatever links there are.
            path = Path(os.path.abspath(audio))
            if len(Path(os.path.commonpath((path, self._folder))).parts) < 2:
                return path.as_uri()
            relative = Path(os.path.relpath(path, self._folder)).as_posix()
            # Quoted, no name can be a scheme, a host, a query or a fragment.
            return quote(os.fsencode(relative), safe="/")
        except (OSError, ValueError):  # no name at all: NUL, lone surrogates; another drive
            return None


def at(address: str, seconds: float) -> str:
    """The address of a moment in a recording (W3C, Media Fragments URI 1.0, 4.2.1)."""
    return f"{address}#t={max(0.0, seconds):.1f}"
