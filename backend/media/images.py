"""Files → Pictures: decoded once, upright, eight-bit RGB; whatever had to be decided is in the Picture's notes.

A file that ends too early is refused rather than half shown: what is missing cannot be found, and an answer about the
grey remainder would look like any other. A picture of up to 256 megapixels is accepted; above 64 its *pixels* are
reduced while decoding, but its width and height, and so every box, stay those of the original.
"""

from __future__ import annotations

import functools
import hashlib
import io
import logging
import struct
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from backend.errors import UnreadablePicture
from backend.language import _
from backend.media import diagnosis, files, heic, lens, silence
from backend.scene import Calibration, DepthMap, Picture

if TYPE_CHECKING:
    from PIL import Image
    from PIL.ImageFile import ImageFile

MOST_PIXELS = 256_000_000
"""A file that claims more is refused before any memory is taken: 256 megapixels are 1 GB while they are decoded."""
KEPT_PIXELS = 64_000_000
"""More than this is never held: fifteen times what 4096 image tokens show."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "JPEG2000", "PPM", "ICO", "HEIF", "AVIF", "QOI")
"""What is tried. Pillow's others are not pictures people have, and some of its readers start programs (EPS)."""

_UNDECODABLE = (
    *(OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, OverflowError),
    *(RuntimeError, struct.error, zlib.error),
)
"""What readers raise on damaged data: the list that Pillow's own `Image.open` expects, and what fuzzing found besides
(RuntimeError: AVIF and HEIC)."""
_ORIENTATION = 0x0112


@dataclass(frozen=True, slots=True)
class _Filled:
    """What a file holds: its pixels, turned and coloured as they are stored, and the size it gives for them."""

    image: Image.Image
    width: int
    height: int
    orientation: int
    """EXIF's: 1…8."""
    raw_mode: str
    """How the samples lay in the file, where the reader tells."""
    lens: tuple[float | None, str]
    """35 mm equivalent of the lens, and why what EXIF says of it was not believed."""
    calibration: Calibration | None
    """What a HEIC file says of its camera."""
    depth: tuple[DepthMap | None, str]
    """Its depth image, and why that cannot be used."""
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Decoded:
    """Upright RGB pixels, the size of the upright original, and what had to be decided."""

    image: Image.Image
    width: int
    height: int
    lens: tuple[float | None, str]
    calibration: Calibration | None
    depth: tuple[DepthMap | None, str]
    notes: tuple[str, ...]


def load(path: str | Path) -> Picture:
    """The picture in a file. Raises UnreadablePicture, which names the file, the reason and the cure."""
    path = Path(path)
    return _picture(files.read(path), str(path), path)


def load_bytes(data: bytes, name: str) -> Picture:
    """The picture in `data`, which came from somewhere without a path; messages call it `name` (`-`: standard input)."""
    files.require_sane_length(name, len(data))
    return _picture(data, name, None)


def load_preview(path: str | Path, max_width: int, max_height: int) -> Image.Image:
    """The picture in a file, upright and RGB, no larger than that; JPEGs are decoded at a fraction of their size."""
    path = Path(path)
    decoded = _decode(files.read(path), str(path), within=(max_width, max_height))
    decoded.image.thumbnail((max_width, max_height))
    return decoded.image


def load_fraction(data: bytes, path: Path, factor: int) -> Picture:
    """The JPEG in `data` at 1/`factor` (2, 4 or 8) of its size, which is decoded that much sooner. Its `sha256` is empty."""
    decoded = _decode(data, str(path), factor=factor)
    return _as_picture(decoded, str(path), path, "", decoded.notes)


def size_in(data: bytes) -> tuple[bool, tuple[int, int]] | None:
    """Whether a picture is stored on its side, and its stored width and height; None where its header cannot be read."""
    from PIL import Image

    _set_up()
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.format == "PNG":  # whose EXIF data lie behind the pixels
                return None
            return _orientation(image)[0] >= 5, image.size
    except (*_UNDECODABLE, Image.DecompressionBombError):
        return None


def thumbnail_in(data: bytes) -> Image.Image | None:
    """The thumbnail in a HEIC file, or in a JPEG's EXIF data, upright and RGB; None where there is none that can be read."""
    from PIL import Image

    _set_up()
    try:
        if heic.is_heic(data):
            return heic.thumbnail_in(data)
        with Image.open(io.BytesIO(data), formats=("JPEG", "MPO")) as image:
            small = image.getexif() and image.get_child_images()
            turn = _turns().get(_orientation(image)[0])
            if not small:
                return None
            shown = small[0].convert("RGB")
            return shown if turn is None else shown.transpose(turn)
    except (*_UNDECODABLE, AssertionError, Image.DecompressionBombError):
        return None


def as_image(picture: Picture) -> Image.Image:
    """The picture's stored pixels as a Pillow image of `stored_size`."""
    from PIL import Image

    return Image.frombytes("RGB", picture.stored_size, picture.rgb)


def _picture(data: bytes, name: str, path: Path | None) -> Picture:
    digest = hashlib.sha256(data).hexdigest()
    decoded = _decode(data, name)
    stored = decoded.image.size
    reduced = stored != (decoded.width, decoded.height)
    notes = decoded.notes
    if reduced:
        notes += (
            _("{width}×{height} pixels held as {stored}×{stored_2}; boxes are in the original's pixels").format(
                width=decoded.width, height=decoded.height, stored=stored[0], stored_2=stored[1]
            ),
        )
    return _as_picture(decoded, name, path, digest, notes)


def _as_picture(decoded: _Decoded, name: str, path: Path | None, digest: str, notes: tuple[str, ...]) -> Picture:
    stored = decoded.image.size
    reduced = stored != (decoded.width, decoded.height)
    return Picture(
        name=name,
        width=decoded.width,
        height=decoded.height,
        rgb=decoded.image.tobytes(),
        sha256=digest,
        path=path,
        notes=notes,
        stored_width=stored[0] if reduced else 0,
        stored_height=stored[1] if reduced else 0,
        focal_35mm=decoded.lens[0],
        focal_note=decoded.lens[1],
        calibration=decoded.calibration,
        depth=decoded.depth[0],
        depth_note=decoded.depth[1],
    )


def _decode(data: bytes, name: str, within: tuple[int, int] | None = None, factor: int = 1) -> _Decoded:
    """Decode `data`; with `within`, at no more than the detail that a thumbnail of that size needs, with `factor` at that
    fraction of its size at most, where its format can."""
    from PIL import Image, UnidentifiedImageError

    _set_up()
    try:
        try:
            filled = _filled(data, within, factor)
        except Image.DecompressionBombError as error:
            raise diagnosis.too_large(name, error, MOST_PIXELS) from error
        except UnidentifiedImageError as error:
            raise diagnosis.unrecognised(name, data) from error
        except _UNDECODABLE as error:
            raise diagnosis.damaged(name, data, error) from error
        return _upright(filled)
    except MemoryError as error:
        raise UnreadablePicture(
            name,
            _("its pixels do not fit into the free memory"),
            cure=_("close other programs, or scale the picture down and ask again"),
        ) from error


def _filled(data: bytes, within: tuple[int, int] | None, factor: int = 1) -> _Filled:
    """All that is read from the file. Whatever is wrong with the data comes to light here and nowhere later."""
    from PIL import Image

    image = Image.open(io.BytesIO(data), formats=FORMATS)
    size = image.size
    raw_mode = str(image.tile[0].args) if image.tile else ""
    notes = _frame_notes(image)
    orientation, damaged = _orientation(image)
    factor = max(factor, _reduction(*size, within[::-1] if within and orientation >= 5 else within))
    drafted = image.draft(None, (max(1, size[0] // factor), max(1, size[1] // factor))) if factor > 1 else None
    image.load()
    if drafted is None:
        # What Pillow did on its own while loading counts: it turns TIFFs, and an icon may not be what its directory says.
        size = image.size
        orientation, __ = _orientation(image)
    depth = _depth(image, *size) if within is None else (None, "")
    lens_, camera = _lens(image, *size), _camera(image, *size)
    return _Filled(image, *size, orientation, raw_mode, lens_, camera, depth, (*notes, *damaged))


def _upright(filled: _Filled) -> _Decoded:
    """From pixels as the file holds them to pixels as they are shown."""
    from backend.media import colour

    profile = filled.image.info.get("icc_profile")
    plain, decided = colour.to_eight_bits(filled.image, filled.raw_mode)
    if (factor := _reduction(*plain.size)) > 1:
        plain = plain.reduce(factor)
    shown, converted = colour.to_rgb(plain, profile)
    turn = _turns().get(filled.orientation)
    if turn is not None:  # the first of Pillow's turns is numbered 0
        shown = shown.transpose(turn)
    size = (filled.height, filled.width) if filled.orientation >= 5 else (filled.width, filled.height)
    # Of HEIC files libheif has turned everything already.
    camera, depth = (filled.calibration, filled.depth) if turn is None else (None, (None, ""))
    return _Decoded(shown, *size, filled.lens, camera, depth, (*filled.notes, *decided, *converted))


def _reduction(width: int, height: int, within: tuple[int, int] | None = None) -> int:
    """The power of two by which both sides are divided while decoding, so that what is kept stays within its limit.

    For a thumbnail twice its size is enough to scale it down from without a visible difference.
    """
    factor = 1
    if within is not None:
        while width > 4 * factor * within[0] or height > 4 * factor * within[1]:
            factor *= 2
    while width * height > KEPT_PIXELS * factor**2:
        factor *= 2
    return factor


def _orientation(image: ImageFile) -> tuple[int, tuple[str, ...]]:
    """How the EXIF data say that the picture is turned (1…8), and a note if they cannot be understood."""
    if image.format == "PNG":
        image.load()  # its EXIF chunk may follow the pixels, and pixels that are missing are no matter of EXIF
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except _UNDECODABLE:
        return 1, (_("its EXIF data are damaged and were ignored: it may lie on its side"),)
    return (value if isinstance(value, int) and 1 <= value <= 8 else 1), ()


def _lens(image: ImageFile, width: int, height: int) -> tuple[float | None, str]:
    """What the EXIF data say of the lens; damaged data say nothing, and that is noted where the orientation is read."""
    try:
        return lens.focal_35mm(image.getexif().get_ifd(lens.EXIF_IFD), width, height)
    except _UNDECODABLE:
        return None, ""


def _camera(image: ImageFile, width: int, height: int) -> Calibration | None:
    return heic.calibration_of(image.info, width, height) if image.format == "HEIF" else None


def _depth(image: ImageFile, width: int, height: int) -> tuple[DepthMap | None, str]:
    """What a HEIC file says of depth. Whatever is wrong with that is not allowed to cost the picture."""
    try:
        return heic.depth_of(image.info, width, height) if image.format == "HEIF" else (None, "")
    except (*_UNDECODABLE, ArithmeticError):
        return None, _("its depth image is damaged and was ignored")


def _turns() -> dict[int, Image.Transpose]:
    """EXIF orientation → the one step that puts the picture upright."""
    from PIL.Image import Transpose

    return {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }


def _frame_notes(image: ImageFile) -> tuple[str, ...]:
    """What is said of a file that holds several pictures. A phone's MPO does so for its own ends, and shows the first."""
    if image.format in ("MPO", "HEIF") or getattr(image, "n_frames", 1) < 2:
        return ()
    return (_("first page of several"),) if image.format == "TIFF" else (_("animated: the first frame is used"),)


@functools.cache
def _set_up() -> None:
    """Once per process (twice, if two threads come first, does no harm): the HEIC reader, this program's size limit, silence.

    Pillow reports damaged metadata through `warnings` and `logging`, and both would write across a full-screen app; what
    matters of that reaches the user as notes.
    """
    import pillow_heif
    from PIL import Image

    pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow warns above it and refuses above twice as much
    silence.hush_libtiff()
    logging.getLogger("PIL").addHandler(logging.NullHandler())
    warnings.filterwarnings("ignore", module=r"PIL\.")
