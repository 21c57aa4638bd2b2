"""The part of a remembered picture that shows a thing: from its file where that is still the same, else from the small copy."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend.errors import SightlineError, UnreadablePicture
from backend.language import _
from backend.memory.views import StoredView
from backend.scene import Box

if TYPE_CHECKING:
    from PIL import Image

ROOM = 0.15
"""Shown around the box, as a share of its longer side."""


class NothingToShow(SightlineError):
    """A picture that is remembered, but neither its file nor a small copy of it is left. Exit code 3."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class Crop:
    """A thing's part of its picture."""

    image: Image.Image
    note: str
    """Why it is only the small copy; empty where it is from the picture itself."""


def crop(view: StoredView, box: Box) -> Crop:
    """What is inside the box, with a little around it. Raises NothingToShow."""
    image, note = _pixels(view)
    room = ROOM * max(box.width, box.height)
    across, down = image.width / view.width, image.height / view.height
    left, top = max(0.0, (box.x1 - room) * across), max(0.0, (box.y1 - room) * down)
    right, bottom = min(float(image.width), (box.x2 + room) * across), min(float(image.height), (box.y2 + room) * down)
    corner = min(int(left), image.width - 1), min(int(top), image.height - 1)
    return Crop(image.crop((*corner, max(corner[0] + 1, round(right)), max(corner[1] + 1, round(bottom)))), note)


def _pixels(view: StoredView) -> tuple[Image.Image, str]:
    from PIL import Image

    reason = _("it came from standard input") if view.path is None else ""
    if view.path is not None and view.time is not None:
        frame = _frame(view)
        if frame is not None:
            return frame, ""
        reason = _("its film is no longer there, or cannot be read")
    elif view.path is not None:
        from backend.media import files
        from backend.media.images import as_image, load_bytes

        try:
            data = files.read(view.path)
            if hashlib.sha256(data).hexdigest() == view.sha256:
                return as_image(load_bytes(data, view.name)), ""
            reason = _("another picture lies in its place")
        except UnreadablePicture:
            reason = _("its file is no longer there, or cannot be read")
    if view.thumbnail is None:
        raise NothingToShow(
            _("the picture {name} cannot be shown: {reason}").format(name=view.name, reason=reason),
            cure=_("small copies are kept of views of a place: sightline places add PICTURE --place NAME"),
        )
    return Image.open(io.BytesIO(view.thumbnail)).convert("RGB"), _("from the small copy that was kept: {reason}").format(
        reason=reason
    )


def _frame(view: StoredView) -> Image.Image | None:
    """A film's frame, where the film is still the same."""
    from backend.media.film import open_film
    from backend.media.images import as_image

    assert view.path is not None
    assert view.time is not None
    try:
        with open_film(view.path) as film:
            picture = next(iter(film.frames([view.time])), None)
    except SightlineError:  # gone, damaged, or no extra to read it with
        return None
    return as_image(picture) if picture is not None and picture.sha256 == view.sha256 else None
