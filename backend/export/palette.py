"""The colours of findings, on the screen and in files alike: Okabe and Ito's, which colour-blind readers can tell apart.

Their black is left out (it is the casing under every line), and neighbours in the list differ in lightness as well, since
findings with neighbouring numbers are compared most. Finding `i` of a list, counted from 0, has colour `i`; after seven
the colours start again. Text that was read by a network of its own has one colour for all its lines, which no finding of the
model has: what was read and what was said are told apart at a glance.
"""

from __future__ import annotations

from backend.scene import Box, Finding

Rgb = tuple[int, int, int]

COLOURS: tuple[Rgb, ...] = (
    (213, 94, 0),  # vermillion
    (86, 180, 233),  # sky blue
    (240, 228, 66),  # yellow
    (0, 158, 115),  # bluish green
    (230, 159, 0),  # orange
    (0, 114, 178),  # blue
    (204, 121, 167),  # reddish purple
)
READ: Rgb = (222, 222, 216)
"""Of text that was read: a light grey, in CIE Lab 43 from the nearest of the others, of which the closest two are 27 apart."""
CASING: Rgb = (16, 16, 16)
"""Under and around every coloured line, so that it shows on any background."""


def colour_of(index: int) -> Rgb:
    """The colour of the finding at that place in its list."""
    return COLOURS[index % len(COLOURS)]


def colour_for(index: int, finding: Finding) -> Rgb:
    """The colour of a finding at that place in its list: its place's, unless it is text that was read."""
    return READ if isinstance(finding, Box) and finding.found_by == "ocr" else colour_of(index)


def ink_on(background: Rgb) -> Rgb:
    """Black or white, whichever has more contrast on `background` (WCAG 2 relative luminance)."""
    red, green, blue = ((c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4) for c in (v / 255 for v in background))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return (0, 0, 0) if luminance > 0.179 else (255, 255, 255)
