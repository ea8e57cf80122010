"""Reading scripts: the shipped ones by id, others by path, with errors like those of rubrics."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel

from scoring.errors import RubricError
from scoring.script import Script, Slot, Step
from scoring.slots import SlotKind
from scoring.strict import Text
from scoring.yaml_file import parse, read

SHIPPED = Path(__file__).parent / "scripts"


def shipped_scripts() -> list[str]:
    """Ids of the scripts that come with callqa."""
    return sorted(p.stem for p in SHIPPED.glob("*.yaml"))


def load_script(name: str, folder: Path | None = None) -> Script:
    """A script by id of a shipped one or by path of a YAML file, relative to `folder`. Raises RubricError."""
    path = Path(name) if folder is None else folder / name
    if path.suffix not in (".yaml", ".yml"):
        path = SHIPPED / f"{name}.yaml"
        if not path.is_file() or path.parent != SHIPPED:
            known = ", ".join(shipped_scripts())
            raise RubricError(f"no script called {name!r}", remedy=f"use one of {known}, or the path of a .yaml file")
    return parse_script(read(path, "a script"), str(path.name if path.parent == SHIPPED else path))


def parse_script(text: str, origin: str) -> Script:
    """A script from YAML text; `origin` names it in errors. Raises RubricError."""
    # Conditions of steps are detectors, and one of the detectors reads scripts.
    from scoring.detectors import DETECTORS, Where

    models: tuple[type[BaseModel], ...] = (Script, Step, Slot, Text, Where, *DETECTORS.values())
    keys = sorted({"all", "any", "not", "if"} | {key for model in models for key in model.model_fields})
    return parse(
        Script, text, origin, what="a script", begin="begin with `id:`, `language:` and `steps:`",
        more=f"see scoring/scripts/service-zh.yaml for all keys; slots: {', '.join(SlotKind)}",
        keys=keys, detectors=sorted(DETECTORS),
    )  # fmt: skip


def schema() -> dict[str, Any]:
    """JSON Schema of script files, for editors."""
    from scoring import detectors  # noqa: F401  completes Step with the conditions

    return Script.model_json_schema()
