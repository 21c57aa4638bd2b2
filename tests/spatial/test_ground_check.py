"""The truth table of ground contact: on drawn scenes, where all stand on one ground, and on boxes set up by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.scene import Box, Box3D, Check, Ruling
from backend.spatial.box3d import outline
from backend.spatial.camera import Camera
from backend.spatial.ground_check import check_ground, downward
from backend.synthetic import EVALUATION_SEEDS
from backend.synthetic.perspective import draw_solids
from tests.spatial.solids import camera, sigma, true_boxes, true_solids

seeds = st.integers(0, 2 * EVALUATION_SEEDS)
CAMERA = Camera.from_hfov(800, 600)
CONFIRMED, CONTRADICTED, UNDETERMINED = Ruling.CONFIRMED, Ruling.CONTRADICTED, Ruling.UNDETERMINED


def stood(x: float, z: float, id_: str, bottom: float = 1.2, height: float = 0.8) -> Box3D:
    """A box whose bottom is so many metres below the camera."""
    return Box3D((x, bottom - height / 2, z), (0.6, height, 0.6), 0, 0.3, 0, "box", id=id_)


ROW = [stood(-1, 4, "s1"), stood(0, 5, "s2"), stood(1.5, 6, "s3")]


def checks(solids: Sequence[Box3D], **boxes: Box) -> list[Check]:
    return check_ground(solids, boxes, CAMERA, 8.0)


def rulings(solids: Sequence[Box3D], **boxes: Box) -> list[Ruling]:
    return [check.verdict.ruling for check in checks(solids, **boxes)]


@given(seeds)
@settings(max_examples=60, deadline=None)
def test_boxes_that_stand_on_one_ground_are_confirmed(seed: int) -> None:
    scene = draw_solids(seed)
    solids = true_solids(scene)
    boxes = {solid.id: box for solid, box in zip(solids, true_boxes(scene), strict=True)}
    made = check_ground(solids, boxes, camera(scene).camera, sigma(scene))
    assert [check.finding_id for check in made] == [solid.id for solid in solids]
    for check in made:
        assert check.verdict.ruling is (CONFIRMED if len(solids) > 1 else UNDETERMINED)
        assert "camera frame" in check.verdict.reason


@given(seeds, st.booleans())
@settings(max_examples=60, deadline=None)
def test_one_that_floats_or_is_sunk_is_contradicted(seed: int, up: bool) -> None:
    scene = draw_solids(seed)
    solids = true_solids(scene)
    away = 2 if up else -2  # 2 · (10 cm + 5 % of 9.9 m) = 1.2 m at most
    first = replace(solids[0], centre=(solids[0].centre[0], solids[0].centre[1] - away, solids[0].centre[2]))
    made = check_ground([first, *solids[1:]], {}, camera(scene).camera, sigma(scene))
    if len(solids) >= 3:
        assert [check.verdict.ruling for check in made] == [CONTRADICTED] + [CONFIRMED] * (len(solids) - 1)
        margin = made[0].verdict.margin
        assert margin is not None
        assert margin < 0
    else:
        assert {check.verdict.ruling for check in made} == {UNDETERMINED}


def test_the_reason_says_how_far_and_of_whom() -> None:
    check = checks([*ROW, stood(0, 4, "s4", bottom=0.2)])[3]
    assert check.verdict.ruling is CONTRADICTED
    assert check.against_id == "s1"
    assert check.verdict.reason == (
        "its bottom is 1.00 m above the ground of s1, s2, s3 (1.20 m below the camera), 0.30 m are allowed,"
        " and nothing that was found carries it (camera frame, the model's metres)"
    )
    # 0.7 m too much at 4 m, where σ = 8 px are 8 · 4 / 692.8 = 0.0462 m
    assert check.verdict.margin == pytest.approx(-0.7 / (8 * 4 / CAMERA.focal))


@pytest.mark.parametrize(
    ("bottom", "wanted"),
    [(1.2, CONFIRMED), (1.0, CONFIRMED), (0.75, UNDETERMINED), (0.5, CONTRADICTED), (1.65, UNDETERMINED), (2.0, CONTRADICTED)],
)
def test_how_far_a_bottom_may_be_off(bottom: float, wanted: Ruling) -> None:
    """At 4 m 10 cm + 5 % are 0.3 m; twice that is a contradiction."""
    assert rulings([*ROW, stood(0, 4, "s4", bottom=bottom)])[3] is wanted


def test_one_alone_says_nothing() -> None:
    assert rulings(ROW[:1]) == [UNDETERMINED]
    assert rulings([]) == []


def test_of_two_that_disagree_nobody_can_say_which_is_wrong() -> None:
    assert rulings([ROW[0], stood(0, 5, "s2", bottom=0.0)]) == [UNDETERMINED] * 2


def test_half_against_half_is_no_ground() -> None:
    assert rulings([*ROW[:2], stood(0, 4, "s4", bottom=0.2), stood(1, 4, "s5", bottom=0.2)]) == [UNDETERMINED] * 4


def test_what_stands_on_something_else_does_not_float() -> None:
    table = Box3D((0, 0.8, 4), (1.6, 0.8, 1.2), 0, 0, 0, "table", id="s4")
    cup = Box3D((0.3, 0.35, 4), (0.1, 0.1, 0.1), 0, 0, 0, "cup", id="s5")
    made = checks([*ROW, table, cup])
    assert made[4].verdict.ruling is CONFIRMED
    assert made[4].against_id == "s4"
    assert rulings([*ROW, replace(cup, centre=(3, 0.35, 4))])[3] is CONTRADICTED, "beside the table nothing carries it"


def test_a_camera_that_looks_down_sees_its_boxes_lean() -> None:
    """The same row, seen by a camera that looks 30° down: everything is turned about X, the boxes' own axes too."""
    tilt = math.radians(30)
    leaning = [
        replace(
            box,
            centre=(
                box.centre[0],
                math.cos(tilt) * box.centre[1] - math.sin(tilt) * box.centre[2],
                math.sin(tilt) * box.centre[1] + math.cos(tilt) * box.centre[2],
            ),
            pitch=tilt,
            yaw=0,
        )
        for box in ROW
    ]
    assert downward(leaning) == pytest.approx((0, math.cos(tilt), math.sin(tilt)))
    assert rulings(leaning) == [CONFIRMED] * 3


def test_what_hangs_above_the_camera_stands_on_no_ground() -> None:
    assert rulings([stood(x, 4, f"s{x}", bottom=-0.5) for x in (1, 2, 3)]) == [UNDETERMINED] * 3


@pytest.mark.parametrize("z", [-4, -0.5])
def test_behind_the_camera(z: float) -> None:
    assert rulings([*ROW, stood(0, z, "s4")])[3] is CONTRADICTED
    assert rulings([*ROW, stood(0, z, "s4")])[:3] == [CONFIRMED] * 3
    assert rulings([stood(0, z, "s1")]) == [CONTRADICTED]


def test_one_alone_whose_rectangle_is_below_while_it_is_above() -> None:
    up = stood(0, 4, "s1", bottom=-0.4)
    below, above = Box(300, 200, 500, 500, id="b1"), Box(300, 100, 500, 250, id="b1")
    assert rulings([up], s1=below) == [CONTRADICTED]
    assert rulings([up], s1=above) == [UNDETERMINED]
    assert rulings([stood(0, 4, "s1")], s1=below) == [UNDETERMINED]


def test_sigma_must_be_positive() -> None:
    with pytest.raises(ValueError, match="σ"):
        check_ground(ROW, {}, CAMERA, -1)


@given(
    st.lists(
        st.builds(
            Box3D,
            st.tuples(*[st.floats(-1e5, 1e5)] * 3),
            st.tuples(*[st.floats(1e-9, 1e5)] * 3),
            *[st.floats(-1e5, 1e5)] * 3,
            st.just("box"),
        ),
        max_size=6,
    )
)
@settings(max_examples=60, deadline=None)
def test_any_boxes_have_a_ruling_each(boxes: list[Box3D]) -> None:
    named = [replace(box, id=f"s{n}") for n, box in enumerate(boxes)]
    made = checks(named, **{box.id: Box(0, 300, 800, 600, id="b1") for box in named if outline(box, CAMERA)})
    assert [check.finding_id for check in made] == [box.id for box in named]
    assert all(check.verdict.margin is None or math.isfinite(check.verdict.margin) for check in made)
