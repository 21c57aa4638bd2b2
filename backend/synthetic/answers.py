"""How answers are written: as Qwen3-VL's JSON, in thousandths of the picture or in metres, in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from backend.synthetic.perspective import Solid
from backend.synthetic.scenes import AnyScene, Thing

Language = Literal["en", "zh"]
Grid = tuple[int, int]
"""Columns and rows of visual tokens."""
SQUARE: Grid = (6, 6)


def in_reading_order(scene: AnyScene, grid: Grid = SQUARE) -> list[Thing]:
    """The objects by grid row of their anchor, then from left to right."""
    return sorted(scene.objects, key=lambda item: (int(item.anchor[1] * grid[1] / scene.height), item.anchor[0]))


def thousandths(scene: AnyScene, item: Thing) -> tuple[int, int, int, int]:
    """The tight box in whole thousandths of the picture."""
    x1, y1, x2, y2 = item.box
    return (
        round(1000 * x1 / scene.width),
        round(1000 * y1 / scene.height),
        round(1000 * x2 / scene.width),
        round(1000 * y2 / scene.height),
    )


def boxes_json(scene: AnyScene, items: Sequence[Thing], language: Language) -> str:
    """The objects as Qwen3-VL writes boxes."""
    rows = (f'{{"bbox_2d": {list(thousandths(scene, item))}, "label": "{named(item, language)}"}}' for item in items)
    return f"[{', '.join(rows)}]"


def points_json(scene: AnyScene, items: Sequence[Thing], language: Language) -> str:
    """The centres of the objects' boxes as Qwen3-VL writes points."""
    rows = []
    for item in items:
        x, y = item.centre
        place = [round(1000 * x / scene.width), round(1000 * y / scene.height)]
        rows.append(f'{{"point_2d": {place}, "label": "{named(item, language)}"}}')
    return f"[{', '.join(rows)}]"


def solids_json(items: Sequence[Solid], language: Language) -> str:
    """The objects as Qwen3-VL writes solid boxes: centre and size in metres, then pitch, yaw and roll in units of π."""
    rows = []
    for item in items:
        # "or 0.0": a zero has no sign.
        metres = ", ".join(f"{value or 0.0:.2f}" for value in (*item.centre3d, *item.size))
        rows.append(f'{{"bbox_3d": [{metres}, 0, {item.yaw or 0.0:.2f}, 0], "label": "{named(item, language)}"}}')
    return f"[{', '.join(rows)}]"


def named(item: Thing, language: Language) -> str:
    """Its name in that language."""
    return item.name if language == "en" else item.chinese
