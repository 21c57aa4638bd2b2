"""Names as arguments: what a shell offers for them when Tab is pressed. Whether there is such a thing is checked in its use."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import click
from click.shell_completion import CompletionItem

from backend.errors import SightlineError


class Name(click.ParamType[str]):
    """One of the names that `known` gives; any other is taken as it is."""

    name = "text"

    def __init__(self, known: Callable[[], Iterable[tuple[str, str]]]) -> None:
        self._known = known
        """Each with a few words about it."""

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        del ctx, param
        try:
            return [CompletionItem(name, help=about) for name, about in self._known() if name.startswith(incomplete)]
        except SightlineError:  # a settings file with a mistake in it, which the command itself will tell of
            return []


def _models() -> Iterable[tuple[str, str]]:
    from backend.catalog import load_catalog

    return [(card.name, card.title) for card in load_catalog().cards]


def _tasks() -> Iterable[tuple[str, str]]:
    from backend.ask.book import book
    from backend.ask.task import AUTO
    from backend.cli.tasks import tongue

    return [(AUTO, ""), *((task.name, task.title[tongue()]) for task in book().tasks)]


MODEL = Name(_models)
TASK = Name(_tasks)
