"""From relative to metric depth: 1/Z = a·d + b, fitted to things whose distance is known, with what is left over shown.

Networks of the MiDaS and Depth Anything families answer inverse depth up to a scale and an offset (Ranftl and others, Towards
Robust Monocular Depth Estimation, 2020), so two numbers are to be found. Each anchor counts by its relative error
(Z·(a·d + b) − 1), as both sources of anchors, a tape measure and a model's metres, err in proportion to the distance. With
five anchors or more a wrong one is found out: first the line through two anchors whose better half of errors is least (least
trimmed, Rousseeuw, Least Median of Squares Regression, 1984), then reweighting by Tukey's biweight (Holland and Welsch, 1977).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from backend.errors import UsageError
from backend.language import _
from backend.scene import DepthMap, DepthUnit
from backend.spatial.depth.anchors import Anchor
from backend.spatial.depth.sampling import LEAST_STEP

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]

LEAST_ANCHORS = 3
"""Two fit every line: there would be no residual to tell a good one from a bad one."""
ROBUST_FROM = 5
WORST_RESIDUAL = 0.15
"""Relative error above which the fit is refused: the depth error that is published for the models themselves (SPATIAL)."""
_TUKEY = 4.685
"""Of the residuals' σ, where an anchor's weight becomes 0: 95 % efficient where errors are Gaussian."""
_GAUSSIAN = 1.4826
_LEAST_SIGMA = 0.01
_NEARLY = 1e-9


class FitRefused(UsageError):
    """Relative depth cannot become metres with these anchors. Exit code 2."""


@dataclass(frozen=True, slots=True)
class Scale:
    """1/Z = `slope`·d + `offset` (Z in metres, d in the map's numbers)."""

    slope: float
    offset: float
    residual: float
    """σ of an anchor's relative error about the line, two being used up by the line itself: 0.05 is 5 % of a distance."""
    anchors: tuple[Anchor, ...]
    errors: tuple[float, ...]
    """Of each anchor, (fitted Z − known Z) / known Z; infinite where the line puts it beyond infinity."""
    used: tuple[bool, ...]
    """Whether each was taken for right."""

    def metres(self, inverse: float) -> float | None:
        """Z for one number of the map; None beyond infinity."""
        value = self.slope * inverse + self.offset
        return 1 / value if value > _NEARLY else None

    def __str__(self) -> str:
        out = self.used.count(False)
        left = _(", {out} of them left out").format(out=out) if out else ""
        return _("fitted to {count} known distances{left}, residual {residual:.1%}").format(
            count=len(self.anchors), left=left, residual=self.residual
        )

    def as_dict(self) -> dict[str, object]:
        known = zip(self.anchors, self.errors, self.used, strict=True)
        return {
            "slope": float(f"{self.slope:.6g}"),
            "offset": float(f"{self.offset:.6g}"),
            "residual": round(self.residual, 4),
            "anchors": [
                {
                    "name": anchor.name,
                    "metres": round(anchor.metres, 4),
                    "source": anchor.source,
                    "error": round(error, 4) if abs(error) < float("inf") else None,
                    "used": used,
                }
                for anchor, error, used in known
            ],
        }


def fitted(anchors: Sequence[Anchor], span: float) -> Scale:
    """The fit to at least three anchors; `span`: of the map they lie in (`sampling.span`).

    Raises FitRefused, with the reason, where there are too few, where they do not differ in depth, where they say the
    reverse of what the map says, and where more than 15 % is left over.
    """
    import numpy as np

    if len(anchors) < LEAST_ANCHORS:
        raise FitRefused(
            _("relative depth needs {least_anchors} known distances to become metres, and there are {count}").format(
                least_anchors=LEAST_ANCHORS, count=len(anchors)
            ),
            cure=_('give more with --known "NAME=METRES", or keep the depth relative'),
        )
    d = np.array([anchor.value for anchor in anchors])
    z = np.array([anchor.metres for anchor in anchors])
    if np.ptp(d) <= 5 * LEAST_STEP * span:
        raise FitRefused(
            _("the known distances are of things that the depth map puts equally far: no scale follows from them"),
            cure=_("give distances of things that are nearer and farther"),
        )
    everything = np.ones(len(d), dtype=bool)
    line, used = _robust(d, z) if len(d) >= ROBUST_FROM else (_least_squares(d, z, everything.astype(float)), everything)
    left = z * (line[0] * d + line[1]) - 1
    residual = float(np.sqrt(np.sum(left[used] ** 2) / max(1, used.sum() - 2)))
    errors = tuple(1 / (1 + r) - 1 if 1 + r > _NEARLY else float("inf") for r in left.tolist())
    scale = Scale(float(line[0]), float(line[1]), residual, tuple(anchors), errors, tuple(used.tolist()))
    if scale.slope <= 0:
        raise FitRefused(
            _("the known distances order things the other way round than the depth map does, so that no scale fits both"),
            cure=_("check which distance belongs to which thing"),
        )
    if residual > WORST_RESIDUAL or used.sum() < LEAST_ANCHORS:
        worst = max(zip(map(abs, errors), anchors, strict=True), key=lambda pair: pair[0])[1]
        raise FitRefused(
            _(
                "the known distances do not fit the depth map: {residual:.0%} is left over on {count} of "
                "them (at most {worst_residual:.0%}), most at “{name}”"
            ).format(residual=residual, count=len(anchors), worst_residual=WORST_RESIDUAL, name=worst.name),
            cure=_("check that distance, or keep the depth relative"),
        )
    return scale


def in_metres(depth: DepthMap, scale: Scale) -> DepthMap:
    """The whole map in metres along the camera's axis; NaN where the fit puts a place beyond infinity."""
    import numpy as np

    inverse = scale.slope * depth.values + scale.offset
    values = np.divide(1.0, inverse, out=np.full_like(inverse, np.nan), where=inverse > _NEARLY)
    return replace(depth, values=values.astype(np.float32), unit=DepthUnit.METRES, source=f"{depth.source}; {scale}")


def _least_squares(d: Numbers, z: Numbers, weights: Numbers) -> Numbers:
    import numpy as np

    rows = np.stack([z * d, z], axis=1) * weights[:, None]
    line: Numbers = np.linalg.lstsq(rows, weights, rcond=None)[0].astype(np.float64)
    return line


def _robust(d: Numbers, z: Numbers) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """The line, and which anchors kept any weight."""
    import numpy as np

    best: Numbers
    best, least, half = np.zeros(2), np.inf, (len(d) + 3) // 2
    for i, j in combinations(range(len(d)), 2):
        if abs(d[i] - d[j]) > 0:
            slope = (1 / z[i] - 1 / z[j]) / (d[i] - d[j])
            line = np.array([slope, 1 / z[i] - slope * d[i]])
            total = float(np.sort(np.abs(z * (line[0] * d + line[1]) - 1))[:half].sum())
            if total < least:
                best, least = line, total
    weights = np.ones_like(d)
    for __ in range(20):
        left = z * (best[0] * d + best[1]) - 1
        sigma = max(_GAUSSIAN * float(np.median(np.abs(left))), _LEAST_SIGMA)
        weights = np.clip(1 - (left / (_TUKEY * sigma)) ** 2, 0, None)
        if (weights > 0).sum() < LEAST_ANCHORS:
            break
        best = _least_squares(d, z, weights)  # the rows carry the weight, so the squares carry Tukey's (1 − u²)²
    return best, weights > 0
