"""The truth table of projections, on scenes whose camera and metres are known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backend.scene import Box, Box3D, Ruling
from backend.spatial.camera import Camera
from backend.spatial.known_camera import KnownCamera
from backend.spatial.pairing import paired
from backend.spatial.projection_check import check_projection
from backend.synthetic import EVALUATION_SEEDS
from backend.synthetic.perspective import draw_solids
from tests.spatial.solids import camera, sigma, true_boxes, true_solids

seeds = st.integers(0, 2 * EVALUATION_SEEDS)
FOUR = Camera(800, 600, 400, 400, 300)
GIVEN = KnownCamera(FOUR, "given")
ASSUMED = KnownCamera(FOUR, "assumed", assumed=True)
CRATE = Box3D((0, 0, 4), (2, 2, 2), 0, 0, 0, "crate", id="s1")
SEEN = Box(266.67, 166.67, 533.33, 433.33, "crate", id="b1")
"""What is seen of it: its near face, 400 · 1 / 3 to either side."""


def ruling(solid: Box3D, box: Box | None, known: KnownCamera = GIVEN, *others: Box) -> Ruling:
    return check_projection(solid, box, known, 8.0, others).verdict.ruling


@given(seeds)
@settings(max_examples=60, deadline=None)
def test_true_boxes_are_confirmed(seed: int) -> None:
    scene = draw_solids(seed)
    for assumed in (False, True):
        for solid, box in zip(true_solids(scene), true_boxes(scene), strict=True):
            verdict = check_projection(solid, box, camera(scene, assumed=assumed), sigma(scene)).verdict
            assert verdict.ruling is Ruling.CONFIRMED
            assert verdict.margin is not None
            assert verdict.margin > 3
            assert "IoU 1.00" in verdict.reason


@given(seeds, st.sampled_from([-1, 1]))
@settings(max_examples=60, deadline=None)
def test_displaced_boxes_are_contradicted(seed: int, side: int) -> None:
    """Moved to the side by twice their width and a fifth of the picture, which lies beyond any localisation error."""
    scene = draw_solids(seed)
    known = camera(scene)
    for solid, box in zip(true_solids(scene), true_boxes(scene), strict=True):
        x, y, z = solid.centre
        away = side * (2 * box.width + 0.2 * scene.width) * z / known.camera.focal
        check = check_projection(replace(solid, centre=(x + away, y, z)), box, known, sigma(scene))
        # One that leaves the picture is cut at its edge, where what is left may come near a rectangle at that edge.
        assume(box.x1 + side * box.width > 20 and box.x2 + side * box.width < scene.width - 20)
        assert check.verdict.ruling is Ruling.CONTRADICTED
        assert check.verdict.margin is not None
        assert check.verdict.margin < 0
        assert (check.finding_id, check.against_id) == (solid.id, box.id)


@given(seeds, st.floats(40, 100))
@settings(max_examples=60, deadline=None)
def test_true_boxes_are_never_contradicted_because_of_an_assumed_camera(seed: int, degrees: float) -> None:
    """The rectangles are those of another lens than the assumed one: scaled about the middle of the picture."""
    scene = draw_solids(seed)
    assumed, real = camera(scene, assumed=True), camera(scene, degrees)
    scale = real.camera.focal / assumed.camera.focal
    for solid, box in zip(true_solids(scene), true_boxes(scene), strict=True):
        x1, x2 = (scene.width / 2 + scale * (x - scene.width / 2) for x in (box.x1, box.x2))
        y1, y2 = (scene.height / 2 + scale * (y - scene.height / 2) for y in (box.y1, box.y2))
        seen = Box(x1, y1, x2, y2, id=box.id).clamped(scene.width, scene.height)
        assume(seen.width > 1 and seen.height > 1)
        assert check_projection(solid, seen, assumed, sigma(scene)).verdict.ruling is not Ruling.CONTRADICTED


@pytest.mark.parametrize(
    ("shift", "known", "wanted"),
    [
        (0.0, GIVEN, Ruling.CONFIRMED),
        (0.4, GIVEN, Ruling.CONFIRMED),  # 53 px; 3 · 8 + 0.15 · 266.7 = 64 px are allowed
        (0.7, GIVEN, Ruling.UNDETERMINED),  # 93 px
        (1.2, GIVEN, Ruling.CONTRADICTED),  # 160 px
        (0.7, ASSUMED, Ruling.UNDETERMINED),
        (3.0, ASSUMED, Ruling.CONTRADICTED),  # far to one side of the middle: no lens brings it back
    ],
)
def test_how_far_it_may_be_off(shift: float, known: KnownCamera, wanted: Ruling) -> None:
    moved = replace(CRATE, centre=(shift, 0, 4))
    assert ruling(moved, SEEN, known) is wanted


def test_a_size_that_another_lens_would_explain() -> None:
    closer = Box(100, 0, 700, 600, "crate", id="b1")  # as seen with f = 900 px of 800: 2 · atan(400 / 900) = 47.9°
    assert ruling(CRATE, closer, GIVEN) is Ruling.UNDETERMINED
    verdict = check_projection(CRATE, closer, ASSUMED, 8.0).verdict
    assert verdict.ruling is Ruling.UNDETERMINED
    assert "48° across in place of what is assumed" in verdict.reason


def test_behind_the_camera_nothing_is_seen() -> None:
    for z in (-4, 0, -1e4):
        verdict = check_projection(replace(CRATE, centre=(0, 0, z), size=(0.01,) * 3), SEEN, ASSUMED, 8.0).verdict
        assert verdict.ruling is Ruling.CONTRADICTED
        assert "behind the camera" in verdict.reason


def test_without_a_rectangle_nothing_is_said() -> None:
    check = check_projection(CRATE, None, GIVEN, 8.0)
    assert (check.verdict.ruling, check.against_id) == (Ruling.UNDETERMINED, "")


def test_a_part_that_is_hidden_decides_nothing() -> None:
    visible = replace(SEEN, x2=330)
    assert ruling(CRATE, visible) is Ruling.CONTRADICTED
    assert ruling(CRATE, visible, GIVEN, Box(320, 150, 560, 450, "door", id="b2")) is Ruling.UNDETERMINED
    assert ruling(CRATE, visible, GIVEN, Box(0, 0, 200, 600, "door", id="b2")) is Ruling.CONTRADICTED


def test_a_tiny_rectangle_confirms_nothing_by_its_error_alone() -> None:
    far = replace(CRATE, centre=(0, 0, 80))
    assert ruling(far, Box(411, 306, 421, 316, id="b1")) is Ruling.UNDETERMINED


def test_sigma_must_be_positive() -> None:
    with pytest.raises(ValueError, match="σ"):
        check_projection(CRATE, SEEN, GIVEN, 0)


def test_of_several_with_one_name_each_meets_the_one_it_covers() -> None:
    left, right = (Box3D((x, 0, 5), (1, 1, 1), 0, 0, 0, "chair", id=f"s{x}") for x in (-2, 2))
    boxes = [Box(500, 250, 620, 350, "Chair ", id="b1"), Box(180, 250, 300, 350, "chair", id="b2")]
    pairs = paired([left, right], boxes, [FOUR])
    assert {key: box.id for key, box in pairs.items()} == {"s-2": "b2", "s2": "b1"}


def test_no_rectangle_is_used_twice_and_names_must_agree() -> None:
    one, other = (Box3D((0, 0, z), (2, 2, 2), 0, 0, 0, "crate", id=f"s{z}") for z in (4, 5))
    assert list(paired([other, one], [SEEN], [FOUR])) == ["s4"]
    assert paired([one], [replace(SEEN, label="box"), replace(SEEN, picture=1)], [FOUR]) == {}


def test_one_in_a_wrong_place_meets_its_rectangle_all_the_same() -> None:
    assert list(paired([replace(CRATE, centre=(9, 0, 4))], [SEEN], [FOUR])) == ["s1"]
    assert list(paired([replace(CRATE, centre=(0, 0, -4))], [SEEN], [FOUR])) == ["s1"]
