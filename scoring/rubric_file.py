"""Reading rubrics: YAML to `Rubric`, with errors that name file, line, key and what is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from scoring import extends
from scoring.detectors import COMBINATIONS, DETECTORS, NESTED
from scoring.errors import RubricError
from scoring.item import AskWhen, Item, Level
from scoring.number import Number
from scoring.publication import as_published
from scoring.rubric import FlagRule, Grade, Minimum, Rubric, Scope, Section
from scoring.rubric_schema import rubric_schema
from scoring.script import Script, Slot, Step
from scoring.strict import Text
from scoring.yaml_file import build, compose, place, read

SHIPPED = Path(__file__).parent / "rubrics"
_MODELS: tuple[type[BaseModel], ...] = (
    Rubric, Section, Item, Level, Number, AskWhen, Scope, FlagRule, Grade, Minimum, Text, Script, Step, Slot,
    *NESTED, *COMBINATIONS.values(), *DETECTORS.values(),
)  # fmt: skip
_KEYS = sorted({"all", "any", "not"} | {f.alias or key for m in _MODELS for key, f in m.model_fields.items()})


@dataclass(frozen=True, slots=True)
class Source:
    """A rubric and where each of its keys is written."""

    rubric: Rubric
    origin: str
    root: yaml.MappingNode

    def place(self, *loc: int | str) -> str:
        """`file:line` of a part of the rubric."""
        return place(self.root, loc, self.origin)[0]


def shipped_rubrics() -> list[str]:
    """Ids of the rubrics that come with callqa."""
    return sorted(p.stem for p in SHIPPED.glob("*.yaml"))


def load_rubric(name: str | Path) -> Rubric:
    """A rubric by id of a shipped one or by path of a YAML file. Raises RubricError.

    Its status is that of its version in the register beside the file (scoring.publication), else the one it states.
    """
    return read_rubric(name).rubric


def read_rubric(name: str | Path, *, check_published: bool = True) -> Source:
    """As `load_rubric`, with the places of its keys. check_published: refuse a published version that was changed."""
    path = rubric_path(name)
    source = _source(_text(path), _shown(path), path.parent, (path.resolve(),))
    rubric = as_published(source.rubric, path.parent, source.origin) if check_published else source.rubric
    return Source(rubric, source.origin, source.root)


def rubric_path(name: str | Path) -> Path:
    """The file of a rubric. Raises RubricError where there is no shipped one of that id."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        return path
    path = SHIPPED / f"{name}.yaml"
    if not path.is_file() or path.parent != SHIPPED:
        known = ", ".join(shipped_rubrics())
        raise RubricError(f"no rubric called {str(name)!r}", remedy=f"use one of {known}, or the path of a .yaml file")
    return path


def parse_rubric(text: str, origin: str, folder: Path | None = None) -> Rubric:
    """A rubric from YAML text. Raises RubricError.

    origin: names it in errors. folder: where the files lie that it refers to; None where it has no file.
    """
    return _source(text, origin, folder, ()).rubric


def schema() -> dict[str, Any]:
    """JSON Schema of rubric files, for editors."""
    return rubric_schema(Rubric)


def _text(path: Path) -> str:
    return read(path, "a rubric")


def _shown(path: Path) -> str:
    return str(path.name if path.parent == SHIPPED else path)


def _source(text: str, origin: str, folder: Path | None, chain: Sequence[Path]) -> Source:
    root = _merged(text, origin, folder, chain)
    for key, _ in root.value:
        if key.value == "publication":
            raise RubricError(
                f"{place(root, ['publication'], origin)[0]}: publication is kept by callqa",
                remedy="delete the key and run `callqa rubric publish`",
            )
    rubric = build(
        Rubric, root, origin, more="see `callqa rubric schema` for all keys", keys=_KEYS,
        detectors=sorted(DETECTORS), context={"folder": folder},
    )  # fmt: skip
    return Source(rubric, origin, root)


def _merged(text: str, origin: str, folder: Path | None, chain: Sequence[Path]) -> yaml.MappingNode:
    """The nodes of a form with those of all forms it extends. chain: the files that led here."""
    root = compose(text, origin, what="a rubric", begin="begin with `id:`, `version:` and `sections:`")

    def load(name: str, at: str) -> extends.Base:
        path = _base(name, at, folder)
        if path.resolve() in chain:
            raise RubricError(f"{at}: extends runs in a circle through {name!r}", remedy="extend another form")
        if len(chain) > extends.DEEPEST:
            raise RubricError(
                f"{at}: more than {extends.DEEPEST} forms extend each other", remedy="write some of them out"
            )
        return _merged(_text(path), _shown(path), path.parent, (*chain, path.resolve())), name

    return extends.merge(root, load)


def _base(name: str, at: str, folder: Path | None) -> Path:
    """The file of a form that another extends: a shipped one, or one below the other's folder."""
    if Path(name).suffix not in (".yaml", ".yml"):
        try:
            return rubric_path(name)
        except RubricError as error:
            raise RubricError(f"{at}: {error.message}", remedy=error.remedy) from None
    if folder is None:
        raise RubricError(f"{at}: {name!r} is relative to a file, and there is none", remedy="extend a shipped form")
    if not (folder / name).resolve().is_relative_to(folder.resolve()):
        raise RubricError(f"{at}: {name!r} lies outside the folder of this file", remedy="copy it beside this file")
    return folder / name
