"""Frames with their tracks drawn in: a box and a name where a thing is, and the way that it came as a trail.

A place where nothing was found, and which lies on the way between two that were, wears a ring instead of a box.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from PIL import Image

from backend.errors import UsageError
from backend.export.chips import Label, draw_labels, shortened
from backend.export.fonts import font_for
from backend.export.palette import colour_of
from backend.export.saving import NotSaved, save
from backend.export.strokes import Pen, Rect, Spot, draw_lines, draw_rectangle, draw_ring
from backend.language import _
from backend.media.images import as_image
from backend.sanitise import one_line, quoted
from backend.scene import Picture
from backend.scene.moments import CLOSE
from backend.spatial.tracks import Observation, Track
from backend.synthetic.filming import write_film

FILMS = frozenset({".mp4", ".mkv", ".mov", ".avi"})
"""Suffixes that are written as a film; anything else is a folder of pictures."""
TRAIL = 2.0
"""Seconds of the way that are drawn."""
_LONGEST = 40
"""Characters of a name."""
_CURE = "export to a folder that you may write to, on a disk with room"


def draw_tracks(picture: Picture, time: float, tracks: Sequence[Track]) -> Image.Image:
    """The stored pixels of a frame with what is followed at its time (seconds); track `i` has the palette's colour `i`."""
    image = as_image(picture)

    def at(x: float, y: float) -> Spot:
        return x * image.width / picture.width, y * image.height / picture.height

    draw_trails(image, at, (picture.width, picture.height), Pen.for_picture(*image.size), time, tracks)
    return image


def draw_trails(
    image: Image.Image,
    at: Callable[[float, float], Spot],
    size: tuple[int, int],
    pen: Pen,
    time: float,
    tracks: Sequence[Track],
    selected: frozenset[int] = frozenset(),
) -> None:
    """Draw what is followed on an image. `at`: pixels of the upright original, which has `size`, → pixels of the image;
    `selected`: the indices of tracks of which the whole way is drawn, bolder, whether they are there at that time or not."""
    labels = []
    for index in sorted(range(len(tracks)), key=lambda index: index in selected):
        track, bold = tracks[index], index in selected
        here = track.begin - CLOSE <= time <= track.end + CLOSE
        way = [one for one in track.observations if bold or time - TRAIL <= one.time <= time + CLOSE]
        if not way or not (here or bold):
            continue
        line = round(pen.line * 1.5) if bold else pen.line
        draw_lines(image, list(pairwise(at(*one.centre) for one in way)), Pen(line, 1, pen.text), colour_of(index))
        if not here:
            continue
        now = [one for one in track.observations if one.time <= time + CLOSE]
        anchor = _marked(image, now[-1] if now else way[-1], at, size, Pen(line, pen.casing, pen.text), index)
        label = _label(image, track, anchor, pen, index) if anchor is not None else None
        labels += [label] if label else []
    draw_labels(image, labels)


def check_export(path: Path, source: Path) -> None:
    """Refuse a target before minutes are spent on what it should hold. Raises UsageError."""
    if path.suffix.lower() in FILMS:
        if path.is_dir() or not path.parent.is_dir():
            raise UsageError(
                _("{path} cannot be a film there").format(path=quoted(path)), cure=_("give a file name in a folder that exists")
            )
        if path.exists() and source.exists() and path.samefile(source):
            raise UsageError(
                _("{path} is the film itself, which would be lost").format(path=quoted(path)),
                cure=_("export under another name"),
            )
    elif path.exists() and not path.is_dir():
        raise UsageError(
            _("{path} is a file, and no film's name").format(path=quoted(path)),
            cure=_("give a folder, or a name in {suffixes}").format(suffixes=", ".join(sorted(FILMS))),
        )
    elif path.is_dir() and source.is_dir() and path.samefile(source):
        raise UsageError(_("{path} holds the frames themselves").format(path=quoted(path)), cure=_("export to another folder"))


def export_tracks(path: Path, pictures: Iterable[Picture], tracks: Sequence[Track], fps: float) -> int:
    """Write each frame with its tracks: as a film, or as `0001.png` … in a folder; returns how many. Raises NotSaved."""
    if path.suffix.lower() in FILMS:
        return _film(path, pictures, tracks, fps)
    count = 0
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotSaved(path, error.strerror or str(error), cure=_CURE) from error
    for count, picture in enumerate(pictures, 1):
        save(draw_tracks(picture, picture.time or 0.0, tracks), path / f"{count:04}.png")
    return count


def _film(path: Path, pictures: Iterable[Picture], tracks: Sequence[Track], fps: float) -> int:
    """As a film whole or not at all: written beside its place, and then put there."""
    part = path.with_name(f".sightline-{secrets.token_hex(6)}{path.suffix}")
    count = 0

    def drawn() -> Iterable[tuple[float, Image.Image]]:
        nonlocal count
        begin: float | None = None
        for picture in pictures:
            time = picture.time or 0.0
            begin = time if begin is None else begin
            count += 1
            image = draw_tracks(picture, time, tracks)
            yield time - begin, image.crop((0, 0, image.width // 2 * 2, image.height // 2 * 2))

    try:
        write_film(part, drawn(), fps=fps)
        part.replace(path)
    except OSError as error:
        raise NotSaved(path, error.strerror or one_line(str(error), 120), cure=_CURE) from error
    finally:
        with suppress(OSError):  # where nothing may be written nothing was
            part.unlink(missing_ok=True)
    return count


def _marked(
    image: Image.Image, seen: Observation, at: Callable[[float, float], Spot], size: tuple[int, int], pen: Pen, index: int
) -> Rect | None:
    """Draw a box, or a ring where nothing was seen; what the name is put beside, None where nothing of it is in the image."""
    x1, y1, x2, y2 = seen.box
    left, top = at(max(0.0, x1), max(0.0, y1))
    right, bottom = at(min(float(size[0]), x2), min(float(size[1]), y2))
    if seen.interpolated:
        (x, y), radius = at(*seen.centre), 3.5 * pen.line
        draw_ring(image, (x, y), radius, pen, colour_of(index))
        left, top, right, bottom = x - radius, y - radius, x + radius, y + radius
    else:
        draw_rectangle(image, (left, top, right, bottom), pen, colour_of(index))
    return (left, top, right, bottom) if left < image.width and top < image.height and right > 0 and bottom > 0 else None


def _label(image: Image.Image, track: Track, anchor: Rect, pen: Pen, index: int) -> Label | None:
    for text in (f"{track.id} {one_line(track.label, _LONGEST)}".strip(), track.id):
        if (font := font_for(text, pen.text)) is not None:
            fitting = shortened(text, font, image.width)
            return Label(fitting, font, colour_of(index), anchor) if fitting else None
    return None
