"""Questions about drawn scenes of either family, in English and Chinese, with the answer that is true.

The answer is computed from the scene and never from a picture. Boxes and points are whole thousandths of the picture, as
Qwen3-VL gives them. Several objects are listed in reading order: by the row of the token grid their centre lies in, then
from left to right, which is the order in which the model meets them. Rules worth knowing:

- a request for JSON about something that is not there is answered `[]`, a question about it "There is no red circle.";
- a relation is asked along the axis on which the two centres are farther apart, so that exactly one answer is defensible;
- a count is the bare number.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from backend.synthetic import wordings as w
from backend.synthetic.answers import Grid, Language, boxes_json, in_reading_order, named, points_json
from backend.synthetic.scenes import ALL_SHAPES, COLOURS, AnyScene, Colour, Scene, Shape, Thing
from backend.synthetic.strangers import stranger

Kind = Literal[
    "one", "every", "some", "point", "points", "count", "relation", "exists", "where", "describe", "which",
    "solid", "solids", "depth", "extreme", "hides",
]  # fmt: skip
ALL_KINDS = tuple((colour, shape) for colour in COLOURS for shape in ALL_SHAPES)
STRANGE = 0.3
"""How often something that is asked for and is not there is nothing that is ever drawn."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A description: a colour, a shape, both, or (neither) everything."""

    colour: Colour | None = None
    shape: Shape | None = None

    def fits(self, item: Thing) -> bool:
        """Whether the object answers the description."""
        return self.colour in (None, item.colour) and self.shape in (None, item.shape)

    def said(self, language: Language, number: Literal["one", "many"] = "one") -> str:
        """The description in words: "red circle", "circles", "red objects", "物体"."""
        if language == "zh":
            return (self.colour.chinese if self.colour else "") + (self.shape.chinese if self.shape else "物体")
        noun = ("object" if number == "one" else "objects") if self.shape is None else ""
        if self.shape is not None:
            noun = self.shape.name if number == "one" else self.shape.plural
        return f"{self.colour.name} {noun}" if self.colour else noun


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and its true answer. `found`: the objects it is about, in the order of the answer, with the picture of
    each (from 1)."""

    kind: Kind
    language: Language
    question: str
    answer: str
    found: tuple[tuple[int, Thing], ...] = ()
    asked: tuple[Wanted, ...] = field(default=())
    present: bool = True
    """False where something asked for is not in the picture."""


def absence(wanted: Wanted, language: Language) -> str:
    """The sentence for something that is not there."""
    if language == "zh":
        return f"图中没有{wanted.said('zh')}。"
    return f"There is no {wanted.said('en')}."


def someone(rng: random.Random, scene: AnyScene, present: bool) -> Wanted:
    """An object of the scene, or colour and shape of one that is not there: mostly with a colour or a shape that is there, now
    and then something that is in no scene."""
    if present:
        item = rng.choice(scene.objects)
        return Wanted(item.colour, item.shape)
    if rng.random() < STRANGE:
        return Wanted(rng.choice((None, None, rng.choice(COLOURS))), stranger(rng))
    there = {(item.colour, item.shape) for item in scene.objects}
    near = [k for k in ALL_KINDS if k not in there and any(k[0] == c or k[1] == s for c, s in there)]
    pool = near if near and rng.random() < 0.6 else [k for k in ALL_KINDS if k not in there]
    return Wanted(*rng.choice(pool))


def group(rng: random.Random, scene: AnyScene) -> Wanted:
    """A colour, a shape or both, more often than not one that occurs."""
    item = rng.choice(scene.objects)
    colour, shape = (item.colour, item.shape) if rng.random() < 0.75 else (rng.choice(COLOURS), rng.choice(ALL_SHAPES))
    return rng.choice((Wanted(colour=colour), Wanted(shape=shape), Wanted(shape=shape), Wanted(colour, shape)))


def phrase(rng: random.Random, forms: w.Forms, language: Language, **names: str) -> str:
    """One of the wordings, filled in; now and then with a courtesy around it."""
    text = rng.choice(forms[language]).format(article=w.article(names.get("name", "")), **names)
    if rng.random() < 0.1:
        before, after = rng.choice(w.COURTESY[language])
        lowered = text if language == "zh" or not before else text[0].lower() + text[1:]
        text = before + lowered + after
    return text


def locate_one(rng: random.Random, scene: AnyScene, language: Language, _grid: Grid, present: bool | None = None) -> Exchange:
    """The box of one object, or of none."""
    wanted = someone(rng, scene, rng.random() < 0.85 if present is None else present)
    items = [item for item in scene.objects if wanted.fits(item)]
    question = phrase(rng, w.LOCATE_ONE, language, name=wanted.said(language))
    return Exchange("one", language, question, boxes_json(scene, items, language), pick(items), (wanted,), bool(items))


def where_is(rng: random.Random, scene: AnyScene, language: Language, _grid: Grid, present: bool | None = None) -> Exchange:
    """The same as a plain question: a box, or the sentence that it is not there."""
    wanted = someone(rng, scene, rng.random() < 0.85 if present is None else present)
    items = [item for item in scene.objects if wanted.fits(item)]
    question = phrase(rng, w.WHERE, language, name=wanted.said(language))
    answer = boxes_json(scene, items, language) if items else absence(wanted, language)
    return Exchange("where", language, question, answer, pick(items), (wanted,), bool(items))


def locate_every(rng: random.Random, scene: AnyScene, language: Language, grid: Grid) -> Exchange:
    """The boxes of all objects."""
    items = in_reading_order(scene, grid)
    return Exchange(
        "every", language, phrase(rng, w.LOCATE_ALL, language), boxes_json(scene, items, language), pick(items), (Wanted(),)
    )


def locate_some(rng: random.Random, scene: AnyScene, language: Language, grid: Grid) -> Exchange:
    """The boxes of all objects of a colour, of a shape, or of both."""
    wanted = group(rng, scene)
    items = [item for item in in_reading_order(scene, grid) if wanted.fits(item)]
    question = phrase(rng, w.LOCATE_GROUP, language, name=wanted.said(language), names=wanted.said(language, "many"))
    return Exchange("some", language, question, boxes_json(scene, items, language), pick(items), (wanted,), bool(items))


def point_one(rng: random.Random, scene: AnyScene, language: Language, _grid: Grid, present: bool | None = None) -> Exchange:
    """The centre of one object, or of none."""
    wanted = someone(rng, scene, rng.random() < 0.85 if present is None else present)
    items = [item for item in scene.objects if wanted.fits(item)]
    question = phrase(rng, w.POINT_ONE, language, name=wanted.said(language))
    return Exchange("point", language, question, points_json(scene, items, language), pick(items), (wanted,), bool(items))


def point_group(rng: random.Random, scene: AnyScene, language: Language, grid: Grid) -> Exchange:
    """The centres of all objects of a description."""
    wanted = group(rng, scene) if rng.random() < 0.7 else Wanted()
    items = [item for item in in_reading_order(scene, grid) if wanted.fits(item)]
    question = phrase(rng, w.POINT_GROUP, language, name=wanted.said(language), names=wanted.said(language, "many"))
    return Exchange("points", language, question, points_json(scene, items, language), pick(items), (wanted,), bool(items))


def count(rng: random.Random, scene: AnyScene, language: Language, _grid: Grid) -> Exchange:
    """How many objects there are, of all or of a colour or shape."""
    wanted = Wanted() if rng.random() < 0.5 else group(rng, scene)
    if wanted.colour is not None and wanted.shape is not None:
        wanted = Wanted(shape=wanted.shape)
    items = [item for item in scene.objects if wanted.fits(item)]
    question = phrase(rng, w.COUNT, language, name=wanted.said(language), names=wanted.said(language, "many"))
    return Exchange("count", language, question, str(len(items)), pick(items), (wanted,), bool(items))


def truth_of(scene: AnyScene, a: Thing, b: Thing) -> w.Side:
    """Where `a` lies as seen from `b`, along the axis on which their centres are farther apart (in shares of the picture's
    sides)."""
    dx, dy = (a.centre[0] - b.centre[0]) / scene.width, (a.centre[1] - b.centre[1]) / scene.height
    if abs(dx) > abs(dy):
        return "left" if dx < 0 else "right"
    return "above" if dy < 0 else "below"


def sentence(side: w.Side, a: str, b: str, language: Language) -> str:
    """The statement of a relation, without its full stop."""
    return f"the {a} is {w.SIDES[side].english} the {b}" if language == "en" else f"{a}在{b}的{w.SIDES[side].chinese}"


def relation(rng: random.Random, scene: AnyScene, language: Language, _grid: Grid) -> Exchange:
    """Whether one object lies left of, right of, above or below another, with the reason."""
    if len(scene.objects) < 2 or rng.random() < 0.06:
        a, b = someone(rng, scene, True), someone(rng, scene, False)
        a, b = (a, b) if rng.random() < 0.5 else (b, a)
        missing = next(x for x in (a, b) if not any(x.fits(item) for item in scene.objects))
        side = rng.choice(tuple(w.SIDES))
        words = {"a": a.said(language), "b": b.said(language), "side": w.side_name(side, language)}
        return Exchange(
            "relation", language, phrase(rng, w.RELATION, language, **words), absence(missing, language), (), (a, b), False
        )
    first, second = rng.sample(scene.objects, 2)
    true = truth_of(scene, first, second)
    asked = true if rng.random() < 0.5 else w.SIDES[true].opposite
    a, b = Wanted(first.colour, first.shape), Wanted(second.colour, second.shape)
    words = {"a": a.said(language), "b": b.said(language), "side": w.side_name(asked, language)}
    reason = sentence(true, words["a"], words["b"], language)
    answer = f"{w.YES[language] if asked == true else w.NO[language]}{reason}{w.STOP[language]}"
    found = ((1, first), (1, second))
    return Exchange("relation", language, phrase(rng, w.RELATION, language, **words), answer, found, (a, b))


def exists(rng: random.Random, scene: AnyScene, language: Language, _grid: Grid, present: bool | None = None) -> Exchange:
    """Whether there is such an object; where `present` leaves it open, sometimes only a colour or a shape is named."""
    wanted = someone(rng, scene, rng.random() < 0.5 if present is None else present)
    if present is None and rng.random() < 0.4:
        alone = rng.choice(COLOURS), rng.choice(ALL_SHAPES)
        wanted = rng.choice(
            (Wanted(colour=rng.choice((wanted.colour, alone[0]))), Wanted(shape=rng.choice((wanted.shape, alone[1]))))
        )
    items = [item for item in scene.objects if wanted.fits(item)]
    name = wanted.said(language)
    question = phrase(rng, w.EXISTS, language, name=name)
    yes = f"Yes, there is {w.article(name)} {name}." if language == "en" else f"是，图中有{name}。"
    return Exchange(
        "exists", language, question, yes if items else absence(wanted, language), pick(items), (wanted,), bool(items)
    )


def describe(rng: random.Random, scene: AnyScene, language: Language, grid: Grid) -> Exchange:
    """The objects by name."""
    items = in_reading_order(scene, grid)
    if language == "zh":
        answer = f"图中有{len(items)}个物体：{'、'.join(named(item, 'zh') for item in items)}。"
    else:
        answer = f"{len(items)} {'object' if len(items) == 1 else 'objects'}: {', '.join(named(item, 'en') for item in items)}."
    return Exchange("describe", language, phrase(rng, w.DESCRIBE, language), answer, pick(items), (Wanted(),))


def which_picture(rng: random.Random, scenes: tuple[AnyScene, AnyScene], language: Language) -> Exchange:
    """Which of two pictures shows an object."""
    wanted = someone(rng, rng.choice(scenes), rng.random() < 0.85)
    items = tuple((k, item) for k, scene in enumerate(scenes, 1) for item in scene.objects if wanted.fits(item))
    holders = [k for k, _ in items]
    answer = w.WHICH_ANSWER[language][0 if not holders else 3 if len(holders) == 2 else holders[0]]
    question = phrase(rng, w.WHICH, language, name=wanted.said(language))
    return Exchange("which", language, question, answer, items, (wanted,), bool(items))


def pick(items: Sequence[Thing]) -> tuple[tuple[int, Thing], ...]:
    """Objects of the only picture."""
    return tuple((1, item) for item in items)


Asker = Callable[[random.Random, AnyScene, Language, Grid], Exchange]
ASKERS: dict[Kind, Asker] = {
    "one": locate_one,
    "where": where_is,
    "every": locate_every,
    "some": locate_some,
    "point": point_one,
    "points": point_group,
    "count": count,
    "relation": relation,
    "exists": exists,
    "describe": describe,
}
"""Who asks each kind of question about one picture."""


def follow_up(rng: random.Random, scene: AnyScene, before: Exchange, grid: Grid) -> Exchange | None:
    """A question that leans on the one before ("And the blue square?", "Is it left of the star?"), where that one allows
    it."""
    language = before.language
    if before.kind not in ("one", "where", "point", "exists"):
        return None
    if isinstance(scene, Scene) and before.present and len(scene.objects) > 1 and rng.random() < 0.5:
        first = before.found[0][1]
        second = rng.choice([item for item in scene.objects if item is not first])
        true = truth_of(scene, first, second)
        asked = true if rng.random() < 0.5 else w.SIDES[true].opposite
        b = named(second, language)
        question = phrase(rng, w.IT_RELATION, language, b=b, side=w.side_name(asked, language))
        yes = w.YES[language] if asked == true else w.NO[language]
        asked_for = (before.asked[0], Wanted(second.colour, second.shape))
        answer = f"{yes}{sentence(true, named(first, language), b, language)}{w.STOP[language]}"
        return Exchange("relation", language, question, answer, ((1, first), (1, second)), asked_for)
    again = ASKERS[before.kind](rng, scene, language, grid)
    question = rng.choice(w.AND[language]).format(name=again.asked[0].said(language))
    return Exchange(again.kind, language, question, again.answer, again.found, again.asked, again.present)
