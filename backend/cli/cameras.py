"""The camera on the command line: --fov and --intrinsics in, the camera of 3D boxes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from backend.errors import UsageError
from backend.sanitise import one_line

if TYPE_CHECKING:
    from backend.answer import Answer
    from backend.spatial.known_camera import GivenCamera


def given_camera(fov: str | None, intrinsics: str | None) -> GivenCamera | None:
    """What the two options say; None where neither was given. Raises UsageError for what no camera has."""
    if fov is None and intrinsics is None:
        return None
    from backend.spatial.known_camera import GivenCamera

    if fov is not None and intrinsics is not None:
        raise UsageError("--fov and --intrinsics both tell the focal length", cure="give one of the two")
    if intrinsics is not None:
        try:
            return GivenCamera.parsed(intrinsics)
        except ValueError as error:
            raise UsageError(
                f"“{one_line(intrinsics, 40)}” cannot be a camera's intrinsics: {error}",
                cure="write FX or FX,CX,CY in pixels of the upright picture, such as 1400,960,540",
            ) from None
    assert fov is not None
    try:
        degrees = float(fov.rstrip("°"))
    except ValueError:
        degrees = 0.0
    if not 0 < degrees < 180:
        raise UsageError(
            f"“{one_line(fov, 40)}” is no field of view", cure="give the degrees across, between 1 and 175, such as --fov 70"
        )
    return GivenCamera(hfov=degrees)


def print_camera(answer: Answer) -> None:
    """The camera of each picture that needed one."""
    for number, picture in enumerate(answer.pictures, 1):
        if (camera := picture.camera) is not None:
            which = f" of picture {number}" if len(answer.pictures) > 1 else ""
            click.echo(f"  camera{which}: {one_line(camera.source)} (focal length {camera.focal:.0f} px)")
