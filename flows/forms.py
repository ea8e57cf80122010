"""Which form a person means: a file, a shipped id, or one that judged calls of a ledger, by version or hash."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from scoring.errors import UsageError
from scoring.rubric import Rubric
from scoring.rubric_file import load_rubric, shipped_rubrics
from store.forms import Form
from store.ledger import Ledger

_HASH = re.compile(r"[0-9a-f]{6,64}")
REFERENCES = "give a shipped id, the path of a .yaml file, or ID@VERSION or the hash of a form in the ledger"


def find_form(name: str, ledger: Ledger) -> Form:
    """The form called `name`. Raises RubricError and UsageError."""
    known = ledger.forms()
    if Path(name).suffix in (".yaml", ".yml") or name in shipped_rubrics():
        return _loaded(load_rubric(name), known)
    wanted, _, version = name.partition("@")
    found = [form for form in known if form.id == wanted and (not version or form.version == version)]
    if not found and _HASH.fullmatch(name):
        found = [form for form in known if form.hash.startswith(name)]
    if not found:
        held = f"it holds {listed(known)}" if known else "it holds no form yet"
        raise UsageError(f"{ledger.where}: no form called {name!r}; {held}", remedy=REFERENCES)
    if len(found) > 1:
        raise UsageError(f"{name!r} may be {listed(found)}", remedy="give the hash of one of them")
    return _readable(found[0])


def listed(forms: Sequence[Form], most: int = 8) -> str:
    """Forms in a line."""
    more = f" and {len(forms) - most} more" if len(forms) > most else ""
    return ", ".join(f"{form.label}: {form.calls:,} calls" for form in forms[:most]) + more


def _loaded(rubric: Rubric, known: Sequence[Form]) -> Form:
    kept = next((form for form in known if form.hash == rubric.hash), None)
    calls, last = (kept.calls, kept.last) if kept else (0, None)
    return Form(rubric.hash, rubric.id, rubric.version, calls, last, rubric)


def _readable(form: Form) -> Form:
    """An early ledger did not keep its forms; the shipped one may be the same."""
    if form.rubric is None and form.id in shipped_rubrics():
        shipped = load_rubric(form.id)
        if shipped.hash == form.hash:
            return _loaded(shipped, [form])
    return form
