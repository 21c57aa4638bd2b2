"""`sightline words`: the text in a picture, line by line, with its places; no model is asked."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backend.cli.choosing import chosen
from backend.cli.findings import print_claim
from backend.cli.naming import MODEL
from backend.errors import UsageError
from backend.language import N_, _
from backend.sanitise import one_line, quoted

if TYPE_CHECKING:
    from backend.scene import Box, Claim, Picture


@click.command()
@click.argument("name", metavar="PICTURE")
@click.option(
    "--find", "wanted", metavar="TEXT", help="Only the line that reads so, or nearly so; exits with 1 where there is none."
)
@click.option(
    "--check",
    "statement",
    metavar="STATEMENT",
    help="Hold “the sign that says EXIT is left of the door” against what was read.",
)
@click.option("--model", "-m", type=MODEL, metavar="NAME", help="For --check: the model that finds what no text names.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.option(
    "--save",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT.png",
    help="Write the picture with its lines of text drawn in.",
)
@click.pass_context
def words(
    ctx: click.Context,
    name: str,
    wanted: str | None,
    statement: str | None,
    model: str | None,
    as_json: bool,
    save: Path | None,
) -> None:
    """Read the text in PICTURE; `-` reads it from standard input.

    Lines come from top to bottom, with their boxes in pixels of the upright picture, and with how sure the reader is. With
    --check a statement about something that is named by what is written on it is judged by geometry.
    """
    if wanted is not None and not wanted.strip():
        raise UsageError(_("no text was given to be found"), cure=_('sightline words PICTURE --find "EXIT"'))
    if save is not None:
        from backend.export.saving import check_destination

        check_destination(save)
    from backend.ask.words import read_as
    from backend.media.images import load, load_bytes
    from backend.witness.words import WordReader

    picture = load_bytes(sys.stdin.buffer.read(), "-") if name == "-" else load(Path(name))
    lines = WordReader().read(picture)
    if wanted is not None:
        found = read_as(wanted, lines)
        lines = () if found is None else (found,)
    claims, grounds = _judged(ctx, model, statement, picture, lines) if statement else ([], [])
    if as_json:
        told = {**_as_dict(picture, lines), "boxes": [box.as_dict() for box in grounds]}
        told["claims"] = [claim.as_dict() for claim in claims]
        click.echo(json.dumps(told, ensure_ascii=False).encode("utf-8", "backslashreplace"))
    else:
        for line in lines:
            click.echo(_said(line))
        for claim in claims:
            print_claim(claim, statement or "", said_by=N_("statement"))
    if save is not None:
        from backend.export.overlay import save_overlay

        save_overlay(save, picture, [*lines, *(box for box in grounds if box.found_by == "model")])
        click.echo(f"saved {one_line(str(save))}", err=True)
    if not lines:
        about = (
            _("no text was read")
            if wanted is None
            else _("nothing that reads {wanted} was read").format(wanted=quoted(one_line(wanted, 60)))
        )
        click.echo(_("note: {about} in {name}").format(about=about, name=quoted(name)), err=True)
        ctx.exit(0 if wanted is None else 1)


def _judged(
    ctx: click.Context, model: str | None, statement: str, picture: Picture, lines: Sequence[Box]
) -> tuple[list[Claim], list[Box]]:
    """The statement's claims and what grounds them; a model is loaded only where something is named by no text."""
    from backend.ask import Asker
    from backend.ask.locating import locate
    from backend.ask.words import judged

    def looked_for(names: Sequence[str]) -> list[Box]:
        asker = Asker(chosen(ctx, model))
        try:
            return [replace(box, label=one.name) for one in locate(asker, picture, names) for box in one.boxes[:1]]
        finally:
            asker.close()

    return judged(statement, picture, lines, looked_for)


def _as_dict(picture: Picture, lines: tuple[Box, ...]) -> dict[str, Any]:
    from backend.answer import PictureRef

    return {"schema": 1, "picture": PictureRef.of(picture).as_dict(), "words": [line.as_dict() for line in lines]}


def _said(line: Box) -> str:
    x1, y1, x2, y2 = (round(side) for side in line.corners)
    sure = "" if line.confidence is None else f"  {line.confidence:.0%}"
    turned = "".join(_("  turned by {value:g}°").format(value=value) for key, value in line.attributes if key == "angle")
    return f"  {line.id:<4}{one_line(line.label)}  x {x1}–{x2}, y {y1}–{y2} px{sure}{turned}"
