"""`sightline camera` without a model: where a camera comes from, and what given findings say of it."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from backend.cli import main
from backend.synthetic import EVALUATION_SEEDS
from backend.synthetic.heic import Lens, write_heic
from backend.synthetic.perspective import draw_solids
from tests.cli.test_main import never
from tests.media.samples import encoded, quarters
from tests.spatial.solids import true_boxes, true_solids
from tests.spatial.tables import photograph

SCENE = draw_solids(EVALUATION_SEEDS + 5, (640, 480), 4, 4, math.tan(math.radians(70) / 2))


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    SCENE.render().save(tmp_path / "scene.png")
    return tmp_path / "scene.png"


def answers(path: Path, **changed: Any) -> Path:
    """The scene's true boxes, as an answer publishes them."""
    found: dict[str, Any] = {
        "pictures": [{"path": "scene.png", "width": 640, "height": 480, "sha256": ""}],
        "boxes3d": [box.as_dict() for box in true_solids(SCENE)],
        "boxes": [box.as_dict() for box in true_boxes(SCENE)],
        **changed,
    }
    path.write_text(json.dumps(found), "utf-8")
    return path


def told(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Any:
    assert main(never, ["camera", *map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_each_source_is_told(tmp_path: Path, drawn: Path, capsys: pytest.CaptureFixture[str]) -> None:
    phone = tmp_path / "phone.jpg"
    phone.write_bytes(photograph((640, 480), {"FocalLengthIn35mmFilm": 26}))
    heic = tmp_path / "phone.heic"
    write_heic(heic, Image.new("RGB", (320, 240)), Image.new("L", (80, 60), 255), (2.0, 8.0), Lens(0.9, 0.5, 0.5))
    file = tmp_path / "lens.yml"
    file.write_text("K: [500, 0, 319.5, 0, 500, 239.5, 0, 0, 1]\nD: [-0.2, 0.05, 0, 0]\n", "utf-8")
    for arguments, source, hfov in (
        ((drawn,), "60° across, assumed", 60.0),
        ((drawn, "--fov", "70"), "given: 70° across", 70.0),
        ((phone,), "26 mm (35 mm equivalent), from EXIF", 67.30),
        ((heic,), "the camera that the HEIC file names", 58.11),
        ((drawn, "--camera", "500,510,320,240"), "given: focal length 505 px, centre 320,240 px", 64.72),
    ):
        said = told(capsys, *arguments)
        assert said["picture"]["camera"]["source"] == source
        assert said["hfov"] == pytest.approx(hfov, abs=0.01)
        assert said["assumed"] == ("assumed" in source)
        assert said["wanted"] is said["verdict"] is None
    said = told(capsys, drawn, "--calibration", file)
    assert said["picture"]["camera"]["distortion"] == {"model": "brown-conrady", "coefficients": [-0.2, 0.05, 0, 0]}
    assert said["picture"]["camera"]["source"] == "calibration lens.yml, made for 640×480 px"
    assert said["hfov"] > 67, "a barrel sees more than the 65° that its focal length alone would"
    assert told(capsys, heic)["depth"] == {
        "unit": "metres",
        "width": 80,
        "height": 60,
        "nearest": 2.0,
        "farthest": 2.0,
        "source": "the depth image of the HEIC file, 80×60 px, from 2 to 8 m as it says",
    }


def test_findings_want_the_field_of_view_that_they_were_drawn_with(
    tmp_path: Path, drawn: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = answers(tmp_path / "answer.json")
    right, wrong, assumed = (told(capsys, drawn, "--boxes", file, *more) for more in (("--fov", "70"), ("--fov", "30"), ()))
    for said in (right, wrong, assumed):
        assert said["wanted"]["hfov"] == pytest.approx(70, abs=0.2)
        assert said["wanted"]["hfov_from"] < 70 < said["wanted"]["hfov_to"]
        assert len(said["boxes3d"]) == len(said["boxes"]) == said["wanted"]["pairs"] == 4
    assert [said["verdict"]["ruling"] for said in (right, wrong)] == ["confirmed", "contradicted"]
    assert assumed["verdict"]["ruling"] != "contradicted"
    assert main(never, ["camera", str(drawn), "--boxes", str(file), "--fov", "30"]) == 0
    printed = capsys.readouterr().out
    assert "the findings want 70.0° across" in printed
    assert "the camera agrees with what was found: contradicted" in printed


def test_findings_are_drawn_as_the_camera_sees_them(tmp_path: Path, drawn: Path) -> None:
    file, lens = answers(tmp_path / "answer.json"), tmp_path / "lens.yml"
    lens.write_text("K: [457, 0, 319.5, 0, 457, 239.5, 0, 0, 1]\nD: [-0.2, 0.05, 0, 0]\n", "utf-8")
    pages = []
    for number, more in enumerate((("--fov", "70"), ("--fov", "60"), ("--calibration", str(lens)))):
        target = tmp_path / f"{number}.png"
        assert main(never, ["camera", str(drawn), "--boxes", str(file), "--save", str(target), *more]) == 0
        with Image.open(target) as page:
            assert page.size == (640, 480)
            pages.append(page.tobytes())
    assert len(set(pages)) == 3, "each camera sees the solid boxes elsewhere"


def test_several_answers_a_line_each(tmp_path: Path, drawn: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = []
    for solid, box in zip(true_solids(SCENE), true_boxes(SCENE), strict=True):
        one, other = replace(solid, id="s1"), replace(box, id="b1")
        lines.append(json.dumps({"boxes3d": [one.as_dict()], "boxes": [other.as_dict()]}))
    (tmp_path / "lines.json").write_text("\n".join(lines), "utf-8")
    assert told(capsys, drawn, "--boxes", tmp_path / "lines.json")["wanted"]["pairs"] == 4


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"pictures": [{"width": 64, "height": 48}]}, "is about a picture of 64×48 px"),
        ({"boxes": [], "boxes3d": []}, "holds no box"),
        ({"boxes3d": [{"centre": [0, 0], "size": [1, 1, 1]}]}, "3 finite numbers are wanted"),
        ({"boxes3d": [{"centre": [0, 0, 4], "size": [1, -1, 1]}]}, "not positive"),
        ({"boxes": [{"bbox": [9, 9, 3, 3]}]}, "without area"),
        ({"boxes": [{"bbox": [0, 0, 3, math.nan]}]}, "4 finite numbers"),
        ({"boxes": [{"label": "cup"}]}, "'bbox'"),
        ({"boxes": "many"}, "no list of objects"),
        ({"boxes": [7]}, "no list of objects"),
    ],
)
def test_files_of_findings_that_are_none(
    tmp_path: Path, drawn: Path, capsys: pytest.CaptureFixture[str], changed: dict[str, Any], said: str
) -> None:
    file = answers(tmp_path / "odd.json", **changed)
    assert main(never, ["camera", str(drawn), "--boxes", str(file)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err
    assert "odd.json" in printed.err
    assert "→" in printed.err


@pytest.mark.parametrize("text", ["", "{", "[]", "7\n8", "\x00", "[" * 100_000])
def test_text_that_is_no_answer(tmp_path: Path, drawn: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    (tmp_path / "odd.json").write_text(text, "utf-8")
    assert main(never, ["camera", str(drawn), "--boxes", str(tmp_path / "odd.json")]) == 2
    assert "odd.json" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--find", "cup", "--boxes", "a.json"], 2, "--find and --boxes"),
        (["--find", " "], 2, "--find has no name"),
        (["--boxes", "none.json"], 2, "none.json"),
        (["--save", "a.png"], 2, "nothing to draw"),
        (["--fov", "200"], 2, "no field of view"),
        (["--camera", "0.5"], 2, "no field of view of a camera"),
        (["--calibration", "none.yml"], 2, "no such file"),
    ],
)
def test_what_cannot_be_is_refused(
    drawn: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    assert main(never, ["camera", str(drawn), *arguments]) == code
    assert said in capsys.readouterr().err


def test_a_calibration_of_another_shape_is_refused_with_its_name(
    tmp_path: Path, drawn: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "wide.yml"
    file.write_text("image_width: 1280\nimage_height: 720\nK: [900, 0, 640, 0, 900, 360, 0, 0, 1]\n", "utf-8")
    assert main(never, ["camera", str(drawn), "--calibration", str(file)]) == 2
    printed = capsys.readouterr().err
    assert "wide.yml is not of this picture: it was made for pictures of 1280×720 px" in printed
    assert "with pictures of this shape" in printed


def test_what_is_no_picture_is_refused_as_everywhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(never, ["camera", str(tmp_path / "none.png")]) == 3
    (tmp_path / "small.png").write_bytes(encoded(quarters(), "PNG"))
    assert main(never, ["camera", str(tmp_path / "small.png")]) == 0
    assert "assumed" in capsys.readouterr().out
