"""The perspective part of the demo model's evaluation: metres, distance and hiding, on scenes that it was never trained on.

Errors of 3D boxes are means over the boxes that were given with the right name; how many were is a line of its own. A box
turned by a right angle is the same box with its sizes exchanged, and is compared that way.
"""

from __future__ import annotations

import math

from backend.scene import Box3D
from backend.spatial import box3d
from backend.spatial.camera import Camera
from backend.synthetic.answers import named
from backend.synthetic.perspective import Solid, SolidScene, draw_solids
from backend.synthetic.questions import Kind
from backend.synthetic.solid_questions import SOLID_ASKERS
from scripts.demo_evaluation import Examination, overlap

FAMILY = "perspective"


class SolidExamination(Examination):
    """All questions about one perspective scene."""

    family = f"{FAMILY}: "
    askers = SOLID_ASKERS

    def draw(self, seed: int) -> SolidScene:
        """The scene of this seed."""
        return draw_solids(seed)

    def locating(self) -> None:
        """2D boxes, then 3D ones."""
        super().locating()
        self.solid()

    def solid(self) -> None:
        """The 3D box of one object, against the truth."""
        exchange, answer = self.put("solid", present=True)
        item = exchange.found[0][1]
        assert isinstance(item, Solid)
        given = [box for box in answer.boxes3d if box.label == named(item, self.language)]
        self.right("3D box given", exchange, answer, len(given) == len(answer.boxes3d) == 1)
        if given:
            for line, error in self.errors(item, given[0]).items():
                self.tally.scores[f"{self.family}3D, {line}"].append(error)

    def errors(self, item: Solid, box: Box3D) -> dict[str, float]:
        """How far a 3D box is from the truth."""
        away = math.dist(item.centre3d, box.centre)
        turn = (box.yaw / math.pi - item.yaw) % 0.5
        # Past half a right angle the other two sides are meant.
        swapped = round((box.yaw / math.pi - item.yaw) / 0.5) % 2 == 1
        size = box.size[::-1] if swapped else box.size
        camera = Camera.from_hfov(self.scene.width, self.scene.height)
        outline = box3d.outline(box, camera)
        drawn = 0.0 if outline is None else overlap((outline.x1, outline.y1, outline.x2, outline.y2), item.box)
        return {
            "centre off by (m)": away,
            "centre off by (share of distance)": away / math.hypot(*item.centre3d),
            "depth off by (share)": abs(box.centre[2] - item.centre3d[2]) / item.centre3d[2],
            "sizes off by (share)": sum(abs(a - b) / b for a, b in zip(size, item.size, strict=True)) / 3,
            "turn off by (degrees)": 180 * min(turn, 0.5 - turn),
            "projected: IoU with the 2D box": drawn,
        }

    def telling(self) -> None:
        """Questions that are answered in words. Where a scene allows no clear question of a kind, none is asked."""
        kinds: tuple[tuple[Kind, str], ...] = (
            ("count", "count"),
            ("relation", "left / right"),
            ("depth", "nearer / farther"),
            ("depth", "nearer / farther"),
            ("extreme", "nearest / farthest"),
            ("hides", "hides"),
            ("hides", "hides"),
            ("describe", "describe (all objects, in order)"),
        )
        for kind, line in kinds:
            exchange = self.make(kind)
            if exchange.kind == kind:
                answer = self.answer(exchange)
                self.right(line, exchange, answer, answer.text == exchange.answer)
                if kind == "hides":
                    truth = "yes" if exchange.answer.startswith(("Yes", "是")) else "no"
                    self.tally.scores[f"{self.family}hides, where the truth is {truth}"].append(answer.text == exchange.answer)
        exchange, answer = self.put("exists", present=True)
        self.right("present recognised", exchange, answer, answer.text == exchange.answer)
