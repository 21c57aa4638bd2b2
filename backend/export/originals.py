"""The pictures that answers are about, found again: by their hash, never by their name alone.

An answer says where its picture lay, as that was typed. A file of that name may be another one by now; boxes that were found
in one picture are never drawn into another.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from pathlib import Path

from backend.answer import PictureRef
from backend.errors import SightlineError, UnreadablePicture
from backend.language import _
from backend.media.images import load
from backend.scene import Picture

_KEPT = 4
"""Decoded pictures that are kept: formats go through them in order, and reports come back to the last ones."""
_MOMENT = re.compile(r"@[\d:.]+$")
"""What a frame's name says behind that of its film."""
_JUST_AFTER = 0.0006
"""Seconds: published times are rounded to a thousandth, perhaps to before the frame is shown."""


def file_of(ref: PictureRef) -> str:
    """The name of the file that it is, or is a frame of; empty for a picture from standard input."""
    name = ref.path if ref.time is None else _MOMENT.sub("", ref.path)
    return "" if name == "-" else name


class Originals:
    """Finds and opens the pictures of answers. Belongs to one thread."""

    def __init__(self, folders: Iterable[Path] = (), known: Mapping[str, Path] | None = None) -> None:
        """`folders`: where names that are not absolute begin; the current folder always does. `known`: paths by SHA-256."""
        self._folders = (Path(), *folders)
        self._known = dict(known or {})
        self._held: dict[tuple[str, float | None], Picture] = {}
        self._opened: OrderedDict[tuple[str, float | None], Picture] = OrderedDict()

    def hold(self, pictures: Iterable[Picture]) -> None:
        """Take in pictures that are open already, those from standard input among them. They are kept until the end."""
        self._held |= {(picture.sha256, picture.time): picture for picture in pictures}

    def picture(self, ref: PictureRef) -> Picture:
        """That very picture. Raises UnreadablePicture where it is gone, or another file bears its name."""
        key = (ref.sha256, ref.time)
        if key in self._held:
            return self._held[key]
        if key in self._opened:
            self._opened.move_to_end(key)
            return self._opened[key]
        picture = self._found(ref)
        self._opened[key] = picture
        while len(self._opened) > _KEPT:
            self._opened.popitem(last=False)
        return picture

    def path(self, ref: PictureRef) -> Path | None:
        """Its file, or that of its film; None where it is gone or came from no file."""
        try:
            return self.picture(ref).path
        except SightlineError:
            return None

    def _found(self, ref: PictureRef) -> Picture:
        changed = False
        for path in self._places(ref):
            try:
                picture = _frame(path, ref.time) if ref.time is not None else load(path)
            except SightlineError:
                continue
            if picture.sha256 == ref.sha256:
                return picture
            changed = True
        if changed:
            reason, cure = _("it is another picture than the one that was asked about"), _("bring that one back, or ask again")
        elif not file_of(ref):
            reason, cure = _("it came from standard input, and is in no file"), _("ask about a file, to have it in exports")
        else:
            reason, cure = _("it is not where it was"), _("start in the folder where it was asked about, or bring it back")
        raise UnreadablePicture(ref.path, reason, cure=cure)

    def _places(self, ref: PictureRef) -> list[Path]:
        known = self._known.get(ref.sha256)
        name = file_of(ref)
        names = (name, Path(name).name)
        named = [folder / one for one in names for folder in self._folders] if name else []
        return [path for path in (*((known,) if known else ()), *dict.fromkeys(named)) if path.is_file()]


def _frame(path: Path, time: float) -> Picture:
    from backend.media.film import open_film

    with open_film(path) as film:
        return next(iter(film.frames([time + _JUST_AFTER])))
