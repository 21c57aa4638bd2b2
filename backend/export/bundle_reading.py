"""An evidence bundle opened: nothing in it is believed before its hash is right, and nothing outside it is touched."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from backend.answer import Answer, PictureRef
from backend.errors import UnreadablePicture, UsageError
from backend.export.bundle import ANSWERS, FORMAT, MANIFEST
from backend.language import _
from backend.media.images import load_bytes
from backend.published import as_answer
from backend.sanitise import one_line, quoted
from backend.scene import Picture

_MOST_BYTES = 2**31
"""Of one file in it."""


class Damaged(UsageError):
    """What is there is no bundle, or not as it was written. Exit code 2."""

    def __init__(self, path: Path, reason: str) -> None:
        message = _("{path} cannot be replayed: {reason}").format(path=quoted(path), reason=reason)
        super().__init__(message, cure=_("make a bundle with: sightline export bundle --last 1 --out NAME"))


@dataclass(frozen=True, slots=True)
class Bundle:
    """One that is whole."""

    path: Path
    manifest: dict[str, Any]
    answers: tuple[Answer, ...]

    def picture(self, ref: PictureRef) -> Picture:
        """The very picture. Raises UnreadablePicture."""
        for told in self.manifest["pictures"]:
            if (told["sha256"], told["time"]) == (ref.sha256, None if ref.time is None else round(ref.time, 3)):
                picture = load_bytes(_content(self.path, told["file"]), ref.path)
                if told["holds"] == "pixels":
                    return replace(picture, sha256=ref.sha256, time=ref.time)
                if picture.sha256 == ref.sha256:
                    return picture
        raise UnreadablePicture(ref.path, _("it is not in the bundle"), cure=_("make the bundle again where the picture is"))


def open_bundle(path: Path) -> Bundle:
    """Check every file of it against the manifest. Raises Damaged."""
    try:
        manifest = json.loads(_content(path, MANIFEST))
        if manifest["format"] != FORMAT:
            raise Damaged(path, _("it is of another version ({format})").format(format=one_line(str(manifest["format"]), 20)))
        for name, wanted in manifest["files"].items():
            if hashlib.sha256(_content(path, name)).hexdigest() != wanted:
                raise Damaged(path, _("{name} is not as it was written").format(name=quoted(name)))
        named = {ANSWERS, *(str(one["file"]) for one in manifest["pictures"])}
        if not named <= set(manifest["files"]):
            raise Damaged(path, _("its manifest gives no hash of what it needs"))
        answers = tuple(as_answer(json.loads(line)) for line in _content(path, ANSWERS).splitlines())
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Damaged(path, _("it is no bundle ({reason})").format(reason=one_line(str(error), 80))) from error
    except OSError as error:
        raise Damaged(path, error.strerror or one_line(str(error), 80)) from error
    return Bundle(path, manifest, answers)


def _content(path: Path, name: str) -> bytes:
    """One of its files. Raises OSError, KeyError and ValueError."""
    inside = PurePosixPath(name)
    if inside.is_absolute() or ".." in inside.parts:
        raise ValueError(f"{name!r} lies outside")
    if path.is_dir():
        file = path / inside
        if file.stat().st_size > _MOST_BYTES or not file.resolve().is_relative_to(path.resolve()):
            raise ValueError(f"{name!r} is too large, or lies outside")
        return file.read_bytes()
    try:
        with zipfile.ZipFile(path) as packed:
            if packed.getinfo(name).file_size > _MOST_BYTES:
                raise ValueError(f"{name!r} is too large")
            return packed.read(name)
    except zipfile.BadZipFile as error:
        raise ValueError(str(error)) from error
