"""Why a file could not become a Picture, in words its owner can act on.

Pillow says “cannot identify image file <_io.BytesIO object …>” of a shopping list, a film and half a photograph alike.
The first bytes tell these apart.
"""

from __future__ import annotations

import re

from backend.errors import UnreadablePicture
from backend.language import N_, _
from backend.sanitise import one_line

_TRUNCATED = re.compile(
    r"truncat|unexpected end|reached EOF|not enough|incomplete|buffer is not large enough|broken data stream|only got", re.I
)
_SAVE_AGAIN = N_("copy or download the picture again; if it is whole elsewhere, save it anew as PNG or JPEG")
_SIGNATURES = (
    (re.compile(rb"\xff\xd8\xff"), "JPEG"),
    (re.compile(rb"\x89PNG"), "PNG"),
    (re.compile(rb"RIFF....WEBP", re.S), "WebP"),
    (re.compile(rb"GIF8"), "GIF"),
    (re.compile(rb"II[*+]\0|MM\0[*+]"), "TIFF"),
    (re.compile(rb"....ftyp(hei[cxms]|hev[cxms]|mif1|msf1)", re.S), "HEIC"),
    (re.compile(rb"....ftypavi[fs]", re.S), "AVIF"),
    (re.compile(rb"\0\0\0\x0cjP  "), "JPEG 2000"),
)
_OTHERS = (
    (re.compile(rb"%PDF"), N_("it is a PDF document"), N_("export the page as PNG, for example with pdftoppm -png FILE page")),
    (re.compile(rb"\s*(<\?xml.*)?<svg", re.S), N_("it is an SVG drawing, which has no pixels"), N_("export it as PNG")),
    (
        re.compile(rb"....ftyp|\x1aE\xdf\xa3|RIFF....AVI ", re.S),
        N_("it is a video"),
        N_("give it a film's ending, such as .mp4, or save its frames: sightline frames FILE --out DIR"),
    ),
    (re.compile(rb"8BPS"), N_("it is a Photoshop document"), N_("export it as PNG")),
    (re.compile(rb"PK\x03\x04|\x1f\x8b|7z\xbc\xaf|\xfd7zXZ"), N_("it is an archive"), N_("unpack it first")),
    (re.compile(rb"GGUF"), N_("it is a model, not a picture"), N_("give the picture's name; a model is chosen with --model")),
)
_TEXT = re.compile(rb"[\t-\r\x20-\x7e\x80-\xff]*\Z")


def unrecognised(name: str, data: bytes) -> UnreadablePicture:
    """The error for data that no reader took for its own."""
    head = data[:1024]
    for signature, kind in _SIGNATURES:
        if signature.match(head):
            return UnreadablePicture(
                name, _("it begins as {kind}, but the rest is missing or damaged").format(kind=kind), cure=_SAVE_AGAIN
            )
    for signature, reason, cure in _OTHERS:
        if signature.match(head):
            return UnreadablePicture(name, reason, cure=cure)
    if _TEXT.match(head):
        return UnreadablePicture(name, _("it holds text, whatever its name says"))
    return UnreadablePicture(name, _("its contents are in no picture format that is known here"))


def damaged(name: str, data: bytes, error: Exception) -> UnreadablePicture:
    """The error for data that a reader recognised and then could not decode."""
    detail = one_line(str(error).strip(), 100)
    riff_length = int.from_bytes(data[4:8], "little") + 8 if data.startswith(b"RIFF") else 0
    if _TRUNCATED.search(detail) or len(data) < riff_length:
        return UnreadablePicture(name, _("it ends too early: a part of the file is missing"), cure=_SAVE_AGAIN)
    return UnreadablePicture(
        name, _("its data are damaged ({value})").format(value=detail or type(error).__name__), cure=_SAVE_AGAIN
    )


def too_large(name: str, error: Exception, limit: int) -> UnreadablePicture:
    """The error for a claim of more than `limit` pixels; Pillow's message carries the claim."""
    claimed = re.search(r"\d+", str(error))
    megapixels = f"{int(claimed[0]) / 1e6:,.0f}" if claimed else _("too many")
    return UnreadablePicture(
        name,
        _("it claims {megapixels} megapixels, and {limit} is the limit").format(megapixels=megapixels, limit=limit // 10**6),
        cure=_("scale it down, or cut out the part that the question is about"),
    )
