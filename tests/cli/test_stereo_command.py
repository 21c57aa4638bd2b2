"""`sightline stereo` as it is typed, in a process of its own, on the material that `sightline demo --write` makes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.synthetic.material import chosen
from tests.e2e.program import Home


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stereo")
    chosen(["stereo"])[0].write(folder)
    return folder


@pytest.fixture
def home(tmp_path: Path, material: Path) -> Home:
    home = Home(tmp_path)
    home.folder.mkdir()
    for path in material.iterdir():
        (home.folder / path.name).symlink_to(path)
    return home


def truth_of(home: Home, name: str) -> np.ndarray:
    table = json.loads((home.folder / "truth.json").read_text("utf-8"))
    with Image.open(home.folder / table["pictures"][name]["depth"]) as image:
        return np.asarray(image).astype(float) / 1000


def off(values: np.ndarray, truth: np.ndarray) -> np.ndarray:
    known = np.isfinite(values)
    return np.asarray(np.abs(values[known] / truth[known] - 1))


def test_a_rectified_pair_with_everything_written(home: Home) -> None:
    words = ("left.png", "right.png", "--baseline", "0.12", "--fov", "60", "--out", "new/out")
    done = home.sightline("stereo", *words)
    assert done.code == 0, done.err
    assert done.text.startswith("left.png, right.png: rectified pair, baseline 0.12 m\n")
    assert "a quarter pixel is" in done.text
    assert done.err.count("saved") == 5
    out = home.folder / "new/out"
    depth = np.load(out / "depth.npy")
    truth = truth_of(home, "left.png")
    assert np.median(off(depth, truth)) < 0.03
    assert (off(depth, truth) < 0.15).mean() > 0.97
    with Image.open(out / "depth-mm.png") as image:
        millimetres = np.asarray(image)
    assert ((millimetres == 0) == np.isnan(depth)).all()
    assert np.nanmax(np.abs(millimetres[millimetres > 0] / 1000 - depth[millimetres > 0])) < 0.001
    with Image.open(out / "disparity.png") as image:
        heat = np.asarray(image.convert("L"), dtype=float)
    assert heat.shape[1] == 480, "as wide as its legend wants, the picture in its middle"
    assert heat[290, 240] > heat[240, 240] > heat[120, 240], "the floor before the camera, farther away, and the wall"
    head = (out / "cloud.ply").read_bytes()[:400]
    assert f"element vertex {np.isfinite(depth).sum()}\n".encode() in head
    assert b"unit: m" in head
    assert json.loads((out / "summary.json").read_text("utf-8"))["depth"]["unit"] == "metres"


def test_a_calibrated_pair_as_json(home: Home) -> None:
    done = home.sightline("stereo", "bent-left.png", "bent-right.png", "--calibration", "stereo.yml", "--json", "--out", "out")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert (told["way"], told["pose"], told["depth"]["unit"]) == ("calibrated", None, "metres")
    assert told["baseline"] == pytest.approx(0.1201, abs=1e-4)
    assert told["rows"]["off"] < 0.3
    assert told["depth"]["valid"] > 0.85
    depth = np.load(home.folder / "out/depth.npy")
    assert np.median(off(depth, truth_of(home, "bent-left.png"))) < 0.03


def test_free_views_say_that_they_are_up_to_scale(home: Home) -> None:
    done = home.sightline("stereo", "left.png", "aside.png", "--free", "--fov", "60", "--json", "--out", "out")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert (told["way"], told["depth"]["unit"], told["depth"]["in"], told["baseline"]) == ("free", "up to scale", "ways", None)
    table = json.loads((home.folder / "truth.json").read_text("utf-8"))["pictures"]["aside.png"]
    way, truth = np.array(told["pose"]["way"]), np.array(table["position"])
    assert np.degrees(np.arccos(way @ truth / np.linalg.norm(truth))) < 2
    assert not (home.folder / "out/depth-mm.png").exists(), "no metres, no millimetres"
    scaled = np.load(home.folder / "out/depth.npy") * np.linalg.norm(truth)
    assert np.median(off(scaled, truth_of(home, "left.png"))) < 0.03
    said = home.sightline("stereo", "left.png", "aside.png", "--free", "--fov", "60").text
    assert "two free views, up to scale" in said
    assert "mostly to the left" in said


def test_things_are_told_with_their_distance(home: Home) -> None:
    words = ("left.png", "right.png", "--baseline", "0.12", "--fov", "60", "--find", "red box", "--json")
    done = home.sightline("stereo", *words)
    assert done.code == 0, done.err
    told = json.loads(done.out)
    (found,) = told["findings"]
    table = json.loads((home.folder / "truth.json").read_text("utf-8"))["pictures"]["left.png"]
    (thing,) = [one for one in table["things"] if one["name"] == "red box"]
    half = max(thing["size"]) / 2
    assert found["depth"]["unit"] == "metres"
    assert abs(found["depth"]["value"] - thing["centre"][2]) < half + 0.15
    assert 0 < found["error"] < 0.3


def test_a_guessed_focal_length_and_no_baseline_are_said(home: Home) -> None:
    done = home.sightline("stereo", "left.png", "right.png")
    assert done.code == 0, done.err
    assert "no baseline given: up to scale" in done.text
    assert "baselines, middle" in done.text
    assert "the focal length is a guess (60° across, assumed)" in done.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("left.png", "nothing.png"), 3, "nothing.png"),
        (("left.png", "right.png", "--baseline", "0"), 2, "a baseline of 0 m measures nothing"),
        (("left.png", "right.png", "--baseline", "-0.1"), 2, "a baseline of -0.1 m measures nothing"),
        (("left.png", "aside.png", "--free", "--fov", "60", "--baseline", "0"), 2, "a baseline of 0 m measures nothing"),
        (("right.png", "left.png"), 2, "left and right are swapped"),
        (("left.png", "left.png"), 2, "taken from one place"),
        (("bent-left.png", "bent-right.png"), 2, "are not rectified"),
        (("left.png", "right.png", "--calibration", "stereo.yml"), 2, "rectified by this calibration"),
        (("left.png", "right.png", "--calibration", "truth.json"), 2, "truth.json"),
        (("left.png", "right.png", "--calibration", "stereo.yml", "--fov", "60"), 2, "focal length as well"),
        (("left.png", "turned.png", "--free"), 2, "the camera only turned"),
        (("left.png", "right.png", "--fov", "0"), 2, "no field of view"),
        (("left.png", "right.png", "--out", "left.png"), 2, "is a file"),
        (("left.png", "right.png", "--out", "left.png/deeper"), 2, "cannot be made"),
        (("left.png", "right.png", "--find", " "), 2, "--find has no name"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_cannot_be_done_is_said_with_a_cure(home: Home, words: tuple[str, ...], code: int, said: str) -> None:
    done = home.sightline("stereo", *words)
    assert done.code == code
    assert said in done.err
    assert "→" in done.err
    assert done.out == b""


def test_a_calibration_in_millimetres_is_noticed(home: Home) -> None:
    text = (home.folder / "stereo.yml").read_text("utf-8")
    head, shift = text.rsplit("data: [", 1)
    numbers = [1000 * float(value) for value in shift.strip(" ]\n").split(",")]
    (home.folder / "mm.yml").write_text(f"{head}data: [ {', '.join(map(str, numbers))} ]\n")
    pictures = ("bent-left.png", "bent-right.png", "--calibration", "mm.yml")
    assert "only if the calibration was made in metres" in home.sightline("stereo", *pictures).err
    told = home.sightline("stereo", *pictures, "--baseline", "0.12", "--json")
    assert "metres only" not in told.err
    assert json.loads(told.out)["depth"]["far"] < 11
