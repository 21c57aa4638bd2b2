"""`sightline places path`: the way of the camera through a film, seen from above, up to scale."""

from __future__ import annotations

import json
from pathlib import Path

import click

from backend.cli.cameras import camera_options, said_of_camera
from backend.cli.films import film_options, wanted
from backend.language import _
from backend.sanitise import one_line


@click.command()
@click.argument("film", type=click.Path(path_type=Path))
@click.option(
    "--map", "drawing", type=click.Path(path_type=Path, dir_okay=False), metavar="OUT", help="Draw it from above: PNG or SVG."
)
@camera_options
@film_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
@click.pass_context
def path(
    ctx: click.Context,
    film: Path,
    drawing: Path | None,
    fov: str | None,
    intrinsics: str | None,
    calibration: Path | None,
    count: int | None,
    fps: float | None,
    scenes: bool,
    start: float | None,
    end: float | None,
    as_json: bool,
) -> None:
    """Estimate the way of the camera through FILM, of a scene that stands still.

    Two frames a second unless --frames or --fps says otherwise. Its scale is unknown: lengths are in those of the first step.
    """
    which = wanted(count, fps, scenes, start, end)
    if drawing is not None:
        from backend.export.place_map import check_map

        check_map(drawing)
    from backend.media.film import open_film
    from backend.media.film.choice import choose
    from backend.spatial.camera import Camera
    from backend.spatial.camera_path import camera_path
    from backend.spatial.known_camera import camera_of

    with open_film(film) as opened:
        times = choose(opened, which).times
        size = (opened.info.width, opened.info.height)
        given = said_of_camera(ctx, fov, intrinsics, calibration).camera(size)
        frames = list(opened.frames(times))
    known = camera_of(frames[0], given).intrinsics
    found = camera_path(frames, Camera.of(known, frames[0].width, frames[0].height))
    if as_json:
        rows = [{"time": frame.time, "place": list(place)} for frame, place in zip(frames, found.places, strict=True)]
        steps = [
            {"length": step.length, "compared": step.compared, "turned_degrees": step.turned, "enough": step.pose.enough}
            for step in found.steps
        ]
        told = {
            "film": str(film),
            "unit": "lengths of the first step",
            "places": rows,
            "steps": steps,
            "notes": list(found.notes),
        }
        click.echo(json.dumps(told, ensure_ascii=False).encode("utf-8", "backslashreplace"))
    else:
        for frame, (x, __, z) in zip(frames, found.places, strict=True):
            click.echo(_("  {time:7.2f} s  {x:+.2f} right, {z:+.2f} ahead").format(time=frame.time, x=x, z=z))
        click.echo(_("  camera: {source}").format(source=one_line(known.source)))
    for note in found.notes:
        click.echo(_("note: {note}").format(note=one_line(note)), err=True)
    if drawing is not None:
        from backend.export.place_map import save_map
        from backend.spatial.place_plan import PlacePlan

        save_map(drawing, PlacePlan((), (), ()), _("{name}: the camera's way").format(name=film.name), found.from_above)
        click.echo(f"saved {one_line(str(drawing))}", err=True)
