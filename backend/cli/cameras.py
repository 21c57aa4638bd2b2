"""The camera on the command line: --fov, --intrinsics and --calibration in, the camera of a picture out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backend.errors import UsageError
from backend.language import _
from backend.sanitise import one_line

if TYPE_CHECKING:
    from backend.answer import Answer
    from backend.scene import Intrinsics
    from backend.spatial.known_camera import GivenCamera

_OPTIONS = (
    click.option("--fov", metavar="DEGREES", help="The camera's horizontal field of view; from EXIF, else 60, when not given."),
    click.option(
        "--intrinsics",
        "--camera",
        "intrinsics",
        metavar="FX[,FY][,CX,CY]",
        help="In its place, in pixels of the upright picture.",
    ),
    click.option(
        "--calibration",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="In their place: a calibration by OpenCV (YAML, XML, JSON) or ROS (camera_info).",
    ),
)


@dataclass(frozen=True, slots=True)
class SaidOfCamera:
    """The three options as they were typed."""

    fov: str | None = None
    intrinsics: str | None = None
    calibration: Path | None = None

    def camera(self, size: tuple[int, int] | None = None) -> GivenCamera | None:
        """What they say; None where none was given. `size`: of the picture, for a calibration that does not tell.

        Raises UsageError for what no camera has, CalibrationError for a file that cannot be used.
        """
        return given_camera(self.fov, self.intrinsics, self.calibration, size)


def said_of_camera(ctx: click.Context, fov: str | None, intrinsics: str | None, calibration: Path | None) -> SaidOfCamera:
    """What was said behind a command's name, else what was said before it."""
    said = SaidOfCamera(fov, intrinsics, calibration)
    if said != SaidOfCamera():
        return said
    before = (ctx.obj or {}).get("camera")
    return before if isinstance(before, SaidOfCamera) else said


def camera_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that tell the camera, for commands that have `fov`, `intrinsics` and `calibration`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def given_camera(
    fov: str | None, intrinsics: str | None, calibration: Path | None = None, size: tuple[int, int] | None = None
) -> GivenCamera | None:
    """What the options say; None where none was given. Raises UsageError for what no camera has."""
    given = [
        name
        for name, value in (("--fov", fov), ("--intrinsics", intrinsics), ("--calibration", calibration))
        if value is not None
    ]
    if not given:
        return None
    from backend.spatial.known_camera import GivenCamera

    if len(given) > 1:
        both = _("{options} both tell the focal length") if len(given) == 2 else _("{options} all tell the focal length")
        listed = _("{given} and {given_2}").format(given=", ".join(given[:-1]), given_2=given[-1])
        raise UsageError(both.format(options=listed), cure=_("give one of them"))
    if calibration is not None:
        from backend.media.calibration import read_calibration

        return GivenCamera(calibration=read_calibration(calibration, size))
    if intrinsics is not None:
        try:
            return GivenCamera.parsed(intrinsics)
        except ValueError as error:
            raise UsageError(
                _("“{intrinsics}” cannot be a camera's intrinsics: {error}").format(
                    intrinsics=one_line(intrinsics, 40), error=error
                ),
                cure=_("write FX or FX,CX,CY in pixels of the upright picture, such as 1400,960,540"),
            ) from None
    assert fov is not None
    try:
        degrees = float(fov.rstrip("°"))
    except ValueError:
        degrees = 0.0
    if not 0 < degrees < 180:
        raise UsageError(
            _("“{fov}” is no field of view").format(fov=one_line(fov, 40)),
            cure=_("give the degrees across, between 1 and 175, such as --fov 70"),
        )
    return GivenCamera(hfov=degrees)


def print_camera(answer: Answer) -> None:
    """The camera of each picture that needed one."""
    for number, picture in enumerate(answer.pictures, 1):
        if (camera := picture.camera) is not None:
            which = _(" of picture {number}").format(number=number) if len(answer.pictures) > 1 else ""
            click.echo(
                _("  camera{which}: {source} (focal length {focal:.0f} px{bent})").format(
                    which=which, source=one_line(camera.source), focal=camera.focal, bent=bent(camera)
                )
            )


def bent(camera: Intrinsics) -> str:
    """What there is to say of its lens."""
    return _(", {value} distortion").format(value=camera.distortion.model.value) if camera.distortion else ""
