"""Tasks for Label Studio with what was found as predictions, and the labelling interface that shows them.

The format is that of its documentation (https://labelstud.io/guide/predictions, /tags/rectanglelabels, /tags/keypointlabels):
x, y, width and height in percent of the picture's sides, from its upper left corner.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from backend.export.gathered import Gathered, Shot
from backend.export.palette import colour_of
from backend.scene import Box, Point

BOXES, POINTS, PICTURE = "box", "point", "image"
"""Names of the interface's parts, which every result repeats."""
_POINT_SIZE = 0.6
"""Percent of the picture's width that a point's mark takes, which the format wants."""


def tasks(data: Gathered, images: str) -> list[dict[str, Any]]:
    """One task a picture. `images`: what its name is put behind to give the address from which Label Studio loads it."""
    return [_task(data, shot, images) for shot in data.shots]


def interface(data: Gathered) -> str:
    """The labelling configuration, XML."""
    shown = "".join(
        f'    <Label value={quoteattr(name)} background="#{"".join(f"{tone:02x}" for tone in colour_of(place))}"/>\n'
        for place, name in enumerate(data.categories)
    )
    return (
        "<View>\n"
        f'  <Image name="{PICTURE}" value="$image" zoom="true"/>\n'
        f'  <RectangleLabels name="{BOXES}" toName="{PICTURE}">\n{shown}  </RectangleLabels>\n'
        f'  <KeyPointLabels name="{POINTS}" toName="{PICTURE}">\n{shown}  </KeyPointLabels>\n'
        "</View>\n"
    )


def _task(data: Gathered, shot: Shot, images: str) -> dict[str, Any]:
    results = [_box(data, box, shot, number) for number, box in enumerate(shot.boxes, 1)]
    results += [_point(data, point, shot, number) for number, point in enumerate(shot.points, len(results) + 1)]
    sure = [one.confidence for one in shot.findings if one.confidence is not None]
    prediction: dict[str, Any] = {"model_version": ", ".join(data.models) or "sightline", "result": results}
    if sure:
        prediction["score"] = round(sum(sure) / len(sure), 4)
    told = {"image": f"{images}{quote(shot.name)}", "file_name": shot.name, "sha256": shot.ref.sha256}
    return {"data": told, "predictions": [prediction]}


def _box(data: Gathered, box: Box, shot: Shot, number: int) -> dict[str, Any]:
    across, down = 100 / shot.ref.width, 100 / shot.ref.height
    value = {
        "x": box.x1 * across,
        "y": box.y1 * down,
        "width": box.width * across,
        "height": box.height * down,
        "rotation": 0,
        "rectanglelabels": [data.name(box.label)],
    }
    return _result(box, shot, number, BOXES, "rectanglelabels", value)


def _point(data: Gathered, point: Point, shot: Shot, number: int) -> dict[str, Any]:
    value = {
        "x": point.x * 100 / shot.ref.width,
        "y": point.y * 100 / shot.ref.height,
        "width": _POINT_SIZE,
        "keypointlabels": [data.name(point.label)],
    }
    return _result(point, shot, number, POINTS, "keypointlabels", value)


def _result(finding: Box | Point, shot: Shot, number: int, part: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"f{number}",
        "from_name": part,
        "to_name": PICTURE,
        "type": kind,
        "original_width": shot.ref.width,
        "original_height": shot.ref.height,
        "image_rotation": 0,
        "value": {key: round(one, 5) if isinstance(one, float) else one for key, one in value.items()},
        **({} if finding.confidence is None else {"score": round(finding.confidence, 4)}),
    }
