"""`sightline stereo`: depth from two pictures of one scene, by geometry alone.

A pair tells metres where the focal length and the baseline are known, and says what they are worth; without a baseline,
and from two free views, everything is up to scale.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from backend.cli.choosing import chosen
from backend.cli.naming import MODEL
from backend.errors import QuestionCancelled, UsageError
from backend.language import _
from backend.sanitise import one_line, quoted

if TYPE_CHECKING:
    from backend.ask.locating import Located
    from backend.cli.stereo_told import Told
    from backend.scene import Picture
    from backend.spatial.known_camera import GivenCamera, KnownCamera

SUSPICIOUS = 5.0
"""Metres: a calibration with a longer baseline was made in millimetres or centimetres."""


@click.command()
@click.argument("left", type=click.Path(path_type=Path))
@click.argument("right", type=click.Path(path_type=Path))
@click.option("--baseline", type=float, metavar="METRES", help="From one camera to the other; without it all is up to scale.")
@click.option("--fov", metavar="DEGREES", help="The camera's horizontal field of view; from EXIF, else 60, when not given.")
@click.option(
    "--intrinsics", "--focal-px", metavar="FX[,FY][,CX,CY]", help="In its place, in pixels of the upright left picture."
)
@click.option(
    "--calibration",
    "calibrations",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Of the pair, by which it is rectified; give two for intrinsics and extrinsics, or left and right. With --free: of "
    "the camera.",
)
@click.option("--free", is_flag=True, help="Two views taken freely: find out how the camera moved; distances up to scale.")
@click.option("--find", "wanted", multiple=True, metavar="WHAT", help="Say how far this is, as the model finds it; repeat it.")
@click.option(
    "--model", "-m", type=MODEL, metavar="NAME", help="The model that finds things; the best that fits when not given."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write disparity.png, depth.npy, depth-mm.png, cloud.ply and summary.json there.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.pass_context
def stereo(
    ctx: click.Context,
    left: Path,
    right: Path,
    baseline: float | None,
    fov: str | None,
    intrinsics: str | None,
    calibrations: tuple[Path, ...],
    free: bool,
    wanted: tuple[str, ...],
    model: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Measure depth from LEFT and RIGHT, two pictures of one scene in which nothing moved.

    A pair is taken to be rectified unless a calibration rectifies it. Depth lies over LEFT, along its camera's axis.
    """
    from backend.media.images import load

    if any(not what.strip() for what in wanted):
        raise UsageError(_("--find has no name"), cure=_('name a thing, as in --find "red box"'))
    if out is not None and out.exists() and not out.is_dir():
        raise UsageError(f"{quoted(out)} is a file", cure=_("give a folder for what is written"))
    pictures = load(left), load(right)
    told = _measured(pictures, baseline, fov, intrinsics, calibrations, free=free)
    told.located = _located(ctx, model, pictures[0], list(dict.fromkeys(what.strip() for what in wanted)))
    if out is not None:
        told.save(out)
    if as_json:
        click.echo(json.dumps(told.as_dict(), ensure_ascii=False).encode("utf-8", "backslashreplace"))
    else:
        for line in told.lines():
            click.echo(line)
    for path in told.files:
        click.echo(f"saved {one_line(str(path))}", err=True)
    for note in told.notes():
        click.echo(_("note: {note}").format(note=one_line(note)), err=True)


def _measured(
    pictures: tuple[Picture, Picture],
    baseline: float | None,
    fov: str | None,
    intrinsics: str | None,
    calibrations: tuple[Path, ...],
    *,
    free: bool,
) -> Told:
    """Depth, in whichever of the three ways. Raises what the reading and the measuring raise."""
    from backend.cli.cameras import given_camera
    from backend.cli.stereo_told import Told
    from backend.spatial.stereo import calibrated_pair, measure

    first, second = pictures
    size = first.width, first.height
    names = first.name, second.name
    if len(calibrations) > (1 if free else 2):
        raise UsageError(_("too many calibrations"), cure=_("give one of the camera with --free, else one or two of the pair"))
    if calibrations and not free:
        if fov is not None or intrinsics is not None:
            raise UsageError(_("the calibration tells the focal length as well"), cure=_("give one of them"))
        from backend.media.calibration import read_stereo

        made = read_stereo(calibrations[0], calibrations[1] if len(calibrations) > 1 else None, size)
        length = made.baseline if baseline is None else baseline
        source = _("stereo pair, baseline {length:.4g} m, rectified by {source}").format(length=length, source=made.left.source)
        pair = calibrated_pair(first, second, made, baseline, source)
        notes = []
        if length > SUSPICIOUS:
            notes.append(
                _(
                    "the baseline is {length:g}: metres only if the calibration was made in metres; else give "
                    "--baseline in metres"
                ).format(length=length)
            )
        result = measure(pair, names, calibrated=True)
        return Told(pictures, "calibrated", result, made.left.source, pair.focal, length, remarks=notes)
    given = given_camera(fov, intrinsics, calibrations[0] if calibrations else None, size)
    return measured_by(pictures, given, baseline, free=free)


def measured_by(pictures: tuple[Picture, Picture], given: GivenCamera | None, baseline: float | None, *, free: bool) -> Told:
    """Depth of a pair that is rectified as it is, or of two views taken freely, by one camera: the given one, else that of
    EXIF, else a guess. `baseline`: metres. Raises PairRefused, MissingExtra, and UsageError for a camera that took no such
    picture."""
    from backend.cli.stereo_told import Told
    from backend.spatial.stereo import measure, measure_free, rectified_pair

    first, second = pictures
    known = _camera(first, given)
    notes = [*known.notes]
    if known.assumed:
        notes.append(
            _("the focal length is a guess ({source}), and every distance is off by as much as it is").format(
                source=known.source
            )
        )
    if free:
        views = measure_free(first, second, known.camera, _camera(second, given).camera, baseline)
        return Told(pictures, "free", views.stereo, known.source, known.camera.focal, baseline, views, notes)
    pair = rectified_pair(first, second, known.camera, baseline, _source(known, baseline))
    return Told(
        pictures,
        "rectified",
        measure(pair, (first.name, second.name)),
        known.source,
        known.camera.focal,
        baseline,
        remarks=notes,
    )


def _camera(picture: Picture, given: GivenCamera | None) -> KnownCamera:
    from backend.spatial.known_camera import camera_of

    try:
        return camera_of(picture, given)
    except ValueError as error:
        raise UsageError(str(error), cure=_("give the camera that took this picture")) from None


def _source(known: KnownCamera, baseline: float | None) -> str:
    apart = _("distances in baselines") if baseline is None else f"baseline {baseline:g} m"
    return _("stereo pair, {apart}, focal length {focal:.1f} px ({source})").format(
        apart=apart, focal=known.camera.focal, source=known.source
    )


def _located(ctx: click.Context, model: str | None, picture: Picture, names: list[str]) -> list[Located]:
    """What the model finds in the left picture."""
    if not names:
        return []
    from backend.ask import Asker
    from backend.ask.locating import locate
    from backend.cli.narrator import Narrator

    asker, narrator = Asker(chosen(ctx, model)), Narrator()
    try:
        return locate(asker, picture, names, heard=narrator.tell)
    except KeyboardInterrupt:
        raise QuestionCancelled(_("cancelled")) from None
    finally:
        narrator.clear()
        asker.close()
