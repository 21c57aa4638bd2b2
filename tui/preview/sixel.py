"""Sixel: DEC's bitmap graphics, six rows of pixels at a time, each in as many passes as there are colours in it.

Encoded by numpy: of every band a bit mask for each colour and column, and of these the runs; only joining the runs to text is a
loop. Every painting brings the colours that it uses, so that any part of a picture can be painted by itself.
(VT330/VT340 Programmer Reference Manual, volume 2, chapter 14.)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tui.preview.pixels import Ledger, Patch, Spot

COLOURS = 256
"""Registers of nearly all terminals; the VT340 had 16."""
BAND = 6
_FIRST = 63
"""The character of an empty column; its six bits are added."""


@dataclass(frozen=True, slots=True, eq=False)
class SixelPicture:
    """An indexed picture, and the whole of it encoded."""

    columns: int
    rows: int
    indices: NDArray[np.uint8]
    """rows × columns of pixels, each a place in `palette`."""
    palette: NDArray[np.uint8]
    """n × RGB."""
    cell: tuple[int, int]
    whole: str
    in_tmux: bool = False

    @classmethod
    def of(cls, image: Image.Image, cells: tuple[int, int], cell: tuple[int, int], *, in_tmux: bool = False) -> SixelPicture:
        """`image`: RGB, `cells` (columns, rows) times `cell` (width, height) pixels large. `in_tmux`: it is given to tmux,
        which takes a band that is not full for a full one, and then a row of cells too many: such a band is left out, and the
        first register, with which tmux fills the cells, has the colour of the picture's lower edge."""
        indexed = image.quantize(COLOURS, Image.Quantize.FASTOCTREE)
        indices: NDArray[np.uint8] = np.asarray(indexed, np.uint8)
        palette = np.array(indexed.getpalette("RGB"), np.uint8).reshape(-1, 3)
        if in_tmux:
            indices = indices[: max(BAND, len(indices) // BAND * BAND)]
            edge = int(np.bincount(indices[-1]).argmax())
            swapped = np.arange(256, dtype=np.uint8)
            swapped[[0, edge]] = swapped[[edge, 0]]
            indices, palette[[0, edge]] = swapped[indices], palette[[edge, 0]]
        return cls(*cells, indices, palette, cell, encode(indices, palette), in_tmux)

    def __eq__(self, other: object) -> bool:
        """Whether both look the same on the screen."""
        return isinstance(other, SixelPicture) and (self.cell, self.whole) == (other.cell, other.whole)

    def __hash__(self) -> int:
        return hash(self.whole)

    @property
    def weight(self) -> int:
        return int(self.indices.nbytes) + len(self.whole)

    def piece(self, patch: Patch, at: Spot, ledger: Ledger) -> str:
        blank = " " * (patch.right - patch.left)
        if self.in_tmux:  # which forgets the whole picture as soon as anything is written on a part of it
            at, patch = (at[0] - patch.left, at[1] - patch.top), Patch(0, 0, self.columns, self.rows)
        ledger.damage(self, patch, at)
        return blank

    def painting(self, patch: Patch) -> str:
        if patch == Patch(0, 0, self.columns, self.rows):
            return self.whole
        width, height = self.cell
        part = self.indices[patch.top * height : patch.bottom * height, patch.left * width : patch.right * width]
        return encode(part, self.palette)


def encode(indices: NDArray[np.uint8], palette: NDArray[np.uint8]) -> str:
    """Sixels of indexed pixels (rows × columns); what lies below the last row in its band is left as it is on the screen."""
    height, width = indices.shape
    used = np.unique(indices)
    place = np.zeros(256, np.int64)
    place[used] = np.arange(len(used))
    parts = per_cent(palette[used])
    registers = "".join(f"#{n};2;{red};{green};{blue}" for n, (red, green, blue) in enumerate(parts.tolist()))
    bands = (_band(place[indices[top : top + BAND]], width) for top in range(0, height, BAND))
    return f'\x1bP0;1q"1;1;{width};{height}{registers}{"-".join(bands)}\x1b\\'


def per_cent(rgb: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Colours as sixel registers have them: 0…100 each."""
    rounded: NDArray[np.int64] = np.rint(rgb.astype(np.float64) * (100 / 255)).astype(np.int64)
    return rounded


def _band(pixels: NDArray[np.int64], width: int) -> str:
    """Up to six rows of registers → one pass for each colour, separated by `$`."""
    colours, local = np.unique(pixels, return_inverse=True)
    local = local.reshape(pixels.shape)
    bits = (1 << np.arange(len(pixels)))[:, None]
    at = local * width + np.arange(width)
    masks = np.bincount(at.ravel(), np.broadcast_to(bits, at.shape).ravel(), len(colours) * width).astype(np.int64)
    starts = np.concatenate(([True], masks[1:] != masks[:-1]))
    starts[::width] = True
    first = np.flatnonzero(starts)
    lengths = np.diff(first, append=len(masks))
    owner = first // width
    ends = np.flatnonzero(np.diff(owner, append=-1)) + 1
    runs = [_run(length, mask) for length, mask in zip(lengths.tolist(), masks[first].tolist(), strict=True)]
    passes: list[str] = []
    begin = 0
    for colour, end in zip(colours.tolist(), ends.tolist(), strict=True):
        stop = end - 1 if runs[end - 1][-1] == "?" and end - begin > 1 else end  # nothing need be said of an empty rest
        passes.append(f"#{colour}{''.join(runs[begin:stop])}")
        begin = end
    return "$".join(passes)


@cache
def _run(length: int, mask: int) -> str:
    character = chr(_FIRST + mask)
    return character * length if length < 4 else f"!{length}{character}"
