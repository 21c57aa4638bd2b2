"""Do a picture's solid boxes and rectangles agree with its camera?

All pairs are fitted one focal length (`field_of_view`). A camera within the fit's interval is confirmed, where that is narrow
enough to mean something; one that lies half as far again outside is contradicted; anything else decides nothing, and neither
does a camera that was only assumed, of which the fit tells a better one. The fit knows the model's metres, not the lens: a
model that takes every picture for one camera's contradicts all others, and the reason says whose wish it is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from backend.language import _, ngettext
from backend.scene import Box, Box3D, Check, Ruling, Verdict
from backend.spatial.field_of_view import FieldFit, NotDetermined, fit_field
from backend.spatial.known_camera import KnownCamera

CONTRADICTED = 1.5
"""Half intervals from which a camera is contradicted: of a right one, one in twenty is outside the interval itself."""
NARROW = 1.3
"""Factor between the interval's middle and its ends within which a camera can be confirmed."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a picture's findings say of its camera."""

    verdict: Verdict
    fit: FieldFit | None
    """None where they do not tell a focal length."""


def agreement(pairs: Sequence[tuple[Box3D, Box]], others: Sequence[Box], known: KnownCamera, sigma: float) -> Agreement:
    """Rule on a picture's camera. `pairs`: solid boxes with the rectangles of the same things; `others`: further rectangles.

    `sigma`: localisation error of rectangles, pixels. The margin is in standard errors of the fit: positive within
    its interval.
    """
    try:
        fit = fit_field(pairs, known.camera, sigma, others)
    except NotDetermined as error:
        return Agreement(
            Verdict(Ruling.UNDETERMINED, None, _("{error} (camera: {source})").format(error=error, source=known.source)), None
        )
    off, (narrow, wide) = fit.off(known.camera), fit.interval
    said = _("{pairs} solid boxes and their rectangles agree best at {hfov:.0f}° across ({narrow:.0f}° to {wide:.0f}°)").format(
        pairs=fit.pairs, hfov=fit.hfov, narrow=narrow, wide=wide
    )
    if fit.against:
        said += ngettext(", of which {against} hardly counts", ", of which {against} hardly count", len(fit.against)).format(
            against=", ".join(fit.against)
        )
    where = _("lies within") if off <= 1 else _("lies outside")
    ruling = Ruling.UNDETERMINED
    comment = f"; {known.camera.hfov:.0f}° {where}"
    if off <= 1 and math.log(fit.longest / fit.camera.focal) <= math.log(NARROW):
        ruling = Ruling.CONFIRMED
    elif off <= 1:
        comment += _(", but the interval is too wide to confirm it")
    elif known.assumed:
        comment += _(", but was only assumed")
    elif off > CONTRADICTED:
        ruling = Ruling.CONTRADICTED
        comment += _(": either the camera is another, or the model takes it for another")
    return Agreement(
        Verdict(
            ruling,
            (1 - off) * fit.half / fit.error,
            _("{said}{comment} (camera: {source})").format(said=said, comment=comment, source=known.source),
        ),
        fit,
    )


def check_camera(pairs: Sequence[tuple[Box3D, Box]], others: Sequence[Box], known: KnownCamera, sigma: float) -> Check:
    """The same as a check of the answer's."""
    return Check("camera", "", "", agreement(pairs, others, known, sigma).verdict)
