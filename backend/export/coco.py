"""COCO's JSON for detection (https://cocodataset.org/#format-data, #format-results), as pycocotools reads it.

Boxes are x, y, width, height in pixels of the upright original. Ids begin at 1: pycocotools takes an annotation with the id
0 for unmatched. What was found is both the annotations, to be corrected, and the results, which hold the confidence as `score`.
"""

from __future__ import annotations

from typing import Any

from backend.export.gathered import Gathered
from backend.scene import Box


def coco(data: Gathered) -> dict[str, Any]:
    """The object of an annotation file. A confidence stands in its annotation as `score`, which readers pass over."""
    annotations: list[dict[str, Any]] = []
    for number, shot in enumerate(data.shots, 1):
        for box in shot.boxes:
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": number,
                    "category_id": data.number(box.label) + 1,
                    "bbox": _bbox(box),
                    "area": round(box.area, 4),
                    "iscrowd": 0,
                    "segmentation": [],
                    **({} if box.confidence is None else {"score": round(box.confidence, 4)}),
                    **({"attributes": dict(box.attributes)} if box.attributes else {}),
                }
            )
    images = [
        {
            "id": number,
            "file_name": shot.name,
            "width": shot.ref.width,
            "height": shot.ref.height,
            "sha256": shot.ref.sha256,
            **({} if shot.ref.time is None else {"time": round(shot.ref.time, 3)}),
        }
        for number, shot in enumerate(data.shots, 1)
    ]
    categories = [{"id": number, "name": name, "supercategory": ""} for number, name in enumerate(data.categories, 1)]
    said = f"found by {', '.join(data.models)}, not drawn by hand" if data.models else "found by a model, not drawn by hand"
    info = {"description": said, "contributor": "sightline", "version": "1"}
    return {"info": info, "licenses": [], "images": images, "categories": categories, "annotations": annotations}


def coco_results(data: Gathered) -> list[dict[str, Any]]:
    """The list of a results file, with the ids of `coco`; a box whose confidence is not known scores 1."""
    return [
        {
            "image_id": number,
            "category_id": data.number(box.label) + 1,
            "bbox": _bbox(box),
            "score": 1.0 if box.confidence is None else round(box.confidence, 4),
        }
        for number, shot in enumerate(data.shots, 1)
        for box in shot.boxes
    ]


def _bbox(box: Box) -> list[float]:
    return [round(value, 4) for value in (box.x1, box.y1, box.width, box.height)]
