"""`sightline recall` and `sightline forget`: where a thing was seen last, and what is to be remembered no longer."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backend.cli.history import given_time, told_time
from backend.errors import SightlineError, UsageError
from backend.language import _, ngettext
from backend.sanitise import one_line

if TYPE_CHECKING:
    from backend.memory.recall import Sighting
    from backend.places.comparing import PlaceChange


class NotSeen(SightlineError):
    """Nothing of that name was ever found. Exit code 1, as of grep."""

    exit_code = 1


@click.command()
@click.argument("thing")
@click.option("--place", metavar="NAME", help="In this place only.")
@click.option("--crop", type=click.Path(path_type=Path, dir_okay=False), metavar="OUT.png", help="Save what it looked like.")
@click.option("--all", "everything", is_flag=True, help="Every sighting, not only the last in each place.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
def recall(thing: str, place: str | None, crop: Path | None, everything: bool, as_json: bool) -> None:
    """Say where and when THING was last seen, and whether it moved between visits.

    Names are found by their words, in any order, singular or plural, with a slip of the finger; in English and Chinese.
    """
    if crop is not None:
        from backend.export.saving import check_destination

        check_destination(crop)
    from backend.memory.journal import default_path
    from backend.memory.recall import recall as looked_up

    sightings = looked_up(default_path(), thing, place)
    if not sightings:
        raise NotSeen(
            _("nothing called “{thing}” was ever found").format(thing=one_line(thing, 60)),
            cure=_("ask for it: sightline ask QUESTION PICTURE"),
        )
    shown = sightings if everything else _last_of_each(sightings)
    changes = _changes(shown)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "query": thing,
                    "sightings": [_as_dict(one) for one in shown],
                    "changes": [{"place": where, **change.as_dict()} for where, change in changes],
                },
                ensure_ascii=False,
                indent=2,
            )
        )
    else:
        for one in shown:
            _tell(one)
        for where, change in changes:
            click.echo(
                _("in {where}, since the visit before: {label} {value}").format(
                    where=one_line(where, 60), label=one_line(change.label, 40), value=change.said
                )
            )
            click.echo(f"  {one_line(change.reason)}")
    _show(shown[0], crop, as_json)


def _last_of_each(sightings: list[Sighting]) -> list[Sighting]:
    """The last sighting of each name in each place."""
    kept: dict[tuple[str, str], Sighting] = {}
    for one in sightings:
        kept.setdefault((one.label.casefold(), one.place), one)
    return list(kept.values())


def _changes(shown: list[Sighting]) -> list[tuple[str, PlaceChange]]:
    """What became of these things between the last two visits of their places."""
    from backend.memory.journal import default_path
    from backend.memory.places import Places
    from backend.places.comparing import between

    told = []
    for place in dict.fromkeys(one.place for one in shown if one.place):
        name, visits = Places(default_path()).visits(place)
        if len(visits) > 1:
            labels = {one.label.casefold() for one in shown if one.place == place}
            told += [(name, change) for change in between(visits[-2], visits[-1]) if change.label.casefold() in labels]
    return told


def _tell(one: Sighting) -> None:
    place = f", in {one_line(one.place, 60)}" if one.place else ""
    moment = "" if one.view.time is None else f" at {one.view.time:.2f} s"
    click.echo(
        _("{label}: last seen {told_time}{place}").format(
            label=one_line(one.label, 60), told_time=told_time(one.view.when, one.view.clock), place=place
        )
    )
    click.echo(f"  {one_line(one.view.name)}{moment}  {_where(one)}")


def _where(one: Sighting) -> str:
    from backend.scene import Box, Point

    match one.finding:
        case Box(x1=x1, y1=y1, x2=x2, y2=y2):
            return f"x {x1:.0f}–{x2:.0f}, y {y1:.0f}–{y2:.0f} px"
        case Point(x=x, y=y):
            return f"x {x:.0f}, y {y:.0f} px"
        case solid:
            return _("{centre:.2f} m ahead (the model's estimate)").format(centre=solid.centre[2])


def _as_dict(one: Sighting) -> dict[str, Any]:
    return {
        "label": one.label,
        "place": one.place or None,
        "taken": one.view.when.isoformat(timespec="milliseconds"),
        "taken_from": one.view.clock.value,
        "path": None if one.view.path is None else str(one.view.path),
        "sha256": one.view.sha256,
        "time": one.view.time,
        "bbox": None if one.box is None else [round(v, 2) for v in one.box.corners],
        "confidence": one.finding.confidence,
        "question": one.question,
    }


def _show(one: Sighting, target: Path | None, as_json: bool) -> None:
    """Save the crop where that was asked for, and draw it where there is a terminal that can."""
    drawable = not as_json and sys.stdout.isatty()
    if target is None and not drawable:
        return
    if one.box is None:
        if target is not None:
            raise UsageError(
                _("“{label}” was found without a box").format(label=one_line(one.label, 60)),
                cure=_("ask where it is, and recall it again"),
            )
        return
    from backend.places.crops import NothingToShow, crop

    try:
        cut = crop(one.view, one.box)
    except NothingToShow as error:
        if target is not None:
            raise
        click.echo(_("note: {message}").format(message=one_line(error.message)), err=True)
        return
    if cut.note:
        click.echo(_("note: the crop is {note}").format(note=one_line(cut.note)), err=True)
    if target is not None:
        from backend.export.saving import save

        save(cut.image, target)
        click.echo(f"saved {one_line(str(target))}", err=True)
    if drawable:
        from backend.export.half_blocks import drawn
        from backend.terminal import Terminal

        terminal = Terminal.detect(os.environ, sys.stdout.encoding or "ascii", os.get_terminal_size())
        for line in drawn(cut.image, terminal):
            click.echo(line, color=True)


@click.command()
@click.argument("pictures", nargs=-1, metavar="[PICTURE]…")
@click.option("--before", metavar="TIME", help="Forget every answer that is older.")
@click.option("--everything", is_flag=True, help="Forget all answers, pictures and places.")
def forget(pictures: tuple[str, ...], before: str | None, everything: bool) -> None:
    """Forget PICTURES (by path or SHA-256) and every answer about them. The picture files themselves stay.

    What is forgotten is overwritten in the journal's file. To keep nothing in the first place: SIGHTLINE_MEMORY=off.
    """
    if (len(pictures) > 0) + (before is not None) + everything != 1:
        raise UsageError(_("say what to forget"), cure=_("give PICTURES, or --before TIME, or --everything"))
    from backend.memory.journal import Journal, default_path

    journal = Journal(default_path())
    if everything:
        gone = journal.forget_everything()
    elif (when := given_time(before)) is not None:
        gone = journal.forget_before(when)
    else:
        gone = journal.forget_pictures(pictures)
    click.echo(ngettext("forgot {count} answer", "forgot {count} answers", gone).format(count=gone), err=True)
