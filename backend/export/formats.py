"""What answers can be exported as: the names that the command line and the app offer, and what each of them makes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from backend.language import N_


class Makes(Enum):
    """What stands at the target afterwards."""

    FILE = "file"
    FOLDER = "folder"
    EACH = "each"
    """A file of one picture, a folder of several."""
    EITHER = "either"
    """A file where the target has the format's suffix, else a folder."""


@dataclass(frozen=True, slots=True)
class Format:
    """One of them."""

    name: str
    title: str
    """For people; to be translated where it is shown."""
    makes: Makes
    suffix: str = ""
    """Of its file; empty where it always makes a folder."""


FORMATS = (
    Format("html", N_("Report, HTML: one file with pictures, findings and verdicts"), Makes.FILE, ".html"),
    Format("markdown", N_("Report, Markdown: a folder with its pictures"), Makes.FOLDER),
    Format("png", N_("Pictures with their findings drawn in"), Makes.EACH, ".png"),
    Format("json", N_("Answers as published JSON (.jsonl: one a line)"), Makes.FILE, ".json"),
    Format("csv", N_("Findings as a table, CSV"), Makes.FILE, ".csv"),
    Format("coco", N_("Data set, COCO: a .json file, or a folder with its pictures"), Makes.EITHER, ".json"),
    Format("yolo", N_("Data set, YOLO: a folder with labels and pictures"), Makes.FOLDER),
    Format("label-studio", N_("Data set, Label Studio: tasks with predictions, labels, pictures"), Makes.FOLDER),
    Format("bundle", N_("Evidence bundle for sightline replay: a folder, or a .zip file"), Makes.EITHER, ".zip"),
    Format("ply", N_("3D boxes, PLY"), Makes.EACH, ".ply"),
)
BY_NAME = {one.name: one for one in FORMATS}
