"""Is a pair what it claims to be? Marks that look alike say so: on one row in both pictures, and further left in the right one.

Semi-global matching looks along rows alone. A pair whose rows are off by two pixels gives a map all the same, and a wrong one;
so this is asked first, of marks that are found without looking along rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend.language import _
from backend.sanitise import quoted
from backend.spatial.features import matched_grey
from backend.spatial.stereo.pair import Pair
from backend.spatial.stereo.refusal import PairRefused

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

FEWEST = 20
"""Matches that say something."""
DOUBTFUL, TOO_FAR = 0.6, 1.25
"""Pixels of the grid that rows may be off by in the median: from the first it is said, beyond the second refused."""
ON_ROW = 4.0
"""Pixels: a match farther off is a mistake, in a pair whose rows are right."""
STANDING = 0.35
"""Pixels: with shifts no larger, both pictures were taken from one place."""
BACKWARDS, MIXED = 0.9, 0.15
"""Shares of matches that are shifted the wrong way: pictures swapped, or cameras not parallel."""


@dataclass(frozen=True, slots=True)
class RowCheck:
    """What the marks say of a pair."""

    matches: int
    off: float | None
    """Median distance of rows, pixels of the grid; None: too few marks to say."""
    largest: float | None
    """Largest shift that is no exception, pixels of the grid; None: not known."""
    note: str = ""


def checked(pair: Pair, names: tuple[str, str], *, calibrated: bool) -> RowCheck:
    """Look at the rows of a pair. Raises PairRefused for one that is not rectified, swapped, or taken from one place."""
    import cv2
    import numpy as np

    greys = [np.asarray(cv2.cvtColor(side, cv2.COLOR_RGB2GRAY), dtype=np.uint8) for side in (pair.left, pair.right)]
    found = matched_grey(greys[0], greys[1])
    if len(found) < FEWEST:
        note = _("only {count} marks look alike in both pictures: whether their rows correspond could not be checked").format(
            count=len(found)
        )
        return RowCheck(len(found), None, None, note)
    across, down = (found.first - found.second).T
    across = -across if pair.reverse else across
    off = float(np.median(np.abs(down)))
    if off > TOO_FAR:
        raise _not_rectified(off, len(found), names, calibrated=calibrated)
    shifts = across[np.abs(down) <= ON_ROW]
    _refuse_direction(shifts, names, calibrated=calibrated)
    note = (
        _("rows are {off:.1f} px apart in the median of {count} marks: distances suffer").format(off=off, count=len(found))
        if off > DOUBTFUL
        else ""
    )
    return RowCheck(len(found), off, float(np.percentile(shifts, 99)), note)


def _not_rectified(off: float, count: int, names: tuple[str, str], *, calibrated: bool) -> PairRefused:
    said = _("{names} and {names_2} are not rectified: the same marks lie {off:.1f} px apart in height").format(
        names=quoted(names[0]), names_2=quoted(names[1]), off=off
    )
    if calibrated:
        return PairRefused(
            _(
                "rectified by this calibration, the same marks still lie {off:.1f} px apart in height (median of {count})"
            ).format(off=off, count=count),
            cure=_("the calibration is of other cameras, of other pictures, or one camera was moved since: calibrate again"),
        )
    return PairRefused(
        _("{said} (median of {count})").format(said=said, count=count),
        cure=_("give the calibration of the two cameras (--calibration FILE); two views taken freely: --free"),
    )


def _refuse_direction(shifts: npt.NDArray[np.float64], names: tuple[str, str], *, calibrated: bool) -> None:
    """Things are to be further left in the right picture, the nearer the more."""
    import numpy as np

    if not len(shifts):
        return
    backwards = float((shifts < -STANDING).mean())
    if np.percentile(np.abs(shifts), 90) < STANDING:
        raise PairRefused(
            _(
                "{names} and {names_2} show everything in the same place: they were taken from one place, "
                "or all is too far away"
            ).format(names=quoted(names[0]), names_2=quoted(names[1])),
            cure=_("give two pictures from two places side by side, farther apart where things are far"),
        )
    if backwards > BACKWARDS:
        raise PairRefused(
            _("left and right are swapped: what {names} shows lies further right in {names_2}").format(
                names=quoted(names[0]), names_2=quoted(names[1])
            ),
            cure=_("give the left picture first") + (_(", and its camera first in the calibration") if calibrated else ""),
        )
    if backwards > MIXED:
        raise PairRefused(
            _("the cameras were not parallel: {backwards:.0%} of the marks are shifted the wrong way").format(
                backwards=backwards
            ),
            cure=_("give the calibration of the two cameras (--calibration FILE); two views taken freely: --free"),
        )
