"""Depth as a picture of its own: light is near, dark is far, hatched is not known, and a line below says what the numbers are.

The colours are Green's cubehelix (D. A. Green, A colour scheme for the display of astronomical intensity images, Bulletin of
the Astronomical Society of India 39, 2011), whose brightness rises steadily: what is nearer is lighter also in grey or to
colour-blind eyes. They follow inverse depth, of which all kinds of map are made, between its 2nd and 98th percentile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from backend.export.chips import shortened
from backend.export.fonts import font_for
from backend.export.saving import check_destination, save
from backend.language import _
from backend.sanitise import one_line
from backend.scene import DepthMap, DepthUnit

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Pixels = npt.NDArray[np.uint8]
    """Shape (rows, columns, 3): RGB."""
    Shares = npt.NDArray[np.float32]
    """Shape (rows, columns): 0 the farthest, 1 the nearest, NaN not known."""

START, ROTATIONS, HUE, DARKEST = 0.5, -1.0, 1.1, 0.12
"""Of the cubehelix: the colour it begins with, its turns, its strength of colour, and the brightness of what is farthest."""
_OUTLIERS = 2.0
"""Per cent at each end that take the end's colour, so that one wrong pixel does not pale all others."""
_HATCH, _HATCH_DARK = (150, 150, 150), (70, 70, 70)
_EVEN = 0.15
"""Of its size, what a map must span for its colours to run from end to end: noise on an even map is not to look like depth."""
_LEAST_WIDTH = 480
"""Pixels, which its words want."""
_PAPER, _INK = (247, 247, 245), (50, 55, 60)


@dataclass(frozen=True, slots=True)
class Range:
    """Between which values the colours run, in the map's own numbers: inverse depth, units or metres."""

    far: float
    near: float


def nearness(depth: DepthMap) -> tuple[Shares, Range]:
    """How near every place is, 0…1 for the colours, and the values that 0 and 1 stand for (both 0 where nothing is known)."""
    import numpy as np

    values = depth.values.astype(np.float32)
    known = np.isfinite(values)
    if depth.unit is not DepthUnit.INVERSE:
        known &= values > 0
        values = np.divide(1.0, values, out=np.full_like(values, np.nan), where=known)
    shares = np.full(values.shape, np.nan, dtype=np.float32)
    if not known.any():
        return shares, Range(0.0, 0.0)
    low, high = (float(value) for value in np.percentile(values[known], (_OUTLIERS, 100 - _OUTLIERS)))
    span = max(high - low, _EVEN * max(abs(low), abs(high)))
    shares[known] = np.clip((values[known] - (low + high) / 2) / span + 0.5, 0, 1) if span > 0 else 0.5
    ends = Range(low, high) if depth.unit is DepthUnit.INVERSE else Range(1 / low, 1 / high)
    return shares, ends


def coloured(shares: Shares) -> Pixels:
    """The colours of nearness 0…1; of what is not known a hatching."""
    import numpy as np

    light = DARKEST + (1 - DARKEST) * np.nan_to_num(shares, nan=0.0)
    angle = 2 * np.pi * (START / 3 + 1 + ROTATIONS * light)
    strength = HUE * light * (1 - light) / 2
    cos, sin = np.cos(angle), np.sin(angle)
    channels = [
        light + strength * (a * cos + b * sin)
        for a, b in ((-0.14861, 1.78277), (-0.29227, -0.90649), (1.97294, 0.0))  # Green's equation 2
    ]
    made: Pixels = np.rint(np.clip(np.stack(channels, axis=-1), 0, 1) * 255).astype(np.uint8)
    rows, columns = np.indices(shares.shape)
    unknown = ~np.isfinite(shares)
    stripe = (rows + columns) // 3 % 2 == 0
    made[unknown & stripe], made[unknown & ~stripe] = _HATCH, _HATCH_DARK
    return made


def draw_heatmap(
    depth: DepthMap, *, longest: int = 960, legend: bool = True, over: Callable[[Image.Image], None] | None = None
) -> Image.Image:
    """The map stretched over its picture's shape, its longer side `longest` pixels or the picture's own, and its legend.

    `over` draws on the map, before the legend is put below it.
    """
    shares, ends = nearness(depth)
    size = _fitting(depth.width, depth.height, longest)
    image = Image.fromarray(coloured(_resized(shares, size)))
    if over is not None:
        over(image)
    return _with_legend(image, depth, ends) if legend else image


def save_heatmap(path: str | Path, depth: DepthMap) -> None:
    """Draw and write, in the format of the suffix. Raises UsageError or NotSaved."""
    path = Path(path)
    check_destination(path)
    save(draw_heatmap(depth), path)


def legend_of(depth: DepthMap, ends: Range) -> tuple[str, str, str]:
    """What stands at the dark end, at the light end, and below: what the numbers mean."""
    match depth.unit:
        case DepthUnit.INVERSE:
            return _("far"), _("near"), _("relative: which is nearer, not by how much")
        case DepthUnit.UP_TO_SCALE:
            return f"{ends.far:.3g}", f"{ends.near:.3g}", _("distance up to scale: its unit is not known")
        case DepthUnit.METRES:
            return f"{ends.far:.2f} m", f"{ends.near:.2f} m", _("metres along the camera's axis, an estimate")


def _fitting(width: int, height: int, longest: int) -> tuple[int, int]:
    scale = min(1.0, longest / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _resized(shares: Shares, size: tuple[int, int]) -> Shares:
    """Stretched without a soft edge between what is near, far and not known, where no depth is true."""
    import numpy as np

    columns = np.minimum((np.arange(size[0]) + 0.5) * shares.shape[1] / size[0], shares.shape[1] - 1).astype(int)
    rows = np.minimum((np.arange(size[1]) + 0.5) * shares.shape[0] / size[1], shares.shape[0] - 1).astype(int)
    stretched: Shares = shares[rows][:, columns]
    return stretched


def _with_legend(image: Image.Image, depth: DepthMap, ends: Range) -> Image.Image:
    """The picture with a strip below it: the colours from far to near, and two lines of words."""
    import numpy as np

    width = max(image.width, _LEAST_WIDTH)
    bar, line = 14, 20
    sheet = Image.new("RGB", (width, image.height + bar + 3 * line + 6), _PAPER)
    sheet.paste(image, ((width - image.width) // 2, 0))
    ramp = np.repeat(np.linspace(0, 1, width - 16, dtype=np.float32)[None, :], bar, axis=0)
    sheet.paste(Image.fromarray(coloured(ramp)), (8, image.height + 6))
    brush = ImageDraw.Draw(sheet)
    far, near, meaning = legend_of(depth, ends)
    known = float(np.isfinite(depth.values).mean())
    unknown = "" if known == 1 else _("; hatched: not known ({share:.0%})").format(share=1 - known)
    top = image.height + bar + 10
    for text, place, anchor in (
        (far, (8, top), "la"),
        (near, (width - 8, top), "ra"),
        (meaning + unknown, (8, top + line - 3), "la"),
        (one_line(depth.source, 90), (8, top + 2 * line - 6), "la"),
    ):
        if text and (font := font_for(text, 13)) is not None:
            brush.text(place, shortened(text, font, width - 16), fill=_INK, font=font, anchor=anchor)
    return sheet
