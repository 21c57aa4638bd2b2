"""Labels keep inside the picture, and out of each other's way where there is room."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

from backend.export.chips import Label, arranged, shortened
from backend.export.palette import COLOURS
from backend.export.strokes import Rect


def font(size: int = 12) -> FreeTypeFont:
    own = ImageFont.load_default(size)
    assert isinstance(own, FreeTypeFont)
    return own


def label(text: str, *anchor: float) -> Label:
    left, top, right, bottom = anchor
    return Label(text, font(), COLOURS[0], (left, top, right, bottom))


def overlap(a: Rect, b: Rect) -> float:
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))


def test_a_label_sits_on_top_of_its_box_flush_left() -> None:
    for shift in (0, 0.3, 0.7):
        ((_, place),) = arranged([label("cup", 100, 100 + shift, 200, 200)], (640, 480))
        assert (place[0], place[3]) == (100, round(100 + shift))


def test_at_the_upper_edge_it_moves_below_rather_than_over_the_thing() -> None:
    ((_, place),) = arranged([label("cup", 100, 0, 160, 50)], (640, 480))
    assert place[1] == 50


def test_in_a_box_that_fills_the_picture_it_sits_in_the_corner() -> None:
    ((_, place),) = arranged([label("table", 0, 0, 640, 480)], (640, 480))
    assert place[:2] == (0, 0)


def test_a_label_larger_than_the_picture_is_left_out() -> None:
    assert arranged([label("cup", 0, 0, 8, 8)], (8, 8)) == []


def test_a_crowd_of_labels_does_not_overlap_where_there_is_room() -> None:
    rng = random.Random(7)
    spots = [(80 * column + rng.randrange(20), 90 * row + rng.randrange(20)) for column in range(8) for row in range(5)]
    places = [place for _, place in arranged([label("person", x, y, x + 40, y + 50) for x, y in spots], (700, 520))]
    assert len(places) == 40
    assert all(overlap(a, b) == 0 for i, a in enumerate(places) for b in places[:i])


@given(st.lists(st.tuples(*[st.floats(0, 300)] * 4), max_size=12))
def test_every_label_is_inside_the_picture(corners: list[tuple[float, float, float, float]]) -> None:
    labels = [label("thing", min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in corners]
    for _, (left, top, right, bottom) in arranged(labels, (300, 300)):
        assert 0 <= left < right <= 300
        assert 0 <= top < bottom <= 300


def test_a_long_text_is_cut_to_the_width() -> None:
    text = shortened("a very long label that goes on", font(), 80)
    assert text.endswith("…")
    assert font().getlength(text) < 80
    assert shortened("cup", font(), 80) == "cup"
    assert shortened("cup", font(), 3) == ""
