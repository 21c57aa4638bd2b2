"""The JSON of an answer as JSON Schema (draft 2020-12): what `sightline schema` prints.

Written by hand, because it says what the numbers mean; a test holds real answers against it, which may hold no key that
is not described here.
"""

from __future__ import annotations

from typing import Any

VERSION = 1
"""In every answer as `schema`. It grows when a key is renamed, removed or means something else, not when one is added."""

Schema = dict[str, Any]


def _object(about: str, **keys: Schema) -> Schema:
    """An object with exactly these keys."""
    return {
        "type": "object",
        "description": about,
        "properties": keys,
        "required": list(keys),
        "additionalProperties": False,
    }


def _list(about: str, items: Schema) -> Schema:
    return {"type": "array", "description": about, "items": items}


def _numbers(count: int, about: str, **limits: float) -> Schema:
    return {
        "type": "array",
        "description": about,
        "items": {"type": "number", **limits},
        "minItems": count,
        "maxItems": count,
    }


def _text(about: str, **more: Any) -> Schema:
    return {"type": "string", "description": about, **more}


def _number(about: str, **more: Any) -> Schema:
    return {"type": "number", "description": about, **more}


def _whole(about: str) -> Schema:
    return {"type": "integer", "minimum": 0, "description": about}


def _or_null(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


_SPAN: Schema = {
    "type": "array",
    "description": "Offsets in `text`, in characters: of the first, and of the one after the last.",
    "items": {"type": "integer", "minimum": 0},
    "minItems": 2,
    "maxItems": 2,
}


def _finding(about: str, letter: str, **place: Schema) -> Schema:
    return _object(
        about,
        id=_text("Unique within the answer.", pattern=f"^{letter}[0-9]+$"),
        label=_text("What the model called it."),
        **place,
        picture=_whole("Which of `pictures`, counted from 0."),
        confidence=_or_null(
            _number(
                "How sure the model was of the coordinates, to a hundredth of the picture: the geometric mean of their "
                "probabilities. null where the runtime tells none. Not how often it is right.",
                minimum=0,
                maximum=1,
            )
        ),
        attributes={
            "type": "object",
            "description": "What else the model said of it.",
            "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
        },
    )


def _boxes() -> Schema:
    corners = _numbers(4, "x1, y1, x2, y2 in pixels of the upright original, x1 ≤ x2, y1 ≤ y2.", minimum=0)
    return _list("Rectangles.", _finding("One rectangle.", "b", bbox=corners))


def _points() -> Schema:
    spot = _numbers(2, "x, y in pixels of the upright original.", minimum=0)
    return _list("Spots.", _finding("One spot.", "p", point=spot))


def _boxes3d() -> Schema:
    place = {
        "centre": _numbers(3, "x (right), y (down), z (forward) in the camera frame."),
        "size": _numbers(3, "Extents along the box's own axes, before it is turned.", exclusiveMinimum=0),
        "rotation": _numbers(3, "Pitch, yaw and roll in radians, applied as Rz(roll) · Ry(yaw) · Rx(pitch)."),
        "unit": {"const": "metres, estimated by the model"},
    }
    return _list("Solid boxes.", _finding("One solid box, as the model estimates it.", "s", **place))


def _claims() -> Schema:
    verdict = _object(
        "What geometry says of it; null where a thing that it names was not found.",
        ruling={"enum": ["confirmed", "contradicted", "undetermined"]},
        margin_sigma=_or_null(
            _number("Distance to the decision in units of the model's localisation error; positive supports the claim.")
        ),
        reason=_text("One sentence with the numbers behind the ruling."),
    )
    return _list(
        "Relations that the answer states.",
        _object(
            "subject, relation, object.",
            subject=_text("As the answer calls it."),
            relation=_text("left_of, right_of, above or below."),
            object=_text("As the answer calls it."),
            frame=_text("Whose left and right: camera."),
            subject_id=_text("The finding that grounds the subject; empty where none was found."),
            object_id=_text("The finding that grounds the object; empty where none was found."),
            text_span=_or_null(_SPAN),
            verdict=_or_null(verdict),
        ),
    )


def json_schema() -> Schema:
    """JSON Schema of `backend.answer.Answer.as_dict`."""
    picture = _object(
        "One picture that was asked about.",
        path=_text("As it was given; `-` for standard input, empty where there was none."),
        width=_whole("Of the upright original, pixels."),
        height=_whole("Of the upright original, pixels."),
        sha256=_text("Of the file's bytes."),
    )
    tag = _object(
        "One spatial word of the text.",
        word={"enum": ["left", "right", "above", "below", "front", "behind", "between", "near", "inside", "on"]},
        text=_text("As it stands there."),
        text_span=_SPAN,
    )
    timings = _object(
        "Where the time went.",
        load_ms=_number("Loading the model.", minimum=0),
        encode_ms=_number("The vision tower.", minimum=0),
        prefill_ms=_number("Reading the prompt.", minimum=0),
        first_token_ms=_number("From asking to the first token.", minimum=0),
        total_ms=_number("From asking to the whole answer, its verdicts included.", minimum=0),
        tokens=_whole("Tokens of the answer."),
        tokens_per_s=_number("While it was made.", minimum=0),
        reused_tokens=_whole("Tokens of the prompt that were in the cache already."),
    )
    answer = _object(
        "One question answered, with all that backs the answer.",
        schema={"const": VERSION},
        question=_text("As it was asked."),
        task=_text("What kind of answer it wanted; empty for text from elsewhere (sightline parse)."),
        text=_text("What the model said, without its reasoning and without space around it."),
        pictures=_list("What was asked about.", picture),
        boxes=_boxes(),
        points=_points(),
        boxes3d=_boxes3d(),
        claims=_claims(),
        tags=_list("Spatial words of the text, in its order.", tag),
        warnings=_list("What was mended, cut off or left out, one sentence each.", {"type": "string"}),
        model={
            "type": "object",
            "description": "What answered: name, files, runtime, localisation error (sigma).",
            "additionalProperties": {"type": "string"},
        },
        timings=timings,
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "sightline answer", **answer}
