"""What stands in a picture's place, in pixels of the screen: a page from above, a place's map, a film's frames."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.export import fonts
from backend.export.ground_page import DARK, LIGHT, Paper
from backend.export.palette import colour_of
from backend.scene import Box, Box3D, Finding
from backend.spatial.camera import Camera
from backend.spatial.place_plan import merged
from tests.tui.preview.decoders import Kitty, Pixels, sixel
from tests.tui.preview.pictures import plain
from tui.preview.capabilities import Capabilities
from tui.preview.from_above import UNIT, FromAbove
from tui.preview.gallery import Gallery
from tui.preview.job import Signature, Superseded
from tui.preview.kitty import KittyPicture
from tui.preview.pixels import PixelFrame
from tui.preview.place_sheet import PlaceSheet
from tui.preview.sheets import draw_sheet
from tui.preview.sixel import SixelPicture
from tui.preview.timeline import ContactSheet
from tui.preview.views import Sheet, View

KITTY, SIXEL = Capabilities(graphics="kitty"), Capabilities(graphics="sixel")
NONE: frozenset[int] = frozenset()
SIZE = 60, 30
ROW: tuple[Finding, ...] = (
    Box(0, 0, 9, 9, "rug"),
    Box3D((-1, 0.8, 6), (1.4, 0.8, 1.4), 0, 0, 0, "cup"),
    Box3D((1, 0.8, 6), (1.4, 0.8, 1.4), 0, 0, 0, "pot"),
)
ABOVE = FromAbove(ROW, Camera.from_hfov(640, 480))
PLACE = PlaceSheet(merged([("one.png", [one for one in ROW if isinstance(one, Box3D)], None, (640, 480))]))
FRAMES = ContactSheet(tuple(plain(160, 90, (40 * n, 0, 200)) for n in range(6)))
SHEETS = pytest.mark.parametrize("sheet", [ABOVE, PLACE, FRAMES])


def wanted_by_all() -> None:
    """Nobody gives it up."""


def shown(sheet: Sheet, capabilities: Capabilities, selected: frozenset[int] = NONE) -> Pixels:
    frame = draw_sheet(sheet, SIZE, capabilities, selected, wanted_by_all)
    assert isinstance(frame, PixelFrame)
    if isinstance(frame.pixels, SixelPicture):
        return sixel(frame.pixels.whole)
    assert isinstance(frame.pixels, KittyPicture)
    terminal = Kitty()
    terminal.read(frame.pixels.transmission())
    return terminal.pictures[frame.pixels.number]


def amount(pixels: Pixels, colour: tuple[int, int, int], reach: int = 12) -> int:
    """How many pixels have nearly that colour."""
    return int((np.abs(pixels - np.array(colour)).max(-1) <= reach).sum())


@SHEETS
@pytest.mark.parametrize("capabilities", [KITTY, SIXEL])
def test_every_pixel_of_the_screen_is_used(sheet: Sheet, capabilities: Capabilities) -> None:
    pixels = shown(sheet, capabilities)
    assert pixels.shape == (600, 600, 3)
    assert (pixels >= 0).all()
    assert amount(pixels, DARK.page) > 60_000


@SHEETS
def test_its_cells_are_those_of_a_terminal_without_pixels(sheet: Sheet) -> None:
    fine, coarse = (draw_sheet(sheet, SIZE, one, NONE, wanted_by_all) for one in (KITTY, Capabilities()))
    assert not isinstance(coarse, PixelFrame)
    assert fine.rows == coarse.rows


@pytest.mark.parametrize("sheet", [ABOVE, PLACE])
@pytest.mark.parametrize("capabilities", [KITTY, SIXEL])
def test_things_have_their_colours_and_those_that_are_selected_more_of_it(sheet: Sheet, capabilities: Capabilities) -> None:
    first = 1 if sheet is ABOVE else 0
    before, after = shown(sheet, capabilities), shown(sheet, capabilities, frozenset({first + 1}))
    for index in (first, first + 1):
        assert amount(before, colour_of(index)) > 300
    assert amount(before, colour_of(first + 2)) == 0
    assert amount(after, colour_of(first + 1)) > 1.1 * amount(before, colour_of(first + 1))
    left, right = (
        np.nonzero(np.abs(before - np.array(colour_of(index))).max(-1) <= 12)[1].mean() for index in (first, first + 1)
    )
    assert left + 60 < right


@pytest.mark.parametrize(("light", "paper"), [(False, DARK), (True, LIGHT)])
def test_the_paper_goes_with_the_terminal(light: bool, paper: Paper) -> None:
    assert tuple(shown(ABOVE, Capabilities(graphics="kitty", light=light))[2, 2]) == paper.page


def test_small_frames_lie_where_their_cells_lie() -> None:
    pixels = shown(FRAMES, KITTY)
    cells = draw_sheet(FRAMES, SIZE, Capabilities(), NONE, wanted_by_all)
    for row in range(30):
        column = 0
        for run in cells.rows[row]:
            if run.text.startswith("▀"):
                middle = pixels[20 * row + 10, 10 * column + 5 * len(run.text)]
                assert run.foreground == int(middle[0]) << 16 | int(middle[1]) << 8 | int(middle[2])
            column += len(run.text)


def test_without_a_font_for_its_words_it_stays_in_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "folders", tuple)
    chinese = FromAbove((Box3D((0, 0.8, 6), (1.4, 0.8, 1.4), 0, 0, 0, "杯子"),), ABOVE.camera)
    frame = draw_sheet(chinese, SIZE, KITTY, NONE, wanted_by_all)
    assert not isinstance(frame, PixelFrame)
    assert "1 杯子" in frame.text()
    assert isinstance(draw_sheet(ABOVE, SIZE, KITTY, NONE, wanted_by_all), PixelFrame)


@SHEETS
@pytest.mark.parametrize("size", [(1, 1), (3, 2), (12, 4), (200, 3), (5, 60)])
def test_without_room_nothing_breaks(sheet: Sheet, size: tuple[int, int]) -> None:
    for capabilities in (KITTY, SIXEL):
        frame = draw_sheet(sheet, size, capabilities, NONE, wanted_by_all)
        assert (frame.width, frame.height) == size


@SHEETS
def test_it_can_be_given_up(sheet: Sheet) -> None:
    def unwanted() -> None:
        raise Superseded

    with pytest.raises(Superseded):
        draw_sheet(sheet, SIZE, KITTY, NONE, unwanted)


def test_it_is_drawn_once_and_kept_by_protocol(tmp_path: Path) -> None:
    path = tmp_path / "one.png"
    Image.new("RGB", (64, 48)).save(path)
    gallery = Gallery()
    again = PlaceSheet(merged([("one.png", [one for one in ROW if isinstance(one, Box3D)], None, (640, 480))]))
    for view, studies in ((View.ABOVE, (None, None)), (View.MAP, (PLACE, again))):
        for capabilities, kind in ((KITTY, KittyPicture), (SIXEL, SixelPicture)):
            first, second = (
                gallery.frame(Signature(path, *SIZE, ROW, NONE, capabilities, view=view, study=study))[0] for study in studies
            )
            assert second is first
            assert isinstance(first, PixelFrame)
            assert isinstance(first.pixels, kind)
            assert UNIT in first.text()
