"""Quadrants and braille, and back to pixels."""

from __future__ import annotations

import pytest

from backend.scene import Box
from tests.tui.preview.pictures import Rgb, picture, plain
from tui.preview.canvas import Frame, unpacked
from tui.preview.capabilities import Capabilities
from tui.preview.render import render

QUADRANTS = Capabilities(graphics="quadrants")
BRAILLE = Capabilities(colour=False)
RED, BLUE, WHITE, BLACK = (255, 0, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)
_QUARTERS = dict(zip(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█", range(16), strict=True))


def pixels_of(frame: Frame) -> list[list[Rgb]]:
    """Quadrants as a terminal shows them: two rows of two pixels a cell."""
    rows: list[list[Rgb]] = []
    for runs in frame.rows:
        upper: list[Rgb] = []
        lower: list[Rgb] = []
        for run in runs:
            assert run.foreground is not None
            assert run.background is not None
            for character in run.text:
                lit = _QUARTERS[character]
                four = [unpacked(run.foreground if lit >> bit & 1 else run.background) for bit in range(4)]
                upper += four[:2]
                lower += four[2:]
        rows += [upper, lower]
    return rows


@pytest.mark.parametrize("shown", [[[RED, BLUE], [BLUE, RED]], [[RED, RED], [RED, BLUE]], [[BLUE] * 2] * 2, [[RED, BLUE]] * 2])
def test_two_colours_come_back_as_they_were(shown: list[list[Rgb]]) -> None:
    assert pixels_of(render(picture(shown), (), 1, 1, QUADRANTS)) == shown


def test_of_more_colours_the_nearest_share_their_mean() -> None:
    frame = render(picture([[(250, 0, 0), (240, 0, 0)], [(0, 0, 250), (0, 0, 240)]]), (), 1, 1, QUADRANTS)
    assert pixels_of(frame) == [[(245, 0, 0)] * 2, [(0, 0, 245)] * 2]


def test_cells_lie_where_their_pixels_are() -> None:
    frame = render(picture([[RED] * 4 + [BLUE] * 4] * 8), (), 4, 2, QUADRANTS)
    assert pixels_of(frame) == [[RED] * 4 + [BLUE] * 4] * 4


def test_an_outline_on_quadrants_has_a_casing_of_the_picture() -> None:
    frame = render(plain(100, 100), (Box(20, 20, 80, 80, "star"),), 40, 20, QUADRANTS)
    corner = next(run for row in frame.rows for run in row if "┌" in run.text)
    assert corner.background not in (None, 0x5A7896)


def test_braille_is_dark_where_the_picture_is() -> None:
    frame = render(picture([[BLACK] * 8 + [WHITE] * 8] * 8), (), 8, 2, BRAILLE)
    assert frame.text() == "    ⣿⣿⣿⣿\n" * 1 + "    ⣿⣿⣿⣿"
    assert {run.foreground for row in frame.rows for run in row} == {None}
    light = Capabilities(colour=False, light=True)
    assert render(picture([[BLACK] * 8 + [WHITE] * 8] * 8), (), 8, 2, light).text() == "⣿⣿⣿⣿    \n⣿⣿⣿⣿    "


def test_braille_dithers_what_lies_between() -> None:
    frame = render(plain(400, 400, (128, 128, 128)), (), 20, 10, BRAILLE)
    dots = sum(bin(ord(character) - 0x2800).count("1") for character in frame.text() if character not in " \n")
    assert 0.45 < dots / (20 * 10 * 8) < 0.55


def test_a_finding_keeps_its_label_in_braille() -> None:
    assert "[1 star]" in render(plain(100, 100), (Box(20, 20, 80, 80, "star"),), 40, 20, BRAILLE).text()
