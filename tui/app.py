"""The app: wires the theme, the screens and the asker together; nothing else."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import App
from textual.binding import Binding
from textual.command import CommandPalette
from textual.driver import Driver
from textual.theme import Theme

from backend.ask import Asker
from backend.catalog.card import InstalledModel
from backend.errors import SightlineError
from backend.language import _
from backend.last_chosen import LastChosen
from backend.memory.journal import Journal
from backend.memory.sessions import OpenSession
from backend.preferences import Preferences
from backend.spatial.known_camera import GivenCamera
from tui import theme
from tui.actions import Where, bindings, spelled
from tui.actions.keys import keymap
from tui.choices import Choices
from tui.driver import SightlineDriver
from tui.freed_memory import give_back_large_blocks
from tui.garbage import Garbage
from tui.giving_way import GivingWay
from tui.glyphs import Glyphs, glyphs
from tui.notices import complain
from tui.opening import Opening
from tui.pace import Pace
from tui.palette import Commands
from tui.preset_keys import bind_own
from tui.preview.capabilities import Capabilities
from tui.preview.pixels import Ledger
from tui.screens.help import HelpScreen, parts_of
from tui.screens.main import MainScreen
from tui.session_app import SessionApp
from tui.session_keeping import SessionKeeping


class SightlineApp(SessionApp):
    """Opens on the main screen where a model is given, else on the first screen, which finds one."""

    TITLE = "sightline"
    CSS_PATH: ClassVar = [
        "app.tcss",
        "screens/main.tcss",
        "screens/add_files.tcss",
        "screens/first.tcss",
        "screens/help.tcss",
        "screens/jump.tcss",
        "screens/search.tcss",
        "screens/sessions.tcss",
        "screens/one_line.tcss",
        "screens/export.tcss",
        "widgets/conversation_pane.tcss",
        "widgets/file_list.tcss",
        "widgets/files_pane.tcss",
        "widgets/findings_table.tcss",
        "widgets/model_offers.tcss",
        "widgets/picture_pane.tcss",
        "widgets/pull_progress.tcss",
        "widgets/question_line.tcss",
        "widgets/status_line.tcss",
        "widgets/tab_strip.tcss",
        "widgets/timeline.tcss",
    ]
    COMMANDS: ClassVar = {Commands}
    BINDINGS = bindings(Where.ANYWHERE)

    def __init__(
        self,
        opening: Opening,
        model: InstalledModel | None,
        capabilities: Capabilities,
        journal: Journal | None = None,
        *,
        samples: Path | None = None,
        passed_over: tuple[str, ...] = (),
        camera: GivenCamera | None = None,
        open_asker: Callable[[InstalledModel], Asker] = Asker,
        driver_class: type[Driver] | None = None,
        look: Theme = theme.DARK,
        session: OpenSession | None = None,
        trouble: SightlineError | None = None,
        preferences: Preferences | None = None,
        last_chosen: LastChosen | None = None,
        not_remembered: SightlineError | None = None,
    ) -> None:
        """`last_chosen`: where theme and language are kept for the next start; `not_remembered`: why they could not be read."""
        super().__init__(journal, session, trouble, driver_class=driver_class)
        self.preferences = preferences or Preferences()
        """What the user's config.toml says."""
        self._keymap = keymap(self.preferences.keys)
        self.ledger = Ledger()
        """What the terminal was sent of pictures."""
        self._opening = opening
        self._model = model
        self._capabilities = capabilities
        self._journal = journal
        self._samples = samples
        self._passed_over = passed_over
        self._camera = camera
        self._open_asker = open_asker
        self._asker: Asker | None = None
        self._choices = Choices(self, self.preferences, last_chosen, light=capabilities.light)
        self._not_remembered = not_remembered
        self.pace = Pace()
        """How often what grows by itself is drawn."""
        self._giving_way = GivingWay()
        self._garbage = Garbage(self)
        for one in theme.THEMES.values():
            self.register_theme(one)
        self.set_reactive(App.theme, look.name)  # without its watcher: nothing is there yet to be styled anew
        self.stylesheet.set_variables(self.get_css_variables())

    def on_mount(self) -> None:
        self.call_after_refresh(self._started)
        try:
            bind_own(self)
        except SightlineError as error:  # refused before the start; written since
            self.notify(error.message, severity="error", markup=False)
        if self._not_remembered is not None:
            complain(self, self._not_remembered)
        self.set_class(not self._capabilities.unicode, "-ascii")
        self.set_class(not self._capabilities.colour, "-plain")
        loop = asyncio.get_running_loop()
        for ended_by in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(ended_by, partial(self.exit, return_code=128 + ended_by))
        if self._model is not None:
            self._open_main(self._model)
        else:
            from tui.screens.first import FirstScreen  # brings the hub's client along, which most starts do not need

            self.push_screen(FirstScreen(self.signs, self._passed_over), self._open_main)

    def _started(self) -> None:
        """The first frame is drawn."""
        self._garbage.begin()
        give_back_large_blocks()

    async def on_event(self, event: events.Event) -> None:
        came = isinstance(event, events.InputEvent) and not event.is_forwarded  # from the terminal, not from a widget
        await super().on_event(event)
        if came:
            self.pace.key_came()
            self._giving_way.key_came()
            self._garbage.key_came()

    def post_display_hook(self) -> None:
        self._garbage.drawn()

    def _open_main(self, model: InstalledModel | None) -> None:
        """Go to work with a model; the demo, chosen for want of another, brings its own pictures."""
        if model is None:
            return
        if self._model is None and model.card.bundled and self._samples and not self._opening.asked_for:
            self._opening = Opening(self._samples)
        self._asker = self._giving_way.asker = self._open_asker(model)
        self.open_session(model.card.name)

    @property
    def signs(self) -> Glyphs:
        """What the interface is drawn with."""
        return glyphs(unicode=self._capabilities.unicode)

    def session_screen(self, opening: Opening | None, keeping: SessionKeeping | None) -> MainScreen:
        """The main screen; `opening`: where the session was left."""
        assert self._asker is not None
        return MainScreen(opening or self._opening, self._asker, self._capabilities, self._journal, self._camera, keeping)

    async def on_unmount(self) -> None:
        """What was asked is kept first; then the engine goes: a thread that waits for its next event would hold up the exit."""
        await self.keep_session()
        if self._asker is not None:
            await asyncio.to_thread(self._asker.close)
        self._garbage.end()

    def _end_update(self) -> None:
        """What lies on top of the cells is painted within the same update, so that no blank is seen."""
        if self._driver is not None and (painting := self.ledger.repairs()):
            self._driver.write(painting)
        if isinstance(self._driver, SightlineDriver) and len(self.screen_stack) > 1 and self.focused is not None:
            self._driver.take_up()
        super()._end_update()

    def get_key_display(self, binding: Binding) -> str:
        """Keys in the footer as the help writes them."""
        return binding.key_display or spelled(binding.key)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The palette is drawn with characters that an ASCII terminal lacks; all that is in it has a key of its own."""
        if action == "command_palette" and not self._capabilities.unicode:
            return False
        return super().check_action(action, parameters)

    def action_command_palette(self) -> None:
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder=_("Find a command by its name"), id="--command-palette"))

    def action_help(self) -> None:
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(parts_of(self.screen), self.preferences.keys, unicode=self._capabilities.unicode))

    def action_switch_theme(self) -> None:
        self._choices.next_theme()

    def action_use_theme(self, wish: str) -> None:
        self._choices.use_theme(wish)

    def action_switch_language(self) -> None:
        self._choices.next_language()

    def action_speak(self, code: str) -> None:
        self._choices.speak(code)
