"""When a picture was taken: EXIF where it tells, else when the file was last written.

EXIF's times are those of the wall clock. Their zone stands in a tag of its own (EXIF 2.31) that older cameras do not write;
this machine's zone is then assumed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from backend.media.lens import EXIF_IFD

_ORIGINAL, _DIGITISED, _CHANGED = 0x9003, 0x9004, 0x0132
_OFFSETS = {_ORIGINAL: 0x9011, _DIGITISED: 0x9012, _CHANGED: 0x9010}
_FRACTION = 0x9291
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Before digital cameras; a clock that was never set says 1970 or 1980."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A time, and whether EXIF told it or only the file's date."""

    when: datetime
    """UTC."""
    from_exif: bool


def taken(path: Path, now: datetime) -> Taken | None:
    """When the picture in this file was taken; None where there is no such file. Times after `now` are not believed."""
    from PIL import Image

    from backend.media.images import _UNDECODABLE, FORMATS, _set_up

    _set_up()
    try:
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, ValueError, OverflowError):
        return None
    try:
        with Image.open(path, formats=FORMATS) as image:
            if image.format == "PNG" and "exif" not in image.info:
                told = None  # Pillow would decode all of it, to look behind the pixels
            else:
                exif = image.getexif()
                told = exif_time({**dict(exif), **exif.get_ifd(EXIF_IFD)})
    except (*_UNDECODABLE, Image.DecompressionBombError):
        told = None
    if told is not None and _EARLIEST <= told <= now + timedelta(days=1):
        return Taken(told, True)
    return Taken(min(written, now), False)


def exif_time(tags: Mapping[int, Any]) -> datetime | None:
    """What EXIF's tags say, in UTC; the picture's time before the file's. None where they say nothing that is a time."""
    for tag in (_ORIGINAL, _DIGITISED, _CHANGED):
        text = str(tags.get(tag, "")).strip("\0 ")
        try:
            local = datetime.strptime(text, "%Y:%m:%d %H:%M:%S")
        except ValueError:
            continue
        if tag == _ORIGINAL and (fraction := str(tags.get(_FRACTION, "")).strip("\0 ")).isdigit():
            local += timedelta(seconds=float(f"0.{fraction}"))
        zone = _OFFSET.fullmatch(str(tags.get(_OFFSETS[tag], "")).strip("\0 "))
        try:
            if zone is None:
                return local.astimezone(UTC)
            offset = timedelta(hours=int(zone[2]), minutes=int(zone[3]))
            return local.replace(tzinfo=timezone(offset if zone[1] == "+" else -offset)).astimezone(UTC)
        except (ValueError, OverflowError, OSError):
            continue
    return None
