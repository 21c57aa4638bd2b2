"""kitty's graphics protocol, with Unicode placeholders: the picture is sent once, and then ordinary characters show it.

A placeholder is U+10EEEE with diacritics for its row and column; the picture's number stands in the colour of the character
(https://sw.kovidgoyal.net/kitty/graphics-protocol/#unicode-placeholders). As cells they scroll, are covered by dialogs and pass
through tmux, which knows nothing of pictures.

Numbers are (third diacritic, one of 256 colours): 65 000 of them, chosen by what the picture shows, so that the same picture is
not sent twice, two programs in one terminal hardly meet, and a terminal without true colour does.
"""

from __future__ import annotations

import zlib
from base64 import standard_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from io import BytesIO

from PIL import Image

from tui.preview.pixels import Ledger, Patch, Spot

PLACEHOLDER = "\U0010eeee"
CHUNK = 4096
"""Most characters of base64 in one escape sequence, by the protocol."""
_RANGES = (
    "305 30D-30E 310 312 33D-33F 346 34A-34C 350-352 357 35B 363-36F 483-487 592-595 597-599 59C-5A1 5A8-5A9 5AB-5AC 5AF 5C4 "
    "610-617 657-65B 65D-65E 6D6-6DC 6DF-6E2 6E4 6E7-6E8 6EB-6EC 730 732-733 735-736 73A 73D 73F-741 743 745 747 749-74A "
    "7EB-7F1 7F3 816-819 81B-823 825-827 829-82D 951 953-954 F82-F83 F86-F87 135D-135F 17DD 193A 1A17 1A75-1A7C 1B6B "
    "1B6D-1B73 1CD0-1CD2 1CDA-1CDB 1CE0 1DC0-1DC1 1DC3-1DC9 1DCB-1DCC 1DD1-1DE6 1DFE 20D0-20D1 20D4-20D7 20DB-20DC 20E1 "
    "20E7 20E9 20F0 2CEF-2CF1 2DE0-2DFF A66F A67C-A67D A6F0-A6F1 A8E0-A8F1 AAB0 AAB2-AAB3 AAB7-AAB8 AABE-AABF AAC1 "
    "FE20-FE26 10A0F 10A38 1D185-1D189 1D1AA-1D1AD 1D242-1D244"
)
"""The code points of kitty's rowcolumn-diacritics.txt: marks above (class 230) without a decomposition in Unicode 6.0."""


def _spread(ranges: str) -> Iterator[str]:
    for both in ranges.split():
        first, _, last = both.partition("-")
        yield from map(chr, range(int(first, 16), int(last or first, 16) + 1))


DIACRITICS = tuple(_spread(_RANGES))
"""The number n as a mark, 0…296."""
MOST_CELLS = len(DIACRITICS)
"""Most rows, and most columns, that placeholders can name."""


@dataclass(frozen=True, slots=True)
class KittyPicture:
    """A picture as it is sent, and the cells that show it."""

    columns: int
    rows: int
    number: int
    """A colour (1…255) and a mark (1…255) × 2²⁴."""
    digest: bytes
    width: int
    height: int
    form: str
    """What `data` is, as the protocol names it: `f=24,o=z` RGB rows compressed by zlib, `f=100` a PNG file."""
    data: bytes
    in_tmux: bool = False

    @classmethod
    def of(cls, image: Image.Image, cells: tuple[int, int], *, in_tmux: bool = False, thrifty: bool = False) -> KittyPicture:
        """`image`: RGB; `cells`: columns and rows that show it, MOST_CELLS at most; `thrifty`: 256 colours, a third of the
        bytes."""
        rgb = image.tobytes()
        digest = blake2b(rgb, digest_size=16, key=repr((image.size, cells, thrifty)).encode()).digest()
        number = (digest[0] % 255 + 1) << 24 | digest[1] % 255 + 1
        form, data = ("f=100", _few_colours(image)) if thrifty else ("f=24,o=z", zlib.compress(rgb, 1))
        return cls(*cells, number, digest, *image.size, form, data, in_tmux)

    @property
    def weight(self) -> int:
        return len(self.data)

    def piece(self, patch: Patch, at: Spot, ledger: Ledger) -> str:
        del at
        before = ledger.first(self.number, self.digest, self.transmission, deletion(self.number, in_tmux=self.in_tmux))
        row, mark = DIACRITICS[patch.top], DIACRITICS[self.number >> 24]
        cells = "".join(f"{PLACEHOLDER}{row}{DIACRITICS[column]}{mark}" for column in range(patch.left, patch.right))
        return f"{before}\x1b[38;5;{self.number & 255}m{cells}\x1b[39m"

    def transmission(self) -> str:
        """What hands the picture to the terminal and makes the place that placeholders refer to; no answer is wanted (q=2)."""
        data = standard_b64encode(self.data).decode()
        chunks = [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]
        about = f"a=T,U=1,q=2,i={self.number},{self.form},t=d,s={self.width},v={self.height},c={self.columns},r={self.rows},"
        last = len(chunks) - 1
        return "".join(
            _told(f"{about if at == 0 else 'q=2,' if at else ''}m={int(at < last)};{chunk}", in_tmux=self.in_tmux)
            for at, chunk in enumerate(chunks)
        )


def _few_colours(image: Image.Image) -> bytes:
    """A PNG file of the picture in 256 colours of its own."""
    file = BytesIO()
    image.quantize(256, Image.Quantize.FASTOCTREE).save(file, "png", compress_level=6)
    return file.getvalue()


def deletion(number: int, *, in_tmux: bool = False) -> str:
    """What takes a picture, with its data and all places that show it, out of the terminal."""
    return _told(f"a=d,d=I,i={number},q=2", in_tmux=in_tmux)


def _told(command: str, *, in_tmux: bool) -> str:
    """One escape sequence of the protocol; tmux passes on what is wrapped for it with every ESC doubled."""
    told = f"\x1b_G{command}\x1b\\"
    return "\x1bPtmux;" + told.replace("\x1b", "\x1b\x1b") + "\x1b\\" if in_tmux else told
