"""What the app does with sessions: it opens one, goes from one to another, and keeps the last state of each when it is left."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from textual.driver import Driver

from backend.errors import SightlineError
from backend.language import _
from backend.memory.journal import Journal
from backend.memory.session_values import SessionHead
from backend.memory.sessions import OpenSession, Sessions
from tui.abstract import Abstract
from tui.glyphs import Glyphs
from tui.notices import complain
from tui.opening import Opening
from tui.screens.kept import KeptScreen
from tui.session_keeping import SessionKeeping
from tui.type_ahead import TypeAhead

if TYPE_CHECKING:
    from tui.screens.sessions import Chosen


class SessionApp(TypeAhead, metaclass=Abstract):
    """An app with one session open, or none where nothing is to be kept."""

    def __init__(
        self,
        journal: Journal | None = None,
        session: OpenSession | None = None,
        trouble: SightlineError | None = None,
        *,
        driver_class: type[Driver] | None = None,
    ) -> None:
        """`trouble`: why the session that was left here could not be opened."""
        super().__init__(driver_class=driver_class)
        self._sessions = None if journal is None or session is None else Sessions(journal.path)
        self._session = session
        self._session_keeping: SessionKeeping | None = None
        self._session_trouble = trouble

    @property
    @abstractmethod
    def signs(self) -> Glyphs:
        """What the interface is drawn with."""

    @abstractmethod
    def session_screen(self, opening: Opening | None, keeping: SessionKeeping | None) -> KeptScreen:
        """The screen that shows a session, where it was left (`opening`; None: where the app was opened)."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The list of sessions does not open over a dialog: another session would take the dialog's place."""
        if action == "sessions" and self.screen.is_modal:
            return False
        return super().check_action(action, parameters)

    def open_session(self, model: str, opening: Opening | None = None) -> None:
        """Show the session that is to be kept from now on, in place of the one before. `model`: what answers in it."""
        before = self._kept_screen
        if self._sessions is not None and self._session is not None:
            self._session = replace(self._session, head=replace(self._session.head, model=model))
            self._session_keeping = SessionKeeping(self._sessions, self._session)
        screen = self.session_screen(opening, self._session_keeping)
        if before is None:
            self.push_screen(screen)
        else:
            self.switch_screen(screen)
        if self._session_trouble is not None:
            complain(screen, self._session_trouble)
            self._session_trouble = None

    def exit(self, result: None = None, return_code: int = 0, message: object = None) -> None:
        """Leave; where the user is at last is looked at while there still is a screen."""
        self._look_last()
        super().exit(result, return_code, message)  # type: ignore[arg-type]

    async def keep_session(self) -> None:
        """Write what is left of the session, and give it up."""
        keeping, self._session_keeping = self._session_keeping, None
        session, self._session = self._session, None
        if keeping is not None:
            await asyncio.to_thread(keeping.close)
        elif session is not None and session.lock is not None:
            session.lock.release()

    def action_sessions(self) -> None:
        """List the sessions; Enter goes to one of them."""
        if self._sessions is None or self._session is None:
            self.notify(_("No sessions are kept: the memory is off, or its file cannot be used."), markup=False)
            return
        from tui.screens.sessions import SessionsScreen

        if not isinstance(self.screen, SessionsScreen) and self._kept_screen is not None:
            self.push_screen(SessionsScreen(self._sessions, self._session.head.key, self.signs), self._go_to)

    async def _go_to(self, chosen: Chosen | None) -> None:
        """To another session, or to a new one in the same place."""
        screen = self._kept_screen
        if chosen is None or self._sessions is None or self._session is None or screen is None:
            return
        here, model = self._session.head, self._session.head.model
        try:
            if chosen.key is None:
                session = await asyncio.to_thread(self._sessions.begin, here.opened, model)
                view = screen.standpoint()
                session = replace(session, head=replace(session.head, view={key: view[key] for key in ("folder", "picture")}))
            else:
                session = await asyncio.to_thread(self._sessions.resume, chosen.key)
        except SightlineError as error:
            complain(screen, error)
            return
        screen.leave()
        self._look_last()
        await self.keep_session()
        self._session = session
        if chosen.key is not None and session.head.model not in ("", model):
            said = _("That session was with {old}; {new} answers now.").format(old=session.head.model, new=model)
            self.notify(said, markup=False)
        self.open_session(model, opening_in(session.head))

    @property
    def _kept_screen(self) -> KeptScreen | None:
        return next((screen for screen in self.screen_stack if isinstance(screen, KeptScreen)), None)

    def _look_last(self) -> None:
        screen = self._kept_screen
        if self._session_keeping is not None and screen is not None and screen.is_running:
            screen.look_last()


def opening_in(head: SessionHead) -> Opening:
    """Where a session was left; else what it was opened on."""
    folder, picture = head.view.get("folder"), head.view.get("picture")
    if isinstance(folder, str):
        return Opening(Path(folder), Path(picture) if isinstance(picture, str) else None)
    first = head.opened[0] if head.opened else Path.cwd()
    return Opening(first) if first.is_dir() else Opening(first.parent, first)
