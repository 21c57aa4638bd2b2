"""The film as a line of cells, sign by sign, and the way back from a cell to a time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.preview.pictures import plain
from tui.preview.capabilities import Capabilities
from tui.preview.timeline import ContactSheet, FilmLine, draw_thumbs, draw_timeline, spread, thumb_size

ASCII = Capabilities(colour=False, unicode=False)
LINE = FilmLine(
    10.0,
    time=5.0,
    cuts=(2.5,),
    moments=((7.5, None),),
    events=((1.25, 3),),
    shown=(0.0, 2.5, 5.0, 7.5, 10.0),
)


def test_all_signs_stand_at_their_times() -> None:
    assert draw_timeline(LINE, 41, ASCII).text().splitlines() == [
        "     *                        v          ",
        "----------|---------#--------------------",
        "'         '         '         '         '",
    ]
    assert draw_timeline(LINE, 41, Capabilities()).text().splitlines() == [
        "     •                        ▼          ",
        "──────────┃─────────█────────────────────",
        "╵         ╵         ╵         ╵         ╵",
    ]


def test_the_part_that_is_asked_about_is_set_off() -> None:
    line = FilmLine(10.0, part=(2.5, 7.5))
    assert draw_timeline(line, 41, ASCII).text().splitlines()[1] == "#.........[-------------------].........."
    assert draw_timeline(replace(line, part=(2.5, None)), 41, ASCII).text().splitlines()[1].endswith("--]")


@given(st.floats(0.01, 10_000), st.integers(2, 300), st.data())
def test_a_cell_leads_back_to_a_time_within_it(last: float, columns: int, data: st.DataObject) -> None:
    line = FilmLine(last)
    column = data.draw(st.integers(0, columns - 1))
    time = line.time_at(column, columns)
    assert 0 <= time <= last
    assert line.column(time, columns) == column


def test_times_beyond_the_film_are_its_ends() -> None:
    line = FilmLine(10.0)
    assert [line.column(time, 11) for time in (-3, 99)] == [0, 10]
    assert [line.time_at(column, 11) for column in (-3, 99)] == [0.0, 10.0]
    assert FilmLine(0.0).column(0.0, 11) == 0


@pytest.mark.parametrize("columns", [8, 9, 40, 77])
def test_small_frames_fill_the_row_from_end_to_end(columns: int) -> None:
    frames = [plain(40, 30, (10 * n, 0, 0)) for n in range(9)]
    count, wide = thumb_size(columns, 3, 40, 30)
    assert count * (wide + 1) - 1 <= max(columns, wide)
    frame = draw_thumbs(frames, columns, 3, Capabilities())
    assert (frame.width, frame.height) == (columns, 3)
    assert [picture.rgb[0] for picture in spread(frames, 3)] == [0, 40, 80]


def test_the_sheet_holds_all_frames_with_their_times() -> None:
    frames = tuple(replace(plain(40, 30), time=n / 2) for n in range(12))
    text = ContactSheet(frames).frame((80, 30), ASCII, frozenset()).text()
    assert all(f"00:0{n // 2}.{n % 2 * 5}0" in text for n in range(12))
    assert ContactSheet(()).frame((80, 30), ASCII, frozenset()).text().strip() == ""
    assert ContactSheet(frames).frame((9, 3), ASCII, frozenset()).height == 3
