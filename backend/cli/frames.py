"""`sightline frames`: what a film holds, and some of its frames as picture files; no model is asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backend.cli.films import film_options, wanted
from backend.errors import SightlineError
from backend.language import _
from backend.sanitise import one_line, quoted

if TYPE_CHECKING:
    from backend.media.film import FilmInfo
    from backend.scene import Picture


@click.command()
@click.argument("film", type=click.Path(path_type=Path))
@film_options
@click.option(
    "--out", "folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Save them there, as PNG."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
def frames(
    film: Path,
    count: int | None,
    fps: float | None,
    scenes: bool,
    start: float | None,
    end: float | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """List frames of FILM, each with the time at which it is first shown, and save them with --out.

    Two a second unless --frames, --fps or --scenes says otherwise. A time is in seconds from the first frame.
    """
    which = wanted(count, fps, scenes, start, end)
    from backend.media.film import open_film
    from backend.media.film.choice import choose

    with open_film(film) as opened:
        for note in opened.info.notes:
            click.echo(_("note: {note}").format(note=one_line(note)), err=True)
        times = choose(opened, which).times
        if not as_json:
            click.echo(_described(opened.info))
        told = []
        for picture in opened.frames(times, most_pixels=opened.info.width * opened.info.height):
            saved = None if folder is None else _saved(picture, folder, film.stem)
            told.append(_told(picture, saved))
            if not as_json:
                click.echo(f"  {_line(picture, saved)}")
    if as_json:
        whole = {**opened.info.as_dict(), "shown": told}
        click.echo(json.dumps(whole, ensure_ascii=False).encode("utf-8", "backslashreplace"))


def _described(info: FilmInfo) -> str:
    from backend.scene.moments import stamp

    turned = _(", turned by {rotation}°").format(rotation=info.rotation) if info.rotation else ""
    turned += ", mirrored" if info.mirrored else ""
    about = "" if info.frames_known else "about "
    return _(
        "{name}: {width}×{height} px{turned}, {stamp}, {about}{frames} frames, {fps:.4g} a second, {codec} in {container}"
    ).format(
        name=one_line(info.name),
        width=info.width,
        height=info.height,
        turned=turned,
        stamp=stamp(info.duration),
        about=about,
        frames=info.frames,
        fps=info.fps,
        codec=one_line(info.codec),
        container=one_line(info.container),
    )


def _line(picture: Picture, saved: Path | None) -> str:
    from backend.scene.moments import stamp

    assert picture.time is not None
    return stamp(picture.time) + ("" if saved is None else f"  {one_line(str(saved))}")


def _told(picture: Picture, saved: Path | None) -> dict[str, Any]:
    assert picture.time is not None
    return {"time": round(picture.time, 3), "sha256": picture.sha256, "file": None if saved is None else str(saved)}


def _saved(picture: Picture, folder: Path, stem: str) -> Path:
    """Write a frame; its file is named for its time, without the colons that some file systems refuse."""
    from backend.media.images import as_image
    from backend.scene.moments import stamp

    assert picture.time is not None
    path = folder / f"{stem}_{stamp(picture.time).replace(':', '-')}.png"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        as_image(picture).save(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SightlineError(
            _("{path} cannot be written: {reason}").format(path=quoted(path), reason=reason), cure=_("give another --out")
        ) from error
    return path
