"""The few kinds of JSON that a schema is made of, each with a sentence about what it means."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def object_of(about: str, **keys: Schema) -> Schema:
    """An object with exactly these keys."""
    return {
        "type": "object",
        "description": about,
        "properties": keys,
        "required": list(keys),
        "additionalProperties": False,
    }


def list_of(about: str, items: Schema) -> Schema:
    """A list of these."""
    return {"type": "array", "description": about, "items": items}


def numbers_of(count: int, about: str, **limits: float) -> Schema:
    """So many numbers in a row."""
    return {
        "type": "array",
        "description": about,
        "items": {"type": "number", **limits},
        "minItems": count,
        "maxItems": count,
    }


def text_of(about: str, **more: Any) -> Schema:
    """A string."""
    return {"type": "string", "description": about, **more}


def number_of(about: str, **more: Any) -> Schema:
    """A number."""
    return {"type": "number", "description": about, **more}


def whole_of(about: str) -> Schema:
    """A whole number, from 0."""
    return {"type": "integer", "minimum": 0, "description": about}


def or_null(schema: Schema) -> Schema:
    """The same, or null."""
    return {**schema, "type": [schema["type"], "null"]}


SPAN: Schema = {
    "type": "array",
    "description": "Offsets in `text`, in characters: of the first, and of the one after the last.",
    "items": {"type": "integer", "minimum": 0},
    "minItems": 2,
    "maxItems": 2,
}
