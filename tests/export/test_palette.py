"""The colours of findings."""

from __future__ import annotations

from backend.export.palette import COLOURS, colour_of, ink_on


def test_colours_start_again_after_the_last() -> None:
    assert [colour_of(index) for index in range(14)] == [*COLOURS, *COLOURS]
    assert len(set(COLOURS)) == len(COLOURS) == 7


def test_ink_can_be_read_on_every_colour() -> None:
    def luminance(rgb: tuple[int, int, int]) -> float:
        parts = [v / 255 / 12.92 if v / 255 <= 0.04045 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in rgb]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    for colour in COLOURS:
        dark, light = sorted((luminance(colour), luminance(ink_on(colour))))
        assert (light + 0.05) / (dark + 0.05) >= 4.5  # WCAG 2, level AA
