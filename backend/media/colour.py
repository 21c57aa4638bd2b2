"""Any of Pillow's pixel modes → eight-bit RGB, saying what had to be decided on the way.

Pillow's own conversions clip sixteen bits at 255, drop transparency and ignore colour profiles. Here values are scaled,
transparency is laid on white (what Qwen's reference code does, so what the models were trained on), and profiles wider
than sRGB are converted; each leaves a note.
"""

from __future__ import annotations

import io
import math
from array import array

from PIL import Image, ImageCms

from backend.language import _
from backend.sanitise import one_line

WHITE = (255, 255, 255)
_SIXTEEN_BITS = 65535
_STRIP = 512
"""Rows that are worked on at a time."""
_PROFILE_SPACES = {"RGB": "RGB", "CMYK": "CMYK", "LAB": "Lab"}
"""Pillow's modes whose profiles are followed, and what a profile calls that colour space. Grey looks right without."""
_UNSCALABLE = {"1": "L", "P": "RGB"}
"""Modes between whose values there is nothing to average."""


def to_eight_bits(image: Image.Image, raw_mode: str = "") -> tuple[Image.Image, tuple[str, ...]]:
    """The image without sample types wider than a byte, without palette and without transparency.

    `raw_mode`: how the samples lay in the file, where the decoder told; Pillow drops the lower byte of 16-bit colour unsaid.
    """
    notes: tuple[str, ...] = ()
    if image.mode.startswith("I") or image.mode == "F":
        image, note = _from_wide(image)
        notes = (note,)
    elif ";16" in raw_mode:
        notes = (_("16 bits per channel reduced to 8"),)
    if image.has_transparency_data:
        image, flattened = _on_white(image)
        notes += flattened
    if image.mode in _UNSCALABLE:
        image = image.convert(_UNSCALABLE[image.mode])
    return image, notes


def to_rgb(image: Image.Image, profile: bytes | None) -> tuple[Image.Image, tuple[str, ...]]:
    """RGB from an image of eight bits without transparency, in sRGB where its profile can be followed."""
    if profile and image.mode in _PROFILE_SPACES:
        converted, notes = _followed(image, profile)
        if converted is not None:
            return converted, notes
    else:
        notes = ()
    if image.mode == "LAB":
        return _transformed(image, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))), notes
    return (image if image.mode == "RGB" else image.convert("RGB")), notes


def _followed(image: Image.Image, profile: bytes) -> tuple[Image.Image | None, tuple[str, ...]]:
    """The image in sRGB as its embedded profile asks; None where it already is, or the profile makes no sense."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        name = (source.profile.profile_description or "").strip()
        if source.profile.xcolor_space.strip() != _PROFILE_SPACES[image.mode] or "sRGB" in name:
            return None, ()
        return _transformed(image, source), (
            _("colours converted to sRGB from {profile}").format(profile=one_line(name, 40) or _("an unnamed profile")),
        )
    except (OSError, ValueError, ImageCms.PyCMSError):  # ValueError: its text is in no encoding
        return None, (_("its colour profile is damaged and was ignored"),)


def _transformed(image: Image.Image, source: ImageCms.ImageCmsProfile) -> Image.Image:
    converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    if converted is None:  # only when converting in place, which is not asked for
        raise ImageCms.PyCMSError(_("no image came out of the colour conversion"))
    return converted


def _from_wide(image: Image.Image) -> tuple[Image.Image, str]:
    """Grey of 16 or 32 bits, or floating point, scaled linearly to 0…255."""
    if image.mode.startswith("I;16"):
        if image.mode != "I;16":
            image = image.convert("I")
        return image.point(lambda value: value * (255 / _SIXTEEN_BITS) + 0.5, "L"), _("16 bits per channel reduced to 8")
    low, high = _finite_extremes(image)
    kind = _("floating-point values") if image.mode == "F" else _("32-bit values")
    known = _known_range(image, low, high)
    bottom, top = known or (low, high)
    scale = 255 / (top - bottom) if top > bottom else 0.0
    shift = 0.5 - bottom * scale
    grey = image.convert("F").point(lambda value: value * scale + shift).convert("L")
    return grey, _("{kind} from {bottom:g} to {top:g} scaled to 8 bits").format(kind=kind, bottom=bottom, top=top)


def _known_range(image: Image.Image, low: float, high: float) -> tuple[float, float] | None:
    """The customary range that the values fit, so that a dark picture stays dark; None: stretch what is there."""
    if image.format == "PPM" and image.mode == "I":
        return 0, _SIXTEEN_BITS
    customary = (1.0, 255.0, 65535.0) if image.mode == "F" else (255.0, 65535.0)
    return next(((0.0, top) for top in customary if low >= 0 and high <= top), None)


def _finite_extremes(image: Image.Image) -> tuple[float, float]:
    """Least and greatest value that is a number; (0, 0) where there is none."""
    low, high = image.getextrema()
    if isinstance(low, float | int) and isinstance(high, float | int) and math.isfinite(low) and math.isfinite(high):
        return float(low), float(high)
    finite = [value for value in array("f", image.tobytes()) if math.isfinite(value)]
    return (min(finite), max(finite)) if finite else (0.0, 0.0)


def _on_white(image: Image.Image) -> tuple[Image.Image, tuple[str, ...]]:
    """The image laid on white, strip by strip: whole copies of a very large one would not fit into the memory.

    Fully opaque ones lose only their alpha channel, and nothing needs to be said.
    """
    page = Image.new("RGB", image.size, WHITE)
    opaque = True
    for top in range(0, image.height, _STRIP):
        strip = image.crop((0, top, image.width, min(top + _STRIP, image.height))).convert("RGBA")
        alpha = strip.getchannel("A")
        opaque = opaque and alpha.getextrema() == (255, 255)
        page.paste(strip.convert("RGB"), (0, top), alpha)
    return page, () if opaque else (_("transparent parts shown on white"),)
