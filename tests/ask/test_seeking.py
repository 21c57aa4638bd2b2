"""Looking for named things: each box has the name that was asked for, and trouble is passed on."""

from __future__ import annotations

import pytest

from backend.ask.seeking import sought
from backend.errors import EngineFailure
from tests.ask.asking import asker
from tests.export.canvases import plain
from tests.scripted import Break, Say, ScriptedEngine

ONE = '[{"bbox_2d": [100, 100, 300, 400], "label": "a circle, red"}]'


def test_boxes_have_the_name_that_was_asked_for() -> None:
    engine = ScriptedEngine((Say(ONE),), (Say("[]"),))
    boxes = sought(asker(engine), plain(640, 480), ["red circle", "cup"])
    (box,) = boxes
    assert box.label == "red circle"
    assert box.corners == pytest.approx((64, 48, 192, 192))


def test_an_answer_without_a_word_finds_nothing() -> None:
    assert sought(asker(ScriptedEngine((Say(""),))), plain(640, 480), ["cup"]) == []


def test_what_the_engine_fails_with_is_passed_on() -> None:
    engine = ScriptedEngine((Break(EngineFailure("it broke", cure="ask again")),))
    with pytest.raises(EngineFailure, match="it broke"):
        sought(asker(engine), plain(640, 480), ["cup"])
