"""An answer into memory: when its pictures were taken is found out here, and small copies are made of views of a place."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from backend.answer import Answer, PictureRef
from backend.memory.filing import Clock, Provenance
from backend.memory.journal import Journal, Recorded
from backend.memory.places import Places
from backend.scene import Picture

THUMBNAIL = 480
"""Pixels of the longer side of the small copy of a view; recall shows its crop where the file is gone."""


def remember(
    path: Path, answer: Answer, pictures: Sequence[Picture] = (), *, place: str | None = None, when: datetime | None = None
) -> Recorded:
    """Keep an answer in the journal at `path`, as a visit to `place` where one is given. Returns what it was kept as.

    `pictures`: the answer's, in its order, for small copies; `when`: taken then, whatever their files say. Raises
    JournalUnavailable, and UsageError for a place without a name.
    """
    origins = [
        provenance(reference, pictures[at] if place is not None and at < len(pictures) else None, when)
        for at, reference in enumerate(answer.pictures)
    ]
    recorded = Journal(path).record(answer, origins)
    if place is not None:
        Places(path).visit(place, recorded.views)
    return recorded


def keep_views(path: Path, place: str, pictures: Sequence[Picture], *, when: datetime | None = None) -> None:
    """File pictures as views of a place, whatever is known or asked about them. Raises as `remember` does."""
    references = [PictureRef.of(picture) for picture in pictures]
    filed = [
        (reference.as_dict(), provenance(reference, picture, when))
        for reference, picture in zip(references, pictures, strict=True)
    ]
    Places(path).keep(place, filed)


def provenance(reference: PictureRef, picture: Picture | None = None, when: datetime | None = None) -> Provenance:
    """Where a picture is from and when it was taken; with a small copy where its pixels are given."""
    from backend.media.taken import taken

    now = datetime.now(UTC)
    name = reference.path if reference.time is None else reference.path.rpartition("@")[0] or reference.path  # FILM@MM:SS.ff
    path = None if name == "-" else Path(name).absolute()
    small = None if picture is None else _thumbnail(picture)
    if when is not None:
        return Provenance(path, when, Clock.GIVEN, small)
    known = None if path is None else taken(path, now)
    if known is None:
        return Provenance(path, now, Clock.ASKED, small)
    return Provenance(path, known.when, Clock.EXIF if known.from_exif else Clock.FILE, small)


def _thumbnail(picture: Picture) -> bytes:
    from backend.media.images import as_image

    image = as_image(picture)
    image.thumbnail((THUMBNAIL, THUMBNAIL))
    encoded = io.BytesIO()
    image.save(encoded, "JPEG", quality=85)
    return encoded.getvalue()
