"""Where a box will be: a constant-velocity Kalman filter for its centre, and its size smoothed.

Each axis is filtered alone. The acceleration is white noise of spectral density q, so that the prediction depends on the
seconds that passed and not on how many frames they were cut into (Bar-Shalom, Li & Kirubarajan, *Estimation with
Applications to Tracking and Navigation*, 2001, section 6.2.2).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from backend.scene import Corners

_FIRST_SPEED = 0.5
"""Standard deviation of the speed of a thing seen once, picture widths per second."""
_SIZE_GAIN = 0.6
"""Share of the new size in the smoothed one. High, because what enters the picture or comes forth grows quickly."""


@dataclass(slots=True)
class Axis:
    """Position (pixels) and speed (pixels per second) along one axis, with their covariance."""

    place: float
    speed: float
    place_variance: float
    covariance: float
    speed_variance: float

    def advance(self, seconds: float, density: float) -> None:
        """Predict; `density` in pixels²/s³."""
        self.place += self.speed * seconds
        self.place_variance += 2 * seconds * self.covariance + seconds**2 * self.speed_variance + density * seconds**3 / 3
        self.covariance += seconds * self.speed_variance + density * seconds**2 / 2
        self.speed_variance += density * seconds

    def correct(self, measured: float, variance: float) -> None:
        """Take in a measured place (pixels) with its variance (pixels²)."""
        total = self.place_variance + variance
        of_place, of_speed = self.place_variance / total, self.covariance / total
        surprise = measured - self.place
        self.place += of_place * surprise
        self.speed += of_speed * surprise
        self.speed_variance -= of_speed * self.covariance
        self.covariance *= 1 - of_place
        self.place_variance *= 1 - of_place


class Motion:
    """The motion of one box, as it is known at `time`."""

    def __init__(self, box: Corners, time: float, width: float, sigma: float, agility: float) -> None:
        """`sigma`: error of an edge, pixels; `agility`: widths²/s³ (see `rules`)."""
        self.time = time
        self._variance = sigma**2 / 2
        """Of the mean of two edges."""
        self._density = agility * width**2
        first = (_FIRST_SPEED * width) ** 2
        x, y = _centre(box)
        self.x = Axis(x, 0.0, self._variance, 0.0, first)
        self.y = Axis(y, 0.0, self._variance, 0.0, first)
        self._width, self._height = box[2] - box[0], box[3] - box[1]

    @property
    def box(self) -> Corners:
        """Where it is expected at `time`; may reach beyond the picture."""
        x, y, across, down = self.x.place, self.y.place, self._width / 2, self._height / 2
        return x - across, y - down, x + across, y + down

    @property
    def speed(self) -> tuple[float, float]:
        """Pixels per second, right and down."""
        return self.x.speed, self.y.speed

    def advance(self, time: float) -> None:
        """Predict for a later time."""
        seconds = time - self.time
        self.x.advance(seconds, self._density)
        self.y.advance(seconds, self._density)
        self.time = time

    def correct(self, box: Corners) -> None:
        """Take in what was found at `time`."""
        x, y = _centre(box)
        self.x.correct(x, self._variance)
        self.y.correct(y, self._variance)
        self._width += _SIZE_GAIN * (box[2] - box[0] - self._width)
        self._height += _SIZE_GAIN * (box[3] - box[1] - self._height)

    def within_reach(self, box: Corners, deviations: float, more: float) -> bool:
        """Whether a box's centre lies within that many standard deviations, and so many pixels, of the expected one, along
        both axes."""
        return all(
            abs(measured - axis.place) <= deviations * math.sqrt(axis.place_variance + self._variance) + more
            for axis, measured in zip((self.x, self.y), _centre(box), strict=True)
        )


def _centre(box: Corners) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
