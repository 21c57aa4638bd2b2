"""The demo model kept to the form of a box answer: it says the same as without, in far fewer decode calls."""

from __future__ import annotations

from dataclasses import dataclass
from unittest.mock import patch

import pytest

from backend.ask.book import book
from backend.ask.forms import form_of
from backend.engine.api import Message, Request, Sampling
from backend.engine.form import Choice, Form, Integer, Literal, Series
from backend.events import StopReason
from backend.media.fit import plan, raster
from backend.scene import Picture, Raster, Units
from backend.synthetic import EVALUATION_SEEDS
from backend.synthetic.scenes import draw_scene
from tests.engine.conftest import Loaded, told

EVERYTHING = "Locate every object, report bbox coordinates in JSON format."
POINT = "Point to the red circle."
LIMIT = 400


def scene(number: int) -> Raster:
    painted = draw_scene(EVALUATION_SEEDS + number).render()
    picture = Picture("scene.png", painted.width, painted.height, painted.tobytes(), str(number))
    return raster(plan(picture, None, 36, 16, Units.REL1000))


def boxes() -> Form:
    form = form_of(book().task("boxes"), EVERYTHING, Units.REL1000, pictures=1)
    assert form is not None
    return form


@dataclass(frozen=True)
class Said:
    text: str
    decodes: int
    """Decode calls, those for the question included."""
    sampled: tuple[float, ...]
    """Log-probabilities of what was not forced."""
    reason: StopReason


def answer(loaded: Loaded, shown: Raster, words: str, form: Form | None) -> Said:
    request = Request((Message("user", (shown, words)),), Sampling(), LIMIT, form=form)
    with patch.object(loaded.model, "decode", wraps=loaded.model.decode) as decode:
        reply = told(loaded.scheduler(), request)
    sampled = tuple(logprob for _, logprob in reply.tokens if logprob is not None)
    return Said(reply.generated.text, decode.call_count, sampled, reply.generated.reason)


@pytest.mark.parametrize("number", range(8))
def test_the_same_boxes_in_fewer_decode_calls(loaded: Loaded, number: int) -> None:
    shown = scene(number)
    free, kept = answer(loaded, shown, EVERYTHING, None), answer(loaded, shown, EVERYTHING, boxes())
    assert kept.text == free.text
    assert free.text.startswith('[{"bbox_2d": ')
    assert kept.decodes < 0.55 * free.decodes


def test_log_probabilities_are_those_of_the_model_without_a_form(loaded: Loaded) -> None:
    shown = scene(1)
    free, kept = answer(loaded, shown, EVERYTHING, None), answer(loaded, shown, EVERYTHING, boxes())
    unexplained = list(free.sampled)
    for logprob in kept.sampled:
        # not 0: a kernel for several tokens at once may differ in the last bits from that for one
        unexplained.remove(min(unexplained, key=lambda other: abs(other - logprob)))
        assert min(abs(other - logprob) for other in free.sampled) < 0.05
    assert len(unexplained) == len(free.sampled) - len(kept.sampled)


def test_a_form_that_the_model_would_not_keep_is_obeyed(loaded: Loaded) -> None:
    form = Series((Literal("There are exactly "), Integer(20, 29), Choice((Literal(" boats"), Literal("!")))))
    said = answer(loaded, scene(2), "Describe the picture.", form)
    assert answer(loaded, scene(2), "Describe the picture.", None).text != said.text
    assert said.text.startswith("There are exactly 2")
    assert said.text.endswith((" boats", "!"))
    assert min(said.sampled) < -1, "the model's own probability, which says how little it meant it"


def test_boxes_are_forced_upon_a_question_that_asks_for_prose(loaded: Loaded) -> None:
    """The machinery for the worst case: nearly every token is refused first."""
    said = answer(loaded, scene(3), "How many objects are there?", boxes())
    assert said.text.startswith(("[]", '[{"bbox_2d": [', "```json\n["))


def test_an_answer_that_repeats_itself_is_noticed(loaded: Loaded) -> None:
    same = Series((Literal("a"),) * 500)
    said = answer(loaded, scene(4), EVERYTHING, Choice((same, Series((Literal("b"), same)))))
    assert said.reason == "loop"
