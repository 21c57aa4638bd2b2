"""A place from above, as a picture or as SVG: footprints, the cameras with what they see, and a scale.

Both are drawn from one list of strokes, so that they show the same. The metres are the model's estimate, and the map says so.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from backend.errors import UsageError
from backend.export.fonts import font_for
from backend.export.palette import CASING, Rgb, colour_of
from backend.export.saving import check_destination, save, write
from backend.language import _
from backend.sanitise import one_line, quoted
from backend.spatial.place_plan import PlacePlan
from backend.spatial.topdown import Spot, round_step

_LONGER = 800
_MARGIN = 60
_PAPER, _SEEN, _INK = (247, 247, 245), (230, 236, 242), (70, 76, 82)
_LETTER = 14
_REACH = 1.5
"""Metres along which a camera's field of view is drawn."""
_SMALLEST = 2.0
_DOT = 4


@dataclass(frozen=True, slots=True)
class _Stroke:
    """A polygon, a line or a text, in pixels of the page; `fill` with its opacity, `text` at the first point."""

    points: tuple[Spot, ...]
    fill: Rgb | None = None
    opacity: float = 1.0
    outline: Rgb | None = None
    closed: bool = True
    text: str = ""
    anchor: str = "mm"


def check_map(path: Path) -> None:
    """Refuse a target that can be neither a picture nor SVG. Raises UsageError."""
    if path.suffix.lower() != ".svg":
        check_destination(path)
    elif not path.parent.is_dir():
        raise UsageError(
            _("{path} lies in a folder that does not exist").format(path=quoted(path)), cure=_("make the folder first")
        )


def save_map(path: Path, plan: PlacePlan, title: str, way: Sequence[Spot] = ()) -> None:
    """Draw the plan and write it, in the format of the suffix. `way`: of a camera, in the plan's metres.

    Raises UsageError where there is nothing to draw or the target cannot be, NotSaved where writing fails.
    """
    check_map(path)
    if not plan.things and not way:
        raise UsageError(
            _("there are no 3D boxes to draw a map of"),
            cure="sightline places add PICTURE… --place NAME --find THING --solid",
        )
    size, strokes = _page(plan, title, way)
    if path.suffix.lower() == ".svg":
        write(_svg(size, strokes).encode(), path)
    else:
        save(_raster(size, strokes), path)


def draw_map(plan: PlacePlan, title: str) -> Image.Image:
    """The plan, which holds something, as an image of its own."""
    return _raster(*_page(plan, title, ()))


def _page(plan: PlacePlan, title: str, way: Sequence[Spot]) -> tuple[tuple[int, int], list[_Stroke]]:
    wedges = [[(one.x, one.z), *(one.placed((side * _REACH, _REACH)) for side in one.sides)] for one in plan.cameras]
    spots = [spot for thing in plan.things for spot in thing.hull] + [spot for wedge in wedges for spot in wedge] + list(way)
    near = min(x for x, _ in spots), min(z for _, z in spots)
    width = max(_SMALLEST, max(x for x, _ in spots) - near[0])
    depth = max(_SMALLEST, max(z for _, z in spots) - near[1])
    scale = _LONGER / max(width, depth)
    page = round(width * scale) + 2 * _MARGIN, round(depth * scale) + 2 * _MARGIN

    def at(spot: Spot) -> Spot:
        return (spot[0] - near[0]) * scale + _MARGIN, (near[1] + depth - spot[1]) * scale + _MARGIN

    strokes = [_Stroke(tuple(map(at, wedge)), _SEEN, 1.0, _INK) for wedge in wedges]
    if way:
        strokes.append(_Stroke(tuple(map(at, way)), outline=colour_of(0), closed=False))
        strokes += [_Stroke(_dot(at(spot)), CASING) for spot in way]
        strokes.append(_Stroke(((at(way[0])[0], at(way[0])[1] + _LETTER),), text="start"))
    for number, thing in enumerate(plan.things):
        strokes.append(_Stroke(tuple(map(at, thing.hull)), colour_of(number), 0.45, CASING))
    for thing in plan.things:
        text = one_line(thing.label, 40) + (f" ±{thing.spread / 2:.1f} m" if len(thing.views) > 1 else "")
        strokes.append(_Stroke((at(thing.centre),), text=text))
    for one in plan.cameras:
        x, y = at((one.x, one.z))
        placed = f" (placed by {one.agreeing} things, ±{one.residual:.1f} m)" if one.agreeing else ""
        strokes.append(_Stroke(((x, y + _LETTER),), text=one_line(Path(one.name).name, 40) + placed))
    strokes += _scale(plan, page, scale, title)
    return page, strokes


def _dot(spot: Spot) -> tuple[Spot, ...]:
    x, y = spot
    return (x - _DOT, y), (x, y - _DOT), (x + _DOT, y), (x, y + _DOT)


def _scale(plan: PlacePlan, page: tuple[int, int], scale: float, title: str) -> list[_Stroke]:
    """The title, a bar of whole metres, and whose metres they are."""
    step = round_step(_LONGER / scale / 5)
    left, low = _MARGIN / 2, page[1] - _MARGIN / 3
    unit = f"{step:g} m, the model's estimate" if plan.things else f"{step:g} × the first step; the scale is unknown"
    return [
        _Stroke(((left, _MARGIN / 3),), text=one_line(title, 100), anchor="lm"),
        _Stroke(((left, low), (left + step * scale, low)), outline=_INK, closed=False),
        _Stroke(((left + step * scale + 8, low),), text=f"{unit}; seen from above", anchor="lm"),
    ]


def _raster(size: tuple[int, int], strokes: Sequence[_Stroke]) -> Image.Image:
    image = Image.new("RGB", size, _PAPER)
    for one in strokes:
        if one.fill is not None and len(one.points) > 2:
            mask = Image.new("L", size)
            ImageDraw.Draw(mask).polygon(list(one.points), fill=round(255 * one.opacity))
            image.paste(one.fill, mask=mask)
        brush = ImageDraw.Draw(image)
        if one.outline is not None:
            ends = [*one.points, one.points[0]] if one.closed else list(one.points)
            brush.line(ends, fill=one.outline, width=2, joint="curve")
        if one.text and (font := font_for(one.text, _LETTER)) is not None:
            spot = _kept_inside(one, font.getlength(one.text), size)
            brush.text(spot, one.text, _INK if one.anchor == "lm" else CASING, font, anchor=one.anchor)
    return image


def _kept_inside(one: _Stroke, length: float, size: tuple[int, int]) -> Spot:
    """A centred text that would run over the page's edge is moved in."""
    x, y = one.points[0]
    if one.anchor == "mm":
        x = min(max(x, length / 2 + 4), max(length / 2 + 4, size[0] - length / 2 - 4))
    return x, y


def _svg(size: tuple[int, int], strokes: Sequence[_Stroke]) -> str:
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}" viewBox="0 0 {size[0]} {size[1]}"'
        f' font-family="sans-serif" font-size="{_LETTER}">',
        f'<rect width="100%" height="100%" fill="{_hex(_PAPER)}"/>',
    ]
    for one in strokes:
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in one.points)
        if one.text:
            x, y = one.points[0]
            middle = ' text-anchor="middle"' if one.anchor == "mm" else ""
            lines.append(
                f'<text x="{x:.1f}" y="{y:.1f}" dominant-baseline="middle"{middle} fill="{_hex(_INK)}">'
                f"{html.escape(one.text)}</text>"
            )
            continue
        fill = "none" if one.fill is None else _hex(one.fill)
        line = "none" if one.outline is None else _hex(one.outline)
        kind = "polygon" if one.closed else "polyline"
        lines.append(
            f'<{kind} points="{points}" fill="{fill}" fill-opacity="{one.opacity:g}" stroke="{line}" stroke-width="2"/>'
        )
    return "\n".join([*lines, "</svg>", ""])


def _hex(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
