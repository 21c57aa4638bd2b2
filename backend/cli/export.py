"""`sightline export`: answers that were given before, as reports, tables, data sets and evidence."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from backend.errors import UsageError
from backend.language import _
from backend.sanitise import one_line

if TYPE_CHECKING:
    from backend.cli.answers import Found

FORMATS = ("html", "markdown", "png", "json", "csv", "coco", "yolo", "label-studio", "bundle", "ply")
"""As `backend.export.formats` has them, which would be heavy to import here; a test holds them against each other."""


@click.command()
@click.argument("format_", type=click.Choice(FORMATS), metavar="FORMAT")
@click.argument("answers", required=False, metavar="[ANSWERS]")
@click.option(
    "--out", "-o", required=True, type=click.Path(path_type=Path), metavar="TARGET", help="The file or folder to make."
)
@click.option("--session", metavar="NAME", help="What was answered in this session of the app (sightline sessions list).")
@click.option("--last", type=click.IntRange(1, 100_000), metavar="N", help="The last N answers that were remembered.")
@click.option("--force", is_flag=True, help="Replace a file that is there. A folder is never replaced.")
def export(format_: str, answers: str | None, out: Path, session: str | None, last: int | None, force: bool) -> None:
    """Export answers as FORMAT: html, markdown, png, json, csv, coco, yolo, label-studio, bundle or ply.

    ANSWERS is a file that ask --json or batch wrote; - or nothing is standard input. All of them go into one report or data
    set, each picture once. Boxes are in the format's own coordinates of the upright picture.

    Exit codes: 0 exported, 2 usage, 3 a picture that is needed is missing, 4 a model that is needed is missing, 5 not written.
    """
    found = _found(answers, session, last)
    from backend.cli.answers import paths_of
    from backend.export.exporting import export as exported
    from backend.export.originals import Originals

    originals = Originals(found.folders, paths_of(found.answers))
    written = exported(format_, found.answers, out, originals, replace=force)
    for note in (*found.notes, *written.notes):
        click.echo(_("note: {note}").format(note=one_line(note)), err=True)
    click.echo(_("saved {path}").format(path=one_line(str(written.path))), err=True)


def _found(answers: str | None, session: str | None, last: int | None) -> Found:
    from backend.cli.answers import answers_from, answers_of_session, last_answers

    if sum(one is not None for one in (answers, session, last)) > 1:
        raise UsageError(_("answers come from one place only"), cure=_("give a file, --session or --last"))
    if session is not None:
        return answers_of_session(session)
    if last is not None:
        return last_answers(last)
    if answers is None and sys.stdin.isatty():
        raise UsageError(_("no answers were given"), cure=_("give a file of answers, --session NAME or --last N"))
    return answers_from(answers or "-")
