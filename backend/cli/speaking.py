"""In which language a command line is answered: found out before its commands are looked up, as their help is in it too."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import click

from backend.language import LANGUAGES, VARIABLE, known, language_of


class Language(click.Choice[str]):
    """A language of ours, however it is written: `zh`, `zh-CN` and `zh_CN.UTF-8` are one."""

    def __init__(self) -> None:
        super().__init__(tuple(LANGUAGES))

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Its code. Others are refused with those that there are."""
        return super().convert(known(str(value)) or value, param, ctx)


def language_for(command: click.Command, arguments: Sequence[str]) -> str:
    """--language, else SIGHTLINE_LANGUAGE, else what was chosen in the app or config.toml's (the last word), else the locale's.

    A --language that there is not counts for nothing here: click refuses it, in the language that the user has otherwise.
    """
    context = click.Context(command, resilient_parsing=True, **command.context_settings)
    given = command.make_parser(context).parse_args(list(arguments))[0].get("language")
    if isinstance(given, str) and (code := known(given)) is not None:
        return code
    if not os.environ.get(VARIABLE):
        from backend.last_chosen import LastChosen, NotRemembered
        from backend.preferences import PreferencesError, load_preferences

        with suppress(PreferencesError, NotRemembered):  # told by the app and by doctor; other commands need neither file
            if (language := LastChosen().over(load_preferences()).language) != "auto":
                return language
    return language_of(os.environ)
