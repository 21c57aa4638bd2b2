"""The view from above in cells, with and without colour and Unicode."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from backend.export.palette import colour_of
from backend.scene import Box, Box3D, Finding
from backend.spatial.camera import Camera
from tui.preview.canvas import packed
from tui.preview.capabilities import Capabilities
from tui.preview.from_above import UNIT, draw_plan, has_solids

CAMERA = Camera.from_hfov(640, 480)
FULL, BARE = Capabilities(), Capabilities(colour=False, unicode=False)
NO_COLOUR = Capabilities(colour=False)
ROW: tuple[Finding, ...] = tuple(
    Box3D((x, 0.8, 6), (1.4, 0.8, 1.4), 0, 0, 0, f"box {n}", id=f"s{n}") for n, x in enumerate((-1, 1), 1)
)
NONE: frozenset[int] = frozenset()


def test_there_must_be_something_to_see() -> None:
    assert has_solids(ROW)
    assert not has_solids((Box(0, 0, 1, 1),))
    assert not has_solids(())


@pytest.mark.parametrize("capabilities", [FULL, NO_COLOUR, BARE, Capabilities(colour=True, unicode=False)])
def test_footprints_metres_and_whose_they_are(capabilities: Capabilities) -> None:
    text = draw_plan(ROW, CAMERA, (60, 30), NONE, capabilities).text()
    lines = text.splitlines()
    assert UNIT in lines[-1]
    assert {"-2", "0", "2"} <= set(lines[-2].split())
    assert "1 box 1" in text
    assert "2 box 2" in text
    assert text.isascii() != capabilities.unicode
    left, right = text.index("1 box 1") % 61, text.index("2 box 2") % 61
    assert left < right
    assert any(line.rstrip().endswith(" 2") or "2" in line[30:] for line in lines[10:24]), "the distance 2 m"


def test_the_camera_stands_below_in_the_middle_and_the_wedge_opens_upwards() -> None:
    lines = draw_plan(ROW, CAMERA, (60, 30), NONE, BARE).text().splitlines()
    camera = next(n for n, line in enumerate(lines) if "^" in line)
    assert abs(lines[camera].index("^") - 30) <= 2
    widths = [line.rindex("/") - line.index("\\") for line in lines[camera - 6 : camera - 1] if "\\" in line and "/" in line]
    assert len(widths) >= 3
    assert widths == sorted(widths, reverse=True)


def test_colours_are_those_of_the_findings() -> None:
    mixed = (Box(0, 0, 9, 9, "rug"), *ROW)
    frame = draw_plan(mixed, CAMERA, (60, 30), NONE, FULL)
    backgrounds = {run.background for row in frame.rows for run in row if "box" in run.text}
    assert backgrounds == {packed(colour_of(1)), packed(colour_of(2))}
    assert "rug" not in frame.text()


def test_what_is_selected_is_bold() -> None:
    def bold(selected: frozenset[int]) -> set[int | None]:
        frame = draw_plan(ROW, CAMERA, (60, 30), selected, FULL)
        return {run.foreground for row in frame.rows for run in row if run.bold and run.text.strip() and not run.background}

    assert packed(colour_of(1)) not in bold(NONE)
    assert packed(colour_of(1)) in bold(frozenset({1}))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            Box3D,
            st.tuples(*[st.floats(-1e5, 1e5)] * 3),
            st.tuples(*[st.floats(1e-6, 1e5)] * 3),
            *[st.floats(-9, 9)] * 3,
            st.text(max_size=9),
        ),
        max_size=4,
    ),
    st.integers(1, 90),
    st.integers(1, 40),
    st.sampled_from([FULL, NO_COLOUR, BARE]),
)
def test_every_row_is_exactly_as_wide_as_asked(boxes: list[Box3D], columns: int, rows: int, capabilities: Capabilities) -> None:
    frame = draw_plan(tuple(boxes), CAMERA, (columns, rows), frozenset({0}), capabilities)
    assert len(frame.rows) == rows
    for row in frame.rows:
        assert sum(cell_len(run.text) for run in row) == columns
