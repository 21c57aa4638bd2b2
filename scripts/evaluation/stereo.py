"""Depth from geometry: how far off it is on rendered rooms whose every pixel's depth is known, and what is refused."""

from __future__ import annotations

import dataclasses
import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from backend.scene import Calibration, Distortion, LensModel, Picture, StereoCalibration
from backend.spatial.camera import Camera
from backend.spatial.stereo import PairRefused, Stereo, calibrated_pair, measure, measure_free, rectified_pair
from backend.spatial.two_views import RelativePose, relative_pose
from backend.synthetic.stereo import Shot, TexturedRoom, Viewpoint, draw_room, pinhole
from scripts.evaluation import markdown
from scripts.evaluation.families import MEASURED_FROM

Array = npt.NDArray[np.float64]

SIZE = (400, 300)
LEAST = 30
"""Rooms."""
NOISE = 3.0
"""Standard deviation of the grey levels that a sensor adds, of 255."""
CLOSE = 0.15
"""Relative error within which 95 % of the pixels are to be."""


@dataclass(slots=True)
class _Tally:
    """Scenes of one kind."""

    scenes: int = 0
    refused: int = 0
    dense: int = 0
    valid: list[float] = field(default_factory=list)
    medians: list[float] = field(default_factory=list)
    close: list[float] = field(default_factory=list)
    errors: list[Array] = field(default_factory=list)

    def add(self, stereo: Stereo, truth: npt.NDArray[np.float32], scale: float = 1.0) -> None:
        """`scale`: what makes metres of the map."""
        values = stereo.depth.values.astype(float) * scale
        known = np.isfinite(values)
        off = np.abs(values[known] / truth[known] - 1)
        self.valid.append(stereo.valid)
        self.dense += 1
        self.errors.append(off)
        self.medians.append(float(np.median(off)))
        self.close.append(float((off < CLOSE).mean()))

    def figures(self) -> dict[str, Any]:
        every = np.concatenate(self.errors)
        return {
            "scenes": self.scenes,
            "refused": self.refused,
            "measured": self.dense,
            "valid": float(np.mean(self.valid)),
            "median": float(np.median(every)),
            "95 % below": float(np.percentile(every, 95)),
            "within 15 %": float((every < CLOSE).mean()),
            "worst median": max(self.medians),
            "worst within 15 %": min(self.close),
        }


@dataclass(slots=True)
class _Poses:
    """Free views of one kind of motion."""

    views: int = 0
    enough: int = 0
    turns: list[float] = field(default_factory=list)
    directions: list[float] = field(default_factory=list)

    def add(self, pose: RelativePose, place: Viewpoint) -> None:
        self.views += 1
        if not pose.enough:
            return
        self.enough += 1
        truth = place.rotation
        trace = float(np.trace(np.array(pose.rotation) @ truth.T))
        self.turns.append(float(np.degrees(np.arccos(np.clip((trace - 1) / 2, -1, 1)))))
        way = np.array(place.position) / np.linalg.norm(place.position)
        self.directions.append(float(np.degrees(np.arccos(np.clip(way @ np.array(pose.way), -1, 1)))))

    def figures(self) -> dict[str, Any]:
        return {
            "views": self.views,
            "enough": self.enough,
            "turn, median": float(np.median(self.turns)),
            "turn, 95 % below": float(np.percentile(self.turns, 95)),
            "direction, median": float(np.median(self.directions)),
            "direction, 95 % below": float(np.percentile(self.directions, 95)),
        }


def measured(questions: int) -> dict[str, Any]:
    """`questions`: rooms, at least 30."""
    kinds = {name: _Tally() for name in ("rectified", "rectified, noisy", "calibrated, noisy", "free, noisy")}
    poses = {name: _Poses() for name in ("aside", "ahead")}
    refusals: dict[str, list[int]] = {}
    for number in range(max(LEAST, questions)):
        rng = random.Random(MEASURED_FROM + number)
        room = draw_room(MEASURED_FROM + number)
        lens, baseline = pinhole(*SIZE, rng.uniform(50, 75)), rng.uniform(0.08, 0.2)
        left, right = room.seen(Viewpoint(), lens), room.seen(Viewpoint((baseline, 0.0, 0.0)), lens)
        camera = Camera.calibrated(lens)
        for name, noise in (("rectified", 0.0), ("rectified, noisy", NOISE)):
            pair = rectified_pair(_picture(left, rng, noise), _picture(right, rng, noise), camera, baseline)
            _tallied(kinds[name], partial(measure, pair), left.depth)
        _bent(kinds["calibrated, noisy"], room, rng, baseline)
        first = _picture(left, rng, NOISE)
        for name in ("aside", "ahead") if number % 2 else ("aside",):
            place = _step(rng, name)
            second = _picture(room.seen(place, lens), rng, NOISE)
            poses[name].add(relative_pose(first, second, camera), place)
            if name == "aside":
                length = float(np.linalg.norm(place.position))
                _tallied(kinds["free, noisy"], partial(_free, first, second, camera), left.depth, length)
        if number % 3 == 0:
            _wrong(refusals, room, (left, right), rng, baseline)
    return {
        "kinds": {name: tally.figures() for name, tally in kinds.items()},
        "poses": {name: one.figures() for name, one in poses.items()},
        "refusals": refusals,
    }


def table(figures: dict[str, Any]) -> str:
    """For docs/accuracy.md."""
    kinds = [
        (
            name,
            f"{one['measured']} of {one['scenes']}",
            f"{one['valid']:.1%}",
            f"**{one['median']:.1%}**",
            f"{one['95 % below']:.1%}",
            f"**{one['within 15 %']:.1%}**",
            f"{one['worst median']:.1%}",
            f"{one['worst within 15 %']:.1%}",
        )
        for name, one in figures["kinds"].items()
    ]
    poses = [
        (
            name,
            f"{one['enough']} of {one['views']}",
            f"{one['turn, median']:.2f}°",
            f"{one['turn, 95 % below']:.2f}°",
            f"{one['direction, median']:.2f}°",
            f"{one['direction, 95 % below']:.2f}°",
        )
        for name, one in figures["poses"].items()
    ]
    heads = (
        *("pictures", "measured", "pixels with a depth", "error, median (goal 5 %)", "95 % below"),
        *("within 15 % (goal 95 %)", "median of the worst room", "within 15 % in the worst room"),
    )
    moved = ("second view", "relied on", "turn off, median", "95 % below", "direction off, median", "95 % below")
    wrong = [(name, f"{found} of {tried}") for name, (found, tried) in figures["refusals"].items()]
    return f"{markdown.table(heads, kinds)}\n{markdown.table(moved, poses)}\n{markdown.table(('given', 'refused'), wrong)}"


def _tallied(tally: _Tally, measuring: Callable[[], Stereo], truth: npt.NDArray[np.float32], scale: float = 1.0) -> None:
    tally.scenes += 1
    try:
        tally.add(measuring(), truth, scale)
    except PairRefused:
        tally.refused += 1


def _free(first: Picture, second: Picture, camera: Camera) -> Stereo:
    return measure_free(first, second, camera).stereo


def _bent(tally: _Tally, room: TexturedRoom, rng: random.Random, baseline: float) -> None:
    """A pair through lenses that bend, the cameras turned by up to two degrees about every axis."""
    lenses = [
        pinhole(
            *SIZE,
            rng.uniform(55, 70),
            Distortion(LensModel.BROWN, (rng.uniform(-0.25, -0.1), 0.05, *(rng.uniform(-1e-3, 1e-3) for _ in range(2)), 0.0)),
        )
        for _ in range(2)
    ]
    turn = (rng.uniform(-2, 2), rng.uniform(-2, 2), rng.uniform(-2, 2))
    place = Viewpoint((baseline, rng.uniform(-0.01, 0.01), rng.uniform(-0.01, 0.01)), turn)
    left, right = room.seen(Viewpoint(), lenses[0]), room.seen(place, lenses[1])
    pictures = _picture(left, rng, NOISE), _picture(right, rng, NOISE)
    made = _stereo(lenses[0], lenses[1], place)
    _tallied(tally, lambda: measure(calibrated_pair(*pictures, made), calibrated=True), left.depth)


def _wrong(
    refusals: dict[str, list[int]], room: TexturedRoom, shots: tuple[Shot, Shot], rng: random.Random, baseline: float
) -> None:
    """What is no pair, or tells no motion: each is to be refused."""
    left, right = (_picture(shot, rng, NOISE) for shot in shots)
    lens = shots[0].calibration
    camera = Camera.calibrated(lens)
    rolled = _picture(room.seen(Viewpoint((baseline, 0.0, 0.0), (0.0, 0.0, 1.5)), lens), rng, NOISE)
    turned = _picture(room.seen(Viewpoint(angles=(rng.uniform(-3, 3), rng.uniform(4, 10), 0.0)), lens), rng, NOISE)
    elsewhere = _picture(draw_room(MEASURED_FROM - 1 - rng.randrange(10**6)).seen(Viewpoint(), lens), rng, NOISE)
    before = (
        Viewpoint((rng.uniform(-1, 1), 0.1, 8.6)),
        Viewpoint((rng.uniform(-1, 1), 0.0, 8.5), (0.0, rng.uniform(-4, 4), 0.0)),
    )
    narrow = dataclasses.replace(lens, fx=SIZE[0], fy=SIZE[0])
    wall = [_picture(room.seen(place, narrow), rng, NOISE) for place in before]
    wrong_way = _stereo(lens, lens, Viewpoint((baseline, 0.0, 0.0), (0.0, 0.0, 1.5)))
    tries: dict[str, Callable[[], object]] = {
        "left and right swapped": lambda: measure(rectified_pair(right, left, camera, baseline)),
        "one picture twice": lambda: measure(rectified_pair(left, left, camera, baseline)),
        "a pair that is rolled by 1.5°": lambda: measure(rectified_pair(left, rolled, camera, baseline)),
        "a calibration that is wrong by 1.5°": lambda: measure(calibrated_pair(left, right, wrong_way), calibrated=True),
        "free: the camera only turned": lambda: measure_free(left, turned, camera),
        "free: a wall alone": lambda: measure_free(wall[0], wall[1], Camera.calibrated(narrow)),
        "free: another room": lambda: measure_free(left, elsewhere, camera),
    }
    for name, attempt in tries.items():
        count = refusals.setdefault(name, [0, 0])
        count[1] += 1
        try:
            attempt()
        except PairRefused:
            count[0] += 1


def _step(rng: random.Random, name: str) -> Viewpoint:
    """A step aside, or ahead, with the camera turned a little."""
    side, ahead = rng.choice((-1, 1)) * rng.uniform(0.25, 0.7), rng.uniform(-0.15, 0.15)
    if name == "ahead":
        side, ahead = rng.uniform(-0.1, 0.1), rng.uniform(0.4, 0.9)
    return Viewpoint((side, rng.uniform(-0.15, 0.15), ahead), (rng.uniform(-3, 3), rng.uniform(-6, 6), rng.uniform(-3, 3)))


def _stereo(left: Calibration, right: Calibration, place: Viewpoint) -> StereoCalibration:
    rotation = place.rotation
    x, y, z = (float(value) for value in -rotation @ np.array(place.position))
    a, b, c = ((float(p), float(q), float(r)) for p, q, r in rotation)
    return StereoCalibration(left, right, (a, b, c), (x, y, z))


def _picture(shot: Shot, rng: random.Random, noise: float) -> Picture:
    """What the camera gives, with the noise of its sensor."""
    pixels = np.asarray(shot.picture, dtype=float)
    if noise:
        pixels = pixels + np.random.default_rng(rng.randrange(2**32)).normal(0, noise, pixels.shape)
    rgb = np.rint(np.clip(pixels, 0, 255)).astype(np.uint8).tobytes()
    return Picture("view.png", *shot.picture.size, rgb, hashlib.sha256(rgb).hexdigest())
