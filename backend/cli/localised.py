"""Commands in the user's language: what click made of docstrings and decorators, translated when a command is looked up.

They are written in English where the command is, as everywhere with click, and have no mark: `scripts/messages` finds them in
the commands themselves. What was written is kept, so that one process can speak one language after the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc
from weakref import WeakKeyDictionary

import click

from backend.language import _

_Texts = dict[str, str]
_WRITTEN: WeakKeyDictionary[click.Command | click.Parameter, _Texts] = WeakKeyDictionary()
"""The English texts of what has been looked up, by attribute."""


def texts(command: click.Command) -> Iterator[str]:
    """Every sentence of a command and of those below it that its help shows, as it was written."""
    for part in _parts(command):
        yield from _written(part).values()


def localised(command: click.Command) -> click.Command:
    """The same command, whose help is in the language in use."""
    for part in _parts(command):
        for name, text in _written(part).items():
            setattr(part, name, _(text))
    return command


def _parts(command: click.Command) -> Iterator[click.Command | click.Parameter]:
    yield command
    yield from command.params
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from _parts(below)


def _written(part: click.Command | click.Parameter) -> _Texts:
    if part not in _WRITTEN:
        said = {name: getattr(part, name, None) for name in ("help", "short_help", "epilog")}
        _WRITTEN[part] = {name: cleandoc(text) for name, text in said.items() if text}
    return _WRITTEN[part]
