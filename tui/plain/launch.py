"""From what the command line asked for to a conversation in lines: the model, the pictures, and what is kept."""

from __future__ import annotations

from pathlib import Path

from backend.ask import Asker
from backend.ask.loaded import is_loaded
from backend.catalog import ModelStore, consider, load_catalog
from backend.catalog.places import demo_folder
from backend.cli.request import AppRequest
from backend.errors import SightlineError
from backend.language import _
from tui.plain.commands import completed
from tui.plain.console import REMEMBERED, Console
from tui.plain.keeping import Keeping
from tui.plain.pictures import Pictures
from tui.plain.talk import Talk


def run_plain(request: AppRequest) -> int:
    """Talk until the input ends; the exit code is 0 at a terminal, and in a pipe that of the first thing that went wrong.

    Raises ModelError where there is no model, and what the first paths cannot be opened for.
    """
    console = Console()
    choice = consider(load_catalog(), ModelStore(), "demo" if request.demo else request.model, is_loaded=is_loaded)
    pictures = Pictures()
    given = request.paths or ((demo_folder() / "samples",) if request.demo else ())
    try:
        pictures.open(given or (Path.cwd(),))
    except SightlineError:
        if given:
            raise
    keeping = Keeping(
        tuple(path.absolute() for path in given) or (Path.cwd(),),
        choice.model.card.name,
        console.complain,
        session=console.interactive,
    )
    asker = Asker(choice.model)
    talk = Talk(asker, console, keeping, pictures, request.camera)
    try:
        _start(talk, console, keeping, choice.passed_over, _(choice.model.card.note), request)
        for line in console.lines(lambda: talk.pictures.title):
            try:
                if not talk.hear(line):
                    break
            except KeyboardInterrupt:  # in a command that has no answer to stop
                if not console.interactive:
                    raise
                console.note(_("Stopped."))
    finally:
        keeping.close()
        asker.close()
    return console.first_error.exit_code if console.first_error is not None and not console.interactive else 0


def _start(
    talk: Talk, console: Console, keeping: Keeping, passed_over: tuple[str, ...], note: str, request: AppRequest
) -> None:
    for reason in passed_over:
        console.once(_("Note: {warning}").format(warning=reason))
    if not console.interactive:
        return
    console.prepare(keeping.earlier_questions(REMEMBERED), completed)
    if note:
        console.once(_("Note: {warning}").format(warning=note))
    if request.resume is not None:
        talk.hear(f"/resume {request.resume}")
    else:
        talk.introduce()
