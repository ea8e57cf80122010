"""Which column of an export is which field, and what its values mean."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from scoring.call import Metadata, Scenario
from scoring.errors import MetadataError

SHIPPED = Path(__file__).parent / "metadata.yaml"
FIELDS = ("call_id", "audio", *(f.name for f in fields(Metadata)))
_LARGEST = 1_000_000  # bytes
_ALLOWED = {
    "direction": ("inbound", "outbound"),
    "scenario": tuple(str(s) for s in Scenario),
    "transferred": ("true", "false"),
    "csat": (),  # any number
}


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """`columns`: field -> folded names, the preferred first. `values`: field -> folded cell -> canonical value."""

    columns: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Mapping[str, str]]
    dates: tuple[str, ...]
    empty: frozenset[str]
    named: Mapping[str, tuple[str, ...]]  # as written, for messages
    own: Mapping[str, tuple[str, ...]]  # what the person's own mapping added, as written

    def recognise(self, header: Sequence[str]) -> dict[str, int]:
        """Field -> index of its column in `header`. 坐席(工号) is 坐席工号, which is known, not a 坐席 in some unit."""
        known = {name for names in self.columns.values() for name in names}
        folded = [whole if (whole := fold_name(_unbracketed(name))) in known else fold_name(name) for name in header]
        found = {}
        for field, names in self.columns.items():
            index = next((folded.index(name) for name in names if name in folded), None)
            if index is not None:
                found[field] = index
        return found

    def absent(self, header: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Field -> the person's own names for its column, where `header` has none of them."""
        there = {fold_name(name) for name in header} | {fold_name(_unbracketed(name)) for name in header}
        return {f: names for f, names in self.own.items() if names and not there & {fold_name(n) for n in names}}

    def closest(self, name: str) -> str | None:
        """The known column name that `name` is probably a slip of."""
        known = {fold_name(n): n for names in self.named.values() for n in names}
        close = get_close_matches(fold_name(name), known, n=1, cutoff=0.75)
        return known[close[0]] if close else None


def load_mapping(path: Path | None = None) -> ColumnMapping:
    """The shipped mapping, with the entries of `path` put before it. Raises MetadataError."""
    shipped = _read(SHIPPED)
    own = _read(path) if path else _MappingFile()
    taken = {fold_name(name) for names in own.columns.values() for name in names}
    named = {
        field: (*own.columns.get(field, ()), *(n for n in shipped.columns[field] if fold_name(n) not in taken))
        for field in FIELDS
    }
    both = {f: shipped.values.get(f, {}) | own.values.get(f, {}) for f in _ALLOWED}
    return ColumnMapping(
        columns={field: tuple(fold_name(name) for name in names) for field, names in named.items()},
        values={field: {fold_value(k): v for k, v in values.items()} for field, values in both.items()},
        dates=(*own.dates, *shipped.dates),
        empty=frozenset(fold_value(cell) for cell in (*own.empty, *shipped.empty)),
        named=named,
        own={field: tuple(names) for field, names in own.columns.items()},
    )


def fold_value(cell: str) -> str:
    """Full-width and half-width, upper and lower case are the same to a person."""
    return unicodedata.normalize("NFKC", cell).casefold().strip()


def fold_name(name: str) -> str:
    """As `fold_value`, and without spaces, punctuation and a unit in brackets: 等待时长(秒) is 等待时长."""
    text = fold_value(name).strip("*:").removesuffix(")")
    text = text.split("(")[0] if "(" in text[1:] else text
    return "".join(c for c in text if c not in " _-\t\r\n\ufeff")


def _unbracketed(name: str) -> str:
    return fold_value(name).replace("(", "").replace(")", "")


def _names(value: object) -> object:
    return [value] if isinstance(value, str) else value


class _MappingFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    columns: dict[str, Annotated[list[str], BeforeValidator(_names)]] = {}
    values: dict[str, dict[str, str]] = {}
    dates: list[str] = []
    empty: list[str] = []


def _read(path: Path) -> _MappingFile:
    remedy = "a mapping has the keys columns, values, dates, empty: the README shows one"
    try:
        if path.stat().st_size > _LARGEST:
            raise MetadataError(f"{path} is too large for a mapping", remedy="was the metadata table meant?")
        # Everything stays text: YAML would make a boolean of the key `no` and a number of 0012.
        data = yaml.load(path.read_text("utf-8-sig"), Loader=yaml.BaseLoader)  # noqa: S506
        mapping = _MappingFile.model_validate(data or {})
    except OSError as error:
        raise MetadataError(f"mapping {path} cannot be read: {error.strerror}", remedy="check the path") from None
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise MetadataError(f"mapping {path}{where} is not YAML in UTF-8", remedy=remedy) from None
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        raise MetadataError(f"mapping {path}: {key}: {first['msg']}", remedy=remedy) from None
    _check(mapping, path)
    return mapping


def _check(mapping: _MappingFile, path: Path) -> None:
    for key, known in (("columns", FIELDS), ("values", tuple(_ALLOWED))):
        for field in getattr(mapping, key):
            if field not in known:
                close = get_close_matches(field, known, n=1)
                meant = f"did you mean {close[0]}? " if close else ""
                message = f"mapping {path}: {key}.{field}: there is no such field"
                raise MetadataError(message, remedy=f"{meant}known are {', '.join(known)}")
    for field, values in mapping.values.items():
        for cell, value in values.items():
            if not (value in _ALLOWED[field] or (field == "csat" and value.replace(".", "", 1).isdecimal())):
                allowed = ", ".join(_ALLOWED[field]) or "a number"
                raise MetadataError(f"mapping {path}: values.{field}.{cell}: {value!r}", remedy=f"use {allowed}")
