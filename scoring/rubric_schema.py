"""JSON Schema of rubric files, for editors: of whole forms, and of those that only say what they change."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from pydantic import BaseModel

_PARTS = {"Section": "id", "Item": "id", "FlagRule": "id"}  # what may be given in part, known by its id


def rubric_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The schema: with `extends` a form is complete with less."""
    whole = model.model_json_schema()
    definitions = whole.pop("$defs")
    definitions["Rubric"] = {k: v for k, v in whole.items() if k != "title"}
    definitions["Rubric"]["properties"].pop("publication")
    for name, key in _PARTS.items():
        part = deepcopy(definitions[name])
        part.pop("allOf", None)
        definitions[f"{name}Change"] = _with_parts(part) | {"required": [key]}
    definitions["RubricChange"] = _with_parts(deepcopy(definitions["Rubric"])) | {
        "required": ["id", "version", "extends"]
    }
    definitions["RubricChange"]["properties"]["sections"].pop("minItems", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rubric",
        "description": "A callqa rubric 评分表",
        "type": "object",
        "if": {"required": ["extends"]},
        "then": {"$ref": "#/$defs/RubricChange"},
        "else": {"$ref": "#/$defs/Rubric"},
        "$defs": definitions,
    }


def _with_parts(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with references to parts in place of wholes."""
    for key in ("sections", "items", "flags"):
        items = schema["properties"].get(key, {}).get("items", {})
        name = str(items.get("$ref", "")).removeprefix("#/$defs/")
        if name in _PARTS:
            items["$ref"] = f"#/$defs/{name}Change"
    return schema
