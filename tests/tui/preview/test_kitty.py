"""kitty's protocol, byte by byte and back to pixels."""

from __future__ import annotations

import zlib
from base64 import standard_b64encode

import numpy as np
import pytest
from PIL import Image
from rich.cells import cell_len

from tests.tui.preview.decoders import Kitty, through_tmux
from tui.preview.kitty import DIACRITICS, PLACEHOLDER, KittyPicture, deletion
from tui.preview.pixels import Ledger, Patch


def noise(width: int, height: int, seed: int = 0) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8))


def row(number: int, columns: int) -> Patch:
    return Patch(0, number, columns, number + 1)


def test_golden_bytes() -> None:
    picture = KittyPicture.of(Image.new("RGB", (2, 1), (255, 0, 0)), (2, 1))
    high, low = picture.number >> 24, picture.number & 255
    cells = "".join(f"{PLACEHOLDER}\u0305{column}{DIACRITICS[high]}" for column in "\u0305\u030d")
    data = standard_b64encode(zlib.compress(b"\xff\0\0" * 2, 1)).decode()  # whose bytes are zlib's affair
    assert picture.piece(row(0, 2), (0, 0), Ledger()) == (
        f"\x1b_Ga=T,U=1,q=2,i={picture.number},f=24,o=z,t=d,s=2,v=1,c=2,r=1,m=0;{data}\x1b\\\x1b[38;5;{low}m{cells}\x1b[39m"
    )
    assert deletion(7) == "\x1b_Ga=d,d=I,i=7,q=2\x1b\\"
    assert deletion(7, in_tmux=True) == "\x1bPtmux;\x1b\x1b_Ga=d,d=I,i=7,q=2\x1b\x1b\\\x1b\\"


@pytest.mark.parametrize("in_tmux", [False, True])
def test_a_picture_arrives_as_it_was_in_chunks(in_tmux: bool) -> None:
    image = noise(120, 80)
    picture = KittyPicture.of(image, (12, 4), in_tmux=in_tmux)
    sent = picture.transmission()
    terminal = Kitty()
    terminal.read(through_tmux(sent) if in_tmux else sent)
    assert terminal.commands > 5
    assert terminal.places == {picture.number: (12, 4)}
    assert (terminal.pictures[picture.number] == np.asarray(image)).all()


def test_far_away_it_is_much_smaller_and_nearly_the_same() -> None:
    image = Image.fromarray(np.add.outer(np.arange(200), np.arange(300)).astype(np.uint8)).convert("RGB")
    picture = KittyPicture.of(image, (30, 10), thrifty=True)
    terminal = Kitty()
    terminal.read(picture.transmission())
    assert np.abs(terminal.pictures[picture.number] - np.asarray(image, np.int64)).max() <= 8
    photo = noise(200, 200)
    sizes = [len(KittyPicture.of(photo, (20, 10), thrifty=thrifty).data) for thrifty in (True, False)]
    assert sizes[0] < sizes[1] / 2


def test_every_cell_names_its_own_place_so_that_rows_can_be_cut_anywhere() -> None:
    picture = KittyPicture.of(noise(40, 40), (4, 2))
    ledger, terminal = Ledger(), Kitty()
    assert terminal.read(picture.piece(Patch(1, 1, 3, 2), (9, 9), ledger)) == [(picture.number, 1, 1), (picture.number, 2, 1)]
    assert terminal.read(picture.piece(row(0, 4), (9, 9), ledger)) == [(picture.number, column, 0) for column in range(4)]


def test_what_is_unchanged_is_not_sent_again_and_what_is_old_goes() -> None:
    ledger, terminal = Ledger(limit=3), Kitty()
    pictures = [KittyPicture.of(noise(20, 20, seed), (2, 1)) for seed in range(5)]
    for picture in pictures:
        terminal.read(picture.piece(row(0, 2), (0, 0), ledger))
    assert set(terminal.pictures) == {picture.number for picture in pictures[2:]}
    before = terminal.commands
    again = KittyPicture.of(noise(20, 20, 3), (2, 1))
    terminal.read(again.piece(row(0, 2), (0, 0), ledger))
    assert terminal.commands == before
    terminal.read(ledger.clear())
    assert terminal.pictures == {}
    terminal.read(again.piece(row(0, 2), (0, 0), ledger))
    assert set(terminal.pictures) == {again.number}


def test_two_pictures_of_one_number_are_told_apart() -> None:
    ledger = Ledger()
    assert ledger.first(5, b"one", lambda: "send", "gone") == "send"
    assert ledger.first(5, b"two", lambda: "send", "gone") == "send"
    assert ledger.first(5, b"two", lambda: "send", "gone") == ""


def test_numbers_fit_where_there_are_256_colours() -> None:
    for seed in range(30):
        number = KittyPicture.of(noise(4, 4, seed), (1, 1)).number
        assert 1 <= number & 255 <= 255
        assert 1 <= number >> 24 <= 255
        assert number & 0x00FFFF00 == 0


def test_marks_are_the_protocol_s() -> None:
    assert len(DIACRITICS) == 297
    assert (DIACRITICS[0], DIACRITICS[1], DIACRITICS[2], DIACRITICS[296]) == ("\u0305", "\u030d", "\u030e", "\U0001d244")
    assert cell_len(PLACEHOLDER) == 1
    assert not any(cell_len(mark) for mark in DIACRITICS)
