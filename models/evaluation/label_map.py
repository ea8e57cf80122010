"""Which labels of a set mean which of ours: the maps shipped in `models/maps`, and a user's own.

A YAML file has an entry a set, named as `models.evaluation.labelled` names sets:

    act.zh:gold:
      none: other            # its class where nothing judged holds; leave out where one class always holds
      judged:                # classes judged: one of ours, or any of several
        greeting: [greeting, offer_of_help]
        empathy: {theirs: ["1", "2"], ours: [empathy_formulaic, empathy_specific]}
      folded:                # classes without a counterpart, counted as `none`, and why
        welcome: answers thanks, none of ours
      left_out: {"3": unclear}            # classes whose lines are not measured at all
      implied: {notify_success: solution} # lines that carry ours too, but are not the only ones: recall only
      choose: first          # several acts in a line: its class is the first in the order of `judged`
      one_label: true        # lines carry one class there, whatever else they say
      role: none             # given (default): as the line says; or none, agent, customer for all
      note: what a reader of the figures should know

`like: act.zh:gold` instead of all this takes another set's entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from models.evaluation.labelled import LabelledSet
from scoring.errors import UsageError
from scoring.labels import LABELS

SHIPPED = Path(__file__).parent.parent / "maps"
LARGEST = 200_000  # bytes of a file
NOTHING = ("other", "none", "neutral")  # how sets with our own labels call a line without any

_Names = Annotated[tuple[str, ...], BeforeValidator(lambda v: (v,) if isinstance(v, str) else v), Field(min_length=1)]


class Judged(BaseModel):
    """Classes of a set taken together, and those of our labels any of which means them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    theirs: _Names
    ours: _Names


class SetMap(BaseModel):
    """How one set is measured. Keys are described above."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    none: str | None = None
    judged: dict[str, Judged] = Field(min_length=1)
    folded: dict[str, str] = {}
    left_out: dict[str, str] = {}
    implied: dict[str, _Names] = {}
    choose: Literal["likeliest", "first"] = "likeliest"
    one_label: bool = False
    role: Literal["given", "none", "agent", "customer"] = "given"
    note: str = ""

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        """`greeting: greeting` for `greeting: {theirs: greeting, ours: greeting}`."""
        if isinstance(value, Mapping) and isinstance(value.get("judged"), Mapping):
            judged = {
                name: {"theirs": name, "ours": v} if isinstance(v, str | list) else v
                for name, v in value["judged"].items()
            }
            return {**value, "judged": judged}
        return value

    @model_validator(mode="after")
    def _whole(self) -> SetMap:
        seen: set[str] = set()
        for name in [c for j in self.judged.values() for c in j.theirs] + [*self.folded, *self.left_out]:
            if name in seen or name == self.none:
                raise ValueError(f"class {name!r} is named twice")
            seen.add(name)
        if self.none is None and self.folded:
            raise ValueError("`folded` needs `none`, the class they are folded into")
        return self

    @property
    def known(self) -> frozenset[str]:
        """Classes the entry speaks of."""
        theirs = (c for j in self.judged.values() for c in j.theirs)
        return frozenset((*theirs, *self.folded, *self.left_out, *([self.none] if self.none else [])))

    def only(self, labels: Iterable[str]) -> SetMap | None:
        """The entry with those of our labels alone, None when nothing is left; what falls away counts as `none`."""
        kept = frozenset(labels)
        judged = {
            name: Judged(theirs=j.theirs, ours=ours)
            for name, j in self.judged.items()
            if (ours := tuple(o for o in j.ours if o in kept))
        }
        implied = {name: ours for name, names in self.implied.items() if (ours := tuple(o for o in names if o in kept))}
        if not judged:
            return None
        lost = {c: "" for name, j in self.judged.items() if name not in judged for c in j.theirs}
        if self.none is None and lost:
            return self.model_copy(update={"judged": judged, "implied": implied, "left_out": self.left_out | lost})
        return self.model_copy(update={"judged": judged, "implied": implied, "folded": self.folded | lost})


def load_maps(path: Path | None = None) -> dict[str, SetMap]:
    """The shipped entries, and over them those of a user's file. Raises UsageError naming file, set and key."""
    entries = dict(_shipped())
    if path:
        entries |= _entries(path)
    return _resolved(entries)


def map_for(labelled: LabelledSet, maps: Mapping[str, SetMap]) -> SetMap | None:
    """The entry of a set, by its whole name or by the part behind the colon; a set that has our own labels needs
    none. None where there is neither."""
    for name in (labelled.name, labelled.name.partition(":")[2]):
        if name in maps:
            return maps[name]
    classes = frozenset(label for line in labelled.lines for label in line.labels)
    ours = [label for label in LABELS if label in classes]
    nothing = sorted(classes - frozenset(ours))
    if not ours or len(nothing) > 1 or not frozenset(nothing) <= frozenset(NOTHING):
        return None
    judged = {label: Judged(theirs=(label,), ours=(label,)) for label in ours}
    return SetMap(none=nothing[0] if nothing else "none", judged=judged)


@cache
def _shipped() -> dict[str, Any]:
    entries: dict[str, Any] = {}
    for path in sorted(SHIPPED.glob("*.yaml")):
        entries |= _entries(path)
    return entries


def _entries(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST:
            raise UsageError(f"{path}: larger than {LARGEST // 1000} kB", remedy="is this the label map?")
        found = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise UsageError(f"cannot read {path}: {reason}", remedy="give a readable YAML file with --map") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f":{mark.line + 1}" if mark else ""
        raise UsageError(
            f"{path}{where}: not readable as YAML", remedy="check indentation, quotes and colons"
        ) from None
    if not isinstance(found, dict):
        raise UsageError(f"{path}: expected an entry a set", remedy="see models/maps for examples")
    entries: dict[str, Any] = {}
    for name, value in found.items():
        try:
            like = isinstance(value, dict) and set(value) == {"like"}
            entries[str(name)] = str(value["like"]) if like else SetMap.model_validate(value)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(map(str, first["loc"]))
            raise UsageError(
                f"{path}: {name}{f', {key}' if key else ''}: {first['msg']}",
                remedy="keys: none, judged, folded, left_out, implied, choose, one_label, role, note; names of classes "
                'that are numbers in quotes, "0"',
            ) from None
    return entries


def _resolved(entries: Mapping[str, Any]) -> dict[str, SetMap]:
    found: dict[str, SetMap] = {}
    for name, value in entries.items():
        entry = entries.get(value) if isinstance(value, str) else value
        if not isinstance(entry, SetMap):
            raise UsageError(f"label map: {name} is like {value!r}, which has no entry of its own", remedy="name one")
        found[name] = entry
    return found
