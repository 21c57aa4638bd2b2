"""What backs a claim: boxes for its two names, and geometry's ruling on them.

A name that the answer gave no box for is asked for on the same picture, whose tokens are still in the cache, so that
looking for evidence costs two short answers and no second look at the pixels.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from backend.ask.measured import ASSUMED, Localisation
from backend.scene import Box, Claim, Picture
from backend.spatial.relations import judge


def _same_name(label: str, name: str) -> bool:
    return label.strip().casefold() == name.strip().casefold()


def boxes_for(name: str, boxes: Iterable[Box]) -> list[Box]:
    """The boxes whose label is that name."""
    return [box for box in boxes if _same_name(box.label, name)]


def ruled(claim: Claim, boxes: Iterable[Box], picture: Picture, known_error: Localisation = ASSUMED) -> Claim:
    """The claim with its grounds and geometry's verdict; without a verdict where a name has no box."""
    known = list(boxes)
    subjects, objects = boxes_for(claim.subject, known), boxes_for(claim.object, known)
    if not subjects or not objects:
        return claim
    subject, object_ = subjects[0], objects[0]
    verdict = judge(claim, subject, object_, known_error.sigma(picture))
    if len(subjects) > 1 or len(objects) > 1:
        verdict = replace(verdict, reason=f"{verdict.reason}; the first of several boxes with that name was taken")
    return replace(claim, subject_id=subject.id, object_id=object_.id, verdict=verdict)
