"""The same marks in two pictures: SIFT (Lowe 2004), matched where each is the other's best and clearly better than the next.

Without calibration, geometry or words: what comes out still holds a share of mistakes, which whoever uses it has to sort out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backend.extras import Extra, need
from backend.language import _
from backend.scene import Picture

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Points = npt.NDArray[np.float64]
    """Shape (N, 2): pixels of the upright original, the picture's corner at 0."""
    Grey = npt.NDArray[np.uint8]

MOST_SIDE = 1600
"""Pixels of the longer side that are looked at; more of them cost time and settle nothing."""
MOST_MARKS = 4000
RATIO = 0.8
"""Lowe's: the best match is to be nearer than this share of the second best."""


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """Places in two pictures that look alike, one a row."""

    first: Points
    second: Points

    def __len__(self) -> int:
        return len(self.first)


def grey(picture: Picture, longest: int = MOST_SIDE) -> Grey:
    """Its brightness, shape (rows, columns), reduced to `longest` pixels where it is larger. Needs OpenCV."""
    import cv2
    import numpy as np

    width, height = picture.stored_size
    pixels = np.frombuffer(picture.rgb, dtype=np.uint8).reshape(height, width, 3)
    made = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    scale = longest / max(width, height)
    if scale < 1:
        size = max(1, round(width * scale)), max(1, round(height * scale))
        made = cv2.resize(made, size, interpolation=cv2.INTER_AREA)
    return made.astype(np.uint8, copy=False)


def matched(first: Picture, second: Picture, extra: Extra = "depth") -> Matches:
    """What both pictures show; perhaps nothing. Raises MissingExtra."""
    need("cv2", extra=extra, to=_("find the same marks in two pictures"))
    one, other = grey(first), grey(second)
    found = matched_grey(one, other)
    scale = first.width / one.shape[1], first.height / one.shape[0]
    scale_other = second.width / other.shape[1], second.height / other.shape[0]
    return Matches(found.first * scale, found.second * scale_other)


def matched_grey(first: Grey, second: Grey) -> Matches:
    """The same of brightness, shape (rows, columns), in its own pixels. Needs OpenCV."""
    import cv2
    import numpy as np

    found = []
    for pixels in (first, second):
        marks, words = _sift().detectAndCompute(pixels, None)
        places = np.array([mark.pt for mark in marks], dtype=np.float64).reshape(-1, 2)
        found.append((places + 0.5, words))  # SIFT counts from the middle of the first pixel
    (first_places, first_words), (second_places, second_words) = found
    if min(len(first_places), len(second_places)) < 2:
        return Matches(np.empty((0, 2)), np.empty((0, 2)))
    matcher = cv2.BFMatcher(cv2.NORM_L2)
    best = {}
    for pair in matcher.knnMatch(first_words, second_words, k=2):
        if len(pair) == 2 and pair[0].distance < RATIO * pair[1].distance:
            best[pair[0].queryIdx] = pair[0].trainIdx
    back = {match.queryIdx: match.trainIdx for match in matcher.match(second_words, first_words)}
    kept = [(a, b) for a, b in best.items() if back.get(b) == a]
    # A mark with two orientations is found twice; the same place is to count once.
    once = {(*first_places[a], *second_places[b]): None for a, b in kept}
    rows = np.array(list(once), dtype=np.float64).reshape(-1, 4)
    return Matches(rows[:, :2], rows[:, 2:])


def _sift() -> Any:
    """OpenCV's, whose type its own stubs do not name."""
    import cv2

    return cv2.SIFT_create(nfeatures=MOST_MARKS, enable_precise_upscale=True)  # type: ignore[attr-defined]
