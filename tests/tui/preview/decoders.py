"""What a terminal makes of the bytes that it is sent: pictures of kitty's and sixel's, back to pixels, by their manuals."""

from __future__ import annotations

import re
import zlib
from base64 import standard_b64decode
from dataclasses import dataclass, field
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tui.preview.kitty import DIACRITICS, PLACEHOLDER

Pixels = NDArray[np.int64]
"""rows × columns × RGB; -1 where nothing was drawn."""

_COMMAND = re.compile(r"\x1b_G([^;\x1b]*)(?:;([^\x1b]*))?\x1b\\")
_CELL = re.compile(f"{PLACEHOLDER}([{''.join(DIACRITICS)}]{{3}})")


@dataclass
class Kitty:
    """A terminal's store of pictures, and the cells that refer to it."""

    pictures: dict[int, Pixels] = field(default_factory=dict)
    places: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Columns and rows of the virtual placement."""
    commands: int = 0
    _parts: list[str] = field(default_factory=list)
    _about: dict[str, str] = field(default_factory=dict)

    def read(self, text: str) -> list[tuple[int, int, int]]:
        """Take in what is written; returns (picture, column, row) of every placeholder, left to right."""
        for keys, data in _COMMAND.findall(text):
            self.commands += 1
            assert len(data) <= 4096
            about = dict(pair.split("=") for pair in keys.split(","))
            if about.get("a") == "q":
                continue  # the question before the start, which is to be answered
            assert about["q"] == "2"  # no answer may come: it would be typed into the app
            if about.get("a") == "d":
                assert about["d"] == "I"
                del self.pictures[int(about["i"])], self.places[int(about["i"])]
                continue
            self._about = self._about or about
            self._parts.append(data)
            if about["m"] == "0":
                self._store()
        cells = []
        for colour, run in re.findall(r"\x1b\[38;5;(\d+)m([^\x1b]*)", text):
            for marks in _CELL.findall(run):
                row, column, high = (DIACRITICS.index(mark) for mark in marks)
                cells.append((high << 24 | int(colour), column, row))
        return cells

    def _store(self) -> None:
        about, data = self._about, standard_b64decode("".join(self._parts))
        self._about, self._parts = {}, []
        assert (about["a"], about["U"], about["t"]) == ("T", "1", "d")
        width, height = int(about["s"]), int(about["v"])
        if about["f"] == "100":
            pixels = np.asarray(Image.open(BytesIO(data)).convert("RGB"), np.int64)
        else:
            assert (about["f"], about["o"]) == ("24", "z")
            pixels = np.frombuffer(zlib.decompress(data), np.uint8).reshape(height, width, 3).astype(np.int64)
        self.pictures[int(about["i"])] = pixels
        self.places[int(about["i"])] = int(about["c"]), int(about["r"])


def through_tmux(text: str) -> str:
    """What tmux hands on to its terminal."""
    wrapped = re.findall(r"\x1bPtmux;((?:\x1b\x1b|[^\x1b])*)\x1b\\", text)
    return "".join(part.replace("\x1b\x1b", "\x1b") for part in wrapped)


def sixel(text: str) -> Pixels:
    """The pixels of one sixel picture, as large as its raster attributes say."""
    whole = re.fullmatch(r'\x1bP0;1q"1;1;(\d+);(\d+)([^\x1b]*)\x1b\\', text)
    assert whole, text[:80]
    width, height = int(whole[1]), int(whole[2])
    pixels = np.full((height + 6, width, 3), -1, np.int64)
    registers: dict[int, tuple[int, ...]] = {}
    colour, x, top = 0, 0, 0
    tokens = re.findall(r"#(\d+)(?:;2;(\d+);(\d+);(\d+))?|!(\d+)([?-~])|([?-~])|([$])|(-)", whole[3])
    assert sum(len(token) for match in tokens for token in match) > 0
    for register, red, green, blue, times, repeated, single, back, down in tokens:
        if register:
            colour = int(register)
            if red:
                registers[colour] = tuple(round(int(part) * 255 / 100) for part in (red, green, blue))
        elif back:
            x = 0
        elif down:
            x, top = 0, top + 6
        else:
            count, bits = int(times or 1), ord(repeated or single) - 63
            for bit in range(6):
                if bits >> bit & 1:
                    pixels[top + bit, x : x + count] = registers[colour]
            x += count
            assert x <= width
    assert (pixels[height:] == -1).all(), "drawn below the picture"
    return pixels[:height]
