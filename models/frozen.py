"""The frozen lines: a quarter of all sentences, by which a new model is compared with the one in use.

The hash of its words decides whether a sentence is one of them: so it stays one when the corpus grows, in whatever
file it comes again, and no version's twin (models.candidate) has ever learnt from it.
"""

from __future__ import annotations

import hashlib
import unicodedata

SHARE = 4  # one in so many: 50 of 200 reviewed lines decide, and the twins still learn from three quarters


def folded(text: str) -> str:
    """The words of a text: its letters, digits and characters, in one width and case."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def is_frozen(text: str) -> bool:
    """Whether a sentence is kept out of learning, for comparison."""
    return int.from_bytes(hashlib.sha256(folded(text).encode()).digest()[:8], "big") % SHARE == 0
