"""Pictures written to disk whole or not at all: to a name beside the target first, which then takes its place."""

from __future__ import annotations

import errno
import io
import os
import secrets
from pathlib import Path
from typing import Any

from PIL import Image

from backend.errors import SightlineError, UsageError
from backend.language import N_, _
from backend.sanitise import one_line, quoted

_JPEG: dict[str, Any] = {"quality": 92, "subsampling": 0}  # halved colour resolution would smear thin coloured lines
_WRITERS: dict[str, tuple[str, dict[str, Any]]] = {
    ".png": ("PNG", {}),
    ".jpg": ("JPEG", _JPEG),
    ".jpeg": ("JPEG", _JPEG),
    ".webp": ("WEBP", {"quality": 92}),
    ".tif": ("TIFF", {"compression": "tiff_deflate"}),
    ".tiff": ("TIFF", {"compression": "tiff_deflate"}),
    ".bmp": ("BMP", {}),
}
_CURES = {
    errno.ENOSPC: N_("free some space there, or save to another disk"),
    errno.EDQUOT: N_("your quota there is used up: delete something, or save to another disk"),
    errno.EFBIG: N_("save to another disk: this one takes no file of that size"),
    errno.ENOENT: N_("make the folder first, or give one that exists"),
    errno.ENOTDIR: N_("a part of the path is a file: give a folder"),
    errno.ENAMETOOLONG: N_("give a shorter name"),
}
_USUAL_CURE = N_("save to a folder that you may write to")


class NotSaved(SightlineError):
    """A result could not be written. The answer itself is not lost: it has been given by then."""

    def __init__(self, path: Path, reason: str, *, cure: str) -> None:
        super().__init__(_("{path} could not be saved: {reason}").format(path=quoted(path), reason=reason), cure=cure)


def check_destination(path: Path) -> None:
    """Refuse a target that cannot become a picture, before minutes are spent on what it should hold."""
    if path.suffix.lower() not in _WRITERS:
        raise UsageError(
            _("{path} has no suffix of a picture format that can be written").format(path=quoted(path)),
            cure=_("use one of {suffixes}").format(suffixes=", ".join(sorted(_WRITERS))),
        )
    if path.is_dir():
        raise UsageError(
            _("{path} is a folder").format(path=quoted(path)), cure=_("give the name of a file in it, such as answer.png")
        )
    if not path.parent.is_dir():
        raise UsageError(
            _("{path} lies in a folder that does not exist").format(path=quoted(path)), cure=_(_CURES[errno.ENOENT])
        )


def save(image: Image.Image, path: Path) -> None:
    """Write `image` in the format of the suffix. A file of that name is replaced, and kept if anything goes wrong."""
    check_destination(path)
    kind, options = _WRITERS[path.suffix.lower()]
    encoded = io.BytesIO()  # written from here by Python: Pillow's own writing overlooks that a disk took only a part
    try:
        image.save(encoded, kind, **options)
    except OSError as error:
        raise not_saved(path, error) from error
    except ValueError as error:  # a format that has no room for so many pixels: WebP ends at 16,383
        raise NotSaved(path, one_line(str(error), 120), cure=_("save as PNG, which has no limit")) from error
    write(encoded.getbuffer(), path)


def write(content: bytes | memoryview, path: Path) -> None:
    """Write a file whole or not at all. One of that name is replaced, and kept if anything goes wrong. Raises NotSaved."""
    target = Path(os.path.realpath(path))  # a link stays a link
    part = target.with_name(f".sightline-{secrets.token_hex(6)}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise not_saved(path, error) from error
    finally:
        part.unlink(missing_ok=True)


def not_saved(path: Path, error: OSError) -> NotSaved:
    """What the system said, as a sentence with a cure."""
    reason = error.strerror or one_line(str(error), 120)
    return NotSaved(path, reason, cure=_(_CURES.get(error.errno or 0, _USUAL_CURE)))
