"""Where a finding is, in words: the part of the picture, its size as a share of it, and what lies beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from backend.answer import Answer, PictureRef
from backend.language import N_, _
from backend.sanitise import one_line
from backend.scene import Box, Box3D, Finding, Point
from backend.scene.moments import stamp

_PARTS = (
    (N_("upper left"), N_("at the top, in the middle"), N_("upper right")),
    (N_("on the left, at half height"), N_("in the middle"), N_("on the right, at half height")),
    (N_("lower left"), N_("at the bottom, in the middle"), N_("lower right")),
)
_WAYS = (
    N_("right of it"),
    N_("right of it and lower"),
    N_("below it"),
    N_("left of it and lower"),
    N_("left of it"),
    N_("left of it and higher"),
    N_("above it"),
    N_("right of it and higher"),
)
"""Clockwise from the right, an eighth of a turn each."""
_NEIGHBOURS = 3


def part_of(x: float, y: float) -> str:
    """The third of the picture, across and down, that a place lies in; `x` and `y` are 0…1 from the left and the top."""
    column, row = (min(2, max(0, math.floor(3 * at))) for at in (x, y))
    return _(_PARTS[row][column])


def share(of: float) -> str:
    """A part of the whole in percent, for reading aloud."""
    percent = round(100 * of)
    return _("less than 1 %") if percent < 1 else f"{percent} %"


def name_of(finding: Finding) -> str:
    return one_line(finding.label) or _("something without a name")


def described(number: int, finding: Finding, answer: Answer) -> str:
    """One finding on one line: its number, name, place, size and how sure the model was."""
    picture = answer.pictures[finding.picture]
    parts = [name_of(finding), _place(finding, picture)]
    if len(answer.pictures) > 1:
        time = f" ({stamp(picture.time)})" if picture.time is not None else ""
        parts.append(_("in picture {number}{time}").format(number=finding.picture + 1, time=time))
    if finding.confidence is not None:
        parts.append(_("confidence {share}").format(share=share(min(finding.confidence, 0.99))))
    parts += [f"{one_line(key)}: {one_line(str(value))}" for key, value in finding.attributes]
    return f"{number}: {', '.join(parts)}"


def _place(finding: Finding, picture: PictureRef) -> str:
    match finding:
        case Box():
            x, y = finding.centre
            return _("{part}, {wide} of the picture wide and {high} high").format(
                part=part_of(x / picture.width, y / picture.height),
                wide=share(finding.width / picture.width),
                high=share(finding.height / picture.height),
            )
        case Point():
            return _("{part}, {across} from the left and {down} from the top").format(
                part=part_of(finding.x / picture.width, finding.y / picture.height),
                across=share(finding.x / picture.width),
                down=share(finding.y / picture.height),
            )
        case Box3D(centre=(x, y, z)):
            side = _("to the right") if x >= 0 else _("to the left")
            height = _("below the camera") if y >= 0 else _("above the camera")
            return _("{ahead:.1f} metres ahead, {aside:.1f} {side}, {off:.1f} {height}, by the model's estimate").format(
                ahead=z, aside=abs(x), side=side, off=abs(y), height=height
            )


def exactly(finding: Finding, answer: Answer) -> str:
    """Its place in pixels, or its sizes in metres."""
    picture = answer.pictures[finding.picture]
    size = _("in a picture of {width} by {height}").format(width=picture.width, height=picture.height)
    match finding:
        case Box():
            return _("From {x1:.0f} to {x2:.0f} pixels across and from {y1:.0f} to {y2:.0f} down, {size}.").format(
                x1=finding.x1, x2=finding.x2, y1=finding.y1, y2=finding.y2, size=size
            )
        case Point():
            return _("At {x:.0f} pixels across and {y:.0f} down, {size}.").format(x=finding.x, y=finding.y, size=size)
        case Box3D(size=(width, height, depth)):
            return _(
                "{width:.2f} metres wide, {height:.2f} high and {depth:.2f} deep, turned by {turn:.0f} degrees; "
                "all of it is the model's estimate."
            ).format(width=width, height=height, depth=depth, turn=math.degrees(finding.yaw))


def neighbours(number: int, findings: Sequence[Finding]) -> list[str]:
    """What lies beside a finding in the same picture, the nearest first; `number` counts from 1."""
    finding = findings[number - 1]
    here = _middle(finding)
    if here is None:
        return []
    others = [
        (math.dist(here, there), other + 1, there)
        for other, one in enumerate(findings)
        if one is not finding and one.picture == finding.picture and (there := _middle(one)) is not None
    ]
    told = []
    for distance, other, (x, y) in sorted(others)[:_NEIGHBOURS]:
        way = _WAYS[round(math.atan2(y - here[1], x - here[0]) / (math.pi / 4)) % 8]
        where = _(way) if distance > 0 else _("at the same place")
        told.append(_("{number}, {name}, is {where}.").format(number=other, name=name_of(findings[other - 1]), where=where))
    return told


def _middle(finding: Finding) -> tuple[float, float] | None:
    """In pixels; a solid box has metres only."""
    match finding:
        case Box():
            return finding.centre
        case Point():
            return finding.x, finding.y
        case _:
            return None
