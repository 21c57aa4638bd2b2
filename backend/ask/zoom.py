"""Which findings deserve a second look, on which part of the picture, and what two looks together say.

A thing that covers hardly more than one of the model's cells is known to a fraction of a cell at best; on an enlarged crop
it covers many. The second look wins where it speaks of the same thing, because it saw it larger; both boxes stay with the
finding.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from backend.ask import prompts
from backend.ask.wish import Outcome, Sought, Wish
from backend.catalog.card import ModelCard
from backend.language import _
from backend.media.fit import CELL, plan
from backend.scene import Box, SecondLook, View, Window

SMALL = 1.5
"""Cells (32×32 pixels of what the model was shown) along the shorter side, below which a box is looked at again."""
DOUBTFUL = 0.5
"""Confidence below which it is."""
AROUND = 3.5
"""Sides of the enlarged part, in longer sides of the box: what surrounds a thing tells it from others."""
BESIDE = 0.25
"""Of the extent of two things, what is shown on each side of them."""
ENOUGH = 4.0
"""Cells along the longer side at which a thing is seen well."""
GAIN = 1.4
"""Least enlargement that is worth a look."""
NEARBY = 1.0
"""Longer sides of the first box between the two centres, beyond which the second look has found something else."""
MOST = 12
"""Findings of one question that are looked at again; the smallest first."""
_EDGE = 0.01
"""Of the window's side: a box that comes closer to an edge which is not the picture's was cut off by it."""


def second_looks(boxes: Iterable[Box], view: View, card: ModelCard) -> dict[Wish, Box]:
    """The wishes for boxes that deserve it, each with its box; all of one picture, shown as `view`."""
    worthy = sorted((box for box in boxes if box.label.strip() and _deserves(box, view)), key=lambda box: box.area)
    wishes: dict[Wish, Box] = {}
    for box in worthy[:MOST]:
        budget = _budget(view, card)
        enlarged = plan(view.picture, window(box, view), budget, min(card.image_tokens.min, budget), view.units)
        if _scale(enlarged) >= GAIN * _scale(view):
            wishes[Wish(Sought.BOXES, prompts.locate(box.label), enlarged)] = box
    return wishes


def window(box: Box, view: View) -> Window:
    """The part of the picture that is enlarged for a box: a square around it, as far as the picture has room for one."""
    picture = view.picture
    side = AROUND * max(box.width, box.height, 4.0)
    width, height = min(side, float(picture.width)), min(side, float(picture.height))
    left = min(max(box.centre[0] - width / 2, 0.0), picture.width - width)
    top = min(max(box.centre[1] - height / 2, 0.0), picture.height - height)
    return Window(left, top, width, height)


def around_both(one: Box, other: Box, view: View, card: ModelCard) -> View | None:
    """The part of the picture with two things in it, enlarged; None where it is hardly larger than it was shown."""
    picture = view.picture
    x1, x2 = min(one.x1, other.x1), max(one.x2, other.x2)
    y1, y2 = min(one.y1, other.y1), max(one.y2, other.y2)
    margin = BESIDE * max(x2 - x1, y2 - y1, 4.0)
    left, top = max(x1 - margin, 0.0), max(y1 - margin, 0.0)
    right, bottom = min(x2 + margin, float(picture.width)), min(y2 + margin, float(picture.height))
    budget = view.raster_width * view.raster_height // CELL**2
    seen = Window(left, top, right - left, bottom - top)
    enlarged = plan(picture, seen, budget, min(card.image_tokens.min, budget), view.units)
    return enlarged if _scale(enlarged) >= GAIN * _scale(view) else None


def seen_again(box: Box, view: View, outcome: Outcome) -> Box:
    """A box after its second look at `view`: with the corners of the look that is believed, and both kept."""
    others = [finding for finding in outcome.findings if isinstance(finding, Box)]
    best = min(others, key=lambda other: math.dist(box.centre, other.centre), default=None)
    if best is None:
        return replace(box, second_look=SecondLook(view.window, box.corners, None, 0.0))
    iou = box.iou(best)
    look = SecondLook(view.window, box.corners, best.corners, iou)
    apart = math.dist(box.centre, best.centre)
    if apart > NEARBY * max(box.width, box.height, best.width, best.height) or _cut_off(best, view):
        return replace(box, second_look=look)
    return replace(box, x1=best.x1, y1=best.y1, x2=best.x2, y2=best.y2, confidence=best.confidence, second_look=look)


def remarks(boxes: Sequence[Box]) -> tuple[str, ...]:
    """What second looks changed, or could not find again, in one sentence; nothing where they agreed."""
    looks = [(box, box.second_look) for box in boxes if box.second_look is not None]
    moved = [box.id for box, look in looks if look.first != box.corners]
    lost = [box.id for box, look in looks if look.second is None]
    parts = [f"{what} {', '.join(ids)}" for what, ids in ((_("placed anew:"), moved), (_("not found again:"), lost)) if ids]
    return (
        (
            _("second looks at {count} of {count_2} boxes, enlarged; {parts}").format(
                count=len(looks), count_2=len(boxes), parts="; ".join(parts)
            ),
        )
        if parts
        else ()
    )


def _deserves(box: Box, view: View) -> bool:
    across, down = view.raster_width / view.window.width, view.raster_height / view.window.height
    cells = min(box.width * across, box.height * down) / CELL
    return cells < SMALL or (box.confidence is not None and box.confidence < DOUBTFUL)


def _budget(view: View, card: ModelCard) -> int:
    """Tokens for an enlarged part: as many as show the thing well, which is far fewer than the whole picture is worth."""
    return min(view.raster_width * view.raster_height // CELL**2, max(card.image_tokens.min, round((AROUND * ENOUGH) ** 2)))


def _scale(view: View) -> float:
    """Pixels that the model is shown for one of the original; the geometric mean of both axes."""
    return float((view.raster_width / view.window.width * view.raster_height / view.window.height) ** 0.5)


def _cut_off(box: Box, view: View) -> bool:
    seen, picture = view.window, view.picture
    x, y = _EDGE * seen.width, _EDGE * seen.height
    return (
        (seen.left > 0 and box.x1 < seen.left + x)
        or (seen.top > 0 and box.y1 < seen.top + y)
        or (seen.left + seen.width < picture.width and box.x2 > seen.left + seen.width - x)
        or (seen.top + seen.height < picture.height and box.y2 > seen.top + seen.height - y)
    )
