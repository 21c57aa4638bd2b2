"""Changes between two pictures: told from true boxes that are off by σ, and from what the demo model finds, held against the
truth of drawn pairs."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from backend.ask import comparing
from backend.ask.pipeline import Asker
from backend.scene import Box, ChangeKind, MotionKind
from backend.spatial.camera_motion import Sight
from backend.spatial.changes import Comparison, compared
from backend.synthetic import EVALUATION_SEEDS
from backend.synthetic.scenes import AnyScene
from backend.synthetic.views import ViewPair, draw_pair
from scripts.demo_evaluation import answer_to, picture_of
from scripts.evaluation import markdown
from scripts.evaluation.asking import demo_asker
from scripts.evaluation.truth import sigma_of

MEASURED_FROM = 9 * EVALUATION_SEEDS
"""First seed of the pairs that are measured; those that are written to try things on lie before it."""
SHARES = (0.0, 0.005, 0.01, 0.02)
"""σ of an edge, of the longer side."""
CAMERA_OFF = 3.0
"""σ of an edge, within which a motion puts the picture's corners where they are for the camera's motion to be right."""


@dataclass(slots=True)
class Score:
    """What was told, held against what is true; a thing in one respect counts once."""

    right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    told: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    true: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    pairs: int = 0
    whole: int = 0
    """Pairs of which everything was told rightly."""
    cameras: int = 0
    """Pairs of which the camera's motion, or that there was none, was told rightly."""

    def add(self, pair: ViewPair, result: Comparison, sigma: float) -> None:
        true = {(fate.name, kind) for fate in pair.fates for kind in fate.kinds}
        told = [(change.label, change.kind.value) for change in result.changes]
        for _, kind in true:
            self.true[kind] += 1
        for _, kind in told:
            self.told[kind] += 1
        for _, kind in true & set(told):
            self.right[kind] += 1
        self.pairs += 1
        self.whole += true == set(told) and len(told) == len(true)
        self.cameras += _camera_right(pair, result, sigma)

    def rows(self) -> list[dict[str, Any]]:
        return [
            {"kind": kind.value, "right": self.right[kind.value], "told": self.told[kind.value], "true": self.true[kind.value]}
            for kind in ChangeKind
        ]

    def as_dict(self, name: str) -> dict[str, Any]:
        return {"boxes": name, "pairs": self.pairs, "whole": self.whole, "cameras": self.cameras, "kinds": self.rows()}


def measured_boxes(pairs: int) -> list[dict[str, Any]]:
    """True boxes, each edge off by a Gaussian error of σ."""
    made = []
    for share in SHARES:
        score = Score()
        for number in range(pairs):
            pair = draw_pair(MEASURED_FROM + number)
            rng = random.Random(number)
            off = share * max(pair.before.width, pair.before.height)
            known = max(1.0, off)
            before, after = (_sight(scene, off, known, rng) for scene in (pair.before, pair.after))
            score.add(pair, compared(before, after), known)
        made.append(score.as_dict(f"true boxes, σ {share:.1%}" if share else "true boxes"))
    return made


def measured_demo(asker: Asker, pairs: int) -> dict[str, Any]:
    """The demo model asked picture by picture, its second looks included."""
    score = Score()
    for number in range(pairs):
        pair = draw_pair(MEASURED_FROM + number)
        pictures = [picture_of(scene, f"view-{number}-{at}") for at, scene in enumerate((pair.before, pair.after))]
        asked = comparing.questions(pictures, "", solids=False, second_looks=True)
        answers = [[answer_to(asker, one) for one in own] for own in asked]
        answer = comparing.joined("", pictures, answers, asker.localisation)
        score.add(pair, Comparison(answer.changes, answer.motions[0]), sigma_of(pair.before))
    return score.as_dict("the demo model's boxes")


def measured(questions: int) -> dict[str, Any]:
    """Both; the demo model is asked about as many pairs, four times as many are drawn for true boxes."""
    with demo_asker() as asker:
        return {"scores": [*measured_boxes(4 * questions), measured_demo(asker, questions)]}


def table(figures: dict[str, Any]) -> str:
    """Precision and recall of each kind, and how many pairs were told without a mistake."""
    scores = figures["scores"]
    whole = [
        (score["boxes"], str(score["pairs"]), _share(score["whole"], score["pairs"]), _share(score["cameras"], score["pairs"]))
        for score in scores
    ]
    kinds = [
        (score["boxes"], row["kind"].replace("_", " "), *(str(row[key]) for key in ("true", "told", "right")), *_rates(row))
        for score in scores
        for row in score["kinds"]
    ]
    heads = ("boxes", "kind", "true", "told", "right", "precision", "recall")
    first = ("boxes", "pairs", "everything right", "the camera's motion right")
    return f"{markdown.table(first, whole)}\n{markdown.table(heads, kinds)}"


def _rates(row: dict[str, Any]) -> tuple[str, str]:
    return _share(row["right"], row["told"]), _share(row["right"], row["true"])


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "none"


def _sight(scene: AnyScene, off: float, known: float, rng: random.Random) -> Sight:
    boxes = tuple(_shaken(item.name, item.box, off, rng) for item in scene.objects)
    return Sight(boxes, float(scene.width), float(scene.height), known)


def _shaken(name: str, corners: Iterable[float], off: float, rng: random.Random) -> Box:
    x1, y1, x2, y2 = (corner + rng.gauss(0, off) for corner in corners)
    return Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2), name)


def _camera_right(pair: ViewPair, result: Comparison, sigma: float) -> bool:
    """Whether it was told that the camera moved, or did not, and the corners of the picture are where that puts them."""
    motion = result.motion
    if (motion.kind is MotionKind.MOVED) != pair.camera_moved or motion.kind is MotionKind.UNKNOWN:
        return False
    scale, right, down = pair.camera
    off = [
        (motion.scale - scale) * side + shift - true
        for sides, shift, true in (
            ((0.0, pair.before.width), motion.shift[0], right),
            ((0.0, pair.before.height), motion.shift[1], down),
        )
        for side in sides
    ]
    return max(map(abs, off)) <= CAMERA_OFF * sigma
