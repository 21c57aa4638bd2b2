"""A picture as text, to the colour; nothing where the terminal cannot show it."""

from __future__ import annotations

import pytest
from PIL import Image

from backend.export.half_blocks import MOST_COLUMNS, MOST_ROWS, drawn
from backend.terminal import Terminal


def terminal(columns: int = 80, **environment: str) -> Terminal:
    return Terminal.detect({"TERM": "xterm-256color", **environment}, "utf-8", (columns, 24))


def test_two_pixels_a_character() -> None:
    image = Image.new("RGB", (1, 2))
    image.putdata([(255, 0, 0), (0, 0, 255)])
    image = image.resize((320, 640), Image.Resampling.NEAREST)
    lines = drawn(image, terminal(COLORTERM="truecolor"))
    assert len(lines) == MOST_ROWS
    assert lines[0].startswith("\x1b[38;2;255;0;0;48;2;255;0;0m▀")
    assert lines[-1].endswith("\x1b[38;2;0;0;255;48;2;0;0;255m▀\x1b[0m")
    assert "\x1b[38;5;196;48;5;196m▀" in drawn(image, terminal())[0]


def test_it_fits() -> None:
    wide = Image.new("RGB", (1000, 10))
    assert drawn(wide, terminal())[0].count("▀") == MOST_COLUMNS
    assert drawn(wide, terminal(columns=20))[0].count("▀") == 20


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {"NO_COLOR": "1"}, {"LANG": "C"}, {"TERM": "xterm"}])
def test_not_where_it_cannot_be_shown(environment: dict[str, str]) -> None:
    assert drawn(Image.new("RGB", (10, 10)), terminal(80, **environment)) == []
