"""The page from above, pixel by pixel where that says something."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from backend.errors import UsageError
from backend.export import topdown
from backend.export.palette import COLOURS
from backend.export.topdown import draw_topdown, save_topdown
from backend.scene import Box, Box3D
from backend.spatial.camera import Camera
from backend.spatial.topdown import plan

CAMERA = Camera.from_hfov(640, 480)
ROW = [Box3D((x, 0.8, 5), (1, 0.8, 1), 0, 0, 0, f"box {x}", id=f"s{x}") for x in (-1, 1)]


def at(x: float, z: float) -> tuple[int, int]:
    """Where a spot of the row's scene is on its page."""
    page = plan(ROW, CAMERA)
    across, down = page.at((x, z), topdown._LONGER_SIDE / max(page.width, page.depth))
    return round(across) + topdown._MARGIN, round(down) + topdown._MARGIN


def near(image: Image.Image, spot: tuple[int, int], colour: tuple[int, ...], reach: int = 4) -> bool:
    x, y = spot
    around = image.crop((x - reach, y - reach, x + reach + 1, y + reach + 1)).tobytes()
    return colour in set(zip(around[0::3], around[1::3], around[2::3], strict=True))


def test_footprints_lie_where_the_boxes_stand_in_the_colours_of_the_picture() -> None:
    image = draw_topdown(ROW, CAMERA)
    for colour, x in zip(COLOURS, (-1, 1), strict=False):
        assert near(image, at(x - 0.5, 5), colour)
        assert near(image, at(x, 4.5), colour)
        assert not near(image, at(x, 5), colour)
    assert not near(image, at(0, 5), COLOURS[0])


def test_the_wedge_is_what_the_camera_sees() -> None:
    image = draw_topdown(ROW, CAMERA)
    assert image.getpixel(at(0, 2.6)) == topdown._SEEN
    assert image.getpixel(at(0.5, 0.5)) == topdown._PAPER  # 45° to the side, of 30° that are seen
    wide = draw_topdown(ROW, Camera.from_hfov(640, 480, 100))
    assert wide.tobytes() != image.tobytes()


def test_rectangles_are_not_drawn_but_keep_their_numbers() -> None:
    image = draw_topdown([Box(0, 0, 9, 9, "rug"), ROW[1]], CAMERA)
    colours = set(zip(*(image.tobytes()[n::3] for n in range(3)), strict=True))
    assert COLOURS[1] in colours
    assert COLOURS[0] not in colours


def test_labels_are_data() -> None:
    hostile = draw_topdown([Box3D((0, 1, 5), (1, 1, 1), 0, 0, 0, "\x1b[31mcup\n")], CAMERA)
    spelled = draw_topdown([Box3D((0, 1, 5), (1, 1, 1), 0, 0, 0, "\\e[31mcup\\n")], CAMERA)
    assert hostile.tobytes() == spelled.tobytes()


def test_saving(tmp_path: Path) -> None:
    save_topdown(tmp_path / "above.png", ROW, CAMERA, "60° across, assumed")
    with Image.open(tmp_path / "above.png") as saved:
        assert saved.size == draw_topdown(ROW, CAMERA).size
    with pytest.raises(UsageError):
        save_topdown(tmp_path / "above.txt", ROW, CAMERA)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.builds(
            Box3D,
            st.tuples(*[st.floats(-1e5, 1e5)] * 3),
            st.tuples(*[st.floats(1e-6, 1e5)] * 3),
            *[st.floats(-9, 9)] * 3,
            st.text(max_size=20),
        ),
        max_size=4,
    )
)
def test_anything_can_be_drawn(boxes: list[Box3D]) -> None:
    image = draw_topdown(boxes, CAMERA)
    assert max(image.size) <= topdown._LONGER_SIDE + 2 * topdown._MARGIN
