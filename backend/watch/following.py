"""What becomes of the answers to frame after frame: things that are followed, and what happens to them and to the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.answer import Answer
from backend.scene import Picture
from backend.spatial.known_camera import GivenCamera
from backend.spatial.tracks import Event, EventFinder, Line, Rules, Sighting, Tracker, Zone
from backend.watch.flips import Flip, FlipFinder

HITS = 2
"""Frames in which a thing must be found before it counts: few are looked at, so that three would be a long time."""
GAP_S = 2.0
"""For which a thing may go unseen; longer where the budget lets frames be farther apart."""
REMEMBERED_S = 30.0
"""Of the past of each track."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What is looked for in each frame, and where it matters."""

    finds: tuple[str, ...] = ()
    """Names of things to follow."""
    questions: tuple[str, ...] = ()
    zones: tuple[Zone, ...] = ()
    lines: tuple[Line, ...] = ()
    regions: tuple[str, ...] = ()
    """Names of things whose boxes other things may come to lie in, and leave: a table."""
    camera: GivenCamera | None = None
    """What the user says of it, by which claims about depth are judged; 60° across are assumed where None."""


class Following:
    """The memory of the loop. Not thread-safe."""

    def __init__(self, watched: Watched, budget_s: float) -> None:
        self._watched = watched
        self._rules = Rules(hits=HITS, gap=max(GAP_S, 4 * budget_s))
        self._flips = {question: FlipFinder(question) for question in watched.questions}
        self._size: tuple[int, int] | None = None
        self._tracker: Tracker | None = None
        self._finder: EventFinder | None = None

    def update(
        self, time: float, picture: Picture, answers: Sequence[Answer]
    ) -> tuple[tuple[Sighting, ...], list[Event | Flip]]:
        """What is followed after a frame, and what it has brought to light. Frames come in the order of their times (seconds);
        one of another size begins all tracks anew."""
        happened: list[Event | Flip] = []
        if (picture.width, picture.height) != self._size:
            self._size = picture.width, picture.height
            self._tracker = Tracker(*self._size, self._rules, keep=REMEMBERED_S)
            self._finder = EventFinder(
                *self._size, zones=self._watched.zones, lines=self._watched.lines, regions=self._watched.regions
            )
        assert self._tracker is not None
        assert self._finder is not None
        boxes = [box for answer in answers if answer.task in _LISTS for box in answer.boxes]
        step = self._tracker.update(time, boxes)
        happened += self._finder.update(step)
        for answer in answers:
            if (flips := self._flips.get(answer.question)) is not None:
                happened += flips.update(time, answer)
        return step.sightings, happened


_LISTS = ("boxes", "categories", "attributes")
"""Tasks whose boxes are all that there is of something, so that one that is missing has gone."""


def as_dict(one: Sighting) -> dict[str, Any]:
    """A followed thing as a frame's record tells it: where it is, or is expected while it is not seen, and how it moves."""
    return {
        "id": one.id,
        "label": one.label,
        "bbox": [round(v, 2) for v in one.box],
        "seen": one.seen,
        **one.velocity.as_dict(),
    }
