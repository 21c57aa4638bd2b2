"""True boxes as somebody would find them: each edge a little off, some missed, some where nothing is."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backend.scene import Box
from backend.synthetic.moving import Shown


@dataclass(frozen=True, slots=True)
class Disturbance:
    """How boxes differ from the truth."""

    sigma: float = 0.01
    """Standard deviation of every edge, in shares of the picture's longer side."""
    missed: float = 0.05
    """Share of the visible things that are not found."""
    false: float = 0.02
    """Boxes where nothing is, for each visible thing: as large as it, with the name of any thing of the film."""
    named: bool = True
    """Whether boxes tell what they are around."""

    def boxes(self, size: tuple[int, int], truth: Sequence[Shown], rng: random.Random) -> Iterator[Box]:
        """What is found in one frame of that size (width, height), whose truth it is; within the picture."""
        width, height = size
        sigma = self.sigma * max(size)
        for one in truth:
            if not one.visible:
                continue
            x1, y1, x2, y2 = one.box
            if rng.random() >= self.missed:
                yield self._placed([side + rng.gauss(0, sigma) for side in one.box], one.name, size)
            if rng.random() < self.false:
                x, y = rng.uniform(0, width - (x2 - x1)), rng.uniform(0, height - (y2 - y1))
                yield self._placed((x, y, x + x2 - x1, y + y2 - y1), rng.choice(truth).name, size)

    def _placed(self, corners: Sequence[float], name: str, size: tuple[int, int]) -> Box:
        (x1, x2), (y1, y2) = sorted(corners[0::2]), sorted(corners[1::2])
        return Box(x1, y1, x2, y2, name if self.named else "").clamped(*size)
