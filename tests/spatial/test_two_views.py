"""How a camera moved, from two rendered views whose places are known; and the views that do not tell."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from backend.scene import Distortion, LensModel
from backend.spatial.camera import Camera
from backend.spatial.features import Matches, matched
from backend.spatial.two_views import Trouble, pose_of, relative_pose
from backend.synthetic.stereo import Viewpoint, pinhole
from tests.spatial.rooms import CAMERA, LENS, as_picture, degrees_apart, degrees_between, shot, view

ASIDE = Viewpoint((0.5, -0.1, 0.2), (2.0, -6.0, 3.0))


@pytest.mark.parametrize(
    "second",
    [ASIDE, Viewpoint((-0.4, 0.0, 0.0), (0.0, 5.0, 0.0)), Viewpoint((0.0, 0.0, 0.8))],
    ids=["right and up", "left, turning", "ahead"],
)
def test_turn_and_direction_are_those_of_the_cameras(second: Viewpoint) -> None:
    pose = relative_pose(view(3), view(3, second), CAMERA)
    truth = -second.rotation @ np.array(second.position)
    assert pose.enough, pose.reason
    assert pose.reason == ""
    assert degrees_apart(pose.rotation, second.rotation) < 0.2
    assert degrees_between(np.array(pose.translation), truth) < 2
    assert degrees_between(np.array(pose.way), np.array(second.position)) < 2
    assert np.linalg.norm(pose.translation) == pytest.approx(1)
    assert pose.turn == pytest.approx(degrees_apart(np.eye(3), second.rotation), abs=0.2)
    assert 0.7 < pose.ratio <= 1


def test_marks_are_where_the_room_is_up_to_one_scale() -> None:
    pose = relative_pose(view(3), view(3, ASIDE), CAMERA)
    depth = shot(3).depth
    truth = np.array([depth[int(point.seen[1]), int(point.seen[0])] for point in pose.points])
    scaled = np.array([point.place[2] for point in pose.points]) * np.linalg.norm(ASIDE.position)
    assert len(truth) == pose.inliers
    assert np.median(np.abs(scaled / truth - 1)) < 0.02


def test_a_camera_that_only_turned_tells_no_direction() -> None:
    turned = Viewpoint(angles=(1.0, 8.0, 2.0))
    pose = relative_pose(view(3), view(3, turned), CAMERA)
    assert (pose.enough, pose.trouble) == (False, Trouble.TURNED)
    assert "only turned" in pose.reason
    assert degrees_apart(pose.rotation, turned.rotation) < 0.1, "the turn itself is known"
    assert pose.translation == (0, 0, 0)
    assert pose.points == ()


def test_the_same_picture_twice_is_no_motion() -> None:
    pose = relative_pose(view(3), view(3), CAMERA)
    assert pose.trouble is Trouble.TURNED
    assert pose.turn < 0.01


def test_a_wall_alone_is_too_flat() -> None:
    one, other = Viewpoint((0.0, 0.1, 8.5)), Viewpoint((0.3, 0.0, 8.4), (0.0, -5.0, 0.0))
    pose = relative_pose(view(3, one), view(3, other), CAMERA)
    assert (pose.enough, pose.trouble) == (False, Trouble.FLAT)
    assert "one plane" in pose.reason


def test_pictures_without_marks_or_of_other_places_are_told_apart() -> None:
    blank = as_picture(Image.new("RGB", (320, 240), "grey"))
    assert relative_pose(blank, blank, CAMERA).trouble is Trouble.FEW
    assert relative_pose(blank, view(3), CAMERA).trouble is Trouble.FEW
    elsewhere = relative_pose(view(3), view(8), CAMERA)
    assert elsewhere.trouble in (Trouble.FEW, Trouble.DISAGREEMENT)
    assert elsewhere.inliers < 30


def test_matches_made_up_by_chance_are_no_motion() -> None:
    draw = np.random.default_rng(1)
    chance = Matches(draw.uniform(0, 240, (400, 2)), draw.uniform(0, 240, (400, 2)))
    pose = pose_of(chance, CAMERA, CAMERA)
    assert pose.trouble is Trouble.DISAGREEMENT
    assert pose.points == ()


def test_a_third_of_wrong_matches_does_not_move_it() -> None:
    found = matched(view(3), view(3, ASIDE))
    wrong = len(found) // 3
    draw = np.random.default_rng(2)
    second = found.second.copy()
    second[:wrong] = draw.uniform(0, 240, (wrong, 2))
    pose = pose_of(Matches(found.first, second), CAMERA, CAMERA)
    assert pose.enough
    assert degrees_apart(pose.rotation, ASIDE.rotation) < 0.3


def test_a_lens_that_bends_is_straightened_before() -> None:
    bent = pinhole(320, 240, distortion=Distortion(LensModel.BROWN, (-0.25, 0.08, 0.001, -0.001, 0.0)))
    pose = relative_pose(view(3, lens=bent), view(3, ASIDE, bent), Camera.calibrated(bent))
    assert pose.enough
    assert degrees_apart(pose.rotation, ASIDE.rotation) < 0.2


def test_two_cameras_of_different_focal_length() -> None:
    wide = pinhole(320, 240, 75.0)
    pose = relative_pose(view(3), view(3, ASIDE, wide), CAMERA, Camera.calibrated(wide))
    assert pose.enough
    assert degrees_apart(pose.rotation, ASIDE.rotation) < 0.3


def test_the_same_pictures_get_the_same_answer() -> None:
    poses = [relative_pose(view(3), view(3, ASIDE), CAMERA) for _ in range(2)]
    assert poses[0] == poses[1]


def test_places_are_in_pixels_of_the_original_even_where_fewer_were_kept() -> None:
    picture = view(3)
    twice = as_picture(shot(3).picture)
    large = type(twice)("large", 640, 480, twice.rgb, twice.sha256, stored_width=320, stored_height=240)
    found, doubled = matched(picture, picture), matched(large, large)
    assert len(found) > 200
    assert np.allclose(found.first * 2, doubled.first)
    assert LENS.width == 320
