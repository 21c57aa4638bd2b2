"""The evaluation of the camera's check: what it counts, and the tables made of it. No model is asked."""

from __future__ import annotations

import math
import random

from backend.synthetic.perspective import draw_solids
from scripts.evaluation import camera
from scripts.evaluation.families import MEASURED_FROM
from scripts.evaluation.truth import sigma_of


def tallied(*, off: bool) -> camera._Tally:
    tally = camera._Tally()
    for number in range(6):
        scene = draw_solids(MEASURED_FROM + number, None, 3, 4, math.tan(math.radians(70) / 2))
        pairs = list(camera._pairs(scene, random.Random(number) if off else None))
        tally.add(pairs, camera._camera(scene), sigma_of(scene))
    return tally


def test_true_boxes_want_the_true_camera_and_notice_one_twice_as_long() -> None:
    figures = tallied(off=False).figures()
    assert figures["scenes"] == figures["fitted"] == figures["inside"] == 6
    assert figures["90 % below"] < 0.1
    assert figures["contradicted"] == 0
    assert figures["noticed"]["2"] == [12, 12]
    assert figures["noticed"]["1.25"][0] <= figures["noticed"]["1.5"][0] <= 12


def test_boxes_that_are_off_are_off() -> None:
    assert tallied(off=True).figures()["median error"] > 0.5


def test_the_tables_hold_every_kind() -> None:
    kinds = {"true": tallied(off=False).figures(), "off": tallied(off=True).figures()}
    others = {"45": {"scenes": 4, "wanted": 60.2, "contradicted": 3}, "80": {"scenes": 4, "wanted": None, "contradicted": 0}}
    text = camera.table({"kinds": kinds, "untaught": others, "lenses": {"barrel": camera._lens_error("barrel")}})
    assert "| 45° | 4 | 60° | 75.0% (3 of 4) |" in text
    assert "| 80° | 4 | nothing |" in text
    assert "| true | 6 | 6 | 0.0° |" in text
    assert "wrong by 1.25: contradicted" in text
    assert text.count("(6 of 6)") >= 2


def test_lenses_bend_as_opencv_s() -> None:
    assert max(camera._lens_error(name) for name in ("barrel", "fisheye", "no distortion")) < 1e-9
