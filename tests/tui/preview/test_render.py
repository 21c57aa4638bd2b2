"""Frames, character by character and colour by colour."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from backend.export.palette import colour_of
from backend.scene import Box, Box3D, Finding, Point
from tests.tui.preview.pictures import picture, plain
from tui.preview.canvas import Frame, packed
from tui.preview.capabilities import Capabilities
from tui.preview.render import render

FULL = Capabilities()
NO_COLOUR = Capabilities(colour=False)
BARE = Capabilities(colour=False, unicode=False)
RED, BLUE, WHITE, BLACK = (255, 0, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)


def colours(frame: Frame) -> list[list[tuple[int | None, int | None]]]:
    """Foreground and background of every cell."""
    return [[(run.foreground, run.background) for run in row for _ in range(cell_len(run.text))] for row in frame.rows]


def test_a_half_block_holds_two_pixels() -> None:
    frame = render(picture([[RED, WHITE], [BLUE, BLACK]]), (), 2, 1, FULL)
    assert frame.text() == "▀▀"
    assert colours(frame) == [[(0xFF0000, 0x0000FF), (0xFFFFFF, 0x000000)]]


def test_neighbouring_cells_of_one_style_are_one_run() -> None:
    frame = render(plain(40, 40), (), 40, 20, FULL)
    assert [len(row) for row in frame.rows] == [1] * 20


def test_without_colour_brightness_becomes_a_character() -> None:
    grey = [tuple([level] * 3) for level in (0, 60, 130, 200, 255)]
    frame = render(picture([[(v[0], v[1], v[2]) for v in grey]] * 2), (), 5, 1, BARE)
    assert frame.text() == " :+#@"
    assert {cell for row in colours(frame) for cell in row} == {(None, None)}


def test_a_box_with_its_label() -> None:
    frame = render(plain(100, 100, BLACK), (Box(20, 20, 80, 80, "star"),), 20, 10, NO_COLOUR)
    assert frame.text().splitlines() == [
        "                    ",
        "    [1 star]        ",
        "    ┌──────────┐    ",
        "    │          │    ",
        "    │          │    ",
        "    │          │    ",
        "    │          │    ",
        "    └──────────┘    ",
        "                    ",
        "                    ",
    ]


def test_a_box_in_ascii_is_ascii() -> None:
    frame = render(plain(100, 100, WHITE), (Box(20, 20, 80, 80, "star"), Point(50, 50)), 20, 10, BARE)
    assert frame.text().isascii()
    assert "+----------+" in frame.text()
    assert "o" in frame.text()


def test_a_chip_stands_on_the_colour_of_its_finding() -> None:
    frame = render(plain(100, 100), (Box(20, 20, 80, 80, "star"),), 20, 10, FULL)
    chip = next(run for row in frame.rows for run in row if "1 star" in run.text)
    assert chip.background == packed(colour_of(0))
    assert chip.bold


def test_a_selected_box_is_heavy_and_the_rest_is_darker() -> None:
    boxes = (Box(10, 10, 40, 40, "a"), Box(60, 60, 90, 90, "b"))
    frame = render(plain(100, 100), boxes, 40, 20, FULL, frozenset((1,)))
    assert "┏" in frame.text()
    assert "┌" in frame.text()
    cells = colours(frame)
    assert cells[19][0] == (0x2D3C4B, 0x2D3C4B)
    assert cells[15][30] == (0x5A7896, 0x5A7896)


def test_a_wide_label_takes_two_cells_a_character() -> None:
    frame = render(plain(200, 100), (Box(20, 40, 180, 90, "红色圆形"),), 40, 10, FULL)
    assert "1 红色圆形" in frame.text()
    assert all(cell_len(line) == 40 for line in frame.text().splitlines())


def test_a_solid_box_is_drawn_in_dots() -> None:
    solid = Box3D((0.0, 0.0, 4.0), (2.0, 2.0, 2.0), 0.0, 0.4, 0.0, "box")
    frame = render(plain(400, 300), (solid,), 60, 24, FULL)
    assert any(0x2800 < ord(character) <= 0x28FF for character in frame.text())
    bare = render(plain(400, 300, WHITE), (solid,), 60, 24, BARE)
    assert bare.text().isascii()
    assert "|" in bare.text()


def test_a_solid_box_behind_the_camera_keeps_its_number() -> None:
    solid = Box3D((0.0, 0.0, -4.0), (1.0, 1.0, 1.0), 0.0, 0.0, 0.0, "gone")
    assert "1 gone" in render(plain(400, 300), (solid,), 60, 24, FULL).text()


def test_labels_cannot_act_on_the_terminal() -> None:
    frame = render(plain(400, 100), (Box(10, 40, 390, 90, "a\x1b[31m\n[red]b"),), 60, 10, FULL)
    assert "\x1b" not in frame.text()
    assert "[red]b" in frame.text()


coordinate = st.floats(-200, 900, allow_nan=False)
label = st.text(max_size=12)
finding: st.SearchStrategy[Finding] = st.one_of(
    st.builds(
        lambda x1, y1, x2, y2, name: Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2), name),
        coordinate,
        coordinate,
        coordinate,
        coordinate,
        label,
    ),
    st.builds(Point, coordinate, coordinate, label),
    st.builds(
        lambda x, y, z, size, yaw, name: Box3D((x, y, z), (size, size, size), 0.0, yaw, 0.0, name),
        st.floats(-5, 5),
        st.floats(-5, 5),
        st.floats(-2, 9),
        st.floats(0, 3),
        st.floats(-3, 3),
        label,
    ),
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(finding, max_size=12),
    st.integers(1, 90),
    st.integers(1, 40),
    st.sampled_from((FULL, NO_COLOUR, BARE, Capabilities(colour=True, unicode=False))),
    st.sets(st.integers(0, 12), max_size=3),
)
def test_every_row_of_every_frame_is_exactly_as_wide_as_asked(
    findings: list[Finding], columns: int, rows: int, capabilities: Capabilities, selected: set[int]
) -> None:
    frame = render(plain(640, 480), tuple(findings), columns, rows, capabilities, frozenset(selected))
    assert len(frame.rows) == rows
    for row in frame.rows:
        assert sum(cell_len(run.text) for run in row) == columns
