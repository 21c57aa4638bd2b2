"""`sightline camera`: what is known of the camera that took a picture, and what the findings say of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backend.cli.cameras import camera_options, said_of_camera
from backend.cli.choosing import chosen
from backend.cli.findings import described
from backend.cli.naming import MODEL
from backend.errors import QuestionCancelled, SightlineError, UsageError
from backend.language import _
from backend.sanitise import one_line

if TYPE_CHECKING:
    from backend.scene import Box, Box3D, DepthMap, Picture
    from backend.spatial.camera_check import Agreement
    from backend.spatial.field_of_view import FieldFit
    from backend.spatial.known_camera import KnownCamera


@click.command()
@click.argument("path", metavar="PICTURE")
@camera_options
@click.option("--find", "names", multiple=True, metavar="NAME", help="Ask the model for the 3D boxes of these; repeat it.")
@click.option(
    "--boxes", "file", type=click.Path(path_type=Path), metavar="FILE", help="Take them from an answer (ask --json) instead."
)
@click.option(
    "--save",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT.png",
    help="Write the picture with the findings as this camera sees them.",
)
@click.option("--model", "-m", type=MODEL, metavar="NAME", help="A model of the catalogue; the best that fits when not given.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.pass_context
def camera(
    ctx: click.Context,
    path: str,
    fov: str | None,
    intrinsics: str | None,
    calibration: Path | None,
    names: tuple[str, ...],
    file: Path | None,
    save: Path | None,
    model: str | None,
    as_json: bool,
) -> None:
    """Tell the camera of PICTURE, how it is known, and whether 3D boxes and rectangles in the picture agree with it.

    With --find or --boxes the field of view is told at which those agree best. It is what the findings want: the lens's, as far
    as their metres are right.
    """
    if names and file is not None:
        raise UsageError(_("--find and --boxes both tell the findings"), cure=_("give one of them"))
    if any(not name.strip() for name in names):
        raise UsageError(_("--find has no name"), cure=_('name a thing, as in --find "red box"'))
    if save is not None:
        from backend.export.saving import check_destination

        if not names and file is None:
            raise UsageError(_("--save has nothing to draw"), cure=_("name the findings with --find or --boxes"))
        check_destination(save)  # before minutes are spent on findings that could not be kept
    picture = _picture(path)
    known = _known(ctx, picture, fov, intrinsics, calibration)
    found: tuple[list[Box3D], list[Box]] | None = None
    if file is not None:
        from backend.cli.published import findings_in

        found = findings_in(file, picture)
    elif names:
        found = _asked(ctx, model, picture, names)
    solids, boxes = found or ([], [])
    told = _Told(picture, known, solids, boxes, None if found is None else _judged(known, picture, solids, boxes))
    if as_json:
        click.echo(json.dumps(told.as_dict(), ensure_ascii=False).encode("utf-8", "backslashreplace"))
    else:
        told.print()
    if save is not None:
        from backend.export.overlay import save_overlay

        save_overlay(save, picture, [*solids, *boxes], known.camera)
        click.echo(f"saved {one_line(str(save))}", err=True)


@dataclass(frozen=True, slots=True)
class _Told:
    """Everything that the command says."""

    picture: Picture
    known: KnownCamera
    solids: Sequence[Box3D]
    boxes: Sequence[Box]
    agreement: Agreement | None

    def as_dict(self) -> dict[str, Any]:
        from backend.answer import PictureRef

        seen, agreement = self.known.camera, self.agreement
        return {
            "picture": PictureRef.of(self.picture, self.known.intrinsics).as_dict(),
            "hfov": round(seen.hfov, 2),
            "vfov": round(seen.vfov, 2),
            "assumed": self.known.assumed,
            "notes": list(self._notes),
            "depth": None if self.picture.depth is None else _measured(self.picture.depth),
            "boxes3d": [one.as_dict() for one in self.solids],
            "boxes": [one.as_dict() for one in self.boxes],
            "wanted": None if agreement is None or agreement.fit is None else _fitted(agreement.fit),
            "verdict": None if agreement is None else agreement.verdict.as_dict(),
        }

    def print(self) -> None:
        from backend.scene import Ruling
        from backend.scene.phrasing import ruled

        seen, known = self.known.camera, self.known
        click.echo(f"{one_line(self.picture.name)}: {self.picture.width}×{self.picture.height} px")
        click.echo(_("  camera: {source}").format(source=one_line(known.source)))
        click.echo(_("  field of view: {hfov:.1f}° across, {vfov:.1f}° down").format(hfov=seen.hfov, vfov=seen.vfov))
        lengths = (
            f"{seen.focal:.1f}"
            if seen.aspect == 1
            else _("{focal:.1f} across and {focal_2:.1f} down").format(focal=seen.focal, focal_2=seen.focal * seen.aspect)
        )
        click.echo(
            _("  focal length {lengths} px, principal point {cx:.1f},{cy:.1f} px").format(
                lengths=lengths, cx=seen.cx, cy=seen.cy
            )
        )
        if seen.distortion:
            numbers = ", ".join(f"{value:g}" for value in seen.distortion.coefficients)
            click.echo(_("  lens: {value} distortion ({numbers})").format(value=seen.distortion.model.value, numbers=numbers))
        if self.picture.depth is not None:
            click.echo(_("  depth: {source}").format(source=one_line(self.picture.depth.source)))
        for line in (*map(described, self.solids), *map(described, self.boxes)):
            click.echo(f"  {line}")
        if self.agreement is not None:
            fit, verdict = self.agreement.fit, self.agreement.verdict
            if fit is not None:
                narrow, wide = fit.interval
                click.echo(
                    _("  the findings want {hfov:.1f}° across ({narrow:.1f}° to {wide:.1f}°, {pairs} pairs)").format(
                        hfov=fit.hfov, narrow=narrow, wide=wide, pairs=fit.pairs
                    )
                )
            colours = {Ruling.CONFIRMED: "green", Ruling.CONTRADICTED: "red", Ruling.UNDETERMINED: "yellow"}
            click.echo(
                _("  the camera agrees with what was found: {style}").format(
                    style=click.style(ruled(verdict), fg=colours[verdict.ruling])
                )
            )
            click.echo(f"    {one_line(verdict.reason)}")
        for note in self._notes:
            click.echo(_("note: {note}").format(note=one_line(note)), err=True)

    @property
    def _notes(self) -> tuple[str, ...]:
        return (*self.picture.notes, *self.known.notes, *((self.picture.depth_note,) if self.picture.depth_note else ()))


def _picture(path: str) -> Picture:
    from backend.media.images import load, load_bytes

    return load_bytes(sys.stdin.buffer.read(), "-") if path == "-" else load(Path(path))


def _known(
    ctx: click.Context, picture: Picture, fov: str | None, intrinsics: str | None, calibration: Path | None
) -> KnownCamera:
    from backend.ask import Question
    from backend.ask.solids import require_camera
    from backend.spatial.known_camera import camera_of

    given = said_of_camera(ctx, fov, intrinsics, calibration).camera((picture.width, picture.height))
    require_camera(Question("", (picture,), camera=given))
    return camera_of(picture, given)


def _asked(ctx: click.Context, model: str | None, picture: Picture, names: Sequence[str]) -> tuple[list[Box3D], list[Box]]:
    """The model's 3D boxes of these things with the rectangles that were looked for to check them, a question each."""
    from backend.ask import Asker, Question
    from backend.cli.narrator import Narrator
    from backend.events import Cancelled, Done, Failed

    narrator, asker = Narrator(), Asker(chosen(ctx, model))
    questions = [Question(name, (picture,), "boxes3d") for name in names]
    solids: list[Box3D] = []
    boxes: list[Box] = []
    failed: SightlineError | None = None
    try:
        for event in asker.ask(*questions):
            match event:
                case Done(answer=answer):
                    solids += (replace(one, id=f"s{n}") for n, one in enumerate(answer.boxes3d, len(solids) + 1))
                    boxes += (replace(one, id=f"b{n}") for n, one in enumerate(answer.boxes, len(boxes) + 1))
                case Failed(error=error):
                    failed = failed or error
                case Cancelled():
                    raise QuestionCancelled(_("cancelled"))
                case _:
                    narrator.tell(event)
    except KeyboardInterrupt:
        raise QuestionCancelled(_("cancelled")) from None
    finally:
        narrator.clear()
        asker.close()
    if failed is not None and not solids:
        raise failed
    return solids, boxes


def _judged(known: KnownCamera, picture: Picture, solids: Sequence[Box3D], boxes: Sequence[Box]) -> Agreement:
    from backend.ask.measured import ASSUMED
    from backend.spatial.camera_check import agreement
    from backend.spatial.pairing import paired

    matched = paired(solids, boxes, [known.camera])
    used = {box.id for box in matched.values()}
    pairs = [(solid, matched[solid.id]) for solid in solids if solid.id in matched]
    return agreement(pairs, [box for box in boxes if box.id not in used], known, ASSUMED.sigma(picture))


def _measured(depth: DepthMap) -> dict[str, Any]:
    import numpy as np

    from backend.scene import DepthUnit

    rows, columns = depth.values.shape
    metres = depth.unit is DepthUnit.METRES
    return {
        "unit": depth.unit.value,
        "width": columns,
        "height": rows,
        "nearest": round(float(np.nanmin(depth.values)), 3) if metres else None,
        "farthest": round(float(np.nanmax(depth.values)), 3) if metres else None,
        "source": depth.source,
    }


def _fitted(fit: FieldFit) -> dict[str, Any]:
    narrow, wide = fit.interval
    return {
        "hfov": round(fit.hfov, 2),
        "hfov_from": round(narrow, 2),
        "hfov_to": round(wide, 2),
        "focal": round(fit.camera.focal, 2),
        "pairs": fit.pairs,
        "against": list(fit.against),
    }
