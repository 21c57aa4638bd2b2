"""What an answer's 3D boxes still need: a camera for each picture, a rectangle for each box, and geometry's checks.

A rectangle that the answer does not give is looked for in the pass that grounds claims, on the same picture; it is evidence
beside the 3D box and never changes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from backend.answer import PictureRef
from backend.ask import prompts
from backend.ask.measured import Localisation
from backend.ask.task import Question
from backend.ask.wish import Sought, Wish
from backend.errors import UsageError
from backend.language import _
from backend.scene import Box, Box3D, Check, Finding
from backend.spatial.camera_check import check_camera
from backend.spatial.field_of_view import FEWEST
from backend.spatial.ground_check import check_ground
from backend.spatial.known_camera import KnownCamera, camera_of
from backend.spatial.pairing import paired
from backend.spatial.projection_check import check_projection

MOST_NAMES = 8
"""Names whose rectangles are looked for; each costs a short answer."""
_SAME = 0.9
"""IoU above which a rectangle was known already."""
MOST_CHECKED = 50
"""3D boxes of one answer that are checked; comparing them takes time that grows faster than their number."""


def require_camera(question: Question) -> None:
    """Raises UsageError where the camera that the user gave cannot be that of one of the pictures."""
    for picture in question.pictures:
        try:
            camera_of(picture, question.camera)
        except ValueError as error:
            cure = _("give --fov in degrees across, or --intrinsics FX,CX,CY in pixels")
            if question.camera is not None and question.camera.calibration is not None:
                cure = _("give a calibration that was made with pictures of this shape, or none")
            raise UsageError(str(error), cure=cure) from None


def searches(question: Question, findings: Sequence[Finding]) -> dict[Wish, str]:
    """What to look for, and the label of the 3D boxes that it is for; nothing where several pictures are asked about.

    A name that several 3D boxes have is looked for as “every …”.
    """
    if len(question.pictures) != 1:
        return {}
    solids = Counter(_key(finding.label) for finding in findings if isinstance(finding, Box3D))
    known = Counter(_key(finding.label) for finding in findings if isinstance(finding, Box))
    wanted: dict[Wish, str] = {}
    for finding in findings:
        label = _key(finding.label)
        if isinstance(finding, Box3D) and label and known[label] < solids[label] and len(wanted) < MOST_NAMES:
            said = finding.label.strip()
            if solids[label] > 1:
                wanted.setdefault(Wish(Sought.LIST, prompts.locate_every(said)), said)
            else:
                wanted.setdefault(Wish(Sought.BOXES, prompts.locate(said)), said)
    return wanted


def found_for(findings: Sequence[Finding], located: Sequence[Finding], label: str) -> list[Box]:
    """The located rectangles under the label that they were looked for with, without those that are known already."""
    known = [finding for finding in findings if isinstance(finding, Box) and _key(finding.label) == _key(label)]
    made: list[Box] = []
    for box in located:
        if isinstance(box, Box) and all(box.iou(other) < _SAME for other in (*known, *made)):
            made.append(replace(box, label=label))
    return made


def references(question: Question, findings: Sequence[Finding]) -> tuple[PictureRef, ...]:
    """The pictures, each with its camera where it has 3D boxes or where the user gave one."""
    solid = {finding.picture for finding in findings if isinstance(finding, Box3D)}
    return tuple(
        PictureRef.of(picture, known.intrinsics if index in solid or question.camera is not None else None, question.part)
        for index, (picture, known) in enumerate(zip(question.pictures, _cameras(question), strict=True))
    )


def notes(question: Question, findings: Sequence[Finding]) -> tuple[str, ...]:
    """What a reader of 3D boxes should know, one sentence each."""
    solids = [finding for finding in findings if isinstance(finding, Box3D)]
    if not solids:
        return ()
    said = [note for known in _cameras(question) for note in known.notes]
    names = {_key(box.label) for box in solids}
    if len(names) > MOST_NAMES and len(question.pictures) == 1:
        said.append(
            _("of {count} names of 3D boxes the rectangles of the first {most_names} were looked for").format(
                count=len(names), most_names=MOST_NAMES
            )
        )
    if len(solids) > MOST_CHECKED:
        said.append(
            _("of {count} 3D boxes the first {most_checked} were checked").format(count=len(solids), most_checked=MOST_CHECKED)
        )
    return tuple(dict.fromkeys(said))


def checks(
    question: Question, findings: Sequence[Finding], known_error: Localisation, sought: Collection[str] = ()
) -> tuple[Check, ...]:
    """Geometry's rulings on the 3D boxes. `sought`: labels whose rectangles were looked for, so that it is said of those that
    none was found."""
    solids = [finding for finding in findings if isinstance(finding, Box3D)][:MOST_CHECKED]
    boxes = [finding for finding in findings if isinstance(finding, Box)]
    cameras = _cameras(question) if solids else []
    pairs = paired(solids, boxes, [known.camera for known in cameras])
    wanted = {_key(label) for label in sought}
    made: list[Check] = []
    for index, known in enumerate(cameras):
        here = [solid for solid in solids if solid.picture == index]
        sigma = known_error.sigma(question.pictures[index])
        of_picture: list[Check] = []
        for solid in here:
            box = pairs.get(solid.id)
            if box is not None or _key(solid.label) in wanted:
                of_picture.append(check_projection(solid, box, known, sigma, _others(boxes, index, box)))
        of_picture += check_ground(here, _of(here, pairs), known.camera, sigma)
        if len(_of(here, pairs)) >= FEWEST:
            of_picture.append(check_camera(*_seen(here, boxes, pairs, index), known, sigma))
        made += (replace(check, picture=index) for check in of_picture)
    return tuple(made)


def _cameras(question: Question) -> list[KnownCamera]:
    return [camera_of(picture, question.camera) for picture in question.pictures]


def _others(boxes: Sequence[Box], picture: int, box: Box | None) -> list[Box]:
    return [other for other in boxes if other.picture == picture and other is not box]


def _seen(
    solids: Sequence[Box3D], boxes: Sequence[Box], pairs: Mapping[str, Box], picture: int
) -> tuple[list[tuple[Box3D, Box]], list[Box]]:
    """A picture's solid boxes with their rectangles, and the rectangles of nothing."""
    matched = {box.id for box in pairs.values()}
    others = [box for box in boxes if box.picture == picture and box.id not in matched]
    return [(solid, pairs[solid.id]) for solid in solids if solid.id in pairs], others


def _of(solids: Sequence[Box3D], pairs: Mapping[str, Box]) -> dict[str, Box]:
    return {solid.id: pairs[solid.id] for solid in solids if solid.id in pairs}


def _key(name: str) -> str:
    return name.strip().casefold()
