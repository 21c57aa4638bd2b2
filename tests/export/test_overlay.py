"""What is drawn, where, and in which colour; looked at pixel by pixel where that says something."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from backend.export import fonts
from backend.export.drawn import drawn_of
from backend.export.originals import Originals
from backend.export.overlay import draw
from backend.export.palette import CASING, COLOURS, colour_of
from backend.scene import Box, Box3D, Finding, Picture, Point
from backend.spatial.camera import Camera
from tests.export.answers import answer, plain_at
from tests.export.canvases import plain


def colours(image: Image.Image) -> set[tuple[int, ...]]:
    data = image.tobytes()
    return set(zip(data[0::3], data[1::3], data[2::3], strict=True))


def changed(picture: Picture, image: Image.Image) -> tuple[int, int, int, int] | None:
    """The rectangle within which the drawing differs from the picture."""
    return ImageChops.difference(image, Image.frombytes("RGB", picture.stored_size, picture.rgb)).getbbox()


def test_without_findings_the_picture_is_untouched() -> None:
    picture = plain(64, 48)
    assert draw(picture, []).tobytes() == picture.rgb


def test_a_boxs_line_ends_where_the_box_ends_and_has_a_casing() -> None:
    image = draw(plain(640, 480), [Box(100, 100, 300, 250)])
    assert image.getpixel((100, 175)) == image.getpixel((299, 175)) == COLOURS[0]
    assert image.getpixel((99, 175)) == image.getpixel((300, 175)) == CASING
    assert image.getpixel((200, 175)) == (128, 128, 128)


def test_a_finding_has_one_colour_in_whichever_of_the_answers_pictures_it_is(tmp_path: Path) -> None:
    refs = [plain_at(tmp_path / name, (200, 150)) for name in ("one.png", "two.png")]
    boxes = [Box(20, 20, 80, 80, picture=0, id="b1"), Box(20, 20, 80, 80, picture=1, id="b2")]
    for place in (0, 1):
        image = drawn_of(answer(refs, boxes), place, Originals())
        assert image.getpixel((20, 50)) == colour_of(place)
        assert colour_of(1 - place) not in colours(image)


def test_findings_take_the_palettes_colours_in_turn() -> None:
    boxes = [Box(60 * i + 20, 100, 60 * i + 60, 140) for i in range(9)]
    image = draw(plain(640, 480), boxes)
    for index, box in enumerate(boxes):
        assert image.getpixel((round(box.x1), 120)) == colour_of(index)


def test_a_point_is_a_ring_around_it() -> None:
    picture = plain(640, 480)
    image = draw(picture, [Point(320, 240)])
    assert image.getpixel((320, 240)) == COLOURS[0]
    left, _, right, _ = changed(picture, image) or (0, 0, 0, 0)
    assert 10 < right - left < 40
    assert left < 320 < right


def test_a_solid_box_is_a_wireframe_seen_through_the_camera() -> None:
    picture = plain(800, 600)
    solid = Box3D((0, 0, 4), (2, 2, 2), 0, 0, 0, "crate")
    image = draw(picture, [solid], Camera(800, 600, 400, 400, 300))
    for x, y in ((400 - 133, 300), (400 + 133, 300), (400, 300 - 133), (480, 300), (400, 380)):  # near face, then far face
        around = image.crop((x - 3, y - 3, x + 4, y + 4))
        assert COLOURS[0] in colours(around)
    assert image.getpixel((400, 300)) == (128, 128, 128)
    wider = draw(picture, [solid])  # 60° across unless told otherwise
    assert wider.tobytes() != image.tobytes()


def test_without_a_camera_that_of_the_picture_is_taken() -> None:
    solid = [Box3D((0, 0, 4), (2, 2, 2), 0, 0, 0, "crate")]
    phone = replace(plain(800, 600), focal_35mm=26.0)  # √(800² + 600²) = 1000: f = 26 · 1000 / 43.2666 = 600.9 px
    given = draw(plain(800, 600), solid, Camera.from_exif35(26, 800, 600))
    assert draw(phone, solid).tobytes() == given.tobytes() != draw(plain(800, 600), solid).tobytes()


def test_a_solid_box_behind_the_camera_leaves_no_trace() -> None:
    picture = plain(80, 60)
    assert draw(picture, [Box3D((0, 0, -9), (1, 1, 1), 0, 0, 0, "ghost")]).tobytes() == picture.rgb


def test_of_a_reduced_picture_boxes_fall_on_the_stored_pixels() -> None:
    reduced = replace(plain(640, 480), width=6400, height=4800, stored_width=640, stored_height=480)
    image = draw(reduced, [Box(1000, 1000, 3000, 2500)])
    assert image.size == (640, 480)
    assert image.getpixel((100, 175)) == image.getpixel((299, 175)) == COLOURS[0]


def test_a_label_no_font_can_write_is_replaced_by_the_id(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fonts, "folders", lambda: (tmp_path,))  # a system without any fonts: Pillow's own remains
    chinese = draw(plain(640, 480), [Box(100, 100, 300, 250, "红色圆形", id="b1")])
    named = draw(plain(640, 480), [Box(100, 100, 300, 250, "b1", id="b1")])
    assert chinese.tobytes() == named.tobytes()


def test_labels_are_data() -> None:
    hostile = draw(plain(640, 480), [Box(100, 100, 300, 250, "\x1b[31mcup\n\u202e")])
    spelled = draw(plain(640, 480), [Box(100, 100, 300, 250, "\\e[31mcup\\n\\u202e")])
    assert hostile.tobytes() == spelled.tobytes()


def test_equal_labels_are_told_apart_by_their_ids() -> None:
    one, other = Box(20, 100, 200, 250, "cup", id="b1"), Box(320, 100, 500, 250, "cup", id="b2")
    pair = draw(plain(640, 480), [one, other])
    written_out = draw(plain(640, 480), [replace(one, label="cup b1"), replace(other, label="cup b2")])
    assert pair.tobytes() == written_out.tobytes()


numbers = st.floats(-1e5, 1e5)
findings = st.one_of(
    st.builds(lambda a, b, c, d, t: Box(min(a, c), min(b, d), max(a, c), max(b, d), t), *[numbers] * 4, st.text(max_size=30)),
    st.builds(Point, numbers, numbers, st.text(max_size=30)),
    st.builds(
        Box3D,
        st.tuples(*[st.floats(-20, 20)] * 3),
        st.tuples(*[st.floats(0, 20)] * 3),
        *[st.floats(-7, 7)] * 3,
        st.text(max_size=30),
    ),
)


@settings(max_examples=40)
@given(st.sampled_from([(1, 1), (3, 200), (400, 4), (160, 120)]), st.lists(findings, max_size=6))
def test_anything_can_be_drawn_on_any_picture(size: tuple[int, int], things: list[Finding]) -> None:
    assert draw(plain(*size), things).size == size
