"""The JSON of an answer as JSON Schema (draft 2020-12): what `sightline schema` prints.

Written by hand, because it says what the numbers mean; a test holds real answers against it, which may hold no key that
is not described here.
"""

from __future__ import annotations

from typing import Any

from backend.scene import ChangeKind, MotionKind, Relation

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
    rectangle = _finding("One rectangle.", "b", bbox=corners)
    again = _object(
        "What an enlarged part of the picture showed of it; null where it was not looked at again.",
        window=_numbers(4, "What was enlarged: left, top, width, height in pixels of the upright original.", minimum=0),
        first=_numbers(4, "As the whole picture gave it, like `bbox`.", minimum=0),
        second=_or_null(_numbers(4, "As the enlarged part gave it; null where it showed nothing.", minimum=0)),
        iou=_number("Intersection over union of the two.", minimum=0, maximum=1),
    )
    rectangle["properties"]["second_look"] = _or_null(again)
    rectangle["properties"]["found_by"] = {
        "enum": ["model", "ocr"],
        "description": "Who says that it is there; ocr: words that were read by a network of their own.",
    }
    rectangle["required"] += ["second_look", "found_by"]
    return _list("Rectangles.", rectangle)


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


def _verdict(about: str) -> Schema:
    return _object(
        about,
        ruling={"enum": ["confirmed", "contradicted", "undetermined"]},
        margin_sigma=_or_null(
            _number(
                "Distance to the decision in units of the model's localisation error (of a camera's check: of the fit's "
                "standard error); positive supports the claim."
            )
        ),
        reason=_text("One sentence with the numbers behind the ruling."),
        confidence=_or_null(
            _number(
                "Chance that the ruling is right, as calibrated for this model on generated scenes; null where it was not "
                "calibrated, and for an undetermined one.",
                minimum=0,
                maximum=1,
            )
        ),
    )


def _claims() -> Schema:
    again = _object(
        "The claim's question put once more in another way.",
        how={"enum": ["mirrored", "exchanged", "enlarged"]},
        question=_text("As it was asked then."),
        answer=_text("What the model said."),
        agrees={"type": ["boolean", "null"], "description": "Whether it says the same of the scene; null: it does not tell."},
    )
    witness = _object(
        "What another network than the model says of it.",
        kind={"enum": ["depth", "words"], "description": "A depth network's ordering; text that was read in the picture."},
        agrees={"type": ["boolean", "null"], "description": "Whether it speaks for the claim; null: it does not tell."},
        reason=_text("One sentence with its numbers."),
    )
    grounds = "The finding that grounds the {}; empty where none was found."
    return _list(
        "Relations that the answer states.",
        _object(
            "subject, relation, object.",
            subject=_text("As the answer calls it."),
            relation={"enum": [relation.value for relation in Relation]},
            object=_text("As the answer calls it. Of farthest and nearest what it is compared with; empty: everything found."),
            other=_text("The second of the two things that the subject is between; empty for every other relation."),
            negated={"type": "boolean", "description": "The answer denies the relation."},
            frame={
                "enum": ["camera", "object", "viewer"],
                "description": "Whose left and front: the camera's, the object's own, or somebody's in the picture.",
            },
            subject_id=_text(grounds.format("subject")),
            object_id=_text(grounds.format("object")),
            other_id=_text(grounds.format("other")),
            text_span=_or_null(_SPAN),
            verdict=_or_null(_verdict("What geometry says of it; null where a thing that it names was not found.")),
            asked_again=_list("Whether the model stands by it.", again),
            witnesses=_list("What other networks say of it.", witness),
        ),
    )


def _checks() -> Schema:
    return _list(
        "What geometry says of the findings themselves.",
        _object(
            "One check of one finding.",
            kind={
                "enum": ["projection", "ground", "camera", "text"],
                "description": "Does the solid box project onto its rectangle? Is its contact with the ground plausible? "
                "Do all of a picture agree with its camera?",
            },
            finding_id=_text("What was checked; empty for the camera."),
            against_id=_text("What it was compared with; empty where there is none."),
            picture=_whole("Which picture it is about, counted from 0."),
            verdict=_verdict("What geometry says."),
        ),
    )


def _between() -> Schema:
    """Which two pictures."""
    return {
        "type": "array",
        "description": "The earlier and the later of `pictures`, counted from 0.",
        "items": {"type": "integer", "minimum": 0},
        "minItems": 2,
        "maxItems": 2,
    }


def _changes() -> Schema:
    found = "The finding in the {} picture; empty where there is none."
    return _list(
        "What became of things from one picture to the next, where pictures were compared.",
        _object(
            "One thing that changed in one respect, or in none.",
            kind={
                "enum": [kind.value for kind in ChangeKind],
                "description": "entered_view and left_view: one of the two pictures does not show its place; unchanged: what "
                "changed is within what the boxes' error explains.",
            },
            label=_text("What the model called it."),
            pictures=_between(),
            before_id=_text(found.format("earlier")),
            after_id=_text(found.format("later")),
            displacement=_or_null(_numbers(2, "How far right and down, pixels of the later picture, the camera's motion off.")),
            displacement_sigma=_or_null(_number("Its length in standard deviations of its error.", minimum=0)),
            scale=_or_null(
                _number("How many times as large it looks later, the camera's motion taken off.", exclusiveMinimum=0)
            ),
            scale_sigma=_or_null(_number("The logarithm of that in standard deviations of its error.")),
            reason=_text("One sentence with the numbers."),
        ),
    )


def _motions() -> Schema:
    return _list(
        "What the camera did between compared pictures, told from the things that both show.",
        _object(
            "x′ = scale · x + shift, from pixels of the earlier picture to those of the later one.",
            kind={
                "enum": [kind.value for kind in MotionKind],
                "description": "unknown: too few things are in both pictures, or they do not agree; taken as still.",
            },
            pictures=_between(),
            scale=_number("Of pictures of different size their ratio is in it.", exclusiveMinimum=0),
            shift=_numbers(2, "Right and down, pixels of the later picture."),
            agreeing=_whole("Things in both pictures that it explains."),
            shared=_whole("Things in both pictures."),
            reason=_text("One sentence with the numbers."),
        ),
    )


def _moments() -> Schema:
    shows = "Which of `pictures` shows its start, counted from 0; null where none does."
    return _list(
        "Times of a film that the text speaks of, in its order.",
        _object(
            "A time, or a stretch of it, in seconds from the film's first frame.",
            start=_number("Where it begins.", minimum=0),
            end=_or_null(_number("Where it ends; null for a time alone.", minimum=0)),
            text_span=_SPAN,
            picture=_or_null(_whole(shows)),
        ),
    )


def _asked() -> Schema:
    text = _object("Words.", text=_text("As they were sent."))
    shown = _object(
        "A picture, and the size in which it was shown.",
        picture=_whole("Of `pictures`."),
        width=_whole("Pixels."),
        height=_whole("Pixels."),
    )
    message = _object(
        "One turn.", role=_text("system, user or assistant."), parts=_list("In their order.", {"anyOf": [text, shown]})
    )
    return _object(
        "How the question was put; null for text from elsewhere. sightline replay asks by it.",
        messages=_list("What the model was given: the whole conversation, the question last.", message),
        max_tokens=_whole("Of the answer at most."),
        thinking_tokens=_or_null(_whole("Of a reasoning at most; null for a model that does not reason.")),
        seed=_whole("Of the sampling."),
        sampling={"type": "object", "description": "Temperature 0 is greedy.", "additionalProperties": {"type": "number"}},
        second_looks={"type": "boolean", "description": "Whether it looked, and was asked, a second time."},
        camera_given={"type": "boolean", "description": "Whether the user told the camera."},
        witnesses=_list("Which others looked before.", {"enum": ["depth", "words"]}),
        part=_or_null(_numbers(4, "What was shown of its one picture: left, top, width, height; null: all of it.")),
    )


def json_schema() -> Schema:
    """JSON Schema of `backend.answer.Answer.as_dict`."""
    camera = _object(
        "What solid boxes were projected with; null where nothing needed a camera.",
        focal=_number("Focal length, pixels of the upright original.", exclusiveMinimum=0),
        focal_down=_number("The same down the picture; another one where pixels are not square.", exclusiveMinimum=0),
        cx=_number("Principal point, pixels from the left."),
        cy=_number("Principal point, pixels from the top."),
        distortion=_or_null(
            _object(
                "What the lens does to straight lines, where it was calibrated; null: nothing.",
                model={"enum": ["brown-conrady", "rational polynomial", "fisheye"]},
                coefficients=_list("In OpenCV's order.", {"type": "number"}),
            )
        ),
        source=_text("How it is known: given, calibrated, from EXIF, or assumed."),
    )
    picture = _object(
        "One picture that was asked about.",
        path=_text("As it was given; `-` for standard input, empty where there was none."),
        width=_whole("Of the upright original, pixels."),
        height=_whole("Of the upright original, pixels."),
        sha256=_text("Of the file's bytes."),
        time=_or_null(_number("Seconds from the start of the film that it is a frame of; null for a picture.", minimum=0)),
        camera=_or_null(camera),
        part=_numbers(
            4, "What the model was shown of it: left, top, width, height in pixels; all where this is missing.", minimum=0
        ),
    )
    picture["required"].remove("part")
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
        first_token_ms=_number("From asking to the first token, be it of the reasoning or of the answer.", minimum=0),
        total_ms=_number("From asking to the whole answer, its verdicts included.", minimum=0),
        thinking_ms=_number("From the first token of the reasoning to its end.", minimum=0),
        thinking_tokens=_whole("Tokens of the reasoning."),
        tokens=_whole("Tokens of the answer, without those of the reasoning."),
        tokens_per_s=_number("Of both, while they were made.", minimum=0),
        reused_tokens=_whole("Tokens of the prompt that were in the cache already."),
    )
    answer = _object(
        "One question answered, with all that backs the answer.",
        schema={"const": VERSION},
        question=_text("As it was asked."),
        task=_text("The task that it was taken for (sightline tasks); empty for text from elsewhere (sightline parse)."),
        text=_text("What the model said, without its reasoning and without space around it."),
        thinking=_text("A thinking model's reasoning, which is no part of the text; empty where there is none."),
        pictures=_list("What was asked about.", picture),
        boxes=_boxes(),
        points=_points(),
        boxes3d=_boxes3d(),
        claims=_claims(),
        checks=_checks(),
        changes=_changes(),
        motions=_motions(),
        moments=_moments(),
        tags=_list("Spatial words of the text, in its order.", tag),
        told=_list("What other networks had seen, as the model was told before the question.", _text("One sentence.")),
        warnings=_list("What was mended, cut off or left out, one sentence each.", {"type": "string"}),
        model={
            "type": "object",
            "description": "What answered: name, files, runtime, localisation error (sigma).",
            "additionalProperties": {"type": "string"},
        },
        timings=timings,
        asked=_or_null(_asked()),
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "sightline answer", **answer}
