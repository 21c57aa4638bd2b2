"""YOLO's labels (https://docs.ultralytics.com/datasets/detect/): a text file a picture, a line a box, as shares of the picture.

`class cx cy w h`: the class counted from 0, the centre and the sides divided by the width and height of the upright original.
"""

from __future__ import annotations

import json

from backend.export.gathered import Gathered, Shot


def labels(data: Gathered, shot: Shot) -> str:
    """The lines of one picture; none for one in which nothing was found, which teaches a detector as well."""
    width, height = shot.ref.width, shot.ref.height
    lines = []
    for box in shot.boxes:
        x, y = box.centre
        shares = (x / width, y / height, box.width / width, box.height / height)
        lines.append(f"{data.number(box.label)} {' '.join(f'{share:.6f}' for share in shares)}\n")
    return "".join(lines)


def classes(data: Gathered) -> str:
    """classes.txt: the names, a line each, in the order of their numbers."""
    return "".join(f"{name}\n" for name in data.categories)


def data_yaml(data: Gathered) -> str:
    """data.yaml. A name is written as a JSON string, which YAML reads whatever is in it. Nothing was kept back for validation:
    `val` is the same pictures, for whoever trains to divide."""
    names = "".join(f"  {number}: {json.dumps(name, ensure_ascii=False)}\n" for number, name in enumerate(data.categories))
    return f"path: .\ntrain: images\nval: images\nnames:{chr(10) + names if names else ' {}' + chr(10)}"
