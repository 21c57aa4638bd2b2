"""`sightline depth` as it is typed, in a process of its own, with networks that are made for the test."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.catalog.places import demo_folder
from tests.e2e.program import Home
from tests.witness.networks import brightness, graph, port


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A user with a network of the test's own that calls what is bright near, and a picture that is bright on the right."""
    home = Home(tmp_path)
    home.folder.mkdir()
    settings = tmp_path / ".config/sightline"
    settings.mkdir(parents=True)
    brightness(tmp_path / "bright.onnx", [1, 3, 48, 64])
    (settings / "models.toml").write_text(
        f'[depth.bright]\ntitle = "Bright is near"\nfile = "{tmp_path}/bright.onnx"\n'
        'family = "midas"\nmean = [0, 0, 0]\nstd = [1, 1, 1]\n'
    )
    ramp = np.repeat(np.repeat(np.linspace(0, 255, 320)[None, :, None], 200, 0), 3, 2).astype(np.uint8)
    Image.fromarray(ramp).save(home.folder / "ramp.png")
    return home


def test_the_heat_map_and_the_numbers_are_written(home: Home) -> None:
    done = home.sightline("depth", "ramp.png", "--out", "heat.png", "--out", "depth.npy")
    assert done.code == 0, done.err
    assert done.text == "Bright is near on the CPU, 64×48: relative: larger is nearer\n"
    values = np.load(home.folder / "depth.npy")
    assert values.shape == (48, 64)
    assert np.all(np.diff(values[0]) > 0)
    with Image.open(home.folder / "heat.png") as heat:
        pixels = np.asarray(heat.convert("L"), dtype=float)
    assert pixels[50, 390] > pixels[50, 240] > pixels[50, 90], "what is nearer is brighter"
    assert done.err.count("saved") == 2


def test_json_says_what_the_numbers_are(home: Home) -> None:
    done = home.sightline("depth", "ramp.png", "--json")
    told = json.loads(done.out)
    assert told["depth"] | {"far": 0, "near": 0} == {
        "unit": "inverse",
        "source": "Bright is near",
        "width": 64,
        "height": 48,
        "far": 0,
        "near": 0,
    }
    assert told["depth"]["near"] > told["depth"]["far"]
    assert (told["findings"], told["fit"], told["nearest_first"]) == ([], None, [])
    assert told["network"]["name"] == "bright"


def test_a_picture_from_standard_input(home: Home) -> None:
    done = home.sightline("depth", "-", stdin=(home.folder / "ramp.png").read_bytes())
    assert done.code == 0, done.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("nothing.png",), 3, "nothing.png"),
        (("ramp.png", "--network", "brigth"), 4, "did you mean bright"),
        (("ramp.png", "--network", "depth-anything-v2-small"), 4, "sightline models pull depth-anything-v2-small"),
        (("ramp.png", "--known", "fridge"), 2, "NAME=METRES"),
        (("ramp.png", "--known", "fridge=-2"), 2, "NAME=METRES"),
        (("ramp.png", "--solids"), 2, "--find"),
        (("ramp.png", "--out", "heat.xyz"), 2, "no suffix"),
        (("ramp.png", "--out", "nowhere/depth.npy"), 2, "does not exist"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(home: Home, words: tuple[str, ...], code: int, said: str) -> None:
    done = home.sightline("depth", *words)
    assert done.code == code, done.err
    assert said in done.err
    assert "Traceback" not in done.err
    assert done.out == b""


def test_a_file_that_is_no_depth_network_is_named(home: Home) -> None:
    from onnx import helper

    graph(
        home.root / "bright.onnx",
        [helper.make_node("Identity", ["in"], ["out"])],
        [port("in", [1, 3, 8])],
        [port("out", [1, 3, 8])],
    )
    done = home.sightline("depth", "ramp.png")
    assert done.code == 4
    assert "bright.onnx" in done.err
    assert "1×3×8" in done.err
    assert "  → " in done.err


def test_the_networks_are_listed_below_the_models_and_alone(home: Home) -> None:
    assert "bright" in home.sightline("models", "list").text
    listed = json.loads(home.sightline("models", "list", "--depth", "--json").out)
    assert {entry["name"]: entry["installed"] for entry in listed} == {
        "demo-depth": (demo_folder() / "demo-depth.onnx").is_file(),
        "depth-anything-v2-small": False,
        "bright": True,
    }
    checked = home.sightline("models", "check", "bright")
    assert checked.code == 0, checked.err
    assert "64 × 48 px, float32, channels first" in checked.text


def test_ask_without_the_network_that_is_named_says_so_before_a_model_is_loaded(home: Home) -> None:
    done = home.sightline("ask", "where is the cup?", "ramp.png", "--network", "none-such")
    assert done.code == 4
    assert "none-such" in done.err
