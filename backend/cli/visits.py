"""`sightline places`: rooms and other places that are photographed again, what stands in them, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backend.cli.history import given_time, keep_answers, told_time
from backend.cli.naming import MODEL
from backend.cli.paths import path
from backend.errors import QuestionCancelled, UsageError
from backend.language import _, ngettext
from backend.sanitise import one_line

if TYPE_CHECKING:
    from backend.answer import Answer
    from backend.memory.places import Visit
    from backend.places.comparing import PlaceChange
    from backend.scene import Picture

_COLOURS = {"moved": "yellow", "new": "green", "gone": "red"}


@click.group(invoke_without_command=True)
@click.pass_context
def places(ctx: click.Context) -> None:
    """Remember places, and tell what moved in them between visits. Without a command: list."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_places, as_json=False)


@places.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON list instead of a table.")
def list_places(as_json: bool) -> None:
    """List the places that are known, the one that was visited last first."""
    from backend.memory.journal import default_path
    from backend.memory.places import Places

    known = Places(default_path()).summaries()
    if as_json:
        rows = [
            {"place": one.name, "visits": one.visits, "views": one.views, "first": _iso(one.first), "last": _iso(one.last)}
            for one in known
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for one in known:
        click.echo(
            _("{name}  {visits} visits, {views} views, the last {told_time}").format(
                name=one_line(one.name, 60), visits=one.visits, views=one.views, told_time=told_time(one.last)
            )
        )
    if not known:
        click.echo(_("no place is known yet: sightline places add PICTURE… --place NAME"), err=True)


@places.command()
@click.argument("pictures", nargs=-1, required=True, metavar="PICTURE…")
@click.option("--place", required=True, metavar="NAME", help="The place that they show; it is made where it is new.")
@click.option("--find", "things", multiple=True, metavar="THING", help="Locate every THING in each picture; repeat it.")
@click.option("--solid", is_flag=True, help="Ask for the 3D box of each thing that was found, which the map is drawn of.")
@click.option("--at", "time", metavar="TIME", help="When they were taken; from EXIF, else the file's date, when not given.")
@click.option("--model", "-m", type=MODEL, metavar="NAME", help="A model of the catalogue; the best that fits when not given.")
@click.pass_context
def add(
    ctx: click.Context,
    pictures: tuple[str, ...],
    place: str,
    things: tuple[str, ...],
    solid: bool,
    time: str | None,
    model: str | None,
) -> None:
    """File PICTURES (files, or folders of them) as views of a place.

    Those that were taken within an hour of each other are one visit. What was found in a picture before counts as well.
    """
    when = given_time(time)
    if solid and not things:
        raise UsageError(_("--solid says how, not what to look for"), cure=_("add --find THING, such as --find cup"))
    from backend.media.images import load
    from backend.memory.journal import default_path
    from backend.places.remembering import keep_views

    opened = [load(name) for name in _named(pictures)]
    keep_views(default_path(), place, opened, when=when)
    if things:
        _find(ctx, opened, things, solid, model, place)
    click.echo(
        ngettext("{place}: {count} view filed", "{place}: {count} views filed", len(opened)).format(
            place=one_line(place, 60), count=len(opened)
        ),
        err=True,
    )


def _named(given: Sequence[str]) -> list[Path]:
    """The pictures, and those in the folders, by name."""
    from backend.media.folder import is_picture

    named: list[Path] = []
    for one in map(Path, given):
        if one.is_dir():
            inside = sorted(file for file in one.iterdir() if is_picture(file.name) and file.is_file())
            if not inside:
                raise UsageError(
                    _("there is no picture in the folder {one}").format(one=one_line(str(one))),
                    cure=_("give pictures, or their folder"),
                )
            named += inside
        else:
            named.append(one)
    return named


def _find(
    ctx: click.Context, opened: Sequence[Picture], things: Sequence[str], solid: bool, model: str | None, place: str
) -> None:
    """Ask for the things in each picture, and keep each picture's answers as soon as they are there."""
    from backend.ask import Asker
    from backend.cli.choosing import chosen

    asker = Asker(chosen(ctx, model))
    try:
        for picture in opened:
            found = _asked(asker, picture, [(f"Locate every {thing}.", "boxes") for thing in things])
            if solid:
                labels = dict.fromkeys(box.label for answer in found for box in answer.boxes)
                found += _asked(
                    asker,
                    picture,
                    [(f"Give the 3D bounding box of the {label}.", "boxes3d") for label in labels],
                )
            keep_answers(found, [picture], place=place)
            told = ", ".join(dict.fromkeys(one_line(box.label, 40) for answer in found for box in answer.boxes)) or _(
                "nothing found"
            )
            click.echo(f"{one_line(picture.name)}: {told}", err=True)
    except KeyboardInterrupt:
        raise QuestionCancelled(_("cancelled; the pictures before this one are kept")) from None
    finally:
        asker.close()


def _asked(asker: Any, picture: Picture, questions: Sequence[tuple[str, str]]) -> list[Answer]:
    from backend.ask import Question
    from backend.events import Done, Failed

    answers: list[Answer] = []
    if not questions:
        return answers
    for event in asker.ask(*(Question(text, (picture,), task) for text, task in questions)):
        if isinstance(event, Failed):
            raise event.error
        if isinstance(event, Done):
            answers.append(event.answer)
    return answers


@places.command()
@click.argument("name")
@click.option(
    "--since", type=click.IntRange(1), default=1, metavar="N", help="Compare with the visit N before; 1 when not given."
)
@click.option(
    "--map", "drawing", type=click.Path(path_type=Path, dir_okay=False), metavar="OUT", help="Draw it from above: PNG or SVG."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
def show(name: str, since: int, drawing: Path | None, as_json: bool) -> None:
    """Show a place: its visits, what was found in it, and what became of that since the visit before."""
    if drawing is not None:
        from backend.export.place_map import check_map

        check_map(drawing)
    from backend.memory.journal import default_path
    from backend.memory.places import Places

    written, visits = Places(default_path()).visits(name)
    changes: list[PlaceChange] = []
    if len(visits) > since:
        from backend.places.comparing import between

        changes = between(visits[-1 - since], visits[-1])
    if as_json:
        click.echo(json.dumps(_as_dict(written, visits, changes), ensure_ascii=False, indent=2))
    else:
        _tell(written, visits, changes, since)
    if drawing is not None:
        from backend.export.place_map import save_map
        from backend.spatial.place_plan import merged

        plan = merged([(view.name, view.solids, view.camera, (view.width, view.height)) for view in visits[-1].views])
        save_map(drawing, plan, f"{written}, {told_time(visits[-1].began)}")
        for note in plan.notes:
            click.echo(_("note: {note}").format(note=one_line(note)), err=True)
        click.echo(f"saved {one_line(str(drawing))}", err=True)


def _tell(name: str, visits: Sequence[Visit], changes: Sequence[PlaceChange], since: int) -> None:
    click.echo(
        ngettext("{place}: {count} visit", "{place}: {count} visits", len(visits)).format(
            place=one_line(name, 60), count=len(visits)
        )
    )
    for visit in visits:
        click.echo(
            ngettext("  {when}: {count} view", "  {when}: {count} views", len(visit.views)).format(
                when=told_time(visit.began), count=len(visit.views)
            )
        )
        for view in visit.views:
            labels = ", ".join(one_line(box.label, 40) for box in view.boxes) or _("nothing found yet")
            click.echo(f"    {one_line(view.name)} ({told_time(view.when, view.clock)}): {labels}")
    if len(visits) <= since:
        click.echo(_("there is no earlier visit to compare with"), err=True)
        return
    click.echo(
        _("from {told_time} to {told_time_2}:").format(
            told_time=told_time(visits[-1 - since].began), told_time_2=told_time(visits[-1].began)
        )
    )
    for change in changes:
        became = click.style(change.said, fg=_COLOURS.get(change.became.value))
        click.echo(f"  {one_line(change.label, 40)}: {became}")
        click.echo(f"    {one_line(change.reason)}")


def _as_dict(name: str, visits: Sequence[Visit], changes: Sequence[PlaceChange]) -> dict[str, Any]:
    return {
        "place": name,
        "visits": [
            {
                "began": _iso(visit.began),
                "ended": _iso(visit.ended),
                "views": [
                    {
                        "path": None if view.path is None else str(view.path),
                        "sha256": view.sha256,
                        "time": view.time,
                        "taken": _iso(view.when),
                        "taken_from": view.clock.value,
                        "boxes": [{"label": box.label, "bbox": [round(v, 2) for v in box.corners]} for box in view.boxes],
                        "boxes3d": [
                            {"label": box.label, "centre": list(box.centre), "size": list(box.size)} for box in view.solids
                        ],
                    }
                    for view in visit.views
                ],
            }
            for visit in visits
        ],
        "changes": [change.as_dict() for change in changes],
    }


def _iso(when: Any) -> str:
    return str(when.isoformat(timespec="milliseconds"))


@places.command()
@click.argument("name")
@click.argument("new")
def rename(name: str, new: str) -> None:
    """Give a place another name."""
    from backend.memory.journal import default_path
    from backend.memory.places import Places

    Places(default_path()).rename(name, new)


@places.command()
@click.argument("name")
def forget(name: str) -> None:
    """Forget a place and its visits. Answers about its pictures stay: sightline forget takes those."""
    from backend.memory.journal import default_path
    from backend.memory.places import Places

    gone = Places(default_path()).forget(name)
    click.echo(
        ngettext("forgot {place} and {count} visit", "forgot {place} and {count} visits", gone).format(
            place=one_line(name, 60), count=gone
        ),
        err=True,
    )


places.add_command(path)
