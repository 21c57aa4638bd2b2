"""Where labels go when there is little room."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from tui.preview.chips import Chip, place_chips
from tui.preview.geometry import CellBox, Fit

FIT = Fit.into(640, 480, 60, 24)


def chip(number: int, left: int, top: int, right: int, bottom: int, label: str = "red circle") -> Chip:
    return Chip(number, label, CellBox(left, top, right, bottom), 0xFF0000)


def test_a_label_stands_above_its_box() -> None:
    (placed,) = place_chips(FIT, (chip(1, 10, 10, 30, 20),), colour=True)
    assert (placed.column, placed.row, placed.text) == (10, 9, " 1 red circle ")


def test_at_the_top_of_the_picture_it_moves_onto_the_edge() -> None:
    (placed,) = place_chips(FIT, (chip(1, 10, FIT.top, 40, 20),), colour=True)
    assert (placed.column, placed.row) == (11, FIT.top)


def test_at_the_right_edge_it_is_moved_in() -> None:
    (placed,) = place_chips(FIT, (chip(1, 55, 10, 58, 12),), colour=True)
    assert placed.column + len(placed.text) == FIT.left + FIT.columns


def test_a_label_gives_way_to_another_finding() -> None:
    below = chip(1, 20, 10, 24, 12)
    above = chip(2, 18, 6, 30, 9)
    placed = {one.chip.number: one for one in place_chips(FIT, (below, above), colour=True)}
    assert placed[1].row == 13


def test_of_two_findings_in_one_place_both_labels_stay_near() -> None:
    placed = place_chips(FIT, (chip(1, 20, 10, 40, 18), chip(2, 20, 10, 40, 18)), colour=True)
    assert len(placed) == 2
    assert all(15 <= one.column <= 41 and 9 <= one.row <= 19 for one in placed)


def test_where_there_is_no_room_for_the_name_the_number_remains() -> None:
    narrow = Fit.into(10, 100, 4, 20)
    (placed,) = place_chips(narrow, (Chip(7, "red circle", CellBox(0, 5, 3, 9), None),), colour=True)
    assert placed.text.strip() == "7"


def test_a_long_name_is_cut_visibly() -> None:
    (placed,) = place_chips(FIT, (chip(1, 5, 10, 30, 20, "an exceedingly long description of a thing"),), colour=True)
    assert placed.text.rstrip().endswith("…")
    assert len(placed.text) <= 33


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 59), st.integers(0, 23), st.integers(0, 20), st.integers(0, 10), st.text(max_size=20)),
        max_size=25,
    )
)
def test_chips_never_overlap_and_stay_in_the_picture(boxes: list[tuple[int, int, int, int, str]]) -> None:
    chips = tuple(
        chip(number, left, top, min(59, left + width), min(23, top + height), label)
        for number, (left, top, width, height, label) in enumerate(boxes, 1)
    )
    placed = place_chips(FIT, chips, colour=True)
    assert all(FIT.holds(column, row) for one in placed for column, row in one.cells)
    assert all(one.cells.isdisjoint(other.cells) for one, other in combinations(placed, 2))
