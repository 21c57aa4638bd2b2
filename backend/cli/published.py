"""Findings from a file: what `sightline ask --json` printed, or the same keys from elsewhere, as boxes again."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.errors import UsageError
from backend.language import N_, _
from backend.sanitise import one_line, quoted

if TYPE_CHECKING:
    from backend.scene import Box, Box3D, Picture

MOST_BYTES = 16 * 2**20
"""Of a file of answers."""
_WANTED = N_('write one with: sightline ask "…" PICTURE --json > FILE')


def findings_in(path: Path, picture: Picture) -> tuple[list[Box3D], list[Box]]:
    """The solid boxes and rectangles that lie in `picture`, of all answers of the file.

    An answer that says of which picture it is has to mean this one: the same file, else one of the same size. Raises
    UsageError, which names the file.
    """
    solids: list[Box3D] = []
    boxes: list[Box] = []
    for number, answer in enumerate(_answers(path)):
        at = _place(answer, picture, path)
        mark = f"{number + 1}-" if number else ""
        try:
            for made in _solids(answer):
                solids += [replace(made, id=f"{mark}{made.id}", picture=0)] if made.picture == at else []
            for box in _boxes(answer):
                boxes += [replace(box, id=f"{mark}{box.id}", picture=0)] if box.picture == at else []
        except (KeyError, TypeError, ValueError) as error:
            said = f"it holds a box that is none ({one_line(str(error), 80)})"
            raise UsageError(
                _("{path} cannot be used: {said}").format(path=quoted(path), said=said), cure=_(_WANTED)
            ) from error
    if not solids and not boxes:
        raise UsageError(
            _("{path} holds no box of {picture}").format(path=quoted(path), picture=quoted(picture.name)), cure=_(_WANTED)
        )
    return solids, boxes


def _answers(path: Path) -> Iterator[dict[str, Any]]:
    """One object, or one a line."""
    try:
        if path.stat().st_size > MOST_BYTES or not path.is_file():
            raise UsageError(_("{path} is no file of answers").format(path=quoted(path)), cure=_(_WANTED))
        text = path.read_text("utf-8")
    except OSError as error:
        raise UsageError(
            _("{path} cannot be read: {reason}").format(path=quoted(path), reason=error.strerror), cure=_("check the name")
        ) from error
    except ValueError as error:
        raise UsageError(_("{path} is not text").format(path=quoted(path)), cure=_(_WANTED)) from error
    try:
        found = [json.loads(text)]
    except (ValueError, RecursionError):
        try:
            found = [json.loads(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError) as error:
            raise UsageError(
                _("{path} is no JSON: {reason}").format(path=quoted(path), reason=one_line(str(error), 80)), cure=_(_WANTED)
            ) from error
    for answer in found:
        if not isinstance(answer, dict):
            raise UsageError(_("{path} holds something else than answers").format(path=quoted(path)), cure=_(_WANTED))
        yield answer


def _place(answer: dict[str, Any], picture: Picture, path: Path) -> int:
    """Which of the answer's pictures it is."""
    told = answer.get("pictures", [answer.get("picture")])
    pictures = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    for index, one in enumerate(pictures):
        if one.get("sha256") == picture.sha256:
            return index
    for index, one in enumerate(pictures):
        if (one.get("width"), one.get("height")) == (picture.width, picture.height):
            return index
    if pictures:
        size = one_line(f"{pictures[0].get('width')}×{pictures[0].get('height')} px", 40)
        raise UsageError(
            _("{path} is about a picture of {size}, and {picture} has {width}×{height} px").format(
                path=quoted(path), size=size, picture=quoted(picture.name), width=picture.width, height=picture.height
            ),
            cure=_("give the picture that was asked about"),
        )
    return 0


def _solids(answer: dict[str, Any]) -> Iterator[Box3D]:
    from backend.scene import Box3D

    for number, one in enumerate(_listed(answer, "boxes3d"), 1):
        x, y, z = _numbers(one["centre"], 3)
        width, height, depth = _numbers(one["size"], 3)
        pitch, yaw, roll = _numbers(one.get("rotation", (0, 0, 0)), 3)
        if min(width, height, depth) <= 0:
            raise ValueError("a side that is not positive")
        label, at = str(one.get("label", "")), int(one.get("picture", 0))
        yield Box3D((x, y, z), (width, height, depth), pitch, yaw, roll, label, at, id=str(one.get("id") or f"s{number}"))


def _boxes(answer: dict[str, Any]) -> Iterator[Box]:
    from backend.scene import Box

    for number, one in enumerate(_listed(answer, "boxes"), 1):
        x1, y1, x2, y2 = _numbers(one["bbox"], 4)
        if x1 >= x2 or y1 >= y2:
            raise ValueError("a rectangle without area")
        yield Box(x1, y1, x2, y2, str(one.get("label", "")), int(one.get("picture", 0)), id=str(one.get("id") or f"b{number}"))


def _listed(answer: dict[str, Any], name: str) -> Iterable[dict[str, Any]]:
    found = answer.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise TypeError(f"{name} is no list of objects")
    return found


def _numbers(value: Any, count: int) -> list[float]:
    numbers = [float(number) for number in value]
    if len(numbers) != count or not all(map(math.isfinite, numbers)):
        raise ValueError(f"{count} finite numbers are wanted")
    return numbers
