"""Does a solid box project onto the rectangle of the same thing?

Its edges may be off by what two independent guesses are: 3 σ of the rectangle, and 15 % of its side for the metres; it is
confirmed if they keep to that and the two overlap by half (IoU). Twice that is a contradiction. A field of view that was only
assumed scales all outlines about the middle of the picture; then a solid box is contradicted only if none between 40° and 100°
across, which is what nearly all photographs have, would do. A rectangle that ends where something else begins may be only the
part that is not hidden, and decides nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from backend.language import _
from backend.scene import Box, Box3D, Check, Ruling, Verdict
from backend.scene.phrasing import side_word
from backend.spatial.box3d import outline
from backend.spatial.camera import Camera
from backend.spatial.known_camera import KnownCamera

EDGE_SIGMAS = 3.0
"""Of the rectangle's own edges."""
SIDE_SHARE = 0.15
"""Of the rectangle's side, for the metres: a box of the right place whose size is 30 % off has its edges 15 % off."""
CONFIRMED_IOU = 0.5
"""Of a small rectangle σ allows almost anything; without this much overlap nothing is confirmed."""
CONTRADICTED = 2.0
"""Times what is allowed."""
PLAUSIBLE = (40.0, 100.0)
"""Degrees across, of a photograph whose lens is not known: from a short telephoto to an action camera."""
_STEPS = 120

_EDGES = ("left", "top", "right", "bottom")


@dataclass(frozen=True, slots=True)
class _Fit:
    """How far the edges of an outline are from a rectangle's."""

    seen: Box
    edge: str
    """Whose gap is the largest for what is allowed."""
    gap: float
    allowed: float

    @property
    def share(self) -> float:
        """Of what is allowed."""
        return self.gap / self.allowed

    @classmethod
    def of(cls, seen: Box, box: Box, sigma: float) -> _Fit:
        across, down = (EDGE_SIGMAS * sigma + SIDE_SHARE * side for side in (box.width, box.height))
        gaps = [abs(a - b) for a, b in zip(seen.corners, box.corners, strict=True)]
        worst = max(range(4), key=lambda edge: gaps[edge] / (down if edge % 2 else across))
        return cls(seen, _EDGES[worst], gaps[worst], down if worst % 2 else across)


def check_projection(solid: Box3D, box: Box | None, known: KnownCamera, sigma: float, others: Sequence[Box] = ()) -> Check:
    """Rule on one solid box and its rectangle (None: none was found).

    `sigma`: localisation error of rectangles, pixels. `others`: the picture's other rectangles, which may hide a part of it.
    The verdict's margin is what is left of the allowed gap at the worst edge, in σ: negative where it is exceeded.
    """
    if not sigma > 0:
        raise ValueError(_("σ must be positive, not {sigma}").format(sigma=sigma))
    if box is None:
        reason = _("no rectangle with its name was found to compare its outline with")
        return Check("projection", solid.id, "", Verdict(Ruling.UNDETERMINED, None, reason))
    whole = outline(solid, known.camera)
    if whole is None:
        reason = _("it lies behind the camera, where nothing is seen, and {id} is in the picture").format(id=box.id)
        return Check("projection", solid.id, box.id, Verdict(Ruling.CONTRADICTED, None, reason))
    camera = known.camera
    fit = _Fit.of(whole.clamped(camera.width, camera.height), box, sigma)
    ruling, comment = _ruled(fit, whole, box, known, sigma, others)
    reason = _(
        "its outline and {id} overlap by IoU {iou:.2f}; their {edge} edges are {gap:.1f} px apart, "
        "{allowed:.1f} px are allowed{comment} (camera: {source})"
    ).format(
        id=box.id,
        iou=fit.seen.iou(box),
        edge=side_word(fit.edge),
        gap=fit.gap,
        allowed=fit.allowed,
        comment=comment,
        source=known.source,
    )
    return Check("projection", solid.id, box.id, Verdict(ruling, (fit.allowed - fit.gap) / sigma, reason))


def _ruled(fit: _Fit, whole: Box, box: Box, known: KnownCamera, sigma: float, others: Sequence[Box]) -> tuple[Ruling, str]:
    """The ruling, and what has to be said with it."""
    if fit.share <= 1:
        if fit.seen.iou(box) >= CONFIRMED_IOU:
            return Ruling.CONFIRMED, ""
        return Ruling.UNDETERMINED, _(", but an IoU below {confirmed_iou} confirms nothing").format(confirmed_iou=CONFIRMED_IOU)
    if (hiding := _hiding(fit, box, others)) is not None:
        return Ruling.UNDETERMINED, _(", but a part of it may be hidden behind {id}").format(id=hiding.id)
    if known.assumed:
        degrees, best = _best_field(whole, box, known.camera, sigma)
        if best.share <= CONTRADICTED:
            return (
                Ruling.UNDETERMINED,
                _("; {degrees:.0f}° across in place of what is assumed would bring them to {gap:.1f} px").format(
                    degrees=degrees, gap=best.gap
                ),
            )
        return Ruling.CONTRADICTED, _(", and no field of view from {plausible:.0f}° to {plausible_2:.0f}° explains it").format(
            plausible=PLAUSIBLE[0], plausible_2=PLAUSIBLE[1]
        )
    return (Ruling.CONTRADICTED if fit.share > CONTRADICTED else Ruling.UNDETERMINED), ""


def _best_field(whole: Box, box: Box, camera: Camera, sigma: float) -> tuple[float, _Fit]:
    """The plausible field of view at which the edges come closest. A focal length scales outlines about the principal point."""
    narrow, wide = (math.tan(math.radians(degrees) / 2) for degrees in PLAUSIBLE)
    fits = []
    for step in range(_STEPS + 1):
        half = narrow * (wide / narrow) ** (step / _STEPS)
        scale = camera.width / (2 * half) / camera.focal
        scaled = replace(
            whole,
            x1=camera.cx + scale * (whole.x1 - camera.cx),
            y1=camera.cy + scale * (whole.y1 - camera.cy),
            x2=camera.cx + scale * (whole.x2 - camera.cx),
            y2=camera.cy + scale * (whole.y2 - camera.cy),
        )
        fits.append((2 * math.degrees(math.atan(half)), _Fit.of(scaled.clamped(camera.width, camera.height), box, sigma)))
    return min(fits, key=lambda one: one[1].share)


def _hiding(fit: _Fit, box: Box, others: Sequence[Box]) -> Box | None:
    """Another rectangle that covers at least half of what the outline has and its own rectangle lacks; None where the
    rectangle reaches beyond the outline, which nothing hides."""
    seen = fit.seen
    across, down = fit.allowed, fit.allowed
    if box.x1 < seen.x1 - across or box.y1 < seen.y1 - down or box.x2 > seen.x2 + across or box.y2 > seen.y2 + down:
        return None
    lacking = seen.area - _common(seen, box)
    if lacking <= 0:
        return None
    return next((one for one in others if _common(seen, one) - _common(_cut(seen, box), one) >= lacking / 2), None)


def _cut(a: Box, b: Box) -> Box:
    """What two rectangles share; without area where they are apart."""
    x1, y1 = max(a.x1, b.x1), max(a.y1, b.y1)
    return Box(x1, y1, max(x1, min(a.x2, b.x2)), max(y1, min(a.y2, b.y2)))


def _common(a: Box, b: Box) -> float:
    return _cut(a, b).area
