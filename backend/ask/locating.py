"""Things looked for by name in one picture, for commands that need places rather than an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from backend.ask.pipeline import Asker
from backend.ask.task import Question
from backend.errors import QuestionCancelled
from backend.events import AskEvent, Cancelled, Done, Failed
from backend.language import _
from backend.scene import Box, Box3D, Picture
from backend.spatial.known_camera import GivenCamera


@dataclass(frozen=True, slots=True)
class Located:
    """What was found under one name."""

    name: str
    boxes: tuple[Box, ...]
    """Each with an id that is unique among all names."""
    solids: tuple[Box3D, ...] = ()
    """The model's solid boxes, in its own order; none unless they were asked for."""
    warnings: tuple[str, ...] = ()


def locate(
    asker: Asker,
    picture: Picture,
    names: Sequence[str],
    *,
    solid: bool = False,
    camera: GivenCamera | None = None,
    heard: Callable[[AskEvent], None] = lambda _: None,
) -> list[Located]:
    """Ask for the boxes of every name, all at once; `solid`: for solid boxes as well. `heard` is given every event.

    Raises whatever the first question that failed failed with.
    """
    asked = [Question(name, (picture,), "boxes", camera=camera) for name in names]
    solids = [Question(name, (picture,), "boxes3d", camera=camera) for name in names] if solid else []
    done = {}
    for event in asker.ask(*asked, *solids):
        heard(event)
        match event:
            case Done(request=request, answer=answer):
                done[request] = answer
            case Failed(error=error):
                raise error
            case Cancelled():
                raise QuestionCancelled(_("cancelled"))
    made, count = [], 0
    for n, (name, question) in enumerate(zip(names, asked, strict=True)):
        answer = done[question.id]
        boxes = tuple(replace(box, id=f"b{count + k}") for k, box in enumerate(answer.boxes, 1))
        count += len(boxes)
        stated = done[solids[n].id].boxes3d if solid else ()
        made.append(Located(name, boxes, tuple(stated), answer.warnings))
    return made
