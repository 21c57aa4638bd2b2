"""A picture of an answer, opened again and drawn on with the camera that the answer used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from backend.answer import Answer, PictureRef
from backend.export.originals import Originals
from backend.export.overlay import draw
from backend.scene import Finding, Picture
from backend.spatial.camera import Camera
from backend.spatial.known_camera import camera_of

if TYPE_CHECKING:
    from PIL.Image import Image

_ORIENTATION = 0x0112


def drawn(ref: PictureRef, findings: Sequence[Finding], originals: Originals, places: Sequence[int] | None = None) -> Image:
    """The picture with these findings on it (`places`: as in `overlay.draw`). Raises UnreadablePicture."""
    picture = originals.picture(ref)
    return draw(picture, findings, camera_for(ref, picture), places)


def drawn_of(answer: Answer, place: int, originals: Originals) -> Image:
    """Picture number `place` (from 0) of an answer with its findings, in the colours that they have among all of the answer's.
    Raises UnreadablePicture."""
    here = [(index, one) for index, one in enumerate(answer.findings) if one.picture == place]
    return drawn(answer.pictures[place], [one for _, one in here], originals, [index for index, _ in here])


def camera_for(ref: PictureRef, picture: Picture | None) -> Camera:
    """The answer's camera, else the file's, else the usual one."""
    if ref.camera is not None:
        return Camera.of(ref.camera, ref.width, ref.height)
    return camera_of(picture).camera if picture is not None else Camera.from_hfov(ref.width, ref.height)


def is_plain(picture: Picture) -> bool:
    """Whether every reader sees its file as we do: upright without being turned, and in full size."""
    from PIL import Image

    if picture.path is None:
        return False
    with Image.open(picture.path) as image:
        return image.getexif().get(_ORIENTATION, 1) in (0, 1) and image.size == (picture.width, picture.height)
