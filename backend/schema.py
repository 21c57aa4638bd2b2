"""The JSON of an answer as JSON Schema (draft 2020-12): what `sightline schema` prints.

Written by hand, because it says what the numbers mean; a test holds real answers against it, which may hold no key that
is not described here.
"""

from __future__ import annotations

from backend.json_types import SPAN, Schema, list_of, number_of, numbers_of, object_of, or_null, text_of, whole_of
from backend.scene import ChangeKind, MotionKind, Relation

VERSION = 1
"""In every answer as `schema`. It grows when a key is renamed, removed or means something else, not when one is added."""


def _finding(about: str, letter: str, **place: Schema) -> Schema:
    return object_of(
        about,
        id=text_of("Unique within the answer.", pattern=f"^{letter}[0-9]+$"),
        label=text_of("What the model called it."),
        **place,
        picture=whole_of("Which of `pictures`, counted from 0."),
        confidence=or_null(
            number_of(
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
    corners = numbers_of(4, "x1, y1, x2, y2 in pixels of the upright original, x1 ≤ x2, y1 ≤ y2.", minimum=0)
    rectangle = _finding("One rectangle.", "b", bbox=corners)
    again = object_of(
        "What an enlarged part of the picture showed of it; null where it was not looked at again.",
        window=numbers_of(4, "What was enlarged: left, top, width, height in pixels of the upright original.", minimum=0),
        first=numbers_of(4, "As the whole picture gave it, like `bbox`.", minimum=0),
        second=or_null(numbers_of(4, "As the enlarged part gave it; null where it showed nothing.", minimum=0)),
        iou=number_of("Intersection over union of the two.", minimum=0, maximum=1),
    )
    rectangle["properties"]["second_look"] = or_null(again)
    rectangle["properties"]["found_by"] = {
        "enum": ["model", "ocr"],
        "description": "Who says that it is there; ocr: words that were read by a network of their own.",
    }
    rectangle["required"] += ["second_look", "found_by"]
    return list_of("Rectangles.", rectangle)


def _points() -> Schema:
    spot = numbers_of(2, "x, y in pixels of the upright original.", minimum=0)
    return list_of("Spots.", _finding("One spot.", "p", point=spot))


def _boxes3d() -> Schema:
    place = {
        "centre": numbers_of(3, "x (right), y (down), z (forward) in the camera frame."),
        "size": numbers_of(3, "Extents along the box's own axes, before it is turned.", exclusiveMinimum=0),
        "rotation": numbers_of(3, "Pitch, yaw and roll in radians, applied as Rz(roll) · Ry(yaw) · Rx(pitch)."),
        "unit": {"const": "metres, estimated by the model"},
    }
    return list_of("Solid boxes.", _finding("One solid box, as the model estimates it.", "s", **place))


def _verdict(about: str) -> Schema:
    return object_of(
        about,
        ruling={"enum": ["confirmed", "contradicted", "undetermined"]},
        margin_sigma=or_null(
            number_of(
                "Distance to the decision in units of the model's localisation error (of a camera's check: of the fit's "
                "standard error); positive supports the claim."
            )
        ),
        reason=text_of("One sentence with the numbers behind the ruling."),
        confidence=or_null(
            number_of(
                "Chance that the ruling is right, as calibrated for this model on generated scenes; null where it was not "
                "calibrated, and for an undetermined one.",
                minimum=0,
                maximum=1,
            )
        ),
    )


def _claims() -> Schema:
    again = object_of(
        "The claim's question put once more in another way.",
        how={"enum": ["mirrored", "exchanged", "enlarged"]},
        question=text_of("As it was asked then."),
        answer=text_of("What the model said."),
        agrees={"type": ["boolean", "null"], "description": "Whether it says the same of the scene; null: it does not tell."},
    )
    witness = object_of(
        "What another network than the model says of it.",
        kind={"enum": ["depth", "words"], "description": "A depth network's ordering; text that was read in the picture."},
        agrees={"type": ["boolean", "null"], "description": "Whether it speaks for the claim; null: it does not tell."},
        reason=text_of("One sentence with its numbers."),
    )
    grounds = "The finding that grounds the {}; empty where none was found."
    return list_of(
        "Relations that the answer states.",
        object_of(
            "subject, relation, object.",
            subject=text_of("As the answer calls it."),
            relation={"enum": [relation.value for relation in Relation]},
            object=text_of(
                "As the answer calls it. Of farthest and nearest what it is compared with; empty: everything found."
            ),
            other=text_of("The second of the two things that the subject is between; empty for every other relation."),
            negated={"type": "boolean", "description": "The answer denies the relation."},
            frame={
                "enum": ["camera", "object", "viewer"],
                "description": "Whose left and front: the camera's, the object's own, or somebody's in the picture.",
            },
            subject_id=text_of(grounds.format("subject")),
            object_id=text_of(grounds.format("object")),
            other_id=text_of(grounds.format("other")),
            text_span=or_null(SPAN),
            verdict=or_null(_verdict("What geometry says of it; null where a thing that it names was not found.")),
            asked_again=list_of("Whether the model stands by it.", again),
            witnesses=list_of("What other networks say of it.", witness),
        ),
    )


def _checks() -> Schema:
    return list_of(
        "What geometry says of the findings themselves.",
        object_of(
            "One check of one finding.",
            kind={
                "enum": ["projection", "ground", "camera", "text"],
                "description": "Does the solid box project onto its rectangle? Is its contact with the ground plausible? "
                "Do all of a picture agree with its camera?",
            },
            finding_id=text_of("What was checked; empty for the camera."),
            against_id=text_of("What it was compared with; empty where there is none."),
            picture=whole_of("Which picture it is about, counted from 0."),
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
    return list_of(
        "What became of things from one picture to the next, where pictures were compared.",
        object_of(
            "One thing that changed in one respect, or in none.",
            kind={
                "enum": [kind.value for kind in ChangeKind],
                "description": "entered_view and left_view: one of the two pictures does not show its place; unchanged: what "
                "changed is within what the boxes' error explains.",
            },
            label=text_of("What the model called it."),
            pictures=_between(),
            before_id=text_of(found.format("earlier")),
            after_id=text_of(found.format("later")),
            displacement=or_null(
                numbers_of(2, "How far right and down, pixels of the later picture, the camera's motion off.")
            ),
            displacement_sigma=or_null(number_of("Its length in standard deviations of its error.", minimum=0)),
            scale=or_null(
                number_of("How many times as large it looks later, the camera's motion taken off.", exclusiveMinimum=0)
            ),
            scale_sigma=or_null(number_of("The logarithm of that in standard deviations of its error.")),
            reason=text_of("One sentence with the numbers."),
        ),
    )


def _motions() -> Schema:
    return list_of(
        "What the camera did between compared pictures, told from the things that both show.",
        object_of(
            "x′ = scale · x + shift, from pixels of the earlier picture to those of the later one.",
            kind={
                "enum": [kind.value for kind in MotionKind],
                "description": "unknown: too few things are in both pictures, or they do not agree; taken as still.",
            },
            pictures=_between(),
            scale=number_of("Of pictures of different size their ratio is in it.", exclusiveMinimum=0),
            shift=numbers_of(2, "Right and down, pixels of the later picture."),
            agreeing=whole_of("Things in both pictures that it explains."),
            shared=whole_of("Things in both pictures."),
            reason=text_of("One sentence with the numbers."),
        ),
    )


def _moments() -> Schema:
    shows = "Which of `pictures` shows its start, counted from 0; null where none does."
    return list_of(
        "Times of a film that the text speaks of, in its order.",
        object_of(
            "A time, or a stretch of it, in seconds from the film's first frame.",
            start=number_of("Where it begins.", minimum=0),
            end=or_null(number_of("Where it ends; null for a time alone.", minimum=0)),
            text_span=SPAN,
            picture=or_null(whole_of(shows)),
        ),
    )


def _asked() -> Schema:
    text = object_of("Words.", text=text_of("As they were sent."))
    shown = object_of(
        "A picture, and the size in which it was shown.",
        picture=whole_of("Of `pictures`."),
        width=whole_of("Pixels."),
        height=whole_of("Pixels."),
    )
    message = object_of(
        "One turn.", role=text_of("system, user or assistant."), parts=list_of("In their order.", {"anyOf": [text, shown]})
    )
    return object_of(
        "How the question was put; null for text from elsewhere. sightline replay asks by it.",
        messages=list_of("What the model was given: the whole conversation, the question last.", message),
        max_tokens=whole_of("Of the answer at most."),
        thinking_tokens=or_null(whole_of("Of a reasoning at most; null for a model that does not reason.")),
        seed=whole_of("Of the sampling."),
        sampling={"type": "object", "description": "Temperature 0 is greedy.", "additionalProperties": {"type": "number"}},
        second_looks={"type": "boolean", "description": "Whether it looked, and was asked, a second time."},
        camera_given={"type": "boolean", "description": "Whether the user told the camera."},
        witnesses=list_of("Which others looked before.", {"enum": ["depth", "words"]}),
        part=or_null(numbers_of(4, "What was shown of its one picture: left, top, width, height; null: all of it.")),
    )


def json_schema() -> Schema:
    """JSON Schema of `backend.answer.Answer.as_dict`."""
    camera = object_of(
        "What solid boxes were projected with; null where nothing needed a camera.",
        focal=number_of("Focal length, pixels of the upright original.", exclusiveMinimum=0),
        focal_down=number_of("The same down the picture; another one where pixels are not square.", exclusiveMinimum=0),
        cx=number_of("Principal point, pixels from the left."),
        cy=number_of("Principal point, pixels from the top."),
        distortion=or_null(
            object_of(
                "What the lens does to straight lines, where it was calibrated; null: nothing.",
                model={"enum": ["brown-conrady", "rational polynomial", "fisheye"]},
                coefficients=list_of("In OpenCV's order.", {"type": "number"}),
            )
        ),
        source=text_of("How it is known: given, calibrated, from EXIF, or assumed."),
    )
    picture = object_of(
        "One picture that was asked about.",
        path=text_of("As it was given; `-` for standard input, empty where there was none."),
        width=whole_of("Of the upright original, pixels."),
        height=whole_of("Of the upright original, pixels."),
        sha256=text_of("Of the file's bytes."),
        time=or_null(number_of("Seconds from the start of the film that it is a frame of; null for a picture.", minimum=0)),
        camera=or_null(camera),
        part=numbers_of(
            4, "What the model was shown of it: left, top, width, height in pixels; all where this is missing.", minimum=0
        ),
    )
    picture["required"].remove("part")
    tag = object_of(
        "One spatial word of the text.",
        word={"enum": ["left", "right", "above", "below", "front", "behind", "between", "near", "inside", "on"]},
        text=text_of("As it stands there."),
        text_span=SPAN,
    )
    timings = object_of(
        "Where the time went.",
        load_ms=number_of("Loading the model.", minimum=0),
        encode_ms=number_of("The vision tower.", minimum=0),
        prefill_ms=number_of("Reading the prompt.", minimum=0),
        first_token_ms=number_of("From asking to the first token, be it of the reasoning or of the answer.", minimum=0),
        total_ms=number_of("From asking to the whole answer, its verdicts included.", minimum=0),
        thinking_ms=number_of("From the first token of the reasoning to its end.", minimum=0),
        thinking_tokens=whole_of("Tokens of the reasoning."),
        tokens=whole_of("Tokens of the answer, without those of the reasoning."),
        tokens_per_s=number_of("Of both, while they were made.", minimum=0),
        reused_tokens=whole_of("Tokens of the prompt that were in the cache already."),
    )
    answer = object_of(
        "One question answered, with all that backs the answer.",
        schema={"const": VERSION},
        question=text_of("As it was asked."),
        task=text_of("The task that it was taken for (sightline tasks); empty for text from elsewhere (sightline parse)."),
        text=text_of("What the model said, without its reasoning and without space around it."),
        thinking=text_of("A thinking model's reasoning, which is no part of the text; empty where there is none."),
        pictures=list_of("What was asked about.", picture),
        boxes=_boxes(),
        points=_points(),
        boxes3d=_boxes3d(),
        claims=_claims(),
        checks=_checks(),
        changes=_changes(),
        motions=_motions(),
        moments=_moments(),
        tags=list_of("Spatial words of the text, in its order.", tag),
        told=list_of("What other networks had seen, as the model was told before the question.", text_of("One sentence.")),
        warnings=list_of("What was mended, cut off or left out, one sentence each.", {"type": "string"}),
        model={
            "type": "object",
            "description": "What answered: name, files, runtime, localisation error (sigma).",
            "additionalProperties": {"type": "string"},
        },
        timings=timings,
        asked=or_null(_asked()),
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "sightline answer", **answer}
