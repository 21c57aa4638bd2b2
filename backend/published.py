"""A published answer (schema 1) read back into the values it was made of, so that what was kept can be shown again.

Numbers are as they were published, which is rounded; reading and publishing again gives the same JSON. What a later
version added is passed over, and what an earlier one did not know has its default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from backend.answer import Answer, Asked, PictureRef, Sent, Timings
from backend.scene import (
    AskedAgain,
    Box,
    Box3D,
    CameraMotion,
    Change,
    ChangeKind,
    Check,
    Claim,
    Distortion,
    Finding,
    Intrinsics,
    LensModel,
    MotionKind,
    Point,
    Ruling,
    SecondLook,
    Span,
    Tag,
    Verdict,
    Window,
    Witness,
)
from backend.scene.moments import Moment

Told = Mapping[str, Any]
_Made = TypeVar("_Made")


def as_answer(told: Told, turn: tuple[str, str] = ("", "")) -> Answer:
    """The answer that `told` (`Answer.as_dict`) was made of; `turn` is not published and has to be kept beside it.

    Raises ValueError for what is no published answer.
    """
    try:
        return _answer(told, turn)
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError(f"no published answer: {error!r}") from error


def as_finding(told: Told) -> Finding:
    """A box, point or solid box, whichever of them this is the JSON of. Raises ValueError for what is none."""
    try:
        if "bbox" in told:
            return _box(told)
        return _point(told) if "point" in told else _solid(told)
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError(f"no published finding: {error!r}") from error


def _answer(told: Told, turn: tuple[str, str]) -> Answer:
    return Answer(
        question=told["question"],
        task=told["task"],
        text=told["text"],
        pictures=_each(told, "pictures", _picture),
        boxes=_each(told, "boxes", _box),
        points=_each(told, "points", _point),
        boxes3d=_each(told, "boxes3d", _solid),
        claims=_each(told, "claims", _claim),
        checks=_each(told, "checks", _check),
        changes=_each(told, "changes", _change),
        motions=_each(told, "motions", _motion),
        moments=_each(told, "moments", _moment),
        thinking=told.get("thinking", ""),
        tags=_each(told, "tags", lambda tag: Tag(tag["word"], tag["text"], _span(tag["text_span"]))),
        told=tuple(told.get("told", ())),
        warnings=tuple(told.get("warnings", ())),
        model=tuple((str(key), str(value)) for key, value in told.get("model", {}).items()),
        timings=Timings(**{key: value for key, value in told.get("timings", {}).items() if key in Timings.__slots__}),
        asked=None if (asked := told.get("asked")) is None else _asked(asked),
        turn=turn,
    )


def _asked(told: Told) -> Asked:
    return Asked(
        messages=_each(told, "messages", lambda one: Sent(one["role"], tuple(map(_part, one["parts"])))),
        max_tokens=told["max_tokens"],
        thinking_tokens=told["thinking_tokens"],
        seed=told["seed"],
        sampling=tuple(told["sampling"].items()),
        second_looks=told["second_looks"],
        camera_given=told.get("camera_given", False),
        witnesses=tuple(told.get("witnesses", ())),
        part=None if told.get("part") is None else _corners(told["part"]),
    )


def _part(told: Told) -> str | tuple[int, int, int]:
    return str(told["text"]) if "text" in told else (int(told["picture"]), int(told["width"]), int(told["height"]))


def _each(told: Told, name: str, make: Callable[[Told], _Made]) -> tuple[_Made, ...]:
    return tuple(make(one) for one in told.get(name, ()))


def _picture(told: Told) -> PictureRef:
    camera = told.get("camera")
    return PictureRef(
        told["path"],
        told["width"],
        told["height"],
        told["sha256"],
        None if camera is None else _intrinsics(camera),
        told.get("time"),
        Window(*told["part"]) if told.get("part") else None,
    )


def _intrinsics(told: Told) -> Intrinsics:
    lens = told.get("distortion")
    focal = told["focal"]
    return Intrinsics(
        focal,
        told["cx"],
        told["cy"],
        told["source"],
        told.get("focal_down", focal) / focal,
        Distortion(LensModel(lens["model"]), tuple(lens["coefficients"])) if lens else Distortion(),
    )


def _said_of(told: Told) -> dict[str, Any]:
    """What every finding has beside its place."""
    return {
        "label": told.get("label", ""),
        "picture": told.get("picture", 0),
        "confidence": told.get("confidence"),
        "id": told.get("id", ""),
        "attributes": tuple(told.get("attributes", {}).items()),
    }


def _box(told: Told) -> Box:
    x1, y1, x2, y2 = told["bbox"]
    second = told.get("second_look")
    look = None if second is None else _second_look(second)
    return Box(x1, y1, x2, y2, **_said_of(told), found_by=told.get("found_by", "model"), second_look=look)


def _second_look(told: Told) -> SecondLook:
    second = told["second"]
    return SecondLook(
        Window(*told["window"]), _corners(told["first"]), None if second is None else _corners(second), told["iou"]
    )


def _corners(told: Any) -> tuple[float, float, float, float]:
    x1, y1, x2, y2 = told
    return x1, y1, x2, y2


def _point(told: Told) -> Point:
    x, y = told["point"]
    return Point(x, y, **_said_of(told))


def _solid(told: Told) -> Box3D:
    x, y, z = told["centre"]
    width, height, depth = told["size"]
    pitch, yaw, roll = told["rotation"]
    return Box3D((x, y, z), (width, height, depth), pitch, yaw, roll, **_said_of(told))


def _claim(told: Told) -> Claim:
    verdict, span = told.get("verdict"), told.get("text_span")
    return Claim(
        told["subject"],
        told["relation"],
        told["object"],
        frame=told.get("frame", "camera"),
        subject_id=told.get("subject_id", ""),
        object_id=told.get("object_id", ""),
        verdict=None if verdict is None else _verdict(verdict),
        text_span=None if span is None else _span(span),
        other=told.get("other", ""),
        other_id=told.get("other_id", ""),
        negated=told.get("negated", False),
        asked_again=_each(
            told, "asked_again", lambda one: AskedAgain(one["how"], one["question"], one["answer"], one["agrees"])
        ),
        witnesses=_each(told, "witnesses", lambda one: Witness(one["kind"], one["agrees"], one["reason"])),
    )


def _verdict(told: Told) -> Verdict:
    return Verdict(Ruling(told["ruling"]), told.get("margin_sigma"), told["reason"], told.get("confidence"))


def _check(told: Told) -> Check:
    return Check(told["kind"], told["finding_id"], told["against_id"], _verdict(told["verdict"]), told.get("picture", 0))


def _change(told: Told) -> Change:
    before, after = told["pictures"]
    moved = told["displacement"]
    return Change(
        ChangeKind(told["kind"]),
        told["label"],
        before,
        after,
        told["before_id"],
        told["after_id"],
        None if moved is None else (moved[0], moved[1]),
        told["displacement_sigma"],
        told["scale"],
        told["scale_sigma"],
        told["reason"],
    )


def _motion(told: Told) -> CameraMotion:
    before, after = told["pictures"]
    across, down = told["shift"]
    return CameraMotion(
        MotionKind(told["kind"]),
        before,
        after,
        told["scale"],
        (across, down),
        told["agreeing"],
        told["shared"],
        told["reason"],
    )


def _moment(told: Told) -> Moment:
    return Moment(told["start"], told["end"], _span(told["text_span"]), told["picture"])


def _span(told: Any) -> Span:
    first, after = told
    return first, after
