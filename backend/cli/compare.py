"""`sightline compare`: what moved, appeared, disappeared and came nearer between pictures.

Each picture is asked alone where everything is; what changed is geometry's to say. Standard output is data: one line a
change, or one JSON object of the published form.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from backend.cli.naming import MODEL
from backend.cli.narrator import Narrator
from backend.errors import QuestionCancelled, UsageError
from backend.language import _
from backend.sanitise import one_line
from backend.scene import Change, ChangeKind
from backend.scene.phrasing import happened

if TYPE_CHECKING:
    from backend.answer import Answer
    from backend.scene import Finding, Picture

_COLOURS = {
    ChangeKind.MOVED: "yellow",
    ChangeKind.NEARER: "magenta",
    ChangeKind.FARTHER: "magenta",
    ChangeKind.APPEARED: "green",
    ChangeKind.DISAPPEARED: "red",
}


@click.command()
@click.argument("pictures", nargs=-1, metavar="PICTURE PICTURE…")
@click.option(
    "--question", "-q", default="", metavar="TEXT", help='What to look for, such as "where is every cup?"; else everything.'
)
@click.option("--model", "-m", type=MODEL, metavar="NAME", help="A model of the catalogue; the best that fits when not given.")
@click.option("--solids", is_flag=True, help="Ask for 3D boxes as well: a second witness of what is nearer.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object (sightline schema) instead of text.")
@click.option(
    "--export",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT.png",
    help="Write the pictures side by side, with boxes, and arrows from where things were.",
)
@click.option(
    "--second-looks/--no-second-looks",
    default=True,
    show_default=True,
    help="Look again, enlarged, at what is small or doubtful.",
)
@click.pass_context
def compare(
    ctx: click.Context,
    pictures: tuple[str, ...],
    question: str,
    model: str | None,
    solids: bool,
    as_json: bool,
    export: Path | None,
    second_looks: bool,
) -> None:
    """Say what changed from each PICTURE to the next; the earliest comes first.

    The camera's own motion is taken off where at least three things agree on it. A thing whose place the next picture does
    not show has left the view, and is not said to have disappeared.
    """
    if len(pictures) < 2:
        raise UsageError(_("comparing takes at least two pictures"), cure=_("sightline compare BEFORE.png AFTER.png"))
    if pictures.count("-") > 1:
        raise UsageError(_("standard input can be only one of the pictures"), cure=_("give - once"))
    from backend.ask import Asker, comparing
    from backend.cli.choosing import chosen

    if export is not None:
        from backend.export.saving import check_destination

        check_destination(export)  # before minutes are spent on an answer that could not be kept
    opened = tuple(map(_read, pictures))
    asker, narrator = Asker(chosen(ctx, model)), Narrator()
    try:
        answer = comparing.compare(asker, opened, question, solids=solids, second_looks=second_looks, heard=narrator.tell)
    except KeyboardInterrupt:
        raise QuestionCancelled(_("cancelled")) from None
    finally:
        narrator.clear()
        asker.close()
    if as_json:
        click.echo(json.dumps(answer.as_dict(), ensure_ascii=False).encode("utf-8", "backslashreplace"))
    else:
        _print(answer)
    if export is not None:
        _export(export, opened, answer)


def _read(name: str) -> Picture:
    from backend.media.images import load, load_bytes

    return load_bytes(sys.stdin.buffer.read(), "-") if name == "-" else load(Path(name))


def _print(answer: Answer) -> None:
    """What each picture shows, what the camera did, and the changes with what backs them."""
    found = {finding.id: finding for finding in answer.findings}
    for number, picture in enumerate(answer.pictures, 1):
        things = sum(box.picture == number - 1 for box in answer.boxes)
        click.echo(
            _("picture {number}  {path}  {things} found").format(number=number, path=one_line(picture.path), things=things)
        )
    for motion in answer.motions:
        click.echo(f"\n{motion.before + 1} → {motion.after + 1}: {one_line(motion.reason)}")
        for change in answer.changes:
            if change.before == motion.before:
                _print_change(change, found)
    for warning in answer.warnings:
        click.echo(_("note: {warning}").format(warning=one_line(warning)), err=True)


def _print_change(change: Change, found: dict[str, Finding]) -> None:
    kind = click.style(f"{happened(change.kind):<12}", fg=_COLOURS.get(change.kind), dim=change.kind not in _COLOURS)
    ids = " → ".join(id_ for id_ in (change.before_id, change.after_id) if id_ in found)
    click.echo(f"  {kind}  {one_line(change.label) or 'something'}  {ids}")
    click.echo(f"    {one_line(change.reason)}")


def _export(path: Path, pictures: tuple[Picture, ...], answer: Answer) -> None:
    from backend.export.comparison import save_comparison

    save_comparison(path, pictures, answer)
    click.echo(f"saved {one_line(str(path))}", err=True)
