"""Answers into one of the formats: the one way in which the command line and the app export.

What cannot be had (a picture that was moved away) is said in the notes where the format makes sense without it, and is an
error where it does not.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from backend.answer import Answer, PictureRef
from backend.errors import UnreadablePicture, UsageError
from backend.export.formats import BY_NAME, Makes
from backend.export.gathered import Gathered, Shot, file_name, gathered
from backend.export.originals import Originals
from backend.export.saving import not_saved, save, write
from backend.export.targets import folder_at, require_free
from backend.language import _, ngettext
from backend.sanitise import one_line, quoted
from backend.scene import Box3D, Finding


@dataclass(frozen=True, slots=True)
class Written:
    """What was made."""

    path: Path
    notes: tuple[str, ...] = ()
    """What could not be had or has no place in the format, a sentence each."""


def makes_folder(name: str, answers: Sequence[Answer], target: Path) -> bool:
    """Whether exporting these answers to that target makes a folder rather than a file."""
    form = BY_NAME[name]
    if form.makes is Makes.EITHER:
        return target.suffix.lower() != form.suffix
    if form.makes is Makes.EACH:
        return len(_pictured(answers, solid=name == "ply")) > 1
    return form.makes is Makes.FOLDER


def export(name: str, answers: Sequence[Answer], target: Path, originals: Originals, *, replace: bool = False) -> Written:
    """Write them, whole or not at all. `replace` a file that is there.

    Raises UsageError for a target that is taken or cannot be, and where nothing is to be exported; UnreadablePicture where
    the format is nothing without pictures; NotSaved.
    """
    if not answers:
        raise UsageError(_("there is no answer to export"), cure=_("ask something first"))
    folder = makes_folder(name, answers, target)
    require_free(target, folder=folder, replace=replace)
    work = _WORK[name]
    if not folder:
        return Written(target, tuple(work(answers, target, originals)))
    with folder_at(target) as part:
        notes = work(answers, part, originals)
    return Written(target, tuple(notes))


def _json(answers: Sequence[Answer], path: Path, _originals: Originals) -> list[str]:
    told = [answer.as_dict() for answer in answers]
    if path.suffix.lower() == ".jsonl":
        text = "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in told)
    else:
        text = f"{json.dumps(told[0] if len(told) == 1 else told, ensure_ascii=False, indent=2)}\n"
    write(_encoded(text), path)
    return []


def _csv(answers: Sequence[Answer], path: Path, _originals: Originals) -> list[str]:
    from backend.export.table import table

    write(_encoded(table(answers)), path)
    return []


def _coco(answers: Sequence[Answer], path: Path, originals: Originals) -> list[str]:
    from backend.export.coco import coco, coco_results

    data = gathered(answers)
    if not path.is_dir():
        write(_as_json(coco(data)), path)
        return data.notes
    write(_as_json(coco(data)), path / "annotations.json")
    write(_as_json(coco_results(data)), path / "results.json")
    return [*data.notes, *_copied(data, path / "images", originals)]


def _yolo(answers: Sequence[Answer], path: Path, originals: Originals) -> list[str]:
    from backend.export.yolo import classes, data_yaml, labels

    data = gathered(answers)
    (path / "labels").mkdir()
    for shot in data.shots:
        write(_encoded(labels(data, shot)), path / "labels" / f"{Path(shot.name).stem}.txt")
    write(_encoded(classes(data)), path / "classes.txt")
    write(_encoded(data_yaml(data)), path / "data.yaml")
    return [*data.notes, *_copied(data, path / "images", originals)]


def _label_studio(answers: Sequence[Answer], path: Path, originals: Originals) -> list[str]:
    from backend.export.label_studio import interface, tasks

    data = gathered(answers, points=True)
    write(_as_json(tasks(data, "/data/local-files/?d=images/")), path / "tasks.json")
    write(_encoded(interface(data)), path / "labels.xml")
    return [*data.notes, *_copied(data, path / "images", originals)]


def _png(answers: Sequence[Answer], path: Path, originals: Originals) -> list[str]:
    from backend.export.drawn import drawn

    return _each(_pictured(answers), path, ".png", lambda ref, found, to: save(drawn(ref, found, originals), to))


def _ply(answers: Sequence[Answer], path: Path, _originals: Originals) -> list[str]:
    from backend.export.solids_file import solids_ply

    return _each(_pictured(answers, solid=True), path, ".ply", lambda _ref, found, to: write(solids_ply(found), to))


def _html(answers: Sequence[Answer], path: Path, originals: Originals) -> list[str]:
    from backend.export.report import html

    page, notes = html(answers, originals)
    write(_encoded(page), path)
    return notes


def _markdown(answers: Sequence[Answer], path: Path, originals: Originals) -> list[str]:
    from backend.export.report import markdown

    return markdown(answers, path, originals)


def _bundle(answers: Sequence[Answer], path: Path, originals: Originals) -> list[str]:
    from backend.export.bundle import write_bundle

    return write_bundle(answers, path, originals)


_WORK: dict[str, Callable[[Sequence[Answer], Path, Originals], list[str]]] = {
    "html": _html,
    "markdown": _markdown,
    "png": _png,
    "json": _json,
    "csv": _csv,
    "coco": _coco,
    "yolo": _yolo,
    "label-studio": _label_studio,
    "ply": _ply,
    "bundle": _bundle,
}


def _each(
    pictured: Sequence[tuple[PictureRef, list[Finding]]],
    path: Path,
    suffix: str,
    make: Callable[[PictureRef, list[Finding], Path], None],
) -> list[str]:
    """A file of the one picture, or one of each in the folder. What is missing of several is a note; of all, an error."""
    if not pictured:
        raise UsageError(_("these answers hold nothing for this format"), cure=_("export them as json, csv or html"))
    if not path.is_dir():
        make(*pictured[0], path)
        return []
    taken: set[str] = set()
    missing: list[UnreadablePicture] = []
    for ref, found in pictured:
        stem, number = Path(file_name(ref)).stem, 2
        name = stem
        while name.casefold() in taken:
            name, number = f"{stem}-{number}", number + 1
        taken.add(name.casefold())
        try:
            make(ref, found, path / f"{name}{suffix}")
        except UnreadablePicture as error:
            missing.append(error)
    if len(missing) == len(pictured):
        raise missing[0]
    return [error.message for error in missing]


def _pictured(answers: Sequence[Answer], *, solid: bool = False) -> list[tuple[PictureRef, list[Finding]]]:
    """Every picture with all that was found in it; `solid`: those with 3D boxes. A camera that an answer used is kept."""
    found: dict[tuple[str, float | None], tuple[PictureRef, list[Finding]]] = {}
    for answer in answers:
        for place, ref in enumerate(answer.pictures):
            key = (ref.sha256, ref.time)
            known, findings = found.get(key, (ref, []))
            found[key] = (known if known.camera is not None else ref, findings)
            findings += [one for one in answer.findings if one.picture == place]
    return [one for one in found.values() if not solid or any(isinstance(finding, Box3D) for finding in one[1])]


def _copied(data: Gathered, folder: Path, originals: Originals) -> list[str]:
    """The pictures of a data set beside their labels. An export without them is of use all the same: they are only told."""
    folder.mkdir()
    missing = [shot for shot in data.shots if not _copy(shot, folder / shot.name, originals)]
    if not missing:
        return []
    names = ", ".join(quoted(one_line(shot.ref.path, 60)) for shot in missing[:3]) + (" …" if len(missing) > 3 else "")
    said = ngettext(
        "{count} picture is not where it was, and is missing from the folder: {names}",
        "{count} pictures are not where they were, and are missing from the folder: {names}",
        len(missing),
    )
    return [said.format(count=len(missing), names=names)]


def _copy(shot: Shot, target: Path, originals: Originals) -> bool:
    """The file as it is, where readers will see it upright as we do; else its upright pixels."""
    from backend.export.drawn import is_plain
    from backend.media.images import as_image

    try:
        picture = originals.picture(shot.ref)
    except UnreadablePicture:
        return False
    if (
        picture.path is not None
        and shot.ref.time is None
        and picture.path.suffix.lower() == target.suffix
        and is_plain(picture)
    ):
        try:
            shutil.copyfile(picture.path, target)
        except OSError as error:
            raise not_saved(target, error) from error
    else:
        save(as_image(picture), target)
    return True


def _as_json(told: object) -> bytes:
    return _encoded(f"{json.dumps(told, ensure_ascii=False, indent=1)}\n")


def _encoded(text: str) -> bytes:
    """UTF-8; what a file name held that is no Unicode is written as an escape."""
    return text.encode("utf-8", "backslashreplace")
