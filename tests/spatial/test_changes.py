"""What moved, came, went and came nearer between two pictures, and what the camera did: boxes in, changes out."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.scene import Box, Box3D, Change, ChangeKind, MotionKind
from backend.spatial.camera_motion import Motion, Sight, camera_motion
from backend.spatial.changes import compared, matched

STILL = (
    Box(40, 40, 100, 100, "red circle", id="b1"),
    Box(300, 60, 380, 130, "blue square", id="b2"),
    Box(200, 220, 270, 300, "green star", id="b3"),
    Box(420, 250, 500, 340, "white diamond", id="b4"),
)


def sight(*boxes: Box, size: tuple[float, float] = (640, 400), sigma: float = 2.0, solids: tuple[Box3D, ...] = ()) -> Sight:
    return Sight(boxes, *size, sigma, solids)


def shifted(box: Box, right: float, down: float = 0.0) -> Box:
    return replace(box, x1=box.x1 + right, x2=box.x2 + right, y1=box.y1 + down, y2=box.y2 + down)


def grown(box: Box, times: float) -> Box:
    (x, y), across, down = box.centre, box.width * times / 2, box.height * times / 2
    return replace(box, x1=x - across, x2=x + across, y1=y - down, y2=y + down)


def by_camera(box: Box, scale: float, right: float, down: float) -> Box:
    return Motion(MotionKind.MOVED, scale, (right, down)).of(box)


def kinds(changes: tuple[Change, ...]) -> dict[str, set[str]]:
    told: dict[str, set[str]] = {}
    for change in changes:
        told.setdefault(change.label, set()).add(change.kind.value)
    return told


def test_the_same_twice_is_unchanged() -> None:
    result = compared(sight(*STILL), sight(*STILL))
    assert {change.kind for change in result.changes} == {ChangeKind.UNCHANGED}
    assert (result.motion.kind, result.motion.agreeing, result.motion.shared) == (MotionKind.STILL, 4, 4)


def test_each_thing_gets_what_became_of_it() -> None:
    circle, square, star, diamond = STILL
    later = (
        replace(shifted(circle, 90, 10), id="c1"),
        grown(square, 1.5),
        diamond,
        Box(20, 300, 80, 360, "black box", id="c4"),
    )
    result = compared(sight(circle, square, star, diamond), sight(*later))
    assert kinds(result.changes) == {
        "red circle": {"moved"},
        "blue square": {"nearer"},
        "green star": {"disappeared"},
        "white diamond": {"unchanged"},
        "black box": {"appeared"},
    }
    moved = result.changes[0]
    assert (moved.before_id, moved.after_id, moved.displacement) == ("b1", "c1", (90, 10))
    assert moved.displacement_sigma == pytest.approx((90**2 + 10**2) ** 0.5 / 2.0)
    assert "90 px right of and 10 px below where it was" in moved.reason
    assert result.changes[1].scale == pytest.approx(1.5)
    json.dumps([change.as_dict() for change in result.changes])


def test_a_thing_can_move_and_come_nearer() -> None:
    circle, *rest = STILL
    result = compared(sight(circle, *rest), sight(grown(shifted(circle, 60, 60), 1.6), *rest))
    assert kinds(result.changes)["red circle"] == {"moved", "nearer"}
    back = compared(sight(grown(shifted(circle, 60, 60), 1.6), *rest), sight(circle, *rest))
    assert kinds(back.changes)["red circle"] == {"moved", "farther"}


def test_a_camera_that_pans_moves_nothing() -> None:
    later = [by_camera(box, 1.0, -120, 15) for box in STILL]
    later[2] = shifted(later[2], 70)
    result = compared(sight(*STILL), sight(*later))
    assert result.motion.kind is MotionKind.MOVED
    assert (result.motion.agreeing, result.motion.shared) == (3, 4)
    assert result.motion.shift == pytest.approx((-120, 15))
    told = kinds(result.changes)
    assert told.pop("green star") == {"moved"}
    # The circle is cut by the left edge: what is seen of it is where it must be.
    assert set.union(*told.values()) == {"unchanged"}


def test_what_a_panning_camera_leaves_behind_has_not_disappeared() -> None:
    later = [by_camera(box, 1.0, -150, 0) for box in STILL[1:]]
    fresh = Box(560, 100, 620, 160, "black star")
    result = compared(sight(*STILL), sight(*later, fresh))
    told = kinds(result.changes)
    assert told["red circle"] == {"left_view"}
    assert told["black star"] == {"entered_view"}
    assert "outside picture 2" in result.changes[0].reason
    turned = kinds(compared(sight(*later, fresh), sight(*STILL)).changes)
    assert (turned["red circle"], turned["black star"]) == ({"entered_view"}, {"left_view"})


def test_a_camera_that_comes_nearer_brings_nothing_nearer() -> None:
    later = tuple(by_camera(box, 1.25, -60, -40) for box in STILL)
    result = compared(sight(*STILL), sight(*later))
    assert result.motion.kind is MotionKind.MOVED
    assert result.motion.scale == pytest.approx(1.25)
    assert {change.kind for change in result.changes} == {ChangeKind.UNCHANGED}


def test_two_things_that_move_alike_are_no_camera() -> None:
    result = compared(sight(*STILL[:2]), sight(*(shifted(box, 40) for box in STILL[:2])))
    assert result.motion.kind is MotionKind.UNKNOWN
    assert {change.kind for change in result.changes} == {ChangeKind.MOVED}
    assert "cannot be told" in result.motion.reason


def test_pictures_of_another_size_are_the_same_view() -> None:
    half = tuple(replace(box, x1=box.x1 / 2, y1=box.y1 / 2, x2=box.x2 / 2, y2=box.y2 / 2) for box in STILL)
    result = compared(sight(*STILL), sight(*half, size=(320, 200), sigma=1.0))
    assert result.motion.kind is MotionKind.STILL
    assert {change.kind for change in result.changes} == {ChangeKind.UNCHANGED}


def test_of_several_with_one_name_the_one_that_stayed_is_not_the_one_that_moved() -> None:
    cups = [Box(40 + 120 * at, 50, 90 + 120 * at, 100, "cup", id=f"b{at}") for at in range(3)]
    later = [cups[2], shifted(cups[1], 0, 200), cups[0]]
    moved = [change for change in compared(sight(*cups), sight(*later)).changes if change.kind is ChangeKind.MOVED]
    assert [change.before_id for change in moved] == ["b1"]
    fewer = compared(sight(*cups), sight(cups[0], cups[2]))
    assert [change.before_id for change in fewer.changes if change.kind is ChangeKind.DISAPPEARED] == ["b1"]


def test_a_hidden_thing_may_be_behind_what_covers_its_place() -> None:
    front = Box(180, 200, 300, 330, "yellow box", id="b9")
    result = compared(sight(*STILL), sight(STILL[0], STILL[1], STILL[3], front))
    gone = next(change for change in result.changes if change.label == "green star")
    assert gone.kind is ChangeKind.DISAPPEARED
    assert "“yellow box” (b9) covers 100% of its place and may hide it" in gone.reason


def test_another_name_in_the_same_place_is_said() -> None:
    renamed = replace(STILL[2], label="green flower", id="b7")
    result = compared(sight(*STILL), sight(*STILL[:2], STILL[3], renamed))
    assert kinds(result.changes)["green star"] == {"disappeared"}
    assert all("another name" in change.reason for change in result.changes if change.label.startswith("green"))


def test_a_thing_that_turned_is_neither_nearer_nor_farther() -> None:
    wide = Box(200, 100, 300, 140, "plank")
    tall = Box(230, 70, 270, 170, "plank")
    (plank,) = [change for change in compared(sight(*STILL, wide), sight(*STILL, tall)).changes if change.label == "plank"]
    assert (plank.kind, plank.scale) == (ChangeKind.UNCHANGED, None)
    assert "turned or is partly hidden" in plank.reason


def test_a_thing_cut_by_the_edge_tells_only_by_its_own_edges() -> None:
    cut, whole = Box(0, 150, 60, 210, "box"), Box(0, 150, 40, 210, "box")
    (box,) = [change for change in compared(sight(*STILL, cut), sight(*STILL, whole)).changes if change.label == "box"]
    assert box.kind is ChangeKind.MOVED
    assert box.displacement == (-20, 0)
    assert box.scale == pytest.approx(1.0), "its height alone tells"


def test_the_models_metres_can_take_a_nearer_back() -> None:
    square = STILL[1]
    near = Box3D((0, 0, 4.0), (1, 1, 1), 0, 0, 0, "blue square")
    far = replace(near, centre=(0, 0, 8.0))
    others = (STILL[0], STILL[2], STILL[3])

    def became(was: Box3D, now: Box3D) -> Change:
        before, after = sight(square, *others, solids=(was,)), sight(grown(square, 1.5), *others, solids=(now,))
        return compared(before, after).changes[0]

    agreed, denied = became(far, near), became(near, far)
    assert agreed.kind is ChangeKind.NEARER
    assert "8.0 m and then 4.0 m (its estimate)" in agreed.reason
    assert denied.kind is ChangeKind.UNCHANGED
    assert "disagree" in denied.reason


def test_nothing_at_all() -> None:
    result = compared(sight(), sight())
    assert (result.changes, result.motion.kind) == ((), MotionKind.UNKNOWN)
    assert kinds(compared(sight(), sight(STILL[0])).changes) == {"red circle": {"appeared"}}


@given(st.integers(0, 10_000), st.floats(0.8, 1.25), st.integers(-60, 60), st.integers(-40, 40))
def test_the_camera_is_found_through_the_boxes_noise(seed: int, scale: float, right: int, down: int) -> None:
    rng = random.Random(seed)

    def noisy(box: Box) -> Box:
        corners = [corner + rng.gauss(0, 1.0) for corner in box.corners]
        return replace(box, x1=corners[0], y1=corners[1], x2=corners[2], y2=corners[3])

    room = {"size": (2000.0, 1600.0), "sigma": 1.0}
    here = [shifted(box, 500, 500) for box in STILL]
    before = sight(*map(noisy, here), **room)  # type: ignore[arg-type]
    after = sight(*(noisy(by_camera(box, scale, right, down)) for box in here), **room)  # type: ignore[arg-type]
    motion = camera_motion(before, after)
    for box in here:
        there, true = motion.of(box), by_camera(box, scale, right, down)
        if motion.kind is MotionKind.MOVED:
            assert max(abs(a - b) for a, b in zip(there.corners, true.corners, strict=True)) < 12


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 360), st.sampled_from(["cup", "plate"])), max_size=12))
def test_every_finding_is_spoken_of_and_none_twice(places: list[tuple[int, int, str]]) -> None:
    half = len(places) // 2
    boxes = [Box(x, y, x + 30, y + 30, label, id=f"b{at}") for at, (x, y, label) in enumerate(places)]
    before, after = boxes[:half], boxes[half:]
    result = compared(sight(*before), sight(*after))
    for ids, wanted in (
        ({change.before_id for change in result.changes}, before),
        ({change.after_id for change in result.changes}, after),
    ):
        assert ids - {""} == {box.id for box in wanted}
    pairs = matched(before, after, Motion(MotionKind.STILL, 1.0, (0.0, 0.0)))
    assert len({one.id for one, _ in pairs}) == len({other.id for _, other in pairs}) == len(pairs)
