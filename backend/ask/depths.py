"""Depth in a question: how far things in each picture are, and what of that is told to the model in words.

A file may say it itself, else a depth network looks. Both come before the model is asked; it is told nothing of them unless the
user wants that, and then the reader sees the words as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from backend.ask.task import Observed, Tongue
from backend.scene import Box, DepthMap, DepthUnit, Picture
from backend.spatial.depth import depth_of, shows_depth

if TYPE_CHECKING:
    from backend.ask.pipeline import Asker
    from backend.witness.depth import DepthNetwork

_THIRDS = {
    "en": ("the left of the picture", "the middle of the picture", "the right of the picture"),
    "zh": ("画面左侧", "画面中间", "画面右侧"),
}
_SAID = {
    "en": ("A depth estimator, which may err, orders from near to far: {}.", ", then "),
    "zh": ("深度估计（可能有误）给出的由近到远的顺序：{}。", "、"),
}
_MOST_TOLD = 12
"""Things whose order is told at most."""


def open_network(name: str | None = None, *, threads: int = 0) -> DepthNetwork:
    """The depth network of that name, else the first that is installed. Raises ModelError, MissingExtra or UnfitNetwork."""
    from backend.catalog.depth import choose_depth
    from backend.witness.depth import DepthNetwork

    return DepthNetwork(choose_depth(name), threads=threads)


class DepthSight:
    """Sees how far everything in a picture is: as its file says it (`Picture.depth`), else by a network, which is opened with
    the first picture that needs one."""

    def __init__(self, network: str | None = None) -> None:
        """`network`: the name of one that looks at every picture, whatever its file says."""
        self._name = network
        self.network: DepthNetwork | None = None
        """The one that was needed so far."""

    def see(self, picture: Picture) -> DepthMap:
        """Raises MissingExtra, ModelError or UnfitNetwork where a network is needed and not to be had; the next call tries
        again."""
        if picture.depth is not None and self._name is None:
            return picture.depth
        if self.network is None:
            self.network = open_network(self._name)
        return self.network.see(picture)


def observed(sight: DepthSight, pictures: Sequence[Picture]) -> tuple[Observed, ...]:
    """What it sees of each picture. Raises as `DepthSight.see` does."""
    return tuple(Observed(depth=sight.see(picture)) for picture in pictures)


def told(depth: DepthMap, boxes: Sequence[Box] = (), tongue: Tongue = "en") -> str:
    """What a depth map says, as a sentence for the model: the order of things where they are known, else of the picture's
    thirds. It says where it comes from and never gives relative depth as a distance; empty where the map shows no depth."""
    if not shows_depth(depth):
        return ""
    named = [box for box in boxes if box.label][:_MOST_TOLD]
    places = named if len(named) > 1 else _thirds(depth, tongue)
    found = [(place.label, one) for place in places if (one := depth_of(depth, place, boxes)) is not None]
    sign = -1 if depth.unit is DepthUnit.INVERSE else 1
    order = sorted(found, key=lambda pair: sign * pair[1].value)
    if len(order) < 2:
        return ""
    metres = depth.unit is DepthUnit.METRES
    sentence, between = _SAID[tongue]
    return sentence.format(between.join(f"{label} ({one.value:.1f} m)" if metres else label for label, one in order))


def told_of(asker: Asker, question: str, pictures: Sequence[Picture], seen: Sequence[Observed]) -> tuple[str, ...]:
    """What the network saw, as the sentences that the model is told before this question: of the things that a question about
    one picture names, which are looked for first, else of the picture's thirds. Raises what looking for them raises."""
    from backend.ask.claims import asked
    from backend.ask.locating import locate
    from backend.ask.prompts import language

    claim = asked(question) if len(pictures) == 1 else None
    boxes = [box for one in locate(asker, pictures[0], claim.names) for box in one.boxes[:1]] if claim is not None else []
    said = []
    for number, one in enumerate(seen, 1):
        words = told(one.depth, boxes, language(question)) if one.depth is not None else ""
        if words:
            said.append(f"Picture {number}: {words}" if len(seen) > 1 else words)
    return tuple(said)


def _thirds(depth: DepthMap, tongue: Tongue) -> list[Box]:
    """The picture's lower half in three, where what stands on a floor is."""
    third = depth.width / 3
    return [Box(n * third, depth.height / 2, (n + 1) * third, depth.height, name) for n, name in enumerate(_THIRDS[tongue])]
