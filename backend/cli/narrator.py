"""Progress on standard error, on one line that is wiped again; silent where standard error is no terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from backend.language import _
from backend.sanitise import one_line

if TYPE_CHECKING:
    from backend.events import AskEvent


class Narrator:
    """Says what the model is doing until there is something to read."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._shown = False

    def tell(self, event: AskEvent) -> None:
        self.say(_progress(event))

    def say(self, text: str) -> None:
        if self._live and text:
            click.echo(f"\r\x1b[K{text}", nl=False, err=True)
            self._shown = True

    def clear(self) -> None:
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)
            self._shown = False


def _progress(event: AskEvent) -> str:
    from backend.events import Encoding, Loading, Prefilling

    match event:
        case Loading(model=model, fraction=fraction):
            return _("loading {model} … {fraction:.0%}").format(model=one_line(model), fraction=fraction)
        case Encoding(done=done, total=total):
            return _("looking at the picture … {done}/{total}").format(done=done, total=total)
        case Prefilling(done=done, total=total):
            return _("reading the question … {done}/{total} tokens").format(done=done, total=total)
        case _:
            return ""
