"""Commands in the user's language: what click made of docstrings and decorators, translated when a command is looked up.

They are written in English where the command is, as everywhere with click, and have no mark: `scripts/messages` finds them in
the commands themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc

import click

from backend.language import _


def texts(command: click.Command) -> Iterator[str]:
    """Every sentence of a command and of those below it that its help shows."""
    yield from (cleandoc(text) for text in (command.help, command.short_help, command.epilog) if text)
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            yield cleandoc(parameter.help)
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from texts(below)


def localised(command: click.Command) -> click.Command:
    """The same command, whose help is in the language in use."""
    command.help, command.short_help = _said(command.help), _said(command.short_help)
    command.epilog = _said(command.epilog)
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            parameter.help = _said(parameter.help)
    if isinstance(command, click.Group):
        for below in command.commands.values():
            localised(below)
    return command


def _said(text: str | None) -> str | None:
    return _(cleandoc(text)) if text else text
