"""The colours of findings."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from backend.export.palette import COLOURS, READ, colour_of, ink_on

SEEN_BY = {
    "everybody": np.eye(3),
    "protanopes": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deuteranopes": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
"""How linear RGB looks to them: Machado, Oliveira and Fernandes 2009, table 1, severity 1."""


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


def lab(rgb: tuple[int, int, int], seen_by: str) -> NDArray[np.float64]:
    """CIE L*a*b* (D65) of an sRGB colour as somebody sees it."""
    parts = np.array(rgb) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    seen = np.clip(SEEN_BY[seen_by] @ linear, 0, 1)
    to_xyz = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]])
    xyz = to_xyz @ seen / np.array([0.95047, 1.0, 1.08883])
    root = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


@pytest.mark.parametrize("seen_by", SEEN_BY)
def test_colours_can_be_told_apart_by_everybody(seen_by: str) -> None:
    """2.3 is a difference that is just noticed; findings with neighbouring numbers are compared most."""
    seen = [lab(colour, seen_by) for colour in (*COLOURS, READ)]
    apart = {(one, other): float(np.linalg.norm(seen[one] - seen[other])) for one, other in combinations(range(len(seen)), 2)}
    assert min(apart.values()) > 15
    assert min(apart[min(n, m), max(n, m)] for n, m in ((n, (n + 1) % len(COLOURS)) for n in range(len(COLOURS)))) > 22
