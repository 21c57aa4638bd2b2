"""The focal length that findings want: found where it is known, with an interval that holds, and refused elsewhere."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backend.scene import Box, Box3D, Distortion, LensModel, Ruling
from backend.spatial.box3d import outline
from backend.spatial.camera import Camera
from backend.spatial.camera_check import agreement, check_camera
from backend.spatial.field_of_view import FEWEST, FieldFit, NotDetermined, _student, fit_field
from backend.spatial.known_camera import KnownCamera
from backend.synthetic import EVALUATION_SEEDS
from backend.synthetic.perspective import draw_solids
from tests.spatial.solids import camera, sigma, true_boxes, true_solids

CAMERA = Camera(800, 600, 500, 400, 300)
ROW = tuple(
    Box3D((x, 0.6, z), (0.8, 1.2, 0.6), 0, yaw, 0, "crate", id=f"s{n}")
    for n, (x, z, yaw) in enumerate([(-1.5, 4, 0.3), (0.2, 3.5, 0), (1.8, 6, -0.5), (-0.7, 8, 1), (2.2, 7, 0.7)])
)


def seen(solids: tuple[Box3D, ...] = ROW, by: Camera = CAMERA) -> list[tuple[Box3D, Box]]:
    pairs = []
    for solid in solids:
        box = outline(solid, by)
        assert box is not None
        pairs.append((solid, replace(box, id=solid.id.replace("s", "b"))))
    return pairs


@given(st.integers(0, 2 * EVALUATION_SEEDS), st.floats(35, 100))
@settings(max_examples=60, deadline=None)
def test_exact_findings_want_the_camera_that_saw_them(seed: int, degrees: float) -> None:
    scene = draw_solids(seed, None, 3, 4, math.tan(math.radians(degrees) / 2))
    known, pairs = camera(scene, degrees), list(zip(true_solids(scene), true_boxes(scene), strict=True))
    try:
        fit = fit_field(pairs, camera(scene, 60).camera, sigma(scene))
    except NotDetermined:
        assume(False)
    assert fit.hfov == pytest.approx(degrees, abs=0.2)
    assert fit.off(known.camera) < 0.1
    narrow, wide = fit.interval
    assert narrow < degrees < wide


@pytest.mark.parametrize(
    "lens", [Distortion(LensModel.BROWN, (-0.2, 0.05, 0.001, 0.002, 0.0)), Distortion(LensModel.FISHEYE, (0.02, 0.0, 0.0, 0.0))]
)
def test_a_lens_and_a_principal_point_are_reckoned_with(lens: Distortion) -> None:
    real = Camera(800, 600, 450, 430, 280, 1.02, lens)
    fit = fit_field(seen(by=real), real.refocused(700), 2.0)
    assert fit.camera.focal == pytest.approx(450, rel=1e-4)
    assert fit.camera.distortion == lens


def test_one_wrong_box_among_five_hardly_counts_and_is_named() -> None:
    pairs = seen()
    pairs[2] = (pairs[2][0], Box(40, 500, 120, 580, "crate", id="b2"))
    fit = fit_field(pairs, CAMERA, 4.0)
    assert fit.against == ("s2",)
    assert fit.hfov == pytest.approx(CAMERA.hfov, abs=3)


def test_edges_that_are_not_the_thing_s_own_are_left_out() -> None:
    cut = [(solid, box.clamped(800, 600)) for solid, box in seen((*ROW, replace(ROW[0], centre=(-2.9, 0.6, 4), id="s9")))]
    assert cut[-1][1].x1 == 0, "it leaves the picture"
    assert fit_field(cut, CAMERA, 2.0).camera.focal == pytest.approx(500, rel=0.001)
    hidden = seen()
    solid, box = hidden[2]
    half = (box.x1 + box.x2) / 2
    hidden[2] = (solid, replace(box, x1=half))
    hider = Box(half - 60, box.y1 - 10, half, box.y2 + 10, "wall", id="b9")
    assert fit_field(hidden, CAMERA, 2.0, [hider]).camera.focal == pytest.approx(500, rel=0.001)
    assert fit_field(hidden, CAMERA, 2.0).camera.focal != pytest.approx(500, rel=0.001)


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([], "no solid box has"),
        (seen(ROW[:1]), f"only one solid box has a rectangle that shows its edges, and {FEWEST} are needed"),
        ([(replace(ROW[0], centre=(0, 0, 0.1)), Box(0, 0, 9, 9)), *seen(ROW[:1])], "only one"),
        ([(ROW[0], Box(0, 0, 800, 600)), *seen(ROW[:1])], "only one"),
        ([(one, Box(50 * n, 10, 50 * n + 2, 12)) for n, one in enumerate(ROW, 1)], "no field of view|nearly any"),
    ],
)
def test_what_tells_no_focal_length_is_refused(pairs: list[tuple[Box3D, Box]], said: str) -> None:
    with pytest.raises(NotDetermined, match=said):
        fit_field(pairs, CAMERA, 4.0)


def test_an_error_must_be_positive() -> None:
    with pytest.raises(ValueError, match="positive"):
        fit_field(seen(), CAMERA, 0.0)


def test_the_interval_holds_for_boxes_as_rough_as_it_supposes() -> None:
    """Metres off by 15 % in depth, sizes by 20 %, edges by σ: the camera lies within nineteen of twenty intervals."""
    inside = made = 0
    for seed in range(150):
        scene, rng = draw_solids(EVALUATION_SEEDS + seed, None, 3, 4), random.Random(seed)
        shaken = []
        for solid, box in zip(true_solids(scene), true_boxes(scene), strict=True):
            by = math.exp(rng.gauss(0, 0.15))
            x, y, z = (value * by for value in solid.centre)
            width, height, depth = (side * math.exp(rng.gauss(0, 0.2)) for side in solid.size)
            x1, y1, x2, y2 = (edge + rng.gauss(0, sigma(scene)) for edge in box.corners)
            off = replace(box, x1=min(x1, x2), y1=min(y1, y2), x2=max(x1, x2), y2=max(y1, y2))
            shaken.append((replace(solid, centre=(x, y, z), size=(width, height, depth)), off))
        try:
            fit = fit_field(shaken, camera(scene).camera, sigma(scene))
        except NotDetermined:
            continue
        made += 1
        inside += fit.off(camera(scene).camera) <= 1
    assert made > 130
    assert inside / made > 0.93


@pytest.mark.parametrize(("freedom", "quantile"), [(5, 2.5706), (6, 2.4469), (10, 2.2281), (30, 2.0423)])
def test_student_s_quantile(freedom: float, quantile: float) -> None:
    assert _student(freedom) == pytest.approx(quantile, abs=0.003)


def ruled(degrees: float, *, assumed: bool = False) -> tuple[Ruling, float | None, str]:
    known = KnownCamera(Camera.from_hfov(800, 600, degrees), f"{degrees:g}° across", assumed)
    verdict = check_camera(seen(), [], known, 4.0).verdict
    return verdict.ruling, verdict.margin, verdict.reason


def test_the_right_camera_is_confirmed_and_a_wrong_one_contradicted_with_what_they_want() -> None:
    right = CAMERA.hfov  # 77°
    ruling, margin, reason = ruled(right)
    assert ruling is Ruling.CONFIRMED
    assert margin == pytest.approx(_student(7), abs=0.05)
    assert "4 solid boxes and their rectangles agree best at 77° across" in reason
    ruling, margin, reason = ruled(40)
    assert ruling is Ruling.CONTRADICTED
    assert margin is not None
    assert margin < -1
    assert "40° lies outside: either the camera is another, or the model takes it for another" in reason


def test_a_camera_that_was_assumed_is_never_contradicted() -> None:
    ruling, _, reason = ruled(40, assumed=True)
    assert ruling is Ruling.UNDETERMINED
    assert "77° across" in reason
    assert "only assumed" in reason


def test_too_few_are_said_to_be_too_few() -> None:
    known = KnownCamera(CAMERA, "given")
    made = agreement(seen(ROW[:1]), [], known, 4.0)
    assert made.fit is None
    assert made.verdict.ruling is Ruling.UNDETERMINED
    assert "only one" in made.verdict.reason


def test_a_wide_interval_confirms_nothing() -> None:
    fit = FieldFit(CAMERA, 500 / 1.5, 500 * 1.5, 0.2, 2, ())
    assert fit.off(CAMERA) == 0
    assert fit.off(CAMERA.refocused(750)) == pytest.approx(1)
    (one, first), (other, second) = seen()[:2]
    rough = [(replace(one, size=(0.5, 0.7, 0.4)), first), (replace(other, size=(1.3, 2.0, 1.0)), second)]
    made = agreement(rough, [], KnownCamera(CAMERA, "given"), 20.0)
    assert made.verdict.ruling is Ruling.UNDETERMINED
