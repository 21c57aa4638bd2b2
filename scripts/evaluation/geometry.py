"""The rules alone: verdicts on the true boxes, and on boxes that are off by σ, held against what is true of the scene."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from typing import Any

from backend.scene import Box, Claim, Relation
from backend.spatial.relations import Grounds, Thing, judge
from backend.synthetic.perspective import Solid, SolidScene, draw_solids
from backend.synthetic.scenes import AnyScene, draw_scene
from backend.synthetic.scenes import Thing as Drawn
from backend.synthetic.solid_questions import clearly_hides, clearly_nearer
from scripts.evaluation.families import MEASURED_FROM
from scripts.evaluation.truth import holds, sigma_of, thing

FLAT = (Relation.LEFT_OF, Relation.RIGHT_OF, Relation.ABOVE, Relation.BELOW)
DEEP = (Relation.IN_FRONT_OF, Relation.BEHIND)
CLEAR_DISTANCE = 0.25
"""Least difference of two distances that is clear, as a share of their mean; the rule needs about 0.3 to trust metres alone."""
CLEAR_GAP = 2.0
"""σ between facing edges from which a side is clear."""


def measured(scenes: int) -> dict[str, Any]:
    """Counts by group: right, wrong and undetermined, where the truth is clear and near the boundary, exact and off by σ."""
    counts: dict[str, Counter[str]] = {}
    for scene, relation, a, b in _cases(scenes):
        sigma = sigma_of(scene)
        truth, clear = holds(relation, a, b, scene), _is_clear(relation, a, b, scene, sigma)
        group = "side" if relation in FLAT else "depth" if relation in DEEP else "hides"
        for boxes, off in (("exact", 0.0), ("off by σ", sigma)):
            rng = random.Random(f"{a.box}{b.box}{relation}")
            grounds = Grounds(_shaken(thing(a, "en"), off, rng), _shaken(thing(b, "en"), off, rng))
            ruling = judge(Claim("a", relation.value, "b"), grounds, sigma).ruling.value
            said = {"confirmed": True, "contradicted": False}.get(ruling)
            outcome = "undetermined" if said is None else "right" if said == truth else "wrong"
            counts.setdefault(f"{group}, {boxes}, {'clear' if clear else 'near the boundary'}", Counter())[outcome] += 1
    return {name: dict(count) for name, count in sorted(counts.items())}


def _cases(scenes: int) -> Iterator[tuple[AnyScene, Relation, Drawn, Drawn]]:
    for number in range(scenes):
        flat, deep = draw_scene(MEASURED_FROM + number, None, 3, 6), draw_solids(MEASURED_FROM + number, None, 3, 4)
        for a, b in permutations(flat.objects, 2):
            yield from ((flat, relation, a, b) for relation in FLAT)
        for c, d in permutations(deep.objects, 2):
            yield from ((deep, relation, c, d) for relation in (*DEEP, Relation.OCCLUDES))


def _is_clear(relation: Relation, a: Drawn, b: Drawn, scene: AnyScene, sigma: float) -> bool:
    """Whether a person would not hesitate."""
    if relation in FLAT:
        start = 0 if relation in (Relation.LEFT_OF, Relation.RIGHT_OF) else 1
        gap = max(b.box[start] - a.box[start + 2], a.box[start] - b.box[start + 2])
        return gap > CLEAR_GAP * sigma
    assert isinstance(scene, SolidScene)
    assert isinstance(a, Solid)
    assert isinstance(b, Solid)
    if relation is Relation.OCCLUDES:
        return clearly_hides(scene, a, b) is not None
    apart = abs(a.distance - b.distance) / ((a.distance + b.distance) / 2)
    return apart > CLEAR_DISTANCE and clearly_nearer(scene, a, b) is not None


def _shaken(of: Thing, sigma: float, rng: random.Random) -> Thing:
    """With every edge off by a Gaussian error, and the metres by the tenth of the distance that good models are off."""
    if not sigma:
        return of
    x1, y1, x2, y2 = (edge + rng.gauss(0, sigma) for edge in of.box.corners)
    box = Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2), of.box.label)
    if of.solid is None:
        return Thing(box)
    x, y, z = of.solid.centre
    by = 1 + rng.gauss(0, 0.1)
    return Thing(box, replace(of.solid, centre=(x * by, y * by, z * by)))
