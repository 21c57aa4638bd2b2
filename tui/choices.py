"""Theme and language, chosen while the app runs: what is on the screen follows at once, and the next start begins with it.

Widgets whose words are written once rather than with every frame have a method `say_again`, and write them anew in it.
Words that somebody has said already (an answer, a notice, the rows of a finished study) stay in the language they were said in.
"""

from __future__ import annotations

import asyncio
import os
from typing import Protocol, runtime_checkable

from textual.app import App
from textual.widget import Widget

from backend import language
from backend.errors import SightlineError
from backend.language import _
from backend.last_chosen import LastChosen
from backend.preferences import Preferences
from tui import theme
from tui.notices import complain


@runtime_checkable
class Speaks(Protocol):
    """A widget or screen that keeps words of the program's."""

    def say_again(self) -> None:
        """Write them in the language that is spoken now."""


class Choices:
    """What can be chosen, and who remembers it."""

    def __init__(self, app: App[None], said: Preferences, last: LastChosen | None, *, light: bool | None) -> None:
        """`said`: by config.toml; `last`: None where nothing is to be remembered; `light`: whether the terminal's background
        is, where that is known."""
        self._app = app
        self._said = said
        self._last = last
        self._light = light
        self._writing = asyncio.Lock()

    def use_theme(self, wish: str) -> None:
        """One of `backend.preferences.THEMES`; `auto` goes by the terminal."""
        self._app.theme = theme.chosen(wish, light=self._light, environment=os.environ).name
        self._remember("theme", wish)

    def next_theme(self) -> None:
        following = theme.after(self._app.theme)
        self.use_theme(next(wish for wish, one in theme.THEMES.items() if one is following))

    def speak(self, code: str) -> None:
        """One of `backend.language.LANGUAGES`; processes that are started from now on speak it, too."""
        language.speak_everywhere(code)
        for screen in self._app.screen_stack:
            for one in (screen, *screen.walk_children(Widget)):
                if isinstance(one, Speaks):
                    one.say_again()
            screen.refresh_bindings()  # the footer is made anew
        self._remember("language", code)

    def next_language(self) -> None:
        codes = list(language.LANGUAGES)
        self.speak(codes[(codes.index(language.spoken()) + 1) % len(codes)])
        self._app.notify(_("The language is {name}.").format(name=language.LANGUAGES[language.spoken()]), markup=False)

    def _remember(self, name: str, value: str) -> None:
        if self._last is not None:
            self._app.run_worker(self._write(self._last, name, value), group="choices", description="choices")

    async def _write(self, last: LastChosen, name: str, value: str) -> None:
        """In the order in which they were made."""
        async with self._writing:
            try:
                await asyncio.to_thread(last.remember, name, value, self._said)
            except SightlineError as error:
                complain(self._app, error)
