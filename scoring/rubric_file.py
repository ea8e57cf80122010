"""Reading rubrics: YAML to `Rubric`, with errors that name file, line, key and what is allowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel

from scoring.detectors import COMBINATIONS, DETECTORS, NESTED
from scoring.errors import RubricError
from scoring.rubric import Grade, Item, Minimum, Rubric, Section
from scoring.script import Script, Slot, Step
from scoring.strict import Text
from scoring.yaml_file import parse, read

SHIPPED = Path(__file__).parent / "rubrics"
_MODELS: tuple[type[BaseModel], ...] = (
    Rubric, Section, Item, Grade, Minimum, Text, Script, Step, Slot, *NESTED, *COMBINATIONS.values(), *DETECTORS.values(),
)  # fmt: skip
_KEYS = sorted({"all", "any", "not", "if"} | {key for model in _MODELS for key in model.model_fields})


def shipped_rubrics() -> list[str]:
    """Ids of the rubrics that come with callqa."""
    return sorted(p.stem for p in SHIPPED.glob("*.yaml"))


def load_rubric(name: str | Path) -> Rubric:
    """A rubric by id of a shipped one or by path of a YAML file. Raises RubricError."""
    path = Path(name)
    if path.suffix not in (".yaml", ".yml"):
        path = SHIPPED / f"{name}.yaml"
        if not path.is_file() or path.parent != SHIPPED:
            known = ", ".join(shipped_rubrics())
            raise RubricError(
                f"no rubric called {str(name)!r}", remedy=f"use one of {known}, or the path of a .yaml file"
            )
    return parse_rubric(read(path, "a rubric"), str(path.name if path.parent == SHIPPED else path), path.parent)


def parse_rubric(text: str, origin: str, folder: Path | None = None) -> Rubric:
    """A rubric from YAML text. Raises RubricError.

    origin: names it in errors. folder: where the script files lie that it refers to; None where it has no file.
    """
    return parse(
        Rubric, text, origin, what="a rubric", begin="begin with `id:`, `version:` and `sections:`",
        more="see `callqa rubric schema` for all keys", keys=_KEYS, detectors=sorted(DETECTORS),
        context={"folder": folder},
    )  # fmt: skip


def schema() -> dict[str, Any]:
    """JSON Schema of rubric files, for editors."""
    model: type[BaseModel] = Rubric
    return model.model_json_schema()
