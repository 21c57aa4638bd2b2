"""Questions that only perspective scenes are asked: metres, nearer and farther, what hides what.

Rules as in `questions`, and besides: nearer is whose nearest ground contact has the smaller Z, which for a level camera is
whose bottom edge is lower; it is asked only where the bottom edges differ by 3 % of the picture's height. A box hides
another if it covers at least 5 % of its outline, and does not where their outlines stay clearly apart or it is itself the
hidden one; anything between is not asked about. Where a scene allows no such question, one for a 3D box takes its place.
"""

from __future__ import annotations

import random
from typing import cast

from backend.synthetic import questions, wordings
from backend.synthetic import solid_wordings as w
from backend.synthetic.answers import Grid, Language, in_reading_order, named, solids_json
from backend.synthetic.perspective import Solid, SolidScene
from backend.synthetic.questions import Exchange, Wanted, absence, phrase, pick, someone
from backend.synthetic.scenes import SOLID, AnyScene

CLEAR_DEPTH = 0.03
"""Least difference of two bottom edges, in picture heights."""
CLEAR_HIDING = 0.05
"""Least share that is called hidden."""
CLEAR_GAP = 0.015
"""Least gap between two 2D boxes of which neither hides the other, in sides of the picture."""


def solid_one(rng: random.Random, scene: AnyScene, language: Language, _grid: Grid, present: bool | None = None) -> Exchange:
    """The 3D box of one object, or of none; nothing in a flat scene has one."""
    wanted = someone(rng, scene, rng.random() < 0.88 if present is None else present)
    items = [item for item in scene.objects if wanted.fits(item) and isinstance(item, Solid)]
    question = phrase(rng, w.SOLID_ONE, language, name=wanted.said(language))
    return Exchange("solid", language, question, solids_json(items, language), pick(items), (wanted,), bool(items))


def solid_all(rng: random.Random, scene: AnyScene, language: Language, grid: Grid) -> Exchange:
    """The 3D boxes of all objects."""
    items = [item for item in in_reading_order(scene, grid) if isinstance(item, Solid)]
    question = phrase(rng, w.SOLID_ALL, language)
    return Exchange("solids", language, question, solids_json(items, language), pick(items), (Wanted(),), bool(items))


def clearly_nearer(scene: AnyScene, a: Solid, b: Solid) -> bool | None:
    """Whether `a` is nearer than `b`, None where that is hard to see."""
    gap = (a.box[3] - b.box[3]) / scene.height
    return None if abs(gap) < CLEAR_DEPTH else gap > 0


def depth_claim(depth: w.Depth, a: str, b: str, language: Language) -> str:
    """The statement of a comparison, without its full stop."""
    words = w.DEPTHS[depth]
    return f"the {a} is {words.english} the {b}" if language == "en" else words.chinese.format(a=a, b=b)


def depth(rng: random.Random, scene: AnyScene, language: Language, grid: Grid) -> Exchange:
    """Whether one box is nearer or farther than another, with the true comparison."""
    solids = cast(SolidScene, scene).objects
    asked = rng.choice(tuple(w.DEPTHS))
    missing = None
    if len(solids) < 2 or rng.random() < 0.06:
        missing = someone(rng, scene, False)
        pair = [someone(rng, scene, True), missing]
        rng.shuffle(pair)
        a, b = pair
        found: tuple[tuple[int, Solid], ...] = ()
        near = None
    else:
        first, second = rng.sample(solids, 2)
        near = clearly_nearer(scene, first, second)
        if near is None:
            return solid_one(rng, scene, language, grid)
        a, b = Wanted(first.colour, SOLID), Wanted(second.colour, SOLID)
        found = ((1, first), (1, second))
    names = a.said(language), b.said(language)
    words = {"a": names[0], "b": names[1], "side": w.DEPTHS[asked].english}
    question = phrase(rng, w.DEPTH, language, claim=depth_claim(asked, *names, language), **words)
    if missing is not None:
        return Exchange("depth", language, question, absence(missing, language), (), (a, b), False)
    right = near == w.DEPTHS[asked].near
    true = asked if right else w.DEPTHS[asked].opposite
    verdict = wordings.YES[language] if right else wordings.NO[language]
    answer = f"{verdict}{depth_claim(true, *names, language)}{wordings.STOP[language]}"
    return Exchange("depth", language, question, answer, found, (a, b))


def extreme(rng: random.Random, scene: AnyScene, language: Language, grid: Grid) -> Exchange:
    """Which box is the nearest or the farthest."""
    nearest = rng.random() < 0.5
    order = sorted(cast(SolidScene, scene).objects, key=lambda item: item.distance, reverse=not nearest)
    if len(order) > 1 and clearly_nearer(scene, order[0], order[1]) is None:
        return solid_one(rng, scene, language, grid)
    question = phrase(rng, w.NEAREST if nearest else w.FARTHEST, language)
    answer = f"The {named(order[0], 'en')}." if language == "en" else f"{named(order[0], 'zh')}。"
    return Exchange("extreme", language, question, answer, pick(order[:1]), (Wanted(),))


def clearly_hides(scene: SolidScene, a: Solid, b: Solid) -> bool | None:
    """Whether `a` hides part of `b`, None where that is hard to see."""
    if scene.hidden(b, by=a) >= CLEAR_HIDING:
        return True
    if scene.hidden(b, by=a) > 0:
        return None
    across = max(a.box[0] - b.box[2], b.box[0] - a.box[2]) / scene.width
    down = max(a.box[1] - b.box[3], b.box[1] - a.box[3]) / scene.height
    return False if max(across, down) > CLEAR_GAP or scene.hidden(a, by=b) >= CLEAR_HIDING else None


def hides(rng: random.Random, scene: AnyScene, language: Language, grid: Grid) -> Exchange:
    """Whether one box hides part of another; as often yes as no where the scene allows."""
    solids = cast(SolidScene, scene)
    pairs = [(a, b) for a in solids.objects for b in solids.objects if a is not b]
    truths = {pair: clearly_hides(solids, *pair) for pair in pairs}
    yes, no = ([pair for pair in pairs if truths[pair] is verdict] for verdict in (True, False))
    behind = [pair for pair in no if truths[pair[::-1]]]
    draw = rng.random()
    pool = (yes if draw < 0.5 else behind if draw < 0.75 else no) or no
    if not pool:
        return solid_one(rng, scene, language, grid)
    first, second = rng.choice(pool)
    a, b = Wanted(first.colour, SOLID), Wanted(second.colour, SOLID)
    names = {"a": a.said(language), "b": b.said(language)}
    answer = w.HIDES_ANSWER[language][truths[first, second] is True].format(**names)
    return Exchange("hides", language, phrase(rng, w.HIDES, language, **names), answer, ((1, first), (1, second)), (a, b))


def beside(rng: random.Random, scene: AnyScene, language: Language, grid: Grid) -> Exchange:
    """Left or right of another, as flat shapes are asked; a difference of height in the picture is one of distance here."""
    for _ in range(4):
        asked = questions.relation(rng, scene, language, grid)
        if not asked.found:
            return asked
        (_, a), (_, b) = asked.found
        if questions.truth_of(scene, a, b) in ("left", "right") and abs(a.centre[0] - b.centre[0]) > 0.06 * scene.width:
            return asked
    return depth(rng, scene, language, grid)


SOLID_ASKERS: dict[questions.Kind, questions.Asker] = {
    "one": questions.locate_one,
    "where": questions.where_is,
    "every": questions.locate_every,
    "some": questions.locate_some,
    "point": questions.point_one,
    "points": questions.point_group,
    "count": questions.count,
    "relation": beside,
    "exists": questions.exists,
    "describe": questions.describe,
    "solid": solid_one,
    "solids": solid_all,
    "depth": depth,
    "extreme": extreme,
    "hides": hides,
}
"""Who asks each kind of question about one perspective scene."""
