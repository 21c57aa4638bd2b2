"""A font that has the characters of a label.

Pillow brings one font, for European scripts. Chinese labels need one of the system's, which is looked for by name in the
folders where Linux keeps them; a label that no font can write is replaced by the finding's id, because a row of empty
boxes tells nobody anything.
"""

from __future__ import annotations

import functools
import os
import re
from pathlib import Path

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

KNOWN = (
    "DejaVuSans.ttf",
    "NotoSans-Regular.ttf",
    "LiberationSans-Regular.ttf",
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC-Regular.otf",
    "NotoSansSC[wght].ttf",
    "NotoSansSC-VF.ttf",
    "SourceHanSansSC-Regular.otf",
    "SourceHanSansCN-Regular.otf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "DroidSansFallback.ttf",
    "uming.ttc",
    "ukai.ttc",
    "FandolHei-Regular.otf",
    "unifont.otf",
    "unifont.ttf",
)
"""File names of fonts that systems commonly have, in the order of preference: narrow and legible first, then wide coverage."""

_ABSENT = "\U0010fffe"
"""A code point that is never assigned: what a font draws for it is what it draws for anything it lacks."""


def folders() -> tuple[Path, ...]:
    """Where fonts are looked for; SIGHTLINE_FONTS, a folder, comes first."""
    own = os.environ.get("SIGHTLINE_FONTS")
    home = Path.home()
    system = (home / ".local/share/fonts", home / ".fonts", Path("/usr/local/share/fonts"), Path("/usr/share/fonts"))
    return ((Path(own),) if own else ()) + system


def font_for(text: str, size: int) -> FreeTypeFont | None:
    """The first font that has every character of `text`; None where there is none."""
    return next((font for font in _fonts(size, folders()) if writes(font, text)), None)


@functools.lru_cache(maxsize=16)
def _fonts(size: int, where: tuple[Path, ...]) -> tuple[FreeTypeFont, ...]:
    """Every usable font at `size` pixels, the best first, and Pillow's own last."""
    fonts = []
    for path in _installed(where):
        try:
            fonts.append(ImageFont.truetype(path, size))
        except OSError:
            continue  # a damaged file, or a link to a font that was removed
    own = ImageFont.load_default(size)
    return (*fonts, own) if isinstance(own, FreeTypeFont) else tuple(fonts)


@functools.lru_cache(maxsize=4)
def _installed(where: tuple[Path, ...]) -> tuple[str, ...]:
    """Files of the known fonts that these folders hold, in the order of KNOWN."""
    found: dict[str, str] = {}
    for folder in where:
        for path, _, names in os.walk(folder):
            for name in names:
                if name in KNOWN:
                    found.setdefault(name, str(Path(path, name)))
    return tuple(found[name] for name in KNOWN if name in found)


def writes(font: FreeTypeFont, text: str) -> bool:
    """Whether it has every character of `text`."""
    absent = _glyph(font, _ABSENT)
    return all(_glyph(font, char) != absent for char in set(re.sub(r"\s", "", text)))


def _glyph(font: FreeTypeFont, char: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(char)
    return mask.size, bytes(mask)
