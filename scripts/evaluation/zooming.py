"""What a second, enlarged look does to boxes around small things."""

from __future__ import annotations

import random
from typing import Any

from backend.ask.pipeline import Asker
from backend.ask.task import Question
from backend.scene import Box
from backend.synthetic.answers import named
from scripts.demo_evaluation import answer_to, picture_of
from scripts.evaluation.families import MEASURED_FROM, shapes

RADII = (1 / 32, 1 / 18)
"""Of the shorter side: smaller than anything that the model was taught, which ends at 1/14."""


def measured(asker: Asker, scenes: int) -> dict[str, Any]:
    """Mean IoU of the first look and after the second. What the first look does not find has no second."""
    first: list[float] = []
    after: list[float] = []
    looked = found = worse = 0
    for number in range(scenes):
        rng = random.Random(MEASURED_FROM + number)
        scene = shapes(rng, (rng.randint(500, 900), rng.randint(500, 900)), RADII, rng.randint(2, 5))
        item = scene.objects[0]
        language = "en" if number % 2 else "zh"
        text = f"Locate the {named(item, 'en')}" if language == "en" else f"定位{named(item, 'zh')}"
        answer = answer_to(asker, Question(text, (picture_of(scene, f"small-{number}"),), second_looks=True))
        box = next(iter(answer.boxes), None)
        if box is None:
            first.append(0.0)
            after.append(0.0)
            continue
        found += 1
        truth = Box(*item.box)
        look = box.second_look
        looked += look is not None
        first.append((Box(*look.first) if look else box).iou(truth))
        after.append(box.iou(truth))
        worse += after[-1] < first[-1] - 0.1
    gain = sum(after) - sum(first)
    return {
        "things": scenes,
        "found at the first look": found,
        "of them looked at again": looked,
        "mean IoU of what was found, first look": round(sum(first) / found, 4),
        "mean IoU of what was found, after the second": round(sum(after) / found, 4),
        "gain on what was found (goal 0.15)": round(gain / found, 4),
        "gain on all things, those never found counting 0": round(gain / scenes, 4),
        "worse by more than 0.1": worse,
    }
