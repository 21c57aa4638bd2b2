"""--fov and --intrinsics, and how cameras and checks are printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from backend.answer import Answer, PictureRef
from backend.cli.cameras import SaidOfCamera, given_camera
from backend.cli.findings import print_findings
from backend.cli.parse import parse
from backend.errors import CalibrationError, UsageError
from backend.scene import Check, Intrinsics, Ruling, Verdict
from backend.spatial.known_camera import GivenCamera


def test_what_the_options_say() -> None:
    assert given_camera(None, None) is None
    assert given_camera("70", None) == given_camera("70°", None) == GivenCamera(hfov=70)
    assert given_camera(None, "1400,960,540") == GivenCamera(focal=1400, centre=(960, 540))


@pytest.mark.parametrize("fov", ["0", "180", "nan", "-60", "inf", "", "wide", "1e999"])
def test_fields_of_view_that_are_none(fov: str) -> None:
    with pytest.raises(UsageError, match="no field of view"):
        given_camera(fov, None)


@pytest.mark.parametrize("intrinsics", ["0", "nan", "800,900", "a,b", "1,2,3,4,5", "\x1b[31m"])
def test_intrinsics_that_are_none(intrinsics: str) -> None:
    with pytest.raises(UsageError, match="cannot be a camera's intrinsics") as raised:
        given_camera(None, intrinsics)
    assert "\x1b" not in raised.value.message


def test_one_of_the_two_is_enough() -> None:
    with pytest.raises(UsageError, match="both"):
        given_camera("70", "800")


def test_a_calibration_alone_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "c.yml"
    path.write_text("K: [500, 0, 320, 0, 500, 240, 0, 0, 1]\n", "utf-8")
    given = SaidOfCamera(calibration=path).camera((640, 480))
    assert given is not None
    assert given.calibration is not None
    assert given.calibration.fx == 500
    with pytest.raises(CalibrationError, match="which size"):
        SaidOfCamera(calibration=path).camera()
    with pytest.raises(UsageError, match="--fov, --intrinsics and --calibration all"):
        given_camera("70", "800", path)


def test_cameras_and_checks_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    camera = Intrinsics(554.3, 320, 240, "60° across, assumed")
    checks = (
        Check("projection", "s1", "b1", Verdict(Ruling.CONFIRMED, 3.0, "they agree")),
        Check("projection", "s2", "", Verdict(Ruling.UNDETERMINED, None, "none was found")),
        Check("ground", "s1", "s2", Verdict(Ruling.CONTRADICTED, -2.0, "it floats")),
    )
    answer = Answer("", "", "", (PictureRef("a.png", 640, 480, "", camera),), checks=checks)
    print_findings(answer)
    assert capsys.readouterr().out.splitlines() == [
        "  camera: 60° across, assumed (focal length 554 px)",
        "  s1 projects onto b1: confirmed",
        "    they agree",
        "  s2 projects onto its rectangle: undetermined",
        "    none was found",
        "  s1 stands on the ground: contradicted",
        "    it floats",
    ]


def test_parse_checks_3d_boxes_too() -> None:
    said = '[{"bbox_3d": [0,0,4,2,2,2,0,0,0], "label": "crate"}, {"bbox_2d": [0, 0, 100, 100], "label": "crate"}]'
    lines = CliRunner().invoke(parse, ["--size", "400x300"], input=said).stdout.splitlines()
    assert "the model's estimate" in lines[0]
    assert lines[2] == "  camera: 60° across, assumed (focal length 346 px)"
    assert lines[3] == "  s1 crate projects onto b1 crate: contradicted"
