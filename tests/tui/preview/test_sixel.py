"""Sixels, byte by byte and back to pixels."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.tui.preview.decoders import sixel
from tui.preview.pixels import Ledger, Patch
from tui.preview.sixel import SixelPicture, encode, per_cent

PALETTE = np.array([(255, 0, 0), (0, 0, 255), (51, 102, 153)], np.uint8)


def test_golden_bytes() -> None:
    pixels = np.array([[0] * 5 + [1], [0] * 6], np.uint8)
    assert encode(pixels, PALETTE) == '\x1bP0;1q"1;1;6;2#0;2;100;0;0#1;2;0;0;100#0!5BA$#1!5?@\x1b\\'


def test_runs_and_bands() -> None:
    pixels = np.full((13, 300), 2, np.uint8)
    assert encode(pixels, PALETTE) == '\x1bP0;1q"1;1;300;13#0;2;20;40;60#0!300~-#0!300~-#0!300@\x1b\\'


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40), st.integers(1, 30), st.integers(1, 256), st.integers(0, 2**32 - 1))
def test_pixels_come_back(width: int, height: int, colours: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    palette = random.integers(0, 256, (colours, 3), np.uint8)
    indices = random.integers(0, colours, (height, width)).astype(np.uint8)
    expected = np.rint(per_cent(palette) * 255 / 100)[indices]
    assert (sixel(encode(indices, palette)) == expected).all()


def picture() -> SixelPicture:
    rows = np.random.default_rng(1).integers(0, 4, (60, 80)) * 85
    image = Image.fromarray(np.stack([rows, rows, 255 - rows], -1).astype(np.uint8))
    return SixelPicture.of(image, (8, 3), (10, 20))


def test_any_part_can_be_painted_by_itself() -> None:
    whole = sixel(picture().whole)
    assert whole.shape == (60, 80, 3)
    assert (sixel(picture().painting(Patch(2, 1, 5, 3))) == whole[20:60, 20:50]).all()


def test_what_was_damaged_is_painted_once_in_as_few_parts_as_there_are_rectangles() -> None:
    shown, ledger = picture(), Ledger()
    for row in range(3):
        assert shown.piece(Patch(0, row, 8, row + 1), (5, 4 + row), ledger) == " " * 8
    assert ledger.repairs() == f"\x1b7\x1b[5;6H{shown.whole}\x1b8"
    assert ledger.repairs() == ""
    for row in (1, 2):
        shown.piece(Patch(3, row, 5, row + 1), (8, 4 + row), ledger)
    assert ledger.repairs() == f"\x1b7\x1b[6;9H{shown.painting(Patch(3, 1, 5, 3))}\x1b8"
    shown.piece(Patch(0, 0, 2, 1), (5, 4), ledger)
    shown.piece(Patch(6, 0, 8, 1), (11, 4), ledger)
    assert ledger.repairs().count("\x1bP") == 2


def test_tmux_is_given_whole_bands_and_always_all_of_the_picture() -> None:
    """tmux 3.5a takes 85 rows of pixels for 90, and keeps nothing of a picture on which something was written."""
    image = Image.fromarray(np.random.default_rng(1).integers(0, 256, (85, 40, 3), np.uint8))
    shown, ledger = SixelPicture.of(image, (5, 5), (8, 17), in_tmux=True), Ledger()
    assert sixel(shown.whole).shape == (84, 40, 3)
    assert (sixel(SixelPicture.of(image, (5, 5), (8, 17)).whole)[:84] == sixel(shown.whole)).mean() > 0.9
    lower = Image.new("RGB", (40, 85), (0, 0, 255))
    lower.paste((255, 0, 0), (0, 50, 40, 85))
    filled = SixelPicture.of(lower, (5, 5), (8, 17), in_tmux=True).whole
    assert "#0;2;100;0;0" in filled, "what fills the cells is not the colour of the lower edge"
    assert sixel(filled)[20, 20].tolist() == [0, 0, 255]
    for row in (2, 3):
        assert shown.piece(Patch(1, row, 3, row + 1), (11, 6 + row), ledger) == "  "
    assert ledger.repairs() == f"\x1b7\x1b[7;11H{shown.whole}\x1b8"


def test_the_same_picture_made_again_is_the_same() -> None:
    """So that it is not painted again: frames are compared by what they show."""
    assert picture() == picture()
    assert hash(picture()) == hash(picture())
    other = SixelPicture.of(Image.new("RGB", (80, 60)), (8, 3), (10, 20))
    assert picture() != other


def test_photographs_have_at_most_256_registers() -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 100, 3), np.uint8))
    shown = SixelPicture.of(noise, (10, 2), (10, 20))
    assert len(re.findall(r"#\d+;2;", shown.whole)) <= 256
    assert (sixel(shown.whole) >= 0).all()
